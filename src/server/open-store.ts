import { createHash, randomUUID } from 'node:crypto';
import { accessSync, closeSync, constants, existsSync, linkSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type Database from 'libsql';
import * as v from 'valibot';
import type { MemoryStore, Store } from '../emulator/index.ts';
import { shellWord } from '../text.ts';
import { Damage, errorAt, isBusy, movedError, onOneLine } from './store-errors.ts';

/** A store in a folder. Commits are durable, and several processes can use it at once. */
export interface DiskStore extends Store {
  /** Closes the store. Its data stays on disk. Calls that wait for another process are rejected. */
  close(): void;
}

/**
 * Opens the store in a folder, and creates both if they do not exist. The store is an SQLite database that requires the package
 * `libsql`. It is checked completely when it is opened, and every entry again when it is read. While another process has locked it,
 * each call waits up to five seconds; other work of this process goes on. A store that this process cannot write can be read.
 *
 * It warns with `process.emitWarning` if other users can read the file or replace it, and if it cannot be written.
 *
 * @throws {StoreDamagedError} if the store is damaged. The file is left unchanged.
 * @throws {Error} if `libsql` is not installed, the folder cannot be read, or a newer version of this library wrote the store.
 *
 * @example
 * const store = await openStore(mkdtempSync('/tmp/csms-'));
 * const csms = createCsmsEmulator({ store });
 * (await csms.snapshot()).projects; // {}
 * store.close();
 */
export async function openStore(folder: string): Promise<DiskStore> {
  const { default: SqliteDatabase } = await import('libsql').catch((cause: unknown) => {
    const advice = 'A store on disk requires libsql, which is not installed. Run `npm install libsql`.';
    throw Object.assign(new Error(advice, { cause }), { code: 'ERR_MODULE_NOT_FOUND' });
  });
  // libsql takes a path that starts with `file:` or `libsql:` for an address. An absolute path does not start with them.
  const file = join(resolve(folder), 'secret-stages.sqlite');
  // Values are stored unencrypted, so only the owner may read the folder.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(file)) {
    // Otherwise the error would name the draft.
    accessSync(folder, constants.W_OK);
    createStore(file, (draft) => new SqliteDatabase(draft));
  }
  for (const path of [folder, file]) accessSync(path, constants.R_OK);
  if (!statSync(file).isFile()) throw errorAt(file, new Damage('it is not a file'));
  for (const warning of warningsAbout(folder, file)) process.emitWarning(warning, 'StoreWarning');

  let isClosed = false;
  /** Does work as soon as the store is not locked. SQLite itself would block this process while it waits. Errors name the file. */
  const whenFree = async <Result>(work: () => Result): Promise<Result> => {
    // Pauses of random length, so that two processes do not collide again and again.
    for (const start = performance.now(); ; await pause(1 + 9 * Math.random())) {
      try {
        if (isClosed) throw new Error(`The store ${file} is closed.`);
        // SQLite itself looks only before it writes. It would read on in a file that others no longer see.
        if (inodeOf(file) !== inode) throw movedError();
        return work();
      } catch (error) {
        if (!isBusy(error) || performance.now() - start > 5000) throw errorAt(file, error);
      }
    }
  };
  const database = new SqliteDatabase(file);
  // Opening can change it: where a layer of a container's file system is read-only, SQLite gets a copy of the file.
  const inode = inodeOf(file);
  const close = () => {
    isClosed = true;
    database.close();
  };
  try {
    const store = await whenFree(() => storeIn(database, file));
    return {
      read: (key) => whenFree(() => store.read(key)),
      commit: (changes) => whenFree(() => store.commit(changes)),
      revisions: () => whenFree(() => store.revisions()),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * Warns, and does not refuse: mounted volumes of containers are often open to all users, or read-only, and cannot be changed from inside.
 */
function* warningsAbout(folder: string, file: string): Generator<string> {
  // Modes mean nothing on Windows.
  const isOpen = (path: string, bits: number) => process.platform !== 'win32' && (statSync(path).mode & bits) !== 0;
  const advice = (mode: number, path: string) => `Run \`chmod ${mode} ${shellWord(path)}\`.`;
  if (isOpen(folder, 0o022)) yield `Other users can replace the store in ${folder}. ${advice(700, folder)}`;
  if (isOpen(file, 0o077))
    yield `Other users can read or change the store ${file}, and its values are not encrypted. ${advice(600, file)}`;
  try {
    for (const path of [folder, file]) accessSync(path, constants.W_OK);
  } catch {
    yield `The store ${file} cannot be written. It serves reads, and refuses changes.`;
  }
}

function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino;
}

/** Creates a store in a draft file and links it in place when it is complete. So an incomplete file always means lost data. */
function createStore(file: string, openDatabase: (file: string) => Database.Database): void {
  const draft = `${file}.${randomUUID()}.new`;
  try {
    closeSync(openSync(draft, 'wx', 0o600));
    const made = openDatabase(draft);
    made.exec(schema);
    made.close();
    linkSync(draft, file);
  } catch (error) {
    // If another process created the store first, use that one.
    if (existsSync(file)) return;
    const isLink = Object(error).code === 'EEXIST';
    throw errorAt(file, isLink ? new Damage('it is a symbolic link to a file that does not exist') : error);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Marks the databases of this library, so that no other one is mistaken for a store. */
const applicationId = 0x73_65_63_73;

/** The format of new stores, in `user_version`. Format 0 did not have `total`. A newer one needs a conversion in `storeIn`, and a line in the manual. */
const format = 1;

/** Returns the tables of a format, by name. SQLite keeps this text in the file. */
function tablesOf(format: unknown): Readonly<Record<string, string>> {
  const total = format === 0 ? '' : ' total TEXT NOT NULL,';
  return {
    kept: `CREATE TABLE kept (key TEXT PRIMARY KEY, revision INTEGER NOT NULL, json TEXT NOT NULL, digest TEXT NOT NULL)
    STRICT, WITHOUT ROWID`,
    last_revision: `CREATE TABLE last_revision (revision INTEGER NOT NULL,${total} digest TEXT NOT NULL) STRICT`,
  };
}

function schemaOfLast(revision: number, total: string): string {
  return `${tablesOf(format)['last_revision']};
    INSERT INTO last_revision VALUES (${revision}, '${total}', '${digestOf(revision, total)}');
    PRAGMA user_version = ${format};`;
}

const schema = `PRAGMA application_id = ${applicationId}; ${tablesOf(format)['kept']}; ${schemaOfLast(0, '0')}`;

/** Checks a database completely, converts an older format, and returns the store in it. */
function storeIn(database: Database.Database, file: string): MemoryStore {
  const pragma = (name: string): unknown => v.parse(pragmaSchema, database.pragma(name))[0]?.[name];
  const transact = <Result>(begin: string, work: () => Result): Result => {
    database.exec(begin);
    try {
      const result = work();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      // Throw the first error, not that of a rollback which SQLite has already done.
      if (database.inTransaction) database.exec('ROLLBACK');
      throw error;
    }
  };

  /** Checks the format, and that there is nothing else in the file: a trigger could undo what a commit writes. */
  const soundFormat = (): unknown => {
    const found = pragma('user_version');
    if (found !== 0 && found !== format) {
      const advice = `this version reads formats up to ${format}. Update secret-stages.`;
      throw Object.assign(new Error(`The store ${file} has format ${found}, and ${advice}`), { code: 'SQLITE_FORMAT' });
    }
    const expected = tablesOf(found);
    const objects = v.parse(objectsSchema, database.prepare(selectObjects).all());
    const odd = objects.find(({ name, sql }) => expected[name] !== sql);
    if (odd) throw new Damage(`it has the ${odd.type} ${odd.name}, which this library did not create`);
    if (objects.length < 2) throw new Damage('a table is missing');
    return found;
  };

  if (pragma('application_id') !== applicationId) throw new Damage('it is empty, or is not a store of secret-stages');
  const check = pragma('integrity_check');
  if (check !== 'ok') throw new Damage(onOneLine(String(check)));
  // Not a write-ahead log, because that silently drops everything after a damaged place.
  database.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;');
  // One transaction, because other processes can write.
  transact('BEGIN', () => {
    const found = soundFormat();
    let total = '0';
    for (const entry of database.prepare(`SELECT ${row} FROM kept`).iterate())
      total = mixed(total, soundRow(entry).digest);
    if (found === 0) {
      const { revision, digest } = v.parse(lastSchema, database.prepare(selectLastOf('digest')).get());
      if (digest !== digestOf(revision)) throw new Damage(unsoundLast);
      database.exec(`DROP TABLE last_revision; ${schemaOfLast(revision, total)}`);
    } else if (soundLast(database.prepare(selectLastOf('total')).get()).total !== total) {
      throw new Damage('entries are missing, or are from different commits');
    }
  });

  const select = database.prepare<[string]>(`SELECT ${row} FROM kept WHERE key = ?`);
  const selectRevisions = database.prepare<[]>('SELECT CAST(key AS BLOB) AS key, revision FROM kept');
  const selectLast = database.prepare<[]>(selectLastOf('total'));
  const updateLast = database.prepare<[number, string, string]>(
    'UPDATE last_revision SET revision = ?, total = ?, digest = ?',
  );
  const remove = database.prepare<[string]>('DELETE FROM kept WHERE key = ?');
  const put = database.prepare<[string, number, string, string]>('INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)');
  const find = (key: string) => select.all(key).map(soundRow)[0];

  return {
    read: (key) => {
      const found = find(key);
      return found && { revision: found.revision, data: JSON.parse(found.json) };
    },
    commit: (changes) =>
      transact('BEGIN IMMEDIATE', () => {
        // Other programs can have changed it since it was opened.
        soundFormat();
        if (changes.some(({ key, revision }) => (find(key)?.revision ?? 0) !== revision)) return false;
        let { revision, total } = soundLast(selectLast.get());
        for (const { key, data } of changes) {
          revision++;
          total = mixed(total, find(key)?.digest ?? '0');
          if (data === undefined) remove.run(key);
          else {
            const json = JSON.stringify(data);
            const digest = digestOf(key, revision, json);
            put.run(key, revision, json, digest);
            total = mixed(total, digest);
          }
        }
        updateLast.run(revision, total, digestOf(revision, total));
        return true;
      }),
    revisions: () =>
      new Map(v.parse(revisionsSchema, selectRevisions.all()).map(({ key, revision }) => [key, revision])),
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
// Text is read as bytes, in either of libsql's forms, because libsql crashes the process if text is not UTF-8.
const text = v.pipe(
  v.union([v.instance(Uint8Array), v.instance(ArrayBuffer)]),
  v.transform((read) => utf8.decode(read)),
);
const selectObjects =
  'SELECT CAST(type AS BLOB) AS type, CAST(name AS BLOB) AS name, CAST(sql AS BLOB) AS sql FROM sqlite_schema';
const objectsSchema = v.array(v.object({ type: text, name: text, sql: v.nullable(text) }));
const row = 'CAST(key AS BLOB) AS key, revision, CAST(json AS BLOB) AS json, CAST(digest AS BLOB) AS digest';
const rowSchema = v.object({ key: text, revision: v.number(), json: text, digest: text });
const revisionsSchema = v.array(v.object({ key: text, revision: v.number() }));
const lastSchema = v.object({ revision: v.number(), total: text, digest: text });
const pragmaSchema = v.array(v.record(v.string(), v.unknown()));

function soundRow(found: unknown): v.InferOutput<typeof rowSchema> {
  const entry = v.parse(rowSchema, found);
  const { key, revision, json, digest } = entry;
  if (digest !== digestOf(key, revision, json)) throw new Damage(`the entry ${key} does not match its digest`);
  return entry;
}

const unsoundLast = 'its last revision does not match its digest';

function selectLastOf(total: 'total' | 'digest'): string {
  return `SELECT revision, CAST(${total} AS BLOB) AS total, CAST(digest AS BLOB) AS digest FROM last_revision`;
}

function soundLast(found: unknown): v.InferOutput<typeof lastSchema> {
  const last = v.parse(lastSchema, found);
  if (last.digest !== digestOf(last.revision, last.total)) throw new Damage(unsoundLast);
  return last;
}

/**
 * Adds the digest of an entry to the total of a store, or removes it. The total shows that some pages of a file are older than
 * others, as in a copy that was made during a commit. Each entry alone would match its digest.
 */
function mixed(total: string, digest: string): string {
  return (BigInt(`0x${total}`) ^ BigInt(`0x${digest}`)).toString(16);
}

function digestOf(...facts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}
