import {
  type Dialect,
  fits,
  isOffered,
  isWithoutValue,
  type Pattern,
  patternRule,
  settableStatuses,
  withoutValueRule,
} from './dialects/index.ts';
import { entryOf, isObject } from './json.ts';
import { fingerprintRule, isFingerprint, isTime, mostListed, timeRule } from './limits.ts';
import { nearest } from './nearest.ts';
import type { ActionRequests, CreateSecret, SecretAction } from './operations/index.ts';
import { invalidHidden, invalidValue, type Refusal, refuse } from './refusal.ts';
import { is, list, oneOf, optional, orNull, type Shape, whole } from './shape.ts';
import { asText, cut, hiddenText, quote } from './text.ts';

/** What {@link parseAction} returns: the action, or why the data is not one. */
export type ParsedAction =
  | { readonly ok: true; readonly action: SecretAction }
  | { readonly ok: false; readonly refusal: Refusal<ParseActionCode> };

/** Why {@link parseAction} may refuse. */
export type ParseActionCode = 'INVALID_VALUE' | 'UNKNOWN_ACTION' | 'ACTION_NOT_OFFERED';

/**
 * Reads an action from untrusted data: a file, a queue, a request. The action that it returns is a frozen copy. Unlike
 * `reduce`, which ignores unknown fields, this refuses them and suggests the field that was probably meant.
 *
 * If `dialect` is given, it must support the action, and names must be valid in it. If omitted, only the types of the
 * fields are checked, and `reduce` checks the names.
 *
 * Refuses, in this order: the input is not an object, or has no `type` (INVALID_VALUE); the type is unknown
 * (UNKNOWN_ACTION); the dialect does not support the action (ACTION_NOT_OFFERED); a field is unknown, missing or
 * invalid (INVALID_VALUE).
 *
 * @example
 * const parsed = parseAction({ type: 'assignStage', stage: 'canary', versionId: 'v1', at: 1000 });
 * parsed.ok && parsed.action.type; // 'assignStage'
 * const typo = parseAction({ type: 'createVersion', stage: ['canary'], at: 1000 });
 * typo.ok || explain(typo.refusal); // '"stage" must be omitted, because createVersion has no such field (did you mean stages?).'
 */
export function parseAction(input: unknown, dialect?: Dialect): ParsedAction {
  const { createSecret: _, ...actions } = fieldsOf(dialect);
  const typed = readType(actions, input);
  if (!typed.ok) return typed;
  if (dialect && !isOffered(typed.type, dialect))
    return refuse({ code: 'ACTION_NOT_OFFERED', action: typed.type, dialect: dialect.title });
  const parsed = readFields(typed);
  return parsed.ok ? { ok: true, action: parsed.action as SecretAction } : parsed;
}

/** The creation of a secret as an action. There is no state before it, so `reduce` does not take it. */
export type Creation = { readonly type: 'createSecret' } & CreateSecret;

/** Reads an action like {@link parseAction}, or the creation of a secret. */
export function parseActionOrCreation(
  input: unknown,
): { readonly ok: true; readonly action: SecretAction | Creation } | Refused<'INVALID_VALUE' | 'UNKNOWN_ACTION'> {
  const typed = readType(fieldsOf(undefined), input);
  if (!typed.ok) return typed;
  const parsed = readFields(typed);
  return parsed.ok ? { ok: true, action: parsed.action as SecretAction | Creation } : parsed;
}

/** A copy of an action without unknown fields, which could hold the value of the secret. */
export function bareAction<Action extends SecretAction>(action: Action): Action {
  const fields = isObject(action) && entryOf<Fields>(fieldsOf(undefined), asText(action.type));
  return fields ? (picked(fields, copiedLists(action)) as Action) : action;
}

type Requests = ActionRequests & { createSecret: CreateSecret };
type Fields = Readonly<Record<string, Shape>>;

/** What the fields of each action must be. If a dialect is given, names must also be valid in it. */
function fieldsOf(dialect: Dialect | undefined): {
  readonly [Type in keyof Requests]: { readonly [Field in keyof Requests[Type]]-?: Shape };
} {
  const text = is('a string', (value) => typeof value === 'string');
  const named = (pattern: Pattern | undefined) =>
    pattern === undefined ? text : is(patternRule(pattern), (value) => fits(value, pattern));
  const at = is(timeRule, isTime);
  const stage = named(dialect?.stages.name);
  const versionId = named(dialect?.versions.id);
  const fingerprint = is(`omitted, or ${fingerprintRule}`, isFingerprint, hiddenText);
  const { least = 1, most } = dialect?.secret.deletionDays ?? {};
  const versions = dialect?.versions ?? { mayAwaitValue: true };
  const statuses = dialect ? settableStatuses(dialect.secret) : (['ENABLED', 'DISABLED', 'FROZEN'] as const);
  return {
    createSecret: { name: named(dialect?.secret.name), at, versionId: optional(orNull(versionId)), fingerprint },
    createVersion: {
      at,
      versionId: optional(versionId),
      stages: optional(list(stage, mostListed)),
      fingerprint,
      withoutValue: is(withoutValueRule(versions), (value) => isWithoutValue(value, versions)),
    },
    assignStage: { stage, versionId, at, from: optional(orNull(versionId)) },
    removeStage: { stage, at, from: optional(versionId) },
    pruneDeprecated: { keep: optional(whole(0)), createdBefore: optional(at) },
    scheduleDeletion: { at, recoveryWindowInDays: optional(whole(least, most)) },
    restore: { at },
    setStatus: { status: oneOf(...statuses), at },
  };
}

interface Refused<Code extends ParseActionCode> {
  readonly ok: false;
  readonly refusal: Refusal<Code>;
}

/** Data with the type of an action, and what the fields of that action must be. */
interface Typed {
  readonly ok: true;
  readonly type: string;
  readonly fields: Fields;
  readonly given: Readonly<Record<string, unknown>>;
}

function readType(
  actions: Readonly<Record<string, Fields>>,
  input: unknown,
): Typed | Refused<'INVALID_VALUE' | 'UNKNOWN_ACTION'> {
  if (!isObject(input)) return refuse(invalidHidden('action', input, 'an object'));
  // The copy is checked and kept, because a getter of the input may return another value the second time.
  const given = copiedLists(input);
  const { type } = given;
  const known = Object.keys(actions);
  if (typeof type !== 'string') return refuse(invalidValue('type', type, `one of ${known.join(', ')}`));
  const fields = entryOf(actions, type);
  return fields ? { ok: true, type, fields, given } : refuse({ code: 'UNKNOWN_ACTION', type, known });
}

function readFields({
  type,
  fields,
  given,
}: Typed): { readonly ok: true; readonly action: object } | Refused<'INVALID_VALUE'> {
  const stranger = Object.keys(given).find((field) => field !== 'type' && !Object.hasOwn(fields, field));
  if (stranger !== undefined) {
    const rule = `omitted, because ${type} has no such field (${nearest(cut(stranger), Object.keys(fields))})`;
    return refuse({ code: 'INVALID_VALUE', field: quote(stranger), rule });
  }
  for (const [field, shape] of Object.entries(fields)) {
    const [problem] = shape(given[field], field);
    if (problem)
      return refuse({ code: 'INVALID_VALUE', field: problem.path, rule: problem.expected, found: problem.found });
  }
  return { ok: true, action: picked(fields, given) };
}

function copiedLists(action: object): Readonly<Record<string, unknown>> {
  const entries = Object.entries(action).map(([field, value]) => [
    field,
    Array.isArray(value) && value.length <= mostListed ? Object.freeze([...value]) : value,
  ]);
  return Object.fromEntries(entries);
}

function picked(fields: Fields, given: Readonly<Record<string, unknown>>): object {
  const names = ['type', ...Object.keys(fields)].filter((field) => given[field] !== undefined);
  return Object.freeze(Object.fromEntries(names.map((field) => [field, given[field]])));
}
