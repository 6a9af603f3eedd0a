import { expect, test } from 'vitest';
import { counted, cut, durationText, foundText, hiddenText, printable, quote } from '../src/text.ts';

test.each([
  [0, '0 seconds'],
  [999, '0 seconds'],
  [1000, '1 second'],
  [59_999, '59 seconds'],
  [60_000, '1 minute'],
  [3_599_999, '59 minutes'],
  [3_600_000, '1 hour'],
  [86_399_999, '23 hours'],
  [86_400_000, '1 day'],
  [2 * 86_400_000 - 1, '1 day'],
  [864e13, '100,000,000 days'],
])('durationText turns %s ms into %s', (milliseconds, span) => {
  expect(durationText(milliseconds)).toBe(span);
});

test('counted uses the singular only for 1', () => {
  expect([0, 1, 2].map((count) => counted(count, 'version'))).toEqual(['0 versions', '1 version', '2 versions']);
});

test.each([
  [undefined, 'nothing', 'nothing'],
  [null, 'null', 'null'],
  [5, '5', 'a number'],
  [-0, '-0', 'a number'],
  [Number.NaN, 'NaN', 'a number'],
  [5n, 'a bigint', 'a bigint'],
  [true, 'true', 'a boolean'],
  ['5', 'the string "5"', 'a string of 1 character'],
  ['', 'the string ""', 'a string of 0 characters'],
  ['a"\n\u202e', 'the string "a\\"\\n\\u{202e}"', 'a string of 4 characters'],
  [Symbol('a\u202e'), 'a symbol', 'a symbol'],
  [[1], 'a list', 'a list'],
  [{ toString: () => 'hunter2' }, 'an object', 'an object'],
  [new Date(0), 'an object', 'an object'],
  [() => 'hunter2', 'an object', 'an object'],
])('foundText and hiddenText describe %o', (value, found, hidden) => {
  expect(foundText(value)).toBe(found);
  expect(hiddenText(value)).toBe(hidden);
});

test('printable escapes characters that steer a terminal or a CI runner', () => {
  expect(printable('a\u001b[31m\u202e')).toBe('a\\u{1b}[31m\\u{202e}');
  expect(printable('##[error]')).toBe('#\\u{23}[error]');
  expect(printable('##vso[x] ###[y] ##teamcity[z]')).toBe('#\\u{23}vso[x] ##\\u{23}[y] #\\u{23}teamcity[z]');
  expect(printable('# ## #[x] ## [x] ##a')).toBe('# ## #[x] ## [x] ##a');
  expect(printable(printable('##[error]'))).toBe(printable('##[error]'));
});

test('printable escapes the same characters whatever Unicode the engine knows', () => {
  // U+16D40 was added in Unicode 16. U+0378 and U+1FFFD are not assigned yet.
  const unknown = '\u{16d40}\u0378\u{1fffd}';
  expect(printable(unknown)).toBe(unknown);
  expect(printable('\uffff\u2065\ufff8\u{e0000}\u{e0fff}')).toBe('\\u{ffff}\\u{2065}\\u{fff8}\\u{e0000}\\u{e0fff}');
  expect(printable('\u{e0100}')).toBe('\u{e0100}');
});

test('cut shortens a text to 80 characters', () => {
  expect(cut('x'.repeat(80))).toBe('x'.repeat(80));
  expect(cut('x'.repeat(81))).toBe(`${'x'.repeat(79)}…`);
  expect(quote('x'.repeat(81))).toBe(`"${'x'.repeat(79)}…"`);
  expect(foundText('x'.repeat(81))).toBe(`the string "${'x'.repeat(79)}…"`);
});

test('quote takes any value, and shows only the type of an object', () => {
  expect([5n, null, Symbol('a'), { toJSON: () => 'hunter2' }].map(quote)).toEqual([
    '"5"',
    '"null"',
    '"Symbol(a)"',
    '"object"',
  ]);
});
