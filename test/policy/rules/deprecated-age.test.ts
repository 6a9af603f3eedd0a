import { expect, test } from 'vitest';
import {
  assignStage,
  createSecret,
  createVersion,
  defineDialect,
  huaweiCsms,
  type SecretState,
} from '../../../src/index.ts';
import { check } from '../../../src/policy/index.ts';
import { deprecatedAge } from '../../../src/policy/rules/deprecated-age.ts';

const day = 86_400_000;
const aged = [2000, 3000].reduce((state, at) => createVersion(state, { at }), createSecret({ name: 'db', at: 1000 }));
const found = (state: SecretState, at: number, days = 90) =>
  check(state, { at, policy: [deprecatedAge.with({ thresholds: { days } })] }).findings;

test('deprecated-age reports a version that is a millisecond older than 90 days', () => {
  const at = 1001 + 90 * day;
  expect(found(aged, at - 1)).toEqual([]);
  expect(check(aged, { at, policy: [deprecatedAge] }).findings).toEqual([
    {
      rule: 'deprecated-age',
      severity: 'note',
      sentence: 'Deprecated version "v1" was created 90 days ago.',
      versionId: 'v1',
      remedy: [{ type: 'pruneDeprecated', createdBefore: 1001 }],
    },
  ]);
});

test.each([
  [0, 1000, 0],
  [0, 1001, 1],
  [0.5 / day, 1000, 0],
  [0.5 / day, 1001, 1],
  [1e300, 864e13, 0],
  [1e305, 864e13, 0],
  [90, 0, 0],
  [90, 864e13, 1],
])('with %s days there at %s are %s', (days, at, number) => {
  expect(found(aged, at, days)).toHaveLength(number);
});

test('deprecated-age ignores versions with a stage', () => {
  expect(found(createSecret({ name: 'db', at: 0 }), 864e13)).toEqual([]);
});

test('deprecated-age reports the oldest version, and prunes all that are too old', () => {
  const four = createVersion(aged, { at: 4000 });
  expect(found(four, 2001 + day, 1)).toMatchObject([
    { versionId: 'v1', remedy: [{ type: 'pruneDeprecated', createdBefore: 2001 }] },
  ]);
});

test('deprecated-age prunes nothing if there is no version to roll back to', () => {
  const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
  const back = assignStage(two, { stage: 'SYSCURRENT', versionId: 'v1', at: 100 * day });
  expect(found(back, 100 * day)).toMatchObject([{ versionId: 'v2', remedy: [] }]);
});

test('deprecated-age reports hostile ids', () => {
  const state = createVersion(createSecret({ name: 'db', at: 0, versionId: '__proto__' }), { at: 1 });
  const three = createVersion(state, { at: 2 });
  expect(found(three, 864e13)).toMatchObject([{ versionId: '__proto__', remedy: [{ type: 'pruneDeprecated' }] }]);
});

test('deprecated-age misses unknown versions', () => {
  const unknown = { what: 'versions', after: 'v1' } as const;
  expect(check(aged, { at: 0, policy: [deprecatedAge], unknown: [unknown] }).unchecked).toEqual([
    { rules: ['deprecated-age'], unknown },
  ]);
  expect(check(aged, { at: 864e13, policy: [deprecatedAge], unknown: [unknown] }).unchecked).toEqual([]);
});

test('deprecated-age skips versions whose creation time is unknown, and then prunes nothing', () => {
  const four = createVersion(aged, { at: 4000 });
  const createTime = (versionId: string) => ({ what: 'createTime', versionId }) as const;
  const checked = (at: number, ...ids: readonly string[]) =>
    check(four, { at, policy: [deprecatedAge], unknown: ids.map(createTime) });
  expect(checked(864e13, 'v1')).toMatchObject({ findings: [{ versionId: 'v2', remedy: [] }], unchecked: [] });
  expect(checked(5000, 'v1', 'v4')).toMatchObject({
    findings: [],
    unchecked: [{ rules: ['deprecated-age'], unknown: createTime('v1') }],
  });
  expect(checked(864e13, 'v1', 'v2').findings).toEqual([]);
});

test('deprecated-age finds and misses nothing in a cloud that cannot prune', () => {
  const unknown = [{ what: 'versions', after: 'v1' }] as const;
  const request = { at: 864e13, policy: [deprecatedAge], unknown };
  expect(check(aged, request).findings).toHaveLength(1);
  expect(check(aged, { ...request, dialect: defineDialect(huaweiCsms, { versions: { prune: 'keeps' } }) })).toEqual({
    findings: [],
    unchecked: [],
    remarks: [],
  });
});
