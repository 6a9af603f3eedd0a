import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCli, usageOf } from './host.ts';

const home = mkdtempSync(join(tmpdir(), 'vectors-'));
afterAll(() => rmSync(home, { recursive: true }));

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name).slice(folder.length + 1)] : [],
  );

test('vectors writes the folder test/vectors, without the generated histories', async () => {
  const folder = join(home, 'new', 'folder of vectors');
  const { code, out, err } = await runCli(['vectors', folder]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const written = filesIn(folder);
  const expected = filesIn('test/vectors').filter((file) => !/generated|__pycache__/.test(file));
  expect([...written].sort()).toEqual([...expected].sort());
  for (const file of written)
    expect(readFileSync(join(folder, file), 'utf8')).toBe(readFileSync(join('test/vectors', file), 'utf8'));
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

test('vectors names the folder that it cannot write', async () => {
  const file = join(home, 'file');
  writeFileSync(file, 'mine');
  const { code, err } = await runCli(['vectors', join(file, 'folder')]);
  expect(code).toBe(2);
  expect(err).toContain(`${file}/folder does not exist, because a part of the path is a file`);
  expect(readFileSync(file, 'utf8')).toBe('mine');
});

test.each([[[]], [['']], [['one', 'two']]])('vectors refuses the arguments %j', async (args) => {
  const { code, err } = await runCli(['vectors', ...args]);
  expect(code).toBe(2);
  expect(err).toBe(`secret-stages: vectors takes one DIR; got ${args.length}.\n${usageOf('vectors')}`);
  expect(existsSync('one')).toBe(false);
});

test('a bug is not taken for an error of the system', async () => {
  const { hostWith } = await import('./host.ts');
  const { vectors } = await import('../../src/cli/vectors.ts');
  const host = { ...hostWith(), vectors: () => Buffer.from('not an archive') };
  await expect(vectors.run(host, [join(home, 'bug')], [])).rejects.toThrow();
  expect(existsSync(join(home, 'bug'))).toBe(false);
});
