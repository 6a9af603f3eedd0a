import { beforeEach, expect, test } from 'vitest';
import {
  applyAll,
  createSecret,
  createVersion,
  defineDialect,
  explain,
  huaweiCsms,
  type Plan,
  plan,
  planAll,
  type SecretAction,
  type SecretState,
} from '../src/index.ts';

let two: SecretState;
beforeEach(() => {
  two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
});

const told = (plan: Plan) =>
  plan.allowed && { asked: plan.asked.map(({ type }) => type), follows: plan.follows.map(({ type }) => type) };

test.each<[SecretAction, string[], string[]]>([
  [{ type: 'createVersion', at: 2000 }, ['versionCreated', 'stageMoved'], ['stageMoved', 'versionDeprecated']],
  [{ type: 'createVersion', at: 2000, stages: [] }, ['versionCreated'], ['versionDeprecated']],
  [
    { type: 'createVersion', at: 2000, stages: ['SYSPREVIOUS', 'canary'] },
    ['versionCreated', 'stageMoved', 'stageAdded'],
    ['versionDeprecated'],
  ],
  [{ type: 'assignStage', stage: 'SYSCURRENT', versionId: 'v1', at: 2000 }, ['stageMoved'], ['versionDeprecated']],
  [{ type: 'assignStage', stage: 'SYSCURRENT', versionId: 'v2', at: 2000 }, ['stageRefreshed'], []],
  [{ type: 'assignStage', stage: 'SYSCURRENT', versionId: 'v2', at: 1000 }, [], []],
  [{ type: 'scheduleDeletion', at: 2000 }, ['statusChanged'], []],
  [{ type: 'setStatus', status: 'DISABLED', at: 2000 }, ['statusChanged'], []],
  [{ type: 'pruneDeprecated' }, [], []],
])('plan separates what %j requests from its side effects', (action, asked, follows) => {
  expect(told(plan(two, action))).toEqual({ asked, follows });
});

test('plan reports revived and deprecated versions, and versions deleted to make room, as side effects', () => {
  const three = createVersion(two, { at: 2000, stages: ['canary'] });
  expect(told(plan(three, { type: 'removeStage', stage: 'canary', at: 3000 }))).toEqual({
    asked: ['stageRemoved'],
    follows: ['versionDeprecated'],
  });
  const spare = createVersion(two, { at: 2000, stages: [] });
  expect(told(plan(spare, { type: 'assignStage', stage: 'canary', versionId: 'v3', at: 3000 }))).toEqual({
    asked: ['stageAdded'],
    follows: ['versionRevived'],
  });
  expect(told(plan(spare, { type: 'pruneDeprecated' }))).toEqual({ asked: ['versionPruned'], follows: [] });
  const tight = defineDialect(huaweiCsms, { versions: { limit: { most: 3, whenFull: 'drop-oldest-deprecated' } } });
  expect(told(plan(spare, { type: 'createVersion', at: 3000, stages: ['canary'] }, tight))).toEqual({
    asked: ['versionCreated', 'stageAdded'],
    follows: ['versionPruned'],
  });
});

test('plan reports a previous stage that follows as a side effect', () => {
  const following = defineDialect(huaweiCsms, { stages: { previousFollows: 'any-move' } });
  const move: SecretAction = { type: 'assignStage', stage: 'SYSCURRENT', versionId: 'v1', at: 2000 };
  expect(plan(two, move, following)).toMatchObject({
    asked: [{ type: 'stageMoved', stage: 'SYSCURRENT' }],
    follows: [{ type: 'stageMoved', stage: 'SYSPREVIOUS', from: 'v1', to: 'v2' }],
  });
});

test('plan returns the refusal of a refused action', () => {
  const refused = plan(two, { type: 'removeStage', stage: 'SYSCURRENT', at: 2000 });
  expect(refused).toEqual({
    allowed: false,
    refusal: { code: 'BUILT_IN_STAGE', stage: 'SYSCURRENT', versionId: 'v2' },
  });
});

test('planAll plans each action, up to the first refusal', () => {
  const actions: SecretAction[] = [
    { type: 'createVersion', at: 2000, stages: ['canary'] },
    { type: 'assignStage', stage: 'SYSCURRENT', versionId: 'v3', at: 3000 },
    { type: 'pruneDeprecated' },
  ];
  const plans = planAll(two, actions);
  expect(plans).toHaveLength(3);
  const last = plans.at(-1);
  expect(last?.allowed && last.state).toEqual(applyAll(two, actions));

  const stopped = planAll(two, [...actions.slice(0, 2), { type: 'restore', at: 4000 }, { type: 'pruneDeprecated' }]);
  expect(stopped.map(({ allowed }) => allowed)).toEqual([true, true, false]);
  expect(planAll(two, [])).toEqual([]);
});

test('explain turns every effect into a sentence', () => {
  const sentences = planAll(two, [
    { type: 'createVersion', at: 2000 },
    { type: 'pruneDeprecated' },
    { type: 'assignStage', stage: 'canary', versionId: 'v2', at: 3000 },
    { type: 'assignStage', stage: 'canary', versionId: 'v2', at: 4000 },
    { type: 'removeStage', stage: 'canary', at: 5000 },
    { type: 'createVersion', at: 6000, stages: [] },
    { type: 'assignStage', stage: 'blue', versionId: 'v4', at: 7000 },
    { type: 'setStatus', status: 'FROZEN', at: 8000 },
    { type: 'scheduleDeletion', at: 1_581_507_580_000, recoveryWindowInDays: 7 },
  ]).flatMap((step) => (step.allowed ? [...step.asked, ...step.follows].map(explain) : []));
  expect(sentences).toEqual([
    'Version "v3" is created.',
    'Stage "SYSCURRENT" moves from version "v2" to version "v3".',
    'Stage "SYSPREVIOUS" moves from version "v1" to version "v2".',
    'Version "v1" is deprecated: no stage marks it.',
    'Version "v1" is deleted: no stage marked it.',
    'Stage "canary" is added to version "v2".',
    'Stage "canary" stays on version "v2", with a new time.',
    'Stage "canary" is removed from version "v2".',
    'Version "v4" is created.',
    'Version "v4" is deprecated: no stage marks it.',
    'Stage "blue" is added to version "v4".',
    'Version "v4" is no longer deprecated.',
    'The secret is now FROZEN.',
    'The secret is now PENDING_DELETE and will be deleted on 2020-02-19T11:39:40.000Z.',
  ]);
});

test('plan treats `stages: undefined` as omitted', () => {
  const state = createSecret({ name: 'db', at: 0 });
  const action = { type: 'createVersion', at: 1000, stages: undefined } as const;
  const { stages: _, ...without } = action;
  expect(plan(state, action)).toEqual(plan(state, without));
});

test('plan ignores fields that the action does not have', () => {
  const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
  const action: SecretAction = Object.assign({ type: 'createVersion' as const, at: 2000 }, { stage: 'canary' });
  expect(plan(two, action)).toEqual(plan(two, { type: 'createVersion', at: 2000 }));
});
