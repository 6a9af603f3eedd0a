import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import process from 'node:process';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { findFiles } from '../../../src/cli/files/find-files.ts';
import { UsageError } from '../../../src/cli/host.ts';

const folder = mkdtempSync(join(tmpdir(), 'find-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
const names = [
  'b.json',
  'a.jsonl',
  'c.ndjson',
  'notes.txt',
  'sub/d.json',
  'sub/deep/e.json',
  'sub-f.json',
  '[x].json',
  'x.json',
  '*.json',
];
mkdirSync(join(folder, 'sub/deep'), { recursive: true });
mkdirSync(join(folder, 'folder.json'));
mkdirSync(join(folder, 'empty'));
for (const name of names) writeFileSync(join(folder, name), '{}');
symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling.json'));
symlinkSync(folder, join(folder, 'sub', 'again'));
const filesOf = (path: string): readonly string[] => Array.from(findFiles(path), (file) => file.path);
const at = (...paths: readonly string[]) => paths.map((path) => join(folder, path));
const found = [
  '*.json',
  '[x].json',
  'a.jsonl',
  'b.json',
  'c.ndjson',
  'dangling.json',
  'sub-f.json',
  'sub/d.json',
  'sub/deep/e.json',
  'x.json',
];

test('findFiles returns the JSON files below a folder, sorted', () => {
  expect(filesOf(folder)).toEqual(at(...found));
  expect(filesOf(join(folder, 'sub', 'again'))).toEqual(found.map((name) => join(folder, 'sub', 'again', name)));
  expect(filesOf(`${relative('', folder)}/`)).toEqual(found.map((name) => join(relative('', folder), name)));
});

test('findFiles takes a file that exists for that file, even if its name is a pattern', () => {
  for (const name of ['[x].json', '*.json', 'notes.txt']) expect(filesOf(join(folder, name))).toEqual(at(name));
  expect(filesOf('-')).toEqual(['-']);
});

test('findFiles leaves a file that does not exist to its reader', () => {
  expect(filesOf('no-such-file')).toEqual(['no-such-file']);
});

test('findFiles refuses a folder without JSON files, a pattern, and what the system refuses', () => {
  const empty = join(folder, 'empty');
  expect(() => filesOf(empty)).toThrow(
    new UsageError(`${empty} contains no *.json, *.jsonl or *.ndjson file. Pass another folder, or a file.`),
  );
  expect(() => filesOf('no/**/*.json')).toThrow(
    new UsageError(
      'No file matches no/**/*.json. Omit the quotes, so that your shell replaces a pattern, or pass the folder.',
    ),
  );
  expect(() => filesOf('package.json/x')).toThrow(/^package\.json\/x does not exist, because /);
  expect(() => filesOf('x'.repeat(300))).toThrow(/^x+ is too long for a path\. Pass a shorter path\.$/);
});

test('findFiles refuses a pipe in a folder, and a folder that it cannot list', () => {
  const made = mkdtempSync(join(tmpdir(), 'find-files-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  execFileSync('mkfifo', [join(made, 'pipe.json')]);
  expect(() => filesOf(made)).toThrow(
    new UsageError(
      `${join(made, 'pipe.json')} is not a regular file. Move it out of the folder, or pass the files by name.`,
    ),
  );
  chmodSync(made, 0o755);
  mkdirSync(join(made, 'locked'));
  chmodSync(join(made, 'locked'), 0);
  rmSync(join(made, 'pipe.json'));
  // The permissions of files do not bind root.
  if (process.getuid?.() === 0) process.seteuid?.(65_534);
  try {
    expect(() => filesOf(made)).toThrow(/locked.? cannot be accessed, because you do not have permission\./);
  } finally {
    process.seteuid?.(process.getuid?.() ?? 0);
  }
});

test('findFiles skips hidden files and node_modules', () => {
  const made = mkdtempSync(join(tmpdir(), 'find-files-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  for (const name of ['.git', 'node_modules', 'sub']) {
    mkdirSync(join(made, name));
    writeFileSync(join(made, name, 'a.json'), '{}');
  }
  writeFileSync(join(made, '.hidden.json'), '{}');
  expect(filesOf(made)).toEqual([join(made, 'sub/a.json')]);
});
