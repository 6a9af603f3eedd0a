import { deepest, isObject, isSameJson } from '../json.ts';
import { invalidHidden, type Refusal, refuse } from '../refusal.ts';
import { asText, hiddenText, quote } from '../text.ts';
import { mostCopied, operationRules } from './limits.ts';
import { copyOf, insert, nowhere, remove, replace, startCopy, valueAt, type WorkingCopy } from './working-copy.ts';

/**
 * A change of a document as JSON Patch (RFC 6902). Patches from this library have the operations add, remove and
 * replace. Patches to this library can have all operations.
 */
export type JsonPatch = readonly JsonPatchOperation[];

/** An operation of a {@link JsonPatch}, as in RFC 6902. */
export type JsonPatchOperation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move' | 'copy'; readonly from: string; readonly path: string };

export type Patched =
  | { readonly ok: true; readonly document: unknown }
  | { readonly ok: false; readonly refusal: Refusal<'INVALID_VALUE'> };

/**
 * Applies an untrusted patch to a copy of a document. The document does not change.
 *
 * No library does this, because patches come from the network and anyone can choose the keys. Each library that was
 * tried (rfc6902, immer's `applyPatches`, immutable-json-patch) follows prototypes, loses the key `__proto__`, or
 * ignores operations on missing paths.
 *
 * The work is linear in the document and the patch. Limits: paths of 100 keys, 1,000,000 values created by `copy`
 * (`room`), and lists of 10,000 elements where an operation shifts the elements after it.
 */
export function patched(document: unknown, patch: unknown, room: number = mostCopied): Patched {
  if (!Array.isArray(patch)) return refuse(invalidHidden('patch', patch, 'a list of operations (RFC 6902)'));
  const copy = startCopy(document, room);
  const refusal = applyTo(copy, patch);
  return refusal ? refuse(refusal) : { ok: true, document: copy.document };
}

/** Applies a patch to a working copy. If it is refused, part of it may be applied. */
export function applyTo(copy: WorkingCopy, patch: readonly unknown[]): Refusal<'INVALID_VALUE'> | undefined {
  for (const [index, operation] of patch.entries()) {
    const broken = isOperation(operation) ? brokenBy(copy, operation) : 'an operation of RFC 6902';
    if (broken) return { code: 'INVALID_VALUE', field: `patch[${index}]`, rule: broken, found: nameOf(operation) };
  }
  return undefined;
}

export function pointerTo(keys: readonly (string | number)[]): string {
  return keys.map((key) => `/${`${key}`.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The keys of a path, at most one more than {@link deepest}. */
export function keysOf(pointer: string): readonly string[] {
  const [, ...keys] = pointer.split('/', deepest + 2);
  return keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** An operation in words, without its value, which could be the value of a secret. */
function nameOf(operation: unknown): string {
  return isObject(operation) ? quote(`${asText(operation['op'])} ${asText(operation['path'])}`) : hiddenText(operation);
}

function isOperation(value: unknown): value is JsonPatchOperation {
  if (!isObject(value) || !isPointer(value['path'])) return false;
  if (value['op'] === 'remove') return true;
  if (value['op'] === 'move' || value['op'] === 'copy') return isPointer(value['from']);
  return ['add', 'replace', 'test'].includes(asText(value['op'])) && Object.hasOwn(value, 'value');
}

function isPointer(value: unknown): value is string {
  return typeof value === 'string' && (value === '' || value.startsWith('/')) && !/~(?![01])/.test(value);
}

/** Does an operation. Returns the rule that it breaks if it cannot be done. */
function brokenBy(copy: WorkingCopy, operation: JsonPatchOperation): string | undefined {
  const keys = keysOf(operation.path);
  switch (operation.op) {
    case 'add':
      return insert(copy, keys, operation.value);
    case 'replace':
      return replace(copy, keys, operation.value);
    case 'remove':
      return remove(copy, keys);
    case 'test':
      return isSameJson(valueAt(copy, keys), operation.value) ? undefined : operationRules.test;
    case 'move': {
      const from = keysOf(operation.from);
      const value = valueAt(copy, from);
      if (value === nowhere || operation.path.startsWith(`${operation.from}/`)) return operationRules.place;
      return operation.from === operation.path ? undefined : (remove(copy, from) ?? insert(copy, keys, value));
    }
    case 'copy': {
      const original = valueAt(copy, keysOf(operation.from));
      if (original === nowhere) return operationRules.place;
      const made = copyOf(copy, original);
      return made ? insert(copy, keys, made.value) : operationRules.copy;
    }
  }
}
