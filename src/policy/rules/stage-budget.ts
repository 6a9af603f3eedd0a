import { remainingStages } from '../../index.ts';
import { counted } from '../../text.ts';
import { defineRule, type PolicyRule } from '../rule.ts';

/** Incident: https://github.com/hashicorp/terraform-provider-aws/issues/47606. */
export const stageBudget: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'stage-budget',
  title: 'The secret has room for more stages.',
  why: 'A deployment that adds stages can be refused halfway.',
  advice: 'Remove stages that no reader uses.',
  severity: 'warning',
  thresholds: { stagesLeft: 2 },
  needs: ['versions'],
  misses: ({ state, dialect }, _, { stagesLeft }) => remainingStages(state, dialect) > stagesLeft,
  find: ({ state, dialect }, { stagesLeft }) => {
    const left = remainingStages(state, dialect);
    if (left > stagesLeft) return [];
    return [{ sentence: `The secret has room for ${counted(left, 'more stage')} (limit ${dialect.stages.limit}).` }];
  },
  // A shortage that lasts until the end is found there.
  findInChange: ({ state, before, end, dialect }, { stagesLeft }) => {
    const left = remainingStages(state, dialect);
    if (left > stagesLeft || left >= remainingStages(before, dialect) || remainingStages(end, dialect) <= stagesLeft)
      return [];
    const room = `room for ${counted(left, 'more stage')} (limit ${dialect.stages.limit})`;
    return [{ sentence: `Halfway through the actions, the secret has ${room}. A later action frees more.` }];
  },
});
