import * as v from 'valibot';
import { expect, test } from 'vitest';
import { explainProblem } from '../../src/sentences.ts';
import { listProblems, mostProblems, readBy } from '../../src/service/list-problems.ts';
import { expectLinear } from '../work.ts';

const problems = (count: number) => Array.from({ length: count }, (_, at) => ({ path: `d[${at}]`, expected: 'there' }));

test('listProblems lists the first problems, and how many more there are', () => {
  expect(listProblems(problems(mostProblems), 'd')).toEqual(problems(mostProblems));
  const more = listProblems(problems(mostProblems + 1), 'd');
  expect(more.slice(0, -1)).toEqual(problems(mostProblems));
  expect(more.slice(-1).map(explainProblem)).toEqual(['d must be free of 1 more problem']);
});

test('listProblems counts problems that the reader of a part did not list', () => {
  const parts = [...listProblems(problems(25), 'one'), ...listProblems(problems(30), 'other')];
  const all = listProblems(parts, 'all');
  expect(all).toHaveLength(mostProblems + 1);
  expect(all.slice(-1).map(explainProblem)).toEqual(['all must be free of 35 more problems']);
});

test('readBy shortens long keys in problems', () => {
  const schema = v.record(v.string(), v.array(v.string()));
  const read = readBy(schema, { ['k'.repeat(100_000)]: Array.from({ length: 30 }, () => 1) }, 'answers[0]');
  const listed = read.ok ? [] : read.problems;
  expect(listed).toHaveLength(mostProblems + 1);
  expect(listed[0]?.path).toBe(`answers[0]["${'k'.repeat(79)}…"][0]`);
  expect(listed.slice(-1).map(explainProblem)).toEqual(['answers[0] must be free of 10 more problems']);
});

test('listProblems takes linear time', () => {
  expectLinear((size) => () => listProblems(problems(size), 'd'), 1000);
});

test('readBy finds all problems of small data, and only the first of large data', () => {
  const schema = v.array(v.strictObject({ id: v.string() }));
  const problemsOf = (count: number) => {
    const read = readBy(
      schema,
      Array.from({ length: count }, () => ({})),
      'd',
    );
    return read.ok ? [] : read.problems.map(({ path }) => path);
  };
  expect(problemsOf(3)).toEqual(['d[0].id', 'd[1].id', 'd[2].id']);
  expect(problemsOf(10_000)).toEqual(['d[0].id']);
  expect(readBy(schema, [{ id: 'a' }], 'd')).toEqual({ ok: true, output: [{ id: 'a' }] });
});
