import type { Directory } from './perform.ts';
import type { Secret } from './world.ts';

/**
 * Where an emulator keeps what it knows: plain JSON data under keys, changed by compare-and-swap. Whoever changes a key names
 * the revision that was read, so that of two who read the same only one can change it, in one process or in many.
 *
 * An adapter of one's own is held to this by `storeContract` of `secret-stages/testing`.
 */
export interface Store {
  /** What is kept under a key, or undefined. */
  read(key: string): Kept | undefined | Promise<Kept | undefined>;
  /** Makes all of the changes, durably where the store is durable, or none: false if one of the revisions is no longer so. */
  commit(changes: readonly Change[]): boolean | Promise<boolean>;
  /** All keys that something is kept under, in any order. */
  keys(): readonly string[] | Promise<readonly string[]>;
}

export interface Kept {
  /** Another one after every change of the key, never given again, also not after it was deleted. From 1. */
  readonly revision: number;
  readonly data: Data;
}

/** A secret of a project, or the directory of its secrets: plain JSON data. */
export type Data =
  | { readonly project: string; readonly secret: Secret }
  | { readonly project: string; readonly directory: Directory };

export interface Change {
  readonly key: string;
  /** The revision that the key must have; 0 if nothing may be kept under it. */
  readonly revision: number;
  /** Undefined deletes. */
  readonly data: Data | undefined;
}

/** A store in memory, gone with the process. It answers at once. */
export interface MemoryStore extends Store {
  read(key: string): Kept | undefined;
  commit(changes: readonly Change[]): boolean;
  keys(): readonly string[];
}

export const memoryStore = (): MemoryStore => {
  const entries = new Map<string, Kept>();
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
    keys: () => [...entries.keys()],
  };
};
