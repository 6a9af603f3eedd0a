import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import {
  applyAll,
  assignStage,
  awsSecretsManager,
  createSecret,
  createVersion,
  defineDialect,
  googleSecretManager,
  huaweiCsms,
  parseAction,
  parseSecretState,
  type SecretState,
  scheduleDeletion,
  tryApplyAll,
  tryCreateVersion,
} from '../src/index.ts';
import { problemsOf } from '../src/parse.ts';
import { property } from './property.ts';
import { expectLinear } from './work.ts';

let two: SecretState;
beforeEach(() => {
  two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000, versionId: 'mine' });
});
const problemsIn = (input: unknown) => {
  const outcome = parseSecretState(input);
  return outcome.ok || outcome.refusal.code === 'WRONG_DIALECT' ? [] : outcome.refusal.problems;
};

test('parseSecretState returns a frozen copy and does not change the input', () => {
  const input = structuredClone(two);
  const outcome = parseSecretState(input);
  expect(outcome).toEqual({ ok: true, state: two });
  expect(Object.isFrozen(input) || Object.isFrozen(input.stages)).toBe(false);
  expect(problemsIn(scheduleDeletion(two, { at: 2000 }))).toEqual([]);
  expect(problemsIn(createSecret({ name: 'db', at: 0, versionId: 'mine' }))).toEqual([]);
  const turned = (value: object) => Object.fromEntries(Object.entries(value).reverse());
  const shuffled = parseSecretState(turned({ ...two, stages: two.stages.map(turned).reverse() }));
  expect(shuffled.ok && JSON.stringify(shuffled.state)).toBe(JSON.stringify(two));
});

test.each([
  [null, 'null'],
  [undefined, 'nothing'],
  ['hunter2', 'a string of 7 characters'],
  [1, 'a number'],
  [[], 'a list'],
  [[{}], 'a list'],
  [Symbol('hunter2'), 'a symbol'],
])('parseSecretState refuses %o and shows only its kind', (input, found) => {
  expect(problemsIn(input)).toEqual([{ path: 'state', expected: 'an object', found }]);
});

test('parseSecretState reports every problem with its path, and broken laws besides an invalid name', () => {
  const broken = {
    ...two,
    name: 'a b',
    colour: 'blue',
    stages: [...two.stages, { name: 'canary', versionId: 'v9', updateTime: 0 }],
  };
  expect(problemsIn(broken)).toEqual([
    { path: 'state.name', expected: 'text that matches /^[\\w.-]{1,64}$/', found: 'the string "a b"' },
    { path: 'state["colour"]', expected: 'omitted' },
    {
      path: 'state',
      expected: 'a secret that obeys the law stages-mark-versions: Every stage marks a version that exists',
      law: 'stages-mark-versions',
    },
  ]);
});

test('parseSecretState checks no law if the status or the time of deletion is invalid', () => {
  expect(problemsIn({ ...two, status: 'LOST', scheduledDeleteTime: 0.5 })).toEqual([
    { path: 'state.status', expected: 'one of ENABLED, DISABLED, FROZEN, PENDING_DELETE', found: 'the string "LOST"' },
    { path: 'state.scheduledDeleteTime', expected: 'epoch milliseconds as a number or null', found: '0.5' },
  ]);
});

test('parseSecretState checks nothing inside an invalid value, and each value separately', () => {
  for (const one of [
    { status: 'LOST', scheduledDeleteTime: 5 },
    { scheduledDeleteTime: 0.5 },
    { versions: null },
    { versions: { ...two.versions, v9: null } },
    { stages: [{ ...two.stages[0], versionId: '' }] },
    { versionsMade: -1 },
    { lastNumber: -1 },
    { dialect: null },
  ]) {
    expect(problemsIn({ ...two, ...one })).toHaveLength(1);
  }
});

test('parseSecretState cuts the name of an unknown field, and takes numbers up to 1e15', () => {
  const [problem] = problemsIn({ ...two, ['x'.repeat(1000)]: 1 });
  expect(problem?.path).toBe(`state["${'x'.repeat(79)}…"]`);
  const versions = Object.fromEntries(
    Object.entries(two.versions).map(([id, version]) => [id, { ...version, ordinal: version.ordinal + 1e15 - 2 }]),
  );
  expect(problemsIn({ ...two, versions, versionsMade: 1e15, lastNumber: 1e15 })).toEqual([]);
});

test('parseSecretState does not show a value in place of a version', () => {
  for (const mixedUp of ['hunter2', { ...two, versions: { v1: 'hunter2' } }, { ...two, stages: ['hunter2'] }]) {
    expect(JSON.stringify(parseSecretState(mixedUp))).not.toContain('hunter2');
  }
});

test('parseSecretState refuses counts above 1e15, and values that only look like objects', () => {
  const version = { id: 'v1', createTime: 0, ordinal: Number.MAX_SAFE_INTEGER };
  expect(problemsIn({ ...two, versions: { v1: version } })[0]?.path).toBe('state.versions["v1"].ordinal');
  expect(problemsIn({ ...two, lastNumber: 1e15 + 2 })).toHaveLength(1);
  expect(problemsIn({ ...two, lastNumber: -0 })).toHaveLength(1);
  expect(problemsIn({ ...two, versionsMade: 1e15 + 2 })).toHaveLength(1);
  expect(problemsIn({ ...two, versions: new Map() })).toHaveLength(1);
});

test('parseSecretState reports a problem with the path to it', () => {
  const deep = {
    ...two,
    versions: { v1: { id: 1, createTime: '0', ordinal: -1 }, mine: null },
    stages: [{ name: 'a b', versionId: '', updateTime: -0 }, 'canary'],
    versionsMade: -1,
    lastNumber: 1.5,
  };
  expect(problemsIn(deep)).toEqual([
    { path: 'state.versions["v1"].id', expected: 'text that matches /^.{1,64}$/', found: '1' },
    { path: 'state.versions["v1"].createTime', expected: 'epoch milliseconds as a number', found: 'the string "0"' },
    { path: 'state.versions["v1"].ordinal', expected: 'a whole number from 0 to 1e15', found: '-1' },
    { path: 'state.versions["mine"]', expected: 'an object', found: 'null' },
    { path: 'state.stages[0].name', expected: 'text that matches /^[\\w-]{1,64}$/', found: 'the string "a b"' },
    { path: 'state.stages[0].versionId', expected: 'text that matches /^.{1,64}$/', found: 'the string ""' },
    { path: 'state.stages[0].updateTime', expected: 'epoch milliseconds as a number', found: '-0' },
    { path: 'state.stages[1]', expected: 'an object', found: 'a string of 6 characters' },
    { path: 'state.versionsMade', expected: 'a whole number from 0 to 1e15', found: '-1' },
    { path: 'state.lastNumber', expected: 'a whole number from 0 to 1e15', found: '1.5' },
  ]);
});

test('parseSecretState reports missing fields, a list for an object and an object for a list', () => {
  expect(problemsIn({}).map(({ path, found }) => [path, found])).toEqual(
    Object.keys(two).map((field) => [`state.${field}`, 'nothing']),
  );
  expect(problemsIn({ ...two, versions: [], stages: {} })).toEqual([
    { path: 'state.versions', expected: 'an object', found: 'a list' },
    { path: 'state.stages', expected: 'a list', found: 'an object' },
  ]);
  expect(problemsIn(Object.create(two))).toHaveLength(8);
});

test('parseSecretState names an unknown field and does not show its content', () => {
  const outcome = parseSecretState({ ...two, secret_string: 'hunter2', ['__proto__']: {} });
  expect(outcome).toEqual({
    ok: false,
    refusal: {
      code: 'INVALID_STATE',
      problems: [
        { path: 'state["secret_string"]', expected: 'omitted' },
        { path: 'state["__proto__"]', expected: 'omitted' },
      ],
    },
  });
  expect(JSON.stringify(outcome)).not.toContain('hunter2');
});

test('parseSecretState uses the limits of the dialect', () => {
  expect(
    parseSecretState(
      assignStage(two, { stage: 'canary', versionId: 'v1', at: 0 }),
      defineDialect(huaweiCsms, { stages: { limit: 2 } }),
    ),
  ).toMatchObject({
    refusal: { problems: [{ law: 'stage-limit' }] },
  });
  expect(parseSecretState(two, defineDialect(huaweiCsms, { secret: { name: 'x.*' } }))).toMatchObject({
    refusal: { problems: [{ path: 'state.name' }] },
  });
});

property([fc.anything({ withBigInt: true, withDate: true, withSparseArray: true, withNullPrototype: true })])(
  'parseSecretState never throws, whatever the data is',
  (anything) => {
    expect(parseSecretState(anything).ok).toBe(false);
    expect(parseSecretState({ ...two, stages: anything, versions: anything }).ok).toBe(false);
    expect(parseSecretState({ ...two, stages: [anything], versions: { v1: anything } }).ok).toBe(false);
  },
);

test('parseSecretState keeps a fingerprint, and refuses an invalid one without showing it', () => {
  const state = createSecret({ name: 'db', at: 0, fingerprint: 'hmac:1' });
  const parsed = parseSecretState(JSON.parse(JSON.stringify(state)));
  expect(parsed).toEqual({ ok: true, state });
  for (const [fingerprint, found] of [
    ['', 'a string of 0 characters'],
    [5, 'a number'],
    [null, 'null'],
  ]) {
    const bad = { ...state, versions: { v1: { ...state.versions['v1'], fingerprint } } };
    expect(parseSecretState(bad)).toMatchObject({
      refusal: {
        problems: [
          {
            path: 'state.versions["v1"].fingerprint',
            expected: 'omitted, or a string of 1 to 256 characters',
            found,
          },
        ],
      },
    });
  }
});

test('parseSecretState refuses a status that the dialect does not have', () => {
  const frozen = { ...createSecret({ name: 'db', at: 0 }), status: 'FROZEN' };
  expect(parseSecretState(frozen).ok).toBe(true);
  expect(
    parseSecretState(frozen, defineDialect(huaweiCsms, { secret: { pausedAs: [], deletionDays: null } })),
  ).toMatchObject({
    refusal: { problems: [{ path: 'state.status', expected: 'one of ENABLED', found: 'the string "FROZEN"' }] },
  });
});

test('parseSecretState refuses a secret of another dialect before it looks for problems', () => {
  const wrong = { code: 'WRONG_DIALECT', stateDialect: 'huawei-csms', dialect: 'aws-secrets-manager' };
  expect(parseSecretState(two, awsSecretsManager)).toEqual({ ok: false, refusal: wrong });
  expect(parseSecretState({ dialect: 'huawei-csms' }, awsSecretsManager)).toEqual({ ok: false, refusal: wrong });
});

test('parseSecretState reports a missing or inherited dialect as a problem', () => {
  const { dialect, ...rest } = two;
  for (const input of [rest, Object.assign(Object.create({ dialect }), rest)]) {
    expect(problemsIn(input)).toEqual([{ path: 'state.dialect', expected: '"huawei-csms"', found: 'nothing' }]);
  }
  expect(problemsIn({ ...two, dialect: 5 })).toEqual([
    { path: 'state.dialect', expected: '"huawei-csms"', found: '5' },
  ]);
});

test('parseSecretState sorts the versions by ordinal', () => {
  const reversed = { ...two, versions: Object.fromEntries(Object.entries(two.versions).reverse()) };
  const parsed = parseSecretState(reversed);
  expect(parsed.ok && Object.keys(parsed.state.versions)).toEqual(Object.keys(two.versions));
});

test('problemsOf returns the problems of every refusal', () => {
  const problems = [{ path: 'state.name', expected: 'text' }];
  expect(problemsOf({ code: 'INVALID_STATE', problems })).toBe(problems);
  expect(problemsOf({ code: 'WRONG_DIALECT', stateDialect: 'other', dialect: 'huawei-csms' })).toEqual([
    { path: 'state.dialect', expected: '"huawei-csms"', found: 'the string "other"' },
  ]);
});

/** A secret of a cloud without a limit of versions, as JSON. */
const shownWith = (versions: number): unknown => {
  const actions = Array.from({ length: versions }, (_, at) => ({ type: 'createVersion' as const, at }));
  const none = createSecret({ name: 'db', at: 0, versionId: null }, googleSecretManager);
  return JSON.parse(JSON.stringify(applyAll(none, actions, googleSecretManager)));
};

test('parseSecretState is linear in versions, stages and problems', () => {
  expectLinear((size) => {
    const shown = shownWith(size);
    return () => expect(parseSecretState(shown, googleSecretManager).ok).toBe(true);
  }, 200);
  const state = createSecret({ name: 'db', at: 0 });
  expectLinear((size) => {
    const stages = Array.from({ length: size }, (_, slot) => ({ name: `s${slot}`, versionId: 5 }));
    return () => expect(parseSecretState({ ...state, stages }).ok).toBe(false);
  }, 200);
});

test('parseSecretState refuses more than a million stages', () => {
  const stages = new Array(1_000_001).fill(null);
  expect(parseSecretState({ ...createSecret({ name: 'db', at: 0 }), stages })).toMatchObject({
    refusal: { problems: [{ path: 'state.stages', found: '1,000,001 entries' }] },
  });
});

test('parseSecretState keeps the value that it checked if a getter changes', () => {
  let reads = 0;
  const state = {
    ...createSecret({ name: 'db', at: 0 }),
    get versions() {
      return reads++ === 0 ? { v1: { id: 'v1', createTime: 0, ordinal: 1 } } : { v1: 'hunter2' };
    },
  };
  const outcome = parseSecretState(state);
  expect(outcome).toEqual({ ok: true, state: createSecret({ name: 'db', at: 0 }) });
  expect(reads).toBe(1);
});

test('parseSecretState refuses a value that only looks like an object the second time', () => {
  const state = createSecret({ name: 'db', at: 0 });
  const changing = <Part extends object>(part: Part, decoy: string): Part => {
    let reads = 0;
    return Object.defineProperty({ ...part }, Symbol.toStringTag, { get: () => (reads++ === 0 ? decoy : 'Object') });
  };
  expect(parseSecretState(changing(state, 'X')).ok).toBe(false);
  expect(parseSecretState({ ...state, stages: [changing({ ...state.stages[0] }, 'X')] }).ok).toBe(false);
});

test('parseSecretState, parseAction and the operations refuse a list of four billion holes', () => {
  const holes = Object.assign([], { length: 4e9 });
  const state = createSecret({ name: 'db', at: 0 });
  const broken = { ...state, stages: holes };
  expect(parseSecretState(broken)).toMatchObject({ refusal: { problems: [{ found: '4,000,000,000 entries' }] } });
  expect(parseAction({ type: 'createVersion', at: 1, stages: holes })).toMatchObject({ refusal: { field: 'stages' } });
  expect(tryCreateVersion(state, { at: 1, stages: holes })).toMatchObject({
    refusal: { field: 'stages', rule: 'a list of at most 10,000 stage names', found: '4,000,000,000 names' },
  });
  expect(tryApplyAll(broken, [])).toMatchObject({ refusal: { code: 'INVALID_STATE' } });
});
