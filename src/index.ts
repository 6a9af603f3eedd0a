export * from './bind.ts';
export {
  alibabaKms,
  awsSecretsManager,
  contradictions,
  type DeletionDays,
  type Dialect,
  type DialectChanges,
  defineDialect,
  googleSecretManager,
  huaweiCsms,
  type Pattern,
  type PausedStatus,
  type PreviousFollows,
  type SecretRules,
  type StageRules,
  type VersionLimit,
  type VersionRules,
} from './dialects/index.ts';
export type { Effect, EffectFacts } from './effect.ts';
export { explain } from './explain.ts';
export * from './laws.ts';
export * from './operations/index.ts';
export { parseSecretState } from './parse.ts';
export * from './plan.ts';
export * from './queries.ts';
export {
  type Contradiction,
  type Outcome,
  type Problem,
  type Refusal,
  type RefusalCode,
  type RefusalFacts,
  StageRefusedError,
} from './refusal.ts';
export type { Moment, SecretState, SecretStatus, SecretVersion, Stage, Versions } from './state.ts';
