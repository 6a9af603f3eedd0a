import * as v from 'valibot';
import { cut } from '../text.ts';

/** The error for a damaged store. Its message names the file, what is wrong, and what to do. */
export class StoreDamagedError extends Error {
  override readonly name: string = 'StoreDamagedError';
}

/** Why a store is damaged. */
export class Damage extends Error {}

/** Returns the error to throw for an error of the store in a file. */
export function errorAt(file: string, error: unknown): unknown {
  const [code, problem] = failures[Object(error).rawCode] ?? failures[sqliteCode(error)] ?? [];
  if (code) return Object.assign(new Error(`The store ${file} ${problem}.`, { cause: error }), { code });
  const why = damageShownBy(error);
  if (why === undefined) return error;
  return new StoreDamagedError(
    `The store ${file} is damaged: ${why}. Restore it from a backup, or move it away to start with an empty store.`,
  );
}

/** Whether an error says that another process has locked the store. */
export function isBusy(error: unknown): boolean {
  return sqliteCode(error) === BUSY;
}

/** The error of SQLite for a file that was moved. */
export function movedError(): Error {
  return Object.assign(new Error(), { rawCode: MOVED });
}

/** A message of SQLite on one line. */
export function onOneLine(message: string): string {
  return cut(message.replaceAll(/[\s*]+/g, ' ').trim());
}

// Result codes of SQLite, from its documentation.
const BUSY = 5;
const CORRUPT = 11;
const MOVED = 8 + 4 * 256;
const damageCodes: readonly number[] = [1, CORRUPT, 26];
const unwritable = [
  'SQLITE_READONLY',
  'cannot be written. Make the file and its folder writable, or copy them to a folder that is',
];
const failures: Readonly<Record<number, readonly string[]>> = {
  [BUSY]: ['SQLITE_BUSY', 'has been locked by another process for five seconds. Try again'],
  8: unwritable,
  [MOVED]: [
    'SQLITE_READONLY_DBMOVED',
    'was moved, deleted or replaced while it was open. Put it back, or start again to use the file that is now there',
  ],
  10: ['SQLITE_IOERR', 'could not be read or written. Check the disk'],
  13: ['SQLITE_FULL', 'cannot be changed, because the disk is full. Free some space, and try again'],
  14: unwritable,
};

/** Returns the result code of SQLite for an error, or NaN. The extended codes, which libsql does not name, have it in their low bits. */
function sqliteCode(error: unknown): number {
  const { rawCode } = Object(error);
  // SQLite reports a read past the end of the file as an I/O error, but the file is damaged.
  if (rawCode === 522) return CORRUPT;
  return typeof rawCode === 'number' ? rawCode & 0xff : Number.NaN;
}

function damageShownBy(error: unknown): string | undefined {
  if (error instanceof Damage) return error.message;
  if (error instanceof v.ValiError) return 'an entry has the wrong type';
  const { code, message } = Object(error);
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'an entry is not UTF-8';
  return damageCodes.includes(sqliteCode(error)) ? onOneLine(message) : undefined;
}
