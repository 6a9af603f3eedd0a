import { timeRule } from './limits.ts';
import type { SecretState, SecretStatus, Stage, Versions } from './state.ts';
import { foundText, hiddenText, printable } from './text.ts';

/** What each refusal knows, by its code. This is the list of codes. */
export interface RefusalFacts {
  /** The secret belongs to one dialect, and the rules are those of another: both by their ids. */
  WRONG_DIALECT: { readonly stateDialect: string; readonly dialect: string };
  /**
   * A value is missing, of the wrong type, or one that no secret takes. `rule` completes "it must be …". `found` is what was
   * found instead, in words: `5`, `the string "5"`, or `nothing` if the value is missing.
   */
  INVALID_VALUE: { readonly field: string; readonly rule: string; readonly found?: string | undefined };
  /** The secret is disabled, frozen or scheduled for deletion, so its versions and stages cannot change. */
  SECRET_NOT_ENABLED: { readonly status: SecretStatus };
  /** The dialect has no such action. */
  ACTION_NOT_OFFERED: { readonly action: string; readonly dialect: string };
  /** The deletion of the secret is scheduled already. */
  DELETION_ALREADY_SCHEDULED: { readonly scheduledDeleteTime: number | null };
  /** No deletion is scheduled that could be cancelled. */
  DELETION_NOT_SCHEDULED: { readonly status: SecretStatus };
  /** The version does not exist. It may have existed. */
  UNKNOWN_VERSION: { readonly versionId: string; readonly versions: Versions };
  /** The stage to remove is on no version. */
  UNKNOWN_STAGE: { readonly stage: string; readonly stages: readonly Stage[] };
  /** The stage is on another version (`holder`) than `from`. Null stands for no version. */
  WRONG_HOLDER: { readonly stage: string; readonly from: string | null; readonly holder: string | null };
  /** The stage is on another version, and the dialect moves it only if `from` names that version. */
  HOLDER_NOT_NAMED: { readonly stage: string; readonly holder: string };
  /** A built-in stage can move but not be removed. */
  BUILT_IN_STAGE: { readonly stage: string; readonly versionId: string | null };
  /** The secret would have more stages than its dialect allows. */
  STAGE_LIMIT: { readonly stage: string; readonly limit: number; readonly stages: readonly Stage[] };
  /** A new version lists too many stages, or the secret would have too many with them. */
  STAGE_LIST_LIMIT: { readonly listed: readonly string[]; readonly limit: number; readonly stages: readonly Stage[] };
  /** The secret has all the versions it can have, and none can be deleted. `roomAt`: when one can be, in epoch milliseconds. */
  VERSION_LIMIT: { readonly limit: number; readonly stages: readonly Stage[]; readonly roomAt?: number };
  /** A version has the id (`exists`), or the series of ids is past it. */
  VERSION_ID_TAKEN: { readonly versionId: string; readonly exists: boolean };
  /** Not an action of this model. */
  UNKNOWN_ACTION: { readonly type: string; readonly known: readonly string[] };
  /** Data that is not a secret of this model. */
  INVALID_STATE: { readonly problems: readonly Problem[] };
  /** Data that is not a history of a secret. */
  INVALID_HISTORY: { readonly problems: readonly Problem[] };
  /** The rules of a dialect disagree. */
  DIALECT_CONTRADICTION: { readonly dialect: string; readonly contradictions: readonly Contradiction[] };
}

/**
 * Something wrong with untrusted data: where, and what it must be. `found` is what was found instead, in words, if it can be
 * shown. `law` is the id of a broken law.
 */
export interface Problem {
  readonly path: string;
  readonly expected: string;
  readonly found?: string | undefined;
  readonly law?: string;
}

/** Rules of a dialect that disagree: what is wrong with the first of them, and the others that it depends on. */
export interface Contradiction {
  readonly rules: readonly string[];
  readonly why: string;
}

/** The names of the refusals; {@link RefusalFacts} says what each stands for. */
export type RefusalCode = keyof RefusalFacts;

/** Why something was not done, as plain data. `Refusal<'UNKNOWN_VERSION'>` is one of them, `Refusal` the closed union. */
export type Refusal<Code extends RefusalCode = RefusalCode> = {
  readonly [C in Code]: { readonly code: C } & RefusalFacts[C];
}[Code];

/** What kind of obstacle a refusal is, see {@link refusalKind}. */
export type RefusalKind = 'invalid' | 'missing' | 'conflict' | 'limit' | 'state';

/**
 * The kind of a refusal, for code that treats all of a kind alike, such as an HTTP layer:
 *
 * - `invalid`: what was passed is wrong, whatever the secret looks like
 * - `missing`: the version or the stage does not exist
 * - `conflict`: the stage or the id is taken, or on another version than the caller assumed
 * - `limit`: the secret has all the stages or versions it can have
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
  VERSION_ID_TAKEN: 'conflict',
  UNKNOWN_ACTION: 'invalid',
  INVALID_STATE: 'invalid',
  INVALID_HISTORY: 'invalid',
  DIALECT_CONTRADICTION: 'invalid',
};

/**
 * What a `try` twin returns: the next state, or the refusal. A twin itself never throws. If a getter or a Proxy in its
 * arguments throws, that error passes through.
 */
export type Outcome<Code extends RefusalCode = RefusalCode> =
  | { readonly ok: true; readonly state: SecretState }
  | { readonly ok: false; readonly refusal: Refusal<Code> };

/** The sentence of each refusal of some codes. Each function lists those that it needs, so that a bundle has no others. */
export type Sentences<Code extends RefusalCode> = {
  readonly [C in Code]: (refusal: Refusal<C>) => string;
};

/** What the operations without `try` throw. The message is the code and the sentence of the refusal. */
export class StageRefusedError extends Error {
  override readonly name: string = 'StageRefusedError';
  declare readonly code: RefusalCode;
  /** The refusal as data. */
  declare readonly refusal: Refusal;
  /** Which action of the batch was refused, from 0; undefined outside a batch. */
  declare readonly index?: number;

  /** `sentence` is what `explain` makes of the refusal. */
  constructor(refusal: Refusal, sentence: string) {
    super(`${refusal.code}: ${sentence}`);
    this.code = refusal.code;
    this.refusal = refusal;
  }
}

/** What a function throws for a refusal. */
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

/** The refusal of a value that could be the secret's, and is never shown. */
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

/** The next state, where a refusal is thrown. */
export function orThrow<Code extends RefusalCode>(
  outcome: Outcome<Code> & Outcome,
  sentences: Sentences<Code>,
): SecretState {
  if (!outcome.ok) throw refusedError(outcome.refusal, sentences);
  return outcome.state;
}
