import { expect, test } from 'vitest';
import {
  createSecret,
  type Dialect,
  type DialectChanges,
  defineDialect,
  huaweiCsms,
  remainingStages,
  StageRefusedError,
} from '../../src/index.ts';
import { clouds } from '../arbitraries.ts';
import { expectFrozen } from '../expect-frozen.ts';

test.each(clouds)('defineDialect returns $title unchanged, frozen, and equal after a JSON round trip', (cloud) => {
  expect(defineDialect(cloud)).toEqual(cloud);
  expectFrozen(cloud);
  expect(defineDialect(JSON.parse(JSON.stringify(cloud)))).toEqual(cloud);
});

test('defineDialect replaces single rules of a group, each as a whole', () => {
  const base = defineDialect(huaweiCsms, {
    versions: { limit: { most: 5, whenFull: 'drop-oldest-deprecated', sparedHours: 24 } },
  });
  const limit = { most: 7, whenFull: 'drop-oldest-deprecated' } as const;
  const dialect = defineDialect(base, { stages: { limit: 5 }, versions: { limit } });
  expect(dialect).toEqual({
    ...huaweiCsms,
    stages: { ...huaweiCsms.stages, limit: 5 },
    versions: { ...huaweiCsms.versions, limit },
  });
  expect(remainingStages(createSecret({ name: 'db', at: 0 }, dialect), dialect)).toBe(4);
});

test('defineDialect keeps the id of the base, and takes a new id as title unless one is given', () => {
  expect(defineDialect(huaweiCsms, { stages: { limit: 5 } })).toMatchObject({
    id: 'huawei-csms',
    title: 'Huawei Cloud CSMS',
  });
  expect(defineDialect(huaweiCsms, { id: 'our-vault' })).toMatchObject({ id: 'our-vault', title: 'our-vault' });
  expect(defineDialect(huaweiCsms, { id: 'our-vault', title: 'Our vault' }).title).toBe('Our vault');
  expect(defineDialect(huaweiCsms, { title: 'CSMS' })).toMatchObject({ id: 'huawei-csms', title: 'CSMS' });
});

test('defineDialect freezes its result deeply, and neither freezes nor shares what it was given', () => {
  const changes = { secret: { pausedAs: ['FROZEN' as const] }, versions: { lists: { least: 0 as const, most: 3 } } };
  const dialect = defineDialect(huaweiCsms, changes);
  expectFrozen(dialect);
  for (const given of [changes, changes.secret.pausedAs, changes.versions.lists])
    expect(Object.isFrozen(given)).toBe(false);
  changes.secret.pausedAs.length = 0;
  changes.versions.lists.most = 9;
  expect(dialect).toMatchObject({ secret: { pausedAs: ['FROZEN'] }, versions: { lists: { most: 3 } } });
});

test('defineDialect returns patterns as strings, so that no expression can be rewritten', () => {
  const isText = (value: unknown): boolean =>
    typeof value === 'object' && value !== null ? Object.values(value).every(isText) : typeof value !== 'function';
  for (const cloud of clouds) {
    expect(isText(cloud)).toBe(true);
    expect([cloud.secret.name, cloud.stages.name, cloud.versions.id].map((rule) => typeof rule)).toEqual([
      'string',
      'string',
      'string',
    ]);
  }
});

test.each<readonly [string, DialectChanges, string]>([
  ['rule', Object({ stages: { limits: 5 } }), 'stages.limits'],
  ['group', Object({ stage: { limit: 5 } }), 'stage'],
  ['rule outside a group', Object({ limit: 5 }), 'limit'],
])('defineDialect refuses an unknown %s', (_, changes, path) => {
  expect(() => defineDialect(huaweiCsms, changes)).toThrow(
    expect.objectContaining({
      refusal: {
        code: 'DIALECT_CONTRADICTION',
        dialect: 'huawei-csms',
        contradictions: [{ rules: [path], why: 'is not a rule' }],
      },
    }),
  );
});

test('defineDialect refuses a rule that is undefined', () => {
  const changes: DialectChanges = Object({ stages: { limit: undefined } });
  expect(() => defineDialect(huaweiCsms, changes)).toThrow(
    expect.objectContaining({
      refusal: {
        code: 'DIALECT_CONTRADICTION',
        dialect: 'huawei-csms',
        contradictions: [{ rules: ['stages.limit'], why: 'must be a whole number from 1' }],
      },
    }),
  );
});

test.each<readonly [string, unknown, string]>([
  ['null', null, 'stages'],
  ['a Map', new Map([['limit', 5]]), 'stages'],
  ['a function', () => 5, 'stages'],
  ['text', 'limit', 'stages'],
])('defineDialect refuses %s as a group', (_, stages, path) => {
  expect(() => defineDialect(huaweiCsms, Object({ stages }))).toThrow(
    expect.objectContaining({
      refusal: expect.objectContaining({
        contradictions: [{ rules: [path], why: expect.stringMatching(/^must be an object with name, /) }],
      }),
    }),
  );
});

test('defineDialect refuses what JSON cannot hold, and checks the copy that it returns', () => {
  const cyclic: { id?: unknown } = {};
  cyclic.id = cyclic;
  for (const id of [1n, cyclic, Symbol('id')])
    expect(() => defineDialect(huaweiCsms, Object({ id }))).toThrow(StageRefusedError);
  let reads = 0;
  const limit = {
    get most() {
      return reads++ < 1 ? 5 : -5;
    },
    whenFull: 'refuse',
  };
  expect(() => defineDialect(huaweiCsms, { versions: Object({ limit }) })).toThrow(StageRefusedError);
  const lists = { least: 0, most: 3, toJSON: () => ({ least: 7, most: -1 }) };
  expect(() => defineDialect(huaweiCsms, { versions: Object({ lists }) })).toThrow(StageRefusedError);
});

test('the source of a dialect fits on one screen', () => {
  const lines = (dialect: Dialect) => JSON.stringify(dialect, null, 2).split('\n').length;
  for (const cloud of clouds) expect(lines(cloud)).toBeLessThan(60);
});
