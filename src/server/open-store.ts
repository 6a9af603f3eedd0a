import { createHash } from 'node:crypto';
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

/** The mark of our files, so that no other database is taken for one. */
const applicationId = 0x73_65_63_73;

const schema = `
  PRAGMA application_id = ${applicationId};
  CREATE TABLE kept (key TEXT PRIMARY KEY, revision INTEGER NOT NULL, json TEXT NOT NULL, digest TEXT NOT NULL) STRICT;
  CREATE TABLE last_revision (revision INTEGER NOT NULL) STRICT;
  INSERT INTO last_revision VALUES (0);
`;

const rowSchema = v.object({ revision: v.number(), json: v.string(), digest: v.string() });
const revisionSchema = v.object({ revision: v.number() });
const keySchema = v.object({ key: v.string() });

/**
 * Opens the store in a folder, and makes both if they are not there. It is an SQLite database: `npm install libsql` beside this
 * package. The whole of it is checked when it is opened, and every entry when it is read.
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
  const guard = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      throw code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB' ? damaged(file, String(error)) : error;
    }
  };

  mkdirSync(folder, { recursive: true });
  if (!existsSync(file)) {
    // Made apart and put in place whole, so that a file in place is never half made: an empty one has lost what it held.
    const draft = `${file}.${process.pid}.new`;
    rmSync(draft, { force: true });
    const database = new Database(draft);
    database.exec(schema);
    database.close();
    try {
      linkSync(draft, file);
    } catch (error) {
      // Another process was faster, and its store is as good.
      if (!existsSync(file)) throw error;
    }
    rmSync(draft);
  }

  const database = new Database(file, { timeout: 5000 });
  guard(() => {
    // A journal that is deleted after each commit: one that is written ahead would drop what comes after a damaged place.
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;');
    const [id] = v.parse(v.tuple([v.object({ application_id: v.number() })]), database.pragma('application_id'));
    if (id.application_id !== applicationId) throw damaged(file, 'it is empty, or another program’s');
    const [check] = v.parse(v.array(v.object({ quick_check: v.string() })), database.pragma('quick_check'));
    if (check?.quick_check !== 'ok') throw damaged(file, check?.quick_check ?? 'its check says nothing');
  });

  const select = database.prepare<[string]>('SELECT revision, json, digest FROM kept WHERE key = ?');
  const selectKeys = database.prepare<[]>('SELECT key FROM kept');
  const selectRevision = database.prepare<[]>('SELECT revision FROM last_revision');
  const updateRevision = database.prepare<[number]>('UPDATE last_revision SET revision = ?');
  const remove = database.prepare<[string]>('DELETE FROM kept WHERE key = ?');
  const put = database.prepare<[string, number, string, string]>('INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)');

  const revisionOf = (key: string): number => v.parse(v.optional(revisionSchema), select.get(key))?.revision ?? 0;
  const commit = database.transaction((changes: readonly Change[]): boolean => {
    if (changes.some(({ key, revision }) => revisionOf(key) !== revision)) return false;
    let { revision } = v.parse(revisionSchema, selectRevision.get());
    for (const { key, data } of changes) {
      revision++;
      const json = JSON.stringify(data);
      if (data === undefined) remove.run(key);
      else put.run(key, revision, json, digestOf(key, revision, json));
    }
    updateRevision.run(revision);
    return true;
  });

  return {
    read: (key) =>
      guard(() => {
        const found = select.get(key);
        if (found === undefined) return undefined;
        const { revision, json, digest } = v.parse(rowSchema, found);
        if (digest !== digestOf(key, revision, json)) throw damaged(file, `what is kept under ${key} was changed`);
        const parsed = parseData(JSON.parse(json), dialect);
        if (!parsed.ok) throw damaged(file, `under ${key}, ${parsed.problems.map(describeProblem).join('; ')}`);
        return { revision, data: parsed.result };
      }),
    commit: (changes) => guard(() => commit.immediate(changes)),
    keys: () => guard(() => v.parse(v.array(keySchema), selectKeys.all()).map(({ key }) => key)),
    close: () => {
      database.close();
    },
  };
};

const digestOf = (...facts: readonly (string | number)[]): string =>
  createHash('sha256').update(JSON.stringify(facts)).digest('hex');

const damaged = (file: string, why: string): StoreDamagedError =>
  new StoreDamagedError(
    `The store ${file} is damaged: ${why}. Put back a copy of it, or move it away to begin with an empty one.`,
  );
