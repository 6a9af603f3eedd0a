import type { CloudEvidence } from './evidence.ts';

/**
 * The sources are pages of the API reference and the user guide by their names, or answers recorded from the service: in the
 * tests of LocalStack (recorded) and moto (verified), and in acceptance tests of the Terraform provider.
 */
export const awsSecretsManager: CloudEvidence = {
  rules: {
    'secret.name': ['documented', 'CreateSecret; the error of the service, recorded by LocalStack, also allows !'],
    'secret.pausedAs': ['documented', 'DeleteSecret; the API has no status but scheduled for deletion'],
    'secret.deletionDays.least': ['documented', 'DeleteSecret'],
    'secret.deletionDays.usual': ['documented', 'DeleteSecret'],
    'secret.deletionDays.most': ['documented', 'DeleteSecret'],
    'secret.firstVersion': [
      'documented',
      'CreateSecret: the value is optional; PutSecretValue: the first version is current (one test of the Terraform provider reads the listed label alone)',
    ],
    'stages.name': ['documented', 'UpdateSecretVersionStage: 1 to 256 characters, no pattern'],
    'stages.limit': ['documented', 'quotas: labels attached across all versions of a secret'],
    'stages.limitCounts': ['assumed', 'quotas: no label is excluded'],
    'stages.move': ['documented', 'UpdateSecretVersionStage; moto has verified the refusal'],
    'stages.current': ['documented', 'PutSecretValue'],
    'stages.previous': ['documented', 'PutSecretValue'],
    'stages.pending': ['documented', 'user guide, secret versions'],
    'stages.pending: can be removed': ['documented', 'CancelRotateSecret; recorded by LocalStack'],
    'stages.pending: cleared by a plain version': [
      'observed',
      'recorded by LocalStack; a rotation test of the Terraform provider relies on it; no page says so',
    ],
    'stages.previousIsRemovable': ['observed', 'acceptance test of the Terraform provider'],
    'stages.previousFollows: plain-version': ['documented', 'PutSecretValue'],
    'stages.previousFollows: any-version': [
      'documented',
      'PutSecretValue, parameter VersionStages; recorded by LocalStack',
    ],
    'stages.previousFollows: any-move': ['documented', 'UpdateSecretVersionStage; recorded by LocalStack'],
    'versions.id': ['documented', 'PutSecretValue: 32 to 64 characters, no pattern'],
    'versions.idPrefix': ['assumed', 'the service generates a UUID; this series is ours'],
    'versions.lists.least': ['documented', 'PutSecretValue: at least one'],
    'versions.lists.most': ['documented', 'PutSecretValue'],
    'versions.repeatedId': ['documented', 'PutSecretValue; moto has verified it'],
    'versions.limit.most': ['documented', 'quotas: about 100'],
    'versions.limit.whenFull': ['documented', 'quotas: deprecated versions are removed'],
    'versions.limit.sparedHours': ['documented', 'quotas: versions created less than 24 hours ago are not removed'],
    'versions.limit.isRough': ['documented', 'quotas: about 100'],
    'versions.prune': ['documented', 'quotas: they are removed when there are more than 100 versions'],
    'versions.latest': ['observed', 'recorded by LocalStack: GetSecretValue finds nothing without AWSCURRENT'],
  },
  model: [
    ['a stage marks one version; put on another, it moves', 'documented', 'UpdateSecretVersionStage'],
    ['a version without a stage is deprecated', 'documented', 'user guide, secret versions'],
    ['putting a new stage on a version creates it', 'documented', 'UpdateSecretVersionStage'],
    ['built-in stages can be moved', 'documented', 'UpdateSecretVersionStage'],
    ['putting a stage where it is renews its time', 'assumed', 'no answer shows when a label was put'],
    ['a deprecated version can be staged again', 'assumed', 'no page forbids it while the version exists'],
    [
      'every other stage stays when the current one leaves its version',
      'observed',
      'recorded by LocalStack, as UpdateSecretVersionStage has it; in conflict with the user guide, "Update the value for a secret": a custom label comes along',
    ],
    ['versions are created on an ENABLED secret', 'documented', 'PutSecretValue'],
    [
      'stages change on an ENABLED secret',
      'documented',
      'UpdateSecretVersionStage: InvalidRequestException while a deletion is scheduled',
    ],
    [
      'a deletion can be scheduled in every other status',
      'documented',
      'DeleteSecret; there is no status but scheduled for deletion',
    ],
    ['deprecated versions make room oldest first', 'assumed', 'PutSecretValue: the most recent ones are kept'],
    [
      'a numbered version id is issued once',
      'assumed',
      'the series is ours; no page says whether the token of a deleted version is free again',
    ],
    ['a repeated id changes no stage', 'documented', 'PutSecretValue: the request is ignored'],
    [
      'a new value without labels follows the same rules',
      'observed',
      'moto has verified it; the page of UpdateSecret refuses any known token',
    ],
    [
      'a repeated id does not revive a version',
      'assumed',
      'PutSecretValue ignores the request; no page mentions deprecated versions',
    ],
    [
      'without a fingerprint no call is a repetition',
      'assumed',
      'the service knows the content; the model only its fingerprint',
    ],
    [
      'a version has a value from its creation',
      'assumed',
      'in conflict with RotateSecret (documented): a rotation creates a version and gives it a value later; the model has no values yet',
    ],
    ['a list clears nothing', 'assumed', 'no recording has a list and a pending label'],
    [
      'a version that lists the previous stage has it',
      'assumed',
      'PutSecretValue moves each of the two elsewhere; a report to the Terraform provider shows it',
    ],
    ['a move to where a stage is moves nothing else', 'assumed', 'no page says'],
    [
      'a new label is on no version before',
      'assumed',
      'UpdateSecretVersionStage describes labels that are on a version',
    ],
    ['if no version was current, the previous stage stays', 'assumed', 'no page says'],
    ['every label can move', 'assumed', 'UpdateSecretVersionStage excludes none'],
    ['a label needs a version that exists', 'assumed', 'UpdateSecretVersionStage declares ResourceNotFoundException'],
    [
      'a version without room is refused',
      'assumed',
      'PutSecretValue declares LimitExceededException; no page says when',
    ],
    ['a secret never grows further past a rough limit', 'assumed', 'quotas: about 100; no page says by how many'],
    [
      'only a scheduled deletion is cancelled, and none is scheduled twice',
      'assumed',
      'DeleteSecret and RestoreSecret declare InvalidRequestException; no page says when',
    ],
    ['a restored secret is ENABLED', 'documented', 'RestoreSecret'],
    ['times are in milliseconds', 'observed', 'every example has seconds with three decimals'],
    [
      'a caller may remove a stage without its version',
      'assumed',
      'the call names the version; the model does not require it',
    ],
  ],
};
