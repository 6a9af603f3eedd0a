import { currentVersion, previousVersion } from '../../index.ts';
import { quote } from '../../text.ts';
import { defineRule, type PolicyRule } from '../rule.ts';
import { laterOf, timeOf } from '../subject.ts';
import { putPrevious } from './remedies.ts';

export const previousIsNotCurrent: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'previous-is-not-current',
  title: 'The previous version is another than the current.',
  why: 'A rollback can leave both on one version: a second one leads nowhere, and the version it came from may be deleted.',
  advice: 'Create a version: the current one becomes the previous.',
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
