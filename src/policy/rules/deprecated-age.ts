import { millisecondsADay } from '../../limits.ts';
import { deprecatedByAge } from '../../state.ts';
import { durationText, quote } from '../../text.ts';
import { defineRule, type PolicyRule } from '../rule.ts';
import { prune } from './remedies.ts';

/**
 * Uses the age of the version. The time at which it was deprecated is unknown. Finds nothing if the cloud cannot prune
 * (`versions.prune: 'keeps'`).
 */
export const deprecatedAge: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'deprecated-age',
  title: 'No deprecated version is old, in a cloud that may delete them at any time (CSMS).',
  why: 'The older a value is, the more copies of it may exist, and it may still be readable.',
  advice: 'Prune the deprecated versions.',
  severity: 'note',
  thresholds: { days: 90 },
  needs: ['versions'],
  misses: ({ dialect }) => dialect.versions.prune === 'deletes',
  find: (secret, { days }) => {
    const { state, at, dialect } = secret;
    const [oldest] = deprecatedByAge(state);
    const createdBefore = Math.ceil(at - days * millisecondsADay);
    if (dialect.versions.prune === 'keeps' || oldest === undefined || oldest.createTime >= createdBefore) return [];
    const { id: versionId, createTime } = oldest;
    const sentence = `Deprecated version ${quote(versionId)} was created ${durationText(at - createTime)} ago.`;
    return [{ sentence, versionId, remedies: prune(secret, { createdBefore }) }];
  },
});
