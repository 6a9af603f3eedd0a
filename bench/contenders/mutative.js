// @ts-check
import '../production.js';
import { create } from 'mutative';
import { refused } from './contender.js';
import { boardOf, changesOfBatch, changesOfCreate, changesOfPrune, judge, recordsOf, stageAfter } from './records.js';

/** @typedef {import('./records.js').Records} Records */

/**
 * As tuned as immer is: every question is asked of the base, and the draft is touched once.
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
      const verdict = judge(state, state.stages, move);
      if (verdict === 'refused') return refused;
      if (verdict === 'rests') return { ok: true, state };
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

/** Its fast mode, which is its default: nothing is frozen. */
export const mutative = mutativeWith({ enableAutoFreeze: false });

/** What it takes to give what ours gives: a state that nobody can change. */
export const mutativeFrozen = mutativeWith({ enableAutoFreeze: true });
