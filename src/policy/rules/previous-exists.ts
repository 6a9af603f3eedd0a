import { previousVersion } from '../../index.ts';
import { quote } from '../../text.ts';
import { defineRule, type PolicyRule } from '../rule.ts';
import { isKnown } from '../subject.ts';
import { currentOrNewest, putPrevious } from './remedies.ts';

export const previousExists: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'previous-exists',
  title: 'A secret whose current version is not its first has a previous version.',
  why: 'Without a previous version, a bad current version cannot be rolled back.',
  advice: 'Create a version. The current one then becomes the previous one.',
  severity: 'warning',
  thresholds: {},
  needs: ['issued', 'versions', 'order'],
  misses: ({ state, dialect }) => dialect.stages.previous !== null && previousVersion(state, dialect) === undefined,
  find: (secret) => {
    const { state, dialect } = secret;
    const { previous: stage } = dialect.stages;
    if (stage === null || previousVersion(state, dialect) !== undefined || !isKnown(secret, 'versions')) return [];
    const current = currentOrNewest(secret);
    if (current === undefined || state.versions[current]?.ordinal === 1) return [];
    const sentence = `Stage ${quote(stage)} is on no version, so there is nothing to roll back to.`;
    return [{ sentence, stage, remedies: putPrevious(secret) }];
  },
});
