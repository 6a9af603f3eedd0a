import { type SourcedDialect, withSources } from '../dialect.ts';

/**
 * AWS Secrets Manager, whose stages are staging labels. Version ids are the caller's tokens of 32 to 64 characters; who gives
 * none gets a series of the model's own, for the model knows no chance.
 *
 * The sources are pages of its API reference and user guide by their names, or answers recorded from the service: in
 * LocalStack's tests (recorded), in moto's (verified), and in acceptance tests of the Terraform provider. Where a rule is
 * assumed, they say what it rests on.
 *
 * @example
 * const token = (number: number) => `bb6a3d22-dc93-47ac-b5bd-88df7ad35f1${number}`;
 * const one = createSecret({ name: 'db', at: 0, versionId: token(1) }, awsSecretsManager);
 * const two = createVersion(one, { at: 1000, versionId: token(2), stages: ['AWSPENDING'] }, awsSecretsManager);
 * const promotion = { stage: 'AWSCURRENT', versionId: token(2), at: 2000 };
 * tryAssignStage(two, promotion, awsSecretsManager).ok; // false
 * const promoted = assignStage(two, { ...promotion, from: token(1) }, awsSecretsManager);
 * stagesOf(promoted, token(1)); // ['AWSPREVIOUS']
 * stagesOf(promoted, token(2)); // ['AWSCURRENT', 'AWSPENDING']
 */
export const awsSecretsManager: SourcedDialect = /* @__PURE__ */ withSources(
  {
    name: 'AWS Secrets Manager',
    builtInStages: ['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS'],
    removableStages: ['AWSPENDING', 'AWSPREVIOUS'],
    clearedStages: ['AWSPENDING'],
    currentStage: 'AWSCURRENT',
    previousStage: 'AWSPREVIOUS',
    stageLimit: 20,
    stageListLimit: 20,
    versionLimit: 100,
    statuses: ['ENABLED', 'PENDING_DELETE'],
    recoveryWindowInDays: { least: 7, most: 30, usual: 30 },
    secretName: /^[\w/+=.@!-]{1,512}$/,
    stageName: /^.{1,256}$/s,
    versionId: /^.{32,64}$/s,
    versionIdPrefix: '00000000-0000-4000-8000-00000000000',
    movesNeedHolder: true,
    previousFollowsMove: true,
    previousFollowsListedCurrent: true,
    emptyListIsRefused: true,
    versionsComeLater: true,
    firstVersionIsCurrent: true,
    repeatedIdChangesNothing: true,
    latestIsCurrent: true,
    versionLimitIsRough: true,
    deprecatedStay: true,
    deprecatedStayInHours: 24,
  },
  [
    ['builtInStages', 'documented', 'user guide, secret versions'],
    ['currentStage', 'documented', 'PutSecretValue'],
    ['previousStage', 'documented', 'PutSecretValue'],
    [
      'stageLimit',
      'documented',
      'quotas: attached across all versions of a secret; that the built-in ones count is assumed',
    ],
    ['stageListLimit', 'documented', 'PutSecretValue'],
    ['versionLimit', 'documented', 'quotas: about 100'],
    ['statuses', 'documented', 'DeleteSecret; the API has no other'],
    ['recoveryWindowInDays', 'documented', 'DeleteSecret'],
    ['secretName', 'documented', 'CreateSecret; the error of the service, recorded by LocalStack, allows ! as well'],
    ['stageName', 'documented', 'UpdateSecretVersionStage: 1 to 256 characters, no pattern'],
    ['versionId', 'documented', 'PutSecretValue: 32 to 64 characters, no pattern'],
    ['versionIdPrefix', 'assumed', 'the service makes a UUID; this series is ours'],
    ['freeStages', 'assumed', 'quotas: no label is excluded'],
    [
      'removableStages',
      'example',
      'a rotation that LocalStack recorded takes AWSPENDING off; of AWSPREVIOUS, the Terraform provider',
    ],
    [
      'clearedStages',
      'example',
      'recorded by LocalStack, and a rotation test of the Terraform provider leans on it; no page says so',
    ],
    ['movesNeedHolder', 'documented', 'UpdateSecretVersionStage; moto has verified the refusal'],
    ['previousFollowsMove', 'documented', 'UpdateSecretVersionStage; recorded by LocalStack'],
    ['previousFollowsListedCurrent', 'example', 'recorded by LocalStack'],
    ['deprecatedIsFinal', 'assumed', 'no page forbids it while the version exists'],
    ['repeatKeepsTime', 'assumed', 'no answer tells when a label was put'],
    [
      'stagesNeverRest',
      'documented',
      'UpdateSecretVersionStage: InvalidRequestException while a deletion is scheduled',
    ],
    ['emptyListIsRefused', 'documented', 'PutSecretValue: at least one'],
    ['versionsComeLater', 'example', 'recorded by LocalStack'],
    [
      'firstVersionIsCurrent',
      'documented',
      'PutSecretValue; one test of the Terraform provider reads the listed label alone',
    ],
    ['repeatedIdChangesNothing', 'documented', 'PutSecretValue; moto has verified it'],
    ['latestIsCurrent', 'example', 'recorded by LocalStack: GetSecretValue finds none without AWSCURRENT'],
    ['versionLimitIsRough', 'documented', 'quotas: about 100'],
    ['deprecatedStay', 'documented', 'quotas: they go when there are more than 100 versions'],
    ['deprecatedStayInHours', 'documented', 'quotas: none that is less than 24 hours old goes'],
    ['versionLimitIsHard', 'documented', 'quotas: deprecated ones go'],
    ['pruningNeedsEnabled', 'assumed', 'no page says'],
    ['deletionNeedsEnabled', 'documented', 'DeleteSecret; a secret knows no status but scheduled for deletion'],
  ],
  [
    ['a stage marks one version; put on another, it moves', 'documented', 'UpdateSecretVersionStage'],
    ['a version without a stage is deprecated', 'documented', 'user guide, secret versions'],
    ['putting a new stage on a version creates it', 'documented', 'UpdateSecretVersionStage'],
    ['built-in stages can be moved', 'documented', 'UpdateSecretVersionStage'],
    ['a stage stays where it is as the current one leaves its version', 'example', 'recorded by LocalStack'],
    ['versions are created on an ENABLED secret', 'documented', 'PutSecretValue'],
    ['deprecated versions make room oldest first', 'assumed', 'PutSecretValue: the most recent ones are kept'],
    ['a version id is issued once', 'assumed', 'nobody says what becomes of the token of a version that is gone'],
    ['a repeated id changes no stage', 'documented', 'PutSecretValue: the request is ignored'],
    [
      'a new value without labels goes by the same rules',
      'example',
      'moto has verified it; the page of UpdateSecret refuses any token that is known',
    ],
    [
      'a repeated id brings no version back',
      'assumed',
      'PutSecretValue ignores the request; of deprecated versions no page tells',
    ],
    [
      'what has no fingerprint is no repetition',
      'assumed',
      'the service knows the content; this model knows its fingerprint alone',
    ],
    [
      'an id without a value is one like any other',
      'assumed',
      'a rotation makes a version and gives it a value later: the model knows no values',
    ],
    ['a list clears nothing', 'assumed', 'what was recorded has no list'],
    [
      'who lists the previous stage has it',
      'assumed',
      'PutSecretValue says of each that it goes elsewhere; a report to the Terraform provider shows it',
    ],
    ['a move to where a stage is takes nothing along', 'assumed', 'no page says'],
    [
      'nobody is the holder of a new label',
      'assumed',
      'UpdateSecretVersionStage tells of labels that are on a version',
    ],
    ['where none was current, the previous stage stays', 'assumed', 'no page says'],
    ['no label is kept from moving', 'assumed', 'UpdateSecretVersionStage keeps none back'],
    ['what is not there takes no label', 'assumed', 'UpdateSecretVersionStage declares ResourceNotFoundException'],
    [
      'a version that finds no room is refused',
      'assumed',
      'PutSecretValue declares LimitExceededException; no page says when',
    ],
    ['a rough limit is kept from being passed further', 'assumed', 'quotas: about 100; no page says by how many'],
    [
      'a deletion is scheduled once, and only that is called off',
      'assumed',
      'DeleteSecret and RestoreSecret declare InvalidRequestException; no page says when',
    ],
    ['a restored secret is ENABLED', 'documented', 'RestoreSecret'],
    ['times are in milliseconds', 'example', 'every example has seconds with three decimals'],
    [
      'who removes a stage need not say from where',
      'assumed',
      'the call names the version; the model need not be told',
    ],
  ],
);
