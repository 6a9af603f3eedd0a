import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { UsageError } from '../host.ts';
import { isSystemError, systemErrorText } from './system-error.ts';

/** A file, and whether it is known to be a regular one, which can be read twice. */
export interface FoundFile {
  readonly path: string;
  readonly isRegular: boolean;
}

/**
 * The files that an argument stands for: the file itself, or the JSON files in a folder and its subfolders, sorted by their paths. It
 * skips hidden files and folders, `node_modules` and links to folders. A path that does not exist is left to its reader.
 *
 * @throws {UsageError} if a folder contains no JSON file, or for a pattern, which the shell should have replaced.
 */
export function* findFiles(path: string): Generator<FoundFile> {
  try {
    const found = path === '-' ? undefined : statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory()) {
      yield* filesIn(path);
      return;
    }
    if (path !== '-' && !found && /[*?[{]/.test(path))
      throw new UsageError(
        `No file matches ${path}. Omit the quotes, so that your shell replaces a pattern, or pass the folder.`,
      );
    yield { path, isRegular: found?.isFile() === true };
  } catch (error) {
    throw isSystemError(error) ? new UsageError(systemErrorText(error)) : error;
  }
}

function* filesIn(folder: string): Generator<FoundFile> {
  let isEmpty = true;
  for (const file of jsonFilesBelow(folder)) {
    isEmpty = false;
    yield file;
  }
  if (isEmpty)
    throw new UsageError(`${folder} contains no *.json, *.jsonl or *.ndjson file. Pass another folder, or a file.`);
}

function* jsonFilesBelow(folder: string): Generator<FoundFile> {
  // Joining each name would take longer than listing it.
  const start = join(folder, '-').slice(0, -1);
  for (const name of namesIn(folder)) {
    const path = start + name;
    if (name.endsWith(sep)) yield* jsonFilesBelow(path);
    else yield { path, isRegular: true };
  }
}

/** The JSON files and the subfolders of a folder. Subfolders end with a separator, so that the names sort like whole paths. */
function namesIn(folder: string): readonly string[] {
  const names: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const { name } = entry;
    if (name.startsWith('.') || name === 'node_modules') continue;
    if (entry.isDirectory()) names.push(name + sep);
    else if (isJson.test(name)) names.push(regular(entry, folder));
  }
  return names.sort();
}

/** Refuses a pipe in a folder, because reading it could wait forever. The reader reports a broken link. */
function regular(entry: Dirent, folder: string): string {
  const path = join(folder, entry.name);
  if (entry.isFile() || statSync(path, { throwIfNoEntry: false })?.isFile() !== false) return entry.name;
  throw new UsageError(`${path} is not a regular file. Move it out of the folder, or pass the files by name.`);
}

const isJson = /\.(json|jsonl|ndjson)$/i;
