export { type AwsDriverOptions, awsDriver } from './aws-driver.ts';
export {
  actionsOfCsms,
  checkShown,
  type DriverAnswer,
  type SecretDriver,
  type ShownSecret,
  type ShownStage,
} from './driver.ts';
export { type FetchDriverOptions, fetchDriver } from './fetch-driver.ts';
export { type ModelDriverOptions, modelDriver, shownOf } from './model-driver.ts';
