// @ts-check
// A secret as plain records, with the checks of each operation. Shared by the contenders that differ only in how they make the
// next state.
import {
  byId,
  copyOf,
  isMarkedBy,
  isStageName,
  isTime,
  mostVersions,
  nextVersion,
  oldestDeprecated,
  rules,
} from './contender.js';

/**
 * @typedef {import('./contender.js').SecretState} SecretState
 * @typedef {Readonly<Record<string, import('./contender.js').Stage>>} Stages
 * @typedef {Omit<SecretState, 'stages'> & { readonly stages: Stages }} Records
 */

/** @type {(secret: SecretState) => Records} Copies the frozen secret, not a copy of it, for the reason at `copyOf`. */
export const recordsOf = (secret) => {
  const { versions, stages } = copyOf(secret);
  return { ...secret, versions, stages: Object.fromEntries(stages.map((stage) => [stage.name, stage])) };
};

export const boardOf = (/** @type {Records} */ { versions, stages }) => ({
  stages: Object.values(stages),
  versions: Object.keys(versions),
});

/** @type {(move: import('./contender.js').Move) => import('./contender.js').Stage} */
export const stageAfter = ({ stage, versionId, at }) => ({ name: stage, versionId, updateTime: at });

/**
 * Whether a move is refused, changes nothing, or moves a stage. A batch passes the stages that it is making.
 *
 * @type {(state: Records, stages: Stages, move: import('./contender.js').Move) => 'refused' | 'unchanged' | 'moved'}
 */
export const effectOf = ({ status, versions }, stages, { stage, versionId, at, from }) => {
  if (status !== 'ENABLED' || !isTime(at)) return 'refused';
  const held = Object.hasOwn(stages, stage) ? stages[stage] : undefined;
  if (!held && !isStageName(stage)) return 'refused';
  if (!Object.hasOwn(versions, versionId)) return 'refused';
  if (from !== undefined && from !== (held ? held.versionId : null)) return 'refused';
  if (held && held.versionId === versionId && held.updateTime === at) return 'unchanged';
  return held || Object.keys(stages).length < rules.limit ? 'moved' : 'refused';
};

/** @type {(state: Records, moves: readonly import('./contender.js').Move[]) => Pick<Records, 'stages'> | undefined} */
export const changesOfBatch = (state, moves) => {
  const stages = { ...state.stages };
  for (const move of moves) {
    const effect = effectOf(state, stages, move);
    if (effect === 'refused') return undefined;
    if (effect === 'moved') stages[move.stage] = stageAfter(move);
  }
  return { stages };
};

/** @type {(state: Records, at: number) => Pick<Records, 'versions' | 'stages' | 'versionsMade' | 'lastNumber'> | undefined} */
export const changesOfCreate = ({ status, versions, stages, lastNumber }, at) => {
  if (status !== 'ENABLED' || !isTime(at)) return undefined;
  const version = nextVersion(lastNumber, at);
  const { current, previous } = rules;
  const after = { ...stages, [current]: { name: current, versionId: version.id, updateTime: at } };
  const held = Object.hasOwn(stages, current) ? stages[current] : undefined;
  if (held) after[previous] = { name: previous, versionId: held.versionId, updateTime: at };
  if (Object.keys(after).length > rules.limit) return undefined;

  const list = Object.values(versions);
  const isFull = list.length >= mostVersions;
  const oldest = isFull ? oldestDeprecated(list, Object.values(stages)) : undefined;
  if (isFull && !oldest) return undefined;
  return {
    versions: byId([...list.filter((each) => each !== oldest), version]),
    stages: after,
    versionsMade: version.ordinal,
    lastNumber: version.ordinal,
  };
};

export const changesOfPrune = (/** @type {Records} */ { versions, stages }) => ({
  versions: byId(Object.values(versions).filter(isMarkedBy(Object.values(stages)))),
});
