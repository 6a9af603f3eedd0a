import { remainingStages } from '../../index.ts';
import { defineRule, type PolicyRule } from '../rule.ts';

export const stageBudget: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'stage-budget',
  title: 'There is room for further stages.',
  why: 'A deployment that adds stages would be refused half-way.',
  advice: 'Remove stages by which nobody reads any more.',
  severity: 'warning',
  thresholds: { stagesLeft: 2 },
  needs: ['versions'],
  find: ({ state, dialect }, { stagesLeft }) => {
    const left = remainingStages(state, dialect);
    return left > stagesLeft ? [] : [{ sentence: `Room is left for ${left} of ${dialect.stages.limit} stages.` }];
  },
});
