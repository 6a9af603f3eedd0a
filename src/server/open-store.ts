import { createHash, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describeProblem } from '../describe.ts';
import { csms } from '../dialects/huawei-csms.ts';
import { type Change, type Kept, parseData, type Store } from '../emulator/index.ts';
import type { Dialect } from '../index.ts';

/** A store in a folder of this machine: what was committed is on the disk, and several processes can use it at once. */
export interface DiskStore extends Store {
  read(key: string): Kept | undefined;
  commit(changes: readonly Change[]): boolean;
  keys(): readonly string[];
  close(): void;
}

/** What is thrown where a store is not as this library left it: the message names the file, what is wrong, and the way out. */
export class StoreDamagedError extends Error {
  override readonly name: string = 'StoreDamagedError';
}

const digestOf = (...facts: readonly (string | number)[]): string =>
  createHash('sha256').update(JSON.stringify(facts)).digest('hex');

/** The mark of our files, so that no other database is taken for one. */
const applicationId = 0x73_65_63_73;

const schema = `
  PRAGMA application_id = ${applicationId};
  CREATE TABLE kept (key TEXT PRIMARY KEY, revision INTEGER NOT NULL, json TEXT NOT NULL, digest TEXT NOT NULL)
    STRICT, WITHOUT ROWID;
  CREATE TABLE last_revision (revision INTEGER NOT NULL, digest TEXT NOT NULL) STRICT;
  INSERT INTO last_revision VALUES (0, '${digestOf(0)}');
`;

// Text is read as bytes, in either of libsql's forms, for it ends the process where text is no longer UTF-8.
const bytes = v.union([v.instance(Uint8Array), v.instance(ArrayBuffer)]);
const rowSchema = v.object({ key: bytes, revision: v.number(), json: bytes, digest: bytes });
const row = 'CAST(key AS BLOB) AS key, revision, CAST(json AS BLOB) AS json, CAST(digest AS BLOB) AS digest';
const lastSchema = v.object({ revision: v.number(), digest: bytes });

/**
 * Opens the store in a folder, and makes both if they are not there. It is an SQLite database: `npm install libsql` beside this
 * package. All of it is checked when it is opened, and every entry again when it is read. It waits up to five seconds for
 * another process that is writing.
 *
 * @throws {StoreDamagedError} if the store is damaged; it is left as it is.
 */
export const openStore = async (folder: string, dialect: Dialect = csms): Promise<DiskStore> => {
  const { default: Database } = await import('libsql').catch((error: NodeJS.ErrnoException) => {
    throw Object.assign(new Error('A store on disk needs libsql, which is not installed: npm install libsql'), {
      code: error.code,
    });
  });
  const file = join(folder, 'secret-stages.sqlite');
  const damaged = (why: string) =>
    new StoreDamagedError(
      `The store ${file} is damaged: ${why}. Put back a copy of it, or move it away to begin with an empty one.`,
    );
  const guard = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      if (error instanceof v.ValiError) throw damaged('an entry is not of its type');
      const code: unknown = Object(error).code;
      const isDamage = code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB' || code === 'SQLITE_ERROR';
      throw isDamage ? damaged(messageOf(error)) : error;
    }
  };

  mkdirSync(folder, { recursive: true });
  if (!existsSync(file)) {
    // Made apart and put in place whole, so that a file in place is never half made: an empty one has lost what it held.
    const draft = `${file}.${randomUUID()}.new`;
    try {
      const made = new Database(draft);
      made.exec(schema);
      made.close();
      linkSync(draft, file);
    } catch (error) {
      // If another process was faster, its store is as good.
      if (!existsSync(file)) throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }

  const database = new Database(file, { timeout: 5000 });
  const pragma = (name: string): unknown => {
    const [first] = v.parse(v.array(v.record(v.string(), v.unknown())), database.pragma(name));
    return first?.[name];
  };
  const text = (read: Uint8Array | ArrayBuffer): string => {
    try {
      return utf8.decode(read);
    } catch {
      throw damaged('an entry is not UTF-8');
    }
  };
  const soundRow = (found: unknown) => {
    const { revision, ...texts } = v.parse(rowSchema, found);
    const [key, json, digest] = [text(texts.key), text(texts.json), text(texts.digest)];
    if (digest !== digestOf(key, revision, json)) throw damaged(`what is kept under ${key} was changed`);
    return { key, revision, json };
  };

  return guard(() => {
    if (pragma('application_id') !== applicationId) throw damaged('it is empty, or no store of ours');
    const check = pragma('integrity_check');
    if (check !== 'ok') throw damaged(messageOf(check));
    // A journal that is deleted after each commit: one that is written ahead would drop what comes after a damaged place.
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;');

    const select = database.prepare<[string]>(`SELECT ${row} FROM kept WHERE key = ?`);
    const selectAll = database.prepare<[]>(`SELECT ${row} FROM kept`);
    const selectKeys = database.prepare<[]>('SELECT CAST(key AS BLOB) AS key FROM kept');
    const selectLast = database.prepare<[]>('SELECT revision, CAST(digest AS BLOB) AS digest FROM last_revision');
    const updateLast = database.prepare<[number, string]>('UPDATE last_revision SET revision = ?, digest = ?');
    const remove = database.prepare<[string]>('DELETE FROM kept WHERE key = ?');
    const put = database.prepare<[string, number, string, string]>('INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)');

    const find = (key: string) => {
      const found = select.get(key);
      return found === undefined ? undefined : soundRow(found);
    };
    const lastRevision = (): number => {
      const { revision, digest } = v.parse(lastSchema, selectLast.get());
      if (text(digest) !== digestOf(revision)) throw damaged('its last revision was changed');
      return revision;
    };
    lastRevision();
    for (const found of selectAll.iterate()) soundRow(found);

    return {
      read: (key) =>
        guard(() => {
          const found = find(key);
          if (found === undefined) return undefined;
          const parsed = parseData(JSON.parse(found.json), dialect);
          if (parsed.ok) return { revision: found.revision, data: parsed.result };
          const problems = parsed.problems.map(describeProblem).join('; ');
          throw damaged(`under ${key}, ${problems} (if it was written under another dialect, open it with that)`);
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
            // What went wrong first is what matters, also where SQLite has rolled back by itself.
            if (database.inTransaction) database.exec('ROLLBACK');
            throw error;
          }
        }),
      keys: () => guard(() => selectKeys.all().map((found) => text(v.parse(v.object({ key: bytes }), found).key))),
      close: () => {
        database.close();
      },
    };
  });
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

const messageOf = (error: unknown): string =>
  String(error instanceof Error ? error.message : error)
    .replaceAll(/[\s*]+/g, ' ')
    .trim();
