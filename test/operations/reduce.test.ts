import { beforeEach, expect, test } from 'vitest';
import {
  alibabaKms,
  applyAll,
  awsSecretsManager,
  createSecret,
  createVersion,
  defineDialect,
  googleSecretManager,
  huaweiCsms,
  plan,
  planAll,
  pruneDeprecated,
  reduce,
  removeStage,
  restore,
  type SecretAction,
  type SecretState,
  StageRefusedError,
  scheduleDeletion,
  setStatus,
  stageOf,
  stagesOf,
  tryApplyAll,
  tryAssignStage,
  tryCreateVersion,
  tryPruneDeprecated,
  tryReduce,
  tryRemoveStage,
  tryRestore,
  tryScheduleDeletion,
  trySetStatus,
  versionsByAge,
} from '../../src/index.ts';
import { expectFrozen, expectLoose } from '../expect-frozen.ts';
import { expectLinear } from '../work.ts';

let one: SecretState;
let two: SecretState;
let pending: SecretState;
beforeEach(() => {
  one = createSecret({ name: 'db', at: 0 });
  two = createVersion(one, { at: 1000, stages: ['canary'] });
  pending = scheduleDeletion(two, { at: 2000 });
});

test('reduce does the same as the operation of the action', () => {
  expect(reduce(one, { type: 'createVersion', at: 1000, stages: ['canary'] })).toEqual(two);
  expect(stagesOf(reduce(two, { type: 'assignStage', stage: 'canary', versionId: 'v1', at: 2000 }), 'v1')).toContain(
    'canary',
  );
  const bare = removeStage(two, { stage: 'canary', at: 2000 });
  expect(reduce(two, { type: 'removeStage', stage: 'canary', at: 2000 })).toEqual(bare);
  expect(reduce(bare, { type: 'pruneDeprecated' })).toEqual(pruneDeprecated(bare));
  expect(reduce(two, { type: 'scheduleDeletion', at: 2000 })).toEqual(pending);
  expect(reduce(pending, { type: 'restore', at: 3000 })).toEqual(restore(pending, { at: 3000 }));
  expect(reduce(two, { type: 'setStatus', status: 'FROZEN', at: 3000 })).toEqual(
    setStatus(two, { status: 'FROZEN', at: 3000 }),
  );
});

test('reduce uses the dialect that it is given', () => {
  const narrow = defineDialect(huaweiCsms, { stages: { limit: 2 } });
  const action: SecretAction = { type: 'assignStage', stage: 'blue', versionId: 'v1', at: 2000 };
  expect(tryReduce(two, action).ok).toBe(true);
  expect(tryReduce(two, action, narrow)).toMatchObject({ ok: false, refusal: { code: 'STAGE_LIMIT', limit: 2 } });
  expect(() => reduce(two, action, narrow)).toThrow('STAGE_LIMIT');
  expect(tryApplyAll(two, [action], narrow)).toMatchObject({ ok: false, index: 0 });
  expect(() => applyAll(two, [action], narrow)).toThrow('STAGE_LIMIT');
});

const known = [
  'createVersion',
  'assignStage',
  'removeStage',
  'pruneDeprecated',
  'scheduleDeletion',
  'restore',
  'setStatus',
];
const rule = `one of ${known.join(', ')}`;

test.each([
  [{ type: 'move' }, { code: 'UNKNOWN_ACTION', type: 'move', known }],
  [{ type: 'toString' }, { code: 'UNKNOWN_ACTION', type: 'toString', known }],
  [{}, { code: 'INVALID_VALUE', field: 'type', rule, found: 'nothing' }],
  [null, { code: 'INVALID_VALUE', field: 'type', rule, found: 'nothing' }],
  [{ type: null }, { code: 'INVALID_VALUE', field: 'type', rule, found: 'null' }],
  [{ type: ['restore'] }, { code: 'INVALID_VALUE', field: 'type', rule, found: 'a list' }],
])('tryReduce and tryApplyAll refuse %j, which is not an action', (action, refusal) => {
  expect(Reflect.apply(tryReduce, null, [two, action])).toEqual({ ok: false, refusal });
  expect(Reflect.apply(tryApplyAll, null, [two, [action]])).toEqual({ ok: false, index: 0, refusal });
});

const batch: readonly SecretAction[] = [
  { type: 'assignStage', stage: 'SYSCURRENT', versionId: 'v2', at: 2000 },
  { type: 'removeStage', stage: 'canary', at: 2000 },
  { type: 'removeStage', stage: 'canary', at: 2000 },
];

test('applyAll does all actions of a batch', () => {
  expect(stagesOf(applyAll(two, batch.slice(0, 2)), 'v2')).toEqual(['SYSCURRENT']);
  expect(applyAll(two, [])).toBe(two);
  expect(tryApplyAll(two, [])).toEqual({ ok: true, state: two });
});

test('applyAll does nothing if an action is refused, and returns its index', () => {
  expect(tryApplyAll(two, batch)).toMatchObject({ ok: false, index: 2, refusal: { code: 'UNKNOWN_STAGE' } });
  expect(() => applyAll(two, batch)).toThrow(StageRefusedError);
  expect(() => applyAll(two, batch)).toThrow(expect.objectContaining({ index: 2 }));
});

const moves: readonly SecretAction[] = [
  { type: 'assignStage', stage: 'SYSCURRENT', versionId: 'v1', at: 5000 },
  { type: 'assignStage', stage: 'AAA', versionId: 'v2', at: 6000 },
  { type: 'assignStage', stage: 'AAA', versionId: 'v1', at: 7000 },
];

test('applyAll returns a deeply frozen state with stages sorted by name', () => {
  const after = applyAll(two, moves);
  expectFrozen(after);
  expect(after.stages.map(({ name, versionId }) => `${name} on ${versionId}`)).toEqual([
    'AAA on v1',
    'SYSCURRENT on v1',
    'canary on v2',
  ]);
  expectFrozen(applyAll(two, [...moves, { type: 'createVersion', at: 8000 }, ...moves]));
});

test('applyAll does not freeze a state that it was given', () => {
  const loose = structuredClone(two);
  expect(applyAll(loose, moves).stages).toEqual(applyAll(two, moves).stages);
  expect(loose).toEqual(two);
  expectLoose(loose);
});

test('applyAll refuses with the stages at that point of the batch', () => {
  const outcome = tryApplyAll(
    two,
    [...moves, { type: 'assignStage', stage: 'one-more', versionId: 'v1', at: 9000 }],
    defineDialect(huaweiCsms, { stages: { limit: 3 } }),
  );
  expect(outcome).toMatchObject({
    index: 3,
    refusal: { code: 'STAGE_LIMIT', stage: 'one-more', stages: [{ name: 'AAA', versionId: 'v1' }, {}, {}] },
  });
});

test('reduce and applyAll refuse a secret of another dialect before anything else', () => {
  const refusal = { code: 'WRONG_DIALECT', stateDialect: 'huawei-csms', dialect: 'aws-secrets-manager' };
  for (const type of [
    'createVersion',
    'assignStage',
    'removeStage',
    'pruneDeprecated',
    'scheduleDeletion',
    'restore',
    'setStatus',
    'move',
  ]) {
    const action = Object({ type, at: -1, versionId: '', stage: '', keep: -1 });
    expect(tryReduce(two, action, awsSecretsManager)).toEqual({ ok: false, refusal });
    expect(plan(two, action, awsSecretsManager)).toEqual({ allowed: false, refusal });
    expect(tryApplyAll(two, [action], awsSecretsManager)).toEqual({ ok: false, index: 0, refusal });
  }
  expect(tryReduce(two, Object(undefined), awsSecretsManager)).toEqual({ ok: false, refusal });
  expect(tryApplyAll(two, [], awsSecretsManager)).toEqual({ ok: false, index: 0, refusal });
  expect(planAll(two, [], awsSecretsManager)).toEqual([{ allowed: false, refusal }]);
  expect(() => applyAll(two, [], awsSecretsManager)).toThrow(expect.objectContaining({ refusal, index: 0 }));
});

test.each([
  tryCreateVersion,
  tryAssignStage,
  tryRemoveStage,
  tryPruneDeprecated,
  tryScheduleDeletion,
  tryRestore,
  trySetStatus,
  tryReduce,
  tryApplyAll,
])('%o refuses another dialect before a missing request', (operation) => {
  const refusal = { code: 'WRONG_DIALECT', stateDialect: 'huawei-csms', dialect: 'aws-secrets-manager' };
  expect(Reflect.apply(operation, null, [two, undefined, awsSecretsManager])).toMatchObject({ ok: false, refusal });
});

test('applyAll creates versions with any ids, in linear work', () => {
  const none = createSecret({ name: 'db', at: 0, versionId: null }, googleSecretManager);
  const creations = (size: number): SecretAction[] =>
    Array.from({ length: size }, (_, at) => ({ type: 'createVersion', at }));
  expectLinear((size) => () => applyAll(none, creations(size), googleSecretManager), 100);
  const first = createSecret({ name: 'db', at: 0, versionId: 'first' }, alibabaKms);
  const odd: SecretAction[] = ['__proto__', 'constructor', 'v7'].map((versionId) => ({
    type: 'createVersion',
    at: 1,
    versionId,
  }));
  const batch = applyAll(first, odd, alibabaKms);
  expect(batch).toEqual(odd.reduce((state, action) => reduce(state, action, alibabaKms), first));
  expect(versionsByAge(batch).map(({ id }) => id)).toEqual(['first', '__proto__', 'constructor', 'v7']);
  expectFrozen(batch);
});

test('applyAll freezes only what it creates, and not the data of the caller', () => {
  const data: SecretState = JSON.parse(JSON.stringify(two));
  const next = applyAll(data, [
    { type: 'createVersion', at: 5000, stages: ['canary'] },
    { type: 'createVersion', at: 5000, stages: [] },
    { type: 'assignStage', stage: 'canary', versionId: 'v1', at: 6000 },
  ]);
  expect(data).toEqual(two);
  expect(Object.isFrozen(data.stages[0])).toBe(false);
  expect(Object.isExtensible(data.versions)).toBe(true);
  const made = [next, next.versions, next.stages, stageOf(next, 'canary'), next.versions['v3']];
  for (const part of made) expect(Object.isFrozen(part)).toBe(true);
});
