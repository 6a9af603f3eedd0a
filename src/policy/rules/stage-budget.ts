import { remainingStages } from '../../index.ts';
import { counted } from '../../text.ts';
import { defineRule, type PolicyRule } from '../rule.ts';

export const stageBudget: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'stage-budget',
  title: 'The secret has room for more stages.',
  why: 'A deployment that adds stages can be refused halfway.',
  advice: 'Remove stages that no reader uses.',
  severity: 'warning',
  thresholds: { stagesLeft: 2 },
  needs: ['versions'],
  find: ({ state, dialect }, { stagesLeft }) => {
    const left = remainingStages(state, dialect);
    if (left > stagesLeft) return [];
    return [{ sentence: `The secret has room for ${counted(left, 'more stage')} (limit ${dialect.stages.limit}).` }];
  },
});
