import { quote } from '../../describe.ts';
import { currentVersion, previousVersion } from '../../index.ts';
import { defineRule, type PolicyRule } from '../rule.ts';
import { millisecondsADay, spanOf } from '../span.ts';
import { timeOf } from '../subject.ts';
import { takeAway } from './take-away.ts';

/** AWS refuses another rotation while its pending label is so (documented there); a stage of one's own shows nowhere else. */
export const stuckStage: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'stuck-stage',
  title: 'A stage of your own does not stay long on a version that is neither current nor previous.',
  why: 'A rotation or a roll-out that began there has got stuck, and the next one may wait for it.',
  advice: 'Finish what began there by making the version current, or take the stage off it.',
  severity: 'warning',
  thresholds: { days: 7 },
  needs: ['stageTime'],
  find: (secret, { days }) => {
    const { state, dialect, at } = secret;
    const current = currentVersion(state, dialect);
    const previous = previousVersion(state, dialect);
    return state.stages.flatMap((held) => {
      const { name: stage, versionId } = held;
      if (versionId === current || versionId === previous || dialect.builtInStages.includes(stage)) return [];
      const since = timeOf(secret, stage);
      if (since === undefined || at - since <= days * millisecondsADay) return [];
      const sentence = `Stage ${quote(stage)} has been on version ${quote(versionId)} for ${spanOf(at - since)}, and that is neither current nor previous.`;
      return [{ sentence, stage, versionId, since, remedies: takeAway(secret, held) }];
    });
  },
});
