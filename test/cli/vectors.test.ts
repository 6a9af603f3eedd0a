import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, expect, test } from 'vitest';
import { vectors } from '../../src/cli/vectors.ts';
import { hostWith, runCli, usageOf } from './host.ts';

const home = mkdtempSync(join(tmpdir(), 'vectors-'));
afterAll(() => rmSync(home, { recursive: true }));

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name).slice(folder.length + 1)] : [],
  );

test('vectors writes the folder test/vectors, without the generated histories', async () => {
  const folder = join(home, 'folder of vectors');
  const { code, out, err } = await runCli(['vectors', folder]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const written = filesIn(folder);
  const expected = filesIn('test/vectors').filter((file) => !/generated|__pycache__/.test(file));
  expect([...written].sort()).toEqual([...expected].sort());
  const [contentOf, contentHere] = [folder, 'test/vectors'].map((root) => (file: string) => {
    const text = readFileSync(join(root, file), 'utf8');
    // The archive keeps JSON without its layout.
    return file.endsWith('.json') ? JSON.parse(text) : text;
  });
  for (const file of written) expect(contentOf?.(file), file).toEqual(contentHere?.(file));
  expect(out).toBe(
    `Wrote ${written.length} files. Read ${folder}/README.md, or run all cases:\n  python3 '${folder}/runner.py'\n`,
  );
});

test.each([
  ['an empty folder', () => mkdirSync(join(home, 'taken'))],
  ['a file', () => writeFileSync(join(home, 'taken'), 'mine')],
])('vectors refuses %s that exists, and leaves nothing behind', async (_, take) => {
  const taken = join(home, 'taken');
  take();
  const before = readdirSync(home);
  const { code, out, err } = await runCli(['vectors', taken]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toBe(`secret-stages: ${taken} exists already. Pass the path of a new folder.\n${usageOf('vectors')}`);
  expect(readdirSync(home)).toEqual(before);
  rmSync(taken, { recursive: true });
});

test.each([
  ['file/folder', 'does not exist, because a part of the path is a file, not a folder. Check the path.'],
  ['missing/folder', 'cannot be written: its folder does not exist. Create the folder, or pass another path.'],
  ['x'.repeat(300), 'is too long for a path. Pass a shorter path.'],
])('vectors says why it cannot write %s, and leaves nothing behind', async (path, complaint) => {
  writeFileSync(join(home, 'file'), 'mine');
  const before = readdirSync(home);
  const { code, out, err } = await runCli(['vectors', join(home, path)]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(`${home}/${path} ${complaint}\n`);
  expect(readdirSync(home)).toEqual(before);
});

test.each([
  ['-x', '  python3 ./-x/runner.py\n'],
  ['=x', "  python3 '=x/runner.py'\n"],
  ["it's", "  python3 'it'\\''s/runner.py'\n"],
])('the command for the folder %s runs in a shell', async (folder, command) => {
  const before = process.cwd();
  process.chdir(home);
  const { out } = await runCli(['vectors', '--', folder]);
  process.chdir(before);
  expect(out).toContain(`, or run all cases:\n${command}`);
});

test('for a folder whose name is not safe to print, no command is printed', async () => {
  const { out } = await runCli(['vectors', join(home, 'a\u001b]0;x\u0007')]);
  expect(out).toMatch(/^Wrote \d+ files\. Read .*\/a\\u\{1b\}\]0;x\\u\{7\}\/README\.md\.\n$/);
});

test.each([
  [[], 'vectors takes one DIR; got 0.'],
  [[''], 'DIR is empty. Pass the path of a new folder.'],
  [['one', 'two'], 'vectors takes one DIR; got 2.'],
])('vectors refuses the arguments %j', async (args, complaint) => {
  const { code, err } = await runCli(['vectors', ...args]);
  expect(code).toBe(2);
  expect(err).toBe(`secret-stages: ${complaint}\n${usageOf('vectors')}`);
  expect(existsSync('one')).toBe(false);
});

test('vectors says what to do if the archive of the package is damaged', async () => {
  const host = { ...hostWith(), vectors: () => Buffer.from('not an archive') };
  await expect(vectors.run(host, [join(home, 'damaged')], [])).rejects.toThrow(
    'The archive of vectors in this package cannot be read. Install the package again.',
  );
  expect(existsSync(join(home, 'damaged'))).toBe(false);
});
