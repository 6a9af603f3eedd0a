import { currentVersion } from '../../index.ts';
import { quote } from '../../text.ts';
import { defineRule, type PolicyRule } from '../rule.ts';

export const rollback: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'rollback',
  title: 'The current stage moves only to newer versions.',
  why: 'If it moves back, readers get an older value again. This may be intended.',
  advice: 'If this was not intended, move the current stage back.',
  severity: 'note',
  thresholds: {},
  needs: ['order'],
  misses: ({ dialect }) => dialect.stages.current !== null,
  findInChange: ({ state, before, dialect }) => {
    const { current: stage } = dialect.stages;
    const [from, versionId] = [currentVersion(before, dialect), currentVersion(state, dialect)];
    if (stage === null || from === undefined || versionId === undefined) return [];
    const [left, taken] = [before.versions[from], state.versions[versionId]];
    if (left === undefined || taken === undefined || taken.ordinal >= left.ordinal) return [];
    const sentence = `Stage ${quote(stage)} moves back from version ${quote(from)} to the older version ${quote(versionId)}.`;
    return [{ sentence, stage, versionId }];
  },
});
