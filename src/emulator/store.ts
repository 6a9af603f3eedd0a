/**
 * Where an emulator keeps what it knows: JSON data under keys, changed by compare-and-swap. Whoever changes a key names the
 * revision that was read, so that of two who read the same only one can change it, in one process or in many. What the data
 * means is the emulator's business, which checks it when it is read.
 *
 * An adapter of one's own is held to this by `storeContract` of `secret-stages/testing`.
 */
export interface Store<Data = unknown> {
  /** What is kept under a key, or undefined. */
  read(key: string): Kept<Data> | undefined | Promise<Kept<Data> | undefined>;
  /** Makes all of the changes, durably where the store is durable, or none: false if one of the revisions is no longer so. */
  commit(changes: readonly Write<Data>[]): boolean | Promise<boolean>;
  /** The revision of every key that something is kept under, in any order. It must be a `Map`. */
  revisions(): ReadonlyMap<string, number> | Promise<ReadonlyMap<string, number>>;
}

/** What a store keeps under a key. */
export interface Kept<Data = unknown> {
  /** Another one after every change of the key, never given again, also not after it was deleted. From 1. */
  readonly revision: number;
  readonly data: Data;
}

/** What becomes of one key in a commit. */
export interface Write<Data = unknown> {
  readonly key: string;
  /** The revision that the key must have; 0 if nothing may be kept under it. */
  readonly revision: number;
  /** Undefined deletes. */
  readonly data: Data | undefined;
}

/** A store in memory, gone with the process. It answers at once. */
export interface MemoryStore<Data = unknown> extends Store<Data> {
  read(key: string): Kept<Data> | undefined;
  commit(changes: readonly Write<Data>[]): boolean;
  revisions(): ReadonlyMap<string, number>;
}

/** A new {@link MemoryStore}, empty. */
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
