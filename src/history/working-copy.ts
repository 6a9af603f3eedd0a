import { deepest, isObject } from '../json.ts';
import { longestShifted, operationRules } from './limits.ts';

/**
 * A document that is edited without changing the original. Each object and list is copied when it is first edited, and
 * edited in place from then on. The cost of an edit depends on its path, not on the size of the document.
 */
export interface WorkingCopy {
  document: unknown;
  /** The objects and lists made here. Each is in one place of the document, and in no value from outside. */
  readonly owned: Set<unknown>;
  /** How many more values {@link copyOf} can make. */
  room: number;
}

/** The result of a path that does not exist. */
export const nowhere: unique symbol = Symbol('nowhere');

export function startCopy(document: unknown, room: number): WorkingCopy {
  return { document, owned: new Set(), room };
}

/** The value at a path, for reading only. */
export function valueAt({ document }: WorkingCopy, keys: readonly string[]): unknown {
  return keys.length > deepest ? nowhere : keys.reduce(childOf, document);
}

/** Adds a value at a path. In a list, it is inserted before the element at that index. */
export function insert(copy: WorkingCopy, keys: readonly string[], value: unknown): string | undefined {
  const key = keys.at(-1);
  if (key === undefined) {
    copy.document = value;
    return undefined;
  }
  const parent = parentOf(copy, keys);
  if (isObject(parent)) return put(parent, key, value);
  if (!Array.isArray(parent)) return operationRules.place;
  if (key === '-' || key === `${parent.length}`) parent.push(value);
  else if (!isIndex(key, parent.length)) return operationRules.place;
  else if (parent.length > longestShifted) return operationRules.shift;
  else parent.splice(Number(key), 0, value);
  return undefined;
}

/** Replaces the value at a path. */
export function replace(copy: WorkingCopy, keys: readonly string[], value: unknown): string | undefined {
  const key = keys.at(-1);
  if (key === undefined) return insert(copy, keys, value);
  const parent = parentOf(copy, keys);
  if (childOf(parent, key) === nowhere) return operationRules.place;
  return put(Object(parent), key, value);
}

export function remove(copy: WorkingCopy, keys: readonly string[]): string | undefined {
  const key = keys.at(-1) ?? '';
  const parent = parentOf(copy, keys);
  if (childOf(parent, key) === nowhere) return operationRules.place;
  if (!Array.isArray(parent)) {
    delete Object(parent)[key];
    return undefined;
  }
  const isLast = Number(key) === parent.length - 1;
  if (!isLast && parent.length > longestShifted) return operationRules.shift;
  parent.splice(Number(key), 1);
  return undefined;
}

/** A deep copy, so that editing it does not change the original. Undefined if it exceeds the room. */
export function copyOf(copy: WorkingCopy, value: unknown): { readonly value: unknown } | undefined {
  const root = { value };
  const parents: object[] = [root];
  for (const parent of parents) {
    const keys = Object.keys(parent);
    copy.room -= keys.length;
    if (copy.room < 0) return undefined;
    for (const key of keys) {
      const own = shallowCopy(Reflect.get(parent, key));
      if (own === undefined) continue;
      copy.owned.add(own);
      put(parent, key, own);
      parents.push(own);
    }
  }
  return root;
}

/** The parent of the value at a path, ready to be edited. */
function parentOf(copy: WorkingCopy, keys: readonly string[]): unknown {
  if (keys.length === 0 || keys.length > deepest) return nowhere;
  let parent = own(copy, copy.document);
  copy.document = parent;
  for (const key of keys.slice(0, -1)) {
    const child = childOf(parent, key);
    if (child === nowhere) return nowhere;
    const owned = own(copy, child);
    if (owned !== child) put(Object(parent), key, owned);
    parent = owned;
  }
  return parent;
}

/** Finds only own properties, so `__proto__` and `constructor` are ordinary keys. */
function childOf(parent: unknown, key: string): unknown {
  if (Array.isArray(parent)) return isIndex(key, parent.length) ? parent[Number(key)] : nowhere;
  return isObject(parent) && Object.hasOwn(parent, key) ? parent[key] : nowhere;
}

function isIndex(key: string, length: number): boolean {
  return /^(0|[1-9]\d*)$/.test(key) && Number(key) < length;
}

function own(copy: WorkingCopy, value: unknown): unknown {
  if (copy.owned.has(value)) return value;
  const owned = shallowCopy(value);
  if (owned === undefined) return value;
  copy.owned.add(owned);
  return owned;
}

function shallowCopy(value: unknown): object | undefined {
  if (Array.isArray(value)) return [...value];
  return isObject(value) ? { ...value } : undefined;
}

/** Defines the property, because an assignment would lose the key `__proto__`. */
function put(parent: object, key: string, value: unknown): undefined {
  Object.defineProperty(parent, key, { value, writable: true, enumerable: true, configurable: true });
}
