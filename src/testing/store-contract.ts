import type { Store } from '../emulator/index.ts';

/** Opens one and the same place each time that it is called, as another process would. */
export type OpenStore = () => Store | Promise<Store>;

/** Something that every store must do. */
export interface StoreClause {
  readonly sentence: string;
  /** Rejects with an error that says what the store did instead. `open` leads to a place that is empty at first. */
  readonly check: (open: OpenStore) => Promise<void>;
}

/**
 * What an emulator relies on in its store: each clause makes a test, in any runner, of any adapter. An adapter that keeps
 * nothing beyond the process gives `check` an `open` that answers with one store every time.
 *
 * @example
 * storeContract.map(({ sentence }) => sentence)[0]; // 'What is committed is read again, by whoever opens the store.'
 */
export const storeContract: readonly StoreClause[] = [
  {
    sentence: 'What is committed is read again, by whoever opens the store.',
    check: async (open) => {
      const store = await open();
      const other = await open();
      mustBe(await other.read('a'), undefined);
      must(
        await store.commit([
          { key: 'a', revision: 0, data: small },
          { key: 'b', revision: 0, data: large },
        ]),
        'refused',
      );
      for (const reader of [store, other]) {
        mustBe((await reader.read('a'))?.data, small);
        mustBe((await reader.read('b'))?.data, large);
      }
    },
  },
  {
    sentence: 'Nothing is kept under a key that nobody committed, and what is kept is listed with its revision.',
    check: async (open) => {
      const store = await open();
      mustBe(await store.read('a'), undefined);
      mustBe([...(await store.revisions())], []);
      for (let revision = 0, round = 0; round < 2; round++) {
        await store.commit([{ key: 'a', revision, data: small }]);
        ({ revision } = mustKeep(await store.read('a')));
        mustBe([...(await store.revisions())], [['a', revision]]);
      }
    },
  },
  {
    sentence: 'A change that names a revision which is not so changes nothing.',
    check: async (open) => {
      const store = await open();
      await store.commit([{ key: 'a', revision: 0, data: small }]);
      const { revision } = mustKeep(await store.read('a'));
      for (const wrong of [0, revision + 1]) {
        must(!(await store.commit([{ key: 'a', revision: wrong, data: large }])), `took revision ${wrong}`);
      }
      must(!(await store.commit([{ key: 'b', revision, data: large }])), 'took a revision of a key that is not there');
      must(!(await store.commit([{ key: 'a', revision: 0, data: undefined }])), 'deleted by a wrong revision');
      mustBe((await store.read('a'))?.data, small);
      mustBe([...(await store.revisions()).keys()], ['a']);
    },
  },
  {
    sentence: 'Several changes are made all together, or none of them.',
    check: async (open) => {
      const store = await open();
      await store.commit([{ key: 'a', revision: 0, data: small }]);
      const { revision } = mustKeep(await store.read('a'));
      const onlyLastIsWrong = [
        { key: 'b', revision: 0, data: small },
        { key: 'a', revision, data: undefined },
        { key: 'c', revision: 1, data: small },
      ];
      must(!(await store.commit(onlyLastIsWrong)), 'took changes of which one was wrong');
      mustBe([...(await store.revisions()).keys()], ['a']);
      mustBe((await store.read('a'))?.revision, revision);
      must(await store.commit(onlyLastIsWrong.slice(0, 2)), 'refused changes that were right');
      mustBe([...(await store.revisions()).keys()], ['b']);
      must(await store.commit([]), 'refused no changes at all');
      const nothing = [{ key: 'nobody', revision: 0, data: undefined }];
      must(await store.commit(nothing), 'refused to delete what is not there');
      mustBe([...(await store.revisions()).keys()], ['b']);
    },
  },
  {
    sentence: 'A revision is never given again, also not to a key that was deleted in between.',
    check: async (open) => {
      const store = await open();
      const seen = new Set<number>();
      for (let round = 0; round < 5; round++) {
        await store.commit([{ key: 'a', revision: 0, data: small }]);
        const { revision } = mustKeep(await store.read('a'));
        must(revision > 0, 'gave a revision that is not above 0');
        must(!seen.has(revision), `gave revision ${revision} twice`);
        seen.add(revision);
        must(await store.commit([{ key: 'a', revision, data: undefined }]), 'refused to delete');
        must(!(await store.commit([{ key: 'a', revision, data: small }])), 'took the revision of what was deleted');
        mustBe(await store.read('a'), undefined);
      }
    },
  },
  {
    sentence: 'A key may have any name.',
    check: async (open) => {
      const store = await open();
      const keys = [
        '__proto__',
        'constructor',
        '',
        ' ',
        'a',
        'A',
        '["p","db"]',
        'é',
        'e\u0301',
        '%2F',
        'a'.repeat(500),
      ];
      must(await store.commit(keys.map((key) => ({ key, revision: 0, data: small }))), 'refused');
      mustBe([...(await store.revisions()).keys()].sort(), [...keys].sort());
      for (const key of keys) mustBe((await store.read(key))?.data, small);
    },
  },
  {
    sentence: 'Of many who change what they read, one after another succeeds, and no change is lost.',
    check: async (open) => {
      const stores = [await open(), await open(), await open()];
      const count = async (store: Store, times: number) => {
        let done = 0;
        for (let tries = 0; done < times; tries++) {
          must(tries < 10_000, 'took none of 10,000 tries to change what was read');
          const kept = await store.read('a');
          const data = Number(kept?.data ?? 0) + 1;
          if (await store.commit([{ key: 'a', revision: kept?.revision ?? 0, data }])) done++;
        }
      };
      await Promise.all(stores.flatMap((store) => [count(store, 20), count(store, 20)]));
      for (const store of stores) mustBe((await store.read('a'))?.data, 120);
    },
  },
];

/** What JSON can hold, with what has been lost on the way to a disk before. */
const small = { text: '\uD800"\\\u0000\n', list: [1.5, true, null, {}], ['__proto__']: { deep: 'é' } };
const large = 'x'.repeat(700_000);

const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(`The store ${what}.`);
};

const mustBe = (found: unknown, expected: unknown): void => {
  const [left, right] = [found, expected].map((value) => JSON.stringify(value)?.slice(0, 300));
  must(JSON.stringify(found) === JSON.stringify(expected), `has ${left} where it should have ${right}`);
};

const mustKeep = <Entry>(entry: Entry | undefined): Entry => {
  if (entry === undefined) throw new Error('The store has nothing where something was committed.');
  return entry;
};
