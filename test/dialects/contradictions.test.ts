import { expect, test } from 'vitest';
import {
  contradictions,
  type Dialect,
  type DialectChanges,
  defineDialect,
  explain,
  huaweiCsms,
  StageRefusedError,
} from '../../src/index.ts';
import { clouds } from '../arbitraries.ts';

/** CSMS with changes, sound or not. */
const csmsWith = ({ secret, stages, versions, ...names }: DialectChanges): Dialect => ({
  ...huaweiCsms,
  ...names,
  secret: { ...huaweiCsms.secret, ...secret },
  stages: { ...huaweiCsms.stages, ...stages },
  versions: { ...huaweiCsms.versions, ...versions },
});

const noStages = { current: null, previous: null } as const;

test.each<readonly [string, DialectChanges, ReturnType<typeof contradictions>]>([
  [
    'a stage limit below the number of built-in stages',
    { stages: { limit: 1 } },
    [{ rules: ['stages.limit'], why: 'must leave room for the built-in stages SYSCURRENT and SYSPREVIOUS' }],
  ],
  [
    'one stage in two roles',
    { stages: { previous: 'SYSCURRENT' } },
    [{ rules: ['stages.previous', 'stages.current'], why: 'must differ from stages.current' }],
  ],
  [
    'one stage that is current and pending',
    { stages: { pending: 'SYSCURRENT' } },
    [{ rules: ['stages.pending', 'stages.current'], why: 'must differ from stages.current' }],
  ],
  [
    'built-in stages that do not match stages.name',
    { stages: { name: 'SYSC.*', pending: 'pending' } },
    [
      { rules: ['stages.previous'], why: 'must match stages.name' },
      { rules: ['stages.pending'], why: 'must match stages.name' },
    ],
  ],
  [
    'a pattern that matches an empty stage name',
    { stages: { name: '[\\w-]{0,64}' } },
    [{ rules: ['stages.name'], why: 'must not match the empty name' }],
  ],
  [
    'a previous stage without a current one',
    { stages: { current: null }, versions: { latest: 'newest' } },
    [{ rules: ['stages.previous', 'stages.current'], why: 'must be null if stages.current is null' }],
  ],
  [
    'rules about a previous stage without one',
    { stages: { previous: null, previousIsRemovable: true, previousFollows: 'any-move' } },
    [
      { rules: ['stages.previousIsRemovable', 'stages.previous'], why: 'must be false if stages.previous is null' },
      { rules: ['stages.previousFollows', 'stages.previous'], why: 'must be plain-version if stages.previous is null' },
    ],
  ],
  [
    'rules about a current stage without one',
    { stages: noStages, secret: { firstVersion: 'may-come-later-and-is-current' } },
    [
      {
        rules: ['secret.firstVersion', 'stages.current'],
        why: 'must be at-creation or may-come-later if stages.current is null',
      },
      { rules: ['versions.latest', 'stages.current'], why: 'must be newest if stages.current is null' },
    ],
  ],
  [
    'days out of order',
    { secret: { deletionDays: { least: 7, usual: 6, most: 30 } } },
    [{ rules: ['secret.deletionDays'], why: 'must be in ascending order: least, usual, most' }],
  ],
  [
    'more days by default than at most',
    { secret: { deletionDays: { least: 7, usual: 31, most: 30 } } },
    [{ rules: ['secret.deletionDays'], why: 'must be in ascending order: least, usual, most' }],
  ],
  [
    'a minimum list length above the maximum',
    { versions: { lists: { least: 1, most: 0 } } },
    [{ rules: ['versions.lists'], why: 'must be in ascending order: least, most' }],
  ],
  [
    'sparedHours in a limit that refuses',
    { versions: { limit: Object({ most: 20, whenFull: 'refuse', sparedHours: 24 }) } },
    [{ rules: ['versions.limit'], why: 'must not have sparedHours or isRough if whenFull is refuse' }],
  ],
  [
    'isRough in a limit that refuses',
    { versions: { limit: Object({ most: 20, whenFull: 'refuse', isRough: true }) } },
    [{ rules: ['versions.limit'], why: 'must not have sparedHours or isRough if whenFull is refuse' }],
  ],
  [
    'a first id that does not match versions.id',
    { versions: { id: '.{32,64}' } },
    [{ rules: ['versions.idPrefix'], why: 'must match versions.id when followed by 1' }],
  ],
])('contradictions reports %s', (_, changes, found) => {
  const dialect = csmsWith(changes);
  expect(contradictions(dialect)).toEqual(found);
  expect(() => defineDialect(dialect)).toThrow(StageRefusedError);
  expect(() => defineDialect(dialect)).toThrow(
    expect.objectContaining({
      refusal: { code: 'DIALECT_CONTRADICTION', dialect: 'huawei-csms', contradictions: found },
    }),
  );
});

const name = 'must be a string that is not empty';
const number = 'must be a whole number from 1';
const pattern = 'must be a regular expression as a string of at most 1,000 characters';
const limit = 'must be an object with most, whenFull, sparedHours, isRough, or be null';
const drops = { most: 20, whenFull: 'drop-oldest-deprecated' };

/** A rule, values of the wrong kind for it, and what is wrong with each: with the rule itself or with a part of it. */
const wrongKinds: readonly (readonly [rule: string, why: string, ...values: readonly unknown[]])[] = [
  ['id', name, '', 5, null],
  ['title', name, ''],
  ['secret.name', pattern, /db/, '(', '[', 'a)|(b', '?'],
  [
    'secret.pausedAs',
    'must be a list of DISABLED and FROZEN, each at most once',
    'FROZEN',
    ['ENABLED'],
    ['FROZEN', 'FROZEN'],
    Array(1),
    { length: 0 },
  ],
  ['secret.deletionDays', 'must be an object with least, usual, most, or be null', [7, 30, 30], 30],
  ['secret.firstVersion', 'must be one of at-creation, may-come-later, may-come-later-and-is-current', true, 'later'],
  ['stages.name', pattern, /db/],
  ['stages.limit', number, 0, 1.5, '12', 5n, Number.POSITIVE_INFINITY, null],
  ['stages.limitCounts', 'must be one of all, custom', 'none'],
  ['stages.move', 'must be one of free, from-the-named-holder', false],
  ['stages.current', `${name}, or be null`, '', 5, ['SYSCURRENT']],
  ['stages.previous', `${name}, or be null`, ''],
  ['stages.pending', `${name}, or be null`, false],
  ['stages.previousIsRemovable', 'must be true or false', 'no'],
  ['stages.previousFollows', 'must be one of plain-version, any-version, any-move', null],
  ['versions.id', pattern, '*'],
  ['versions.idPrefix', 'must be a string', null],
  ['versions.lists', 'must be an object with least, most', 12, null],
  ['versions.repeatedId', 'must be one of refused, ignored', true],
  ['versions.mayAwaitValue', 'must be true or false', 'no', null],
  ['versions.limit', limit, 20, 'refuse'],
  ['versions.prune', 'must be one of deletes, keeps', true],
  ['versions.latest', 'must be one of current, newest, current-or-newest', true],
];

test.each<readonly [string, DialectChanges, string, string]>([
  [
    '0 days',
    { secret: Object({ deletionDays: { least: 0, usual: 30, most: 30 } }) },
    'secret.deletionDays.least',
    `${number} to 1,000,000`,
  ],
  [
    'half a day',
    { secret: Object({ deletionDays: { least: 7, usual: 7.5, most: 30 } }) },
    'secret.deletionDays.usual',
    `${number} to 1,000,000`,
  ],
  [
    'an unknown part',
    { secret: Object({ deletionDays: { least: 7, usual: 30, most: 30, more: 1 } }) },
    'secret.deletionDays.more',
    'is not a rule',
  ],
  [
    'a missing part',
    { versions: Object({ lists: { least: 0 } }) },
    'versions.lists.most',
    'must be a whole number from 0',
  ],
  [
    'a minimum list length of 2',
    { versions: Object({ lists: { least: 2, most: 12 } }) },
    'versions.lists.least',
    'must be one of 0, 1',
  ],
  ['a limit of 0 versions', { versions: Object({ limit: { ...drops, most: 0 } }) }, 'versions.limit.most', number],
  [
    'an unknown whenFull',
    { versions: Object({ limit: { most: 20, whenFull: 'drop' } }) },
    'versions.limit.whenFull',
    'must be one of refuse, drop-oldest-deprecated',
  ],
  [
    '0 hours',
    { versions: Object({ limit: { ...drops, sparedHours: 0 } }) },
    'versions.limit.sparedHours',
    `${number} to 1,000,000`,
  ],
  [
    'isRough false',
    { versions: Object({ limit: { ...drops, isRough: false } }) },
    'versions.limit.isRough',
    'must be true or omitted',
  ],
])('contradictions reports %s', (_, changes, path, why) => {
  expect(contradictions(csmsWith(changes))).toEqual([{ rules: [path], why }]);
});

test.each(wrongKinds.map(([rule, why, ...values]) => [rule, why, values] as const))(
  'contradictions reports a %s of the wrong type, or a missing one',
  (rule, why, values) => {
    const [group = '', name = ''] = rule.split('.');
    for (const value of [...values, undefined]) {
      const changed = name === '' ? { [group]: value } : { [group]: { ...Object(huaweiCsms)[group], [name]: value } };
      expect(contradictions({ ...huaweiCsms, ...changed }), String(value)).toEqual([{ rules: [rule], why }]);
    }
  },
);

test('contradictions reads any data, and reports wrong types before contradictions', () => {
  for (const nothing of [[], 'huawei-csms', null, undefined])
    expect(Reflect.apply(contradictions, null, [nothing])).toEqual([
      { rules: ['dialect'], why: 'must be an object with id, title, secret, stages, versions' },
    ]);
  expect(contradictions({ ...huaweiCsms, stages: Object('SYSCURRENT') })).not.toEqual([]);
  expect(contradictions(csmsWith(Object({ stages: { limit: 1, old: true } })))).toEqual([
    { rules: ['stages.old'], why: 'is not a rule' },
  ]);
  const { secret: _, ...rest } = huaweiCsms;
  expect(contradictions(Object(rest))).toEqual([
    { rules: ['secret'], why: 'must be an object with name, pausedAs, deletionDays, firstVersion' },
  ]);
  // An inherited rule is missing: a copy of the dialect would lose it.
  expect(contradictions(Object(Object.create(huaweiCsms))).flatMap(({ rules }) => rules)).toEqual([
    'id',
    'title',
    'secret',
    'stages',
    'versions',
  ]);
});

test('explain turns a contradiction into a sentence', () => {
  try {
    defineDialect(huaweiCsms, { stages: { limit: 1 } });
    expect.unreachable();
  } catch (error) {
    expect(error instanceof StageRefusedError && explain(error.refusal)).toBe(
      'Dialect "huawei-csms" is invalid: stages.limit must leave room for the built-in stages SYSCURRENT and SYSPREVIOUS.',
    );
  }
});

test.each(clouds)('contradictions finds nothing in $title', (cloud) => {
  expect(contradictions(cloud)).toEqual([]);
});

test.each<readonly [string, DialectChanges]>([
  ['a limit of just the built-in stages', { stages: { limit: 2 } }],
  ['one custom stage if built-in ones do not count', { stages: { limit: 1, limitCounts: 'custom' } }],
  ['one version', { versions: { limit: { most: 1, whenFull: 'refuse' } } }],
  ['the same number of days in every case', { secret: { deletionDays: { least: 1, usual: 1, most: 1 } } }],
  ['no list of stages', { versions: { lists: { least: 0, most: 0 } } }],
  [
    'a limit of versions that are never pruned',
    { versions: { prune: 'keeps', limit: { most: 5, whenFull: 'refuse' } } },
  ],
  ['no built-in stages', { stages: noStages, versions: { latest: 'newest' } }],
])('contradictions allows %s', (_, changes) => {
  expect(contradictions(csmsWith(changes))).toEqual([]);
});

test('contradictions reports a number above the maximum', () => {
  const found = (days: number) =>
    contradictions({
      ...huaweiCsms,
      secret: { ...huaweiCsms.secret, deletionDays: { least: 7, usual: 30, most: days } },
    });
  expect(found(36_500)).toEqual([]);
  expect(found(1e15)).not.toEqual([]);
});

test('contradictions does not check the name of a role that is null', () => {
  const stages = { ...huaweiCsms.stages, name: 'SYS[A-Z]+', pending: null };
  expect(contradictions({ ...huaweiCsms, stages })).toEqual([]);
});

test('contradictions reports unknown rules after wrong ones, and cuts a long name', () => {
  const stages = { ...huaweiCsms.stages, ['x'.repeat(100)]: 1, limit: 0 };
  expect(contradictions({ ...huaweiCsms, stages })).toEqual([
    { rules: ['stages.limit'], why: 'must be a whole number from 1' },
    { rules: [`stages.${'x'.repeat(79)}…`], why: 'is not a rule' },
  ]);
});
