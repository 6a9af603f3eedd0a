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

test('a short name may be off by two, a longer one by a third of it', () => {
  expect(nearest('abcd', ['abxy'])).toBe('did you mean abxy?');
  expect(nearest('abcd', ['axyz'])).toBe('use one of axyz');
  expect(nearest('abcdefghi', ['abcdefxyz'])).toBe('did you mean abcdefxyz?');
  expect(nearest('abcdefghi', ['abcdewxyz'])).toBe('use one of abcdewxyz');
});

test('an empty name is the beginning of none', () => {
  expect(nearest('', ['rollback'])).toBe('use one of rollback');
});

test('nearest says that there are no names', () => {
  expect(nearest('days', [])).toBe('it has none');
});
