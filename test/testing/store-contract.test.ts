import { expect, test } from 'vitest';
import { type Kept, memoryStore, type Store, type Write } from '../../src/emulator/index.ts';
import { type OpenStore, storeContract } from '../../src/testing/index.ts';

const readAgain = 'Committed data can be read by every process that opens the store.';
const emptyAtFirst = 'A key that was never committed has no data. Committed keys are listed with their revisions.';
const rightRevision = 'A write that names a wrong revision changes nothing.';
const allOrNone = 'The writes of a commit are applied together, or none of them.';
const newRevisions = 'A revision is never issued again for a key, even if the key was deleted.';
const anyName = 'A key can be any text.';
const nothingLost = 'Concurrent writers all succeed after retries, and no write is lost.';

test('storeContract has these clauses', () => {
  expect(storeContract.map(({ sentence }) => sentence)).toEqual([
    readAgain,
    emptyAtFirst,
    rightRevision,
    allOrNone,
    newRevisions,
    anyName,
    nothingLost,
  ]);
});

const onceFor =
  (store: Store): OpenStore =>
  () =>
    store;

test.each(storeContract)('memoryStore obeys: $sentence', async ({ check }) => {
  await check(onceFor(memoryStore()));
});

test.each(storeContract)('an asynchronous store obeys: $sentence', async ({ check }) => {
  const { read, commit, revisions } = memoryStore();
  const slow: Store = {
    read: async (key) => read(key),
    commit: async (changes) => commit(changes),
    revisions: async () => revisions(),
  };
  await check(async () => slow);
});

/** The parts of a store. Tests replace one to make a faulty store. */
interface Parts {
  readonly entries: {
    get(key: string): Kept | undefined;
    set(key: string, kept: Kept): unknown;
    delete(key: string): unknown;
    keys(): Iterable<string>;
  };
  readonly isRight: (change: Write, revision: number) => boolean;
  readonly nextRevision: (revision: number) => number;
  readonly written: (data: unknown) => unknown;
}

const storeOf = (parts: Partial<Parts> = {}): Store => {
  const { entries, isRight, nextRevision, written }: Parts = {
    entries: new Map(),
    isRight: (change, revision) => change.revision === revision,
    nextRevision: countingFrom(1),
    written: (data) => data,
    ...parts,
  };
  return {
    read: (key) => entries.get(key),
    commit: (changes) => {
      if (!changes.every((change) => isRight(change, entries.get(change.key)?.revision ?? 0))) return false;
      for (const { key, revision, data } of changes) {
        const next = nextRevision(revision);
        if (data === undefined) entries.delete(key);
        else entries.set(key, { revision: next, data: written(data) });
      }
      return true;
    },
    revisions: () => new Map([...entries.keys()].map((key) => [key, entries.get(key)?.revision ?? 0])),
  };
};

const countingFrom = (first: number) => {
  let next = first;
  return () => next++;
};

/** Entries under renamed keys. */
const renamed = (rename: (key: string) => string): Parts['entries'] => {
  const entries = new Map<string, Kept>();
  return {
    get: (key) => entries.get(rename(key)),
    set: (key, kept) => entries.set(rename(key), kept),
    delete: (key) => entries.delete(rename(key)),
    keys: () => entries.keys(),
  };
};

const inPlainObject = (): Parts['entries'] => {
  const entries: Record<string, Kept> = {};
  return {
    get: (key) => entries[key],
    set: (key, kept) => {
      entries[key] = kept;
    },
    delete: (key) => delete entries[key],
    keys: () => Object.keys(entries),
  };
};

const rewritten =
  (rewrite: (json: string) => string) =>
  (data: unknown): unknown =>
    JSON.parse(rewrite(JSON.stringify(data)));

/** A sound store with some methods replaced. They can use a second store on the same entries that ignores revisions. */
const like = (otherwise: (sound: Store, blind: Store) => Partial<Store>): OpenStore => {
  const parts = { entries: new Map(), nextRevision: countingFrom(1) };
  const [sound, blind] = [storeOf(parts), storeOf({ ...parts, isRight: () => true })];
  return onceFor({ ...sound, ...otherwise(sound, blind) });
};

const faulty: readonly (readonly [does: string, make: () => OpenStore, breaks: readonly string[]])[] = [
  ['is correct', () => onceFor(storeOf()), []],
  [
    'accepts commits and keeps nothing',
    () => onceFor({ ...storeOf(), commit: () => true }),
    [readAgain, emptyAtFirst, rightRevision, allOrNone, newRevisions, anyName, nothingLost],
  ],
  [
    'never accepts a commit',
    () => onceFor({ ...storeOf(), commit: () => false }),
    [readAgain, emptyAtFirst, rightRevision, allOrNone, newRevisions, anyName, nothingLost],
  ],
  [
    'ignores revisions',
    () => onceFor(storeOf({ isRight: () => true })),
    [rightRevision, allOrNone, newRevisions, nothingLost],
  ],
  [
    'accepts 0 as any revision',
    () => onceFor(storeOf({ isRight: ({ revision }, is) => revision === 0 || revision === is })),
    [rightRevision, nothingLost],
  ],
  [
    'accepts a later revision',
    () => onceFor(storeOf({ isRight: ({ revision }, is) => revision >= is })),
    [rightRevision, allOrNone, newRevisions],
  ],
  [
    'accepts any revision of a missing key',
    () => onceFor(storeOf({ isRight: ({ revision }, is) => is === 0 || revision === is })),
    [rightRevision, allOrNone, newRevisions],
  ],
  [
    'deletes whatever revision is named',
    () => onceFor(storeOf({ isRight: ({ revision, data }, is) => data === undefined || revision === is })),
    [rightRevision],
  ],
  [
    'checks only the revision of the first write',
    () =>
      like((sound, blind) => ({
        commit: async (changes) => (await sound.commit(changes.slice(0, 1))) && blind.commit(changes.slice(1)),
      })),
    [allOrNone],
  ],
  [
    'applies the writes before a wrong one',
    () =>
      like((sound) => ({
        commit: async (changes) => {
          for (const change of changes) if (!(await sound.commit([change]))) return false;
          return true;
        },
      })),
    [allOrNone],
  ],
  [
    'applies only the first write',
    () => like(({ commit }) => ({ commit: (changes) => commit(changes.slice(0, 1)) })),
    [readAgain, allOrNone, anyName],
  ],
  [
    'refuses an empty commit',
    () => like(({ commit }) => ({ commit: (changes) => changes.length > 0 && commit(changes) })),
    [allOrNone],
  ],
  [
    'returns true for refused commits',
    () =>
      like(({ commit }) => ({
        commit: async (changes) => {
          await commit(changes);
          return true;
        },
      })),
    [rightRevision, allOrNone, newRevisions, nothingLost],
  ],
  [
    'counts the revisions of each key from 1',
    () => onceFor(storeOf({ nextRevision: (revision) => revision + 1 })),
    [newRevisions],
  ],
  [
    'counts revisions from 0',
    () => onceFor(storeOf({ nextRevision: countingFrom(0) })),
    [rightRevision, newRevisions, nothingLost],
  ],
  [
    'gives every write the same revision',
    () => onceFor(storeOf({ nextRevision: () => 1 })),
    [newRevisions, nothingLost],
  ],
  [
    'waits between the check and the write',
    () =>
      like((sound, blind) => ({
        commit: async (changes) => {
          for (const { key, revision } of changes) {
            if (((await sound.read(key))?.revision ?? 0) !== revision) return false;
          }
          return blind.commit(changes);
        },
      })),
    [nothingLost],
  ],
  ['is another store on each open', () => () => storeOf(), [readAgain, nothingLost]],
  [
    'lists no keys',
    () => like(() => ({ revisions: () => new Map() })),
    [emptyAtFirst, rightRevision, allOrNone, anyName],
  ],
  [
    'lists deleted keys',
    () => {
      const keys = new Set<string>();
      return like(({ commit, read }) => ({
        commit: async (changes) => {
          const isDone = await commit(changes);
          if (isDone) for (const { key } of changes) keys.add(key);
          return isDone;
        },
        revisions: async () =>
          new Map(await Promise.all([...keys].map(async (key) => [key, (await read(key))?.revision ?? 1] as const))),
      }));
    },
    [allOrNone],
  ],
  [
    'is not empty at first',
    () => {
      const store = storeOf();
      return async () => {
        await store.commit([{ key: 'schema', revision: 0, data: {} }]);
        return store;
      };
    },
    [emptyAtFirst, rightRevision, allOrNone, anyName],
  ],
  ['keeps its entries in a plain object', () => onceFor(storeOf({ entries: inPlainObject() })), [anyName]],
  ['normalizes é to é', () => onceFor(storeOf({ entries: renamed((key) => key.normalize()) })), [anyName]],
  ['trims a key', () => onceFor(storeOf({ entries: renamed((key) => key.trim()) })), [anyName]],
  ['unescapes a key', () => onceFor(storeOf({ entries: renamed(decodeURIComponent) })), [anyName]],
  ['shortens a key', () => onceFor(storeOf({ entries: renamed((key) => key.slice(0, 255)) })), [anyName]],
  [
    'shortens a large value',
    () => onceFor(storeOf({ written: rewritten((json) => json.replace(/x{9999,}/, (text) => text.slice(0, 9999))) })),
    [readAgain],
  ],
  [
    'loses a lone surrogate',
    () => onceFor(storeOf({ written: rewritten((json) => json.replace('\\ud800', '\uFFFD')) })),
    [readAgain, rightRevision, anyName],
  ],
  [
    'cuts text at NUL',
    () => onceFor(storeOf({ written: rewritten((json) => json.replace(/\\u0000[^"]*/, '')) })),
    [readAgain, rightRevision, anyName],
  ],
  [
    'loses backslashes',
    () => onceFor(storeOf({ written: rewritten((json) => json.replaceAll('\\\\', '')) })),
    [readAgain, rightRevision, anyName],
  ],
  [
    'keeps text in ASCII',
    () => onceFor(storeOf({ written: rewritten((json) => json.replaceAll('é', '?')) })),
    [readAgain, rightRevision, anyName],
  ],
];

const brokenBy = async (make: () => OpenStore): Promise<readonly string[]> => {
  const broken: string[] = [];
  for (const { sentence, check } of storeContract) await check(make()).catch(() => broken.push(sentence));
  return broken;
};

test.each(faulty)('storeContract finds exactly the broken clauses of a store that %s', async (_, make, breaks) => {
  expect(await brokenBy(make)).toEqual(breaks);
});

const readsOnceUntilItCommits = (): OpenStore => {
  const sound = storeOf();
  return () => {
    const seen = new Map<string, Kept | undefined>();
    return {
      ...sound,
      read: async (key) => {
        if (!seen.has(key)) seen.set(key, await sound.read(key));
        return seen.get(key);
      },
      commit: (changes) => {
        seen.clear();
        return sound.commit(changes);
      },
    };
  };
};

/** Keeps the first spelling of a key, and finds it in any case, as many databases and file systems do. */
const ignoresCase = (): OpenStore => {
  const entries = renamed((key) => key.toLowerCase());
  const spellings = new Map<string, string>();
  return onceFor(
    storeOf({
      entries: {
        ...entries,
        set: (key, kept) => {
          spellings.set(key.toLowerCase(), spellings.get(key.toLowerCase()) ?? key);
          entries.set(key, kept);
        },
        keys: () => [...entries.keys()].map((key) => spellings.get(key) ?? key),
      },
    }),
  );
};

test.each([
  ['caches reads until it commits', readsOnceUntilItCommits],
  ['ignores the case of keys', ignoresCase],
] as const)('storeContract reports a store that %s', async (_, make) => {
  expect(await brokenBy(make)).not.toEqual([]);
});

/** The error of a clause for a store, or for a sound store with some methods replaced. */
const whyOf = async (store: Partial<Store> | OpenStore, sentence: string): Promise<string> => {
  const { check } = storeContract.find((clause) => clause.sentence === sentence) ?? {};
  const open = typeof store === 'function' ? store : onceFor({ ...storeOf(), ...store });
  return `${await check?.(open, { timeout: 20 }).catch((error: unknown) => error)}`;
};
const never = () => new Promise<never>(() => {});

test.each(['read', 'commit', 'revisions'] as const)(
  'check fails with a TimeoutError if %s of the store never settles',
  async (method) => {
    expect(await whyOf({ [method]: never }, rightRevision)).toBe(
      `TimeoutError: The store's ${method} did not settle within the timeout of 20 ms. If it is only slow, pass a longer \`timeout\`.`,
    );
  },
);

test('check fails with a TimeoutError if the store never opens', async () => {
  const checks = storeContract.map(({ check }) => check(never, { timeout: 20 }).catch((error: unknown) => `${error}`));
  expect(new Set(await Promise.all(checks))).toEqual(
    new Set([
      'TimeoutError: The store did not open within the timeout of 20 ms. If it is only slow, pass a longer `timeout`.',
    ]),
  );
});

test.each([0, 0.5, 2 ** 31])('check refuses a timeout of %s', async (timeout) => {
  const checks = storeContract.map(({ check }) => check(onceFor(storeOf()), { timeout }));
  for (const outcome of await Promise.allSettled(checks)) {
    expect(outcome).toMatchObject({
      reason: new RangeError(`timeout must be a whole number of milliseconds from 1 to 2147483647; got ${timeout}.`),
    });
  }
});

const endless = {
  *keys() {
    for (;;) yield ['a', 1];
  },
};
const circle: { self?: unknown } = {};
circle.self = circle;

test.each<readonly [does: string, store: Partial<Store> | OpenStore, sentence: string, why: string]>([
  [
    'lists keys endlessly',
    // An adapter in JavaScript, without types, may return this.
    { revisions: Object(endless).keys },
    emptyAtFirst,
    'Error: The store returned an object from `revisions`, but must return a Map.',
  ],
  [
    'lists far more keys than it keeps',
    { revisions: () => new Map(Array.from({ length: 1001 }, (_, index) => [`${index}`, 1])) },
    emptyAtFirst,
    'Error: The store lists 1001 keys, far more than the check committed.',
  ],
  [
    'returns a number',
    { read: () => JSON.parse('7') },
    emptyAtFirst,
    'Error: The store returned 7 from `read`, but must return undefined or an object with revision and data.',
  ],
  [
    'returns a value that is not JSON',
    { read: () => ({ revision: 1, data: circle }) },
    readAgain,
    'Error: The store was asked for read("a"). It returned object, but must return undefined.',
  ],
  [
    'refuses every write',
    { commit: () => false },
    readAgain,
    'Error: The store was asked to create "a" and "b", which do not exist, at revision 0. It returned false, but must return true.',
  ],
  [
    'accepts every write',
    { commit: () => true, read: () => ({ revision: 3, data: 'x' }) },
    rightRevision,
    'Error: The store was asked to change "a" at revision 0, but its revision is 3. It returned true, but must return false.',
  ],
  [
    'refuses deletions',
    like(({ commit }) => ({
      commit: (changes) => changes.every(({ data }) => data !== undefined) && commit(changes),
    })),
    newRevisions,
    'Error: The store was asked to delete "a" at its revision 1. It returned false, but must return true.',
  ],
  [
    'deletes whatever revision is named',
    onceFor(storeOf({ isRight: ({ revision, data }, is) => data === undefined || revision === is })),
    rightRevision,
    'Error: The store was asked to delete "a" at revision 0, but its revision is 1. It returned true, but must return false.',
  ],
  [
    'keeps nothing',
    { commit: () => true },
    newRevisions,
    'Error: The store was asked for read("a") after a value was committed to it. It returned undefined.',
  ],
])('check says what was called and what was returned by a store that %s', async (_, store, sentence, why) => {
  expect(await whyOf(store, sentence)).toBe(why);
});

test('check gives up after 10,000 refused writes by each writer', async () => {
  let commits = 0;
  const commit = () => {
    commits++;
    return false;
  };
  expect(await whyOf({ commit }, nothingLost)).toBe(
    'Error: The store accepted 0 of 10000 writes of "a" at the revision that was just read, but must accept 20.',
  );
  expect(commits).toBeLessThanOrEqual(60_000);
});
