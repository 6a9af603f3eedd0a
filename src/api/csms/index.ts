export { actionOf, callFor, creationOf, isActing } from './actions.ts';
export { answerSchemas, pageOnWire, secretOnWire, stageOnWire, valueOnWire, versionOnWire } from './answers.ts';
export {
  type Call,
  callTo,
  csmsValue,
  type Mistake,
  mistakeOf,
  type Names,
  type Operation,
  readCall,
  type Sent,
} from './calls.ts';
export { type Credentials, CredentialsError, type Key, readCredentials, type Token } from './credentials.ts';
export { type CallRefusal, explainRefusal, isNotLetIn, reasonsOf } from './errors.ts';
export { answerOf, missingStatuses, readRequest, refusalOf, unauthorizedStatuses } from './messages.ts';
export type { Secret } from './secret.ts';
