import { isCount } from '../limits.ts';

/** How many changes a history may keep. A change costs as much as the list of them is long. */
const mostChanges = 10_000;

/** Whether a history can keep so many changes. */
export function isHistoryLength(value: unknown): value is number {
  return isCount(value) && value <= mostChanges;
}

export const historyLengthRule = 'a whole number from 0 to 10,000';

/** How many versions the changes of a history may visit in all, if they delete versions: 10,000 changes of 100 versions. */
export const mostVisited = 1_000_000;

export const visitRule = 'within the 1,000,000 versions that changes may visit to delete others; keep fewer changes';

/** How many operations a patch from anywhere may have. What `since` gives never has more. */
export const mostOperations = 100_000;

export const patchLengthRule = 'a list of at most 100,000 operations; ask for the whole secret instead';

/** How many keys a path may have, and how deep `test` looks. A secret is three deep. */
export const deepest = 100;

/** How many elements a list may have in which an operation shifts others, so that none shifts more. */
export const longestShifted = 10_000;

/** How many values a patch may copy, so that no document outgrows what was sent. */
export const mostCopied = 1_000_000;

/** What an operation must be that could not be done. */
export const operationRules = {
  place: 'an operation on a place that exists',
  shift: 'at the end of the list, or in a list of at most 10,000 elements',
  copy: 'within the 1,000,000 values that a patch may copy',
  test: 'a test of what the document has',
} as const;
export type OperationRule = (typeof operationRules)[keyof typeof operationRules];
