import { quote } from '../../describe.ts';
import { currentVersion, latestVersion, type SecretAction } from '../../index.ts';
import { type Case, defineRule, type PolicyRule } from '../rule.ts';
import { isTold } from '../subject.ts';
import { putPrevious } from './put-previous.ts';

export const currentExists: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'current-exists',
  title: 'Some version is current.',
  why: 'Whoever reads the secret without naming a version gets one that nobody chose.',
  advice: 'Put the current stage on the version that is to be read, or create a version.',
  severity: 'error',
  thresholds: {},
  needs: ['versions', 'order'],
  misses: ({ state, dialect }) => currentVersion(state, dialect) === undefined,
  find: (secret) => {
    const { state, dialect } = secret;
    const { currentStage: stage } = dialect;
    if (currentVersion(state, dialect) !== undefined || !isTold(secret, 'versions')) return [];
    return [{ sentence: `Stage ${quote(stage)} is on no version.`, stage, remedies: remediesFor(secret) }];
  },
});

/** Who reads without a current version gets the newest (documented: ShowSecretVersion). So it becomes current, and nobody reads another value for it. */
const remediesFor = (secret: Case): readonly (readonly SecretAction[])[] => {
  const { state, dialect, at } = secret;
  const versionId = latestVersion(state, dialect);
  if (versionId === undefined) return [];
  const put = { type: 'assignStage', stage: dialect.currentStage, versionId, at, from: null } as const;
  return [[put], ...putPrevious(secret).map((actions) => [put, ...actions])];
};
