import { PassThrough, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { atMost, complain, print } from '../../src/cli/host.ts';
import { warn } from '../../src/cli/terminal/warn.ts';
import { hostWith } from './host.ts';

const streams = () => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  return { stdout, stderr, host: { ...hostWith(), stdout, stderr } };
};

test('print, complain and warn write no line that is a command to a CI runner', async () => {
  const { stdout, stderr, host } = streams();
  await print(host, '::error::x\n  ::warning::x\nx ::notice::x\n');
  expect(String(stdout.read())).toBe('\\u{3a}:error::x\n  \\u{3a}:warning::x\nx ::notice::x\n');
  complain(host, '::error::x\n');
  expect(String(stderr.read())).toBe('\\u{3a}:error::x\n');
  warn(host, ['::error::x', 'a\n::error::x']);
  expect(String(stderr.read())).toBe('\\u{3a}:error::x\na\\u{a}::error::x\n');
});

test('print goes on after an output that fails, and writes no more to it', async () => {
  const written: string[] = [];
  const stdout = new Writable({
    write: (chunk, _, done) => {
      written.push(String(chunk));
      done(new Error('EPIPE'));
    },
  });
  stdout.on('error', () => undefined);
  const host = { ...hostWith(), stdout };
  await print(host, 'first');
  await print(host, 'second');
  expect(written).toEqual(['first']);
});

test('atMost keeps the first lines and counts the others', () => {
  expect(atMost(2, ['a', 'b'])).toEqual(['a', 'b']);
  expect(atMost(2, ['a', 'b', 'c', 'd'])).toEqual(['a', 'b', 'and 2 more']);
});
