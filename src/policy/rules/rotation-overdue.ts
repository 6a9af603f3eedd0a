import { millisecondsADay } from '../../limits.ts';
import { durationText } from '../../text.ts';
import { type Case, defineRule, type PolicyRule } from '../rule.ts';

/**
 * A rotation that fails is retried, and shows only in the time of the last success (AWS Secrets Manager API reference, DescribeSecret:
 * LastRotatedDate, NextRotationDate and RotationRules, documented). A failed one leaves the pending stage behind (user guide,
 * documented). So if the rotation is unknown, the rule can only miss something if that stage is on a version that is not current.
 *
 * Incidents: cloudquery/cloudquery #13772, cloud-custodian/cloud-custodian #10416.
 */
export const rotationOverdue: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'rotation-overdue',
  title: 'A secret that is rotated on a schedule has been rotated in time.',
  why: 'The rotation fails or does not run, so the value gets older than it should.',
  advice: 'Find out why the rotation fails, such as in the log of its function. Then rotate the secret.',
  severity: 'warning',
  thresholds: { days: 1 },
  needs: ['rotation'],
  misses: ({ pending, current }) => pending !== undefined && pending !== current,
  find: (secret, { days }) => {
    const since = dueTime(secret);
    if (since === undefined || secret.at <= since + days * millisecondsADay) return [];
    const { lastTime } = secret.rotation ?? {};
    const last =
      typeof lastTime === 'number'
        ? `the last one succeeded ${durationText(secret.at - lastTime)} ago`
        : 'none has succeeded';
    return [{ sentence: `A rotation was due ${durationText(secret.at - since)} ago, and ${last}.`, since }];
  },
});

/** When a rotation that has not succeeded was due; undefined if it is not known, or the secret is not rotated. */
function dueTime({ state, rotation }: Case): number | undefined {
  if (!rotation?.isEnabled || state.status !== 'ENABLED') return undefined;
  const { lastTime, everyDays, nextTime } = rotation;
  const byLast = lastTime === null || everyDays === null ? undefined : lastTime + everyDays * millisecondsADay;
  return byLast ?? nextTime ?? undefined;
}
