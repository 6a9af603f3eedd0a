import { hasVersion, type Refusal, type SecretState, type Stage, tryCreateVersion } from '../../index.ts';
import { entryOf } from '../../json.ts';
import { millisecondsADay } from '../../limits.ts';
import { durationText, quote } from '../../text.ts';
import { type Case, defineRule, type PolicyRule, type Remedies, type RuleFinding } from '../rule.ts';
import { movesToCurrent } from './remedies.ts';

/**
 * AWS refuses another rotation while "AWSPENDING" is on a version that is not current (AWS Secrets Manager API reference,
 * RotateSecret, documented). No other cloud documents such a rule. So a pending stage there is reported at once if rotation is enabled,
 * and if a change leaves it behind. Otherwise someone may still be rotating by hand. That seven days are too long is assumed.
 *
 * No response of AWS contains the time at which a label was moved. A rotation puts "AWSPENDING" on its version when it creates it
 * (RotateSecret, documented). So the rule uses the age of the version for `stages.pending`, and the sentence says so.
 *
 * Incidents: https://github.com/aws-samples/aws-secrets-manager-rotation-lambdas/issues/168, https://github.com/aws/aws-cdk/issues/28539, https://github.com/hashicorp/terraform-provider-aws/issues/35023.
 */
export const stuckStage: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'stuck-stage',
  title: 'No stage stays long on a version that is neither current nor previous.',
  why: 'The rotation or rollout that put it there did not finish, and the next one may be refused.',
  advice: 'If the rotation or rollout still runs, let it finish. Otherwise finish it yourself, or remove the stage.',
  severity: 'warning',
  thresholds: { days: 7 },
  needs: ['stageTime', 'versions', 'rotation', 'createTime'],
  misses: (secret, unknown, { days }) => {
    if (unknown.what === 'versions') return secret.dialect.stages.current !== null;
    // What a change leaves behind does not depend on times.
    if ('before' in secret) return false;
    return strayStages(secret).some((held) => {
      const isPending = held.name === secret.dialect.stages.pending;
      if (isPending && isRotated(secret)) return false;
      const age = ageOfStage(secret, held);
      if (unknown.what === 'rotation') return isPending && !isLonger(age, days);
      if (unknown.what === 'createTime') return isPending && age === undefined && unknown.versionId === held.versionId;
      // The stage was not on its version before that was created.
      const isIt = unknown.what === 'stageTime' && unknown.stage === held.name;
      return isIt && !isPending && isLonger(secret.at - held.updateTime, days);
    });
  },
  find: (secret, { days }) =>
    strayStages(secret).flatMap((held) => {
      const blocks = isRotated(secret) && whyNotRotated(secret.state, secret)?.stage === held.name;
      const age = ageOfStage(secret, held);
      return blocks || isLonger(age, days) ? [findingOf(secret, held, age, blocks)] : [];
    }),
  // A version that is created with the pending stage starts a rotation.
  findInChange: (secret) => {
    const [before, now, end] = [secret.before, secret.state, secret.end].map((state) => whyNotRotated(state, secret));
    const held = strayStages(secret).find(({ name }) => name === now?.stage);
    if (held === undefined || !hasVersion(secret.before, held.versionId)) return [];
    if (before?.holder === held.versionId || end?.holder !== held.versionId) return [];
    return [findingOf(secret, held, undefined, true)];
  },
});

/** Why the model refuses a rotation, if that is because of the pending stage. */
function whyNotRotated(state: SecretState, { at, dialect }: Case): Refusal<'ROTATION_INCOMPLETE'> | undefined {
  const outcome = tryCreateVersion(state, { at, withoutValue: true }, dialect);
  return !outcome.ok && outcome.refusal.code === 'ROTATION_INCOMPLETE' ? outcome.refusal : undefined;
}

/** A secret that waits for its deletion is not rotated. */
function isRotated({ state, rotation }: Case): boolean {
  return state.status === 'ENABLED' && rotation?.isEnabled === true;
}

/** The stages on versions that are neither current nor previous, and a pending one that is not on the current version. */
function strayStages({ state, dialect, current, previous }: Case): readonly Stage[] {
  const { pending } = dialect.stages;
  if (dialect.stages.current === null) return [];
  return state.stages.filter(
    ({ name, versionId }) => versionId !== current && (versionId !== previous || name === pending),
  );
}

/** How long a stage has been on its version, or the age of the version for a pending stage; undefined if unknown. */
function ageOfStage({ at, dialect, timeOf, ageOf }: Case, { name, versionId }: Stage): number | undefined {
  const since = timeOf(name);
  if (since !== undefined) return at - since;
  return name === dialect.stages.pending ? ageOf(versionId) : undefined;
}

function isLonger(age: number | undefined, days: number): boolean {
  return age !== undefined && age > days * millisecondsADay;
}

function findingOf(secret: Case, held: Stage, age: number | undefined, blocks: boolean): RuleFinding {
  const { name: stage, versionId } = held;
  const since = secret.timeOf(stage);
  const role = stage === secret.dialect.stages.pending ? 'not current' : 'neither current nor previous';
  const on = `Stage ${quote(stage)} is on version ${quote(versionId)}, which`;
  const what =
    age === undefined || age <= 0
      ? `${on} is ${role}.`
      : since === undefined
        ? `${on} was created ${durationText(age)} ago and is ${role}.`
        : `Stage ${quote(stage)} has been on version ${quote(versionId)} for ${durationText(age)}, and that version is ${role}.`;
  const refused = ' The next rotation will be refused until the stage is on the current version or removed.';
  return { sentence: `${what}${blocks ? refused : ''}`, stage, versionId, since, remedies: remediesFor(secret, held) };
}

/**
 * Without a current version to move the stage to, remove it. But a pending stage stays on a value: that may be the one that should
 * become current, and without a stage it could be deleted.
 */
function remediesFor(secret: Case, held: Stage): Remedies {
  const { name: stage, versionId: from } = held;
  const moves = movesToCurrent(secret)(held);
  const isPending = stage === secret.dialect.stages.pending;
  if (moves.length > 0 || (isPending && !entryOf(secret.state.versions, from)?.withoutValue)) return moves;
  return [[{ type: 'removeStage', stage, at: secret.at, from }]];
}
