import { createHash } from 'node:crypto';
import fs, {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  symlinkSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { createCsmsEmulator } from '../../src/emulator/index.ts';
import { openStore, serve } from '../../src/server/index.ts';
import { callAt, freshFolder } from './serving.ts';
import { contentOf, db, edit, fileIn, lived, open } from './stores.ts';

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

/** The warnings from now on. */
const warned = (): string[] => {
  const warnings: string[] = [];
  vi.spyOn(process, 'emitWarning').mockImplementation((warning) => void warnings.push(String(warning)));
  return warnings;
};

test('openStore warns that others can read the file or replace it, and names the command', async () => {
  const folder = await lived();
  const warnings = warned();
  await open(folder);
  expect(warnings).toEqual([]);
  for (const mode of [0o604, 0o640, 0o602]) {
    chmodSync(fileIn(folder), mode);
    await open(folder);
    expect(warnings.splice(0)).toEqual([
      `Other users can read or change the store ${fileIn(folder)}, and its values are not encrypted. Run \`chmod 600 ${fileIn(folder)}\`.`,
    ]);
  }
  chmodSync(fileIn(folder), 0o600);
  chmodSync(folder, 0o755);
  await open(folder);
  expect(warnings).toEqual([]);
  for (const mode of [0o702, 0o720, 0o777]) {
    chmodSync(folder, mode);
    await open(folder);
    expect(warnings.splice(0)).toEqual([
      `Other users can replace the store in ${folder}. Run \`chmod 700 ${folder}\`.`,
    ]);
  }
  vi.spyOn(process, 'platform', 'get').mockReturnValue('win32');
  await open(folder);
  expect(warnings).toEqual([]);
});

test('openStore quotes a path for the shell', async () => {
  const folder = join(freshFolder(), 'my data');
  mkdirSync(folder);
  chmodSync(folder, 0o777);
  const warnings = warned();
  await open(folder);
  expect(String(warnings)).toContain(`Run \`chmod 700 '${folder}'\`.`);
});

test('openStore warns that a store cannot be written', async () => {
  const folder = await lived();
  const warnings = warned();
  const { accessSync } = fs;
  vi.spyOn(fs, 'accessSync').mockImplementation((path, mode) => {
    if (mode === fs.constants.W_OK && path === folder) throw new Error('EROFS');
    accessSync(path, mode);
  });
  syncBuiltinESMExports();
  await open(folder);
  expect(warnings).toEqual([`The store ${fileIn(folder)} cannot be written. It serves reads, and refuses changes.`]);
});

/** Takes the permission to write a folder or its file from this process until the test ends, also if it runs as root. */
const withoutRights = (folder: string, modes: { readonly folder: number; readonly file: number }): void => {
  chmodSync(fileIn(folder), modes.file);
  chmodSync(folder, modes.folder);
  if (process.getuid?.() === 0) process.seteuid?.(65_534);
  onTestFinished(() => {
    if (process.getuid?.() === 0) process.seteuid?.(0);
    chmodSync(folder, 0o700);
  });
};

test.each([
  ['a file', { folder: 0o777, file: 0o444 }],
  ['a folder', { folder: 0o555, file: 0o666 }],
])('%s that cannot be written is served for reading, and refuses changes', async (_, modes) => {
  const folder = await lived();
  const bytes = readFileSync(fileIn(folder));
  withoutRights(folder, modes);
  warned();
  const { url, close } = await serve(createCsmsEmulator({ store: await open(folder) }));
  onTestFinished(close);
  expect(await callAt(url, 'GET', '/db/versions/v1')).toMatchObject({
    body: { version: { secret_string: 'hunter2' } },
    status: 200,
  });
  const refused = await callAt(url, 'POST', '', { name: 'new', secret_string: 'hunter2' });
  expect(refused.status).toBe(500);
  expect(JSON.stringify(refused.body)).toContain(
    `The store ${fileIn(folder)} cannot be written. Make the file and its folder writable, or copy them to a folder that is`,
  );
  expect(await callAt(url, 'GET', '')).toMatchObject({ body: { secrets: [{ name: 'db' }, { name: 'smtp' }] } });
  expect(readFileSync(fileIn(folder)).equals(bytes)).toBe(true);
});

test('a commit without its journal is refused, and succeeds when the journal can be written', async () => {
  const folder = await lived();
  const store = await open(folder);
  const commit = () => store.commit([{ key: 'new', revision: 0, data: 1 }]);
  mkdirSync(`${fileIn(folder)}-journal`);
  await expect(commit()).rejects.toMatchObject({ code: 'SQLITE_READONLY' });
  rmdirSync(`${fileIn(folder)}-journal`);
  expect(await commit()).toBe(true);
});

test.each([
  [10 + 3 * 256, 'SQLITE_IOERR', 'could not be read or written. Check the disk.'],
  [5 + 256, 'SQLITE_BUSY', 'has been locked by another process for five seconds. Try again.'],
])('an error with the extended code %i has the code %s', async (rawCode, code, sentence) => {
  const store = await open(await lived());
  const cause = Object.assign(new Error('x'), { rawCode });
  vi.spyOn(Database.prototype, 'exec').mockImplementation(() => {
    throw cause;
  });
  vi.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValue(5001);
  await expect(store.commit([])).rejects.toMatchObject({ code, message: expect.stringContaining(sentence), cause });
});

test('a read after the end of the file is damage', async () => {
  const store = await open(await lived());
  vi.spyOn(Database.prototype, 'exec').mockImplementation(() => {
    throw Object.assign(new Error('disk I/O error'), { rawCode: 10 + 2 * 256 });
  });
  await expect(store.commit([])).rejects.toThrow(/^The store .* is damaged: disk I\/O error\. Restore it/);
});

test('a commit on a full disk changes nothing, and the store can still be used', async () => {
  const folder = await lived();
  const { exec } = Database.prototype;
  vi.spyOn(Database.prototype, 'exec').mockImplementation(function (this: Database.Database, sql) {
    exec.call(this, sql);
    // SQLite then reports a full disk.
    if (sql.includes('journal_mode')) exec.call(this, 'PRAGMA max_page_count = 8');
    return this;
  });
  const store = await open(folder);
  const before = await contentOf(store);
  const writes = ['a', 'b', 'c'].map((key) => ({ key, revision: 0, data: 'x'.repeat(9000) }));
  await expect(store.commit(writes)).rejects.toMatchObject({
    code: 'SQLITE_FULL',
    message: `The store ${fileIn(folder)} cannot be changed, because the disk is full. Free some space, and try again.`,
  });
  expect(await contentOf(store)).toEqual(before);
  expect(await contentOf(await open(folder))).toEqual(before);
  const revision = (await store.read(db))?.revision ?? 0;
  expect(await store.commit([{ key: db, revision, data: 'small' }])).toBe(true);
  expect(await contentOf(await open(folder))).toMatchObject({ [db]: { data: 'small' } });
});

test('a store that is moved, deleted or replaced while it is open refuses all calls until it is put back', async () => {
  const folder = await lived();
  const file = fileIn(folder);
  const store = await open(folder);
  const calls = [() => store.read(db), () => store.revisions(), () => store.commit([])];
  const others = [() => {}, () => copyFileSync(fileIn(elsewhere), file)];
  const elsewhere = await lived();
  for (const replace of others) {
    renameSync(file, `${file}.old`);
    replace();
    for (const call of calls) {
      await expect(call()).rejects.toMatchObject({
        code: 'SQLITE_READONLY_DBMOVED',
        message: `The store ${file} was moved, deleted or replaced while it was open. Put it back, or start again to use the file that is now there.`,
      });
    }
    renameSync(`${file}.old`, file);
    expect((await store.read(db))?.revision).toBe(3);
    expect(await store.commit([])).toBe(true);
  }
});

test.each([
  ['it is not a file', (file: string) => mkdirSync(file)],
  ['it is a symbolic link to a file that does not exist', (file: string) => symlinkSync(`${file}.gone`, file)],
])('openStore refuses a store if %s', async (why, make) => {
  const folder = freshFolder();
  make(fileIn(folder));
  const warnings = warned();
  await expect(openStore(folder)).rejects.toThrow(
    `The store ${fileIn(folder)} is damaged: ${why}. Restore it from a backup, or move it away to start with an empty store.`,
  );
  expect(warnings).toEqual([]);
  expect(readdirSync(folder)).toEqual(['secret-stages.sqlite']);
});

test('openStore names the file if the disk is too full to create it, and leaves no draft', async () => {
  const folder = freshFolder();
  const cause = Object.assign(new Error('database or disk is full'), { rawCode: 13 });
  vi.spyOn(Database.prototype, 'exec').mockImplementation(() => {
    throw cause;
  });
  await expect(openStore(folder)).rejects.toMatchObject({
    code: 'SQLITE_FULL',
    message: `The store ${fileIn(folder)} cannot be changed, because the disk is full. Free some space, and try again.`,
  });
  expect(readdirSync(folder)).toEqual([]);
});

test('a folder can have the name of an address', async () => {
  const folder = freshFolder();
  const before = process.cwd();
  onTestFinished(() => process.chdir(before));
  process.chdir(folder);
  for (const name of ['file:a?mode=memory', 'libsql:b', ':memory:']) {
    const store = await open(name);
    process.chdir(before);
    expect(await store.commit([{ key: 'new', revision: 0, data: 1 }])).toBe(true);
    expect(Object.keys(await contentOf(await open(join(folder, name))))).toEqual(['new']);
    process.chdir(folder);
  }
});

/** Makes a store as this library wrote it before formats had a number. */
const toFormat0 = (folder: string, digest = createHash('sha256').update('[6]').digest('hex')): void => {
  edit(folder, 'DROP TABLE last_revision');
  edit(folder, 'CREATE TABLE last_revision (revision INTEGER NOT NULL, digest TEXT NOT NULL) STRICT');
  edit(folder, 'INSERT INTO last_revision VALUES (6, ?)', digest);
  edit(folder, 'PRAGMA user_version = 0');
};

test('openStore converts a store of format 0', async () => {
  const folder = await lived();
  const store = await open(folder);
  const content = await contentOf(store);
  store.close();
  const format1 = readFileSync(fileIn(folder));
  toFormat0(folder);
  expect(await contentOf(await open(folder))).toEqual(content);
  const again = await open(folder);
  await again.commit([{ key: 'new', revision: 0, data: 1 }]);
  expect((await again.read('new'))?.revision).toBe(7);
  expect(await contentOf(await open(folder))).toEqual(await contentOf(again));
  expect(format1.readUInt32BE(60)).toBe(1);
  expect(readFileSync(fileIn(folder)).readUInt32BE(60)).toBe(1);
});

test('openStore refuses a store of format 0 with another last revision, and leaves it unchanged', async () => {
  const folder = await lived();
  toFormat0(folder, 'f'.repeat(64));
  const before = readFileSync(fileIn(folder));
  await expect(openStore(folder)).rejects.toThrow(/its last revision does not match its digest/);
  expect(readFileSync(fileIn(folder)).equals(before)).toBe(true);
});

test('openStore refuses a newer format, and leaves it unchanged', async () => {
  const folder = await lived();
  edit(folder, 'PRAGMA user_version = 2');
  const before = readFileSync(fileIn(folder));
  await expect(openStore(folder)).rejects.toMatchObject({
    code: 'SQLITE_FORMAT',
    message: `The store ${fileIn(folder)} has format 2, and this version reads formats up to 1. Update secret-stages.`,
  });
  expect(readFileSync(fileIn(folder)).equals(before)).toBe(true);
});
