import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { startProgress } from '../../src/cli/progress.ts';

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

test('startProgress shows no more than a line', () => {
  const narrow = start({ columns: 40 });
  narrow.at(1000, `${'a'.repeat(39)} b`);
  expect(narrow.written()).toBe(`${clear}${'a'.repeat(39)}`);
  const unknown = start({ columns: 0 });
  unknown.at(1000, 'a'.repeat(100));
  expect(unknown.written()).toBe(`${clear}${'a'.repeat(79)}`);
});
