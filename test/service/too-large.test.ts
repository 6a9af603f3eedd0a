import { expect, test } from 'vitest';
import { explainProblem } from '../../src/sentences.ts';
import { mostValues, tooLarge } from '../../src/service/too-large.ts';

const zeros = (count: number): readonly number[] => new Array(count).fill(0);

test('tooLarge refuses data with more values than the limit, counting the data itself', () => {
  expect(tooLarge(zeros(mostValues - 1), 'input')).toBeUndefined();
  const problem = tooLarge(zeros(mostValues), 'input');
  expect(problem && explainProblem(problem)).toBe('input must be at most 2,000,000 JSON values; split it into parts');
});

test('tooLarge counts values in objects and at any depth', () => {
  const half = zeros(mostValues / 2);
  expect(tooLarge({ a: half.slice(4), b: { c: half } }, 'input')).toBeUndefined();
  expect(tooLarge({ a: half.slice(3), b: { c: half } }, 'input')).toBeDefined();
  const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  expect(tooLarge(deep, 'input')).toBeUndefined();
});
