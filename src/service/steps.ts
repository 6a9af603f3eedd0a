import type { Entry, Place } from './entries.ts';

/** What came of a call: the entries that it writes; undefined deletes. */
export interface CallResult {
  readonly writes?: readonly EntryWrite[];
}

/** What becomes of one entry. */
export interface EntryWrite extends Place {
  readonly entry: Entry | undefined;
}

/**
 * A call while it is done. It requests each entry that it needs by its place, and writes nothing by itself. So the same steps
 * serve a world in memory, which answers at once, and a store, which may not.
 */
export type CallSteps<Result> = Generator<Place, Result, Entry | undefined>;

/** Does a call on entries that can be read at once. */
export function runCall<Result>(steps: CallSteps<Result>, read: (place: Place) => Entry | undefined): Result {
  let step = steps.next();
  while (!step.done) step = steps.next(read(step.value));
  return step.value;
}
