import { expect, test } from 'vitest';
import {
  contradictions,
  createSecret,
  type Dialect,
  defineDialect,
  type Evidence,
  type Grade,
  huaweiCsms,
  remainingStages,
  rules,
  StageRefusedError,
} from '../src/index.ts';
import { expectFrozen } from './expect-frozen.ts';

test('the rules of CSMS say what csms says, each with its grade and source', () => {
  const graded = (wanted: Grade) => rules(huaweiCsms).filter(({ grade }) => grade === wanted);
  expect(graded('example').map(({ rule }) => rule)).toEqual([
    'putting a new stage on a version creates it',
    'built-in stages can be moved',
    'times are in milliseconds',
  ]);
  expect(graded('documented').map(({ rule }) => rule)).toEqual([
    'a stage marks one version; put on another, it moves',
    'a version without a stage is deprecated',
    'versions are created on an ENABLED secret',
    'a restored secret is ENABLED',
    'latest is current, else newest',
    'builtInStages',
    'currentStage',
    'previousStage',
    'stageLimit',
    'stageListLimit',
    'versionLimit',
    'recoveryWindowInDays',
    'secretName',
    'stageName',
    'versionIdPrefix',
  ]);
  expect(graded('assumed').map(({ value }) => value)).toEqual([
    true,
    true,
    true,
    huaweiCsms.versionId,
    ...Array(9).fill(false),
  ]);
  expect(rules(huaweiCsms)[0]).toMatchObject({ value: true, source: 'UpdateSecretStage' });
  expect(rules(huaweiCsms).find(({ rule }) => rule === 'stageLimit')).toEqual({
    rule: 'stageLimit',
    value: 12,
    grade: 'documented',
    source: 'UpdateSecretStage',
  });
});

test('every rule of the dialect that is not an assumption left out has its row', () => {
  const rows = rules(huaweiCsms).map(({ rule }) => rule);
  const fields = Object.keys(huaweiCsms).filter((field) => field !== 'name' && field !== 'sources');
  expect(rows).toEqual(expect.arrayContaining(fields));
  expect(new Set(rows).size).toBe(rows.length);
});

test('a rule that was changed is an assumption of whoever changed it, beside the rule as it was', () => {
  const changed = rules({
    ...huaweiCsms,
    stageLimit: 5,
    previousFollowsMove: true,
    deprecatedIsFinal: false,
    builtInStages: [...huaweiCsms.builtInStages],
    recoveryWindowInDays: { ...huaweiCsms.recoveryWindowInDays, usual: 7 },
    stageName: /^[\w-]{1,64}$/i,
  }).filter(({ changed }) => changed);
  expect(changed.map(({ rule }) => rule)).toEqual([
    'stageLimit',
    'recoveryWindowInDays',
    'stageName',
    'previousFollowsMove',
  ]);
  expect(changed[0]).toEqual({
    rule: 'stageLimit',
    value: 5,
    grade: 'assumed',
    source: 'changed by whoever made this dialect',
    changed: { value: 12, grade: 'documented', source: 'UpdateSecretStage' },
  });
  expect(changed[3]).toMatchObject({ value: true, changed: { value: false, grade: 'assumed' } });
});

test('the default dialect has the values of CSMS', () => {
  const { builtInStages, stageLimit, versionLimit, recoveryWindowInDays } = huaweiCsms;
  expect({ builtInStages, stageLimit, versionLimit, recoveryWindowInDays }).toEqual({
    builtInStages: ['SYSCURRENT', 'SYSPREVIOUS'],
    stageLimit: 12,
    versionLimit: 20,
    recoveryWindowInDays: { least: 7, most: 30, usual: 30 },
  });
});

test('a dialect is frozen to the bottom, and what it was made from is left alone', () => {
  expectFrozen(huaweiCsms);
  const own = { ...huaweiCsms, builtInStages: ['SYSCURRENT', 'SYSPREVIOUS'], freeStages: ['SYSPREVIOUS'] };
  const evidence: Evidence[] = [['freeStages', 'documented', 'our wiki']];
  expectFrozen(defineDialect(own, evidence));
  for (const given of [own, own.builtInStages, own.freeStages, evidence, evidence[0]]) {
    expect(Object.isFrozen(given)).toBe(false);
  }
});

test('a dialect of one’s own keeps the sources of what it did not change, and can bring its own', () => {
  const vault = defineDialect({ ...huaweiCsms, name: 'our vault', stageLimit: 5, versionLimit: 7 }, [
    ['stageLimit', 'documented', 'our wiki'],
  ]);
  const row = (wanted: string) => rules(vault).find(({ rule }) => rule === wanted);
  expect(rules(vault)).toHaveLength(rules(huaweiCsms).length);
  expect(row('stageLimit')).toEqual({ rule: 'stageLimit', value: 5, grade: 'documented', source: 'our wiki' });
  expect(row('versionLimit')).toMatchObject({
    value: 7,
    grade: 'assumed',
    changed: { value: 20, grade: 'documented' },
  });
  expect(row('stageName')).toMatchObject({ grade: 'documented' });
  expect(remainingStages(createSecret({ name: 'db', at: 0 }, vault), vault)).toBe(4);
  const { builtInStages, recoveryWindowInDays } = huaweiCsms;
  expect(vault).toMatchObject({ builtInStages, recoveryWindowInDays });
  expect(defineDialect({ ...huaweiCsms, freeStages: ['canary'] }).freeStages).toEqual(['canary']);

  const { sources: _, ...bare } = huaweiCsms;
  expect(rules(defineDialect(bare))).toEqual([]);
  expect(rules(defineDialect(bare, [['stageLimit', 'documented', 'our wiki']]))).toHaveLength(1);
});

type Contradictory = [string, Partial<Dialect>, readonly object[]];

const contradictory: readonly Contradictory[] = [
  ['a limit of nothing', { versionLimit: 0 }, [{ rules: ['versionLimit'], why: 'a limit is a whole number from 1' }]],
  ['half a stage', { stageListLimit: 1.5 }, [{ rules: ['stageListLimit'], why: 'a limit is a whole number from 1' }]],
  [
    'fewer stages than are built in',
    { stageLimit: 1 },
    [{ rules: ['builtInStages', 'stageLimit'], why: 'the built-in stages alone are too many' }],
  ],
  [
    'a current stage that is not built in',
    { currentStage: 'live' },
    [{ rules: ['currentStage', 'builtInStages'], why: 'it is not built in' }],
  ],
  [
    'a previous stage that is not built in',
    { previousStage: 'old' },
    [{ rules: ['previousStage', 'builtInStages'], why: 'it is not built in' }],
  ],
  [
    'one stage for two things',
    { previousStage: 'SYSCURRENT' },
    [{ rules: ['currentStage', 'previousStage'], why: 'they are the same' }],
  ],
  [
    'built-in names that no stage may have',
    { stageName: /^SYSC/ },
    [{ rules: ['builtInStages', 'stageName'], why: 'a built-in name is not allowed' }],
  ],
  [
    'a first id that no version may have',
    { versionId: /^.{32,64}$/ },
    [{ rules: ['versionIdPrefix', 'versionId'], why: 'the first id is not allowed' }],
  ],
  [
    'a pattern that remembers',
    { secretName: /^a/g, versionId: /^v/y },
    [
      { rules: ['secretName'], why: 'a global or sticky pattern remembers its last match' },
      { rules: ['versionId'], why: 'a global or sticky pattern remembers its last match' },
    ],
  ],
  ...[
    { least: 0, most: 30, usual: 30 },
    { least: 7, most: 30, usual: 6 },
    { least: 7, most: 30, usual: 31 },
    { least: 7, most: 30, usual: 7.5 },
  ].map(
    (recoveryWindowInDays) =>
      [
        JSON.stringify(recoveryWindowInDays),
        { recoveryWindowInDays },
        [{ rules: ['recoveryWindowInDays'], why: 'the days are not whole or not in order' }],
      ] satisfies Contradictory,
  ),
];

test.each(contradictory)('a dialect with %s is refused with the rules that disagree', (_, changes, found) => {
  const dialect = { ...huaweiCsms, name: 'our vault', ...changes };
  expect(contradictions(dialect)).toEqual(found);
  expect(() => defineDialect(dialect)).toThrow(StageRefusedError);
  expect(() => defineDialect(dialect)).toThrow(
    expect.objectContaining({
      refusal: { code: 'DIALECT_CONTRADICTION', dialect: 'our vault', contradictions: found },
    }),
  );
});

test('free built-in stages need no room, and limits at their edges are sound', () => {
  expect(contradictions({ ...huaweiCsms, stageLimit: 1, freeStages: ['SYSPREVIOUS'] })).toEqual([]);
  expect(contradictions({ ...huaweiCsms, stageLimit: 2, stageListLimit: 1, versionLimit: 1 })).toEqual([]);
  expect(contradictions({ ...huaweiCsms, recoveryWindowInDays: { least: 1, most: 1, usual: 1 } })).toEqual([]);
  expect(contradictions(huaweiCsms)).toEqual([]);
});
