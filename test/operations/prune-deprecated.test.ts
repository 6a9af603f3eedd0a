import { beforeEach, expect, test } from 'vitest';
import {
  awsSecretsManager,
  createSecret,
  createVersion,
  defineDialect,
  huaweiCsms,
  pruneDeprecated,
  type SecretState,
  setStatus,
  tryPruneDeprecated,
  versionsByAge,
} from '../../src/index.ts';

// v1, v2 and v3 are deprecated; v4 is the previous and v5 the current version.
let five: SecretState;
beforeEach(() => {
  five = [1000, 2000, 3000, 4000].reduce(
    (state, at) => createVersion(state, { at }),
    createSecret({ name: 'db', at: 0 }),
  );
});
const idsOf = (state: SecretState) => versionsByAge(state).map(({ id }) => id);

test('pruneDeprecated deletes all deprecated versions and keeps the marked ones', () => {
  expect(idsOf(pruneDeprecated(five))).toEqual(['v4', 'v5']);
  expect(pruneDeprecated(five).stages).toBe(five.stages);
});

test('pruneDeprecated keeps the newest deprecated versions if `keep` is given', () => {
  expect(idsOf(pruneDeprecated(five, { keep: 1 }))).toEqual(['v3', 'v4', 'v5']);
  expect(idsOf(pruneDeprecated(five, { keep: 2 }))).toEqual(['v2', 'v3', 'v4', 'v5']);
  expect(pruneDeprecated(five, { keep: 3 })).toBe(five);
  expect(pruneDeprecated(five, { keep: 9 })).toBe(five);
});

test('pruneDeprecated deletes only older versions if `createdBefore` is given', () => {
  expect(idsOf(pruneDeprecated(five, { createdBefore: 1000 }))).toEqual(['v2', 'v3', 'v4', 'v5']);
  expect(idsOf(pruneDeprecated(five, { createdBefore: 1001, keep: 1 }))).toEqual(['v3', 'v4', 'v5']);
  expect(pruneDeprecated(five, { createdBefore: 0 })).toBe(five);
});

test('pruneDeprecated prunes a secret of any status', () => {
  const frozen = setStatus(five, { status: 'FROZEN', at: 5000 });
  expect(idsOf(pruneDeprecated(frozen))).toEqual(['v4', 'v5']);
});

test.each([
  [{ keep: -1 }, { field: 'keep', rule: 'a whole number from 0', found: '-1' }],
  [{ keep: 1.5 }, { field: 'keep', rule: 'a whole number from 0', found: '1.5' }],
  [{ keep: Number.POSITIVE_INFINITY }, { field: 'keep', rule: 'a whole number from 0', found: 'Infinity' }],
  [{ createdBefore: -1 }, { field: 'createdBefore', rule: 'epoch milliseconds as a number', found: '-1' }],
  [null, { field: 'request', rule: 'an object', found: 'null' }],
])('pruneDeprecated refuses %j', (request, facts) => {
  expect(Reflect.apply(tryPruneDeprecated, null, [five, request])).toEqual({
    ok: false,
    refusal: { code: 'INVALID_VALUE', ...facts },
  });
});

test('pruneDeprecated and its twin delete all deprecated versions without a request', () => {
  expect(tryPruneDeprecated(five)).toEqual({ ok: true, state: pruneDeprecated(five) });
});

test('pruneDeprecated ignores a stage on a version that does not exist, in a hand-made state', () => {
  const lost = { ...createSecret({ name: 'db', at: 0 }), stages: [{ name: 'canary', versionId: 'v9', updateTime: 0 }] };
  expect(Object.keys(pruneDeprecated(lost).versions)).toEqual([]);
});

test('pruneDeprecated changes nothing with prune keeps, and still refuses an invalid request', () => {
  const stay = defineDialect(huaweiCsms, { versions: { prune: 'keeps' } });
  const three = createVersion(createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 }), { at: 2000 });
  expect(pruneDeprecated(three, {}, stay)).toBe(three);
  expect(tryPruneDeprecated(three, { keep: -1 }, stay)).toMatchObject({ refusal: { code: 'INVALID_VALUE' } });
});

test('pruneDeprecated leaves the versions in the order in which they were made', () => {
  // SYSPREVIOUS sorts after SYSCURRENT and marks the older version.
  expect(Object.keys(pruneDeprecated(five).versions)).toEqual(['v4', 'v5']);
  expect(Object.keys(pruneDeprecated(five, { keep: 1 }).versions)).toEqual(['v3', 'v4', 'v5']);
});

test('pruneDeprecated refuses a secret of another dialect before it looks at the request', () => {
  const refusal = { code: 'WRONG_DIALECT', stateDialect: 'huawei-csms', dialect: 'aws-secrets-manager' };
  expect(tryPruneDeprecated(five, { keep: -1 }, awsSecretsManager)).toEqual({ ok: false, refusal });
  expect(() => pruneDeprecated(five, {}, awsSecretsManager)).toThrow(expect.objectContaining({ refusal }));
});

test('pruneDeprecated keeps 200,000 versions', () => {
  const count = 200_000;
  const versions = Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`v${at + 1}`, { id: `v${at + 1}`, createTime: at, ordinal: at + 1 }]),
  );
  const state = { ...createSecret({ name: 'db', at: 0 }), versions, versionsMade: count, lastNumber: count };
  const pruned = pruneDeprecated(state, { keep: count - 2 });
  expect(Object.keys(pruned.versions)).toHaveLength(count - 1);
});
