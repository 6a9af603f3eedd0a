import type { CloudEvidence } from './evidence.ts';

/**
 * The sources are the names of pages of the API reference and the user guide, or responses recorded from the service:
 * in the tests of LocalStack (recorded) and moto (verified), and in acceptance tests of the Terraform provider.
 */
export const awsSecretsManager: CloudEvidence = {
  rules: {
    documented: {
      'secret.name': 'CreateSecret; that ! is allowed too is observed, in an error recorded by LocalStack',
      'secret.pausedAs': 'DeleteSecret; the API has no status but scheduled for deletion',
      'secret.deletionDays.least': 'DeleteSecret',
      'secret.deletionDays.usual': 'DeleteSecret',
      'secret.deletionDays.most': 'DeleteSecret',
      'secret.firstVersion':
        'CreateSecret: the value is optional; PutSecretValue: the first version is current (one test of the Terraform provider reads the listed label alone)',
      'stages.name': 'UpdateSecretVersionStage: 1 to 256 characters, no pattern',
      'stages.limit': 'quotas: labels attached across all versions of a secret',
      'stages.move': 'UpdateSecretVersionStage; moto has verified the refusal',
      'stages.current': 'PutSecretValue',
      'stages.previous': 'PutSecretValue',
      'stages.pending': 'user guide, secret versions',
      'stages.pending: can be removed': 'CancelRotateSecret; recorded by LocalStack',
      'stages.previousFollows: plain-version': 'PutSecretValue',
      'stages.previousFollows: any-version': 'PutSecretValue, parameter VersionStages; recorded by LocalStack',
      'stages.previousFollows: any-move': 'UpdateSecretVersionStage; recorded by LocalStack',
      'versions.id': 'PutSecretValue: 32 to 64 characters, no pattern',
      'versions.lists.least': 'PutSecretValue: at least one',
      'versions.lists.most': 'PutSecretValue',
      'versions.repeatedId': 'PutSecretValue; moto has verified it',
      'versions.limit.most': 'quotas: about 100',
      'versions.limit.whenFull': 'quotas: deprecated versions are removed',
      'versions.limit.sparedHours': 'quotas: versions created less than 24 hours ago are not removed',
      'versions.limit.isRough': 'quotas: about 100',
      'versions.prune': 'quotas: they are removed when there are more than 100 versions',
    },
    observed: {
      'stages.pending: cleared by a plain version':
        'recorded by LocalStack; a rotation test of the Terraform provider relies on it; no page says so',
      'stages.previousIsRemovable': 'acceptance test of the Terraform provider',
      'versions.latest': 'recorded by LocalStack: GetSecretValue finds nothing without AWSCURRENT',
    },
    assumed: {
      'stages.limitCounts': 'quotas: no label is excluded',
      'versions.idPrefix': 'the service generates a UUID; this series is ours',
    },
  },
  model: {
    documented: {
      'a stage marks one version; put on another, it moves': 'UpdateSecretVersionStage',
      'a version without a stage is deprecated': 'user guide, secret versions',
      'putting a new stage on a version creates it': 'UpdateSecretVersionStage',
      'built-in stages can be moved': 'UpdateSecretVersionStage',
      'versions are created on an ENABLED secret': 'PutSecretValue',
      'stages change on an ENABLED secret':
        'UpdateSecretVersionStage: InvalidRequestException while a deletion is scheduled',
      'a deletion can be scheduled in every other status':
        'DeleteSecret; there is no status but scheduled for deletion',
      'a custom stage can be removed': 'user guide, secret versions',
      'a repeated id changes no stage': 'PutSecretValue: the request is ignored',
      'a new version takes exactly the stages that it lists': 'PutSecretValue, parameter VersionStages',
      'a restored secret is ENABLED': 'RestoreSecret',
      'times are in milliseconds': 'API reference: epoch seconds with fractions; the model keeps milliseconds',
    },
    observed: {
      'the current stage cannot be removed': 'the Terraform provider',
      'every other stage stays when the current one leaves its version':
        'recorded by LocalStack, as UpdateSecretVersionStage has it; in conflict with the user guide, "Update the value for a secret": a custom label comes along',
      'a new value without labels follows the same rules':
        'moto has verified it; the page of UpdateSecret refuses any known token',
    },
    assumed: {
      'putting a stage where it is renews its time': 'no answer shows when a label was put',
      'a deprecated version can be staged again': 'no page forbids it while the version exists',
      'deprecated versions make room oldest first': 'PutSecretValue: the most recent ones are kept',
      'a numbered version id is issued once':
        'the series is ours; no page says whether the token of a deleted version is free again',
      'a repeated id does not revive a version':
        'PutSecretValue ignores the request; no page mentions deprecated versions',
      'without a fingerprint no call is a repetition': 'the service knows the content; the model only its fingerprint',
      'a version has a value from its creation':
        'in conflict with RotateSecret (documented): a rotation creates a version and gives it a value later; the model has no values yet',
      'a list clears nothing': 'no recording lists only other labels while AWSPENDING is on a version',
      'a version that lists the previous stage has it':
        'PutSecretValue moves each of the two elsewhere; a report to the Terraform provider shows it',
      'a move to where a stage is moves nothing else': 'no page says',
      'a new label is on no version before': 'UpdateSecretVersionStage describes labels that are on a version',
      'if no version was current, the previous stage stays': 'no page says',
      'every label can move': 'UpdateSecretVersionStage excludes none',
      'a label needs a version that exists': 'UpdateSecretVersionStage declares ResourceNotFoundException',
      'a version without room is refused': 'PutSecretValue declares LimitExceededException; no page says when',
      'a secret never grows further past a rough limit': 'quotas: about 100; no page says by how many',
      'a deletion is scheduled once':
        'in conflict with DeleteSecret (documented, recorded): a further call answers; the model refuses it',
      'only a scheduled deletion is cancelled': 'RestoreSecret declares InvalidRequestException; no page says when',
      'a caller may remove a stage without its version': 'the call names the version; the model does not require it',
    },
  },
};
