import { type Dialect, defineDialect, type SourcedDialect, type StageRules } from '../dialect.ts';

/** The rules about stages, apart from the others so that a bundle of the operations on stages carries no more. */
export const csmsStages: StageRules = {
  builtInStages: ['SYSCURRENT', 'SYSPREVIOUS'],
  currentStage: 'SYSCURRENT',
  previousStage: 'SYSPREVIOUS',
  stageLimit: 12,
  stageName: /^[\w-]{1,64}$/,
};

/** All rules: what every other operation reads unless told otherwise. */
export const csms: Dialect = /* @__PURE__ */ Object.assign(
  {
    name: 'Huawei Cloud CSMS',
    secretName: /^[\w.-]{1,64}$/,
    versionId: /^.{1,64}$/s,
    versionIdPrefix: 'v',
    stageListLimit: 12,
    versionLimit: 20,
    recoveryWindowInDays: { least: 7, most: 30, usual: 30 },
  },
  csmsStages,
);

/**
 * Huawei Cloud CSMS: the default dialect, with the source and the grade of each rule for `rules`. The sources are pages of
 * the CSMS API reference by their names there; where a rule is assumed, they say what it rests on.
 */
export const huaweiCsms: SourcedDialect = /* @__PURE__ */ defineDialect(csms, [
  ['builtInStages', 'documented', 'DeleteSecretStage'],
  ['currentStage', 'documented', 'CreateSecret, CreateSecretVersion'],
  ['previousStage', 'documented', 'CreateSecretVersion'],
  ['stageLimit', 'documented', 'UpdateSecretStage'],
  ['stageListLimit', 'documented', 'CreateSecretVersion'],
  ['versionLimit', 'documented', 'CreateSecretVersion'],
  ['recoveryWindowInDays', 'documented', 'DeleteSecretForSchedule'],
  ['secretName', 'documented', 'CreateSecret; since 2026 without the dot'],
  ['stageName', 'documented', 'UpdateSecretStage: 1 to 64; CreateSecretStage: the characters'],
  ['versionId', 'assumed', 'UpdateSecretStage shows a UUID, CreateSecretVersion v1: so any'],
  ['versionIdPrefix', 'documented', 'CreateSecretVersion'],
  ['builtInStagesAreFree', 'assumed', 'no page excludes them from the limit'],
  ['previousFollowsMove', 'assumed', 'UpdateSecretStage moves the named stage'],
  ['previousFollowsListedCurrent', 'assumed', 'CreateSecretVersion: the list overrides the default'],
  ['deprecatedIsFinal', 'assumed', 'no page forbids it while the version exists'],
  ['repeatedAssignKeepsTime', 'assumed', 'no page excepts it from update_time'],
  ['stagesMoveInAnyStatus', 'assumed', 'ShowSecretVersion needs ENABLED, so for stages too'],
  ['versionLimitIsHard', 'assumed', 'UpdateSecretStage: deprecated ones may go at any time'],
  ['pruningNeedsEnabled', 'assumed', 'UpdateSecretStage: at any time'],
  ['deletionNeedsEnabled', 'assumed', 'DeleteSecretForSchedule names no status'],
]);
