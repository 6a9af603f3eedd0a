import { currentVersion, previousVersion, type Stage } from '../../index.ts';
import { millisecondsADay } from '../../limits.ts';
import { durationText, quote } from '../../text.ts';
import { type Case, defineRule, type PolicyRule } from '../rule.ts';
import { timesOf } from '../subject.ts';
import { movesToCurrent } from './remedies.ts';

/**
 * AWS refuses another rotation while "AWSPENDING" is on a version that is not current (AWS Secrets Manager API reference,
 * RotateSecret, documented). No other cloud documents such a rule. That seven days are too long is assumed.
 *
 * No response of AWS contains the time at which a label was moved. A rotation puts "AWSPENDING" on its version when it creates it
 * (RotateSecret, documented). So the rule uses the age of the version for `stages.pending`, and the sentence says so.
 */
export const stuckStage: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'stuck-stage',
  title: 'No stage stays long on a version that is neither current nor previous.',
  why: 'The rotation or rollout that put it there did not finish, and the next one may be refused.',
  advice: 'Finish the rotation or rollout, or remove the stage.',
  severity: 'warning',
  thresholds: { days: 7 },
  needs: ['stageTime'],
  // If the time is unknown, the state has that of the version: the stage was not on it before then.
  misses: (secret, unknown, thresholds) =>
    heldTooLong(secret, thresholds).some(
      ({ name }) => unknown.what === 'stageTime' && unknown.stage === name && name !== secret.dialect.stages.pending,
    ),
  find: (secret, thresholds) => {
    const timeOf = timesOf(secret);
    const movesOf = movesToCurrent(secret);
    return heldTooLong(secret, thresholds).flatMap((held) => {
      const { name: stage, versionId } = held;
      const since = timeOf(stage);
      const isPending = stage === secret.dialect.stages.pending;
      if (since === undefined && !isPending) return [];
      const duration = durationText(secret.at - held.updateTime);
      const role = isPending ? 'not current' : 'neither current nor previous';
      const sentence =
        since === undefined
          ? `Stage ${quote(stage)} is on version ${quote(versionId)}, which was created ${duration} ago and is ${role}.`
          : `Stage ${quote(stage)} has been on version ${quote(versionId)} for ${duration}, and that version is ${role}.`;
      // Without a current version to move the stage to, remove it.
      const moves = movesOf(held);
      const removal = { type: 'removeStage', stage, at: secret.at, from: versionId } as const;
      return [{ sentence, stage, versionId, since, remedies: moves.length > 0 ? moves : [[removal]] }];
    });
  },
});

function heldTooLong(secret: Case, { days }: { readonly days: number }): readonly Stage[] {
  const { state, dialect, at } = secret;
  if (dialect.stages.current === null) return [];
  const current = currentVersion(state, dialect);
  const previous = previousVersion(state, dialect);
  return state.stages.filter(
    ({ name, versionId, updateTime }) =>
      at - updateTime > days * millisecondsADay &&
      versionId !== current &&
      (versionId !== previous || name === dialect.stages.pending),
  );
}
