import type { Kept, Store, Write } from '../emulator/index.ts';
import { isObject } from '../json.ts';
import { asText, foundText, quote } from '../text.ts';
import { checkTimeout, within } from './within.ts';

/** Opens the same place each time that it is called, as another process would. */
export type OpenStore = () => Store | Promise<Store>;

/** Something that every store must do. */
export interface StoreClause {
  readonly sentence: string;
  /**
   * Rejects with an error that says what the store did instead. `open` leads to a place that is empty at first. Each answer of the
   * store may take `timeout` milliseconds; if omitted, 10 seconds. A store that lists more than 1,000 keys is refused.
   */
  readonly check: (open: OpenStore, options?: { readonly timeout?: number | undefined }) => Promise<void>;
}

/**
 * What an emulator relies on in its store: each clause makes a test, in any runner, of any adapter. An adapter that keeps
 * nothing beyond the process gives `check` an `open` that answers with one store every time.
 *
 * @example
 * storeContract.map(({ sentence }) => sentence)[0]; // 'What is committed is read again, by whoever opens the store.'
 */
export const storeContract: readonly StoreClause[] = [
  clause('What is committed is read again, by whoever opens the store.', async (store, open) => {
    const other = await open();
    mustBe('read("a")', await other.read('a'), undefined);
    const creations = [creation('a', small), creation('b', large)];
    await mustCommit(store, creations, 'create "a" and "b", which do not exist, at revision 0');
    for (const reader of [store, other]) {
      for (const { key, data } of creations) await mustHave(reader, key, data);
    }
  }),
  clause(
    'Nothing is kept under a key that nobody committed, and what is kept is listed with its revision.',
    async (store) => {
      mustBe('read("a")', await store.read('a'), undefined);
      mustBe('revisions()', [...(await store.revisions())], []);
      for (let revision = 0, round = 0; round < 2; round++) {
        await store.commit([{ key: 'a', revision, data: small }]);
        revision = await revisionOfA(store);
        mustBe('revisions()', [...(await store.revisions())], [['a', revision]]);
      }
    },
  ),
  clause('A change that names a revision which is not so changes nothing.', async (store) => {
    await store.commit([creation('a', small)]);
    const revision = await revisionOfA(store);
    for (const wrong of [0, revision + 1]) {
      const asked = `change "a" at revision ${wrong}, and its revision is ${revision}`;
      await mustRefuse(store, [{ key: 'a', revision: wrong, data: large }], asked);
    }
    const created = `create "b", which does not exist, at revision ${revision} instead of 0`;
    await mustRefuse(store, [{ key: 'b', revision, data: large }], created);
    await mustRefuse(store, [creation('a', undefined)], `delete "a" at revision 0, and its revision is ${revision}`);
    await mustHave(store, 'a', small);
    await mustHaveKeys(store, ['a']);
  }),
  clause('Several changes are made all together, or none of them.', async (store) => {
    await store.commit([creation('a', small)]);
    const revision = await revisionOfA(store);
    const changes = [creation('b', small), { key: 'a', revision, data: undefined }];
    const wrong = { key: 'c', revision: 1, data: small };
    await mustRefuse(store, [...changes, wrong], 'make three changes of which the last names a wrong revision');
    await mustHaveKeys(store, ['a']);
    mustBe('read("a").revision', (await store.read('a'))?.revision, revision);
    await mustCommit(store, changes, 'make two changes at the right revisions');
    await mustHaveKeys(store, ['b']);
    await mustCommit(store, [], 'make no change');
    await mustCommit(store, [creation('missing', undefined)], 'delete "missing", which does not exist, at revision 0');
    await mustHaveKeys(store, ['b']);
  }),
  clause('A revision is never given again, also not to a key that was deleted in between.', async (store) => {
    const seen = new Set<number>();
    for (let round = 0; round < 5; round++) {
      await store.commit([creation('a', small)]);
      const revision = await revisionOfA(store);
      must(revision > 0, `gave "a" revision ${revision}, and a revision must be above 0`);
      must(!seen.has(revision), `gave "a" revision ${revision} again after it was deleted, and must give a new one`);
      seen.add(revision);
      await mustCommit(store, [{ key: 'a', revision, data: undefined }], `delete "a" at its revision ${revision}`);
      const asked = `create "a" at revision ${revision}, which it had before it was deleted`;
      await mustRefuse(store, [{ key: 'a', revision, data: small }], asked);
      mustBe('read("a")', await store.read('a'), undefined);
    }
  }),
  clause('A key may have any name.', async (store) => {
    const odd = ['__proto__', 'constructor', '', ' ', '["p","db"]', '%2F', 'a'.repeat(500)];
    const keys = [...odd, 'a', 'A', 'é', 'e\u0301'];
    const creations = keys.map((key) => creation(key, small));
    await mustCommit(store, creations, `create ${keys.length} keys with unusual names`);
    await mustHaveKeys(store, keys.sort());
    for (const key of keys) await mustHave(store, key, small);
  }),
  clause(
    'Of many who change what they read, one after another succeeds, and no change is lost.',
    async (first, open) => {
      const stores = [first, await open(), await open()];
      const count = async (store: AskedStore, times: number) => {
        let done = 0;
        for (let tries = 0; done < times; tries++) {
          must(
            tries < mostTries,
            `made ${done} of ${mostTries} changes of "a" at the revision that was just read, and must make ${times}`,
          );
          const kept = await store.read('a');
          const data = Number(kept?.data ?? 0) + 1;
          if (await store.commit([{ key: 'a', revision: kept?.revision ?? 0, data }])) done++;
        }
      };
      await Promise.all(stores.flatMap((store) => [count(store, 20), count(store, 20)]));
      for (const store of stores) await mustHave(store, 'a', 120);
    },
  ),
];

/** A clause about a store that is empty at first. */
function clause(sentence: string, holds: (store: AskedStore, open: () => Promise<AskedStore>) => Promise<void>) {
  const check: StoreClause['check'] = async (open, { timeout = 10_000 } = {}) => {
    checkTimeout(timeout);
    const openAsked = async () => asked(await within(timeout, 'The store did not open', async () => open()), timeout);
    return holds(await openAsked(), openAsked);
  };
  return { sentence, check };
}

/** A store each of whose answers came in time, and is one that a store may give. */
interface AskedStore {
  readonly read: (key: string) => Promise<Kept | undefined>;
  readonly commit: (changes: readonly Write[]) => Promise<boolean>;
  readonly revisions: () => Promise<ReadonlyMap<string, number>>;
}

const asked = (store: Store, timeout: number): AskedStore => {
  const ask = <Answer>(method: keyof Store, work: () => Promise<Answer>): Promise<Answer> =>
    within(timeout, `The store's ${method} did not settle`, work);
  return {
    read: async (key) => {
      const kept = await ask('read', async () => store.read(key));
      must(
        kept === undefined || isObject(kept),
        `reads ${foundText(kept)}, not undefined or an object with revision and data`,
      );
      return kept;
    },
    commit: (changes) => ask('commit', async () => store.commit(changes)),
    revisions: async () => {
      const revisions = await ask('revisions', async () => store.revisions());
      must(revisions instanceof Map, `has as its revisions ${foundText(revisions)}, not a Map`);
      must(revisions.size <= mostKeys, `lists ${revisions.size} keys, far more than were committed`);
      return revisions;
    },
  };
};

/** How often one of those who change the same key may try: some 80 times as often as it must. */
const mostTries = 10_000;

/** How many keys a store may list: far more than a clause commits. */
const mostKeys = 1000;

/** What JSON can hold, with what has been lost on the way to a disk before. */
const small = { text: '\uD800"\\\u0000\n', list: [1.5, true, null, {}], ['__proto__']: { deep: 'é' } };
const large = 'x'.repeat(700_000);

const creation = (key: string, data: unknown) => ({ key, revision: 0, data });

const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(`The store ${what}.`);
};

/** The changes must be made. `asked` says what they are. */
const mustCommit = async (store: AskedStore, changes: readonly Write[], asked: string): Promise<void> => {
  const answer = await store.commit(changes);
  must(answer, `was asked to ${asked}. It answered ${foundText(answer)}, and must answer true`);
};

/** The changes must be refused. `asked` says what they are. */
const mustRefuse = async (store: AskedStore, changes: readonly Write[], asked: string): Promise<void> => {
  const answer = await store.commit(changes);
  must(!answer, `was asked to ${asked}. It answered ${foundText(answer)}, and must answer false`);
};

const mustBe = (asked: string, found: unknown, expected: unknown): void => {
  const [left, right] = [found, expected].map(jsonOf);
  must(left === right, `was asked for ${asked}. It gave ${left?.slice(0, 300)}, and must give ${right?.slice(0, 300)}`);
};

const mustHave = async (store: AskedStore, key: string, data: unknown): Promise<void> =>
  mustBe(`read(${quote(key)}).data`, (await store.read(key))?.data, data);

/** A value as JSON. If it cannot be written as JSON, for example because it is cyclic, its type. */
const jsonOf = (value: unknown): string | undefined => {
  try {
    return JSON.stringify(value);
  } catch {
    return asText(value);
  }
};

const mustHaveKeys = async (store: AskedStore, keys: readonly string[]): Promise<void> =>
  mustBe('revisions().keys()', [...(await store.revisions()).keys()].sort(), keys);

const revisionOfA = async (store: AskedStore): Promise<number> => {
  const entry = await store.read('a');
  if (entry === undefined)
    throw new Error('The store was asked for read("a") after a value was committed to it. It gave undefined.');
  return entry.revision;
};
