import { quote } from '../../describe.ts';
import { millisecondsADay } from '../../operations/lifecycle.ts';
import { deprecatedByAge } from '../../queries.ts';
import { defineRule, type PolicyRule } from '../rule.ts';
import { spanOf } from '../span.ts';
import { prune } from './prune.ts';

/** How old a version is, is known; not since when it has been deprecated. */
export const deprecatedAge: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'deprecated-age',
  title: 'Old versions that are deprecated go.',
  why: 'The older a value is, the more places may know it, and it may still be read.',
  advice: 'Prune the deprecated versions.',
  severity: 'note',
  thresholds: { days: 90 },
  needs: ['versions'],
  find: (secret, { days }) => {
    const { state, at } = secret;
    const [oldest] = deprecatedByAge(state);
    const createdBefore = Math.ceil(at - days * millisecondsADay);
    if (oldest === undefined || oldest.createTime >= createdBefore) return [];
    const { id: versionId, createTime } = oldest;
    const sentence = `Version ${quote(versionId)} is deprecated, and was created ${spanOf(at - createTime)} ago.`;
    return [{ sentence, versionId, remedies: prune(secret, { createdBefore }) }];
  },
});
