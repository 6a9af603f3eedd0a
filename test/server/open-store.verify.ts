import { spawn } from 'node:child_process';
import { once } from 'node:events';
import Database from 'libsql';
import { expect, test } from 'vitest';
import { createCsmsEmulator } from '../../src/emulator/index.ts';
import { violations } from '../../src/index.ts';
import { callAt, freshFolder, startServing } from './serving.ts';
import { db, fileIn, lived, open } from './stores.ts';

const idIn = (body: unknown): string => /"id":"(\w+)"/.exec(JSON.stringify(body))?.[1] ?? '';

test('a commit waits for that of another process, and then sees it', async () => {
  const folder = await lived();
  const store = await open(folder);
  const kept = await store.read(db);
  const script = `
    const database = new (require('libsql'))(${JSON.stringify(fileIn(folder))});
    database.exec("BEGIN IMMEDIATE; DELETE FROM kept WHERE key LIKE '%smtp%'");
    console.log('has begun');
    setTimeout(() => database.exec('COMMIT'), 700);
  `;
  const other = spawn('node', ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(other.stdout, 'data');
  expect((await store.revisions()).size).toBe(3);
  const start = performance.now();
  expect(await store.commit([{ key: db, revision: kept?.revision ?? 0, data: undefined }])).toBe(true);
  expect(performance.now() - start).toBeGreaterThan(100);
  expect([...(await store.revisions()).keys()]).toEqual(['["p",null]']);
});

test('two processes on one folder lose no change', async () => {
  const folder = freshFolder();
  // Both at once, so that both find the folder empty.
  const servers = await Promise.all([startServing('--data', folder), startServing('--data', folder)]);
  const [{ url }] = servers;
  expect(await callAt(url, 'POST', '', { name: 'db', secret_string: '0' })).toMatchObject({ status: 200 });

  const clients = servers.flatMap(({ url }) => [url, url, url]);
  const rounds = 8;
  const issued = clients.map(async (url, client) => {
    const ids: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const body = { secret_string: `${client}`, version_stages: [`stage-${client}`] };
      const created = await callAt(url, 'POST', '/db/versions', body);
      expect(created).toMatchObject({
        status: 200,
        body: { version_metadata: { version_stages: body.version_stages } },
      });
      ids.push(idIn(created.body));
      const moved = await callAt(url, 'PUT', '/db/stages/shared', { version_id: ids.at(-1) });
      expect(moved.status).toBe(200);
    }
    return ids;
  });
  const ids = await Promise.all(issued);
  expect(new Set(ids.flat()).size).toBe(clients.length * rounds);

  const { projects } = await createCsmsEmulator({ store: await open(folder) }).snapshot({ values: true });
  const secret = projects['p']?.secrets['db'];
  if (secret === undefined) throw new Error('The secret is lost.');
  expect(violations(secret.state)).toEqual([]);
  expect(secret.state.lastNumber).toBe(1 + clients.length * rounds);
  expect(ids.flat().every((id) => /^v\d+$/.test(id) && Number(id.slice(1)) <= secret.state.lastNumber)).toBe(true);
  for (const [client, mine] of ids.entries()) {
    const last = mine.at(-1) ?? '';
    expect(secret.state.stages).toContainEqual(expect.objectContaining({ name: `stage-${client}`, versionId: last }));
    expect(secret.values[last]?.text).toBe(`${client}`);
  }
  expect(ids.map((mine) => mine.at(-1))).toContain(
    secret.state.stages.find(({ name }) => name === 'shared')?.versionId,
  );
});

test('a commit throws if another process keeps the store locked', async () => {
  const folder = await lived();
  const store = await open(folder);
  const other = new Database(fileIn(folder));
  other.exec('BEGIN IMMEDIATE');
  await expect(store.commit([])).rejects.toThrow(
    /^The store .* has been locked by another process for five seconds\. Try again\.$/,
  );
  other.exec('ROLLBACK');
  other.close();
  expect(await store.commit([])).toBe(true);
});
