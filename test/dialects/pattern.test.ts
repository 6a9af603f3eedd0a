import { expect, test } from 'vitest';
import { fits, isPattern, patternRule } from '../../src/dialects/pattern.ts';

test('fits matches a whole name, including line breaks', () => {
  expect(fits('ab', 'a.')).toBe(true);
  expect(fits('a\n', 'a.')).toBe(true);
  expect(fits('ab', 'a')).toBe(false);
  expect(fits('ab', 'b')).toBe(false);
  expect(fits('b', 'a|b')).toBe(true);
  expect(fits('ba', 'a|b')).toBe(false);
  expect(fits('a\n', 'a')).toBe(false);
});

test('fits returns false for values that are not strings', () => {
  for (const value of [5, null, undefined, ['a'], Object('a')]) expect(fits(value, '.*')).toBe(false);
});

test('patternRule shows a pattern as an equivalent expression', () => {
  for (const pattern of ['[\\w-]{1,64}', 'a|b']) {
    const shown = patternRule(pattern);
    const [, source] = /^text that matches \/(.*)\/$/.exec(shown) ?? expect.fail(shown);
    const expression = new RegExp(`${source}`, 's');
    for (const name of ['a', 'ab', 'b', '', 'xa']) expect(expression.test(name)).toBe(fits(name, pattern));
  }
});

test('isPattern returns false for a string that is not a complete expression', () => {
  expect(isPattern('a|b')).toBe(true);
  expect(isPattern('a'.repeat(1000))).toBe(true);
  for (const value of ['(', 'a)|(b', 'a'.repeat(1001), /a/, null, 5]) expect(isPattern(value)).toBe(false);
});
