import { millisecondsADay } from '../../limits.ts';
import { deprecatedByAge } from '../../state.ts';
import { durationText, quote } from '../../text.ts';
import { defineRule, type PolicyRule } from '../rule.ts';
import { prune } from './remedies.ts';

/**
 * How old a version is, is known; not since when it has been deprecated. Where none can be pruned (`versions.prune: 'keeps'`), nobody can do
 * anything about it, and nothing is found.
 */
export const deprecatedAge: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'deprecated-age',
  title: 'Old versions that are deprecated go.',
  why: 'The older a value is, the more places may know it, and it may still be read.',
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
    const sentence = `Version ${quote(versionId)} is deprecated, and was created ${durationText(at - createTime)} ago.`;
    return [{ sentence, versionId, remedies: prune(secret, { createdBefore }) }];
  },
});
