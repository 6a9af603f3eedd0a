import type { Kept, Store, Write } from '../emulator/index.ts';
import { isObject } from '../json.ts';
import { asText, foundText } from '../text.ts';
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
    mustBe(await other.read('a'), undefined);
    const creations = [creation('a', small), creation('b', large)];
    must(await store.commit(creations), 'refused');
    for (const reader of [store, other]) {
      for (const { key, data } of creations) mustBe((await reader.read(key))?.data, data);
    }
  }),
  clause(
    'Nothing is kept under a key that nobody committed, and what is kept is listed with its revision.',
    async (store) => {
      mustBe(await store.read('a'), undefined);
      mustBe([...(await store.revisions())], []);
      for (let revision = 0, round = 0; round < 2; round++) {
        await store.commit([{ key: 'a', revision, data: small }]);
        revision = await revisionOfA(store);
        mustBe([...(await store.revisions())], [['a', revision]]);
      }
    },
  ),
  clause('A change that names a revision which is not so changes nothing.', async (store) => {
    await store.commit([creation('a', small)]);
    const revision = await revisionOfA(store);
    for (const wrong of [0, revision + 1])
      must(!(await store.commit([{ key: 'a', revision: wrong, data: large }])), `took revision ${wrong}`);
    must(!(await store.commit([{ key: 'b', revision, data: large }])), 'took a revision of a key that is not there');
    must(!(await store.commit([creation('a', undefined)])), 'deleted by a wrong revision');
    mustBe((await store.read('a'))?.data, small);
    await mustHaveKeys(store, ['a']);
  }),
  clause('Several changes are made all together, or none of them.', async (store) => {
    await store.commit([creation('a', small)]);
    const revision = await revisionOfA(store);
    const changes = [creation('b', small), { key: 'a', revision, data: undefined }];
    const wrong = { key: 'c', revision: 1, data: small };
    must(!(await store.commit([...changes, wrong])), 'took changes of which one was wrong');
    await mustHaveKeys(store, ['a']);
    mustBe((await store.read('a'))?.revision, revision);
    must(await store.commit(changes), 'refused changes that were right');
    await mustHaveKeys(store, ['b']);
    must(await store.commit([]), 'refused no changes at all');
    must(await store.commit([creation('nobody', undefined)]), 'refused to delete what is not there');
    await mustHaveKeys(store, ['b']);
  }),
  clause('A revision is never given again, also not to a key that was deleted in between.', async (store) => {
    const seen = new Set<number>();
    for (let round = 0; round < 5; round++) {
      await store.commit([creation('a', small)]);
      const revision = await revisionOfA(store);
      must(revision > 0, 'gave a revision that is not above 0');
      must(!seen.has(revision), `gave revision ${revision} twice`);
      seen.add(revision);
      must(await store.commit([{ key: 'a', revision, data: undefined }]), 'refused to delete');
      must(!(await store.commit([{ key: 'a', revision, data: small }])), 'took the revision of what was deleted');
      mustBe(await store.read('a'), undefined);
    }
  }),
  clause('A key may have any name.', async (store) => {
    const odd = ['__proto__', 'constructor', '', ' ', '["p","db"]', '%2F', 'a'.repeat(500)];
    const keys = [...odd, 'a', 'A', 'é', 'e\u0301'];
    must(await store.commit(keys.map((key) => creation(key, small))), 'refused');
    await mustHaveKeys(store, keys.sort());
    for (const key of keys) mustBe((await store.read(key))?.data, small);
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
            `took ${done} of ${mostTries} tries to change what was read, and should take ${times}`,
          );
          const kept = await store.read('a');
          const data = Number(kept?.data ?? 0) + 1;
          if (await store.commit([{ key: 'a', revision: kept?.revision ?? 0, data }])) done++;
        }
      };
      await Promise.all(stores.flatMap((store) => [count(store, 20), count(store, 20)]));
      for (const store of stores) mustBe((await store.read('a'))?.data, 120);
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

const mustBe = (found: unknown, expected: unknown): void => {
  const [left, right] = [found, expected].map(jsonOf);
  must(left === right, `has ${left?.slice(0, 300)} where it should have ${right?.slice(0, 300)}`);
};

/** A value as JSON or, where it is none, such as a circle, its kind. */
const jsonOf = (value: unknown): string | undefined => {
  try {
    return JSON.stringify(value);
  } catch {
    return asText(value);
  }
};

const mustHaveKeys = async (store: AskedStore, keys: readonly string[]): Promise<void> =>
  mustBe([...(await store.revisions()).keys()].sort(), keys);

const revisionOfA = async (store: AskedStore): Promise<number> => {
  const entry = await store.read('a');
  if (entry === undefined) throw new Error('The store has nothing where something was committed.');
  return entry.revision;
};
