import type { CloudEvidence } from './evidence.ts';

/** The sources are the names of pages of the CSMS API reference. */
export const huaweiCsms: CloudEvidence = {
  rules: {
    documented: {
      'secret.name': 'CreateSecret in older pages; in conflict with pages since 2026, which exclude the dot',
      'secret.pausedAs': 'DeleteSecretForSchedule',
      'secret.deletionDays.least': 'DeleteSecretForSchedule',
      'secret.deletionDays.usual': 'DeleteSecretForSchedule',
      'secret.deletionDays.most': 'DeleteSecretForSchedule',
      'secret.firstVersion': 'CreateSecret stores a first version, and no other call does',
      'stages.name':
        'UpdateSecretStage: 1 to 64 characters; CreateSecretStage: which characters; one mirror also allows a dot',
      'stages.limit': 'UpdateSecretStage',
      'stages.move': 'UpdateSecretStage names only the new version',
      'stages.current': 'CreateSecret, CreateSecretVersion',
      'stages.previous': 'CreateSecretVersion',
      'stages.pending': 'DeleteSecretStage: two stages are built in',
      'stages.previousIsRemovable': 'DeleteSecretStage',
      'stages.previousFollows: plain-version': 'CreateSecretVersion',
      'versions.idPrefix': 'CreateSecretVersion',
      'versions.lists.most': 'CreateSecretVersion',
      'versions.mayAwaitValue': 'CreateSecretVersion: one of secret_string and secret_binary is required',
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
      'a stage is on at most one version; assigning it to another moves it': 'UpdateSecretStage',
      'a version without a stage is deprecated': 'UpdateSecretStage',
      'assigning a new stage creates it': 'CreateSecretStage; for UpdateSecretStage observed in the Terraform provider',
      'the current stage cannot be removed': 'DeleteSecretStage',
      'a custom stage can be removed': 'DeleteSecretStage',
      'the first version takes the current stage': 'CreateSecret',
      'versions are created on an ENABLED secret': 'ShowSecretVersion',
      'a deletion cannot be scheduled twice': 'Error Codes',
      'only a scheduled deletion can be cancelled': 'RestoreSecret',
      'a restored secret is ENABLED': 'RestoreSecret',
      'a refusal has an error code': 'Error Codes',
    },
    observed: {
      'built-in stages can be moved': 'agencies for rotation may update stages',
      'times are in milliseconds': 'every example; in conflict with the text, which says seconds',
    },
    assumed: {
      'a new version takes exactly the stages that it lists': 'CreateSecretVersion: the list overrides the default',
      'assigning a stage to its own version updates its time': 'no page says that update_time stays',
      'a deprecated version can get a stage again': 'no page forbids it while the version exists',
      'stages change on an ENABLED secret': 'ShowSecretVersion requires ENABLED for versions',
      'a deletion can be scheduled in every status except PENDING_DELETE': 'DeleteSecretForSchedule names no status',
      'deprecated versions are pruned in any status': 'UpdateSecretStage: at any time',
      'a new version is refused if no version can be deleted': 'no page says what happens to the 21st version',
      'pruning deletes the oldest deprecated versions first': 'no page says when, or which',
      'a numbered version id is issued once': 'CreateSecretVersion counts up',
      'any status but PENDING_DELETE can be set': 'no page says how',
      'a missing version or stage, the version limit and a taken name have an error code':
        'Error Codes name none for them',
    },
  },
};
