import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { startLog } from '../../src/cli/log.ts';
import { hostWith } from './host.ts';

/** An output that is read only when a test says so. */
const slowOutput = () => {
  const texts: string[] = [];
  let isRead = false;
  let release = () => {};
  const stdout = new Writable({
    write: (chunk, _, done) => {
      const take = () => {
        texts.push(String(chunk));
        done();
      };
      if (isRead) take();
      else release = take;
    },
  });
  const read = () => {
    isRead = true;
    release();
  };
  return { log: startLog({ ...hostWith(), stdout }), stdout, texts, read, readOne: () => release() };
};

const line = `${'x'.repeat(1023)}\n`;

test('write writes every line while at most 262,144 characters wait', async () => {
  const { log, texts, read } = slowOutput();
  for (let count = 0; count < 256; count++) log.write(line);
  read();
  expect(await log.end('Stopped.\n')).toBe(true);
  expect(texts).toEqual([...Array(256).fill(line), 'Stopped.\n']);
});

test.each([
  [1, 'Dropped 1 line, because the output was not read fast enough.\n'],
  [1000, 'Dropped 1,000 lines, because the output was not read fast enough.\n'],
])('write drops %i lines that are too many, and says so', async (more, notice) => {
  const { log, stdout, texts, read } = slowOutput();
  for (let count = 0; count < 256 + more; count++) log.write(line);
  expect(stdout.writableLength).toBe(2 ** 18);
  read();
  expect(await log.end('Stopped.\n')).toBe(true);
  expect(texts.slice(256)).toEqual([notice, 'Stopped.\n']);
});

test('write drops short lines too, until the notice is written', async () => {
  const { log, texts, read } = slowOutput();
  for (let count = 0; count < 257; count++) log.write(line);
  log.write('');
  read();
  expect(await log.end('Stopped.\n')).toBe(true);
  expect(texts[256]).toMatch(/^Dropped 2 lines/);
});

test('write drops lines until all that wait are written', async () => {
  const { log, texts, read, readOne } = slowOutput();
  for (let count = 0; count < 257; count++) log.write(line);
  readOne();
  await new Promise((resolve) => setImmediate(resolve));
  log.write('short\n');
  read();
  expect(await log.end('Stopped.\n')).toBe(true);
  expect(texts.slice(256)).toEqual([expect.stringMatching(/^Dropped 2 lines/), 'Stopped.\n']);
});

test('write writes lines again after the notice', async () => {
  const { log, texts, read } = slowOutput();
  for (let count = 0; count < 300; count++) log.write(line);
  read();
  await new Promise((resolve) => setImmediate(resolve));
  log.write('again\n');
  expect(await log.end('Stopped.\n')).toBe(true);
  expect(texts.slice(256)).toEqual([expect.stringMatching(/^Dropped 44 lines/), 'again\n', 'Stopped.\n']);
});

test('end resolves to false if the output is not read within a second', async () => {
  const { log } = slowOutput();
  log.write(line);
  const start = performance.now();
  expect(await log.end('Stopped.\n')).toBe(false);
  expect(performance.now() - start).toBeGreaterThan(900);
});

test('write does nothing after the output was closed', async () => {
  const { log, stdout, texts } = slowOutput();
  stdout.destroy();
  log.write(line);
  expect(await log.end('Stopped.\n')).toBe(true);
  expect(texts).toEqual([]);
});
