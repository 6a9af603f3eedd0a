import { isObject } from '../json.ts';
import { invalidValue, type Refusal, refuse } from '../refusal.ts';
import { asText } from '../text.ts';

/**
 * A change of a document as JSON Patch (RFC 6902). What this library gives has the operations add, remove and replace; it
 * takes all of them.
 */
export type JsonPatch = readonly JsonPatchOperation[];

/** One step of a {@link JsonPatch}, as RFC 6902 has it. */
export type JsonPatchOperation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move' | 'copy'; readonly from: string; readonly path: string };

export type Patched =
  | { readonly ok: true; readonly document: unknown }
  | { readonly ok: false; readonly refusal: Refusal<'INVALID_VALUE'> };

/**
 * What a patch from anywhere makes of a document, which stays as it is. Our own code and no library's, for the patches come
 * from the network and the keys are names that strangers chose: of the libraries that were tried (rfc6902, immer's
 * `applyPatches`, immutable-json-patch), each walks into prototypes, loses a key `__proto__`, or takes a place that is
 * missing for one to leave alone. Parts are shared and never copied, so a patch cannot make a document outgrow it.
 */
export function patched(document: unknown, patch: unknown): Patched {
  if (!Array.isArray(patch)) return refuse(invalidValue('patch', typeof patch, 'a list of operations (RFC 6902)'));
  let next = document;
  for (const [index, operation] of patch.entries()) {
    const mustBe = (rule: string) => refuse(invalidValue(`patch[${index}]`, nameOf(operation), rule));
    if (!isOperation(operation)) return mustBe('an operation of RFC 6902');
    next = applied(next, operation);
    if (next !== nowhere) continue;
    return mustBe(operation.op === 'test' ? 'a test that holds' : 'an operation on a place that is there');
  }
  return { ok: true, document: next };
}

/** What an operation is about. Never its value: that could be a secret's, put where its version belongs. */
const nameOf = (operation: unknown): string =>
  isObject(operation) ? `${asText(operation['op'])} ${asText(operation['path'])}` : typeof operation;

const isOperation = (value: unknown): value is JsonPatchOperation => {
  if (!isObject(value) || !isPointer(value['path'])) return false;
  if (value['op'] === 'remove') return true;
  if (value['op'] === 'move' || value['op'] === 'copy') return isPointer(value['from']);
  return ['add', 'replace', 'test'].includes(asText(value['op'])) && Object.hasOwn(value, 'value');
};

const isPointer = (value: unknown): value is string => typeof value === 'string' && /^(\/([^~/]|~[01])*)*$/.test(value);

export function pointerTo(keys: readonly (string | number)[]): string {
  return keys.map((key) => `/${`${key}`.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

const keysOf = (pointer: string): readonly string[] => {
  const [, ...keys] = pointer.split('/');
  return keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
};

/** What an operation leads to that cannot be done. */
const nowhere = Symbol('nowhere');

/** A secret is three deep. Whoever goes deeper than this is up to something, like to exhaust the stack. */
const deepest = 100;

const applied = (document: unknown, operation: JsonPatchOperation): unknown => {
  const keys = keysOf(operation.path);
  switch (operation.op) {
    case 'remove':
      return edit(document, keys, nowhere, replace);
    case 'test':
      return isEqual(valueAt(document, keys), operation.value) ? document : nowhere;
    case 'move':
    case 'copy': {
      const from = keysOf(operation.from);
      const rest = operation.op === 'move' ? edit(document, from, nowhere, replace) : document;
      return edit(rest, keys, valueAt(document, from), add);
    }
    default:
      return edit(document, keys, operation.value, operation.op === 'add' ? add : replace);
  }
};

const valueAt = (document: unknown, keys: readonly string[]): unknown =>
  keys.slice(0, deepest).reduce(childOf, document);

/** Only what is its own: a path through `__proto__` or `constructor` leads to what has that name, or nowhere. */
const childOf = (parent: unknown, key: string): unknown => {
  if (Array.isArray(parent)) return isIndex(key, parent.length) ? parent[Number(key)] : nowhere;
  return isObject(parent) && Object.hasOwn(parent, key) ? parent[key] : nowhere;
};

const isIndex = (key: string, length: number): boolean => /^(0|[1-9]\d*)$/.test(key) && Number(key) < length;

type Write = (parent: unknown, key: string, value: unknown) => unknown;

/** The document with something written at the end of a path: copies of what lies on the path, and all else as it was. */
const edit = (node: unknown, keys: readonly string[], value: unknown, write: Write): unknown => {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (rest.length === 0) return write(node, key, value);
  const child = rest.length < deepest ? edit(childOf(node, key), rest, value, write) : nowhere;
  return child === nowhere ? nowhere : replace(node, key, child);
};

const add: Write = (parent, key, value) => {
  if (value === nowhere) return nowhere;
  if (!Array.isArray(parent)) return isObject(parent) ? { ...parent, [key]: value } : nowhere;
  if (key !== '-' && !isIndex(key, parent.length + 1)) return nowhere;
  const index = key === '-' ? parent.length : Number(key);
  return [...parent.slice(0, index), value, ...parent.slice(index)];
};

/** To replace by nothing is to remove. */
const replace: Write = (parent, key, value) => {
  if (childOf(parent, key) === nowhere) return nowhere;
  const values = value === nowhere ? [] : [value];
  if (Array.isArray(parent)) {
    const index = Number(key);
    return [...parent.slice(0, index), ...values, ...parent.slice(index + 1)];
  }
  const entries = Object.entries(Object(parent));
  return Object.fromEntries(
    entries.flatMap(([other, old]) => (other === key ? values.map((value) => [key, value]) : [[other, old]])),
  );
};

const isEqual = (one: unknown, other: unknown, depth = 0): boolean => {
  if (one === other) return true;
  if (depth > deepest) return false;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((element, index) => isEqual(element, other[index], depth + 1));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const keys = Object.keys(one);
  const isSame = (key: string) => Object.hasOwn(other, key) && isEqual(one[key], other[key], depth + 1);
  return keys.length === Object.keys(other).length && keys.every(isSame);
};
