import { enablePatches, freeze, type Patch, produce, produceWithPatches } from 'immer';
import { applyPatch as applyTo } from 'rfc6902';
import * as v from 'valibot';
import type { Dialect } from '../dialect.ts';
import { csms } from '../dialects/huawei-csms.ts';
import { frozenCopy, isObject, parseSecretState } from '../parse.ts';
import { type Outcome, refuseValue } from '../refusal.ts';
import type { SecretState } from '../state.ts';
import { redraft } from './redraft.ts';

enablePatches();

const path = v.pipe(v.string(), v.regex(/^(\/|$)/));
const change = v.strictObject({ op: v.picklist(['add', 'replace']), path, value: v.unknown() });
const removal = v.strictObject({ op: v.literal('remove'), path });
const transfer = v.strictObject({ op: v.picklist(['move', 'copy']), path, from: path });
const test = v.strictObject({ op: v.literal('test'), path, value: v.unknown() });
const anyPatch = v.array(v.variant('op', [change, removal, transfer, test]));

/** The schema of the patches that are our own. */
export const ownPatch: v.GenericSchema<JsonPatch> = v.array(v.variant('op', [change, removal]));

/** A change of a document as JSON Patch (RFC 6902): what this library gives has the operations add, remove and replace. */
export type JsonPatch = readonly (Addition | Removal)[];

interface Addition {
  readonly op: 'add' | 'replace';
  readonly path: string;
  readonly value: unknown;
}

interface Removal {
  readonly op: 'remove';
  readonly path: string;
}

export interface Patches {
  readonly forwards: JsonPatch;
  readonly backwards: JsonPatch;
}

/** What differs between two states of a secret, as patches both ways. */
export const patchesBetween = (before: SecretState, after: SecretState): Patches => {
  const [, forwards, backwards] = produceWithPatches(before, (draft) => redraft(draft, before, after));
  return { forwards: toJsonPatch(forwards), backwards: toJsonPatch(backwards) };
};

/** Makes any state of a secret, and also `{}`, this one: in JSON Patch, to add a field that is there is to replace it. */
export const wholeOf = (state: SecretState): JsonPatch =>
  Object.entries(state).map(([field, value]) => ({ op: 'add', path: pointer([field]), value }));

const toJsonPatch = (patches: readonly Patch[]): JsonPatch => {
  const standard = patches.map(({ op, path, value }) =>
    op === 'remove' ? { op, path: pointer(path) } : { op, path: pointer(path), value },
  );
  return freeze(standard, true);
};

const pointer = (keys: readonly (string | number)[]): string =>
  keys.map((key) => `/${`${key}`.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const keysOf = (path: string): readonly string[] =>
  path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));

/** The state that a patch of our own leads to. */
export const follow = (state: SecretState, patch: JsonPatch): SecretState => frozenCopy(followUnchecked(state, patch));

/**
 * What a patch of the operations that are our own leads to, whatever that is. immer's `applyPatches` would copy the values,
 * and lose a version `__proto__`.
 */
export const followUnchecked = (state: SecretState, patch: JsonPatch): SecretState =>
  produce(state, (draft) => {
    for (const operation of patch) perform(draft, operation);
  });

const perform = (document: unknown, operation: JsonPatch[number]): void => {
  const keys = keysOf(operation.path);
  const key = keys.at(-1) ?? '';
  const parent = keys.slice(0, -1).reduce(childOf, document);
  const isRemoval = operation.op === 'remove';
  if (Array.isArray(parent)) {
    parent.splice(Number(key), operation.op === 'add' ? 0 : 1, ...(isRemoval ? [] : [operation.value]));
  } else if (isObject(parent)) {
    if (isRemoval) delete parent[key];
    else parent[key] = operation.value;
  }
};

// Only what is its own: a path through `__proto__` must lead nowhere.
const childOf = (parent: unknown, key: string): unknown =>
  isContainer(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined;

const isContainer = (value: unknown): value is Record<string, unknown> => Array.isArray(value) || isObject(value);

/**
 * Applies a patch from anywhere, of any operation of RFC 6902, and reads the result with the care of `parseSecretState`. A
 * replica that starts from `{}` or an old state follows a secret by what {@link since} gives.
 *
 * Refused: what is no patch, or cannot be done (INVALID_VALUE with the place in it, and nothing is half done); what leads to
 * no secret, or to one that breaks a law (INVALID_STATE).
 *
 * @example
 * const db = createSecret({ name: 'db', at: 0 });
 * const outcome = applyPatch(db, [{ op: 'replace', path: '/status', value: 'DISABLED' }]);
 * outcome.ok && outcome.state.status; // 'DISABLED'
 */
export const applyPatch = (
  document: object,
  patch: unknown,
  dialect: Dialect = csms,
): Outcome<'INVALID_VALUE' | 'INVALID_STATE'> => {
  const parsed = v.safeParse(anyPatch, patch);
  if (!parsed.success) {
    const [{ expected, input, path = [] }] = parsed.issues;
    const where = path.map(({ key }) => `[${JSON.stringify(key)}]`).join('');
    return { ok: false, refusal: refuseValue(`patch${where}`, input, `${expected} (RFC 6902)`) };
  }
  const copy: unknown = JSON.parse(JSON.stringify(document));
  for (const [index, operation] of parsed.output.entries()) {
    const [error] = applyTo(copy, [operation]);
    if (error)
      return {
        ok: false,
        refusal: refuseValue(`patch[${index}]`, operation.path, `a place where it can: ${error.message}`),
      };
  }
  return parseSecretState(copy, dialect);
};
