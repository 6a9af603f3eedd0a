import { currentVersion, type SecretAction, type Stage } from '../../index.ts';
import type { Case } from '../rule.ts';
import { prune } from './prune.ts';

/**
 * The way to take a stage off its version is onto the current one: whoever reads by it still gets a value, which they would not
 * if it were removed. The version that is left may be deprecated by it, and where that is found fault with, it is pruned with
 * those that are older.
 *
 * A rotation that is over leaves its stage so in AWS, too: "AWSPENDING" on the version of "AWSCURRENT" (documented there).
 */
export const takeAway = (
  secret: Case,
  { name: stage, versionId: from }: Stage,
): readonly (readonly SecretAction[])[] => {
  const { state, dialect, at } = secret;
  const versionId = currentVersion(state, dialect);
  const left = state.versions[from];
  if (versionId === undefined || left === undefined) return [];
  const move = { type: 'assignStage', stage, versionId, at, from } as const;
  const prunings = prune(secret, { createdBefore: left.createTime + 1 });
  return [[move], ...prunings.map((pruning) => [move, ...pruning])];
};
