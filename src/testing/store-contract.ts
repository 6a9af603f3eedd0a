import type { Kept, Store, Write } from '../emulator/index.ts';
import { isObject } from '../json.ts';
import { asText, foundText, quote } from '../text.ts';
import { checkTimeout, within } from './within.ts';

/** Opens the same place on each call, as another process would. */
export type OpenStore = () => Store | Promise<Store>;

/** A rule that every store must obey. */
export interface StoreClause {
  /** The rule, in a sentence. */
  readonly sentence: string;
  /**
   * Checks a store. Rejects with an error that says what the store did instead. `open` must open a place that is empty at first.
   * `timeout` is the time limit of each call of the store, in milliseconds; if omitted, 10 seconds. A store that lists more than
   * 1,000 keys fails.
   */
  readonly check: (open: OpenStore, options?: { readonly timeout?: number | undefined }) => Promise<void>;
}

/**
 * The contract that an emulator requires of its store. Run each clause as a test of your adapter, in any test runner. For an adapter
 * that keeps data only in the process, pass an `open` that always returns the same store.
 *
 * @example
 * storeContract.map(({ sentence }) => sentence)[0]; // 'Committed data can be read by every process that opens the store.'
 */
export const storeContract: readonly StoreClause[] = [
  clause('Committed data can be read by every process that opens the store.', async (store, open) => {
    const other = await open();
    mustBe('read("a")', await other.read('a'), undefined);
    const creations = [creation('a', small), creation('b', large)];
    await mustCommit(store, creations, 'create "a" and "b", which do not exist, at revision 0');
    for (const reader of [store, other]) {
      for (const { key, data } of creations) await mustHave(reader, key, data);
    }
  }),
  clause(
    'A key that was never committed has no data. Committed keys are listed with their revisions.',
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
  clause('A write that names a wrong revision changes nothing.', async (store) => {
    await store.commit([creation('a', small)]);
    const revision = await revisionOfA(store);
    for (const wrong of [0, revision + 1]) {
      const asked = `change "a" at revision ${wrong}, but its revision is ${revision}`;
      await mustRefuse(store, [{ key: 'a', revision: wrong, data: large }], asked);
    }
    const created = `create "b", which does not exist, at revision ${revision} instead of 0`;
    await mustRefuse(store, [{ key: 'b', revision, data: large }], created);
    await mustRefuse(store, [creation('a', undefined)], `delete "a" at revision 0, but its revision is ${revision}`);
    await mustHave(store, 'a', small);
    await mustHaveKeys(store, ['a']);
  }),
  clause('The writes of a commit are applied together, or none of them.', async (store) => {
    await store.commit([creation('a', small)]);
    const revision = await revisionOfA(store);
    const changes = [creation('b', small), { key: 'a', revision, data: undefined }];
    const wrong = { key: 'c', revision: 1, data: small };
    await mustRefuse(store, [...changes, wrong], 'commit three writes, the last of which names a wrong revision');
    await mustHaveKeys(store, ['a']);
    mustBe('read("a").revision', (await store.read('a'))?.revision, revision);
    await mustCommit(store, changes, 'commit two writes at the right revisions');
    await mustHaveKeys(store, ['b']);
    await mustCommit(store, [], 'commit no writes');
    await mustCommit(store, [creation('missing', undefined)], 'delete "missing", which does not exist, at revision 0');
    await mustHaveKeys(store, ['b']);
  }),
  clause('A revision is never issued again for a key, even if the key was deleted.', async (store) => {
    const seen = new Set<number>();
    for (let round = 0; round < 5; round++) {
      await store.commit([creation('a', small)]);
      const revision = await revisionOfA(store);
      must(revision > 0, `gave "a" revision ${revision}, but a revision must be above 0`);
      must(!seen.has(revision), `gave "a" revision ${revision} again after it was deleted, but must give a new one`);
      seen.add(revision);
      await mustCommit(store, [{ key: 'a', revision, data: undefined }], `delete "a" at its revision ${revision}`);
      const asked = `create "a" at revision ${revision}, which it had before it was deleted`;
      await mustRefuse(store, [{ key: 'a', revision, data: small }], asked);
      mustBe('read("a")', await store.read('a'), undefined);
    }
  }),
  clause('A key can be any text.', async (store) => {
    const odd = ['__proto__', 'constructor', '', ' ', '["p","db"]', '%2F', 'a'.repeat(500)];
    const keys = [...odd, 'a', 'A', 'é', 'e\u0301'];
    const creations = keys.map((key) => creation(key, small));
    await mustCommit(store, creations, `create ${keys.length} keys with unusual names`);
    await mustHaveKeys(store, keys.sort());
    for (const key of keys) await mustHave(store, key, small);
  }),
  clause('Concurrent writers all succeed after retries, and no write is lost.', async (first, open) => {
    const stores = [first, await open(), await open()];
    const count = async (store: AskedStore, times: number) => {
      let done = 0;
      for (let tries = 0; done < times; tries++) {
        must(
          tries < mostTries,
          `accepted ${done} of ${mostTries} writes of "a" at the revision that was just read, but must accept ${times}`,
        );
        const kept = await store.read('a');
        const data = Number(kept?.data ?? 0) + 1;
        if (await store.commit([{ key: 'a', revision: kept?.revision ?? 0, data }])) done++;
      }
    };
    await Promise.all(stores.flatMap((store) => [count(store, 20), count(store, 20)]));
    for (const store of stores) await mustHave(store, 'a', 120);
  }),
];

/** Makes a clause about a store that is empty at first. */
function clause(sentence: string, holds: (store: AskedStore, open: () => Promise<AskedStore>) => Promise<void>) {
  const check: StoreClause['check'] = async (open, { timeout = 10_000 } = {}) => {
    checkTimeout(timeout);
    const openAsked = async () => asked(await within(timeout, 'The store did not open', async () => open()), timeout);
    return holds(await openAsked(), openAsked);
  };
  return { sentence, check };
}

/** A store whose results are checked: in time, and of the right type. */
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
        `returned ${foundText(kept)} from \`read\`, but must return undefined or an object with revision and data`,
      );
      return kept;
    },
    commit: (changes) => ask('commit', async () => store.commit(changes)),
    revisions: async () => {
      const revisions = await ask('revisions', async () => store.revisions());
      must(revisions instanceof Map, `returned ${foundText(revisions)} from \`revisions\`, but must return a Map`);
      must(revisions.size <= mostKeys, `lists ${revisions.size} keys, far more than the check committed`);
      return revisions;
    },
  };
};

/** How often each concurrent writer may try: about 80 times as often as it must. */
const mostTries = 10_000;

/** The limit of the keys that a store lists: far more than a clause commits. */
const mostKeys = 1000;

/** Values that JSON can hold, and that stores have lost before. */
const small = { text: '\uD800"\\\u0000\n', list: [1.5, true, null, {}], ['__proto__']: { deep: 'é' } };
const large = 'x'.repeat(700_000);

const creation = (key: string, data: unknown) => ({ key, revision: 0, data });

const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(`The store ${what}.`);
};

/** Commits writes that must be accepted. `asked` describes them. */
const mustCommit = async (store: AskedStore, changes: readonly Write[], asked: string): Promise<void> => {
  const answer = await store.commit(changes);
  must(answer, `was asked to ${asked}. It returned ${foundText(answer)}, but must return true`);
};

/** Commits writes that must be refused. `asked` describes them. */
const mustRefuse = async (store: AskedStore, changes: readonly Write[], asked: string): Promise<void> => {
  const answer = await store.commit(changes);
  must(!answer, `was asked to ${asked}. It returned ${foundText(answer)}, but must return false`);
};

const mustBe = (asked: string, found: unknown, expected: unknown): void => {
  const [left, right] = [found, expected].map(jsonOf);
  must(
    left === right,
    `was asked for ${asked}. It returned ${left?.slice(0, 300)}, but must return ${right?.slice(0, 300)}`,
  );
};

const mustHave = async (store: AskedStore, key: string, data: unknown): Promise<void> =>
  mustBe(`read(${quote(key)}).data`, (await store.read(key))?.data, data);

/** A value as JSON, or its type if it cannot be written as JSON, for example because it is cyclic. */
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
    throw new Error('The store was asked for read("a") after a value was committed to it. It returned undefined.');
  return entry.revision;
};
