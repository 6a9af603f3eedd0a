import type { CloudEvidence } from './evidence.ts';

/**
 * The sources are the names of pages of the API reference and the user guide, or responses recorded from the service:
 * in the tests of LocalStack (recorded) and moto (verified), and in acceptance tests of the Terraform provider.
 */
export const awsSecretsManager: CloudEvidence = {
  rules: {
    documented: {
      'secret.name': 'CreateSecret; that ! is allowed too is observed, in an error recorded by LocalStack',
      'secret.pausedAs': 'DeleteSecret; the only status in the API is scheduled for deletion',
      'secret.deletionDays.least': 'DeleteSecret',
      'secret.deletionDays.usual': 'DeleteSecret',
      'secret.deletionDays.most': 'DeleteSecret',
      'secret.firstVersion':
        'CreateSecret: the value is optional; PutSecretValue: the first version is current (one test of the Terraform provider reads only the listed label)',
      'stages.name': 'UpdateSecretVersionStage: 1 to 256 characters, no pattern',
      'stages.limit': 'quotas: labels attached across all versions of a secret',
      'stages.move': 'UpdateSecretVersionStage; moto has verified the refusal',
      'stages.current': 'PutSecretValue',
      'stages.previous': 'PutSecretValue',
      'stages.pending': 'user guide, secret versions',
      'stages.pending: can be removed': 'CancelRotateSecret; recorded by LocalStack',
      'stages.pending: cleared by a plain version':
        'user guide, CloudTrail entries, RotationAbandoned; recorded by LocalStack',
      'stages.previousFollows: plain-version': 'PutSecretValue',
      'stages.previousFollows: any-version': 'PutSecretValue, parameter VersionStages; recorded by LocalStack',
      'stages.previousFollows: any-move': 'UpdateSecretVersionStage; recorded by LocalStack',
      'versions.id': 'PutSecretValue: 32 to 64 characters, no pattern',
      'versions.lists.least': 'PutSecretValue: at least one',
      'versions.lists.most': 'PutSecretValue',
      'versions.repeatedId': 'PutSecretValue; moto has verified it',
      'versions.mayAwaitValue':
        'user guide, Lambda rotation functions: RotateSecret creates a version; moto has verified that it has no value',
      'versions.limit.most': 'quotas: about 100',
      'versions.limit.whenFull': 'quotas: deprecated versions are removed',
      'versions.limit.sparedHours': 'quotas: versions created less than 24 hours ago are not removed',
      'versions.limit.isRough': 'quotas: about 100',
      'versions.prune': 'quotas: they are removed when there are more than 100 versions',
    },
    observed: {
      'stages.previousIsRemovable': 'acceptance test of the Terraform provider',
      'versions.latest': 'recorded by LocalStack: GetSecretValue finds nothing without AWSCURRENT',
    },
    assumed: {
      'stages.limitCounts': 'quotas: no label is excluded',
      'versions.idPrefix': 'the service generates a UUID; the model adds this series',
    },
  },
  model: {
    documented: {
      'a stage is on at most one version; assigning it to another moves it': 'UpdateSecretVersionStage',
      'a version without a stage is deprecated': 'user guide, secret versions',
      'assigning a new stage creates it': 'UpdateSecretVersionStage',
      'built-in stages can be moved': 'UpdateSecretVersionStage',
      'versions are created on an ENABLED secret': 'PutSecretValue',
      'stages change on an ENABLED secret':
        'UpdateSecretVersionStage: InvalidRequestException while a deletion is scheduled',
      'a deletion can be scheduled in every status except PENDING_DELETE':
        'DeleteSecret; the only other status is scheduled for deletion',
      'a custom stage can be removed': 'user guide, secret versions',
      'a repeated id changes no stage': 'PutSecretValue: the request is ignored',
      'a new version takes exactly the stages that it lists': 'PutSecretValue, parameter VersionStages',
      'a version without a value gets it once, by a new version with its id':
        'user guide, Lambda rotation functions: createSecret calls PutSecretValue with the token of RotateSecret',
      'a repeated request for a version without a value changes nothing':
        'RotateSecret: the token prevents that a version is created twice',
      'a rotation is refused while the pending stage is on a version that is not current': 'RotateSecret',
      'a failed rotation leaves the pending stage': 'RotateSecret',
      'a cancelled rotation leaves the pending stage': 'CancelRotateSecret',
      'a restored secret is ENABLED': 'RestoreSecret',
      'times are in milliseconds': 'API reference: epoch seconds with fractions; the model keeps milliseconds',
    },
    observed: {
      'the current stage cannot be removed': 'the Terraform provider',
      'every other stage stays when the current one leaves its version':
        'recorded by LocalStack, as in UpdateSecretVersionStage; in conflict with the user guide, "Update the value for a secret": a custom label moves along',
      'a new value without labels follows the same rules':
        'moto has verified it; the page of UpdateSecret refuses any known token',
      'a successful rotation removes the pending stage':
        'recorded by LocalStack; pull request 145 of aws-secrets-manager-rotation-lambdas; in conflict with RotateSecret, which allows the current version, too',
      'a first version without a value is not current':
        'reports of DescribeSecret in a first rotation show AWSPENDING alone',
    },
    assumed: {
      'assigning a stage to its own version updates its time': 'no response shows when a label was put',
      'a deprecated version can get a stage again': 'no page forbids it while the version exists',
      'the oldest deprecated version is deleted first to make room': 'PutSecretValue: the most recent ones are kept',
      'a numbered version id is issued once':
        'the model adds the series; no page says whether the token of a deleted version can be used again',
      'a repeated id does not revive a version':
        'PutSecretValue ignores the request; no page mentions deprecated versions',
      'a call without a fingerprint is never a repeat': 'the service knows the content; the model only its fingerprint',
      'after a first version without a value, no other version is the first':
        'PutSecretValue: the first version of the secret; no page mentions one without a value',
      'a version that gets its value keeps its time and its other stages': 'no page says',
      'a version without a value can have any stage': 'UpdateSecretVersionStage excludes none',
      'a version with a value cannot be requested without one': 'no page says what RotateSecret does with its token',
      'a new version with a list does not remove the pending stage':
        'no recording lists only other labels while AWSPENDING is on a version',
      'a new version that lists the previous stage takes it':
        'PutSecretValue moves each of the two elsewhere; a report to the Terraform provider shows it',
      'assigning a stage to its own version moves no other stage': 'no page says',
      'a new label is on no version before': 'UpdateSecretVersionStage describes labels that are on a version',
      'if no version was current, the previous stage stays': 'no page says',
      'every label can move': 'UpdateSecretVersionStage excludes none',
      'a label needs a version that exists': 'UpdateSecretVersionStage declares ResourceNotFoundException',
      'a new version is refused if no version can be deleted':
        'PutSecretValue declares LimitExceededException; no page says when',
      'a secret past a rough limit does not grow further': 'quotas: about 100; no page says by how many',
      'a deletion cannot be scheduled twice':
        'in conflict with DeleteSecret (documented, recorded): a second call does not fail; the model refuses it',
      'only a scheduled deletion can be cancelled': 'RestoreSecret declares InvalidRequestException; no page says when',
      'a caller can remove a stage without naming its version':
        'the call names the version; the model does not require it',
    },
  },
};
