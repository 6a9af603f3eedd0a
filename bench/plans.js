// @ts-check
import { do_not_optimize } from 'mitata';
import { plan, tryReduce } from 'secret-stages';
import { refused } from './contenders/contender.js';
import { circleOf, epoch, moveOf, secretOf } from './secrets.js';

/**
 * @typedef {import('secret-stages').SecretAction} SecretAction
 * @typedef {import('secret-stages').SecretState} SecretState
 * @typedef {{ secret: SecretState, actions: readonly SecretAction[], outcome: 'changed' | 'unchanged' | 'refused' }} Kind
 */

const at = epoch + 100;
const secret = secretOf({});
const moves = circleOf(secret);

/** @type {Readonly<Record<string, Kind>>} Actions on one secret, and their outcome. */
export const kinds = {
  'a move': { secret, actions: moves, outcome: 'changed' },
  'a new version': {
    secret: secretOf({ versions: 19 }),
    actions: [{ type: 'createVersion', at }],
    outcome: 'changed',
  },
  'a new version for which one goes': { secret, actions: [{ type: 'createVersion', at }], outcome: 'changed' },
  'a removal': {
    secret,
    actions: secret.stages
      .filter(({ name }) => name.startsWith('stage-'))
      .map(({ name: stage }) => ({ type: 'removeStage', stage, at })),
    outcome: 'changed',
  },
  pruning: { secret, actions: [{ type: 'pruneDeprecated' }], outcome: 'changed' },
  'a change of status': { secret, actions: [{ type: 'setStatus', status: 'DISABLED', at }], outcome: 'changed' },
  'a move to where the stage is': {
    secret,
    actions: secret.stages.map(({ name, versionId, updateTime }) => moveOf(name, versionId, updateTime)),
    outcome: 'unchanged',
  },
  'a refused move': {
    secret,
    actions: moves.map((move, turn) => ({ ...move, versionId: `w${turn}` })),
    outcome: 'refused',
  },
};

/** @type {Readonly<Record<'plan' | 'operation', (state: SecretState, action: SecretAction) => { ok: false }>>} */
export const ways = {
  // The results are dropped, so that each action applies to the same state.
  plan: (state, action) => {
    do_not_optimize(plan(state, action));
    return refused;
  },
  operation: (state, action) => {
    do_not_optimize(tryReduce(state, action));
    return refused;
  },
};

/** @type {(secret: SecretState, action: SecretAction) => Kind['outcome']} */
export const outcomeOf = (secret, action) => {
  const planned = plan(secret, action);
  if (!planned.allowed) return 'refused';
  return planned.asked.length + planned.follows.length > 0 ? 'changed' : 'unchanged';
};
