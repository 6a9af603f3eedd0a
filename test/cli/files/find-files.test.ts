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

test('findFiles returns the JSON files below a folder, sorted', async () => {
  expect(await findFiles(folder)).toEqual(at(...found));
  expect(await findFiles(join(folder, 'sub', 'again'))).toEqual(
    found.map((name) => join(folder, 'sub', 'again', name)),
  );
  expect(await findFiles(`${relative('', folder)}/`)).toEqual(found.map((name) => join(relative('', folder), name)));
});

test('findFiles returns what a glob matches, sorted', async () => {
  expect(await findFiles(join(folder, '{a,b,c}.*'))).toEqual(at('a.jsonl', 'b.json', 'c.ndjson'));
  expect(await findFiles('test/cli/../cli/files/find-f*.test.ts')).toEqual(['test/cli/files/find-files.test.ts']);
  expect(await findFiles(join(folder, 'sub/d*/**/*.json'))).toEqual(at('sub/deep/e.json'));
});

test('findFiles takes a file that exists for that file, also if its name is a glob', async () => {
  for (const name of ['[x].json', '*.json', 'notes.txt']) expect(await findFiles(join(folder, name))).toEqual(at(name));
  expect(await findFiles('-')).toEqual(['-']);
});

test('findFiles leaves a file that does not exist to its reader', async () => {
  expect(await findFiles('no-such-file')).toEqual(['no-such-file']);
});

test('findFiles refuses a folder without JSON files, a glob that matches no file, and what the system refuses', async () => {
  const empty = join(folder, 'empty');
  await expect(findFiles(empty)).rejects.toThrow(
    new UsageError(`${empty} contains no *.json, *.jsonl or *.ndjson file. Pass another folder, or a file.`),
  );
  await expect(findFiles('no/**/*.json')).rejects.toThrow(
    new UsageError('No file matches no/**/*.json. Check the pattern.'),
  );
  await expect(findFiles('package.json/x')).rejects.toThrow(/^package\.json\/x does not exist, because /);
  await expect(findFiles('x'.repeat(300))).rejects.toThrow(/^x+ is too long for a path\. Pass a shorter path\.$/);
});

test('findFiles refuses a pipe in a folder, and a folder that a glob cannot list', async () => {
  const made = mkdtempSync(join(tmpdir(), 'find-files-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  execFileSync('mkfifo', [join(made, 'pipe.json')]);
  await expect(findFiles(made)).rejects.toThrow(
    new UsageError(
      `${join(made, 'pipe.json')} is not a regular file. Move it out of the folder, or pass the files by name.`,
    ),
  );
  chmodSync(made, 0o755);
  mkdirSync(join(made, 'locked'));
  chmodSync(join(made, 'locked'), 0);
  const glob = join(made, 'l*/*.json');
  await import('tinyglobby');
  // The permissions of files do not bind root.
  if (process.getuid?.() === 0) process.seteuid?.(65_534);
  try {
    await expect(findFiles(glob)).rejects.toThrow(/locked\/ cannot be accessed, because you do not have permission\./);
  } finally {
    process.seteuid?.(process.getuid?.() ?? 0);
  }
});

test('findFiles skips hidden files and node_modules', async () => {
  const made = mkdtempSync(join(tmpdir(), 'find-files-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  for (const name of ['.git', 'node_modules', 'sub']) {
    mkdirSync(join(made, name));
    writeFileSync(join(made, name, 'a.json'), '{}');
  }
  writeFileSync(join(made, '.hidden.json'), '{}');
  expect(await findFiles(made)).toEqual([join(made, 'sub/a.json')]);
});
