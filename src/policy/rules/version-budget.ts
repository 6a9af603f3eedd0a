import { quote } from '../../describe.ts';
import { deprecatedByAge } from '../../queries.ts';
import { countVersions } from '../../state.ts';
import { roomAtOf } from '../room.ts';
import { defineRule, type PolicyRule } from '../rule.ts';
import { spanOf } from '../span.ts';
import { prune } from './prune.ts';

export const versionBudget: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'version-budget',
  title: 'There is room for further versions, or one that can make room.',
  why: 'The next rotations would be refused. CSMS itself never gets there, for 12 stages cannot mark 18 versions.',
  advice: 'Take the stages off a version that nobody reads any more, and prune it if the cloud does not.',
  severity: 'warning',
  thresholds: { versionsLeft: 2 },
  needs: ['versions'],
  misses: ({ dialect }) => dialect.versionLimit !== null,
  find: (secret, { versionsLeft }) => {
    const { state, dialect, at } = secret;
    const { versionLimit, versionLimitIsHard, stageLimit, freeStages = [] } = dialect;
    if (versionLimit === null) return [];
    const left = versionLimit - countVersions(state);
    if (left > versionsLeft) return [];
    const deprecated = deprecatedByAge(state);
    const [oldest] = deprecated;
    // As long as the stages are too few to mark all the versions that there can be, some version makes room in the end.
    if (!oldest && !versionLimitIsHard && stageLimit + freeStages.length < versionLimit) return [];
    const room = `Room is left for ${Math.max(0, left)} of ${versionLimit} versions`;
    if (!oldest) return [{ sentence: `${room}, and none is deprecated.` }];
    if (versionLimitIsHard) {
      const keep = deprecated.length + left - Math.floor(versionsLeft) - 1;
      const sentence = `${room}, and a deprecated one makes none unless it is pruned.`;
      return [{ sentence, remedies: prune(secret, { keep }) }];
    }
    const roomAt = roomAtOf(oldest, dialect);
    if (at >= roomAt) return [];
    const sentence = `${room}, and deprecated version ${quote(oldest.id)} makes none for another ${spanOf(roomAt - at)}.`;
    return [{ sentence }];
  },
});
