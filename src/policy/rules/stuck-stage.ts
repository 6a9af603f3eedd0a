import { quote } from '../../describe.ts';
import { currentVersion, previousVersion, type Stage } from '../../index.ts';
import { millisecondsADay } from '../../operations/lifecycle.ts';
import { type Case, defineRule, type PolicyRule } from '../rule.ts';
import { spanOf } from '../span.ts';
import { timeOf } from '../subject.ts';
import { takeAway } from './take-away.ts';

/**
 * AWS refuses another rotation while its pending label is so (AWS Secrets Manager API reference, RotateSecret, documented). CSMS says
 * nothing of stages of one's own; that seven days are long is assumed.
 */
export const stuckStage: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'stuck-stage',
  title: 'A stage of your own does not stay long on a version that is neither current nor previous.',
  why: 'A rotation or a roll-out that began there has got stuck, and the next one may wait for it.',
  advice: 'Finish what began there by making the version current, or take the stage off it.',
  severity: 'warning',
  thresholds: { days: 7 },
  needs: ['stageTime'],
  // The state holds the time of the version, and no stage was on it before.
  misses: (secret, unknown, thresholds) =>
    heldTooLong(secret, thresholds).some(({ name }) => unknown.what === 'stageTime' && unknown.stage === name),
  find: (secret, thresholds) =>
    heldTooLong(secret, thresholds).flatMap((held) => {
      const { name: stage, versionId } = held;
      const since = timeOf(secret, stage);
      if (since === undefined) return [];
      const sentence = `Stage ${quote(stage)} has been on version ${quote(versionId)} for ${spanOf(secret.at - since)}, and that is neither current nor previous.`;
      return [{ sentence, stage, versionId, since, remedies: takeAway(secret, held) }];
    }),
});

const heldTooLong = ({ state, dialect, at }: Case, { days }: { readonly days: number }): readonly Stage[] => {
  const current = currentVersion(state, dialect);
  const previous = previousVersion(state, dialect);
  return state.stages.filter(
    ({ name, versionId, updateTime }) =>
      at - updateTime > days * millisecondsADay &&
      versionId !== current &&
      versionId !== previous &&
      !dialect.builtInStages.includes(name),
  );
};
