import { expect, test } from 'vitest';
import {
  assignStage,
  createSecret,
  defineDialect,
  huaweiCsms,
  type SecretAction,
  type SecretState,
} from '../../../src/index.ts';
import { check, checkHistory, checkPlan } from '../../../src/policy/index.ts';
import { stageBudget } from '../../../src/policy/rules/stage-budget.ts';

const marked = (number: number): SecretState =>
  Array.from({ length: number - 1 }).reduce<SecretState>(
    (state, _, index) => assignStage(state, { stage: `stage-${index}`, versionId: 'v1', at: 0 }),
    createSecret({ name: 'db', at: 0 }),
  );
const found = (state: SecretState, stagesLeft = 2, dialect = huaweiCsms) =>
  check(state, { at: 0, policy: [stageBudget.with({ thresholds: { stagesLeft } })], dialect }).findings;

test('stage-budget accepts room for three stages, and reports room for two', () => {
  expect(check(marked(9), { at: 0, policy: [stageBudget] }).findings).toEqual([]);
  expect(check(marked(10), { at: 0, policy: [stageBudget] }).findings).toEqual([
    {
      rule: 'stage-budget',
      severity: 'warning',
      sentence: 'The secret has room for 2 more stages (limit 12).',
      remedy: [],
    },
  ]);
});

test.each([
  [11, 0, 0],
  [12, 0, 1],
  [1, 1e300, 1],
  [10, 1.5, 0],
  [11, 1.5, 1],
])('with %s stages and a threshold of %s there are %s findings', (number, stagesLeft, length) => {
  expect(found(marked(number), stagesLeft)).toHaveLength(length);
});

test('stage-budget uses the limit of the dialect and which stages count', () => {
  const dialect = defineDialect(huaweiCsms, { stages: { limit: 3 } });
  expect(found(marked(1), 2, dialect)).toMatchObject([
    { sentence: 'The secret has room for 2 more stages (limit 3).' },
  ]);
  expect(found(marked(1), 2, defineDialect(dialect, { stages: { limitCounts: 'custom' } }))).toEqual([]);
  expect(found(marked(5), 2, dialect)).toMatchObject([
    { sentence: 'The secret has room for 0 more stages (limit 3).' },
  ]);
});

test('stage-budget misses the stages of missing versions if there seems to be room, but not those of deprecated ones', () => {
  const versions = { what: 'versions', after: 'v1' } as const;
  const unknown = [versions, { what: 'deprecatedVersions' }] as const;
  const checked = (state: SecretState) => check(state, { at: 0, policy: [stageBudget], unknown }).unchecked;
  expect(checked(marked(9))).toEqual([{ rules: ['stage-budget'], unknown: versions }]);
  expect(checked(marked(10))).toEqual([]);
});

test('stage-budget reports a plan that leaves few stages halfway', () => {
  const put = (stage: string): SecretAction => ({ type: 'assignStage', stage, versionId: 'v1', at: 0 });
  const drop = (stage: string): SecretAction => ({ type: 'removeStage', stage, at: 0 });
  const plan = (number: number, ...actions: readonly SecretAction[]) => {
    const report = checkPlan(marked(number), actions, { at: 0, policy: [stageBudget] });
    return report.allowed && report.causes.map(({ sentence }) => sentence);
  };
  expect(plan(9, put('a'), put('b'), drop('a'), drop('b'))).toEqual([
    'Halfway through the actions, the secret has room for 1 more stage (limit 12). A later action frees more.',
  ]);
  expect(plan(9, drop('stage-0'), put('a'))).toEqual([]);
  // The shortage lasts, or was there before.
  expect(plan(9, put('a'))).toEqual(['The secret has room for 2 more stages (limit 12).']);
  expect(plan(10, put('a'), drop('a'), drop('stage-0'))).toEqual([]);
  const moments = [9, 10, 9].map((number, at) => ({ at, state: marked(number) }));
  expect(checkHistory(moments, { at: 3, policy: [stageBudget] })).toMatchObject([{ change: null, from: 1, until: 2 }]);
});
