import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { type Effect, effectsBetween } from '../src/effect.ts';

import {
  applyAll,
  assignStage,
  createSecret,
  createVersion,
  isDeprecated,
  pruneDeprecated,
  removeStage,
  type SecretState,
  scheduleDeletion,
  stagesOf,
  tryReduce,
} from '../src/index.ts';
import { action, lived } from './arbitraries.ts';
import { property } from './property.ts';

let one: SecretState;
let two: SecretState;
beforeEach(() => {
  one = createSecret({ name: 'db', at: 0 });
  two = createVersion(one, { at: 1000 });
});

test('effectsBetween reports the version and the stage of a new secret', () => {
  expect(effectsBetween(undefined, one)).toEqual([
    { type: 'versionCreated', versionId: 'v1', at: 0 },
    { type: 'stageAdded', stage: 'SYSCURRENT', to: 'v1', at: 0 },
  ]);
});

test('effectsBetween reports moved stages and the versions that become deprecated', () => {
  expect(effectsBetween(two, createVersion(two, { at: 2000 }))).toEqual([
    { type: 'versionCreated', versionId: 'v3', at: 2000 },
    { type: 'stageMoved', stage: 'SYSCURRENT', from: 'v2', to: 'v3', at: 2000 },
    { type: 'stageMoved', stage: 'SYSPREVIOUS', from: 'v1', to: 'v2', at: 2000 },
    { type: 'versionDeprecated', versionId: 'v1' },
  ]);
});

test('effectsBetween reports a new version without a stage as deprecated, and revived by a stage', () => {
  const three = createVersion(two, { at: 2000, stages: [] });
  expect(effectsBetween(two, three)).toEqual([
    { type: 'versionCreated', versionId: 'v3', at: 2000 },
    { type: 'versionDeprecated', versionId: 'v3' },
  ]);
  const revived = assignStage(three, { stage: 'canary', versionId: 'v3', at: 3000 });
  expect(effectsBetween(three, revived)).toEqual([
    { type: 'stageAdded', stage: 'canary', to: 'v3', at: 3000 },
    { type: 'versionRevived', versionId: 'v3' },
  ]);
  expect(effectsBetween(revived, removeStage(revived, { stage: 'canary', at: 3000 }))).toEqual([
    { type: 'stageRemoved', stage: 'canary', from: 'v3' },
    { type: 'versionDeprecated', versionId: 'v3' },
  ]);
  expect(effectsBetween(three, pruneDeprecated(three))).toEqual([{ type: 'versionPruned', versionId: 'v3' }]);
});

test('effectsBetween reports each deprecated or revived version once, and no deleted one', () => {
  const marked = applyAll(two, [
    { type: 'createVersion', at: 2000, stages: ['blue', 'green', 'red'] },
    { type: 'createVersion', at: 3000, stages: [] },
  ]);
  const swapped = applyAll(marked, [
    { type: 'assignStage', stage: 'green', versionId: 'v4', at: 4000 },
    { type: 'removeStage', stage: 'blue', at: 4000 },
    { type: 'assignStage', stage: 'red', versionId: 'v4', at: 4000 },
  ]);
  expect(effectsBetween(marked, swapped)).toEqual([
    { type: 'stageMoved', stage: 'green', from: 'v3', to: 'v4', at: 4000 },
    { type: 'stageMoved', stage: 'red', from: 'v3', to: 'v4', at: 4000 },
    { type: 'stageRemoved', stage: 'blue', from: 'v3' },
    { type: 'versionRevived', versionId: 'v4' },
    { type: 'versionDeprecated', versionId: 'v3' },
  ]);
  expect(effectsBetween(marked, pruneDeprecated(swapped))).toEqual([
    { type: 'versionPruned', versionId: 'v3' },
    { type: 'stageMoved', stage: 'green', from: 'v3', to: 'v4', at: 4000 },
    { type: 'stageMoved', stage: 'red', from: 'v3', to: 'v4', at: 4000 },
    { type: 'stageRemoved', stage: 'blue', from: 'v3' },
    { type: 'versionRevived', versionId: 'v4' },
  ]);
});

test('effectsBetween reports a stage with a new time as refreshed, and nothing for equal states', () => {
  const refreshed = assignStage(two, { stage: 'SYSCURRENT', versionId: 'v2', at: 2000 });
  expect(effectsBetween(two, refreshed)).toEqual([{ type: 'stageRefreshed', stage: 'SYSCURRENT', on: 'v2', at: 2000 }]);
  expect(effectsBetween(two, two)).toEqual([]);
  expect(effectsBetween(two, scheduleDeletion(two, { at: 0 }))).toEqual([
    { type: 'statusChanged', from: 'ENABLED', to: 'PENDING_DELETE', scheduledDeleteTime: 2_592_000_000 },
  ]);
});

/** The board of a secret: each version with its stages. */
type Board = Map<string, Set<string>>;

const boardOf = (state: SecretState): Board =>
  new Map(Object.keys(state.versions).map((id) => [id, new Set(stagesOf(state, id))]));

const happen = (board: Board, effect: Effect): void => {
  if (effect.type === 'versionCreated') board.set(effect.versionId, new Set());
  if (effect.type === 'versionPruned') board.delete(effect.versionId);
  if ('stage' in effect && 'from' in effect) board.get(effect.from)?.delete(effect.stage);
  if ('stage' in effect && 'to' in effect) board.get(effect.to)?.add(effect.stage);
};

property([lived, fc.array(action, { maxLength: 5 })])(
  'effectsBetween reports every difference between two boards, and which versions were deprecated or revived',
  ({ state, dialect }, actions) => {
    const after = actions.reduce((state, action) => {
      const outcome = tryReduce(state, action, dialect);
      return outcome.ok ? outcome.state : state;
    }, state);
    const effects = effectsBetween(state, after);
    const board = boardOf(state);
    for (const effect of effects) happen(board, effect);
    expect(board).toEqual(boardOf(after));
    for (const id of Object.keys(after.versions)) {
      const was = isDeprecated(state, id);
      const is = isDeprecated(after, id);
      const told = effects.filter((effect) => 'versionId' in effect && effect.versionId === id).map(({ type }) => type);
      expect(told.includes('versionDeprecated')).toBe(is && !was);
      expect(told.includes('versionRevived')).toBe(was && !is);
    }
  },
);

test('effectsBetween reports a postponed deletion, which no operation does', () => {
  const waiting = scheduleDeletion(two, { at: 2000 });
  const scheduledDeleteTime = Number(waiting.scheduledDeleteTime) + 1;
  expect(effectsBetween(waiting, { ...waiting, scheduledDeleteTime })).toEqual([
    { type: 'statusChanged', from: 'PENDING_DELETE', to: 'PENDING_DELETE', scheduledDeleteTime },
  ]);
});
