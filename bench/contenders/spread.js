// @ts-check
import { refused } from './contender.js';
import { boardOf, changesOfBatch, changesOfCreate, changesOfPrune, judge, recordsOf, stageAfter } from './records.js';

/** @typedef {import('./records.js').Records} Records */

/** @type {import('./contender.js').Contender<Records>} No library: records copied by `...` and frozen, as one writes it. */
export const spread = {
  open: (secret) => frozen(recordsOf(secret)),
  move: (state, move) => {
    const verdict = judge(state, state.stages, move);
    if (verdict === 'refused') return refused;
    if (verdict === 'rests') return { ok: true, state };
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

/** Frozen to the bottom, but not where it was before. */
const frozen = (/** @type {Records} */ state) => {
  for (const part of [state.versions, state.stages]) {
    if (Object.isFrozen(part)) continue;
    for (const leaf of Object.values(part)) Object.freeze(leaf);
    Object.freeze(part);
  }
  return Object.freeze(state);
};
