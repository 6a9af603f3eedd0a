import type { SecretState, SecretStatus, Stage, Versions } from './state.ts';
import { asText } from './text.ts';

/** What each refusal knows, by its code. This is the list of codes. */
export interface RefusalFacts {
  /** The secret is of one dialect, and the call goes by another: both by their ids. */
  WRONG_DIALECT: { readonly stateDialect: string; readonly dialect: string };
  /** A value that no secret takes: a name with a forbidden character, a time that is not whole milliseconds. */
  INVALID_VALUE: { readonly field: string; readonly value: string; readonly rule: string };
  /** The secret is disabled, frozen or waits for its deletion, so its versions and stages rest. */
  SECRET_NOT_ENABLED: { readonly status: SecretStatus };
  /** The dialect has no such action. */
  ACTION_NOT_OFFERED: { readonly action: string; readonly dialect: string };
  /** A deletion was to be scheduled a second time. */
  DELETION_ALREADY_SCHEDULED: { readonly scheduledDeleteTime: number | null };
  /** A deletion was to be called off, and none is scheduled. */
  DELETION_NOT_SCHEDULED: { readonly status: SecretStatus };
  /** The version does not exist, or no longer. */
  UNKNOWN_VERSION: { readonly versionId: string; readonly versions: Versions };
  /** The stage to remove is on no version. */
  UNKNOWN_STAGE: { readonly stage: string; readonly stages: readonly Stage[] };
  /** `from` named one holder of the stage, and it has another; null is nobody. */
  WRONG_HOLDER: { readonly stage: string; readonly from: string | null; readonly holder: string | null };
  /** The stage is on another version, and the dialect moves it only if `from` names that one. */
  HOLDER_NOT_NAMED: { readonly stage: string; readonly holder: string };
  /** A built-in stage can move but not be removed. */
  BUILT_IN_STAGE: { readonly stage: string; readonly versionId: string | null };
  /** One stage more than the secret may have. */
  STAGE_LIMIT: { readonly stage: string; readonly limit: number; readonly stages: readonly Stage[] };
  /** The stages listed for a new version are too many, or would be with those that the secret has. */
  STAGE_LIST_LIMIT: { readonly listed: readonly string[]; readonly limit: number; readonly stages: readonly Stage[] };
  /** One version more than the secret may have, and none that could make room; `roomAt` is when one could, in epoch milliseconds. */
  VERSION_LIMIT: { readonly limit: number; readonly stages: readonly Stage[]; readonly roomAt?: number };
  /** The id belongs to a version that exists, or the series of ids has passed it; `exists` says which. */
  VERSION_ID_TAKEN: { readonly versionId: string; readonly exists: boolean };
  /** Not an action of this model. */
  UNKNOWN_ACTION: { readonly type: string; readonly known: readonly string[] };
  /** Data that is not a secret of this model. */
  INVALID_STATE: { readonly problems: readonly Problem[] };
  /** Data that is not a history of a secret. */
  INVALID_HISTORY: { readonly problems: readonly Problem[] };
  /** Rules of a dialect that cannot hold together. */
  DIALECT_CONTRADICTION: { readonly dialect: string; readonly contradictions: readonly Contradiction[] };
}

/** Something wrong with untrusted data: where, and what belongs there. `law` is the id of a broken law. */
export interface Problem {
  readonly path: string;
  readonly expected: string;
  readonly found?: string;
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

/** What a `try` twin answers: the next state, or why there is none. */
export type Outcome<Code extends RefusalCode = RefusalCode> =
  | { readonly ok: true; readonly state: SecretState }
  | { readonly ok: false; readonly refusal: Refusal<Code> };

/**
 * What the operations without `try` throw. The message is the refusal as JSON, so that a log keeps every fact; `explain`
 * of the refusal puts it into words.
 */
export class StageRefusedError extends Error {
  override readonly name: string = 'StageRefusedError';
  declare readonly refusal: Refusal;
  /** Which action of the batch was refused, from 0; undefined outside a batch. */
  declare readonly index?: number;

  constructor(refusal: Refusal) {
    super(JSON.stringify(refusal));
    this.refusal = refusal;
  }
}

export function invalidValue(field: string, value: unknown, rule: string): Refusal<'INVALID_VALUE'> {
  return { code: 'INVALID_VALUE', field, value: asText(value), rule };
}

/** The refusal of a secret that belongs to another dialect. */
export function wrongDialect(
  state: { readonly dialect: unknown },
  dialect: { readonly id: string },
): Refusal<'WRONG_DIALECT'> {
  return { code: 'WRONG_DIALECT', stateDialect: asText(state.dialect), dialect: dialect.id };
}

/** @throws {StageRefusedError} WRONG_DIALECT, for what returns no outcome, such as a query. */
export function mustBeOf(state: SecretState, dialect: { readonly id: string }): void {
  if (state.dialect !== dialect.id) throw new StageRefusedError(wrongDialect(state, dialect));
}

export function done(state: SecretState): { readonly ok: true; readonly state: SecretState } {
  return { ok: true, state };
}

export function refuse<Why extends Refusal>(refusal: Why): { readonly ok: false; readonly refusal: Why } {
  return { ok: false, refusal };
}

/** The next state, where a refusal is thrown. */
export function orThrow(outcome: Outcome): SecretState {
  if (!outcome.ok) throw new StageRefusedError(outcome.refusal);
  return outcome.state;
}
