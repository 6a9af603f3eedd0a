// @ts-check
import { ok } from 'node:assert';
import { parseSecretState } from 'secret-stages';
import { roomy } from '../secrets.js';

/** @typedef {import('secret-stages').SecretState} SecretState */

/**
 * The bare frozen result of a move, the least that a frozen list of stages can cost: it copies the list, sets one slot, and freezes
 * the stage, the list and the state. It checks nothing, and only moves stages that exist.
 *
 * @type {import('./contender.js').Contender<SecretState>}
 */
export const bare = {
  checksNothing: true,
  open: (secret) => {
    const outcome = parseSecretState(secret, roomy);
    ok(outcome.ok);
    return outcome.state;
  },
  move: (state, { stage, versionId, at }) => {
    const { name, dialect, status, scheduledDeleteTime, versions, versionsMade, lastNumber } = state;
    const stages = [...state.stages];
    let slot = 0;
    while (slot < stages.length && stages[slot]?.name !== stage) slot++;
    stages[slot] = Object.freeze({ name: stage, versionId, updateTime: at });
    const next = Object.freeze({
      name,
      dialect,
      status,
      scheduledDeleteTime,
      versions,
      stages: Object.freeze(stages),
      versionsMade,
      lastNumber,
    });
    return { ok: true, state: next };
  },
  board: ({ stages, versions }) => ({ stages, versions: Object.keys(versions) }),
};
