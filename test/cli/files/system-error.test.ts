import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { isSystemError, type SystemError, systemErrorText } from '../../../src/cli/files/system-error.ts';

/** What the system says about some work. */
const errorOf = (work: () => unknown): SystemError => {
  try {
    work();
  } catch (error) {
    if (isSystemError(error)) return error;
  }
  throw new Error('no system error');
};
const listenOn = (port: number, host: string) =>
  new Promise<SystemError>((resolve) => createServer().once('error', resolve).listen(port, host));
const made = (code: string, facts: object = { syscall: 'open', path: 'x' }) =>
  Object.assign(new Error(`${code}: some reason, open 'x'`), { code, ...facts });

test('isSystemError takes an error with a code', () => {
  expect(isSystemError(made('EIO'))).toBe(true);
  for (const other of [new Error('x'), Object.assign(new Error('x'), { code: 5 }), { code: 'EIO' }, undefined]) {
    expect(isSystemError(other)).toBe(false);
  }
});

test('systemErrorText names the file and what to do', () => {
  const text = (work: () => unknown, file?: string) => systemErrorText(errorOf(work), file);
  expect(text(() => readFileSync('no-such-file'))).toBe('no-such-file does not exist. Check the path.');
  expect(text(() => readFileSync('no-such-file'), 'policy.json')).toBe('policy.json does not exist. Check the path.');
  expect(text(() => readFileSync(''))).toBe('An empty path does not exist. Check the path.');
  expect(text(() => readFileSync('src'))).toBe('The file is a folder. Pass a file.');
  expect(text(() => readFileSync('package.json/x'))).toMatch(/^package\.json\/x does not exist, because a part /);
  expect(text(() => mkdirSync('package.json'))).toBe('package.json is not a folder. Pass another path.');
});

test('systemErrorText names the port or the address and the option to change', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = Number(Object(server.address()).port);
  expect(systemErrorText(await listenOn(port, '127.0.0.1'))).toBe(
    `Port ${port} of 127.0.0.1 is in use. Pass another --port, or --port 0 for any free one.`,
  );
  server.close();
  expect(systemErrorText(await listenOn(0, '192.0.2.1'))).toBe(
    '192.0.2.1 is not an address of this machine. Pass another --host, such as 127.0.0.1.',
  );
  expect(systemErrorText(made('EACCES', { syscall: 'listen', address: '::1', port: 80 }))).toBe(
    'You do not have permission to use port 80. Pass a --port of 1024 or higher.',
  );
  expect(systemErrorText(made('ENOTFOUND', { syscall: 'getaddrinfo', hostname: 'nowhere.test' }))).toBe(
    'nowhere.test is an unknown host. Pass a --host of this machine, such as 127.0.0.1.',
  );
});

test.each([
  'ENOENT EISDIR ENOTDIR EEXIST EACCES EPERM EROFS ENOSPC EMFILE ENFILE ELOOP ENAMETOOLONG',
  'ERR_STRING_TOO_LONG ERR_FS_FILE_TOO_LARGE',
])('systemErrorText has a sentence for each of %s, without its code', (codes) => {
  for (const code of codes.split(' ')) {
    expect(systemErrorText(made(code))).toMatch(/^x (is|does|cannot) [^:]+\. [A-Z][^:]+\.$/);
    expect(systemErrorText(made(code))).not.toContain(code);
  }
});

test('systemErrorText gives the code of any other error of the system', () => {
  expect(systemErrorText(made('EIO'))).toBe('x cannot be used: some reason (EIO).');
  expect(systemErrorText(made('EIO', { syscall: 'listen', address: '::1', port: 80 }))).toBe(
    '::1 cannot be used: some reason (EIO).',
  );
  const odd = Object.assign(new Error('?'), { code: 'EODD', syscall: 'open' });
  expect(systemErrorText(odd)).toBe('The file cannot be used: unknown reason (EODD).');
  const damaged = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' });
  expect(isSystemError(damaged) && systemErrorText(damaged)).toBe('disk I/O error');
});

test('isSystemError is false for a bug in secret-stages, even with a code', () => {
  const typed = Object.assign(new TypeError('x'), { code: 'ERR_INVALID_ARG_TYPE' });
  expect(isSystemError(typed)).toBe(false);
  expect(isSystemError(Object.assign(new Error('x'), { code: 'STAGE_LIMIT' }))).toBe(false);
  expect(isSystemError({ code: 'ENOENT', syscall: 'open' })).toBe(false);
});
