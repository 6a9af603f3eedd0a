// @ts-check
import { produce } from 'immer';
import { assignStage, createSecret, createVersion, tryAssignStage } from 'secret-stages';

/**
 * One secret that takes moves, one after the other. `move` says whether a move was accepted.
 *
 * @typedef {{ stage: string, versionId: string, at: number }} Move
 * @typedef {Map<string, { versionId: string, updateTime: number }>} Board
 * @typedef {{ move: (move: Move) => boolean, board: () => Board }} Contender
 */

/** The secret that all start from: twelve stages on twenty versions. */
const start = (() => {
  const versions = Array.from({ length: 19 }, (_, index) => index + 1);
  const many = versions.reduce((state, at) => createVersion(state, { at }), createSecret({ name: 'db', at: 0 }));
  const names = Array.from({ length: 10 }, (_, index) => `stage-${index}`);
  return names.reduce((state, stage, index) => assignStage(state, { stage, versionId: `v${index + 1}`, at: 20 }), many);
})();

const namePattern = /^[\w-]{1,64}$/;
const isTime = (/** @type {number} */ at) => Number.isInteger(at) && 1 / at > 0 && at <= 864e13;

/** @type {() => Contender} The limit: a table changed in place, with the same checks and nothing kept of the past. */
const mutable = () => {
  const status = String(start.status);
  const versions = new Set(Object.keys(start.versions));
  const stages = new Map(start.stages.map((stage) => [stage.name, { ...stage }]));
  return {
    move: ({ stage, versionId, at }) => {
      if (status !== 'ENABLED' || !isTime(at)) return false;
      const held = stages.get(stage);
      if (held === undefined && !namePattern.test(stage)) return false;
      if (!versions.has(versionId)) return false;
      if (held === undefined) {
        if (stages.size >= 12) return false;
        stages.set(stage, { name: stage, versionId, updateTime: at });
      } else {
        held.versionId = versionId;
        held.updateTime = at;
      }
      return true;
    },
    board: () =>
      new Map([...stages.values()].map(({ name, versionId, updateTime }) => [name, { versionId, updateTime }])),
  };
};

/** @type {() => Contender} */
const secretStages = () => {
  let state = start;
  return {
    move: (move) => {
      const outcome = tryAssignStage(state, move);
      if (outcome.ok) state = outcome.state;
      return outcome.ok;
    },
    board: () => new Map(state.stages.map(({ name, versionId, updateTime }) => [name, { versionId, updateTime }])),
  };
};

/** What one first writes with immer: a record of stages and a record of versions. */
const records = () => ({
  status: String(start.status),
  versions: Object.fromEntries(Object.entries(start.versions).map(([id, version]) => [id, { ...version }])),
  stages: Object.fromEntries(start.stages.map(({ name, versionId, updateTime }) => [name, { versionId, updateTime }])),
});

/** @typedef {ReturnType<typeof records>} Records */

/** @type {(recipe: (state: Records, move: Move) => Records) => () => Contender} */
const onRecords = (recipe) => () => {
  let state = produce(records(), () => {});
  return {
    move: (move) => {
      const next = recipe(state, move);
      const accepted = next !== state;
      state = next;
      return accepted;
    },
    board: () => new Map(Object.entries(state.stages)),
  };
};

/** Checks and changes the draft, with `in` and a count of the keys: no thought spent on what a draft costs. */
const immerNaive = onRecords((state, { stage, versionId, at }) =>
  produce(state, (draft) => {
    if (draft.status !== 'ENABLED' || !isTime(at)) return;
    if (!(versionId in draft.versions)) return;
    if (!(stage in draft.stages)) {
      if (!namePattern.test(stage) || Object.keys(draft.stages).length >= 12) return;
    }
    draft.stages[stage] = { versionId, updateTime: at };
  }),
);

/** The same, safe against hostile names: hasOwn on the draft, and the keys counted only where a stage is new. */
const immerFair = onRecords((state, { stage, versionId, at }) =>
  produce(state, (draft) => {
    if (draft.status !== 'ENABLED' || !isTime(at)) return;
    if (!Object.hasOwn(draft.versions, versionId)) return;
    if (!Object.hasOwn(draft.stages, stage)) {
      if (!namePattern.test(stage) || Object.keys(draft.stages).length >= 12) return;
    }
    draft.stages[stage] = { versionId, updateTime: at };
  }),
);

/** All checks on the frozen base, and the draft touched once, to replace one leaf. */
const immerTuned = onRecords((state, { stage, versionId, at }) => {
  if (state.status !== 'ENABLED' || !isTime(at)) return state;
  if (!Object.hasOwn(state.versions, versionId)) return state;
  if (!Object.hasOwn(state.stages, stage)) {
    if (!namePattern.test(stage) || Object.keys(state.stages).length >= 12) return state;
  }
  return produce(state, (draft) => {
    draft.stages[stage] = { versionId, updateTime: at };
  });
});

/** @type {Readonly<Record<string, () => Contender>>} */
export const contenders = {
  'mutable table, the limit': mutable,
  'secret-stages': secretStages,
  'immer, tuned': immerTuned,
  'immer, fair': immerFair,
  'immer, naive': immerNaive,
};

/**
 * What is measured: moves that each contender makes in a circle. Every move takes its stage to another version.
 *
 * @type {Readonly<Record<string, readonly Move[]>>}
 */
export const circles = {
  'a move to another version': Array.from({ length: 100 }, (_, turn) => ({
    stage: `stage-${turn % 10}`,
    versionId: `v${1 + ((3 * Math.floor(turn / 10) + turn + 5) % 20)}`,
    at: 1_581_507_580_000 + turn,
  })),
  'a refused move, to a version that is not there': Array.from({ length: 100 }, (_, turn) => ({
    stage: `stage-${turn % 10}`,
    versionId: `w${turn}`,
    at: 1_581_507_580_000 + turn,
  })),
};
