import { millisecondsADay } from '../../limits.ts';
import { durationText } from '../../text.ts';
import { type Case, defineRule, type PolicyRule } from '../rule.ts';
import { isKnown, type Rotation } from '../subject.ts';

/**
 * A rotation that fails is retried, and shows only in the time of the last success (AWS Secrets Manager API reference, DescribeSecret:
 * LastRotatedDate, NextRotationDate and RotationRules, documented). A failed one leaves the pending stage behind (user guide,
 * documented). So if the rotation is unknown, the rule can only miss something if that stage is on a version that is not current.
 *
 * Incidents: https://github.com/cloudquery/cloudquery/issues/13772, https://github.com/cloud-custodian/cloud-custodian/issues/10416.
 */
export const rotationOverdue: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'rotation-overdue',
  title: 'A secret that is rotated on a schedule has been rotated in time.',
  why: 'The rotation fails or does not run, so the value gets older than it should.',
  advice: 'Find out why the rotation fails, such as in the log of its function. Then rotate the secret.',
  severity: 'warning',
  thresholds: { days: 1 },
  needs: ['rotation', 'versions', 'deprecatedVersions'],
  misses: (secret, { what }) => {
    const { pending, current, rotation } = secret;
    if (what === 'rotation') return pending !== undefined && pending !== current;
    return rotation?.isEnabled === true && mayMissCurrent(secret);
  },
  find: (secret, { days }) => {
    const { state, at, rotation } = secret;
    if (!rotation?.isEnabled || state.status !== 'ENABLED' || mayMissCurrent(secret)) return [];
    const { lastTime } = rotation;
    const since = dueTime(secret, rotation);
    if (since === null || at <= since + days * millisecondsADay) return [];
    const last = lastTime === null ? 'none has succeeded' : `the last one succeeded ${durationText(at - lastTime)} ago`;
    return [{ sentence: `A rotation was due ${durationText(at - since)} ago, and ${last}.`, since }];
  },
});

/** Whether the current or the previous version may be one that is not listed. */
function mayMissCurrent(secret: Case): boolean {
  const isUnmarked = secret.dialect.stages.current === null;
  return !isKnown(secret, 'versions') || (isUnmarked && !isKnown(secret, 'deprecatedVersions'));
}

/**
 * When the next rotation is due; null if unknown. A value that is put by hand counts as a rotation (RotationRulesType, documented for
 * AutomaticallyAfterDays; assumed for rates). If it came too late, rotations had failed before.
 */
function dueTime({ at, current = '', previous = '', ageOf }: Case, rotation: Rotation): number | null {
  const { lastTime, everyDays, nextTime } = rotation;
  if (lastTime === null || everyDays === null) return nextTime;
  const period = everyDays * millisecondsADay;
  return [previous, current].reduce((due, versionId) => {
    const time = at - (ageOf(versionId) ?? at);
    return time > due ? due : Math.max(due, time + period);
  }, lastTime + period);
}
