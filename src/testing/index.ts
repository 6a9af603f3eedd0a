export {
  type HostileOptions,
  hostileName,
  type NameOptions,
  type SecretActionOptions,
  type SecretActionsOptions,
  type SecretStateOptions,
  secretAction,
  secretActions,
  secretName,
  secretState,
  stageName,
  versionId,
} from './arbitraries/index.ts';
export { type Board, boardRows, drawBoard, sideBySide } from './board.ts';
export { checkConformance } from './check-conformance.ts';
export type { Broken, Conformance, ConformanceCall, ConformanceOptions, Conforming, TriedLaw } from './conformance.ts';
export { describeConformance } from './describe-conformance.ts';
export type { DriverAnswer, SecretDriver, ShownSecret } from './driver.ts';
export { type FetchDriverOptions, fetchDriver } from './fetch-driver.ts';
export {
  type LawsOptions,
  type MatcherResult,
  type RefuseOptions,
  type StageMatchers,
  stageMatchers,
} from './matchers.ts';
export { type ModelDriverOptions, modelDriver } from './model-driver.ts';
export { type SecretBuilder, secret } from './secret.ts';
export { type OpenStore, type StoreClause, storeContract } from './store-contract.ts';
