import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { startProgress } from '../../../src/cli/terminal/progress.ts';
import { createCsmsEmulator } from '../../../src/emulator/index.ts';
import { serve } from '../../../src/server/index.ts';
import { runCli } from '../host.ts';

/** A progress with its own clock; `written` is what the terminal got. */
const start = ({ isTTY = true, columns = 80, env = {} } = {}) => {
  const stderr = Object.assign(new PassThrough(), { isTTY, columns });
  let time = 5000;
  const progress = startProgress({ stderr, env }, () => time);
  const at = (milliseconds: number, text: string) => {
    time = 5000 + milliseconds;
    progress.show(text);
  };
  return { at, end: progress.end, written: () => String(stderr.read() ?? '') };
};
const clear = '\r\u001b[K';

test('startProgress shows nothing of work that takes less than a second', () => {
  const { at, end, written } = start();
  at(0, 'a');
  at(999, 'b');
  end();
  expect(written()).toBe('');
});

test('startProgress shows the line at most ten times a second, and clears it once', () => {
  const { at, end, written } = start();
  for (const time of [1000, 1001, 1099, 1100, 1250]) at(time, `at ${time}`);
  end();
  end();
  expect(written()).toBe(`${clear}at 1000${clear}at 1100${clear}at 1250${clear}`);
  at(1350, 'again');
  expect(written()).toBe(`${clear}again`);
});

test.each([{ isTTY: false }, { env: { TERM: 'dumb' } }])('startProgress shows nothing with %j', (options) => {
  const { at, end, written } = start(options);
  at(2000, 'a');
  end();
  expect(written()).toBe('');
});

test('startProgress shows at most one line', () => {
  const narrow = start({ columns: 40 });
  narrow.at(1000, `${'a'.repeat(39)} b`);
  expect(narrow.written()).toBe(`${clear}${'a'.repeat(39)}`);
  const unknown = start({ columns: 0 });
  unknown.at(1000, 'a'.repeat(100));
  expect(unknown.written()).toBe(`${clear}${'a'.repeat(79)}`);
});

/** A clock that goes on by a second whenever it is read. */
const hurry = () => {
  let time = 1_700_000_000_000;
  vi.spyOn(Date, 'now').mockImplementation(() => (time += 1000));
};
const shown = (err: string) => err.split(clear).filter((text) => text !== '');

test('check shows how much is read and checked, on a terminal alone', async () => {
  hurry();
  const files = ['stuck-rotation', 'version-limit'].map((name) => `test/transcripts/${name}.jsonl`);
  const { out, err } = await runCli(['check', ...files], { tty: true });
  expect(shown(err)).toEqual(expect.arrayContaining(['read 1 file', `read 3 of 26 lines of ${files[1]}`]));
  expect(err.endsWith(clear)).toBe(true);
  expect(out).toContain('2 secrets checked');
  expect((await runCli(['check', ...files])).err).toBe('');
});

test('replay shows how many lines are played, unless it prints them on the terminal', async () => {
  hurry();
  const rotation = 'test/transcripts/rotation.jsonl';
  expect(shown((await runCli(['replay', '--quiet', rotation], { tty: true })).err)).toContain('played 2 lines');
  expect((await runCli(['replay', rotation], { tty: true })).err).toBe('');
  expect((await runCli(['replay', '--quiet', rotation])).err).toBe('');
});

test('conform shows how many requests are made', async () => {
  hurry();
  const { url, close } = await serve(createCsmsEmulator());
  const args = ['conform', url, '--project', 'p', '--token', 'any', '--runs', '1'];
  const { err } = await runCli(args, { tty: true });
  await close();
  expect(shown(err)).toContain('2 requests made');
  expect(err.endsWith(clear)).toBe(true);
});
