import { mustBelong } from './belongs.ts';
import { type Dialect, huaweiCsms, stagesLeft } from './dialects/index.ts';
import { idInSeries } from './series.ts';
import { deprecatedByAge, has, type SecretState, type Stage, versionsByAge } from './state.ts';

export { versionsByAge } from './state.ts';

/** The stage of that name with its version and time, or undefined if it is on no version. Null names no stage. */
export function stageOf(state: SecretState, stage: string | null): Stage | undefined {
  return state.stages.find((held) => held.name === stage);
}

/** The id of the version that a stage marks, or undefined if it is on no version. Null names no stage. */
export function versionOf(state: SecretState, stage: string | null): string | undefined {
  return stageOf(state, stage)?.versionId;
}

/** The names of the stages on a version, sorted; empty if the version is deprecated or does not exist. */
export function stagesOf(state: SecretState, versionId: string): readonly string[] {
  return state.stages.filter((stage) => stage.versionId === versionId).map((stage) => stage.name);
}

/** Whether the version exists. */
export function hasVersion({ versions }: SecretState, versionId: string): boolean {
  return has(versions, versionId);
}

/** Whether the version exists and no stage marks it. When such a version is deleted depends on the dialect. */
export function isDeprecated(state: SecretState, versionId: string): boolean {
  return hasVersion(state, versionId) && state.stages.every((stage) => stage.versionId !== versionId);
}

/** The ids of the deprecated versions, oldest first. */
export function deprecatedVersions(state: SecretState): readonly string[] {
  return deprecatedByAge(state).map((version) => version.id);
}

/**
 * The id of the version that the dialect's current stage marks: SYSCURRENT in CSMS.
 *
 * @throws {StageRefusedError} WRONG_DIALECT if the secret belongs to another dialect.
 */
export function currentVersion(state: SecretState, dialect: Dialect = huaweiCsms): string | undefined {
  mustBelong(state, dialect);
  return versionOf(state, dialect.stages.current);
}

/**
 * The id of the version that the dialect's previous stage marks: SYSPREVIOUS in CSMS.
 *
 * @throws {StageRefusedError} WRONG_DIALECT if the secret belongs to another dialect.
 */
export function previousVersion(state: SecretState, dialect: Dialect = huaweiCsms): string | undefined {
  mustBelong(state, dialect);
  return versionOf(state, dialect.stages.previous);
}

/**
 * The id of the version that a reader of `latest` gets: the current one, the newest one, or the current one if there is one
 * and the newest otherwise (`versions.latest`).
 *
 * In CSMS, ShowSecretVersion documents the newest and BatchShowSecretVersion the one marked SYSCURRENT. The model follows the
 * second, and returns the newest if no version is current.
 *
 * @throws {StageRefusedError} WRONG_DIALECT if the secret belongs to another dialect.
 */
export function latestVersion(state: SecretState, dialect: Dialect = huaweiCsms): string | undefined {
  const { latest } = dialect.versions;
  const current = currentVersion(state, dialect);
  if (latest === 'current' || (latest === 'current-or-newest' && current !== undefined)) return current;
  return versionsByAge(state).at(-1)?.id;
}

/**
 * How many more stages the secret may have. Moving a stage that it has takes no room.
 *
 * @throws {StageRefusedError} WRONG_DIALECT if the secret belongs to another dialect.
 */
export function remainingStages(state: SecretState, dialect: Dialect = huaweiCsms): number {
  mustBelong(state, dialect);
  return Math.max(0, stagesLeft(state.stages, dialect.stages));
}

/**
 * The id that `createVersion` issues if the caller chooses none. Past the end of the series, at 1e15, it refuses this id: choose
 * another.
 *
 * @throws {StageRefusedError} WRONG_DIALECT if the secret belongs to another dialect.
 */
export function nextVersionId(state: SecretState, dialect: Dialect = huaweiCsms): string {
  mustBelong(state, dialect);
  return idInSeries(state.lastNumber + 1, dialect);
}
