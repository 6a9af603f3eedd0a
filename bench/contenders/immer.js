// @ts-check
import '../production.js';
import { freeze, produce } from 'immer';
import {
  copyOf,
  isStageName,
  isTime,
  mostVersions,
  nextVersion,
  oldestDeprecated,
  refused,
  rules,
} from './contender.js';
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
 * @typedef {import('./contender.js').SecretState} SecretState
 * @typedef {import('./contender.js').Move} Move
 * @typedef {import('./contender.js').Stage} Stage
 * @typedef {import('./records.js').Records} Records
 */

/**
 * Runs a recipe that returns whether it accepts. If it refuses, its changes are dropped.
 *
 * @type {<State>(state: State, recipe: (draft: import('immer').Draft<State>) => boolean) => import('./contender.js').Outcome<State>}
 */
const attempt = (state, recipe) => {
  let isAccepted = false;
  const next = produce(state, (draft) => {
    isAccepted = recipe(draft);
  });
  return isAccepted ? { ok: true, state: next } : refused;
};

/**
 * A first attempt: the shape of the model, with a list of stages, and every check on the draft. It lacks `hasOwn`, so a version
 * called `constructor` exists.
 *
 * @type {import('./contender.js').Contender<SecretState>}
 */
export const immerNaive = {
  open: (secret) => freeze(copyOf(secret), true),
  move: (state, move) => attempt(state, (draft) => moveInList(draft, move)),
  create: (state, at) =>
    attempt(state, (draft) =>
      createOn(draft, draft.stages, at, (name, versionId) => putInList(draft.stages, name, versionId, at)),
    ),
  prune: (state) => attempt(state, (draft) => pruneOn(draft, draft.stages)),
  batch: (state, moves) => attempt(state, (draft) => moves.every((move) => moveInList(draft, move))),
  board: ({ stages, versions }) => ({ stages, versions: Object.keys(versions) }),
};

/** @type {(draft: import('immer').Draft<SecretState>, move: Move) => boolean} */
const moveInList = (draft, { stage, versionId, at, from }) => {
  if (draft.status !== 'ENABLED' || !isTime(at)) return false;
  const held = draft.stages.find(({ name }) => name === stage);
  if (!held && !isStageName(stage)) return false;
  if (!draft.versions[versionId]) return false;
  if (from !== undefined && from !== (held ? held.versionId : null)) return false;
  if (held) {
    held.versionId = versionId;
    held.updateTime = at;
  } else {
    if (draft.stages.length >= rules.limit) return false;
    draft.stages.push({ name: stage, versionId, updateTime: at });
  }
  return true;
};

/** @type {(stages: import('immer').Draft<Stage>[], name: string, versionId: string, at: number) => void} */
const putInList = (stages, name, versionId, at) => {
  const held = stages.find((stage) => stage.name === name);
  if (held) Object.assign(held, { versionId, updateTime: at });
  else stages.push({ name, versionId, updateTime: at });
};

/**
 * A record of stages: no search, and safe against hostile names. Every check is still on the draft, and a move replaces one leaf.
 *
 * @type {import('./contender.js').Contender<Records>}
 */
export const immerFair = {
  open: (secret) => freeze(recordsOf(secret), true),
  move: (state, move) => attempt(state, (draft) => moveInRecord(draft, move)),
  create: (state, at) =>
    attempt(state, (draft) =>
      createOn(draft, Object.values(draft.stages), at, (name, versionId) => {
        draft.stages[name] = { name, versionId, updateTime: at };
      }),
    ),
  prune: (state) => attempt(state, (draft) => pruneOn(draft, Object.values(draft.stages))),
  batch: (state, moves) => attempt(state, (draft) => moves.every((move) => moveInRecord(draft, move))),
  board: boardOf,
};

/** @type {(draft: import('immer').Draft<Records>, move: Move) => boolean} */
const moveInRecord = (draft, move) => {
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

/**
 * @typedef {Pick<import('immer').Draft<SecretState>, 'status' | 'versions' | 'versionsMade' | 'lastNumber'>} DraftOfEither
 * @type {(draft: DraftOfEither, stages: readonly Stage[], at: number, put: (name: string, versionId: string) => void) => boolean}
 */
const createOn = (draft, stages, at, put) => {
  if (draft.status !== 'ENABLED' || !isTime(at)) return false;
  const holder = stages.find((stage) => stage.name === rules.current)?.versionId;
  const newcomer = holder === undefined ? rules.current : rules.previous;
  if (stages.length >= rules.limit && !stages.some((stage) => stage.name === newcomer)) return false;
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
  put(rules.current, version.id);
  if (holder !== undefined) put(rules.previous, holder);
  return true;
};

/** @type {(draft: DraftOfEither, stages: readonly Stage[]) => true} */
const pruneOn = (draft, stages) => {
  const marked = new Set(stages.map((stage) => stage.versionId));
  for (const id of Object.keys(draft.versions)) if (!marked.has(id)) delete draft.versions[id];
  return true;
};

/**
 * Every check is on the frozen base, and the draft is changed once. It freezes, as secret-stages does.
 *
 * @type {import('./contender.js').Contender<Records>}
 */
export const immerTuned = {
  open: (secret) => freeze(recordsOf(secret), true),
  move: (state, move) => {
    const effect = effectOf(state, state.stages, move);
    if (effect === 'refused') return refused;
    if (effect === 'unchanged') return { ok: true, state };
    const next = produce(state, (draft) => {
      draft.stages[move.stage] = stageAfter(move);
    });
    return { ok: true, state: next };
  },
  create: (state, at) => changed(state, changesOfCreate(state, at)),
  prune: (state) => changed(state, changesOfPrune(state)),
  batch: (state, moves) => changed(state, changesOfBatch(state, moves)),
  board: boardOf,
};

/** @type {(state: Records, changes: Partial<Records> | undefined) => import('./contender.js').Outcome<Records>} */
const changed = (state, changes) => {
  if (!changes) return refused;
  const next = produce(state, (draft) => {
    Object.assign(draft, changes);
  });
  return { ok: true, state: next };
};
