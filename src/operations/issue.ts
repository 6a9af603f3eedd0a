import type { Dialect } from '../dialect.ts';
import type { Issued } from '../state.ts';

/** Books a version id as issued. What callers chose ahead of the series joins it when the series gets there. */
export const issue = ({ lastNumber, chosenIds }: Issued, versionId: string, { versionIdPrefix }: Dialect): Issued => {
  const chosen = new Set(chosenIds).add(versionId);
  let last = lastNumber;
  while (chosen.delete(versionIdPrefix + (last + 1))) last++;
  return Object.freeze({ lastNumber: last, chosenIds: Object.freeze([...chosen]) });
};
