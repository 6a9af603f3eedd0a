import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fits } from '../../../src/dialects/pattern.ts';
import { type Dialect, defineDialect, huaweiCsms } from '../../../src/index.ts';
import { hostileName, secretName, stageName, versionId } from '../../../src/testing/arbitraries/index.ts';
import { fixedSeed, sample } from '../../property.ts';
import { aws, awsSecretsManager, brief, dialects, googleSecretManager } from './dialects.ts';

/** The counterexample of a failing property of a name. */
const shrunk = (arbitrary: fc.Arbitrary<string>, holds: (name: string) => boolean, ...examples: string[]) =>
  fc.check(fc.property(arbitrary, holds), {
    seed: fixedSeed,
    numRuns: 1000,
    examples: examples.map((name): [string] => [name]),
  }).counterexample?.[0];

const never = () => false;

test.each(dialects)('stageName, versionId and secretName generate only allowed names: %s', (_, dialect) => {
  fc.assert(fc.property(stageName({ dialect }), (name) => fits(name, dialect.stages.name)));
  fc.assert(fc.property(versionId({ dialect }), (name) => fits(name, dialect.versions.id)));
  fc.assert(fc.property(secretName({ dialect }), (name) => fits(name, dialect.secret.name)));
});

test('a name shrinks to the simplest one, whether it is generated or an example', () => {
  for (const examples of [[], ['zz']]) {
    expect(shrunk(stageName(), never, ...examples)).toBe('canary');
    expect(shrunk(versionId(), never, ...examples)).toBe('v1');
    expect(shrunk(secretName(), never, ...examples)).toBe('db');
  }
  expect(shrunk(stageName({ dialect: brief }), never)).toBe('now');
  expect(shrunk(versionId({ dialect: aws }), never)).toBe('version-1');
  expect(shrunk(hostileName(), never)).toBe('__proto__');
  expect(shrunk(hostileName(), never, 'an example')).toBe('__proto__');
});

test('a name that is not a common word shrinks to a shorter one', () => {
  expect(shrunk(stageName(), (name) => name.length <= 11, 'a'.repeat(64))).toBe('a'.repeat(12));
  expect(shrunk(secretName(), (name) => !name.includes('x'), 'box-of-the-fox')).toBe('x');
  expect(shrunk(stageName(), (name) => !/^_./.test(name))).toBe('__');
  expect(shrunk(stageName(), (name) => name.length > 2, 'zz')).toBe('z');
  expect(shrunk(hostileName(), (name) => !name.includes('?'), 'what is it?')).toBe('?');
  expect(shrunk(hostileName(), (name) => name !== '')).toBe('');
  const anything: Dialect = { ...huaweiCsms, stages: { ...huaweiCsms.stages, name: '.*' } };
  expect(shrunk(stageName({ dialect: anything }), (name) => name !== '', '')).toBe('');
});

test('a common word shrinks only to an earlier word', () => {
  expect(shrunk(stageName(), (name) => !name.startsWith('stage'), 'stage-9')).toBe('stage-1');
  expect(shrunk(stageName(), (name) => !name.startsWith('SYS'))).toBe('SYSCURRENT');
});

test('stageName generates built-in and custom names, and hostileName names that break code', () => {
  const names = new Set(sample(stageName(), 1000));
  for (const name of ['SYSCURRENT', 'SYSPREVIOUS', 'canary', '__proto__', 'constructor', 'toString', 'a'.repeat(64)]) {
    expect(names).toContain(name);
  }
  expect(names.size).toBeGreaterThan(12);
  const hostile = new Set(sample(hostileName(), 2000));
  for (const name of ['', '\uD800', 'syscurrent', 'SYSCURREN\u0422', 'v01', 'a'.repeat(65)])
    expect(hostile).toContain(name);
});

test('names and ids of other clouds follow their rules', () => {
  const of = (arbitrary: fc.Arbitrary<string>) => new Set(sample(arbitrary, 1000));
  const dialect = awsSecretsManager;
  for (const name of ['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS', 'canary'])
    expect(of(stageName({ dialect }))).toContain(name);
  for (const id of [
    '00000000-0000-4000-8000-000000000001',
    'bb6a3d22-dc93-47ac-b5bd-88df7ad35f1e',
    'BB6A3D22-DC93-47AC-B5BD-88DF7AD35F1E',
    'terraform-20202020202020202020202020',
  ])
    expect(of(versionId({ dialect }))).toContain(id);
  expect(of(secretName({ dialect }))).toContain('prod/db');
  const google = { dialect: googleSecretManager };
  expect([...of(versionId(google))].filter((id) => !/^\d+$/.test(id))).toEqual([]);
  expect(of(versionId(google)).size).toBe(8);
  expect([...of(stageName(google))].filter((name) => /^(latest|new)$/i.test(name))).toEqual([]);
  for (const name of ['latest', 'Latest', 'new']) expect(of(hostileName(google))).toContain(name);
});

test('an invalid name is only a hostileName, and a number is not a name', () => {
  expect(stageName().canShrinkWithoutContext('no blanks')).toBe(false);
  expect(hostileName().canShrinkWithoutContext('no blanks')).toBe(true);
  expect(hostileName().canShrinkWithoutContext(1)).toBe(false);
});

/** Without built-in stages, so that all names come from the rule. */
const unnamed = defineDialect(huaweiCsms, {
  stages: { current: null, previous: null },
  versions: { latest: 'newest' },
});

test('names are generated from the rule if it allows no common word', () => {
  const [stageRule, secretRule] = ['Z-\\d{4}', 'team/\\w+'];
  const zulu = defineDialect(unnamed, { secret: { name: secretRule }, stages: { name: stageRule } });
  fc.assert(fc.property(stageName({ dialect: zulu }), (name) => fits(name, stageRule)));
  fc.assert(fc.property(secretName({ dialect: zulu }), (name) => fits(name, secretRule)));
  expect(shrunk(stageName({ dialect: zulu }), never)).toMatch(/^Z-\d{4}$/);
  expect(shrunk(secretName({ dialect: zulu }), never)).toMatch(/^team\/\w$/);
});

test.each(['(?<=b)team', '(?!)', 'a(?=b)'])('stageName throws for the pattern %s, and quotes it', (stageRule) => {
  const odd = defineDialect(unnamed, { stages: { name: stageRule } });
  expect(() => stageName({ dialect: odd })).toThrow(
    `Cannot generate text that matches /^${stageRule}$/. Give the dialect a simpler pattern.`,
  );
});
