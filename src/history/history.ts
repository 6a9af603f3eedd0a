import { huaweiCsms } from '../dialects/index.ts';
import { isTime } from '../limits.ts';
import { type SecretAction, tryReduce } from '../operations/index.ts';
import { parseSecretState } from '../parse.ts';
import { bareAction } from '../parse-action.ts';
import { invalidTime, invalidValue, orThrow, type Refusal, refusedError } from '../refusal.ts';
import { INVALID_STATE, INVALID_VALUE, sentences, WRONG_DIALECT } from '../sentences.ts';
import type { Moment, SecretState } from '../state.ts';

import { type Change, changeOf } from './change.ts';
import type { JsonPatch } from './json-patch.ts';
import { historyLengthRule, isHistoryLength, mostOperations } from './limits.ts';
import { follow, type HistoryOptions, wholeOf } from './patches.ts';

/**
 * A secret with its past: the actions done to it, and patches from each state to the next and back. Plain JSON data,
 * deeply frozen. Store it as JSON, and read it with `parseHistory`.
 */
export interface History {
  /** The number of changes that it keeps. Each further change drops the oldest. */
  readonly length: number;
  /** The state of the secret now. */
  readonly present: SecretState;
  /** The oldest state that the history can go back to. `at` is in epoch milliseconds. */
  readonly oldest: { readonly revision: number; readonly at: number };
  /** The highest revision given so far. The revision of an undone state is not given to another state. */
  readonly lastRevision: number;
  /** The changes that led to the present, oldest first. */
  readonly past: readonly Change[];
  /** The changes that were undone and can be redone, in the order in which they were done. */
  readonly future: readonly Change[];
}

/** The options of {@link startHistory}. */
export interface StartHistory extends HistoryOptions {
  /** Since when the secret is in the state that the history starts from, in epoch milliseconds. */
  readonly at: number;
  /** The number of changes to keep, up to 10,000. */
  readonly length: number;
}

/** What {@link tryRecord} returns: the history with the change, or the refusal of the action. */
export type HistoryOutcome =
  | { readonly ok: true; readonly history: History }
  | { readonly ok: false; readonly refusal: Refusal };

/**
 * Starts the history of a secret. The state that it starts from is revision 1; revision 0 is `{}`, before the secret
 * existed. The history has a frozen copy of the state, without unknown fields.
 *
 * Refuses, in this order: the secret belongs to another dialect (WRONG_DIALECT); it is not a secret, or breaks a law of
 * the dialect (INVALID_STATE); `at` is not a time, or `length` is not a whole number from 0 to 10,000 (INVALID_VALUE).
 *
 * @throws {StageRefusedError} with the refusal.
 *
 * @example
 * const history = startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 100 });
 * history.lastRevision; // 1
 */
export function startHistory(state: SecretState, { at, length, dialect = huaweiCsms }: StartHistory): History {
  const present = orThrow(parseSecretState(state, dialect), { INVALID_STATE, WRONG_DIALECT });
  if (!isTime(at)) throw refusedError(invalidTime('at', at), { INVALID_VALUE });
  if (!isHistoryLength(length))
    throw refusedError(invalidValue('length', length, historyLengthRule), { INVALID_VALUE });
  return frozenHistory({ length, present, oldest: { revision: 1, at }, lastRevision: 1, past: [], future: [] });
}

/**
 * Does an action and records it. Changes that were undone can no longer be redone. If the action changes nothing, the
 * same history is returned.
 *
 * Refuses like `reduce`.
 *
 * @throws {StageRefusedError} with the refusal of the action; {@link tryRecord} returns it instead.
 *
 * @example
 * const born = startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 100 });
 * const rotated = record(born, { type: 'createVersion', at: 1000 });
 * currentVersion(rotated.present); // 'v2'
 * currentVersion(undo(rotated).present); // 'v1'
 */
export function record(history: History, action: SecretAction, options?: HistoryOptions): History {
  const outcome = tryRecord(history, action, options);
  if (!outcome.ok) throw refusedError(outcome.refusal, sentences);
  return outcome.history;
}

/** Does the same as {@link record}, and returns a refusal instead of throwing it. It never throws. */
export function tryRecord(
  history: History,
  action: SecretAction,
  { dialect = huaweiCsms }: HistoryOptions = {},
): HistoryOutcome {
  const bare = bareAction(action);
  const outcome = tryReduce(history.present, bare, dialect);
  if (!outcome.ok) return outcome;
  if (outcome.state === history.present) return { ok: true, history };

  const last = { revision: history.lastRevision, at: latest(history).at };
  const change = changeOf(bare, last, history.present, outcome.state);
  const past = [...history.past, change];
  const forgotten = past.length > history.length ? past.shift() : undefined;
  return {
    ok: true,
    history: frozenHistory({
      ...history,
      present: outcome.state,
      oldest: forgotten ? { revision: forgotten.revision, at: forgotten.at } : history.oldest,
      lastRevision: change.revision,
      past,
      future: [],
    }),
  };
}

/**
 * Undoes the last change. Without a change to undo, returns the same history.
 *
 * @example
 * const born = startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 100 });
 * currentVersion(undo(record(born, { type: 'createVersion', at: 1000 })).present); // 'v1'
 */
export function undo(history: History): History {
  const past = [...history.past];
  const change = past.pop();
  return change ? moved(history, change.backwards, past, [change, ...history.future]) : history;
}

/**
 * Redoes the change that was undone last. Without a change to redo, returns the same history.
 *
 * @example
 * const born = startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 100 });
 * currentVersion(redo(undo(record(born, { type: 'createVersion', at: 1000 }))).present); // 'v2'
 */
export function redo(history: History): History {
  const future = [...history.future];
  const change = future.shift();
  return change ? moved(history, change.forwards, [...history.past, change], future) : history;
}

/** The history after an undo or a redo: the patch is applied to the present. */
function moved(history: History, patch: JsonPatch, past: readonly Change[], future: readonly Change[]): History {
  return frozenHistory({ ...history, present: follow(history.present, patch), past, future });
}

/**
 * Returns the revision of the present, which a replica passes to {@link since} later.
 *
 * @example
 * const born = startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 100 });
 * revisionOf(record(born, { type: 'createVersion', at: 1000 })); // 2
 */
export function revisionOf(history: History): number {
  return latest(history).revision;
}

/** The last change. Before the first change, the start of the history. */
function latest({ past, oldest }: History): Pick<Change, 'revision' | 'at'> {
  return past.at(-1) ?? oldest;
}

/**
 * Returns the secret as it was at a time, in epoch milliseconds. Undefined for times before the oldest state that the
 * history can go back to.
 *
 * Changes apply in the order in which they were recorded, even if clocks went back: the state is the one after the last
 * change whose time is not later.
 *
 * @example
 * const born = startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 100 });
 * const rotated = record(born, { type: 'createVersion', at: 1000 });
 * currentVersion(stateAt(rotated, 999) ?? born.present); // 'v1'
 */
export function stateAt({ present, past, oldest }: History, time: number): SecretState | undefined {
  const undone = [oldest, ...past].reverse().findIndex(({ at }) => at <= time);
  return undone === -1 ? undefined : follow(present, backwardsThrough(past.slice(past.length - undone)));
}

/**
 * Returns every state that the history can go back to, with its time in epoch milliseconds, oldest first. Each is a
 * whole state, so a history of many changes and versions makes a lot of data.
 *
 * @example
 * const born = startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 100 });
 * momentsOf(record(born, { type: 'createVersion', at: 1000 })).map(({ at, state }) => [at, currentVersion(state)]); // [[0, 'v1'], [1000, 'v2']]
 */
export function momentsOf({ present, past, oldest }: History): readonly Moment[] {
  const moments: Moment[] = [];
  let state = present;
  for (const { at, backwards } of [...past].reverse()) {
    moments.push({ at, state });
    state = follow(state, backwards);
  }
  return [...moments, { at: oldest.at, state }].reverse();
}

/**
 * Returns the changes since a revision, as a JSON Patch from the state of that revision to the present. It brings a
 * replica up to date. The patch has the whole secret if the replica has only `{}` (revision 0), if the history no
 * longer knows the changes, or if they have more than 100,000 operations.
 *
 * Refuses with INVALID_VALUE if the revision was never given.
 *
 * @throws {StageRefusedError} with the refusal.
 *
 * @example
 * const born = startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 100 });
 * const frozen = record(born, { type: 'setStatus', status: 'FROZEN', at: 1000 });
 * since(frozen, 1); // [{ op: 'replace', path: '/status', value: 'FROZEN' }]
 * since(undo(frozen), 2); // [{ op: 'replace', path: '/status', value: 'ENABLED' }]
 */
export function since(history: History, revision: number): JsonPatch {
  const { lastRevision } = history;
  if (!Number.isInteger(revision) || revision < 0 || revision > lastRevision) {
    throw refusedError(invalidValue('revision', revision, `a whole number from 0 to ${lastRevision}`), {
      INVALID_VALUE,
    });
  }
  const patch = wayFrom(history, revision);
  return patch && patch.length <= mostOperations ? Object.freeze(patch) : wholeOf(history.present);
}

/** All operations from a revision to the present, if the history knows them. */
function wayFrom({ past, future, oldest }: History, revision: number): JsonPatch | undefined {
  const done = past.findIndex((change) => change.revision === revision);
  if (done !== -1 || revision === oldest.revision) return past.slice(done + 1).flatMap(({ forwards }) => forwards);
  const undone = future.findIndex((change) => change.revision === revision);
  return undone === -1 ? undefined : backwardsThrough(future.slice(0, undone + 1));
}

/** One patch that undoes changes, the last first. */
function backwardsThrough(changes: readonly Change[]): JsonPatch {
  return [...changes].reverse().flatMap(({ backwards }) => backwards);
}

/** A frozen history. The elements of its lists are frozen already. */
export function frozenHistory(history: History): History {
  return Object.freeze({
    ...history,
    oldest: Object.freeze(history.oldest),
    past: Object.freeze(history.past),
    future: Object.freeze(history.future),
  });
}
