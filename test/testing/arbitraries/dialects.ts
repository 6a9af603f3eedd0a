import { type Dialect, huaweiCsms } from '../../../src/index.ts';

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

/** No two of them have much in common, and some are so narrow that little can be said in them. */
export const dialects: readonly (readonly [name: string, dialect: Dialect])[] = [
  ['CSMS', huaweiCsms],
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
