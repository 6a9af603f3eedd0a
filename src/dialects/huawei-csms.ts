import { type Dialect, type SourcedDialect, type StageRules, withSources } from '../dialect.ts';
import { statuses } from '../state.ts';

/** The rules about stages, apart from the others so that a bundle of `assignStage` carries no more. */
export const csmsStages: StageRules = {
  currentStage: 'SYSCURRENT',
  previousStage: 'SYSPREVIOUS',
  stageLimit: 12,
  stageName: /^[\w-]{1,64}$/,
};

/** All rules: what every other operation reads unless told otherwise. */
export const csms: Dialect = /* @__PURE__ */ Object.assign(
  {
    name: 'Huawei Cloud CSMS',
    builtInStages: ['SYSCURRENT', 'SYSPREVIOUS'],
    secretName: /^[\w.-]{1,64}$/,
    versionId: /^.{1,64}$/s,
    versionIdPrefix: 'v',
    stageListLimit: 12,
    versionLimit: 20,
    statuses,
    recoveryWindowInDays: { least: 7, most: 30, usual: 30 },
  },
  csmsStages,
);

/**
 * Huawei Cloud CSMS: the default dialect, with the source and the grade of each rule for `rules`. The sources are pages of
 * the CSMS API reference by their names there; where a rule is assumed, they say what it rests on.
 */
export const huaweiCsms: SourcedDialect = /* @__PURE__ */ withSources(
  csms,
  [
    ['builtInStages', 'documented', 'DeleteSecretStage'],
    ['currentStage', 'documented', 'CreateSecret, CreateSecretVersion'],
    ['previousStage', 'documented', 'CreateSecretVersion'],
    ['stageLimit', 'documented', 'UpdateSecretStage'],
    ['stageListLimit', 'documented', 'CreateSecretVersion'],
    ['versionLimit', 'documented', 'CreateSecretVersion'],
    ['statuses', 'documented', 'DeleteSecretForSchedule'],
    ['recoveryWindowInDays', 'documented', 'DeleteSecretForSchedule'],
    ['secretName', 'documented', 'CreateSecret; since 2026 without the dot'],
    ['stageName', 'documented', 'UpdateSecretStage: 1 to 64; CreateSecretStage: the characters'],
    ['versionId', 'assumed', 'UpdateSecretStage shows a UUID, CreateSecretVersion v1: so any'],
    ['versionIdPrefix', 'documented', 'CreateSecretVersion'],
    ['freeStages', 'assumed', 'no page excludes the built-in ones from the limit'],
    ['removableStages', 'documented', 'DeleteSecretStage'],
    ['clearedStages', 'assumed', 'CreateSecretVersion tells of the built-in ones alone'],
    ['movesNeedHolder', 'documented', 'UpdateSecretStage names the new version alone'],
    ['previousFollowsMove', 'assumed', 'UpdateSecretStage moves the named stage'],
    ['previousFollowsListedCurrent', 'assumed', 'CreateSecretVersion: the list overrides the default'],
    ['deprecatedIsFinal', 'assumed', 'no page forbids it while the version exists'],
    ['repeatKeepsTime', 'assumed', 'no page excepts it from update_time'],
    ['stagesNeverRest', 'assumed', 'ShowSecretVersion needs ENABLED, so for stages too'],
    ['emptyListIsRefused', 'assumed', 'no page gives the list a least length'],
    ['versionsComeLater', 'documented', 'CreateSecret stores a first version'],
    ['firstVersionIsCurrent', 'documented', 'CreateSecret: and no other call makes a first one'],
    ['repeatedIdChangesNothing', 'assumed', 'CreateSecretVersion takes no id'],
    ['latestIsCurrent', 'documented', 'ShowSecretVersion: the newest'],
    ['versionLimitIsRough', 'documented', 'CreateSecretVersion'],
    ['deprecatedStay', 'documented', 'UpdateSecretStage: they may go at any time'],
    ['deprecatedStayInHours', 'documented', 'UpdateSecretStage: they may go at any time'],
    ['versionLimitIsHard', 'assumed', 'UpdateSecretStage: deprecated ones may go at any time'],
    ['pruningNeedsEnabled', 'assumed', 'UpdateSecretStage: at any time'],
    ['deletionNeedsEnabled', 'assumed', 'DeleteSecretForSchedule names no status'],
  ],
  [
    ['a stage marks one version; put on another, it moves', 'documented', 'UpdateSecretStage'],
    ['a version without a stage is deprecated', 'documented', 'UpdateSecretStage'],
    ['putting a new stage on a version creates it', 'example', 'Terraform provider'],
    ['built-in stages can be moved', 'example', 'agencies for rotation may update stages'],
    ['versions are created on an ENABLED secret', 'documented', 'ShowSecretVersion'],
    ['deprecated versions go oldest first, when asked', 'assumed', 'no page says when or which'],
    ['a version id is issued once', 'assumed', 'CreateSecretVersion counts up'],
    ['any status can be set but PENDING_DELETE', 'assumed', 'no page says how'],
    ['a restored secret is ENABLED', 'documented', 'RestoreSecret'],
    ['times are in milliseconds', 'example', 'every example; the text says seconds'],
    ['a refusal has an error code', 'documented', 'Error Codes'],
    ['latest is current, else newest', 'documented', 'BatchShowSecretVersion; but ShowSecretVersion says newest'],
  ],
);
