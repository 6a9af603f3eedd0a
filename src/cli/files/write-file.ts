import { randomUUID } from 'node:crypto';
import {
  accessSync,
  appendFileSync,
  chmodSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../host.ts';
import { inputName } from './read-file.ts';
import { isSystemError, systemErrorText } from './system-error.ts';

/**
 * Checks that output files can be written, before any work is done. Each must be a file in a writable folder. No two can be the same
 * file, and none can be an input, even through a link.
 *
 * @throws {UsageError} for the first that cannot be written.
 */
export function checkOutputs(inputs: readonly string[], outputs: readonly string[]): void {
  const taken = new Map(inputs.map((path) => [placeOf(path), `it is the input ${inputName(path)}`]));
  for (const path of outputs) {
    if (path === '') throw new UsageError('The path of an output is empty. Pass the path of a file.');
    if (path === '-') throw new UsageError('- cannot be used as an output. Pass a file, or /dev/stdout.');
    checkWritable(path);
    const place = placeOf(path);
    const conflict = place === undefined ? undefined : taken.get(place);
    if (conflict !== undefined) throw new UsageError(`${path} cannot be written: ${conflict}. Pass another path.`);
    taken.set(place, `it is the same file as the output ${path}`);
  }
}

/**
 * Writes a file completely or not at all: the text goes to a draft next to the file, which is then renamed. A pipe or a device is
 * written directly.
 *
 * @throws {UsageError} if the file cannot be written.
 */
export function writeFile(path: string, text: string): void {
  naming(path, () => {
    const found = infoOf(path);
    // Appended, because /dev/stdout may be a file that already has other output.
    if (isDirect(path)) return appendFileSync(path, text);
    // A link stays, and points to the new file.
    const target = found ? realpathSync(path) : path;
    const draft = join(dirname(target), `.${randomUUID()}.tmp`);
    try {
      writeFileSync(draft, text, { flag: 'wx', flush: true });
      if (found) chmodSync(draft, Number(found.mode));
      renameSync(draft, target);
    } finally {
      rmSync(draft, { force: true });
    }
  });
}

/**
 * Writes a new folder completely or not at all: a draft next to it is renamed.
 *
 * @throws {UsageError} if it exists already, or cannot be written.
 */
export function writeFolder(path: string, files: readonly (readonly [file: string, text: string])[]): void {
  naming(path, () => {
    const folder = resolve(path);
    if (lstatSync(folder, { throwIfNoEntry: false }))
      throw new UsageError(`${path} exists already. Pass the path of a new folder.`);
    mustBeFolder(dirname(folder), path);
    const draft = join(dirname(folder), `.${randomUUID()}.tmp`);
    mkdirSync(draft);
    try {
      for (const [file, text] of files) {
        mkdirSync(join(draft, dirname(file)), { recursive: true });
        writeFileSync(join(draft, file), text);
      }
      renameSync(draft, folder);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  });
}

const checkWritable = (path: string): void =>
  naming(path, () => {
    const found = infoOf(path);
    if (!found && lstatSync(path, { throwIfNoEntry: false }))
      throw new UsageError(`${path} is a broken symbolic link. Pass the path of a file.`);
    if (found?.isDirectory() || path.endsWith('/')) throw new UsageError(`${path} is a folder. Pass a file.`);
    // The draft is next to the file that a link points to.
    const folder = dirname(found ? realpathSync(path) : resolve(path));
    mustBeFolder(folder, path);
    if (!isDirect(path)) accessSync(folder, constants.W_OK);
    if (found) accessSync(path, constants.W_OK);
  });

const mustBeFolder = (folder: string, path: string): void => {
  if (infoOf(folder)?.isDirectory()) return;
  throw new UsageError(
    `${path} cannot be written: its folder does not exist. Create the folder, or pass another path.`,
  );
};

/** An identity that is equal for two paths of the same file. Undefined for a pipe or a device, which can be used twice. */
const placeOf = (path: string): string | undefined =>
  naming(path, () => {
    const found = infoOf(path);
    if (found) return found.isFile() ? `${found.dev} ${found.ino}` : undefined;
    return join(realpathSync(dirname(resolve(path))), basename(path));
  });

const isDirect = (path: string): boolean => {
  const found = infoOf(path);
  return (
    (found !== undefined && !found.isFile()) ||
    /^\/(dev\/(std(out|err)|fd\/\d+)|proc\/.*\/fd\/\d+)$/.test(resolve(path))
  );
};

/** The status of a file, or of standard input, which the shell may have opened from a file. */
const infoOf = (path: string) =>
  path === '-' ? fstatSync(0, { bigint: true }) : statSync(path, { throwIfNoEntry: false, bigint: true });

/** Runs work on a file. A system error names the file, not its draft. */
const naming = <Result>(path: string, work: () => Result): Result => {
  try {
    return work();
  } catch (error) {
    throw isSystemError(error) ? new UsageError(systemErrorText(error, path)) : error;
  }
};
