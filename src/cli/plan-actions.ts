import { hasVersion, type SecretAction, type SecretState, tryReduce } from '../index.ts';
import { UsageError } from './host.ts';
import { readTime } from './options.ts';
import type { ReadSecret } from './read-secrets.ts';

/** The options of `plan` that are actions, or say more of the action before them. */
export const actionOptions = {
  assign: { type: 'string', multiple: true },
  remove: { type: 'string', multiple: true },
  from: { type: 'string', multiple: true },
  'new-version': { type: 'boolean', multiple: true },
  'version-id': { type: 'string', multiple: true },
  stages: { type: 'string', multiple: true },
  prune: { type: 'boolean', multiple: true },
  keep: { type: 'string', multiple: true },
  'created-before': { type: 'string', multiple: true },
} as const;

interface Option {
  readonly name: string;
  /** Undefined for an option that takes none. */
  readonly value?: string | undefined;
}

/** The actions that options ask for, in their order. */
export function actionsIn(given: readonly Option[], at: number, secret: ReadSecret): readonly SecretAction[] {
  const actions: SecretAction[] = [];
  for (const option of given) {
    const begun = actionIn(option, at, stateAfter(secret, actions));
    if (begun !== undefined) actions.push(begun);
    else if (Object.hasOwn(actionsWith, option.name)) actions.push(amended(actions.pop(), option));
  }
  if (actions.length > 0) return actions;
  throw new UsageError('plan needs an action, such as --assign STAGE=VERSION; see secret-stages plan --help');
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

const actionIn = ({ name, value = '' }: Option, at: number, state: SecretState): SecretAction | undefined => {
  switch (name) {
    case 'assign': {
      const assignment = assignmentIn(value, state);
      if (assignment === undefined) throw new UsageError(`--assign takes STAGE=VERSION, not ${value}`);
      return { type: 'assignStage', ...assignment, at };
    }
    case 'remove':
      return { type: 'removeStage', stage: value, at };
    case 'new-version':
      return { type: 'createVersion', at };
    case 'prune':
      return { type: 'pruneDeprecated' };
    default:
      return undefined;
  }
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
const amended = (action: SecretAction | undefined, { name, value = '' }: Option): SecretAction => {
  if (action?.type === 'assignStage' && name === 'from') return { ...action, from: value === '' ? null : value };
  if (action?.type === 'removeStage' && name === 'from') return { ...action, from: value };
  if (action?.type === 'createVersion') {
    if (name === 'stages') return { ...action, stages: value === '' ? [] : value.split(',') };
    if (name === 'version-id') return { ...action, versionId: value };
  }
  if (action?.type === 'pruneDeprecated') {
    if (name === 'created-before') return { ...action, createdBefore: readTime('--created-before', value) };
    if (name === 'keep' && !/^\d+$/.test(value)) throw new UsageError(`--keep takes a whole number, not ${value}`);
    if (name === 'keep') return { ...action, keep: Number(value) };
  }
  throw new UsageError(`--${name} belongs behind ${actionsWith[name]}`);
};
