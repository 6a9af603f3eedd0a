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
  type TagFilter,
} from './calls.ts';
export { type Credentials, CredentialsError, type Key, readCredentials, type Token } from './credentials.ts';
export { type CallRefusal, explainRefusal, isNotLetIn, reasonsOf } from './errors.ts';
export { answerOf, missingStatuses, readRequest, refusalOf, unauthorizedStatuses } from './messages.ts';
export { defaultFacts, type Facts, type Secret, type Tag } from './secret.ts';
