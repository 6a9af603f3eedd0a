import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { UsageError } from '../../src/cli/host.ts';
import { readSecrets } from '../../src/cli/read-secrets.ts';
import { call, hostWith, runCli } from './host.ts';

// More than readSecrets holds at once.
const names = Array.from({ length: 2500 }, (_, index) => `db-${index}`);
const page = (name: string) => ({
  version_metadatas: [
    { id: 'v1', create_time: 1_581_507_580_000, expire_time: null, secret_name: name, version_stages: ['SYSCURRENT'] },
  ],
});
const shown = (name: string) => ({ secret: { id: name, name, state: 'DISABLED' } });
const linesOf = (documents: readonly object[]) => documents.map((document) => `${JSON.stringify(document)}\n`).join('');

const folderWith = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'read-secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
};

const read = async (paths: readonly string[], input: readonly string[] = []) => {
  const { results } = await readSecrets(hostWith({ input }), paths, undefined, ({ state, file, line }) => {
    return `${state.name} ${state.status} ${file}:${line}`;
  });
  return results;
};

test('readSecrets joins responses that are far apart, and returns the secrets in the order of their versions', async () => {
  const last = names.slice(0, 10);
  const folder = folderWith({
    'a.jsonl': linesOf(names.map(page)),
    'b/one.json': JSON.stringify(shown('db-3')),
    'c.ndjson': linesOf(names.filter((name) => !last.includes(name)).map(shown)),
  });
  const file = join(folder, 'a.jsonl');
  const expected = names.map((name, index) => {
    const isShown = index === 3 || index >= 10;
    return `${name} ${isShown ? 'DISABLED' : 'ENABLED'} ${file}:${index + 1}`;
  });
  expect(await read([folder])).toEqual(expected);
  expect(await read([folder, file, join(folder, 'b')])).toEqual(expected);
});

test('readSecrets holds the documents of standard input, because it cannot be read again', async () => {
  const folder = folderWith({ 'shown.json': JSON.stringify(names.map(shown)) });
  const secrets = await read(['-', folder], [linesOf(names.map(page))]);
  expect(secrets).toEqual(names.map((name, index) => `${name} DISABLED standard input:${index + 1}`));
});

test.each([
  ['one of its lines', linesOf([page('db-0')])],
  ['a transcript', call(0, 'POST', '', { name: 'db' })],
])('readSecrets refuses a file that was changed to %s before it is read again', async (_, changed) => {
  const folder = folderWith({ 'a.jsonl': linesOf(names.map(page)), 'b.jsonl': linesOf(names.map(shown)) });
  let isChanged = false;
  const changing = readSecrets(hostWith(), [folder], undefined, () => {
    if (!isChanged) writeFileSync(join(folder, 'a.jsonl'), changed);
    isChanged = true;
  });
  await expect(changing).rejects.toThrow(
    new UsageError(`${join(folder, 'a.jsonl')} was changed while it was read. Run the command again.`),
  );
});

test('check names the secrets that it could not check, if it could check none', async () => {
  const { code, out, err } = await runCli(['check'], { input: [JSON.stringify(shown('db'))] });
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(
    /Found no versions of a secret in standard input\. .*\n {2}Secret "db" was not checked\. Add every page of /,
  );
});
