// @ts-check
import { refused } from './contender.js';
import {
  boardOf,
  changesOfBatch,
  changesOfCreate,
  changesOfPrune,
  effectOf,
  recordsOf,
  stageAfter,
} from './records.js';

/** @typedef {import('./records.js').Records} Records */

/** @type {import('./contender.js').Contender<Records>} No library: records copied by `...` and frozen. */
export const spread = {
  open: (secret) => frozen(recordsOf(secret)),
  move: (state, move) => {
    const effect = effectOf(state, state.stages, move);
    if (effect === 'refused') return refused;
    if (effect === 'unchanged') return { ok: true, state };
    const stages = Object.freeze({ ...state.stages, [move.stage]: Object.freeze(stageAfter(move)) });
    return { ok: true, state: Object.freeze({ ...state, stages }) };
  },
  create: (state, at) => changed(state, changesOfCreate(state, at)),
  prune: (state) => changed(state, changesOfPrune(state)),
  batch: (state, moves) => changed(state, changesOfBatch(state, moves)),
  board: boardOf,
};

/** @type {(state: Records, changes: Partial<Records> | undefined) => import('./contender.js').Outcome<Records>} */
const changed = (state, changes) => (changes ? { ok: true, state: frozen({ ...state, ...changes }) } : refused);

/** Freezes deeply, except parts that are already frozen. */
const frozen = (/** @type {Records} */ state) => {
  for (const part of [state.versions, state.stages]) {
    if (Object.isFrozen(part)) continue;
    for (const leaf of Object.values(part)) Object.freeze(leaf);
    Object.freeze(part);
  }
  return Object.freeze(state);
};
