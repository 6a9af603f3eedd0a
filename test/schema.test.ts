import * as v from 'valibot';
import { expect, test } from 'vitest';
import { problemOf, time } from '../src/schema.ts';

const schema = v.strictObject({
  at: time,
  names: v.array(v.string()),
  even: v.custom<number>((value) => Number(value) % 2 === 0, 'an even number'),
  kept: v.optional(v.variant('kind', [v.object({ kind: v.literal('text') }), v.object({ kind: v.literal('bytes') })])),
});
const issuesOf = (changes: object) =>
  v.safeParse(schema, { at: 0, names: [], even: 0, ...changes }).issues ?? expect.fail('It is valid.');

test.each([
  [{ at: -1 }, 'input.at', 'epoch milliseconds as a number'],
  [{ at: '1' }, 'input.at', 'a number'],
  [{ names: ['a', 5] }, 'input.names[1]', 'a string'],
  [{ names: {} }, 'input.names', 'a list'],
  [{ kept: 5 }, 'input.kept', 'an object'],
  [{ kept: { kind: 'none' } }, 'input.kept.kind', 'one of text, bytes'],
  [{ even: 1 }, 'input.even', 'an even number'],
  [{ more: 1 }, 'input.more', 'omitted'],
  [{ 'a\u0007.b': 1 }, 'input["a\\u0007.b"]', 'omitted'],
  [{ '': 1 }, 'input[""]', 'omitted'],
  [{ ['k'.repeat(80)]: 1 }, `input.${'k'.repeat(80)}`, 'omitted'],
  [{ ['k'.repeat(81)]: 1 }, `input["${'k'.repeat(79)}…"]`, 'omitted'],
])('problemOf says for %j where the problem is, and what is expected', (changes, path, expected) => {
  const [issue] = issuesOf(changes);
  expect(problemOf(issue, 'input')).toEqual({ path, expected });
});

test.each([
  [{}, 'input.at', 'given'],
  [{ at: undefined, names: [], even: 0 }, 'input.at', 'a number'],
  [{ at: 0, names: [undefined], even: 0 }, 'input.names[0]', 'a string'],
  [{ at: 0, names: [], even: undefined }, 'input.even', 'an even number'],
  [{ at: 0, names: [], even: 0, kept: {} }, 'input.kept.kind', 'one of text, bytes'],
  [undefined, 'input', 'an object'],
])('problemOf says for %j that nothing was found', (input, path, expected) => {
  const [issue] = v.safeParse(schema, input).issues ?? expect.fail('It is valid.');
  expect(problemOf(issue, 'input')).toEqual({ path, expected, found: 'nothing' });
});

test('problemOf keeps the path of data that is invalid as a whole', () => {
  const [issue] = v.safeParse(schema, 'text').issues ?? expect.fail('It is valid.');
  expect(problemOf(issue, 'input')).toEqual({ path: 'input', expected: 'an object' });
});
