import * as v from 'valibot';
import { expect, test } from 'vitest';
import { expectationOf, problemOf, time } from '../src/schema.ts';

const schema = v.strictObject({
  at: time,
  names: v.array(v.string()),
  even: v.custom<number>((value) => Number(value) % 2 === 0, 'an even number'),
});
const issuesOf = (changes: object) =>
  v.safeParse(schema, { at: 0, names: [], even: 0, ...changes }).issues ?? expect.fail('It is valid.');

test.each([
  [{ at: -1 }, 'input.at', 'epoch milliseconds as a number'],
  [{ at: '1' }, 'input.at', 'of type number'],
  [{ names: ['a', 5] }, 'input.names[1]', 'of type string'],
  [{ even: 1 }, 'input.even', 'an even number'],
  [{ more: 1 }, 'input.more', 'omitted'],
])('problemOf says for %j where the problem is, and what is expected', (changes, path, expected) => {
  const [issue] = issuesOf(changes);
  expect(problemOf(issue, 'input')).toEqual({ path, expected });
});

test('expectationOf says that a missing field must be there', () => {
  const [issue] = v.safeParse(schema, {}).issues ?? expect.fail('It is valid.');
  expect(expectationOf(issue)).toBe('there');
});

test('problemOf keeps the path of data that is invalid as a whole', () => {
  const [issue] = v.safeParse(schema, 'text').issues ?? expect.fail('It is valid.');
  expect(problemOf(issue, 'input')).toEqual({ path: 'input', expected: 'of type Object' });
});
