import type { Dialect } from '../dialect.ts';
import type { Issued } from '../state.ts';

const noIds: readonly string[] = /* @__PURE__ */ Object.freeze([]);

/** What a secret has issued before its first version. */
export const nothingIssued: Issued = /* @__PURE__ */ Object.freeze({ lastNumber: 0, chosenIds: noIds, pruned: 0 });

/** Books a version id as issued. What callers chose ahead of the series joins it when the series gets there. */
export const issue = (issued: Issued, versionId: string, { versionIdPrefix }: Dialect): Issued => {
  const chosen = new Set(issued.chosenIds).add(versionId);
  let lastNumber = issued.lastNumber;
  while (chosen.delete(versionIdPrefix + (lastNumber + 1))) lastNumber++;
  const chosenIds = chosen.size > 0 ? Object.freeze([...chosen]) : noIds;
  return Object.freeze({ lastNumber, chosenIds, pruned: issued.pruned });
};
