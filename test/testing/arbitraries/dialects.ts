import { alibabaKms } from '../../../src/dialects/alibaba-kms.ts';
import { awsSecretsManager } from '../../../src/dialects/aws-secrets-manager.ts';
import { googleSecretManager } from '../../../src/dialects/google-secret-manager.ts';
import { type Dialect, defineDialect, huaweiCsms } from '../../../src/index.ts';

export { alibabaKms, awsSecretsManager, googleSecretManager };

export const aws: Dialect = {
  ...huaweiCsms,
  currentStage: 'AWSCURRENT',
  previousStage: 'AWSPREVIOUS',
  builtInStages: ['AWSCURRENT', 'AWSPREVIOUS', 'AWSPENDING'],
  stageLimit: 20,
  versionIdPrefix: 'version-',
};

const threeLetters = /^[a-z]{1,3}$/;

export const brief: Dialect = {
  ...huaweiCsms,
  currentStage: 'now',
  previousStage: 'old',
  builtInStages: ['now', 'old'],
  secretName: threeLetters,
  stageName: threeLetters,
  versionId: /^[a-z]{1,3}\d?$/,
  versionLimit: 9,
};

/** What `defineDialect` allows, and no cloud has. */
const strange: Dialect = defineDialect({
  ...huaweiCsms,
  name: 'strange rules',
  removableStages: ['SYSCURRENT', 'SYSPREVIOUS'],
  statuses: ['ENABLED', 'FROZEN'],
  recoveryWindowInDays: null,
  stageListLimit: 0,
  versionLimit: 4,
  deprecatedStayInHours: 2,
  movesNeedHolder: true,
  repeatedIdChangesNothing: true,
});

/** No two of them have much in common, and some are so narrow that little can be said in them. */
export const dialects: readonly (readonly [name: string, dialect: Dialect])[] = [
  ['CSMS', huaweiCsms],
  ['AWS', awsSecretsManager],
  ['Alibaba', alibabaKms],
  ['Google', googleSecretManager],
  ['strange rules', strange],
  ['other names', aws],
  ['three letters', brief],
  ['one stage on one version', { ...huaweiCsms, stageLimit: 1, versionLimit: 1 }],
  ['two stages on two versions', { ...huaweiCsms, stageLimit: 2, versionLimit: 2 }],
  ['no names but the built-in ones', { ...huaweiCsms, stageName: /^SYS(CURRENT|PREVIOUS)$/ }],
  ['no id but the first', { ...huaweiCsms, versionId: /^v1$/ }],
  ['followers', { ...huaweiCsms, previousFollowsMove: true, previousFollowsListedCurrent: true }],
  ['no revival', { ...huaweiCsms, deprecatedIsFinal: true }],
  ['hard limits', { ...huaweiCsms, versionLimitIsHard: true, pruningNeedsEnabled: true, versionLimit: 3 }],
];
