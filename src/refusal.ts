import { timeRule } from './limits.ts';
import type { SecretState, SecretStatus, Stage, Versions } from './state.ts';
import { foundText, hiddenText, printable } from './text.ts';

/** The data of each refusal, by its code. This is the list of codes. */
export interface RefusalFacts {
  /** The secret belongs to another dialect than the one that was passed. Both are ids. */
  WRONG_DIALECT: { readonly stateDialect: string; readonly dialect: string };
  /**
   * A value is missing, of the wrong type, or not allowed. `rule` completes "it must be …". `found` is the value in
   * words: `5`, `the string "5"`, or `nothing` if it is missing.
   */
  INVALID_VALUE: { readonly field: string; readonly rule: string; readonly found?: string | undefined };
  /** The secret is disabled, frozen or scheduled for deletion, so its versions and stages cannot change. */
  SECRET_NOT_ENABLED: { readonly status: SecretStatus };
  /** The dialect does not support the action. */
  ACTION_NOT_OFFERED: { readonly action: string; readonly dialect: string };
  /** The deletion of the secret is already scheduled, for this time in epoch milliseconds. */
  DELETION_ALREADY_SCHEDULED: { readonly scheduledDeleteTime: number | null };
  /** No deletion is scheduled that could be cancelled. */
  DELETION_NOT_SCHEDULED: { readonly status: SecretStatus };
  /** The version does not exist. It may have existed. */
  UNKNOWN_VERSION: { readonly versionId: string; readonly versions: Versions };
  /** The stage to remove is on no version. */
  UNKNOWN_STAGE: { readonly stage: string; readonly stages: readonly Stage[] };
  /** The stage is on another version (`holder`) than `from`. Null means no version. */
  WRONG_HOLDER: { readonly stage: string; readonly from: string | null; readonly holder: string | null };
  /** The stage is on another version, and the dialect requires `from` to move it. */
  HOLDER_NOT_NAMED: { readonly stage: string; readonly holder: string };
  /** A built-in stage can move but not be removed. */
  BUILT_IN_STAGE: { readonly stage: string; readonly versionId: string | null };
  /** The secret would have more stages than its dialect allows. */
  STAGE_LIMIT: { readonly stage: string; readonly limit: number; readonly stages: readonly Stage[] };
  /** The new version lists too many stages, or the secret would have too many with them. */
  STAGE_LIST_LIMIT: { readonly listed: readonly string[]; readonly limit: number; readonly stages: readonly Stage[] };
  /**
   * The secret is at its limit of versions, and none can be deleted. `roomAt`: when one can be, in epoch milliseconds.
   */
  VERSION_LIMIT: { readonly limit: number; readonly stages: readonly Stage[]; readonly roomAt?: number };
  /** A rotation is not complete: the pending stage is on a version (`holder`) that is not the current one. */
  ROTATION_INCOMPLETE: { readonly stage: string; readonly holder: string };
  /** A version with this id exists (`exists`), or the series of ids has passed it. */
  VERSION_ID_TAKEN: { readonly versionId: string; readonly exists: boolean };
  /** The model has no action of this type. */
  UNKNOWN_ACTION: { readonly type: string; readonly known: readonly string[] };
  /** The data is not a secret. */
  INVALID_STATE: { readonly problems: readonly Problem[] };
  /** The data is not the history of a secret. */
  INVALID_HISTORY: { readonly problems: readonly Problem[] };
  /** A dialect is invalid: a rule is wrong, or rules contradict each other. */
  DIALECT_CONTRADICTION: { readonly dialect: string; readonly contradictions: readonly Contradiction[] };
}

/**
 * A problem in untrusted data: where it is, and what must be there. `found` is what is there instead, in words, if it
 * can be shown. `law` is the id of a broken law.
 */
export interface Problem {
  /** Where it is, such as `state.stages[0].name`. */
  readonly path: string;
  /** What must be there. It completes "it must be …". */
  readonly expected: string;
  /** What is there, in words. */
  readonly found?: string | undefined;
  /** The id of the broken law. */
  readonly law?: string;
}

/**
 * A wrong rule of a dialect. The first of `rules` is wrong, because of the others if there are any. `why` completes
 * "the rule …".
 */
export interface Contradiction {
  /** The paths of the rules, such as `stages.limit`. The first is wrong. */
  readonly rules: readonly string[];
  /** Why it is wrong. It completes "the rule …". */
  readonly why: string;
}

/** The codes of the refusals. {@link RefusalFacts} says what each means. */
export type RefusalCode = keyof RefusalFacts;

/**
 * Why something was refused, as plain data. `Refusal<'UNKNOWN_VERSION'>` is one refusal, `Refusal` the union of all.
 */
export type Refusal<Code extends RefusalCode = RefusalCode> = {
  readonly [C in Code]: { readonly code: C } & RefusalFacts[C];
}[Code];

/** The kind of a refusal; see {@link refusalKind}. */
export type RefusalKind = 'invalid' | 'missing' | 'conflict' | 'limit' | 'state';

/**
 * Returns the kind of a refusal. Use it where all refusals of a kind are treated alike, such as in an HTTP layer.
 *
 * - `invalid`: the request is wrong, whatever the state of the secret
 * - `missing`: the version or the stage does not exist
 * - `conflict`: the id is taken, a rotation is not complete, or the stage is on another version than the caller assumed
 * - `limit`: the secret is at its limit of stages or versions
 * - `state`: the status of the secret does not allow it now
 *
 * @example
 * refusalKind('UNKNOWN_VERSION'); // 'missing'
 */
export function refusalKind(code: RefusalCode): RefusalKind {
  return kinds[code];
}

const kinds: { readonly [Code in RefusalCode]: RefusalKind } = {
  WRONG_DIALECT: 'invalid',
  INVALID_VALUE: 'invalid',
  SECRET_NOT_ENABLED: 'state',
  ACTION_NOT_OFFERED: 'invalid',
  DELETION_ALREADY_SCHEDULED: 'state',
  DELETION_NOT_SCHEDULED: 'state',
  UNKNOWN_VERSION: 'missing',
  UNKNOWN_STAGE: 'missing',
  WRONG_HOLDER: 'conflict',
  HOLDER_NOT_NAMED: 'conflict',
  BUILT_IN_STAGE: 'invalid',
  STAGE_LIMIT: 'limit',
  STAGE_LIST_LIMIT: 'limit',
  VERSION_LIMIT: 'limit',
  ROTATION_INCOMPLETE: 'conflict',
  VERSION_ID_TAKEN: 'conflict',
  UNKNOWN_ACTION: 'invalid',
  INVALID_STATE: 'invalid',
  INVALID_HISTORY: 'invalid',
  DIALECT_CONTRADICTION: 'invalid',
};

/**
 * What a `try` twin returns: the next state, or the refusal. A twin never throws. If a getter or a Proxy in its
 * arguments throws, that error passes through.
 */
export type Outcome<Code extends RefusalCode = RefusalCode> =
  | { readonly ok: true; readonly state: SecretState }
  | { readonly ok: false; readonly refusal: Refusal<Code> };

/** The sentences of some refusals, by code. Each function lists those that it needs, so that a bundle has no others. */
export type Sentences<Code extends RefusalCode> = {
  readonly [C in Code]: (refusal: Refusal<C>) => string;
};

/** The error that the operations without `try` throw. The message is the code and the sentence of the refusal. */
export class StageRefusedError extends Error {
  override readonly name: string = 'StageRefusedError';
  /** The code of the refusal. */
  declare readonly code: RefusalCode;
  /** The refusal as data. */
  declare readonly refusal: Refusal;
  /** The index of the refused action in its batch, from 0. Undefined outside a batch. */
  declare readonly index?: number;

  /** `sentence` is what `explain` returns for the refusal. */
  constructor(refusal: Refusal, sentence: string) {
    super(`${refusal.code}: ${sentence}`);
    this.code = refusal.code;
    this.refusal = refusal;
  }
}

/** The error of a refusal. */
export function refusedError<Code extends RefusalCode>(
  refusal: Refusal<Code> & Refusal,
  sentences: Sentences<Code>,
): StageRefusedError {
  return new StageRefusedError(refusal, sentenceOf(refusal, sentences));
}

/** The sentence of a refusal. It is safe to print, whatever the refusal holds. */
export function sentenceOf<Code extends RefusalCode>(refusal: Refusal<Code>, sentences: Sentences<Code>): string {
  const sentence: (refusal: Refusal<Code>) => string = sentences[refusal.code];
  return printable(sentence(refusal));
}

export function invalidValue(field: string, value: unknown, rule: string): Refusal<'INVALID_VALUE'> {
  return { code: 'INVALID_VALUE', field, rule, found: foundText(value) };
}

/** The refusal of a value that is not a time. */
export function invalidTime(field: string, value: unknown): Refusal<'INVALID_VALUE'> {
  return invalidValue(field, value, timeRule);
}

/** The refusal of a value that could be the secret's, so it is not shown. */
export function invalidHidden(field: string, value: unknown, rule: string): Refusal<'INVALID_VALUE'> {
  return { code: 'INVALID_VALUE', field, rule, found: hiddenText(value) };
}

/** The refusal of a secret that belongs to another dialect. */
export function wrongDialect(
  state: { readonly dialect: string },
  dialect: { readonly id: string },
): Refusal<'WRONG_DIALECT'> {
  return { code: 'WRONG_DIALECT', stateDialect: state.dialect, dialect: dialect.id };
}

export function done(state: SecretState): { readonly ok: true; readonly state: SecretState } {
  return { ok: true, state };
}

export function refuse<Why extends Refusal>(refusal: Why): { readonly ok: false; readonly refusal: Why } {
  return { ok: false, refusal };
}

/** Returns the next state, or throws the refusal. */
export function orThrow<Code extends RefusalCode>(
  outcome: Outcome<Code> & Outcome,
  sentences: Sentences<Code>,
): SecretState {
  if (!outcome.ok) throw refusedError(outcome.refusal, sentences);
  return outcome.state;
}
