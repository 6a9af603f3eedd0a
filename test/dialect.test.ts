import { expect, test } from 'vitest';
import {
  alibabaKms,
  awsSecretsManager,
  contradictions,
  createSecret,
  type Dialect,
  defineDialect,
  type Evidence,
  type Grade,
  googleSecretManager,
  huaweiCsms,
  remainingStages,
  rules,
  StageRefusedError,
} from '../src/index.ts';
import { expectFrozen } from './expect-frozen.ts';

const clouds = [huaweiCsms, awsSecretsManager, alibabaKms, googleSecretManager];

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
    'a refusal has an error code',
    'latest is current, else newest',
    'builtInStages',
    'currentStage',
    'previousStage',
    'stageLimit',
    'stageListLimit',
    'versionLimit',
    'statuses',
    'recoveryWindowInDays',
    'secretName',
    'stageName',
    'versionIdPrefix',
    'removableStages',
    'movesNeedHolder',
    'versionsComeLater',
    'firstVersionIsCurrent',
    'latestIsCurrent',
    'versionLimitIsRough',
    'deprecatedStay',
    'deprecatedStayInHours',
  ]);
  expect(graded('assumed').map(({ value }) => value)).toEqual([
    true,
    true,
    true,
    huaweiCsms.versionId,
    ...Array(12).fill(false),
  ]);
  expect(rules(huaweiCsms)[0]).toMatchObject({ value: true, source: 'UpdateSecretStage' });
  expect(rules(huaweiCsms).find(({ rule }) => rule === 'stageLimit')).toEqual({
    rule: 'stageLimit',
    value: 12,
    grade: 'documented',
    source: 'UpdateSecretStage',
  });
});

test('a rule that was changed is an assumption of whoever changed it, beside the rule as it was', () => {
  const changed = rules({
    ...huaweiCsms,
    stageLimit: 5,
    previousFollowsMove: true,
    deprecatedIsFinal: false,
    builtInStages: [...huaweiCsms.builtInStages],
    recoveryWindowInDays: { least: 7, most: 30, usual: 7 },
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
  expect(
    rules(defineDialect(bare))
      .map(({ rule }) => rule)
      .sort(),
  ).toEqual(
    Object.keys(bare)
      .filter((field) => field !== 'name')
      .sort(),
  );
  expect(rules(defineDialect(bare))[0]).toMatchObject({
    rule: 'stageLimit',
    value: 12,
    grade: 'assumed',
    source: 'whoever made this dialect gave no source',
  });
  // Of what is told twice the last counts.
  const twice = defineDialect(bare, [
    ['stageLimit', 'assumed', 'a rumour'],
    ['stageLimit', 'documented', 'our wiki'],
  ]);
  expect(rules(twice).filter(({ rule }) => rule === 'stageLimit')).toEqual([
    { rule: 'stageLimit', value: 12, grade: 'documented', source: 'our wiki' },
  ]);
});

type Contradictory = [string, Partial<Dialect>, readonly object[]];

const contradictory: readonly Contradictory[] = [
  [
    'a limit of nothing',
    { versionLimit: 0 },
    [{ rules: ['versionLimit'], why: 'a limit is a whole number from 1, or null for none' }],
  ],
  ['half a stage', { stageListLimit: 1.5 }, [{ rules: ['stageListLimit'], why: 'it is not a whole number from 0' }]],
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
    'a removable stage that is not built in',
    { removableStages: ['canary'] },
    [{ rules: ['removableStages', 'builtInStages'], why: 'it is not built in' }],
  ],
  [
    'a current stage that a new version clears',
    { clearedStages: ['SYSCURRENT'] },
    [{ rules: ['clearedStages', 'currentStage'], why: 'a new version puts it on and takes it off' }],
  ],
  [
    'a previous stage that a new version clears',
    { clearedStages: ['canary', 'SYSPREVIOUS'] },
    [{ rules: ['clearedStages', 'previousStage'], why: 'a new version puts it on and takes it off' }],
  ],
  [
    'a previous stage and no current one',
    { currentStage: null },
    [{ rules: ['currentStage', 'previousStage'], why: 'no stage is current that it could follow' }],
  ],
  [
    'followers and no previous stage',
    { previousStage: null, previousFollowsMove: true, previousFollowsListedCurrent: true },
    [
      { rules: ['previousFollowsMove', 'previousStage'], why: 'no stage is previous' },
      { rules: ['previousFollowsListedCurrent', 'previousStage'], why: 'no stage is previous' },
    ],
  ],
  [
    'readers of a current stage that is not',
    { currentStage: null, previousStage: null, firstVersionIsCurrent: true, latestIsCurrent: true },
    [
      { rules: ['firstVersionIsCurrent', 'currentStage'], why: 'no stage is current' },
      { rules: ['latestIsCurrent', 'currentStage'], why: 'no stage is current' },
    ],
  ],
  [
    'a list that has to have a stage and cannot',
    { emptyListIsRefused: true, stageListLimit: 0 },
    [{ rules: ['emptyListIsRefused', 'stageListLimit'], why: 'no list is left' }],
  ],
  [
    'a deletion that waits for no time',
    { recoveryWindowInDays: null },
    [
      {
        rules: ['statuses', 'recoveryWindowInDays'],
        why: 'a secret waits for its deletion exactly if there is a window',
      },
    ],
  ],
  [
    'a window and no secret that waits',
    { statuses: ['ENABLED'] },
    [
      {
        rules: ['statuses', 'recoveryWindowInDays'],
        why: 'a secret waits for its deletion exactly if there is a window',
      },
    ],
  ],
  [
    'rules about a limit that is none',
    { versionLimit: null, versionLimitIsHard: true },
    [{ rules: ['versionLimitIsHard', 'versionLimit'], why: 'there is no limit' }],
  ],
  [
    'more rules about a limit that is none',
    { versionLimit: null, versionLimitIsRough: true, deprecatedStayInHours: 1 },
    [
      { rules: ['versionLimitIsRough', 'versionLimit'], why: 'there is no limit' },
      { rules: ['deprecatedStayInHours', 'versionLimit'], why: 'there is no limit' },
    ],
  ],
  [
    'a hard limit at which old versions make room',
    { versionLimitIsHard: true, deprecatedStayInHours: 24 },
    [{ rules: ['versionLimitIsHard', 'deprecatedStayInHours'], why: 'no version would ever go' }],
  ],
  [
    'a hard limit and versions that stay',
    { versionLimitIsHard: true, deprecatedStay: true },
    [{ rules: ['versionLimitIsHard', 'deprecatedStay'], why: 'no version would ever go' }],
  ],
  [
    'a limit that is hard and an about',
    { versionLimitIsHard: true, versionLimitIsRough: true },
    [{ rules: ['versionLimitIsHard', 'versionLimitIsRough'], why: 'it cannot be both' }],
  ],
  [
    'a rule for what is pruned where nothing is',
    { pruningNeedsEnabled: true, deprecatedStay: true },
    [{ rules: ['pruningNeedsEnabled', 'deprecatedStay'], why: 'nothing is pruned' }],
  ],
  ['a stage without a name', { stageName: /^[\w-]{0,64}$/ }, [{ rules: ['stageName'], why: 'a stage has a name' }]],
  [
    'a cleared and a free stage that nobody can name so',
    { clearedStages: ['a b'], freeStages: ['?'] },
    [
      { rules: ['clearedStages', 'stageName'], why: 'such a name is not allowed' },
      { rules: ['freeStages', 'stageName'], why: 'such a name is not allowed' },
    ],
  ],
  [
    'a built-in stage twice',
    { builtInStages: ['SYSCURRENT', 'SYSPREVIOUS', 'SYSCURRENT'] },
    [{ rules: ['builtInStages'], why: 'a name is there twice' }],
  ],
  [
    'both stages that a new version puts cleared',
    { clearedStages: ['SYSCURRENT', 'SYSPREVIOUS'] },
    [
      { rules: ['clearedStages', 'currentStage'], why: 'a new version puts it on and takes it off' },
      { rules: ['clearedStages', 'previousStage'], why: 'a new version puts it on and takes it off' },
    ],
  ],
  ['no name', { name: '' }, [{ rules: ['name'], why: 'it is no name' }]],
  [
    'a first id that no version may have',
    { versionId: /^.{32,64}$/ },
    [{ rules: ['versionIdPrefix', 'versionId'], why: 'the first id is not allowed' }],
  ],
  [
    'a pattern that remembers',
    { secretName: /^a/g, versionId: /^v/y },
    [
      { rules: ['secretName'], why: 'it is no pattern, or a global or sticky one, which remembers its last match' },
      { rules: ['versionId'], why: 'it is no pattern, or a global or sticky one, which remembers its last match' },
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
      refusal: { code: 'DIALECT_CONTRADICTION', dialect: dialect.name, contradictions: found },
    }),
  );
});

test('what is no rule, or no value of a rule, is told before rules are compared', () => {
  const misspelt = { ...huaweiCsms, previousFollowsMoves: true, stageLimit: 1 };
  expect(contradictions(misspelt)).toEqual([{ rules: ['previousFollowsMoves'], why: 'there is no such rule' }]);
  expect(() => defineDialect(misspelt)).toThrow(
    expect.objectContaining({
      refusal: expect.objectContaining({
        contradictions: [{ rules: ['previousFollowsMoves'], why: 'there is no such rule' }],
      }),
    }),
  );

  // Untyped callers give anything: here each rule of each dialect as a date, which is of no kind.
  const fields = new Set(clouds.flatMap((dialect) => rules(dialect).map(({ rule }) => rule)));
  const names = [...fields].filter((rule) => /^[a-zA-Z]+$/.test(rule));
  const wrong = Object.assign({ ...huaweiCsms }, Object.fromEntries(names.map((name) => [name, new Date(0)])));
  expect(names).toHaveLength(32);
  expect(new Set(contradictions(wrong).flatMap(({ rules }) => rules))).toEqual(new Set(names));
  // What is inherited is left out, as it is of the dialect that is made; a hole in a list is no name.
  expect(contradictions(Object.create(huaweiCsms))).toHaveLength(12);
  expect(contradictions(Object.assign({ ...huaweiCsms }, { freeStages: Array(2) }))).toMatchObject([
    { rules: ['freeStages'] },
  ]);
  expect(contradictions(Object.assign({ ...huaweiCsms }, { name: 5 }))).toEqual([
    { rules: ['name'], why: 'it is no name' },
  ]);
  const none = Object.assign({ ...huaweiCsms }, Object.fromEntries(names.map((name) => [name, undefined])));
  expect(contradictions(none).map(({ rules: [rule] }) => rule)).toEqual(
    expect.arrayContaining(['statuses', 'recoveryWindowInDays', 'stageName', 'versionIdPrefix', 'currentStage']),
  );
});

test.each(clouds)('$name is sound, frozen, and says of each rule how it is known', (dialect) => {
  expect(contradictions(dialect)).toEqual([]);
  expectFrozen(dialect);
  const rows = rules(dialect).map(({ rule }) => rule);
  expect(new Set(rows).size).toBe(rows.length);
  // Each knows the same rules, the same things being left out among them.
  const fields = (of: readonly string[]) => of.filter((rule) => /^[a-zA-Z]+$/.test(rule)).sort();
  expect(fields(rows)).toEqual(fields(rules(huaweiCsms).map(({ rule }) => rule)));
  expect(rows).toEqual(expect.arrayContaining(Object.keys(dialect).filter((f) => f !== 'name' && f !== 'sources')));
  expect(rules(dialect).filter(({ changed }) => changed)).toEqual([]);
  for (const { source } of rules(dialect)) expect(source).toMatch(/\S/);
});

test('free built-in stages need no room, and limits at their edges are sound', () => {
  expect(contradictions({ ...huaweiCsms, stageLimit: 1, freeStages: ['SYSPREVIOUS'] })).toEqual([]);
  expect(contradictions({ ...huaweiCsms, stageLimit: 2, stageListLimit: 1, versionLimit: 1 })).toEqual([]);
  expect(contradictions({ ...huaweiCsms, recoveryWindowInDays: { least: 1, most: 1, usual: 1 } })).toEqual([]);
  expect(contradictions(huaweiCsms)).toEqual([]);
});
