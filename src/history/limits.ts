import { isCount } from '../limits.ts';
import { grouped } from '../text.ts';

/** How many changes a history may keep. A change costs as much as the list of them is long. */
const mostChanges = 10_000;

/** Whether a history can keep so many changes. */
export function isHistoryLength(value: unknown): value is number {
  return isCount(value) && value <= mostChanges;
}

export const historyLengthRule: string = `a whole number from 0 to ${grouped(mostChanges)}`;

/** How many versions the changes of a history may visit in all, if they delete versions: 10,000 changes of 100 versions. */
export const mostVisited = 1_000_000;

export const visitRule: string = `within the ${grouped(mostVisited)} versions that changes may visit to delete others; keep fewer changes`;

/** How many operations a patch from anywhere may have. What `since` gives never has more. */
export const mostOperations = 100_000;

export const patchLengthRule: string = `a list of at most ${grouped(mostOperations)} operations; ask for the whole secret instead`;

/** How many elements a list may have in which an operation shifts others, so that none shifts more. */
export const longestShifted = 10_000;

/** How many values a patch may copy, so that no document outgrows what was sent. */
export const mostCopied = 1_000_000;

/** What an operation must be that could not be done. */
export const operationRules: Readonly<Record<'place' | 'shift' | 'copy' | 'test', string>> = {
  place: 'an operation on a place that exists',
  shift: `at the end of the list, or in a list of at most ${grouped(longestShifted)} elements`,
  copy: `within the ${grouped(mostCopied)} values that a patch may copy`,
  test: 'a test of what the document has',
};
