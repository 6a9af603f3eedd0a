import { expect, test } from 'vitest';
import { nearest } from '../src/nearest.ts';

const names = ['stuck-stage', 'rollback', 'on'];

test.each([
  ['stuk-stage', 'did you mean stuck-stage?'],
  ['rolback', 'did you mean rollback?'],
  ['rollbakkkk', 'did you mean rollback?'],
  ['of', 'did you mean on?'],
  ['roll', 'did you mean rollback?'],
  ['constructor', 'use one of stuck-stage, rollback, on'],
])('%s: %s', (name, told) => {
  expect(nearest(name, names)).toBe(told);
});

test('nearest allows two wrong characters in a short name, and a third in a longer one', () => {
  expect(nearest('abcd', ['abxy'])).toBe('did you mean abxy?');
  expect(nearest('abcd', ['axyz'])).toBe('use one of axyz');
  expect(nearest('abcdefghi', ['abcdefxyz'])).toBe('did you mean abcdefxyz?');
  expect(nearest('abcdefghi', ['abcdewxyz'])).toBe('use one of abcdewxyz');
});

test('nearest suggests no name for an empty one', () => {
  expect(nearest('', ['rollback'])).toBe('use one of rollback');
});

test('nearest says so if there are no names', () => {
  expect(nearest('days', [])).toBe('it has none');
});
