import { hasVersion, type SecretAction, type SecretState, tryReduce } from '../index.ts';
import { quote } from '../text.ts';
import type { Options } from './command.ts';
import { UsageError } from './host.ts';
import { type Given, readNumber, readTime } from './options.ts';
import type { ReadSecret } from './read-secrets.ts';

/** The options of `plan` that are actions, or say more of the action before them. */
export const actionOptions = {
  assign: { value: 'STAGE=VERSION', repeats: true, about: 'puts a stage on a version' },
  remove: { value: 'STAGE', repeats: true, about: 'takes a stage off its version' },
  from: {
    value: 'VERSION',
    repeats: true,
    about: 'after --assign or --remove: refuses unless the stage is on VERSION',
    more: "With `--assign`, `''` means no version. AWS requires it to move a stage.",
  },
  'new-version': { repeats: true, about: 'creates a version' },
  stages: { value: 'A,B', repeats: true, about: 'after --new-version: its stages, instead of the default ones' },
  'version-id': { value: 'ID', repeats: true, about: 'after --new-version: its id' },
  prune: { repeats: true, about: 'deletes the deprecated versions' },
  keep: { value: 'N', repeats: true, about: 'after --prune: keeps the newest N deprecated versions' },
  'created-before': {
    value: 'TIME',
    repeats: true,
    about: 'after --prune: deletes only versions created before that time',
  },
} as const satisfies Options;

/** The actions that options ask for, in their order. */
export function actionsIn(given: readonly Given[], at: number, secret: ReadSecret): readonly SecretAction[] {
  const actions: SecretAction[] = [];
  for (const option of given) {
    const begun = actionIn(option, at, stateAfter(secret, actions));
    if (begun !== undefined) actions.push(begun);
    else if (Object.hasOwn(actionsWith, option.name)) actions.push(amended(actions.pop(), option));
  }
  return actions;
}

/** @throws {UsageError} if no option is an action or belongs to one. */
export function mustHaveAction(given: readonly Given[]): void {
  if (given.some(({ name }) => Object.hasOwn(actionOptions, name))) return;
  throw new UsageError('plan needs an action, such as --assign STAGE=VERSION');
}

/** A secret after actions; one that is refused changes nothing. */
export function stateAfter({ state, dialect }: ReadSecret, actions: readonly SecretAction[]): SecretState {
  return actions.reduce((before, action) => {
    const outcome = tryReduce(before, action, dialect);
    return outcome.ok ? outcome.state : before;
  }, state);
}

/** STAGE=VERSION, in which either may hold a =: split where a version of the secret follows, else at the first. */
export function assignmentIn(text: string, state: SecretState) {
  const splits = [...text.matchAll(/=/g)].map(({ index }) => ({
    stage: text.slice(0, index),
    versionId: text.slice(index + 1),
  }));
  return splits.find(({ versionId }) => hasVersion(state, versionId)) ?? splits[0];
}

const actionIn = ({ name, value = '' }: Given, at: number, state: SecretState): SecretAction | undefined => {
  if (name === 'remove') return { type: 'removeStage', stage: value, at };
  if (name === 'new-version') return { type: 'createVersion', at };
  if (name === 'prune') return { type: 'pruneDeprecated' };
  if (name !== 'assign') return undefined;
  const assignment = assignmentIn(value, state);
  if (assignment === undefined) throw new UsageError(`--assign must be STAGE=VERSION; got ${quote(value)}`);
  return { type: 'assignStage', ...assignment, at };
};

/** The options that say more of an action, and which action that is. */
const actionsWith: Readonly<Record<string, string>> = {
  from: '--assign or --remove',
  stages: '--new-version',
  'version-id': '--new-version',
  keep: '--prune',
  'created-before': '--prune',
};

/** The action with what an option after it says of it. */
const amended = (action: SecretAction | undefined, { name, value = '' }: Given): SecretAction => {
  if (action?.type === 'assignStage' && name === 'from') return { ...action, from: value === '' ? null : value };
  if (action?.type === 'removeStage' && name === 'from') return { ...action, from: value };
  if (action?.type === 'createVersion') {
    if (name === 'stages') return { ...action, stages: value === '' ? [] : value.split(',') };
    if (name === 'version-id') return { ...action, versionId: value };
  }
  if (action?.type === 'pruneDeprecated') {
    if (name === 'created-before') return { ...action, createdBefore: readTime('--created-before', value) };
    if (name === 'keep')
      return { ...action, keep: readNumber('--keep', value, (keep) => keep >= 0, 'a whole number from 0') };
  }
  throw new UsageError(`--${name} belongs after ${actionsWith[name]}`);
};
