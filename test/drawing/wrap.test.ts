import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { colorsOf } from '../../src/drawing/terminal.ts';
import { fold, wrap } from '../../src/drawing/wrap.ts';

const { dim, red } = colorsOf(true);

test('wrap changes nothing without a width, or in a line that fits', () => {
  const text = `  ${'word '.repeat(50)}`;
  expect(wrap(text, { width: undefined })).toBe(text);
  expect(wrap('a   b\n\n  c ', { width: 5 })).toBe('a   b\n\n  c ');
});

test('wrap continues a line with its indentation and the hang', () => {
  expect(wrap('  one two three\nfour five six', { width: 9 })).toBe('  one two\n  three\nfour five\nsix');
  expect(wrap('  one two three', { width: 11 }, 2)).toBe('  one two\n    three');
});

test('fold keeps the blanks within a line, and drops those at its ends', () => {
  expect(fold('a   b    c', 5)).toEqual(['a   b', 'c']);
  expect(fold('  a b ', 3)).toEqual(['a b']);
  expect(fold('', 3)).toEqual(['']);
});

test('fold breaks only words that are wider than a line', () => {
  expect(fold('ab abcdefgh c', 3)).toEqual(['ab', 'abc', 'def', 'gh', 'c']);
  expect(fold('abc def', 3)).toEqual(['abc', 'def']);
  expect(fold('abcd ef', 3)).toEqual(['abc', 'd', 'ef']);
});

test('fold counts wide characters twice, and splits none', () => {
  expect(fold('秘密のバージョン', 5)).toEqual(['秘密', 'のバ', 'ージ', 'ョン']);
  expect(fold('👩‍👩‍👧👩‍👩‍👧', 3)).toEqual(['👩‍👩‍👧', '👩‍👩‍👧']);
});

test('fold does not normalise', () => {
  expect(fold('e\u0301e\u0301e\u0301', 2)).toEqual(['e\u0301e\u0301', 'e\u0301']);
});

test('fold ends a colour with its line, and goes on with it in the next', () => {
  const [on, off] = dim('|').split('|');
  expect(fold(dim('one two'), 3)).toEqual([`${on}one\u001b[0m`, `${on}two${off}`]);
  expect(fold(`${red('abcd')} e`, 2)).toEqual(['\u001b[31mab\u001b[0m', '\u001b[31mcd\u001b[39m', 'e']);
});

test('fold loses no character, and no line is wider', () => {
  const word = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((text) => !/[\p{C}\p{Z}]/u.test(text));
  const texts = fc.array(fc.oneof(word, word.map(red)), { maxLength: 12 }).map((words) => words.join(' '));
  fc.assert(
    fc.property(texts, fc.integer({ min: 8, max: 40 }), (text, columns) => {
      const lines = fold(text, columns);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the colours.
      const bare = (colored: string) => colored.replace(/\u001b\[\d+m|\s/g, '');
      expect(bare(lines.join(''))).toBe(bare(text));
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    }),
  );
});
