import { mustBelong } from './belongs.ts';
import { type Dialect, huaweiCsms, stagesLeft } from './dialects/index.ts';
import { idInSeries } from './series.ts';
import { deprecatedByAge, has, type SecretState, type Stage, versionsByAge } from './state.ts';

export { versionsByAge } from './state.ts';

/**
 * Returns a stage with its version and time. Undefined if it is on no version or the name is null.
 *
 * @example
 * stageOf(createSecret({ name: 'db', at: 0 }), 'SYSCURRENT'); // { name: 'SYSCURRENT', versionId: 'v1', updateTime: 0 }
 */
export function stageOf(state: SecretState, stage: string | null): Stage | undefined {
  return state.stages.find((held) => held.name === stage);
}

/**
 * Returns the id of the version that a stage is on. Undefined if it is on no version or the name is null.
 *
 * @example
 * versionOf(createSecret({ name: 'db', at: 0 }), 'SYSCURRENT'); // 'v1'
 */
export function versionOf(state: SecretState, stage: string | null): string | undefined {
  return stageOf(state, stage)?.versionId;
}

/**
 * Returns the names of the stages on a version, sorted. The list is empty if the version is deprecated or does not
 * exist.
 *
 * @example
 * stagesOf(createSecret({ name: 'db', at: 0 }), 'v1'); // ['SYSCURRENT']
 */
export function stagesOf(state: SecretState, versionId: string): readonly string[] {
  return state.stages.filter((stage) => stage.versionId === versionId).map((stage) => stage.name);
}

/**
 * Returns whether the version exists.
 *
 * @example
 * hasVersion(createSecret({ name: 'db', at: 0 }), 'v2'); // false
 */
export function hasVersion({ versions }: SecretState, versionId: string): boolean {
  return has(versions, versionId);
}

/**
 * Returns whether the version exists and no stage marks it. The dialect determines when deprecated versions are
 * deleted.
 *
 * @example
 * isDeprecated(createSecret({ name: 'db', at: 0 }), 'v1'); // false
 */
export function isDeprecated(state: SecretState, versionId: string): boolean {
  return hasVersion(state, versionId) && state.stages.every((stage) => stage.versionId !== versionId);
}

/**
 * Returns the ids of the deprecated versions, oldest first.
 *
 * @example
 * const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
 * deprecatedVersions(createVersion(two, { at: 2000 })); // ['v1']
 */
export function deprecatedVersions(state: SecretState): readonly string[] {
  return deprecatedByAge(state).map((version) => version.id);
}

/**
 * Returns the id of the version that the dialect's current stage (SYSCURRENT in CSMS) is on.
 *
 * @throws {StageRefusedError} WRONG_DIALECT if the secret belongs to another dialect.
 *
 * @example
 * currentVersion(createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 })); // 'v2'
 */
export function currentVersion(state: SecretState, dialect: Dialect = huaweiCsms): string | undefined {
  mustBelong(state, dialect);
  return versionOf(state, dialect.stages.current);
}

/**
 * Returns the id of the version that the dialect's previous stage (SYSPREVIOUS in CSMS) is on.
 *
 * @throws {StageRefusedError} WRONG_DIALECT if the secret belongs to another dialect.
 *
 * @example
 * previousVersion(createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 })); // 'v1'
 */
export function previousVersion(state: SecretState, dialect: Dialect = huaweiCsms): string | undefined {
  mustBelong(state, dialect);
  return versionOf(state, dialect.stages.previous);
}

/**
 * Returns the id of the version that a reader of `latest` gets. By `versions.latest`, that is the current version, the
 * newest, or the current one with the newest as a fallback.
 *
 * In CSMS, ShowSecretVersion documents the newest and BatchShowSecretVersion the one marked SYSCURRENT. The model
 * follows the second, and returns the newest if no version is current.
 *
 * @throws {StageRefusedError} WRONG_DIALECT if the secret belongs to another dialect.
 *
 * @example
 * latestVersion(createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000, stages: [] })); // 'v1'
 */
export function latestVersion(state: SecretState, dialect: Dialect = huaweiCsms): string | undefined {
  const { latest } = dialect.versions;
  const current = currentVersion(state, dialect);
  if (latest === 'current' || (latest === 'current-or-newest' && current !== undefined)) return current;
  return versionsByAge(state).at(-1)?.id;
}

/**
 * Returns how many more stages the secret can have. Moving a stage that exists does not count.
 *
 * @throws {StageRefusedError} WRONG_DIALECT if the secret belongs to another dialect.
 *
 * @example
 * remainingStages(createSecret({ name: 'db', at: 0 })); // 11
 */
export function remainingStages(state: SecretState, dialect: Dialect = huaweiCsms): number {
  mustBelong(state, dialect);
  return Math.max(0, stagesLeft(state.stages, dialect.stages));
}

/**
 * Returns the id that `createVersion` uses if you omit `versionId`. After 1e15, the end of the series, `createVersion`
 * refuses this id, and you must choose one.
 *
 * @throws {StageRefusedError} WRONG_DIALECT if the secret belongs to another dialect.
 *
 * @example
 * nextVersionId(createSecret({ name: 'db', at: 0 })); // 'v2'
 */
export function nextVersionId(state: SecretState, dialect: Dialect = huaweiCsms): string {
  mustBelong(state, dialect);
  return idInSeries(state.lastNumber + 1, dialect);
}
