import { builtIns, counts } from '../../dialects/index.ts';
import { millisecondsAnHour } from '../../limits.ts';
import { countVersions, deprecatedByAge } from '../../state.ts';
import { durationText, quote } from '../../text.ts';
import { defineRule, type PolicyRule } from '../rule.ts';
import { prune } from './remedies.ts';

export const versionBudget: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'version-budget',
  title: 'There is room for further versions, or one that can make room.',
  why: 'The next rotations would be refused. CSMS itself never gets there, for 12 stages cannot mark 18 versions.',
  advice: 'Take the stages off a version that nobody reads any more, and prune it if the cloud does not.',
  severity: 'warning',
  thresholds: { versionsLeft: 2 },
  needs: ['versions'],
  misses: ({ dialect }) => dialect.versions.limit !== null,
  find: (secret, { versionsLeft }) => {
    const { state, dialect, at } = secret;
    const { limit } = dialect.versions;
    if (limit === null) return [];
    const left = limit.most - countVersions(state);
    if (left > versionsLeft) return [];
    const deprecated = deprecatedByAge(state);
    const [oldest] = deprecated;
    // As long as the stages are too few to mark all the versions that there can be, some version makes room in the end.
    const uncounted = builtIns(dialect).filter((name) => !counts(name, dialect.stages));
    const mostStages = dialect.stages.limit + uncounted.length;
    if (!oldest && limit.whenFull !== 'refuse' && mostStages < limit.most) return [];
    const room = `Room is left for ${Math.max(0, left)} of ${limit.most} versions`;
    if (!oldest) return [{ sentence: `${room}, and none is deprecated.` }];
    if (limit.whenFull === 'refuse') {
      const keep = deprecated.length + left - Math.floor(versionsLeft) - 1;
      const sentence = `${room}, and a deprecated one makes none unless it is pruned.`;
      return [{ sentence, remedies: prune(secret, { keep }) }];
    }
    if (limit.sparedHours === undefined) return [];
    const roomAt = oldest.createTime + limit.sparedHours * millisecondsAnHour;
    if (at >= roomAt) return [];
    const sentence = `${room}, and deprecated version ${quote(oldest.id)} makes none for another ${durationText(roomAt - at)}.`;
    return [{ sentence }];
  },
});
