import { existsSync, readdirSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { UsageError } from '../host.ts';
import { isSystemError, systemErrorText } from './system-error.ts';

/**
 * Returns the files that an argument stands for, sorted: the file itself, the JSON files in a folder and its subfolders, or those that
 * a glob matches. It skips hidden files and folders, `node_modules` and links to folders.
 * A path that exists is never read as a glob. Any other path that is not a glob is returned, and its reader reports it.
 *
 * @throws {UsageError} if a folder contains no JSON file, or a glob matches no file.
 */
export async function findFiles(path: string): Promise<readonly string[]> {
  try {
    if (path === '-') return [path];
    const found = statSync(path, { throwIfNoEntry: false });
    if (found) return found.isDirectory() ? filesIn(path) : [path];
    const { globSync, isDynamicPattern } = await import('tinyglobby');
    if (!isDynamicPattern(path)) return [path];
    const errors: unknown[] = [];
    const files = globSync(path, {
      expandDirectories: false,
      absolute: isAbsolute(path),
      fs: { readdirSync: reporting(errors) },
    });
    if (errors.length > 0) throw errors[0];
    if (files.length === 0) throw new UsageError(`No file matches ${path}. Check the pattern.`);
    return files.sort();
  } catch (error) {
    throw isSystemError(error) ? new UsageError(systemErrorText(error)) : error;
  }
}

const filesIn = (folder: string): readonly string[] => {
  const files = [...jsonFilesBelow(folder)].sort();
  if (files.length === 0)
    throw new UsageError(`${folder} contains no *.json, *.jsonl or *.ndjson file. Pass another folder, or a file.`);
  return files;
};

// A library would skip a folder that it cannot list. That must not pass for a folder without findings.
function* jsonFilesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* jsonFilesBelow(path);
    else if (isJson.test(path)) yield regular(path);
  }
}

/** Refuses a pipe in a folder, because reading it could wait forever. The reader reports a broken link. */
function regular(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== false) return path;
  throw new UsageError(`${path} is not a regular file. Move it out of the folder, or pass the files by name.`);
}

/** Lists folders for a library that skips those it cannot list, and records the errors. */
function reporting(errors: unknown[]): typeof readdirSync {
  return new Proxy(readdirSync, {
    apply: (list, self, args) => {
      try {
        return Reflect.apply(list, self, args);
      } catch (error) {
        // A folder in the pattern may not exist. Then no file matches.
        if (existsSync(`${args[0]}`)) errors.push(error);
        throw error;
      }
    },
  });
}

const isJson = /\.(json|jsonl|ndjson)$/i;
