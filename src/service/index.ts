export { withAwsState } from './aws/change.ts';
export type { AwsDone, AwsRefused, AwsRules, RotationSettings } from './aws/context.ts';
export { performAws, placesOfAws } from './aws/perform.ts';
export {
  dueOf,
  type Invocation,
  type RotationContext,
  type RotationEvent,
  settleStep,
  type Taken,
  takeStep,
} from './aws/rotation.ts';
export { newSecret, whyNotCreated } from './csms/on-project.ts';
export { withState } from './csms/on-secret.ts';
export { isOnSecret, perform, placesOf } from './csms/perform.ts';
export { type Done, type Refused, type Rules, secretLimit } from './csms/result.ts';
export {
  type Directory,
  directoryOf,
  type Entry,
  entriesOf,
  keyOf,
  type Place,
  withoutValues,
  worldOf,
} from './entries.ts';
export { explainListed, listProblems, readBy } from './list-problems.ts';
export { parseEntry, parseWorld, type SecretReader } from './parse-world.ts';
export { readAwsSecret, readCsmsSecret } from './read-secret.ts';
export { type CallResult, type CallSteps, type EntryWrite, runCall } from './steps.ts';
export { tooLarge } from './too-large.ts';
export { emptyWorld, isDue, type Project, recordOf, type StoredSecret, type World, withEntry } from './world.ts';
