import { readdirSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { quote } from '../text.ts';
import { UsageError } from './host.ts';
import { isSystemError, systemErrorText } from './system-error.ts';

/**
 * The files that an argument means: the file itself, the JSON files in a folder and in its folders, or those that a glob matches,
 * sorted. A file that exists is never read as a glob. What does not exist and is no glob is returned, for the reader to report.
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
    const files = globSync(path, { expandDirectories: false, absolute: isAbsolute(path) });
    if (files.length === 0) throw new UsageError(`No file matches ${quote(path)}. Check the pattern.`);
    return files.sort();
  } catch (error) {
    throw isSystemError(error) ? new UsageError(systemErrorText(error)) : error;
  }
}

// All of a folder, or an error: a folder that cannot be listed must not pass for one without findings.
const filesIn = (folder: string): readonly string[] => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(json|jsonl|ndjson)$/.test(name))
    .map((name) => join(folder, name))
    .filter((file) => !statSync(file, { throwIfNoEntry: false })?.isDirectory())
    .sort();
  if (files.length === 0) throw new UsageError(`${folder} holds no *.json, *.jsonl or *.ndjson file.`);
  return files;
};
