import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areStages, areVersions, mustBelong, notAState, whyForeign } from '../src/belongs.ts';
import {
  awsSecretsManager,
  createSecret,
  createVersion,
  explain,
  huaweiCsms,
  parseAction,
  plan,
  planAll,
  type Refusal,
  refusalKind,
  restore,
  type SecretState,
  StageRefusedError,
  tryApplyAll,
  tryAssignStage,
  tryCreateSecret,
  tryCreateVersion,
  tryPruneDeprecated,
  tryReduce,
  tryRemoveStage,
  tryRestore,
  tryScheduleDeletion,
  trySetStatus,
} from '../src/index.ts';
import { property } from './property.ts';
import { unsafe } from './unsafe.ts';

const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
const pending = { ...two, status: 'PENDING_DELETE', scheduledDeleteTime: 2000 };

/** What a caller without types may pass. */
const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    withObjectString: true,
    withSparseArray: true,
    withTypedArray: true,
    withUnicodeString: true,
  }),
  fc.constantFrom<unknown>(
    Symbol('\u202e'),
    Symbol.iterator,
    () => two,
    class {},
    Object.create(null),
    new Proxy({}, {}),
  ),
  fc.constantFrom<unknown>(two, two.stages, two.versions, 'v1', 'v2', 'SYSCURRENT', 'huawei-csms', 'ENABLED', 1000),
);

/** A state with anything in any of its fields, its stages or its versions. */
const almostState: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 1, arbitrary: anything },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(...Object.keys(two)), anything)
      .map(([field, value]) => ({ ...two, [field]: value })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(anything, fc.constantFrom('name', 'versionId', 'updateTime'), anything)
      .chain(([other, field, value]) =>
        fc.shuffledSubarray([other, { ...two.stages[0], [field]: value }, ...two.stages], { minLength: 1 }),
      )
      .map((stages) => ({ ...two, stages })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(anything, fc.constantFrom('id', 'createTime', 'ordinal', 'fingerprint'), anything)
      .map(([v1, field, value]) => ({ ...two, versions: { v1, v2: { ...two.versions['v2'], [field]: value } } })),
  },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(two, pending) },
);

const type = fc.constantFrom(
  'createVersion',
  'assignStage',
  'removeStage',
  'pruneDeprecated',
  'scheduleDeletion',
  'restore',
  'setStatus',
);
const valueOr = (...values: readonly unknown[]) =>
  fc.oneof({ weight: 1, arbitrary: anything }, { weight: 8, arbitrary: fc.constantFrom(...values) });

/** A request, or an action if it has a type, with anything in any of its fields. */
const almostAction: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 1, arbitrary: anything },
  {
    weight: 9,
    arbitrary: fc.record(
      {
        type: fc.oneof({ weight: 1, arbitrary: anything }, { weight: 9, arbitrary: type }),
        name: valueOr('db'),
        at: valueOr(1000, 2000, 864e13),
        stage: valueOr('SYSCURRENT', 'canary'),
        versionId: valueOr('v1', 'v2', 'v9'),
        from: valueOr(null, 'v1', 'v2'),
        stages: valueOr([], ['canary'], ['SYSCURRENT', null], undefined),
        fingerprint: valueOr('a', undefined),
        keep: valueOr(0, 1),
        createdBefore: valueOr(0, 2000),
        recoveryWindowInDays: valueOr(7),
        status: valueOr('ENABLED', 'FROZEN'),
      },
      { requiredKeys: ['type', 'at', 'stage', 'versionId', 'status'] },
    ),
  },
);

const operations = {
  tryCreateVersion,
  tryAssignStage,
  tryRemoveStage,
  tryPruneDeprecated,
  tryScheduleDeletion,
  tryRestore,
  trySetStatus,
  tryReduce,
  plan,
};

/** That a refusal is plain data with a sentence that ends in one full stop, and that anything else is an outcome. */
const expectOutcome = (outcome: { readonly refusal?: Refusal; readonly state?: unknown }) => {
  const { refusal, state } = outcome;
  if (refusal === undefined) return expect(state).toBeTypeOf('object');
  expect(explain(refusal)).toMatch(/[^.]\.$/);
  expect(explain(refusal)).not.toMatch(unsafe);
  return expect(refusalKind(refusal.code)).toBeTypeOf('string');
};

for (const [name, operation] of Object.entries(operations)) {
  property([almostState, almostAction])(
    `${name} never throws, whatever the state and the request are`,
    (state, request) => {
      expectOutcome(Reflect.apply(operation, null, [state, request]));
    },
  );
}

property([almostAction])('tryCreateSecret never throws, whatever the request is', (request) => {
  expectOutcome(Reflect.apply(tryCreateSecret, null, [request]));
});

property([almostState, fc.oneof(anything, fc.array(almostAction, { maxLength: 4 }))])(
  'tryApplyAll and planAll never throw, whatever the state and the actions are',
  (state, actions) => {
    const outcome = Reflect.apply(tryApplyAll, null, [state, actions]);
    expectOutcome(outcome);
    if (!outcome.ok) expect(outcome.index).toBeTypeOf('number');
    for (const planned of Reflect.apply(planAll, null, [state, actions])) expectOutcome(planned);
  },
);

property([almostAction])('parseAction never throws, and tryReduce takes what it returns', (input) => {
  const parsed = parseAction(input);
  expectOutcome(parsed.ok ? tryReduce(two, parsed.action) : parsed);
});

/** A state that a caller without types has changed. */
const changed = (changes: object): SecretState => Object.assign({ ...two }, changes);

test.each([
  [undefined],
  [null],
  ['huawei-csms'],
  [{}],
  [{ ok: true, state: two }],
  [changed({ dialect: 5 })],
  [changed({ versions: null })],
  [changed({ stages: { 0: two.stages[0] } })],
  [changed({ status: undefined })],
])('whyForeign refuses %j, which is not a state', (state) => {
  const refusal = { code: 'INVALID_STATE', problems: [{ path: 'state', expected: expect.any(String) }] };
  expect(Reflect.apply(whyForeign, null, [state, huaweiCsms])).toEqual(refusal);
  expect(Reflect.apply(tryReduce, null, [state, { type: 'restore', at: 0 }])).toEqual({ ok: false, refusal });
  expect(Reflect.apply(tryApplyAll, null, [state, []])).toEqual({ ok: false, index: 0, refusal });
  expect(Reflect.apply(plan, null, [state, { type: 'restore', at: 0 }])).toEqual({ allowed: false, refusal });
  expect(Reflect.apply(planAll, null, [state, []])).toEqual([{ allowed: false, refusal }]);
  expect(() => Reflect.apply(restore, null, [state, { at: 0 }])).toThrow(
    'INVALID_STATE: This is not a secret: state must be what createSecret or parseSecretState returned.',
  );
});

test.each([
  [changed({ versionsMade: '2' })],
  [changed({ versionsMade: Symbol('2') })],
  [changed({ lastNumber: undefined })],
  [changed({ lastNumber: 2n })],
])('createVersion refuses a state without the counts that it needs', (state) => {
  const refusal = { code: 'INVALID_STATE', problems: [{ path: 'state', expected: expect.any(String) }] };
  expect(tryCreateVersion(state, { at: 5000 })).toEqual({ ok: false, refusal });
  expect(tryApplyAll(state, [{ type: 'createVersion', at: 5000 }])).toEqual({ ok: false, index: 0, refusal });
});

test('whyForeign refuses a state of another dialect, and mustBelong throws the refusal', () => {
  const refusal = { code: 'WRONG_DIALECT', stateDialect: 'huawei-csms', dialect: 'aws-secrets-manager' };
  expect(whyForeign(two, awsSecretsManager)).toEqual(refusal);
  expect(() => mustBelong(two, awsSecretsManager)).toThrow(expect.objectContaining({ refusal }));
  expect(() => mustBelong(changed({ stages: 5 }), huaweiCsms)).toThrow(StageRefusedError);
  expect(whyForeign(two, huaweiCsms)).toBeUndefined();
  expect(mustBelong(two, huaweiCsms)).toBeUndefined();
});

test('areStages and areVersions check each element', () => {
  const [stage] = two.stages;
  for (const bad of [null, undefined, 'v1', {}, { ...stage, name: 5 }, { ...stage, versionId: null }]) {
    expect(Reflect.apply(areStages, null, [[stage, bad]])).toBe(false);
  }
  const version = two.versions['v1'];
  for (const bad of [null, undefined, 'v1', {}, { ...version, createTime: 0n }, { ...version, ordinal: '1' }]) {
    expect(Reflect.apply(areVersions, null, [[version, bad]])).toBe(false);
  }
  expect(areStages(two.stages)).toBe(true);
  expect(areVersions(Object.values(two.versions))).toBe(true);
});

const unsound = { ok: false, refusal: notAState };

test('operations refuse a state with an invalid stage if they read it', () => {
  for (const bad of [
    null,
    { name: Symbol('canary'), versionId: 'v1' },
    { name: 'canary', versionId: Object.create(null) },
  ]) {
    const state = changed({ stages: [...two.stages, bad] });
    expect(tryCreateVersion(state, { at: 2000 })).toEqual(unsound);
    expect(tryAssignStage(state, { stage: 'blue', versionId: 'v1', at: 2000 })).toEqual(unsound);
    expect(tryRemoveStage(state, { stage: 'blue', at: 2000 })).toEqual(unsound);
    expect(tryPruneDeprecated(state)).toEqual(unsound);
    // A move of a stage that exists reads no other, and the effects of a plan read them all.
    const move = { stage: 'SYSCURRENT', versionId: 'v1', at: 2000 };
    expect(tryAssignStage(state, move).ok).toBe(true);
    expect(plan(state, { type: 'assignStage', ...move })).toEqual({ allowed: false, refusal: notAState });
  }
});

test('operations refuse a state with an invalid version if they read it', () => {
  for (const bad of [null, 'v3', { id: 'v3', createTime: Symbol('0'), ordinal: 3 }]) {
    const state = changed({ versions: { ...two.versions, mine: bad } });
    expect(tryPruneDeprecated(state, { keep: 1 })).toEqual(unsound);
    expect(plan(state, { type: 'createVersion', at: 2000 })).toEqual({ allowed: false, refusal: notAState });
    const full = Object.fromEntries(Array.from({ length: 19 }, (_, index) => [`x${index}`, two.versions['v1']]));
    expect(tryCreateVersion(changed({ versions: { ...full, mine: bad } }), { at: 2000 })).toEqual(unsound);
  }
});

const required = (field: string, rule: string) => ({ code: 'INVALID_VALUE', field, rule, found: 'nothing' });
const isTime = 'epoch milliseconds as a number';

test.each([undefined, null])('operations refuse %s as a request, because it has no time', (request) => {
  const refusal = required('at', isTime);
  for (const operation of [tryCreateVersion, tryAssignStage, tryRemoveStage, tryScheduleDeletion, trySetStatus]) {
    expect(Reflect.apply(operation, null, [two, request])).toEqual({ ok: false, refusal });
  }
  expect(Reflect.apply(tryRestore, null, [pending, request])).toEqual({ ok: false, refusal });
  expect(Reflect.apply(tryCreateSecret, null, [request])).toEqual({ ok: false, refusal });
});

test.each([
  [undefined, 'nothing'],
  [null, 'null'],
  [5, 'a number'],
  ['restore', 'a string of 7 characters'],
  [{ length: 0 }, 'an object'],
])('tryApplyAll and planAll refuse %j, which is not a list of actions', (actions, found) => {
  const refusal = { code: 'INVALID_VALUE', field: 'actions', rule: 'a list of actions', found };
  expect(Reflect.apply(tryApplyAll, null, [two, actions])).toEqual({ ok: false, index: 0, refusal });
  expect(Reflect.apply(planAll, null, [two, actions])).toEqual([{ allowed: false, refusal }]);
});

test('operations do not catch an error that a getter throws', () => {
  const own = new Error('Out of reach.');
  const fails = (field: string) =>
    Object.defineProperty({}, field, {
      enumerable: true,
      get: () => {
        throw own;
      },
    });
  for (const operation of Object.values(operations)) {
    expect(() => Reflect.apply(operation, null, [fails('dialect'), {}])).toThrow(own);
  }
  for (const operation of [tryCreateVersion, tryAssignStage, tryRemoveStage]) {
    expect(() => Reflect.apply(operation, null, [two, fails('at')])).toThrow(own);
  }
  for (const operation of [tryReduce, plan]) {
    expect(() => Reflect.apply(operation, null, [two, fails('type')])).toThrow(own);
  }
  expect(() => Reflect.apply(tryCreateSecret, null, [fails('name')])).toThrow(own);
  expect(() => Reflect.apply(tryApplyAll, null, [two, [fails('type')]])).toThrow(own);
  expect(() => parseAction(fails('type'))).toThrow(own);
});
