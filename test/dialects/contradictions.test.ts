import { expect, test } from 'vitest';
import {
  contradictions,
  type Dialect,
  type DialectChanges,
  defineDialect,
  describe,
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
    'fewer stages than are built in',
    { stages: { limit: 1 } },
    [{ rules: ['stages.limit'], why: 'must leave room for the built-in stages SYSCURRENT and SYSPREVIOUS' }],
  ],
  [
    'one stage in two roles',
    { stages: { previous: 'SYSCURRENT' } },
    [{ rules: ['stages.current', 'stages.previous', 'stages.pending'], why: 'must be a stage of its own' }],
  ],
  [
    'one stage that is current and pending',
    { stages: { pending: 'SYSCURRENT' } },
    [{ rules: ['stages.current', 'stages.previous', 'stages.pending'], why: 'must be a stage of its own' }],
  ],
  [
    'built-in stages that its pattern does not match',
    { stages: { name: 'SYSC.*', pending: 'pending' } },
    [
      { rules: ['stages.previous'], why: 'must match stages.name' },
      { rules: ['stages.pending'], why: 'must match stages.name' },
    ],
  ],
  [
    'stages without a name',
    { stages: { name: '[\\w-]{0,64}' } },
    [{ rules: ['stages.name'], why: 'must not match the empty name' }],
  ],
  [
    'a previous stage and no current one',
    { stages: { current: null }, versions: { latest: 'newest' } },
    [{ rules: ['stages.previous', 'stages.current'], why: 'needs a current stage to follow' }],
  ],
  [
    'rules about a previous stage and none',
    { stages: { previous: null, previousIsRemovable: true, previousFollows: 'any-move' } },
    [
      { rules: ['stages.previousIsRemovable', 'stages.previous'], why: 'needs a previous stage' },
      { rules: ['stages.previousFollows', 'stages.previous'], why: 'needs a previous stage' },
    ],
  ],
  [
    'rules about a current stage and none',
    { stages: noStages, secret: { firstVersion: 'may-come-later-and-is-current' } },
    [
      { rules: ['secret.firstVersion', 'stages.current'], why: 'needs a current stage' },
      { rules: ['versions.latest', 'stages.current'], why: 'needs a current stage' },
    ],
  ],
  [
    'a first id that its pattern does not match',
    { versions: { id: '.{32,64}' } },
    [{ rules: ['versions.idPrefix'], why: 'must match versions.id with 1 after it' }],
  ],
])('contradictions finds %s', (_, changes, found) => {
  const dialect = csmsWith(changes);
  expect(contradictions(dialect)).toEqual(found);
  expect(() => defineDialect(dialect)).toThrow(StageRefusedError);
  expect(() => defineDialect(dialect)).toThrow(
    expect.objectContaining({
      refusal: { code: 'DIALECT_CONTRADICTION', dialect: 'huawei-csms', contradictions: found },
    }),
  );
});

const must = {
  number: 'must be a whole number from 1',
  stage: 'must be the name of a stage, or null',
  pattern: 'must be a regular expression, as a string',
  days: 'must be null, or least, usual and most: whole numbers from 1, in this order',
  lists: 'must be least, 0 or 1, and most, a whole number from least',
  limit:
    'must be null, or most, a whole number from 1, and whenFull: refuse, or drop-oldest-deprecated with an optional ' +
    'sparedHours, a whole number from 1, and an optional isRough, true',
};

const wrongKinds: readonly (readonly [rule: string, why: string, ...values: readonly unknown[]])[] = [
  ['id', 'must be a text of at least one character', '', 5, null],
  ['title', 'must be a text of at least one character', ''],
  ['secret.name', must.pattern, /db/, '(', '[', 'a)|(b', '?'],
  [
    'secret.pausedAs',
    'must be a list of DISABLED and FROZEN, each at most once',
    'FROZEN',
    ['ENABLED'],
    ['FROZEN', 'FROZEN'],
    Array(1),
    { length: 0 },
  ],
  [
    'secret.deletionDays',
    must.days,
    {},
    [7, 30, 30],
    30,
    { least: 0, usual: 30, most: 30 },
    { least: 7, usual: 6, most: 30 },
    { least: 7, usual: 31, most: 30 },
    { least: 7, usual: 7.5, most: 30 },
    { least: 7, usual: 30, most: 30, more: 1 },
  ],
  ['secret.firstVersion', 'must be one of at-creation, may-come-later, may-come-later-and-is-current', true, 'later'],
  ['stages.name', must.pattern, /db/],
  ['stages.limit', must.number, 0, 1.5, '12', Number.POSITIVE_INFINITY, null],
  ['stages.limitCounts', 'must be one of all, custom', 'none'],
  ['stages.move', 'must be one of free, from-the-named-holder', false],
  ['stages.current', must.stage, '', 5, ['SYSCURRENT']],
  ['stages.previous', must.stage, ''],
  ['stages.pending', must.stage, false],
  ['stages.previousIsRemovable', 'must be a boolean', 'no'],
  ['stages.previousFollows', 'must be one of plain-version, any-version, any-move', null],
  ['versions.id', must.pattern, '*'],
  ['versions.idPrefix', 'must be a text', null],
  [
    'versions.lists',
    must.lists,
    12,
    null,
    { least: 2, most: 12 },
    { least: 1, most: 0 },
    { least: 0 },
    { least: 0, most: -1 },
    { least: 0, most: 12, usual: 1 },
  ],
  ['versions.repeatedId', 'must be one of refused, ignored', true],
  [
    'versions.limit',
    must.limit,
    20,
    { most: 20 },
    { most: 0, whenFull: 'refuse' },
    { most: 20, whenFull: 'refuse', sparedHours: 24 },
    { most: 20, whenFull: 'refuse', isRough: true },
    { most: 20, whenFull: 'drop' },
    { most: 20, whenFull: 'drop-oldest-deprecated', sparedHours: 0 },
    { most: 20, whenFull: 'drop-oldest-deprecated', isRough: false },
    { most: 20, whenFull: 'drop-oldest-deprecated', rough: true },
  ],
  ['versions.prune', 'must be one of deletes, keeps', true],
  ['versions.latest', 'must be one of current, newest, current-or-newest', true],
];

test.each(wrongKinds.map(([rule, why, ...values]) => [rule, why, values] as const))(
  'contradictions finds a %s of the wrong kind, or a missing one',
  (rule, why, values) => {
    const [group = '', name = ''] = rule.split('.');
    for (const value of [...values, undefined]) {
      const changed = name === '' ? { [group]: value } : { [group]: { ...Object(huaweiCsms)[group], [name]: value } };
      expect(contradictions({ ...huaweiCsms, ...changed }), JSON.stringify(value)).toEqual([{ rules: [rule], why }]);
    }
  },
);

test('contradictions reads any data, and reports wrong kinds before it compares rules', () => {
  const why = 'must be an object with the rules of the group';
  expect(contradictions(Object([]))).toEqual([{ rules: ['dialect'], why }]);
  expect(contradictions({ ...huaweiCsms, stages: Object('SYSCURRENT') })).not.toEqual([]);
  expect(contradictions(csmsWith(Object({ stages: { limit: 1, old: true } })))).toEqual([
    { rules: ['stages.old'], why: 'is not a rule' },
  ]);
  const { secret: _, ...rest } = huaweiCsms;
  expect(contradictions(Object(rest))).toEqual([{ rules: ['secret'], why }]);
  // An inherited rule is missing: a copy of the dialect would lose it.
  expect(contradictions(Object(Object.create(huaweiCsms))).flatMap(({ rules }) => rules)).toEqual([
    'id',
    'title',
    'secret',
    'stages',
    'versions',
  ]);
});

test('a contradiction reads as a sentence', () => {
  try {
    defineDialect(huaweiCsms, { stages: { limit: 1 } });
    expect.unreachable();
  } catch (error) {
    expect(error instanceof StageRefusedError && describe(error.refusal)).toBe(
      'Dialect "huawei-csms" contradicts itself: stages.limit must leave room for the built-in stages SYSCURRENT and SYSPREVIOUS.',
    );
  }
});

test.each(clouds)('$title does not contradict itself', (cloud) => {
  expect(contradictions(cloud)).toEqual([]);
});

test.each<readonly [string, DialectChanges]>([
  ['as many stages as are built in', { stages: { limit: 2 } }],
  ['one stage that counts besides built-in ones that do not', { stages: { limit: 1, limitCounts: 'custom' } }],
  ['one version', { versions: { limit: { most: 1, whenFull: 'refuse' } } }],
  ['the same number of days in every case', { secret: { deletionDays: { least: 1, usual: 1, most: 1 } } }],
  ['no list of stages', { versions: { lists: { least: 0, most: 0 } } }],
  ['versions that stay, up to a limit', { versions: { prune: 'keeps', limit: { most: 5, whenFull: 'refuse' } } }],
  ['no built-in stage at all', { stages: noStages, versions: { latest: 'newest' } }],
])('a dialect may have %s', (_, changes) => {
  expect(contradictions(csmsWith(changes))).toEqual([]);
});
