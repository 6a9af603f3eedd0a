import { linkSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, test, vi } from 'vitest';
import { openStore, StoreDamagedError } from '../../src/server/index.ts';
import { freshFolder } from './serving.ts';
import { contentOf, fileIn } from './stores.ts';

const sector = 512;

/** A commit that changes entries on many pages: the file before and after it, and its complete journal. */
const commitOfMany = async (change: (entry: { readonly key: string; readonly data: string }) => string | undefined) => {
  const folder = freshFolder();
  const kept = join(folder, 'kept-journal');
  // So short that several fit on a page. Longer ones are on pages of their own, and their digests alone show all damage.
  const keys = [...'abcdefghijklmnopqrst'];
  const store = await openStore(folder);
  const entries = keys.map((key) => ({ key, revision: 0, data: `before ${key.repeat(600)}` }));
  await store.commit(entries);
  const before = { bytes: readFileSync(fileIn(folder)), content: await contentOf(store) };
  const { exec } = Database.prototype;
  const spy = vi.spyOn(Database.prototype, 'exec').mockImplementation(function (this: Database.Database, sql) {
    // SQLite deletes the journal at the end of the commit. A second link keeps it.
    if (sql === 'COMMIT') linkSync(`${fileIn(folder)}-journal`, kept);
    return exec.call(this, sql);
  });
  const changes = entries.map((entry, index) => ({ ...entry, revision: index + 1, data: change(entry) }));
  expect(await store.commit(changes)).toBe(true);
  spy.mockRestore();
  const after = { bytes: readFileSync(fileIn(folder)), content: await contentOf(store) };
  store.close();
  return { before, after, journal: readFileSync(kept) };
};

/** Opens a copy of a file and its journal, and returns what is in it. */
const fateOf = async (
  { before, after }: Awaited<ReturnType<typeof commitOfMany>>,
  bytes: Uint8Array,
  journal: Uint8Array,
): Promise<string> => {
  const folder = freshFolder();
  writeFileSync(fileIn(folder), bytes, { mode: 0o600 });
  if (journal.length > 0) writeFileSync(`${fileIn(folder)}-journal`, journal);
  try {
    const store = await openStore(folder);
    const content = JSON.stringify(await contentOf(store));
    await store.commit([{ key: 'new', revision: 0, data: 1 }]);
    store.close();
    if (content === JSON.stringify(before.content)) return 'before';
    return content === JSON.stringify(after.content) ? 'after' : 'silently wrong';
  } catch (error) {
    return error instanceof StoreDamagedError ? 'named' : String(error);
  }
};

/** Every place where a copy of bytes can end. */
const cuts = (length: number, step = sector): readonly number[] =>
  [...Array(Math.ceil(length / step)).keys(), length / step].map((index) => index * step);

test.each<readonly [what: string, change: Parameters<typeof commitOfMany>[0]]>([
  ['keeps all lengths', ({ data }) => data.replace('before', 'after.')],
  ['moves entries to other pages', ({ key, data }) => (key === 'c' ? undefined : `after ${data} ${key.repeat(99)}`)],
])('a file cut at any point of a commit that %s is recovered, or reported as damaged', async (_, change) => {
  const commit = await commitOfMany(change);
  const { before, after, journal } = commit;
  const nothing = Buffer.alloc(0);
  /** The file in the middle of the commit: up to a place as after it, and from there as before it. */
  const torn = (at: number) => Buffer.concat([after.bytes.subarray(0, at), before.bytes.subarray(at)]);
  const backwards = (at: number) =>
    Buffer.concat([before.bytes.subarray(0, at), after.bytes.subarray(Math.min(at, before.bytes.length))]);
  const fates = async (copies: Iterable<readonly [Uint8Array, Uint8Array]>) => {
    const found = new Set<string>();
    for (const copy of copies) found.add(await fateOf(commit, ...copy));
    return [...found].sort();
  };
  expect(journal.length).toBeGreaterThan(4 * 4096);

  // Before the first write to the file, the journal is incomplete.
  expect(await fates(cuts(journal.length).map((at) => [before.bytes, journal.subarray(0, at)]))).toEqual(['before']);
  // Then the file is written, and the journal recovers it.
  expect(await fates(cuts(after.bytes.length).map((at) => [torn(at), journal]))).toEqual(['before']);
  // Without its journal, or with a part of it, the file is reported. Some cuts are before the first page that changes, or after the last.
  const alone = await fates(
    cuts(after.bytes.length).flatMap((at) => [
      [torn(at), nothing],
      [backwards(at), nothing],
    ]),
  );
  expect(alone).toEqual(['after', 'before', 'named']);
  const partly = cuts(after.bytes.length, 4096).flatMap((at) =>
    cuts(journal.length, 2048).map((end) => [torn(at), journal.subarray(0, end)] as const),
  );
  expect(await fates(partly)).toEqual(['after', 'before', 'named']);
  // A copy of the file that ends early.
  const short = cuts(after.bytes.length - sector).map((at) => [after.bytes.subarray(0, at), nothing] as const);
  expect(await fates(short)).toEqual(['named']);
});
