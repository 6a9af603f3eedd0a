import { expect, test } from 'vitest';
import { assignStage, createSecret, defineDialect, huaweiCsms, type SecretState } from '../../../src/index.ts';
import { check } from '../../../src/policy/index.ts';
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

test('stage-budget misses unknown versions', () => {
  const unknown = { what: 'versions', after: 'v1' } as const;
  expect(check(marked(1), { at: 0, policy: [stageBudget], unknown: [unknown] }).unchecked).toEqual([
    { rule: 'stage-budget', unknown },
  ]);
});
