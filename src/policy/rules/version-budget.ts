import { builtIns, counts } from '../../dialects/index.ts';
import type { Dialect, VersionLimit } from '../../index.ts';
import { millisecondsAnHour } from '../../limits.ts';
import { countVersions, deprecatedByAge } from '../../state.ts';
import { counted, durationText, quote } from '../../text.ts';
import { defineRule, type PolicyRule } from '../rule.ts';
import { isKnown } from '../subject.ts';
import { prune } from './remedies.ts';

/**
 * Finds nothing in CSMS: at most 12 of its 20 versions have a stage, so the others can be deleted to make room.
 *
 * Versions that a complete response of AWS does not list have no stage. They could only hide a finding if some 80 of them were younger
 * than a day, so they do not leave the rule unchecked.
 */
export const versionBudget: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'version-budget',
  title: 'The secret has room for more versions, or a version that can be deleted to make room.',
  why: 'The next rotations can be refused.',
  advice: 'Remove the stages of a version that is no longer read, so that it can be deleted.',
  severity: 'warning',
  thresholds: { versionsLeft: 2 },
  needs: ['versions', 'deprecatedVersions', 'createTime'],
  misses: ({ state, dialect }, { what }, { versionsLeft }) => {
    const { limit } = dialect.versions;
    if (limit === null || !canRunOut(limit, dialect)) return false;
    const isTight = limit.most - countVersions(state) <= versionsLeft;
    if (what === 'deprecatedVersions') return isTight || limit.whenFull === 'refuse';
    return what === 'versions' || (isTight && sparedHoursOf(limit) > 0);
  },
  find: (secret, { versionsLeft }) => {
    const { state, dialect, ageOf } = secret;
    const { limit } = dialect.versions;
    if (limit === null) return [];
    const left = limit.most - countVersions(state);
    if (left > versionsLeft || !canRunOut(limit, dialect)) return [];
    const deprecated = deprecatedByAge(state);
    const [oldest] = deprecated;
    const room = `The secret has room for ${counted(Math.max(0, left), 'more version')} (limit ${limit.most})`;
    // A version that is not listed could be deleted to make room.
    const listsAll = isKnown(secret, 'versions') && isKnown(secret, 'deprecatedVersions');
    if (!oldest) return listsAll && isCrowded(limit, dialect) ? [{ sentence: `${room}, and none is deprecated.` }] : [];
    if (limit.whenFull === 'refuse') {
      const keep = deprecated.length + left - Math.floor(versionsLeft) - 1;
      const sentence = `${room}, and a deprecated version is deleted only if you prune it.`;
      return [{ sentence, remedies: prune(secret, { keep }) }];
    }
    const age = ageOf(oldest.id);
    const wait = sparedHoursOf(limit) * millisecondsAnHour - (age ?? Number.POSITIVE_INFINITY);
    if (wait <= 0 || !listsAll) return [];
    const sentence = `${room}, and deprecated version ${quote(oldest.id)} cannot be deleted for another ${durationText(wait)}.`;
    return [{ sentence }];
  },
});

/** Whether a secret can be full without a version that can be deleted to make room. */
function canRunOut(limit: VersionLimit, dialect: Dialect): boolean {
  return isCrowded(limit, dialect) || sparedHoursOf(limit) > 0;
}

/** Whether all versions of a full secret can be in use. If fewer stages are allowed than versions, one is always deprecated before. */
function isCrowded(limit: VersionLimit, dialect: Dialect): boolean {
  const uncounted = builtIns(dialect).filter((name) => !counts(name, dialect.stages));
  return limit.whenFull === 'refuse' || dialect.stages.limit + uncounted.length >= limit.most;
}

function sparedHoursOf(limit: VersionLimit): number {
  return (limit.whenFull === 'drop-oldest-deprecated' && limit.sparedHours) || 0;
}
