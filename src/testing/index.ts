export { type Board, drawBoard } from '../board.ts';
export * from './arbitraries/index.ts';
export * from './conformance/index.ts';
export {
  type AwsDriverOptions,
  awsDriver,
  type DriverAnswer,
  type FetchDriverOptions,
  fetchDriver,
  type ModelDriverOptions,
  modelDriver,
  type SecretDriver,
  type ShownSecret,
  type ShownStage,
} from './drivers/index.ts';
export * from './matchers.ts';
export { type SecretBuilder, secret } from './secret.ts';
export { type OpenStore, type StoreClause, storeContract } from './store-contract.ts';
