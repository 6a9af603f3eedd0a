import fs, { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { createCsmsEmulator } from '../../src/emulator/index.ts';
import { awsSecretsManager, defineDialect, huaweiCsms } from '../../src/index.ts';
import { openStore, StoreDamagedError } from '../../src/server/index.ts';
import { storeContract } from '../../src/testing/index.ts';
import { freshFolder } from './serving.ts';
import { ask, contentOf, db, edit, fileIn, lived, open } from './stores.ts';

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

test.each(storeContract)('A store in a folder: $sentence', async ({ check }) => {
  const folder = freshFolder();
  await check(() => open(folder));
});

test('commits and deletions persist after the store is closed', async () => {
  const folder = join(freshFolder(), 'made', 'on the way');
  const first = await openStore(folder);
  const data = { of: 'anything' };
  await first.commit([
    { key: 'a', revision: 0, data },
    { key: 'b', revision: 0, data },
  ]);
  await first.commit([{ key: 'b', revision: 2, data: undefined }]);
  first.close();
  const second = await open(folder);
  expect(await contentOf(second)).toEqual({ a: { revision: 1, data } });
  await second.commit([{ key: 'b', revision: 0, data }]);
  expect((await second.read('b'))?.revision).toBe(4);
  expect(readdirSync(folder)).toEqual(['secret-stages.sqlite']);
});

test('openStore uses a store that another process creates at the same time, and leaves no draft', async () => {
  const folder = freshFolder();
  const link = fs.linkSync;
  vi.spyOn(fs, 'linkSync').mockImplementation((from, to) => {
    link(from, to);
    link(from, to);
  });
  syncBuiltinESMExports();
  expect(await contentOf(await open(folder))).toEqual({});
  expect(readdirSync(folder)).toEqual(['secret-stages.sqlite']);
});

test('openStore throws the error of the system if the store cannot be created', async () => {
  vi.spyOn(fs, 'linkSync').mockImplementation(() => {
    throw new Error('EPERM');
  });
  syncBuiltinESMExports();
  await expect(openStore(freshFolder())).rejects.toThrow('EPERM');
});

test('openStore says what to install if libsql is missing', async () => {
  onTestFinished(() => void vi.doUnmock('libsql'));
  vi.doMock('libsql', () => {
    throw new Error('not found');
  });
  await expect(openStore(freshFolder())).rejects.toThrow(
    /requires libsql, which is not installed\. Run `npm install libsql`\.$/,
  );
});

const rewrite = (folder: string, change: (bytes: Buffer) => Buffer | string): void =>
  writeFileSync(fileIn(folder), change(readFileSync(fileIn(folder))));

const flip = (bytes: Buffer, at: number, bits = 1): Buffer => {
  const flipped = Buffer.from(bytes);
  flipped[at] = (bytes[at] ?? 0) ^ bits;
  return flipped;
};

const damages: readonly (readonly [what: string, damage: (folder: string) => void, why: RegExp])[] = [
  ['a file of text', (folder) => writeFileSync(fileIn(folder), 'hunter2\n'), /file is not a database|another program/],
  ['a large file of text', (folder) => writeFileSync(fileIn(folder), 'hunter2\n'.repeat(999)), /not a database/],
  ['an empty file', (folder) => writeFileSync(fileIn(folder), ''), /it is empty, or is not a store of secret-stages/],
  ['another program’s database', (folder) => edit(folder, 'PRAGMA application_id = 7'), /not a store of secret-stages/],
  ['a truncated database', (folder) => truncateSync(fileIn(folder), 9000), /malformed|not a database|page/],
  [
    'a database with half a page of zeros',
    (folder) => rewrite(folder, (bytes) => bytes.fill(0, 4096, 6144)),
    /malformed/,
  ],
  ['a database with a damaged tree', (folder) => rewrite(folder, (bytes) => flip(bytes, 4096 + 3)), /page/],
  [
    'an entry with one bit changed',
    (folder) => rewrite(folder, (bytes) => flip(bytes, bytes.lastIndexOf('hunter2'))),
    /the entry \["p","\w+"\] does not match its digest/,
  ],
  [
    'an edited entry',
    (folder) => edit(folder, "UPDATE kept SET json = replace(json, 'hunter2', 'hunter3')"),
    /the entry .* does not match its digest/,
  ],
  [
    'an entry under another key',
    (folder) => edit(folder, `UPDATE kept SET key = '["q","db"]' WHERE key = ?`, db),
    /the entry \["q","db"\] does not match its digest/,
  ],
  [
    'a store without one of its entries',
    (folder) => edit(folder, 'DELETE FROM kept WHERE key = ?', db),
    /entries are missing, or are from different commits/,
  ],
  [
    'a store with a trigger',
    (folder) => edit(folder, 'CREATE TRIGGER t DELETE ON kept BEGIN SELECT 1; END'),
    /it has the trigger t, which/,
  ],
  [
    'a store with a view',
    (folder) => edit(folder, 'CREATE VIEW v AS SELECT 1'),
    /it has the view v, which this library did not create/,
  ],
  [
    'a store with a table of its user',
    (folder) => edit(folder, 'CREATE TABLE mine (a UNIQUE)'),
    /it has the table mine, which/,
  ],
  ['a store with an index', (folder) => edit(folder, 'CREATE INDEX i ON kept (digest)'), /it has the index i, which/],
  ['a store without one of its tables', (folder) => edit(folder, 'DROP TABLE kept'), /a table is missing/],
  [
    'an entry with an older revision',
    (folder) => edit(folder, 'UPDATE kept SET revision = 1 WHERE key = ?', db),
    /the entry \["p","db"\] does not match its digest/,
  ],
];

test.each(damages)('openStore refuses %s, and leaves the file unchanged', async (_, damage, why) => {
  const folder = await lived();
  damage(folder);
  const before = readFileSync(fileIn(folder));
  const error: unknown = await open(folder)
    .then(contentOf)
    .catch((error) => error);
  expect(error).toBeInstanceOf(StoreDamagedError);
  const message = String(error);
  expect(message).toMatch(why);
  expect(message).toContain(`StoreDamagedError: The store ${fileIn(folder)} is damaged: `);
  expect(message).toMatch(/\. Restore it from a backup, or move it away to start with an empty store\.$/);
  expect(message).not.toContain('hunter');
  expect(readFileSync(fileIn(folder)).equals(before)).toBe(true);
  expect(readdirSync(folder)).toEqual(['secret-stages.sqlite']);
});

test('a backup of a store can be restored', async () => {
  const folder = await lived();
  const copy = readFileSync(fileIn(folder));
  const before = await contentOf(await open(folder));
  rewrite(folder, () => 'hunter2');
  await expect(openStore(folder)).rejects.toThrow(StoreDamagedError);
  writeFileSync(fileIn(folder), copy);
  expect(await contentOf(await open(folder))).toEqual(before);
});

/** What comes of a store with a byte changed. */
const fateOf = async (folder: string, content: string): Promise<string> => {
  try {
    const store = await open(folder);
    if (JSON.stringify(await contentOf(store)) !== content) return 'has other content, and no error';
    await store.commit([{ key: 'new', revision: 0, data: { project: 'p', directory: {} } }]);
    return ((await store.read('new'))?.revision ?? 0) > 6 ? 'as it was' : 'gives a revision again';
  } catch (error) {
    return error instanceof StoreDamagedError ? 'named' : String(error);
  }
};

test('a changed bit anywhere after the schema is reported, or has no effect', async () => {
  const folder = await lived();
  const content = JSON.stringify(await contentOf(await open(folder)));
  const bytes = readFileSync(fileIn(folder));
  const fates = new Set<string>();
  for (let at = 4096; at < bytes.length; at += 97) {
    // Not the eighth: libsql does not survive text that is not UTF-8 (see below).
    writeFileSync(fileIn(folder), flip(bytes, at, 1 << (at % 7)));
    fates.add(await fateOf(folder, content));
  }
  expect([...fates].sort()).toEqual(['as it was', 'named']);
});

/** Where a key is. */
const placeOfKey = (bytes: Buffer): number => bytes.lastIndexOf('["p",null]');

test.each<readonly [what: string, damage: (bytes: Buffer) => Buffer]>([
  ['the name of a column', (bytes) => flip(bytes, bytes.indexOf('revision INTEGER'))],
  ['a key', (bytes) => flip(bytes, placeOfKey(bytes))],
  ['the type of an entry', (bytes) => flip(bytes, placeOfKey(bytes) - 2)],
  ['the last revision', (bytes) => flip(bytes, bytes.length - 1, 2)],
])('a changed bit in %s is reported, or has no effect', async (_, damage) => {
  const folder = await lived();
  const content = JSON.stringify(await contentOf(await open(folder)));
  rewrite(folder, damage);
  expect(await fateOf(folder, content)).toMatch(/^(named|as it was)$/);
});

// libsql itself would crash the process here.
test.each([
  ['an entry', (bytes: Buffer) => bytes.lastIndexOf('hunter2')],
  ['a digest', (bytes: Buffer) => bytes.lastIndexOf('hunter2') + 'hunter2"}}}}'.length + 9],
  ['a key', (bytes: Buffer) => bytes.indexOf('["p","smtp"]') + 6],
])('%s that is not UTF-8 is reported', async (_, placeIn) => {
  const folder = await lived();
  rewrite(folder, (bytes) => flip(bytes, placeIn(bytes), 128));
  await expect(openStore(folder)).rejects.toThrow(StoreDamagedError);
});

test('damage to an open store is reported when it is read or written', async () => {
  const folder = await lived();
  const store = await open(folder);
  edit(folder, "UPDATE kept SET json = CAST(x'ff' AS TEXT) WHERE key = ?", db);
  await expect(store.read(db)).rejects.toThrow(/ is damaged: an entry is not UTF-8\. Restore/);
  edit(folder, 'DROP TABLE last_revision');
  const commit = () => store.commit([{ key: 'new', revision: 0, data: undefined }]);
  await expect(commit()).rejects.toThrow(/ is damaged: a table is missing\. Restore/);
  // The transaction was ended, or the second would be refused for being inside of the first.
  await expect(commit()).rejects.toThrow(/a table is missing/);
  edit(folder, 'DROP TABLE kept');
  await expect(store.read(db)).rejects.toThrow(/ is damaged: no such table: kept\. Restore/);
});

test('a failed commit throws the first error, even if SQLite has already rolled back', async () => {
  const folder = await lived();
  const store = await open(folder);
  const { exec } = Database.prototype;
  vi.spyOn(Database.prototype, 'exec').mockImplementation(function (this: Database.Database, sql) {
    exec.call(this, sql === 'COMMIT' ? 'ROLLBACK' : sql);
    if (sql === 'COMMIT') throw new Error('the disk is full');
    return this;
  });
  await expect(store.commit([{ key: 'new', revision: 0, data: 1 }])).rejects.toThrow('the disk is full');
  expect(await store.read('new')).toBeUndefined();
});

test('openStore leaves the database of another program with a write-ahead log unchanged', async () => {
  const folder = freshFolder();
  vi.spyOn(process, 'emitWarning').mockReturnValue();
  const database = new Database(fileIn(folder));
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE theirs (a)');
  database.close();
  const before = readFileSync(fileIn(folder));
  await expect(openStore(folder)).rejects.toThrow(StoreDamagedError);
  expect(readFileSync(fileIn(folder)).equals(before)).toBe(true);
});

test('a commit refuses what another program did to the tables of an open store', async () => {
  const folder = await lived();
  const store = await open(folder);
  const commit = (revision = 0) => store.commit([{ key: 'new', revision, data: 1 }]);
  // Otherwise the commit would succeed, and the entry would not exist.
  edit(folder, 'CREATE TRIGGER theirs BEFORE INSERT ON kept BEGIN SELECT RAISE(IGNORE); END');
  await expect(commit()).rejects.toThrow(
    / is damaged: it has the trigger theirs, which this library did not create\. /,
  );
  edit(folder, 'DROP TRIGGER theirs');
  expect(await commit()).toBe(true);
  edit(folder, 'DELETE FROM last_revision');
  await expect(commit(7)).rejects.toThrow(/ is damaged: an entry has the wrong type\. Restore/);
  edit(folder, 'PRAGMA user_version = 2');
  await expect(commit()).rejects.toMatchObject({ code: 'SQLITE_FORMAT' });
});

test('the emulator refuses an entry that is not a secret', async () => {
  const store = await open(await lived());
  const kept = await store.read(db);
  const forged = JSON.parse(JSON.stringify(kept?.data).replace(/"id":"[^"]+"/, '"id":7'));
  await store.commit([{ key: db, revision: kept?.revision ?? 0, data: forged }]);
  const emulator = createCsmsEmulator({ store });
  const headers = { 'x-auth-token': 'any' };
  const answer = emulator.fetch(new Request('http://localhost/v1/p/secrets/db', { headers }));
  await expect(answer).rejects.toThrow(
    /^The entry \["p","db"\] in the store is invalid: data\.secret\.id must be a string\. /,
  );
  await expect(answer).rejects.not.toThrow('hunter2');
  await emulator.reset();
  expect(await emulator.snapshot()).toEqual({ projects: {} });
});

test('entries are read with the dialect that they were written with', async () => {
  const wide = defineDialect(huaweiCsms, { stages: { limit: 20 } });
  const store = await open(await lived());
  const emulator = createCsmsEmulator({ store, dialect: wide });
  for (let index = 0; index < 15; index++)
    await ask(emulator, 'PUT', `/db/stages/stage-${index}`, { version_id: 'v1' });
  expect((await emulator.snapshot()).projects['p']?.secrets['db']?.state.stages).toHaveLength(17);
  await expect(createCsmsEmulator({ store }).snapshot()).rejects.toThrow(
    /stage-limit.*Pass the dialect that it was written with, or start with an empty store\.$/,
  );
  await expect(createCsmsEmulator({ store, dialect: awsSecretsManager }).snapshot()).rejects.toThrow(
    /data\.secret\.state\.dialect must be "aws-secrets-manager"; got the string "huawei-csms"\. Pass the dialect/,
  );
});

test('only the owner can read a store', async () => {
  const folder = await lived();
  expect(statSync(fileIn(folder)).mode & 0o777).toBe(0o600);
  const made = join(freshFolder(), 'made');
  await open(made);
  expect(statSync(made).mode & 0o777).toBe(0o700);
});
