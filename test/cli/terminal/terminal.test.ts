import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { terminalOf } from '../../../src/cli/terminal/terminal.ts';
import { indented } from '../../../src/drawing/terminal.ts';
import { wrap } from '../../../src/drawing/wrap.ts';

const stream = (isTTY: boolean, columns = 0) => Object.assign(new PassThrough(), { isTTY, columns });
const hasColors = (isTTY: boolean, env: Record<string, string>, color?: boolean) =>
  terminalOf({ stdout: stream(isTTY), env, color }).colors.red('x') !== 'x';

test.each([
  [true, {}, true],
  [false, {}, false],
  [true, { TERM: 'dumb' }, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  [false, { FORCE_COLOR: '' }, true],
  [false, { FORCE_COLOR: 'true' }, true],
  [false, { FORCE_COLOR: '3', TERM: 'dumb' }, true],
  [true, { FORCE_COLOR: '0' }, false],
  [true, { FORCE_COLOR: 'false' }, false],
])('terminalOf decides on colours if isTTY is %s and the environment %j', (isTTY, env, expected) => {
  expect(hasColors(isTTY, env)).toBe(expected);
});

test('terminalOf follows an option before the environment', () => {
  expect(hasColors(false, { NO_COLOR: '1', TERM: 'dumb' }, true)).toBe(true);
  expect(hasColors(true, { FORCE_COLOR: '1' }, false)).toBe(false);
});

test.each([
  [true, 80, 80],
  [true, 12, 40],
  [true, 0, undefined],
  [false, 80, undefined],
])('terminalOf reads the width if isTTY is %s and columns are %s', (isTTY, columns, width) => {
  expect(terminalOf({ stdout: stream(isTTY, columns), env: {} }).width).toBe(width);
});

test('terminalOf reads no width from a stream that says nothing of itself', () => {
  const { colors, width } = terminalOf({ stdout: new PassThrough(), env: {} });
  expect([colors.red('x') !== 'x', width]).toEqual([false, undefined]);
  expect(terminalOf({ stdout: Object.assign(new PassThrough(), { isTTY: true }), env: {} }).width).toBeUndefined();
});

test('indented draws on a narrower terminal, and indents no empty line', () => {
  const terminal = terminalOf({ stdout: stream(true, 42), env: {} });
  const draw = (inner: { readonly width: number | undefined }) => wrap(`${'a'.repeat(40)} b\n\nc`, inner);
  expect(indented(2, terminal, draw)).toBe(`  ${'a'.repeat(40)}\n  b\n\n  c`);
  expect(indented(1, { ...terminal, width: undefined }, draw)).toBe(` ${'a'.repeat(40)} b\n\n c`);
});
