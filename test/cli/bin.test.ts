import process from 'node:process';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { Host } from '../../src/cli/host.ts';

beforeEach(() => vi.resetModules());
afterEach(() => {
  vi.restoreAllMocks();
  process.stdout.removeAllListeners('error');
  process.stderr.removeAllListeners('error');
  process.exitCode = undefined;
});

/** Runs the command, with a verdict; the output fails with that code before it or after. */
const ran = async (verdict: number, { before = '', after = '', text = '' } = {}) => {
  onTestFinished(() => void vi.doUnmock('../../src/cli/main.ts'));
  const fail = (code: string) => code && process.stdout.emit('error', Object.assign(new Error(code), { code }));
  const run = async ({ stdout }: Host) => {
    fail(before);
    if (text !== '') stdout.write(text);
    return verdict;
  };
  vi.resetModules();
  vi.doMock('../../src/cli/main.ts', () => ({ run }));
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await import('../../src/cli/bin.ts');
  fail(after);
  await new Promise((resolve) => setImmediate(resolve));
  return { code: process.exitCode, said: said.mock.calls.join('') };
};

test('bin runs the command, and sets the exit code of the process', async () => {
  const written = vi.spyOn(process.stdout, 'write').mockImplementation((_, done) => {
    Object(done)();
    return true;
  });
  vi.spyOn(process, 'argv', 'get').mockReturnValue(['node', 'secret-stages', '--help']);
  await import('../../src/cli/bin.ts');
  expect(written.mock.calls.join()).toContain('\n  replay ');
  expect(process.exitCode).toBe(0);
});

test.each([
  ['', 0],
  ['ENOSPC', 141],
])('exit after the output failed with "%s" ends the process at once with the code %i', async (error, code) => {
  onTestFinished(() => void vi.doUnmock('../../src/cli/main.ts'));
  const exited = vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const run = async ({ stdout, exit }: Host) => {
    if (error !== '') stdout.emit('error', Object.assign(new Error(error), { code: error }));
    expect(() => exit(0)).toThrow(`exit ${code}`);
    return 0;
  };
  vi.doMock('../../src/cli/main.ts', () => ({ run }));
  await import('../../src/cli/bin.ts');
  expect(exited).toHaveBeenCalledExactlyOnceWith(code);
});

test('bin looks for the archive of vectors next to itself, where the build puts it', async () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(process, 'argv', 'get').mockReturnValue(['node', 'secret-stages', 'vectors', 'stage-vectors']);
  await import('../../src/cli/bin.ts');
  expect(said.mock.calls.join()).toMatch(/The archive of vectors .* cannot be read.*src\/cli\/vectors\.json\.br/s);
  expect(process.exitCode).toBe(2);
});

test.each([0, 1, 2])('exit code %i does not change if the reader exits early', async (verdict) => {
  expect(await ran(verdict, { before: 'EPIPE' })).toEqual({ code: verdict, said: '' });
  expect(await ran(verdict, { after: 'EPIPE' })).toEqual({ code: verdict, said: '' });
});

test.each([
  [0, 141],
  [1, 1],
  [2, 2],
])('exit code %i becomes %i if the output could not be written', async (verdict, code) => {
  const said = 'secret-stages: The output could not be written (ENOSPC). Is the disk full?\n';
  expect(await ran(verdict, { before: 'ENOSPC', after: 'ENOSPC' })).toEqual({ code, said });
  vi.resetModules();
  vi.restoreAllMocks();
  expect(await ran(verdict, { after: 'ENOSPC' })).toEqual({ code, said });
});

test('the exit code does not change if standard error cannot be written', async () => {
  expect(await ran(1)).toEqual({ code: 1, said: '' });
  expect(() => process.stderr.emit('error', new Error('ENOSPC'))).not.toThrow();
  expect(process.exitCode).toBe(1);
});

test('bin writes output to a file completely, or exits with 141', async () => {
  onTestFinished(() => void vi.doUnmock('node:fs'));
  const { writeFileSync, ...fs } = await import('node:fs');
  let given: unknown;
  vi.doMock('node:fs', () => ({
    ...fs,
    fstatSync: () => ({ isFile: () => true }),
    writeFileSync: (file: number, text: Buffer) => {
      given = [file, `${text}`];
      if (`${text}` === 'bad') throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    },
  }));
  for (const [text, code] of [
    ['good', 0],
    ['bad', 141],
  ] as const) {
    process.exitCode = undefined;
    expect(await ran(0, { text })).toMatchObject({ code });
    expect(given).toEqual([1, text]);
  }
});

test('bin prints the stack of a bug in secret-stages, and exits with 70', async () => {
  onTestFinished(() => void vi.doUnmock('../../src/cli/main.ts'));
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  for (const fault of [new Error('our fault'), 'our fault']) {
    vi.resetModules();
    vi.doMock('../../src/cli/main.ts', () => ({ run: () => Promise.reject(fault) }));
    await import('../../src/cli/bin.ts');
    expect(process.exitCode).toBe(70);
    expect(written.mock.lastCall?.[0]).toContain('our fault');
  }
});
