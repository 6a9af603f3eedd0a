import { entryOf, fieldOf } from '../json.ts';
import { keysOf } from './json-patch.ts';

/** Which versions the paths of a patch name. */
export interface Scope {
  readonly ids: readonly string[];
  readonly isAll: boolean;
}

/**
 * The scope of a patch. One about all versions carries them all, or leads nowhere; so one that would move them all, and carry
 * none, has no scope. It leads nowhere new, and would make a reader visit all versions.
 */
export function scopeOf(patch: readonly unknown[]): Scope | undefined {
  const ids: string[] = [];
  let isAll = false;
  for (const operation of patch) {
    for (const field of ['from', 'path']) {
      const pointer = fieldOf(operation, field);
      const [first = 'versions', id] = typeof pointer === 'string' ? keysOf(pointer) : [''];
      if (first !== 'versions') continue;
      if (id !== undefined) ids.push(id);
      else if (field === 'from') return undefined;
      else isAll = true;
    }
  }
  return { ids, isAll };
}

/** Those of the versions that have one of the ids. */
export function versionsOf<Version>(
  versions: Readonly<Record<string, Version>>,
  ids: readonly string[],
): Readonly<Record<string, Version>> {
  const found = new Map<string, Version>();
  for (const id of ids) {
    const version = entryOf(versions, id);
    if (version !== undefined) found.set(id, version);
  }
  return Object.fromEntries(found);
}
