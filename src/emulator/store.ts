/**
 * Where an emulator stores its data: JSON under keys, changed by compare-and-swap. A write names the revision that was read. If two
 * writers read the same revision, only one can commit, in one process or in many. A store does not interpret the data: the emulator
 * checks it when it reads it.
 *
 * To test a store of your own, use `storeContract` of `secret-stages/testing`.
 */
export interface Store<Data = unknown> {
  /** Returns what is stored under a key, or undefined. */
  read(key: string): Kept<Data> | undefined | Promise<Kept<Data> | undefined>;
  /** Makes all changes, or none. Returns false if one of the revisions is outdated. A durable store returns after the changes are durable. */
  commit(changes: readonly Write<Data>[]): boolean | Promise<boolean>;
  /** Returns the revision of every key, in any order, as a `Map`. */
  revisions(): ReadonlyMap<string, number> | Promise<ReadonlyMap<string, number>>;
}

/** The data under a key, with its revision. */
export interface Kept<Data = unknown> {
  /** A whole number from 1. Every change of the key gets a new one. It is never reused, even after the key is deleted. */
  readonly revision: number;
  /** The stored JSON. */
  readonly data: Data;
}

/** A change of one key in a commit. */
export interface Write<Data = unknown> {
  /** Any text. */
  readonly key: string;
  /** The revision that the key must have; 0 if the key must not exist. */
  readonly revision: number;
  /** The new data; undefined deletes the key. */
  readonly data: Data | undefined;
}

/** A store in memory, lost when the process ends. It is synchronous. */
export interface MemoryStore<Data = unknown> extends Store<Data> {
  read(key: string): Kept<Data> | undefined;
  commit(changes: readonly Write<Data>[]): boolean;
  revisions(): ReadonlyMap<string, number>;
}

/**
 * Creates an empty {@link MemoryStore}.
 *
 * @example
 * const store = memoryStore();
 * store.commit([{ key: 'a', revision: 0, data: 'first' }]); // true
 * store.read('a'); // { revision: 1, data: 'first' }
 */
export function memoryStore<Data = unknown>(): MemoryStore<Data> {
  const entries = new Map<string, Kept<Data>>();
  let lastRevision = 0;
  return {
    read: (key) => entries.get(key),
    commit: (changes) => {
      if (changes.some(({ key, revision }) => (entries.get(key)?.revision ?? 0) !== revision)) return false;
      for (const { key, data } of changes) {
        lastRevision++;
        if (data === undefined) entries.delete(key);
        else entries.set(key, { revision: lastRevision, data });
      }
      return true;
    },
    revisions: () => new Map([...entries].map(([key, { revision }]) => [key, revision])),
  };
}
