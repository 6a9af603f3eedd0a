import { isCount } from '../limits.ts';
import { grouped } from '../text.ts';

/** How many changes a history can keep. The cost of recording a change grows with this number. */
const mostChanges = 10_000;

/** Whether a history can keep this many changes. */
export function isHistoryLength(value: unknown): value is number {
  return isCount(value) && value <= mostChanges;
}

export const historyLengthRule: string = `a whole number from 0 to ${grouped(mostChanges)}`;

/** How many versions the changes that delete versions can visit in total: 10,000 changes of 100 versions. */
export const mostVisited = 1_000_000;

export const visitRule: string = `within the limit of ${grouped(mostVisited)} versions that changes visit when they delete versions; keep fewer changes`;

/** How many operations an untrusted patch can have. `since` never returns more. */
export const mostOperations = 100_000;

export const patchLengthRule: string = `a list of at most ${grouped(mostOperations)} operations; request the whole secret instead`;

/** How long a list can be if an operation shifts its elements. */
export const longestShifted = 10_000;

/** How many values a patch can copy, so that a small patch cannot make a huge document. */
export const mostCopied = 1_000_000;

/** What an operation that cannot be done must be. */
export const operationRules: Readonly<Record<'place' | 'shift' | 'copy' | 'test', string>> = {
  place: 'an operation on a path that exists',
  shift: `at the end of the list, or in a list of at most ${grouped(longestShifted)} elements`,
  copy: `within the limit of ${grouped(mostCopied)} values that a patch can copy`,
  test: 'a test that the document passes',
};
