// @ts-check
import '../production.js';
import { create } from 'mutative';
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

/**
 * Tuned like immer: every check is on the base, and the draft is changed once.
 *
 * @type {(options: { enableAutoFreeze: boolean }) => import('./contender.js').Contender<Records>}
 */
const mutativeWith = (options) => {
  /** @type {(state: Records, changes: Partial<Records> | undefined) => import('./contender.js').Outcome<Records>} */
  const changed = (state, changes) => {
    if (!changes) return refused;
    const next = create(
      state,
      (draft) => {
        Object.assign(draft, changes);
      },
      options,
    );
    return { ok: true, state: next };
  };

  return {
    open: (secret) => create(recordsOf(secret), () => {}, options),
    move: (state, move) => {
      const effect = effectOf(state, state.stages, move);
      if (effect === 'refused') return refused;
      if (effect === 'unchanged') return { ok: true, state };
      const next = create(
        state,
        (draft) => {
          draft.stages[move.stage] = stageAfter(move);
        },
        options,
      );
      return { ok: true, state: next };
    },
    create: (state, at) => changed(state, changesOfCreate(state, at)),
    prune: (state) => changed(state, changesOfPrune(state)),
    batch: (state, moves) => changed(state, changesOfBatch(state, moves)),
    board: boardOf,
  };
};

/** The fast mode, which is the default: nothing is frozen. */
export const mutative = mutativeWith({ enableAutoFreeze: false });

/** With frozen states, as in secret-stages. */
export const mutativeFrozen = mutativeWith({ enableAutoFreeze: true });
