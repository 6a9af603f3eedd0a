import { createHash, randomUUID } from 'node:crypto';
import { closeSync, existsSync, linkSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { MemoryStore } from '../emulator/index.ts';

/** A store in a folder of this machine: what was committed is on the disk, and several processes can use it at once. */
export interface DiskStore extends MemoryStore {
  /** Lets go of the folder. What was committed stays there. */
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
const revisionSchema = v.object({ key: bytes, revision: v.number() });
const lastSchema = v.object({ revision: v.number(), digest: bytes });

/**
 * Opens the store in a folder, and makes both if they are not there. It is an SQLite database: `npm install libsql` beside this
 * package. All of it is checked when it is opened, and every entry again when it is read. It waits up to five seconds for
 * another process that is writing, and nothing else of this process goes on meanwhile.
 *
 * @throws {StoreDamagedError} if the store is damaged; it is left as it is.
 */
export async function openStore(folder: string): Promise<DiskStore> {
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
      if (isDamage) throw damaged(messageOf(error));
      if (code !== 'SQLITE_BUSY') throw error;
      const busy = `The store ${file} is in use by another process, which did not let go of it for five seconds: try again.`;
      throw Object.assign(new Error(busy), { code });
    }
  };

  // Values are in it as they are, so it is nobody else's to read.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(file)) {
    // Made apart and put in place whole, so that a file in place is never half made: an empty one has lost what it held.
    const draft = `${file}.${randomUUID()}.new`;
    try {
      closeSync(openSync(draft, 'wx', 0o600));
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

  const opened = (): DiskStore => {
    if (pragma('application_id') !== applicationId) throw damaged('it is empty, or no store of ours');
    const check = pragma('integrity_check');
    if (check !== 'ok') throw damaged(messageOf(check));
    // A journal that is deleted after each commit: one that is written ahead would drop what comes after a damaged place.
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;');

    const select = database.prepare<[string]>(`SELECT ${row} FROM kept WHERE key = ?`);
    const selectAll = database.prepare<[]>(`SELECT ${row} FROM kept`);
    const selectRevisions = database.prepare<[]>('SELECT CAST(key AS BLOB) AS key, revision FROM kept');
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
            // What went wrong first is what matters, also where SQLite has rolled back by itself.
            if (database.inTransaction) database.exec('ROLLBACK');
            throw error;
          }
        }),
      revisions: () =>
        guard(() => {
          const found = v.parse(v.array(revisionSchema), selectRevisions.all());
          return new Map(found.map(({ key, revision }) => [text(key), revision]));
        }),
      close: () => {
        database.close();
      },
    };
  };

  try {
    return guard(opened);
  } catch (error) {
    database.close();
    throw error;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

const messageOf = (error: unknown): string =>
  String(error instanceof Error ? error.message : error)
    .replaceAll(/[\s*]+/g, ' ')
    .trim();
