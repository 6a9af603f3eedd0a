import { quote } from '../../text.ts';
import { defineRule, type PolicyRule } from '../rule.ts';
import { laterOf } from '../subject.ts';
import { putPrevious } from './remedies.ts';

/** Incident: https://github.com/hashicorp/terraform-provider-aws/issues/25168. */
export const previousIsNotCurrent: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'previous-is-not-current',
  title: 'The previous version is not the current version.',
  why: 'A rollback then changes nothing, and the version that was current before may be deleted.',
  advice: 'Create a version. The current one then becomes the previous one.',
  severity: 'warning',
  thresholds: {},
  needs: ['versions'],
  misses: ({ dialect, current, previous }) =>
    dialect.stages.current !== null && dialect.stages.previous !== null && (current ?? previous) === undefined,
  find: (secret) => {
    const { current, previous } = secret.dialect.stages;
    const versionId = secret.current;
    if (current === null || previous === null || versionId === undefined) return [];
    if (versionId !== secret.previous) return [];
    const names = `${quote(current)} and ${quote(previous)}`;
    const sentence = `Stages ${names} are both on version ${quote(versionId)}, so there is nothing to roll back to.`;
    const since = laterOf(secret.timeOf(current), secret.timeOf(previous));
    return [{ sentence, stage: previous, versionId, since, remedies: putPrevious(secret) }];
  },
});
