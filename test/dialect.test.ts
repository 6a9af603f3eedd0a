import { expect, test } from 'vitest';
import {
  contradictions,
  createSecret,
  type Dialect,
  defineDialect,
  type Grade,
  huaweiCsms,
  remainingStages,
  rules,
  StageRefusedError,
} from '../src/index.ts';

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
  expect(graded('assumed').map(({ value }) => value)).toEqual([true, huaweiCsms.versionId, ...Array(9).fill(false)]);
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

test('a rule that was changed is an assumption of whoever changed it', () => {
  const changed = rules({ ...huaweiCsms, stageLimit: 5, previousFollowsMove: true });
  expect(changed.find(({ rule }) => rule === 'stageLimit')).toEqual({
    rule: 'stageLimit',
    value: 5,
    grade: 'assumed',
    source: 'changed: Huawei Cloud CSMS has 12 (documented, UpdateSecretStage)',
  });
  expect(changed.find(({ rule }) => rule === 'previousFollowsMove')).toMatchObject({
    value: true,
    source: 'changed: Huawei Cloud CSMS has false (assumed, UpdateSecretStage moves the named stage)',
  });
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

test('the default dialect is frozen to the bottom, and a dialect of one’s own leaves its source alone', () => {
  expect(Object.isFrozen(huaweiCsms) && Object.isFrozen(huaweiCsms.builtInStages)).toBe(true);
  expect(Object.isFrozen(huaweiCsms.recoveryWindowInDays) && Object.isFrozen(huaweiCsms.sources.of)).toBe(true);
  expect(Object.isFrozen(huaweiCsms.sources) && Object.isFrozen(huaweiCsms.sources.evidence)).toBe(true);

  const own = { ...huaweiCsms, name: 'our vault', stageLimit: 5, builtInStages: ['SYSCURRENT', 'SYSPREVIOUS'] };
  const vault = defineDialect(own, [['stageLimit', 'documented', 'our wiki']]);
  expect(Object.isFrozen(own) || Object.isFrozen(own.builtInStages)).toBe(false);
  expect(rules(vault)).toEqual([{ rule: 'stageLimit', value: 5, grade: 'documented', source: 'our wiki' }]);
  expect(rules(defineDialect(own))).toEqual([]);
  expect(remainingStages(createSecret({ name: 'db', at: 0 }, vault), vault)).toBe(4);
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
  ].map(
    (recoveryWindowInDays) =>
      [
        JSON.stringify(recoveryWindowInDays),
        { recoveryWindowInDays },
        [{ rules: ['recoveryWindowInDays'], why: 'the days are not in order' }],
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
