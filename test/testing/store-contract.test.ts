import { expect, test } from 'vitest';
import { type Kept, memoryStore, type Store, type Write } from '../../src/emulator/index.ts';
import { type OpenStore, storeContract } from '../../src/testing/index.ts';

const readAgain = 'What is committed is read again, by whoever opens the store.';
const emptyAtFirst = 'Nothing is kept under a key that nobody committed, and what is kept is listed with its revision.';
const rightRevision = 'A change that names a revision which is not so changes nothing.';
const allOrNone = 'Several changes are made all together, or none of them.';
const newRevisions = 'A revision is never given again, also not to a key that was deleted in between.';
const anyName = 'A key may have any name.';
const nothingLost = 'Of many who change what they read, one after another succeeds, and no change is lost.';

test('the contract has these clauses', () => {
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

test.each(storeContract)('The store in memory: $sentence', async ({ check }) => {
  await check(onceFor(memoryStore()));
});

test.each(storeContract)('A store that takes its time: $sentence', async ({ check }) => {
  const { read, commit, revisions } = memoryStore();
  const slow: Store = {
    read: async (key) => read(key),
    commit: async (changes) => commit(changes),
    revisions: async () => revisions(),
  };
  await check(async () => slow);
});

/** What a store is made of. It is sound if its parts are. */
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

/** Entries under other names than they were given. */
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

/** A sound store with some of it done otherwise, perhaps by means of a blind one, which changes the same without looking. */
const like = (otherwise: (sound: Store, blind: Store) => Partial<Store>): OpenStore => {
  const parts = { entries: new Map(), nextRevision: countingFrom(1) };
  const [sound, blind] = [storeOf(parts), storeOf({ ...parts, isRight: () => true })];
  return onceFor({ ...sound, ...otherwise(sound, blind) });
};

const faulty: readonly (readonly [does: string, make: () => OpenStore, breaks: readonly string[]])[] = [
  ['does nothing wrong', () => onceFor(storeOf()), []],
  [
    'says yes and keeps nothing',
    () => onceFor({ ...storeOf(), commit: () => true }),
    [readAgain, emptyAtFirst, rightRevision, allOrNone, newRevisions, anyName, nothingLost],
  ],
  [
    'never says yes',
    () => onceFor({ ...storeOf(), commit: () => false }),
    [readAgain, emptyAtFirst, rightRevision, allOrNone, newRevisions, anyName, nothingLost],
  ],
  [
    'looks at no revision',
    () => onceFor(storeOf({ isRight: () => true })),
    [rightRevision, allOrNone, newRevisions, nothingLost],
  ],
  [
    'takes 0 for any revision',
    () => onceFor(storeOf({ isRight: ({ revision }, is) => revision === 0 || revision === is })),
    [rightRevision, nothingLost],
  ],
  [
    'takes a revision that is to come',
    () => onceFor(storeOf({ isRight: ({ revision }, is) => revision >= is })),
    [rightRevision, allOrNone, newRevisions],
  ],
  [
    'takes any revision of what is not there',
    () => onceFor(storeOf({ isRight: ({ revision }, is) => is === 0 || revision === is })),
    [rightRevision, allOrNone, newRevisions],
  ],
  [
    'deletes whatever revision is named',
    () => onceFor(storeOf({ isRight: ({ revision, data }, is) => data === undefined || revision === is })),
    [rightRevision],
  ],
  [
    'looks at the revision of the first change alone',
    () =>
      like((sound, blind) => ({
        commit: async (changes) => (await sound.commit(changes.slice(0, 1))) && blind.commit(changes.slice(1)),
      })),
    [allOrNone],
  ],
  [
    'makes the changes before a wrong one',
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
    'makes the first change alone',
    () => like(({ commit }) => ({ commit: (changes) => commit(changes.slice(0, 1)) })),
    [readAgain, allOrNone, anyName],
  ],
  [
    'refuses to change nothing',
    () => like(({ commit }) => ({ commit: (changes) => changes.length > 0 && commit(changes) })),
    [allOrNone],
  ],
  [
    'says yes to all',
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
    'counts from 0',
    () => onceFor(storeOf({ nextRevision: countingFrom(0) })),
    [rightRevision, newRevisions, nothingLost],
  ],
  [
    'gives every change the same revision',
    () => onceFor(storeOf({ nextRevision: () => 1 })),
    [newRevisions, nothingLost],
  ],
  [
    'waits between looking and changing',
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
  ['is another one for whoever opens it', () => () => storeOf(), [readAgain, nothingLost]],
  [
    'knows no keys',
    () => like(() => ({ revisions: () => new Map() })),
    [emptyAtFirst, rightRevision, allOrNone, anyName],
  ],
  [
    'keeps the keys of what was deleted',
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
    'has something from the start',
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
  ['takes é for é', () => onceFor(storeOf({ entries: renamed((key) => key.normalize()) })), [anyName]],
  ['trims a key', () => onceFor(storeOf({ entries: renamed((key) => key.trim()) })), [anyName]],
  ['unescapes a key', () => onceFor(storeOf({ entries: renamed(decodeURIComponent) })), [anyName]],
  ['shortens a key', () => onceFor(storeOf({ entries: renamed((key) => key.slice(0, 255)) })), [anyName]],
  [
    'shortens a large value',
    () => onceFor(storeOf({ written: rewritten((json) => json.replace(/x{9999,}/, (text) => text.slice(0, 9999))) })),
    [readAgain],
  ],
  [
    'loses half of a surrogate pair',
    () => onceFor(storeOf({ written: rewritten((json) => json.replace('\\ud800', '\uFFFD')) })),
    [readAgain, rightRevision, anyName],
  ],
  [
    'ends a text at its NUL',
    () => onceFor(storeOf({ written: rewritten((json) => json.replace(/\\u0000[^"]*/, '')) })),
    [readAgain, rightRevision, anyName],
  ],
  [
    'loses what is escaped',
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

test.each(faulty)('A store that %s breaks these clauses', async (_, make, breaks) => {
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

/** Keeps a key as it is written first, and finds it however it is written, as many databases and file systems do. */
const takesCapitalsForSmallLetters = (): OpenStore => {
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
  ['reads once until it commits', readsOnceUntilItCommits],
  ['takes capitals for small letters', takesCapitalsForSmallLetters],
] as const)('A store that %s breaks a clause', async (_, make) => {
  expect(await brokenBy(make)).not.toEqual([]);
});

/** What a clause says of a store, or of a sound one with some of it done otherwise. */
const whyOf = async (store: Partial<Store> | OpenStore, sentence: string): Promise<string> => {
  const { check } = storeContract.find((clause) => clause.sentence === sentence) ?? {};
  const open = typeof store === 'function' ? store : onceFor({ ...storeOf(), ...store });
  return `${await check?.(open, { timeout: 20 }).catch((error: unknown) => error)}`;
};
const never = () => new Promise<never>(() => {});

test.each(['read', 'commit', 'revisions'] as const)(
  'A check fails with a TimeoutError for a store whose %s never settles',
  async (method) => {
    expect(await whyOf({ [method]: never }, rightRevision)).toBe(
      `TimeoutError: The store's ${method} did not settle within 20 ms, the timeout. If it is only slow, set a longer \`timeout\`.`,
    );
  },
);

test('Every check fails with a TimeoutError for a store that never opens', async () => {
  const checks = storeContract.map(({ check }) => check(never, { timeout: 20 }).catch((error: unknown) => `${error}`));
  expect(new Set(await Promise.all(checks))).toEqual(
    new Set([
      'TimeoutError: The store did not open within 20 ms, the timeout. If it is only slow, set a longer `timeout`.',
    ]),
  );
});

test.each([0, 0.5, 2 ** 31])('A timeout of %s is refused', async (timeout) => {
  const checks = storeContract.map(({ check }) => check(onceFor(storeOf()), { timeout }));
  for (const outcome of await Promise.allSettled(checks)) {
    expect(outcome).toMatchObject({
      reason: new RangeError(`timeout must be a whole number of milliseconds from 1 to 2147483647, not ${timeout}.`),
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
    'lists its keys without an end',
    // As an adapter in JavaScript may answer, which has no types.
    { revisions: Object(endless).keys },
    emptyAtFirst,
    'Error: The store has as its revisions an object, not a Map.',
  ],
  [
    'lists far more keys than it keeps',
    { revisions: () => new Map(Array.from({ length: 1001 }, (_, index) => [`${index}`, 1])) },
    emptyAtFirst,
    'Error: The store lists 1001 keys, far more than were committed.',
  ],
  [
    'reads a number',
    { read: () => JSON.parse('7') },
    emptyAtFirst,
    'Error: The store reads 7, not undefined or an object with revision and data.',
  ],
  [
    'reads invalid JSON',
    { read: () => ({ revision: 1, data: circle }) },
    readAgain,
    'Error: The store was asked for read("a"). It gave object, and must give undefined.',
  ],
  [
    'refuses every change',
    { commit: () => false },
    readAgain,
    'Error: The store was asked to create "a" and "b", which do not exist, at revision 0. It answered false, and must answer true.',
  ],
  [
    'makes every change',
    { commit: () => true, read: () => ({ revision: 3, data: 'x' }) },
    rightRevision,
    'Error: The store was asked to change "a" at revision 0, and its revision is 3. It answered true, and must answer false.',
  ],
  [
    'makes no deletion',
    like(({ commit }) => ({
      commit: (changes) => changes.every(({ data }) => data !== undefined) && commit(changes),
    })),
    newRevisions,
    'Error: The store was asked to delete "a" at its revision 1. It answered false, and must answer true.',
  ],
  [
    'deletes whatever revision is named',
    onceFor(storeOf({ isRight: ({ revision, data }, is) => data === undefined || revision === is })),
    rightRevision,
    'Error: The store was asked to delete "a" at revision 0, and its revision is 1. It answered true, and must answer false.',
  ],
  [
    'keeps nothing',
    { commit: () => true },
    newRevisions,
    'Error: The store was asked for read("a") after a value was committed to it. It gave undefined.',
  ],
])('The error says what was asked of a store that %s, and what came', async (_, store, sentence, why) => {
  expect(await whyOf(store, sentence)).toBe(why);
});

test('A store that takes no change is asked 10,000 times by each who changes', async () => {
  let commits = 0;
  const commit = () => {
    commits++;
    return false;
  };
  expect(await whyOf({ commit }, nothingLost)).toBe(
    'Error: The store made 0 of 10000 changes of "a" at the revision that was just read, and must make 20.',
  );
  expect(commits).toBeLessThanOrEqual(60_000);
});
