import { existsSync, readdirSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { UsageError } from '../host.ts';
import { isSystemError, systemErrorText } from './system-error.ts';

/**
 * The files that an argument means: the file itself, the JSON files in a folder and in its folders, or those that a glob matches,
 * sorted. It skips hidden files and folders, `node_modules` and links to folders.
 * A path that exists is never read as a glob. Any other path that is not a glob is returned, and its reader reports it.
 *
 * @throws {UsageError} if a folder or a glob leads to no file.
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
  if (files.length === 0) throw new UsageError(`${folder} contains no *.json, *.jsonl or *.ndjson file.`);
  return files;
};

// A library would skip a folder that it cannot list, which must not pass for one without findings.
function* jsonFilesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* jsonFilesBelow(path);
    else if (isJson.test(path)) yield regular(path);
  }
}

/** A pipe in a folder would be waited for, maybe for ever. A link that leads nowhere is left to the reader. */
function regular(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== false) return path;
  throw new UsageError(`${path} is not a file. Move it out of the folder, or name the files.`);
}

/** Lists folders for a library that leaves out those it cannot list: they must not pass for folders without findings. */
function reporting(errors: unknown[]): typeof readdirSync {
  return new Proxy(readdirSync, {
    apply: (list, self, args) => {
      try {
        return Reflect.apply(list, self, args);
      } catch (error) {
        // A folder in the pattern may be missing: then no file matches.
        if (existsSync(`${args[0]}`)) errors.push(error);
        throw error;
      }
    },
  });
}

const isJson = /\.(json|jsonl|ndjson)$/i;
