import { currentVersion, type SecretAction, type Stage } from '../../index.ts';
import type { Case } from '../rule.ts';

/**
 * The way to take a stage off its version is onto the current one: whoever reads by it still gets a value, which they would not
 * if it were removed. What it leaves may be the only version with a value that works, so that is never pruned along with it.
 *
 * A rotation that is over leaves its stage so in AWS, too: "AWSPENDING" on the version of "AWSCURRENT" (AWS Secrets Manager API
 * reference, RotateSecret, documented). That the same suits a stage of one's own in CSMS is assumed.
 */
export function takeAway(
  { state, dialect, at }: Case,
  { name: stage, versionId: from }: Stage,
): readonly (readonly SecretAction[])[] {
  const versionId = currentVersion(state, dialect);
  return versionId === undefined ? [] : [[{ type: 'assignStage', stage, versionId, at, from }]];
}
