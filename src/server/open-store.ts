import { createHash, randomUUID } from 'node:crypto';
import { accessSync, closeSync, constants, existsSync, linkSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'libsql';
import * as v from 'valibot';
import type { MemoryStore } from '../emulator/index.ts';
import { cut } from '../text.ts';

/** A store in a folder. Commits are durable, and several processes can use it at once. */
export interface DiskStore extends MemoryStore {
  /** Closes the store. Its data stays on disk. */
  close(): void;
}

/** The error for a damaged store. Its message names the file, what is wrong, and what to do. */
export class StoreDamagedError extends Error {
  override readonly name: string = 'StoreDamagedError';
}

/**
 * Opens the store in a folder, and creates both if they do not exist. The store is an SQLite database that requires the package
 * `libsql`. It is checked completely when it is opened, and every entry again when it is read. If another process is writing, it waits
 * up to five seconds, and blocks this process meanwhile.
 *
 * @throws {StoreDamagedError} if the store is damaged. The file is left unchanged.
 * @throws {Error} if `libsql` is not installed, or the folder cannot be read and written.
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
  const file = join(folder, 'secret-stages.sqlite');
  const guard: Guard = (work) => {
    try {
      return work();
    } catch (error) {
      throw errorAt(file, error);
    }
  };

  // Values are stored unencrypted, so only the owner may read the folder.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Otherwise missing permissions would only show at the first change.
  for (const path of [folder, file]) if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK);
  if (!existsSync(file)) createStore(file, (draft) => new SqliteDatabase(draft));
  const database = new SqliteDatabase(file, { timeout: 5000 });
  try {
    return guard(() => storeIn(database, guard));
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Does work on a store. Errors name its file. */
type Guard = <Result>(work: () => Result) => Result;

/** Why a store is damaged. */
class Damage extends Error {}

/** Returns the error to throw for an error of the store in a file. */
function errorAt(file: string, error: unknown): unknown {
  const code: unknown = Object(error).code;
  if (code === 'SQLITE_BUSY') {
    const busy = `The store ${file} has been locked by another process for five seconds. Try again.`;
    return Object.assign(new Error(busy), { code });
  }
  const why = damageShownBy(error, code);
  if (why === undefined) return error;
  return new StoreDamagedError(
    `The store ${file} is damaged: ${why}. Restore it from a backup, or move it away to start with an empty store.`,
  );
}

function damageShownBy(error: unknown, code: unknown): string | undefined {
  if (error instanceof Damage) return error.message;
  if (error instanceof v.ValiError) return 'an entry has the wrong type';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'an entry is not UTF-8';
  const isDamage = code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB' || code === 'SQLITE_ERROR';
  return isDamage ? onOneLine(Object(error).message) : undefined;
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
    if (!existsSync(file)) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Marks the databases of this library, so that no other one is mistaken for a store. */
const applicationId = 0x73_65_63_73;

const schema = `
  PRAGMA application_id = ${applicationId};
  CREATE TABLE kept (key TEXT PRIMARY KEY, revision INTEGER NOT NULL, json TEXT NOT NULL, digest TEXT NOT NULL)
    STRICT, WITHOUT ROWID;
  CREATE TABLE last_revision (revision INTEGER NOT NULL, digest TEXT NOT NULL) STRICT;
  INSERT INTO last_revision VALUES (0, '${digestOf(0)}');
`;

/** Checks a database completely, and returns the store in it. */
function storeIn(database: Database.Database, guard: Guard): DiskStore {
  const pragma = (name: string): unknown => v.parse(pragmaSchema, database.pragma(name))[0]?.[name];
  if (pragma('application_id') !== applicationId) throw new Damage('it is empty, or is not a store of secret-stages');
  const check = pragma('integrity_check');
  if (check !== 'ok') throw new Damage(onOneLine(String(check)));
  // Not a write-ahead log, because that silently drops everything after a damaged place.
  database.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;');

  const select = database.prepare<[string]>(`SELECT ${row} FROM kept WHERE key = ?`);
  const selectAll = database.prepare<[]>(`SELECT ${row} FROM kept`);
  const selectRevisions = database.prepare<[]>('SELECT CAST(key AS BLOB) AS key, revision FROM kept');
  const selectLast = database.prepare<[]>('SELECT revision, CAST(digest AS BLOB) AS digest FROM last_revision');
  const updateLast = database.prepare<[number, string]>('UPDATE last_revision SET revision = ?, digest = ?');
  const remove = database.prepare<[string]>('DELETE FROM kept WHERE key = ?');
  const put = database.prepare<[string, number, string, string]>('INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)');

  const find = (key: string) => select.all(key).map(soundRow)[0];
  const lastRevision = (): number => {
    const { revision, digest } = v.parse(lastSchema, selectLast.get());
    if (digest !== digestOf(revision)) throw new Damage('its last revision does not match its digest');
    return revision;
  };
  lastRevision();
  for (const found of selectAll.iterate()) soundRow(found);

  return {
    read: (key) =>
      guard(() => {
        const found = find(key);
        return found && { revision: found.revision, data: JSON.parse(found.json) };
      }),
    commit: (changes) =>
      guard(() => {
        database.exec('BEGIN IMMEDIATE');
        try {
          const isCurrent = changes.every(({ key, revision }) => (find(key)?.revision ?? 0) === revision);
          let revision = lastRevision();
          for (const { key, data } of isCurrent ? changes : []) {
            revision++;
            const json = JSON.stringify(data);
            if (data === undefined) remove.run(key);
            else put.run(key, revision, json, digestOf(key, revision, json));
          }
          updateLast.run(revision, digestOf(revision));
          database.exec('COMMIT');
          return isCurrent;
        } catch (error) {
          // Throw the first error, not that of a rollback which SQLite has already done.
          if (database.inTransaction) database.exec('ROLLBACK');
          throw error;
        }
      }),
    revisions: () =>
      guard(() => new Map(v.parse(revisionsSchema, selectRevisions.all()).map(({ key, revision }) => [key, revision]))),
    close: () => {
      database.close();
    },
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
// Text is read as bytes, in either of libsql's forms, because libsql crashes the process if text is not UTF-8.
const text = v.pipe(
  v.union([v.instance(Uint8Array), v.instance(ArrayBuffer)]),
  v.transform((read) => utf8.decode(read)),
);
const row = 'CAST(key AS BLOB) AS key, revision, CAST(json AS BLOB) AS json, CAST(digest AS BLOB) AS digest';
const rowSchema = v.object({ key: text, revision: v.number(), json: text, digest: text });
const revisionsSchema = v.array(v.object({ key: text, revision: v.number() }));
const lastSchema = v.object({ revision: v.number(), digest: text });
const pragmaSchema = v.array(v.record(v.string(), v.unknown()));

function soundRow(found: unknown): { readonly revision: number; readonly json: string } {
  const { key, revision, json, digest } = v.parse(rowSchema, found);
  if (digest !== digestOf(key, revision, json)) throw new Damage(`the entry ${key} does not match its digest`);
  return { revision, json };
}

function digestOf(...facts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

function onOneLine(message: string): string {
  return cut(message.replaceAll(/[\s*]+/g, ' ').trim());
}
