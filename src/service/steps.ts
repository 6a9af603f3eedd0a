import type { Entry, Place } from './entries.ts';

/** The result of a call: the entries that it writes. */
export interface CallResult {
  readonly writes?: readonly EntryWrite[];
}

/** A write of one entry. */
export interface EntryWrite extends Place {
  /** Undefined deletes the entry. */
  readonly entry: Entry | undefined;
}

/**
 * A call in progress. It yields the place of each entry that it needs, and returns what to write. So the same code runs on a world in
 * memory and on an asynchronous store.
 */
export type CallSteps<Result> = Generator<Place, Result, Entry | undefined>;

/** Does a call on entries that can be read synchronously. */
export function runCall<Result>(steps: CallSteps<Result>, read: (place: Place) => Entry | undefined): Result {
  let step = steps.next();
  while (!step.done) step = steps.next(read(step.value));
  return step.value;
}
