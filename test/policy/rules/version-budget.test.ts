import { expect, test } from 'vitest';
import {
  assignStage,
  createSecret,
  createVersion,
  type Dialect,
  defineDialect,
  huaweiCsms,
  type SecretState,
  type StageRules,
  type VersionLimit,
} from '../../../src/index.ts';
import { check } from '../../../src/policy/index.ts';
import { versionBudget } from '../../../src/policy/rules/version-budget.ts';

const [one, two] = [1, 2].map((number) =>
  Array.from({ length: number - 1 }).reduce<SecretState>(
    (state) => createVersion(state, { at: 0 }),
    createSecret({ name: 'db', at: 0 }),
  ),
);
const limited = (limit: VersionLimit, stages: Partial<StageRules> = {}): Dialect =>
  defineDialect(huaweiCsms, { stages, versions: { limit } });
const four = { most: 4, whenFull: 'drop-oldest-deprecated' } as const;
const small = limited(four);
const hard = limited({ most: 4, whenFull: 'refuse' });
const found = (state: SecretState | undefined, dialect: Dialect = small, versionsLeft = 2, at = 0) =>
  state && check(state, { at, policy: [versionBudget.with({ thresholds: { versionsLeft } })], dialect }).findings;

test('version-budget accepts room for three versions, and reports room for two', () => {
  expect(one && check(one, { at: 0, policy: [versionBudget], dialect: small }).findings).toEqual([]);
  expect(two && check(two, { at: 0, policy: [versionBudget], dialect: small }).findings).toEqual([
    {
      rule: 'version-budget',
      severity: 'warning',
      sentence: 'The secret has room for 2 more versions (limit 4), and none is deprecated.',
      remedy: [],
    },
  ]);
});

test.each([
  [0, 0],
  [1, 0],
  [1.5, 0],
  [2, 1],
  [1e300, 1],
])('with two versions of four and a threshold of %s there are %s findings', (versionsLeft, length) => {
  expect(found(two, small, versionsLeft)).toHaveLength(length);
});

test('version-budget accepts a deprecated version, which can be deleted', () => {
  expect(two && found(createVersion(two, { at: 0 }))).toEqual([]);
});

test('version-budget reports a hard limit, and prunes as few versions as necessary', () => {
  const full = two && createVersion(createVersion(two, { at: 0 }), { at: 0 });
  expect(found(full, hard, 0)).toMatchObject([
    {
      sentence:
        'The secret has room for 0 more versions (limit 4), and a deprecated version is deleted only if you prune it.',
      remedy: [{ type: 'pruneDeprecated', keep: 1 }],
    },
  ]);
  expect(found(full, hard, 0.5)).toMatchObject([{ remedy: [{ type: 'pruneDeprecated', keep: 1 }] }]);
  expect(found(full, hard, 1.5)).toMatchObject([{ remedy: [{ type: 'pruneDeprecated', keep: 0 }] }]);
  expect(found(full, hard, 2)).toMatchObject([{ remedy: [] }]);
  expect(found(full, hard, 1e300)).toMatchObject([{ remedy: [] }]);
});

test('version-budget prunes nothing if there is no version to roll back to', () => {
  const back = two && assignStage(two, { stage: 'SYSCURRENT', versionId: 'v1', at: 0 });
  expect(found(back, limited({ most: 2, whenFull: 'refuse' }), 0)).toMatchObject([{ remedy: [] }]);
});

test('version-budget reports room for no version above the limit, and misses unknown versions', () => {
  expect(found(two, limited({ ...four, most: 1 }))).toMatchObject([
    { sentence: 'The secret has room for 0 more versions (limit 1), and none is deprecated.' },
  ]);
  const unknown = { what: 'versions', after: 'v1' } as const;
  const request = { at: 0, policy: [versionBudget], unknown: [unknown] };
  const unchecked = [{ rules: ['version-budget'], unknown }];
  expect(one && check(one, { ...request, dialect: small }).unchecked).toEqual(unchecked);
  expect(one && check(one, { ...request, dialect: limited({ ...four, most: 20, sparedHours: 1 }) }).unchecked).toEqual(
    unchecked,
  );
  // In CSMS, some version is deprecated before the secret is full.
  expect(one && check(one, request).unchecked).toEqual([]);
});

test('version-budget finds and misses nothing in a cloud without a limit', () => {
  const unknown = [{ what: 'versions', after: 'v1' }] as const;
  const dialect = defineDialect(huaweiCsms, { versions: { limit: null } });
  const request = { at: 0, policy: [versionBudget.with({ thresholds: { versionsLeft: 1e300 } })], unknown };
  expect(two && check(two, { ...request, dialect })).toEqual({ findings: [], unchecked: [], remarks: [] });
});

test('version-budget finds nothing if the stages cannot mark all versions', () => {
  expect(found(two, limited(four, { limit: 4 }))).toHaveLength(1);
  expect(found(two, limited(four, { limit: 2, limitCounts: 'custom' }))).toHaveLength(1);
  expect(found(two, limited(four, { limit: 3 }))).toEqual([]);
  expect(found(two, limited({ most: 4, whenFull: 'refuse' }, { limit: 3 }))).toHaveLength(1);
});

test('version-budget reports a deprecated version that is too young to be deleted', () => {
  const young = limited({ ...four, sparedHours: 24 });
  const day = 86_400_000;
  const three = two && createVersion(two, { at: 5 });
  expect(found(three, young, 2, day - 3_600_000)).toEqual([
    {
      rule: 'version-budget',
      severity: 'warning',
      sentence:
        'The secret has room for 1 more version (limit 4), and deprecated version "v1" cannot be deleted for another 1 hour.',
      remedy: [],
    },
  ]);
  expect(found(three, young, 0, 0)).toEqual([]);
  expect(found(three, young, 2, day - 1)).toHaveLength(1);
  expect(found(three, young, 2, day)).toEqual([]);
});

test('version-budget needs the creation time of a deprecated version only to tell whether it can be deleted', () => {
  const three = two && createVersion(two, { at: 5 });
  const unknown = { what: 'createTime', versionId: 'v1' } as const;
  const checked = (dialect: Dialect) =>
    three && check(three, { at: 5, policy: [versionBudget], unknown: [unknown], dialect });
  expect(checked(limited({ ...four, sparedHours: 24 }))).toEqual({
    findings: [],
    unchecked: [{ rules: ['version-budget'], unknown }],
    remarks: [],
  });
  for (const dialect of [small, hard, limited({ ...four, most: 9, sparedHours: 24 })])
    expect(checked(dialect)?.unchecked).toEqual([]);
});
