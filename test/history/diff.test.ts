import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diff } from '../../src/history/index.ts';
import {
  applyAll,
  awsSecretsManager,
  createSecret,
  createVersion,
  defineDialect,
  explain,
  huaweiCsms,
  type SecretState,
  scheduleDeletion,
  stagesOf,
} from '../../src/index.ts';
import { property } from '../property.ts';
import { recorded } from './arbitraries.ts';

test('diff returns the effects of many actions in one list, the smallest first', () => {
  const before = applyAll(createSecret({ name: 'db', at: 0 }), [
    { type: 'createVersion', at: 1 },
    { type: 'createVersion', at: 2, stages: ['canary'] },
    { type: 'createVersion', at: 3, stages: [] },
    { type: 'assignStage', stage: 'blue', versionId: 'v1', at: 4 },
  ]);
  const after = applyAll(before, [
    { type: 'pruneDeprecated' },
    { type: 'createVersion', at: 5, stages: ['green'] },
    { type: 'removeStage', stage: 'canary', at: 6 },
    { type: 'assignStage', stage: 'SYSPREVIOUS', versionId: 'v2', at: 7 },
    { type: 'assignStage', stage: 'blue', versionId: 'v1', at: 8 },
    { type: 'setStatus', status: 'DISABLED', at: 9 },
  ]);
  expect(diff(before, after)).toEqual([
    { type: 'stageRefreshed', stage: 'blue', on: 'v1', at: 8 },
    { type: 'stageMoved', stage: 'SYSPREVIOUS', from: 'v1', to: 'v2', at: 7 },
    { type: 'stageAdded', stage: 'green', to: 'v5', at: 5 },
    { type: 'stageRemoved', stage: 'canary', from: 'v3' },
    { type: 'versionDeprecated', versionId: 'v3' },
    { type: 'versionCreated', versionId: 'v5', at: 5 },
    { type: 'versionPruned', versionId: 'v4' },
    { type: 'statusChanged', from: 'ENABLED', to: 'DISABLED', scheduledDeleteTime: null },
  ]);
});

/** Who holds what, and what is there: the secret as its board shows it. */
const boardOf = (state: SecretState) => Object.keys(state.versions).map((id) => [id, stagesOf(state, id)] as const);

property([recorded({ length: fc.constant(1000) }), fc.nat(), fc.nat()])(
  'diff reports the differences between any two states of a history, in both directions',
  ({ states }, one, other) => {
    const all = [...states.values()];
    const [before, after] = [all[one % all.length], all[other % all.length]];
    if (!before || !after) return;
    const board = new Map(boardOf(before).map(([id, stages]) => [id, new Set(stages)]));
    // Versions first: a stage moves to a version that is there.
    for (const effect of diff(before, after).toReversed()) {
      if (effect.type === 'versionCreated') board.set(effect.versionId, new Set());
      if (effect.type === 'stageAdded' || effect.type === 'stageMoved') board.get(effect.to)?.add(effect.stage);
      if (effect.type === 'stageRemoved' || effect.type === 'stageMoved') board.get(effect.from)?.delete(effect.stage);
      if (effect.type === 'versionPruned') board.delete(effect.versionId);
    }
    const drawn = [...board].map(([id, stages]) => [id, [...stages].sort()]);
    expect(new Map(drawn as [string, string[]][])).toEqual(new Map(boardOf(after)));
    expect(diff(after, after)).toEqual([]);
  },
);

test('diff reports that a version got its value, and the reverse', () => {
  const waits = defineDialect(huaweiCsms, { versions: { mayAwaitValue: true } });
  const one = createSecret({ name: 'db', at: 0 }, waits);
  const before = createVersion(one, { at: 1, stages: ['canary'], withoutValue: true }, waits);
  const after = createVersion(before, { at: 2, versionId: 'v2', stages: [], fingerprint: 'a' }, waits);
  expect(diff(one, before)[1]).toEqual({ type: 'versionCreated', versionId: 'v2', at: 1, withoutValue: true });
  expect(diff(before, after)).toEqual([{ type: 'versionFilled', versionId: 'v2', fingerprint: 'a' }]);
  expect(diff(after, before)).toEqual([{ type: 'versionEmptied', versionId: 'v2' }]);
  expect(diff(after, before).map(explain)).toEqual(['Version "v2" has no value any more.']);
});

test('diff reports a deletion on another day', () => {
  const due = (recoveryWindowInDays: number) =>
    scheduleDeletion(createSecret({ name: 'db', at: 0 }), { at: 0, recoveryWindowInDays });
  expect(diff(due(7), due(8))).toEqual([
    { type: 'statusChanged', from: 'PENDING_DELETE', to: 'PENDING_DELETE', scheduledDeleteTime: 691_200_000 },
  ]);
});

test('diff refuses states of two secrets', () => {
  expect(() => diff(createSecret({ name: 'db', at: 0 }), createSecret({ name: 'api', at: 0 }))).toThrow(
    expect.objectContaining({
      refusal: {
        code: 'INVALID_VALUE',
        field: 'after',
        found: 'the string "api"',
        rule: 'a state of the same secret, "db"',
      },
    }),
  );
});

test('diff refuses states of two dialects', () => {
  const aws = createSecret({ name: 'db', at: 0 }, awsSecretsManager);
  expect(() => diff(createSecret({ name: 'db', at: 0 }), aws)).toThrow(
    expect.objectContaining({
      refusal: { code: 'WRONG_DIALECT', stateDialect: 'aws-secrets-manager', dialect: 'huawei-csms' },
    }),
  );
});

test('diff refuses a value that is not a state, as either argument', () => {
  const state = createSecret({ name: 'db', at: 0 });
  for (const pair of [
    [null, state],
    [state, null],
    [{ name: 'db', dialect: 'huawei-csms' }, state],
  ]) {
    expect(() => Reflect.apply(diff, null, pair)).toThrow('INVALID_STATE: This is not a secret');
  }
});
