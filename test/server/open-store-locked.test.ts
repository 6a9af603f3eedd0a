import Database from 'libsql';
import { expect, onTestFinished, test } from 'vitest';
import { createCsmsEmulator } from '../../src/emulator/index.ts';
import { openStore } from '../../src/server/index.ts';
import { contentOf, db, fileIn, lived, open } from './stores.ts';

/** Locks a store as another program would, for readers and writers. Returns the function that releases it. */
const lock = (folder: string): (() => void) => {
  const other = new Database(fileIn(folder));
  onTestFinished(() => {
    other.close();
  });
  other.exec('BEGIN EXCLUSIVE');
  return () => other.exec('ROLLBACK');
};

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('requests that do not need the store are answered while another program has locked it', async () => {
  const folder = await lived();
  const credentials = { tokens: [{ token: 'mine' }] };
  const emulator = createCsmsEmulator({ store: await open(folder), credentials });
  const ask = async (token: string, init: RequestInit = {}, path = '/db') => {
    const request = { ...init, headers: { 'x-auth-token': token } };
    return (await emulator.fetch(`http://localhost/v1/p/secrets${path}`, request)).status;
  };
  const release = lock(folder);
  const order: unknown[] = [];
  const note = (work: Promise<unknown>) => work.then((result) => order.push(result));
  const waiting = [
    note(ask('mine')),
    note(ask('mine', { method: 'POST', body: '{"name": "new", "secret_string": "x"}' }, '')),
    note(emulator.snapshot().then(({ projects }) => Object.keys(projects))),
    note(ask('mine', {}, '/db/versions/v1')),
  ];
  // The snapshot waits first, and later calls wait for it. Refused requests do not wait.
  await pause(50);
  const start = performance.now();
  expect(await ask('other')).toBe(400);
  expect(await ask('mine', { method: 'POST', body: '{' }, '')).toBe(400);
  expect(performance.now() - start).toBeLessThan(2500);
  expect(order).toEqual([]);
  release();
  await Promise.all(waiting);
  expect(order).toHaveLength(4);
  expect(order).toEqual(expect.arrayContaining([200, ['p']]));
});

test('close ends calls that wait for another program, and later calls are refused', async () => {
  const folder = await lived();
  const store = await openStore(folder);
  lock(folder);
  const isRefused = (call: unknown) => expect(call).rejects.toThrow(`The store ${fileIn(folder)} is closed.`);
  const waiting = [store.read(db), store.revisions(), store.commit([])].map(isRefused);
  await pause(20);
  store.close();
  await Promise.all(waiting);
  await isRefused(store.read(db));
});

test('openStore waits for another program', async () => {
  const folder = await lived();
  const release = lock(folder);
  const opening = open(folder);
  await pause(50);
  release();
  expect(Object.keys(await contentOf(await opening))).toContain(db);
});

test('a commit waits for a reader, and is made once', async () => {
  const folder = await lived();
  const store = await open(folder);
  const reader = new Database(fileIn(folder));
  onTestFinished(() => {
    reader.close();
  });
  reader.exec('BEGIN');
  reader.prepare('SELECT * FROM kept').all();
  const committing = store.commit([{ key: 'new', revision: 0, data: 1 }]);
  await pause(50);
  // The store is not in the middle of its own commit meanwhile.
  expect(await store.read('new')).toBeUndefined();
  reader.exec('COMMIT');
  expect(await committing).toBe(true);
  expect((await store.read('new'))?.revision).toBe(7);
});
