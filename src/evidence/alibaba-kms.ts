import type { CloudEvidence } from './evidence.ts';

/** The sources are the names of pages of the API reference and the guides. */
export const alibabaKms: CloudEvidence = {
  rules: {
    documented: {
      'secret.name': 'CreateSecret',
      'secret.pausedAs': 'DescribeSecret: a planned time of deletion, and no status',
      'secret.deletionDays.least': 'DeleteSecret',
      'secret.deletionDays.usual': 'DeleteSecret',
      'secret.deletionDays.most': 'DeleteSecret',
      'secret.firstVersion': 'CreateSecret stores the first version, and no other call does',
      'stages.limit': 'UpdateSecretVersionStage',
      'stages.move':
        'UpdateSecretVersionStage, scenario 1: ACSCurrent moves without naming its old version; assumed for other stages',
      'stages.current': 'CreateSecret, PutSecretValue',
      'stages.previous': 'PutSecretValue',
      'stages.pending': 'UpdateSecretVersionStage: two stages are built in',
      'stages.previousIsRemovable': 'UpdateSecretVersionStage: both built-in stages can only move',
      'stages.previousFollows: plain-version': 'PutSecretValue',
      'versions.id': 'CreateSecret: at most 64 characters; that any 1 to 64 characters are allowed is assumed',
      'versions.lists.most': 'ROS resource type ALIYUN::KMS::Secret',
      'versions.repeatedId': 'PutSecretValue: the request is ignored',
      'versions.mayAwaitValue': 'PutSecretValue: SecretData is required',
      'versions.limit.most': 'PutSecretValue',
      'versions.limit.whenFull': 'overview of generic secrets: the earliest without a stage is deleted',
      'versions.latest': 'GetSecretValue: ACSCurrent by default',
    },
    observed: {},
    assumed: {
      'stages.name': 'no page gives a rule, so any name that is not empty',
      'stages.limitCounts': 'UpdateSecretVersionStage: the stages of the secret in total',
      'stages.previousFollows: any-version': 'PutSecretValue: the version that was current is marked previous',
      'stages.previousFollows: any-move':
        'no page says whether it follows; those that mention it describe PutSecretValue',
      'versions.idPrefix': 'CreateSecret: the caller chooses each id; the model adds this series',
      'versions.lists.least': 'no page gives the list a minimum length',
      'versions.prune': 'ListSecretVersionIds can list them; no page says that they are deleted at other times',
    },
  },
  model: {
    documented: {
      'a stage is on at most one version; assigning it to another moves it': 'overview of generic secrets',
      'a version without a stage is deprecated': 'overview of generic secrets',
      'assigning a new stage creates it': 'UpdateSecretVersionStage',
      'built-in stages can be moved': 'UpdateSecretVersionStage',
      'the current stage cannot be removed': 'UpdateSecretVersionStage: both built-in stages can only move',
      'a custom stage can be removed': 'UpdateSecretVersionStage',
      'a new version takes exactly the stages that it lists': 'PutSecretValue',
      'a deletion can be scheduled in every status except PENDING_DELETE':
        'DeleteSecret; the only other status is waiting for deletion',
      'the oldest deprecated version is deleted first to make room':
        'overview of generic secrets; PutSecretValue: the earliest',
      'a repeated id changes no stage': 'PutSecretValue: the request is ignored',
      'a restored secret is ENABLED': 'RestoreSecret',
    },
    observed: {},
    assumed: {
      'assigning a stage to its own version updates its time': 'no response shows when a stage was put',
      'a deprecated version can get a stage again': 'no page forbids it while the version exists',
      'versions are created on an ENABLED secret': 'no page says what a scheduled deletion forbids',
      'stages change on an ENABLED secret': 'no page says what a scheduled deletion forbids',
      'a numbered version id is issued once':
        'the model adds the series; CreateSecret: ids are unique; no page mentions deleted versions',
      'a listed stage moves': 'the overview: a stage marks one version; no page mentions lists',
      'a custom stage moves without naming the version that it is on':
        'UpdateSecretVersionStage, scenario 1, moves ACSCurrent; no page mentions others',
      'a version named as the holder must have the stage': 'no page says',
    },
  },
};
