import { builtIns, counts } from '../../dialects/index.ts';
import { millisecondsAnHour } from '../../limits.ts';
import { countVersions, deprecatedByAge } from '../../state.ts';
import { counted, durationText, quote } from '../../text.ts';
import { defineRule, type PolicyRule } from '../rule.ts';
import { prune } from './remedies.ts';

export const versionBudget: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'version-budget',
  title: 'The secret has room for more versions, or a version that can be deleted to make room.',
  why: 'The next rotations can be refused. In CSMS this cannot happen: at most 12 of 20 versions have a stage, so the others can be deleted.',
  advice: 'Remove the stages of a version that is no longer read, and prune it if the cloud does not.',
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
    // If the limits allow fewer stages than versions, some version is always deprecated before the secret is full.
    const uncounted = builtIns(dialect).filter((name) => !counts(name, dialect.stages));
    const mostStages = dialect.stages.limit + uncounted.length;
    if (!oldest && limit.whenFull !== 'refuse' && mostStages < limit.most) return [];
    const room = `The secret has room for ${counted(Math.max(0, left), 'more version')} (limit ${limit.most})`;
    if (!oldest) return [{ sentence: `${room}, and none is deprecated.` }];
    if (limit.whenFull === 'refuse') {
      const keep = deprecated.length + left - Math.floor(versionsLeft) - 1;
      const sentence = `${room}, and a deprecated version is deleted only if you prune it.`;
      return [{ sentence, remedies: prune(secret, { keep }) }];
    }
    if (limit.sparedHours === undefined) return [];
    const roomAt = oldest.createTime + limit.sparedHours * millisecondsAnHour;
    if (at >= roomAt) return [];
    const sentence = `${room}, and deprecated version ${quote(oldest.id)} cannot be deleted for another ${durationText(roomAt - at)}.`;
    return [{ sentence }];
  },
});
