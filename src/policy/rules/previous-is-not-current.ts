import { currentVersion, previousVersion } from '../../index.ts';
import { quote } from '../../text.ts';
import { defineRule, type PolicyRule } from '../rule.ts';
import { laterOf, timeOf } from '../subject.ts';
import { putPrevious } from './remedies.ts';

export const previousIsNotCurrent: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'previous-is-not-current',
  title: 'The previous version is not the current version.',
  why: 'After a rollback, both stages can be on one version. Another rollback then changes nothing, and the version that was current may be deleted.',
  advice: 'Create a version. The current one then becomes the previous one.',
  severity: 'warning',
  thresholds: {},
  find: (secret) => {
    const { state, dialect } = secret;
    const { current, previous } = dialect.stages;
    const versionId = currentVersion(state, dialect);
    if (current === null || previous === null || versionId === undefined) return [];
    if (versionId !== previousVersion(state, dialect)) return [];
    const names = `${quote(current)} and ${quote(previous)}`;
    const sentence = `Stages ${names} are both on version ${quote(versionId)}, so there is nothing to roll back to.`;
    const since = laterOf(timeOf(secret, current), timeOf(secret, previous));
    return [{ sentence, stage: previous, versionId, since, remedies: putPrevious(secret) }];
  },
});
