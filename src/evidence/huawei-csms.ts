import type { CloudEvidence } from './evidence.ts';

/** The sources are the names of pages of the CSMS API reference. */
export const huaweiCsms: CloudEvidence = {
  rules: {
    documented: {
      'secret.name': 'CreateSecret of older pages; in conflict with those since 2026, which exclude the dot',
      'secret.pausedAs': 'DeleteSecretForSchedule',
      'secret.deletionDays.least': 'DeleteSecretForSchedule',
      'secret.deletionDays.usual': 'DeleteSecretForSchedule',
      'secret.deletionDays.most': 'DeleteSecretForSchedule',
      'secret.firstVersion': 'CreateSecret stores a first version, and no other call does',
      'stages.name': 'UpdateSecretStage: 1 to 64 characters; CreateSecretStage: which; one mirror also allows a dot',
      'stages.limit': 'UpdateSecretStage',
      'stages.move': 'UpdateSecretStage names the new version alone',
      'stages.current': 'CreateSecret, CreateSecretVersion',
      'stages.previous': 'CreateSecretVersion',
      'stages.pending': 'DeleteSecretStage: two stages are built in',
      'stages.previousIsRemovable': 'DeleteSecretStage',
      'stages.previousFollows: plain-version': 'CreateSecretVersion',
      'versions.idPrefix': 'CreateSecretVersion',
      'versions.lists.most': 'CreateSecretVersion',
      'versions.limit.most': 'CreateSecretVersion',
      'versions.prune': 'UpdateSecretStage: deprecated versions may be deleted at any time',
      'versions.latest': 'BatchShowSecretVersion: SYSCURRENT; in conflict with ShowSecretVersion: the newest',
    },
    observed: {},
    assumed: {
      'stages.limitCounts': 'no page excludes the built-in stages from the limit',
      'stages.previousFollows: any-version': 'CreateSecretVersion: the list overrides the default',
      'stages.previousFollows: any-move': 'UpdateSecretStage moves the named stage',
      'versions.id': 'UpdateSecretStage shows a UUID, CreateSecretVersion v1: so any id of 1 to 64 characters',
      'versions.lists.least': 'no page gives the list a minimum length',
      'versions.repeatedId': 'CreateSecretVersion takes no id',
      'versions.limit.whenFull': 'UpdateSecretStage: deprecated versions may be deleted at any time',
    },
  },
  model: {
    documented: {
      'a stage marks one version; put on another, it moves': 'UpdateSecretStage',
      'a version without a stage is deprecated': 'UpdateSecretStage',
      'putting a new stage on a version creates it':
        'CreateSecretStage; for UpdateSecretStage observed in the Terraform provider',
      'the current stage cannot be removed': 'DeleteSecretStage',
      'a custom stage can be removed': 'DeleteSecretStage',
      'the first version takes the current stage': 'CreateSecret',
      'versions are created on an ENABLED secret': 'ShowSecretVersion',
      'a deletion is scheduled once': 'Error Codes',
      'only a scheduled deletion is cancelled': 'RestoreSecret',
      'a restored secret is ENABLED': 'RestoreSecret',
      'a refusal has an error code': 'Error Codes',
    },
    observed: {
      'built-in stages can be moved': 'agencies for rotation may update stages',
      'times are in milliseconds': 'every example; in conflict with the text, which says seconds',
    },
    assumed: {
      'a new version takes exactly the stages that it lists': 'CreateSecretVersion: the list overrides the default',
      'putting a stage where it is renews its time': 'no page excepts it from update_time',
      'a deprecated version can be staged again': 'no page forbids it while the version exists',
      'stages change on an ENABLED secret': 'ShowSecretVersion requires ENABLED for versions',
      'a deletion can be scheduled in every other status': 'DeleteSecretForSchedule names no status',
      'deprecated versions are pruned in any status': 'UpdateSecretStage: at any time',
      'a new version is refused if no version makes room': 'no page says what happens to the 21st version',
      'deprecated versions go oldest first, when asked': 'no page says when, or which',
      'a numbered version id is issued once': 'CreateSecretVersion counts up',
      'any status but PENDING_DELETE can be set': 'no page says how',
      'a missing version or stage, the version limit and a taken name have an error code':
        'Error Codes name none for them',
    },
  },
};
