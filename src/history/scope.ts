import { entryOf, fieldOf } from '../json.ts';
import { keysOf } from './json-patch.ts';

/** The versions that the paths of a patch name. */
export interface Scope {
  readonly ids: readonly string[];
  readonly isAll: boolean;
}

/**
 * The scope of a patch. A patch that moves or copies all versions at once has no scope: no recorded patch does, and
 * reading it would visit all versions.
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

/** The versions with these ids. */
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
