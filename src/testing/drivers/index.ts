export type { DriverAnswer, SecretDriver, ShownSecret } from './driver.ts';
export { type FetchDriverOptions, fetchDriver } from './fetch-driver.ts';
export { type ModelDriverOptions, modelDriver } from './model-driver.ts';
export { shownOf } from './shown.ts';
