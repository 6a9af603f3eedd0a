import { type Dialect, type StageRules, stagesLeft } from './dialect.ts';
import { csms, csmsStages } from './dialects/huawei-csms.ts';
import { has, type Issued, type SecretState, type SecretVersion, type Stage } from './state.ts';

/** The stage of that name with its version and time, or undefined if it is on no version; null is the name of none. */
export const stageOf = (state: SecretState, stage: string | null): Stage | undefined =>
  state.stages.find((held) => held.name === stage);

/** The id of the version that a stage marks, or undefined if it is on none; null is the name of no stage. */
export const versionOf = (state: SecretState, stage: string | null): string | undefined =>
  stageOf(state, stage)?.versionId;

/** The names of the stages on a version, sorted; none if the version is deprecated or does not exist. */
export const stagesOf = (state: SecretState, versionId: string): readonly string[] =>
  state.stages.filter((stage) => stage.versionId === versionId).map((stage) => stage.name);

/** Whether the version exists. */
export const hasVersion = ({ versions }: SecretState, versionId: string): boolean => has(versions, versionId);

/** All versions, oldest first. */
export const versionsByAge = (state: SecretState): readonly SecretVersion[] =>
  Object.values(state.versions).sort((a, b) => a.createTime - b.createTime || a.ordinal - b.ordinal);

/** Whether the version exists and no stage marks it: what becomes of such versions, and when, the dialect says. */
export const isDeprecated = (state: SecretState, versionId: string): boolean =>
  hasVersion(state, versionId) && state.stages.every((stage) => stage.versionId !== versionId);

/** The ids of the deprecated versions, oldest first. */
export const deprecatedVersions = (state: SecretState): readonly string[] =>
  deprecatedByAge(state).map((version) => version.id);

/** The deprecated versions themselves, oldest first. */
export const deprecatedByAge = (state: SecretState): readonly SecretVersion[] => {
  const marked = new Set(state.stages.map((stage) => stage.versionId));
  return versionsByAge(state).filter((version) => !marked.has(version.id));
};

/** The id of the version that the dialect's current stage marks: SYSCURRENT in CSMS. */
export const currentVersion = (state: SecretState, dialect: StageRules = csmsStages): string | undefined =>
  versionOf(state, dialect.currentStage);

/** The id of the version that the dialect's previous stage marks: SYSPREVIOUS in CSMS. */
export const previousVersion = (state: SecretState, dialect: StageRules = csmsStages): string | undefined =>
  versionOf(state, dialect.previousStage);

/**
 * The id of the version that `latest` means to a reader: the current one, else the newest; or none, if the dialect gives a
 * reader the current one alone (`latestIsCurrent`).
 *
 * Of CSMS, ShowSecretVersion says the newest and BatchShowSecretVersion the one marked SYSCURRENT: the documentation
 * disagrees with itself, and this follows the second.
 */
export const latestVersion = (state: SecretState, dialect: StageRules = csmsStages): string | undefined =>
  latestOf(state, dialect);

export const latestOf = (state: SecretState, { currentStage, latestIsCurrent }: StageRules): string | undefined =>
  versionOf(state, currentStage) ?? (latestIsCurrent ? undefined : versionsByAge(state).at(-1)?.id);

/** How many more stages the secret may have; moving one that it has takes no room. */
export const remainingStages = (state: SecretState, dialect: StageRules = csmsStages): number =>
  Math.max(0, stagesLeft(state.stages, dialect));

/** The id that `createVersion` issues if it is not given one. */
export const nextVersionId = (state: SecretState, dialect: Dialect = csms): string => nextIdOf(state, dialect);

// What stands beside a function of the same job is for `bind`: who names a dialect carries no other.
export const nextIdOf = ({ issued }: SecretState, { versionIdPrefix }: Dialect): string =>
  versionIdPrefix + (issued.lastNumber + 1);

/** Whether a version of this secret ever had the id, so that no other may. */
export const isIssued = (state: SecretState, versionId: string, dialect: Dialect = csms): boolean =>
  wasIssued(state, versionId, dialect);

export const wasIssued = ({ issued }: SecretState, versionId: string, dialect: Dialect): boolean =>
  isOfSeries(issued, versionId, dialect) || issued.chosenIds.includes(versionId);

/** Whether the id is one that the series has issued, from the first to `lastNumber`. */
export const isOfSeries = ({ lastNumber }: Issued, versionId: string, { versionIdPrefix }: Dialect): boolean => {
  const number = Number(versionId.slice(versionIdPrefix.length));
  return Number.isInteger(number) && number > 0 && number <= lastNumber && versionId === versionIdPrefix + number;
};
