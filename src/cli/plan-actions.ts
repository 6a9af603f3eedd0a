import { hasVersion, type SecretAction, type SecretState, tryReduce } from '../index.ts';
import { type CheckRequest, type Proposal, promotionOf, rollbackOf, rotationOf } from '../policy/index.ts';
import { quote } from '../text.ts';
import type { Options } from './command.ts';
import { UsageError } from './host.ts';
import { type Given, readNumber, readTime } from './options.ts';
import type { ReadSecret } from './read-secrets.ts';

/** The options of `plan` that are actions, or that apply to the action before them. */
export const actionOptions = {
  assign: { value: 'STAGE=VERSION', repeats: true, about: 'put STAGE on VERSION' },
  remove: { value: 'STAGE', repeats: true, about: 'remove STAGE from its version' },
  from: {
    value: 'VERSION',
    repeats: true,
    about: 'after --assign or --remove: refuse unless the stage is on VERSION',
    more: "With `--assign`, `''` means no version. AWS requires `--from` to move a stage.",
  },
  promote: { value: 'VERSION', repeats: true, about: 'make VERSION current, and the current version the previous one' },
  rollback: { repeats: true, about: 'make the previous version current, and the current one the previous one' },
  rotate: { repeats: true, about: 'do what a rotation that succeeds does (AWS)' },
  'new-version': { repeats: true, about: 'create a version' },
  stages: { value: 'A,B', repeats: true, about: 'after --new-version: give it these stages, not the default ones' },
  'version-id': { value: 'ID', repeats: true, about: 'after --new-version: give it this id' },
  'without-value': {
    repeats: true,
    about: 'after --new-version: it has no value yet (AWS)',
  },
  prune: { repeats: true, about: 'delete deprecated versions, those without a stage' },
  keep: { value: 'N', repeats: true, about: 'after --prune: keep the newest N deprecated versions' },
  'created-before': {
    value: 'TIME',
    repeats: true,
    about: 'after --prune: delete only versions created before TIME',
  },
} as const satisfies Options;

/** The actions that the options describe, in order. If a proposal is refused, those before it, and why it is refused. */
export function actionsIn(given: readonly Given[], at: number, secret: ReadSecret) {
  const actions: SecretAction[] = [];
  let refused: { readonly index: number; readonly sentence: string } | undefined;
  // The actions of a proposal cannot be changed one by one.
  let isAmendable = false;
  for (const option of given) {
    if (Object.hasOwn(actionsWith, option.name)) {
      actions.push(amended(isAmendable ? actions.pop() : undefined, option));
      continue;
    }
    const state = stateAfter(secret, actions);
    const action = actionIn(option, at, state);
    const proposal = action
      ? ({ ok: true, actions: [action] } as const)
      : proposalIn(option, state, { at, dialect: secret.dialect });
    if (proposal === undefined) continue;
    isAmendable = action !== undefined;
    if (proposal.ok) actions.push(...proposal.actions);
    else refused ??= { index: actions.length, sentence: proposal.sentence };
  }
  return { actions: actions.slice(0, refused?.index), refused };
}

/** @throws {UsageError} if no option is an action or applies to one. */
export function mustHaveAction(given: readonly Given[]): void {
  if (given.some(({ name }) => Object.hasOwn(actionOptions, name))) return;
  throw new UsageError('plan needs an action, such as --assign STAGE=VERSION.');
}

/** A secret after actions. Refused actions are skipped. */
export function stateAfter(
  { state, dialect }: Pick<ReadSecret, 'state' | 'dialect'>,
  actions: readonly SecretAction[],
): SecretState {
  return actions.reduce((before, action) => {
    const outcome = tryReduce(before, action, dialect);
    return outcome.ok ? outcome.state : before;
  }, state);
}

/** Splits STAGE=VERSION. Both may contain `=`: it splits before an existing version, or else at the first `=`. */
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
  if (assignment === undefined) throw new UsageError(`--assign must be STAGE=VERSION; got ${quote(value)}.`);
  return { type: 'assignStage', ...assignment, at };
};

const proposalIn = (
  { name, value = '' }: Given,
  state: SecretState,
  request: CheckRequest,
): Proposal<SecretAction['type']> | undefined => {
  if (name === 'rotate') return rotationOf(state, request);
  if (name === 'promote') return promotionOf(state, value, request);
  return name === 'rollback' ? rollbackOf(state, request) : undefined;
};

/** The options that apply to an action, and which action. */
const actionsWith: Readonly<Record<string, string>> = {
  from: '--assign or --remove',
  stages: '--new-version',
  'version-id': '--new-version',
  'without-value': '--new-version',
  keep: '--prune',
  'created-before': '--prune',
};

/** The action, changed by an option after it. */
const amended = (action: SecretAction | undefined, { name, value = '' }: Given): SecretAction => {
  if (action?.type === 'assignStage' && name === 'from') return { ...action, from: value === '' ? null : value };
  if (action?.type === 'removeStage' && name === 'from') return { ...action, from: value };
  if (action?.type === 'createVersion') {
    if (name === 'stages') return { ...action, stages: value === '' ? [] : value.split(',') };
    if (name === 'version-id') return { ...action, versionId: value };
    if (name === 'without-value') return { ...action, withoutValue: true };
  }
  if (action?.type === 'pruneDeprecated') {
    if (name === 'created-before') return { ...action, createdBefore: readTime('--created-before', value) };
    if (name === 'keep')
      return { ...action, keep: readNumber('--keep', value, (keep) => keep >= 0, 'a whole number from 0') };
  }
  throw new UsageError(`--${name} must come after ${actionsWith[name]}.`);
};
