import { join } from 'node:path';
import Database from 'libsql';
import { onTestFinished } from 'vitest';
import { createCsmsEmulator, type Emulator } from '../../src/emulator/index.ts';
import { type DiskStore, openStore } from '../../src/server/index.ts';
import { freshFolder } from './serving.ts';

/** Opens a store. It is closed when the test ends. */
export const open = async (folder: string): Promise<DiskStore> => {
  const store = await openStore(folder);
  onTestFinished(() => store.close());
  return store;
};

export const fileIn = (folder: string): string => join(folder, 'secret-stages.sqlite');

/** Changes the file without the store. */
export const edit = (folder: string, sql: string, ...values: readonly (string | number)[]): void => {
  const database = new Database(fileIn(folder));
  database.prepare(sql).run(...values);
  database.close();
};

/** All entries, by their key. */
export const contentOf = async (store: DiskStore): Promise<object> => {
  const keys = [...(await store.revisions()).keys()].sort();
  return Object.fromEntries(await Promise.all(keys.map(async (key) => [key, await store.read(key)])));
};

export const ask = async (emulator: Emulator, method: string, path: string, body: object): Promise<void> => {
  const headers = { 'x-auth-token': 'any' };
  const url = `http://localhost/v1/p/secrets${path}`;
  const response = await emulator.fetch(new Request(url, { method, headers, body: JSON.stringify(body) }));
  if (response.status !== 200) throw new Error(`${method} ${path} was answered with ${response.status}.`);
};

/** The key of a secret in the folder below. */
export const db = '["p","db"]';

/** A folder with two secrets of two versions each, as an emulator leaves it. */
export const lived = async (): Promise<string> => {
  const folder = freshFolder();
  const store = await openStore(folder);
  const emulator = createCsmsEmulator({ store, clock: () => 1000 });
  for (const name of ['db', 'smtp']) {
    await ask(emulator, 'POST', '', { name, secret_string: 'hunter2' });
    await ask(emulator, 'POST', `/${name}/versions`, { secret_string: 'hunter2, too', version_stages: ['canary'] });
  }
  store.close();
  return folder;
};
