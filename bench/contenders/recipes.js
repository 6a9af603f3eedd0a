// @ts-check
import { isStageName, isTime, mostVersions, nextVersion, oldestDeprecated, refused, rules } from './contender.js';
import {
  boardOf,
  changesOfBatch,
  changesOfCreate,
  changesOfPrune,
  effectOf,
  recordsOf,
  stageAfter,
} from './records.js';

/**
 * @typedef {import('./contender.js').Move} Move
 * @typedef {import('./records.js').Records} Records
 * @typedef {import('immer').Draft<Records>} Draft
 */

/**
 * The recipes of a library of drafts: the same for immer and mutative.
 *
 * The fair recipe is what a careful user writes: a record of stages, safe against hostile names, and every check on the draft. The
 * tuned one checks the base, touches the draft once, and makes no draft if nothing changes.
 *
 * @type {(
 *   open: (records: Records) => Records,
 *   change: (state: Records, recipe: (draft: Draft) => void) => Records,
 * ) => Record<'fair' | 'tuned', import('./contender.js').Contender<Records>>}
 */
export const recipesOf = (open, change) => {
  /** @type {(state: Records, recipe: (draft: Draft) => boolean) => import('./contender.js').Outcome<Records>} */
  const attempt = (state, recipe) => {
    let isAccepted = false;
    const next = change(state, (draft) => {
      isAccepted = recipe(draft);
    });
    return isAccepted ? { ok: true, state: next } : refused;
  };

  /** @type {(state: Records, changes: Partial<Records> | undefined) => import('./contender.js').Outcome<Records>} */
  const changed = (state, changes) => {
    if (!changes) return refused;
    const next = change(state, (draft) => {
      Object.assign(draft, changes);
    });
    return { ok: true, state: next };
  };

  return {
    fair: {
      open: (secret) => open(recordsOf(secret)),
      move: (state, move) => attempt(state, (draft) => moveOn(draft, move)),
      create: (state, at) => attempt(state, (draft) => createOn(draft, at)),
      prune: (state) => attempt(state, pruneOn),
      batch: (state, moves) => attempt(state, (draft) => moves.every((move) => moveOn(draft, move))),
      board: boardOf,
    },
    tuned: {
      open: (secret) => open(recordsOf(secret)),
      move: (state, move) => {
        const effect = effectOf(state, state.stages, move);
        if (effect === 'refused') return refused;
        if (effect === 'unchanged') return { ok: true, state };
        const next = change(state, (draft) => {
          draft.stages[move.stage] = stageAfter(move);
        });
        return { ok: true, state: next };
      },
      create: (state, at) => changed(state, changesOfCreate(state, at)),
      prune: (state) => changed(state, changesOfPrune(state)),
      batch: (state, moves) => changed(state, changesOfBatch(state, moves)),
      board: boardOf,
    },
  };
};

/** @type {(draft: Draft, move: Move) => boolean} Returns whether the move is accepted. */
const moveOn = (draft, move) => {
  const { stage, versionId, at, from } = move;
  if (draft.status !== 'ENABLED' || !isTime(at)) return false;
  const held = Object.hasOwn(draft.stages, stage) ? draft.stages[stage] : undefined;
  if (!held && !isStageName(stage)) return false;
  if (!Object.hasOwn(draft.versions, versionId)) return false;
  if (from !== undefined && from !== (held ? held.versionId : null)) return false;
  if (held && held.versionId === versionId && held.updateTime === at) return true;
  if (!held && Object.keys(draft.stages).length >= rules.limit) return false;
  draft.stages[stage] = stageAfter(move);
  return true;
};

/** @type {(draft: Draft, at: number) => boolean} */
const createOn = (draft, at) => {
  if (draft.status !== 'ENABLED' || !isTime(at)) return false;
  const { current, previous } = rules;
  const stages = Object.values(draft.stages);
  const holder = stages.find(({ name }) => name === current)?.versionId;
  const newcomer = holder === undefined ? current : previous;
  if (stages.length >= rules.limit && !Object.hasOwn(draft.stages, newcomer)) return false;
  const versions = Object.values(draft.versions);
  if (versions.length >= mostVersions) {
    const oldest = oldestDeprecated(versions, stages);
    if (!oldest) return false;
    delete draft.versions[oldest.id];
  }

  const version = nextVersion(draft.lastNumber, at);
  draft.versions[version.id] = version;
  draft.versionsMade = version.ordinal;
  draft.lastNumber = version.ordinal;
  draft.stages[current] = { name: current, versionId: version.id, updateTime: at };
  if (holder !== undefined) draft.stages[previous] = { name: previous, versionId: holder, updateTime: at };
  return true;
};

/** @type {(draft: Draft) => true} */
const pruneOn = (draft) => {
  const marked = new Set(Object.values(draft.stages).map(({ versionId }) => versionId));
  for (const id of Object.keys(draft.versions)) if (!marked.has(id)) delete draft.versions[id];
  return true;
};
