export { type Done, perform, placesOf, type Refused, type Rules, secretLimit, whyNotCreated } from './csms.ts';
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
export { parseEntry, parseWorld } from './parse-world.ts';
export { type CallResult, type CallSteps, runCall } from './steps.ts';
export { tooLarge } from './too-large.ts';
export {
  emptyWorld,
  isDue,
  newSecret,
  type Project,
  recordOf,
  type World,
  withEntry,
  withState,
} from './world.ts';
