import process from 'node:process';
import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.restoreAllMocks();
  vi.resetModules();
  process.stdout.removeAllListeners('error');
  process.exitCode = undefined;
});

test('the command runs on the process, leaves its exit code there, and bears a pipe that closes early', async () => {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
  vi.spyOn(process, 'argv', 'get').mockReturnValue(['node', 'secret-stages', '--help']);
  await import('../../src/cli/bin.ts');
  expect(written.mock.calls.join()).toContain('secret-stages replay');
  expect(process.exitCode).toBe(0);

  process.stdout.emit('error', Object.assign(new Error('closed'), { code: 'EPIPE' }));
  expect(exit).toHaveBeenCalledOnce();
  expect(() => process.stdout.emit('error', Object.assign(new Error('full'), { code: 'ENOSPC' }))).toThrow('full');
});
