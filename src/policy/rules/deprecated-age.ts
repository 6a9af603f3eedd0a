import { millisecondsADay } from '../../limits.ts';
import { isDeprecated } from '../../queries.ts';
import { deprecatedByAge } from '../../state.ts';
import { durationText, quote } from '../../text.ts';
import { type Case, defineRule, type PolicyRule } from '../rule.ts';
import { isKnown } from '../subject.ts';
import { prune } from './remedies.ts';

/**
 * Uses the age of the version. The time at which it was deprecated is unknown. Finds nothing if the cloud cannot prune
 * (`versions.prune: 'keeps'`).
 */
export const deprecatedAge: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'deprecated-age',
  title: 'No deprecated version is old, in a cloud that may delete them at any time.',
  why: 'The older a value is, the more copies of it may exist, and it may still be readable.',
  advice: 'Prune the deprecated versions. In CSMS, wait: it deletes them at any time, and has no API call for it.',
  severity: 'note',
  thresholds: { days: 90 },
  needs: ['versions', 'deprecatedVersions', 'createTime'],
  misses: (secret, unknown, { days }) =>
    secret.dialect.versions.prune === 'deletes' &&
    tooOld(secret, days) === undefined &&
    (unknown.what !== 'createTime' || isDeprecated(secret.state, unknown.versionId)),
  find: (secret, { days }) => {
    const { at, dialect } = secret;
    const oldest = tooOld(secret, days);
    if (dialect.versions.prune === 'keeps' || oldest === undefined) return [];
    const { versionId, age } = oldest;
    const sentence = `Deprecated version ${quote(versionId)} was created ${durationText(age)} ago.`;
    const createdBefore = Math.ceil(at - days * millisecondsADay);
    return [{ sentence, versionId, remedies: isKnown(secret, 'createTime') ? prune(secret, { createdBefore }) : [] }];
  },
});

/** The oldest deprecated version whose age is known, if it is too old. */
function tooOld({ state, ageOf }: Case, days: number) {
  for (const { id: versionId } of deprecatedByAge(state)) {
    const age = ageOf(versionId);
    if (age !== undefined) return age > days * millisecondsADay ? { versionId, age } : undefined;
  }
  return undefined;
}
