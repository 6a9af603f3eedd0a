import { expect, test } from 'vitest';
import { drawTable } from '../../src/drawing/table.ts';

const rows = [
  ['a', 'one two three four five six', 'x'],
  ['bb', '秘密', 'y\nz'],
];

test('drawTable aligns columns, also of wide characters and cells of more than one line', () => {
  expect(drawTable(rows, { width: undefined })).toBe(
    ['a    one two three four five six   x', 'bb   秘密                          y', `${' '.repeat(35)}z`].join('\n'),
  );
  expect(drawTable(rows, { width: 36 })).toBe(drawTable(rows, { width: undefined }));
  expect(drawTable([], { width: 40 })).toBe('');
  expect(drawTable([['a'], ['b', 'c']], { width: 40 })).toBe('a\nb   c');
});

test('drawTable continues the widest cells below themselves where they do not fit', () => {
  expect(drawTable(rows, { width: 32, gap: 2 }).split('\n')).toEqual([
    'a   one two three four five    x',
    '    six',
    'bb  秘密                       y',
    '                               z',
  ]);
});

test('drawTable narrows the widest column first, and none below 20 columns', () => {
  const [short, long] = [10, 20].map((words) => Array(words).fill('ab').join(' '));
  const draw = (width: number) => drawTable([[`${short}`, `${long}`]], { width, gap: 1 }).split('\n');
  expect(draw(89)).toEqual([`${short} ${long}`]);
  expect(draw(60)).toEqual([`${short} ${short}`, `${' '.repeat(30)}${short}`]);
  expect(draw(41)).toEqual([
    'ab ab ab ab ab ab ab ab ab ab ab ab ab ab',
    'ab ab ab             ab ab ab ab ab ab ab',
    '                     ab ab ab ab ab ab',
  ]);
  expect(draw(40)).toEqual([short, `  ${Array(13).fill('ab').join(' ')}`, `  ${Array(7).fill('ab').join(' ')}`]);
});

test('drawTable moves the last cells to lines of their own rather than break a word', () => {
  const id = '3b7c1f52-0d7e-4a39-9c41-6f2f5a1d0001';
  const board = [
    [id, 'AWSCURRENT', '2026-03-02 09:00:00Z'],
    ['v2', 'AWSPENDING', '2026-03-03 09:00:00Z'],
  ];
  expect(drawTable(board, { width: 60 }).split('\n')).toEqual([
    `${id}   AWSCURRENT`,
    '  2026-03-02 09:00:00Z',
    `v2${' '.repeat(37)}AWSPENDING`,
    '  2026-03-03 09:00:00Z',
  ]);
  expect(drawTable(board, { width: 40 }).split('\n').slice(0, 3)).toEqual([
    id,
    '  AWSCURRENT',
    '  2026-03-02 09:00:00Z',
  ]);
  expect(drawTable(board, { width: 30 }).split('\n').slice(0, 3)).toEqual([
    id.slice(0, 30),
    id.slice(30),
    '  AWSCURRENT',
  ]);
});

test('drawTable breaks a word that is longer than it may be', () => {
  expect(drawTable([['a', 'x'.repeat(40)]], { width: 32, gap: 2, longestWord: 25 }).split('\n')).toEqual([
    `a  ${'x'.repeat(29)}`,
    `   ${'x'.repeat(11)}`,
  ]);
});
