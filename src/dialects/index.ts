export { alibabaKms } from './alibaba-kms.ts';
export { awsSecretsManager } from './aws-secrets-manager.ts';
export { cloudOf, clouds } from './clouds.ts';
export { contradictions } from './contradictions.ts';
export { type DialectChanges, defineDialect } from './define-dialect.ts';
export type {
  DeletionDays,
  Dialect,
  Pattern,
  PausedStatus,
  PreviousFollows,
  SecretRules,
  StageRules,
  VersionLimit,
  VersionRules,
} from './dialect.ts';
export { frozen } from './frozen.ts';
export { googleSecretManager } from './google-secret-manager.ts';
export { huaweiCsms } from './huawei-csms.ts';
export { fits, patternRule } from './pattern.ts';
export {
  builtIns,
  counts,
  isAlwaysCurrent,
  isOffered,
  isPermanent,
  isRough,
  settableStatuses,
  stagesLeft,
  statusesOf,
} from './rules.ts';
