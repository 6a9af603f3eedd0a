export { type Board, boardRows, drawBoard, sideBySide } from '../board.ts';
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
export { checkConformance } from './conformance/check.ts';
export { explainConformance } from './conformance/explain.ts';
export type {
  Broken,
  Conformance,
  ConformanceCall,
  ConformanceOptions,
  Conforming,
  TriedLaw,
} from './conformance/result.ts';
export type { DriverAnswer, SecretDriver, ShownSecret } from './drivers/driver.ts';
export { type FetchDriverOptions, fetchDriver } from './drivers/fetch-driver.ts';
export { type ModelDriverOptions, modelDriver } from './drivers/model-driver.ts';
export {
  type LawsOptions,
  type MatcherResult,
  type RefuseOptions,
  type StageMatchers,
  stageMatchers,
} from './matchers.ts';
export { type SecretBuilder, secret } from './secret.ts';
export { type OpenStore, type StoreClause, storeContract } from './store-contract.ts';
