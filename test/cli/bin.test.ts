import process from 'node:process';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';

afterEach(() => {
  vi.restoreAllMocks();
  vi.resetModules();
  process.stdout.removeAllListeners('error');
  process.exitCode = undefined;
});

test('the command runs on the process, leaves its exit code there, and bears a pipe that closes early', async () => {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => {
    throw new Error('exit');
  });
  vi.spyOn(process, 'argv', 'get').mockReturnValue(['node', 'secret-stages', '--help']);
  await import('../../src/cli/bin.ts');
  expect(written.mock.calls.join()).toContain('secret-stages replay');
  expect(process.exitCode).toBe(0);

  const fail = (code: string) => () =>
    process.stdout.emit('error', Object.assign(new Error(`it says ${code}`), { code }));
  expect(fail('EPIPE')).toThrow('exit');
  expect(exit).toHaveBeenCalledExactlyOnceWith();
  const complained = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(fail('ENOSPC')).toThrow('exit');
  expect(complained).toHaveBeenCalledWith('secret-stages: the output cannot be written: it says ENOSPC\n');
  expect(exit).toHaveBeenLastCalledWith(2);
});

test('a fault of our own shows itself whole, and passes for no answer', async () => {
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
