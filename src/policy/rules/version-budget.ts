import { deprecatedVersions } from '../../index.ts';
import { countVersions } from '../../state.ts';
import { defineRule, type PolicyRule } from '../rule.ts';
import { prune } from './prune.ts';

export const versionBudget: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'version-budget',
  title: 'There is room for further versions, or one that can make room.',
  why: 'The next rotations would be refused. CSMS itself never gets there, for 12 stages cannot mark 18 versions.',
  advice: 'Take the stages off a version that nobody reads any more, and prune it if the cloud does not.',
  severity: 'warning',
  thresholds: { versionsLeft: 2 },
  needs: ['versions'],
  find: (secret, { versionsLeft }) => {
    const { state, dialect } = secret;
    const left = dialect.versionLimit - countVersions(state);
    const { length } = deprecatedVersions(state);
    if (left > versionsLeft || (length > 0 && !dialect.versionLimitIsHard)) return [];
    const room = `Room is left for ${Math.max(0, left)} of ${dialect.versionLimit} versions`;
    const sentence = `${room}, and ${length > 0 ? 'a deprecated one makes none unless it is pruned' : 'none is deprecated'}.`;
    const keep = length + left - Math.floor(versionsLeft) - 1;
    return [{ sentence, remedies: prune(secret, { keep }) }];
  },
});
