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
        'UpdateSecretVersionStage, scenario 1: ACSCurrent moves by its new version alone; assumed of other stages',
      'stages.current': 'CreateSecret, PutSecretValue',
      'stages.previous': 'PutSecretValue',
      'stages.pending': 'UpdateSecretVersionStage: two stages are built in',
      'stages.previousIsRemovable': 'UpdateSecretVersionStage: both built-in stages can only move',
      'stages.previousFollows: plain-version': 'PutSecretValue',
      'versions.id': 'CreateSecret: at most 64 characters; that one is enough, and that any will do, is assumed',
      'versions.lists.most': 'ROS resource type ALIYUN::KMS::Secret',
      'versions.repeatedId': 'PutSecretValue: the request is ignored',
      'versions.limit.most': 'PutSecretValue',
      'versions.limit.whenFull': 'overview of generic secrets: the earliest without a stage goes',
      'versions.latest': 'GetSecretValue: ACSCurrent by default',
    },
    observed: {},
    assumed: {
      'stages.name': 'no page gives a rule, so any but the empty one',
      'stages.limitCounts': 'UpdateSecretVersionStage: the stages of the secret in total',
      'stages.previousFollows: any-version': 'PutSecretValue: the version that was current is marked previous',
      'stages.previousFollows: any-move':
        'no page says whether it follows; those that mention it describe PutSecretValue',
      'versions.idPrefix': 'CreateSecret: the caller chooses each id; this series is ours',
      'versions.lists.least': 'no page gives the list a minimum length',
      'versions.prune': 'ListSecretVersionIds lists them when asked; no page mentions another end',
    },
  },
  model: {
    documented: {
      'a stage marks one version; put on another, it moves': 'overview of generic secrets',
      'a version without a stage is deprecated': 'overview of generic secrets',
      'putting a new stage on a version creates it': 'UpdateSecretVersionStage',
      'built-in stages can be moved': 'UpdateSecretVersionStage',
      'the current stage cannot be removed': 'UpdateSecretVersionStage: both built-in stages can only move',
      'a custom stage can be removed': 'UpdateSecretVersionStage',
      'a new version takes exactly the stages that it lists': 'PutSecretValue',
      'a deletion can be scheduled in every other status': 'DeleteSecret; there is no status but waiting for deletion',
      'deprecated versions make room oldest first': 'overview of generic secrets; PutSecretValue: the earliest',
      'a repeated id changes no stage': 'PutSecretValue: the request is ignored',
      'a restored secret is ENABLED': 'RestoreSecret',
    },
    observed: {},
    assumed: {
      'putting a stage where it is renews its time': 'no answer shows when a stage was put',
      'a deprecated version can be staged again': 'no page forbids it while the version exists',
      'versions are created on an ENABLED secret': 'no page says what a scheduled deletion forbids',
      'stages change on an ENABLED secret': 'no page says what a scheduled deletion forbids',
      'a numbered version id is issued once':
        'the series is ours; CreateSecret: ids are unique; no page mentions deleted versions',
      'a listed stage moves': 'the overview: a stage marks one version; no page mentions lists',
      'a custom stage moves without its holder':
        'UpdateSecretVersionStage, scenario 1, moves ACSCurrent; no page mentions others',
      'a holder that is named must have the stage': 'no page says',
    },
  },
};
