export { actionOf, callFor, creationOf, isActing } from './actions.ts';
export {
  answerSchemas,
  instanceOnWire,
  pageOnWire,
  secretOnWire,
  stageOnWire,
  valueOnWire,
  versionOnWire,
} from './answers.ts';
export { callTo, operationNames, readCall } from './calls.ts';
export { type Credentials, CredentialsError, type Key, readCredentials, type Token } from './credentials.ts';
export { type CallRefusal, explainRefusal, isNotLetIn, reasonsOf } from './errors.ts';
export { answerOf, missingStatuses, readRequest, refusalOf, unauthorizedStatuses } from './messages.ts';
export type { Call, Mistake, Names, Operation, Sent, TagFilter } from './operations.ts';
export { csmsValue, mistakeOf } from './routes.ts';
export { defaultSettings, type Secret, type Settings, type Tag } from './secret.ts';
