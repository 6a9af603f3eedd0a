import { currentVersion } from '../../index.ts';
import { quote } from '../../text.ts';
import { type Case, defineRule, type PolicyRule, type Remedies } from '../rule.ts';
import { isKnown } from '../subject.ts';
import { currentOrNewest, putPrevious } from './remedies.ts';

export const currentExists: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'current-exists',
  title: 'A secret has a current version.',
  why: 'Readers that do not name a version get the newest one, which may be untested, or none.',
  advice: 'Put the current stage on the version to read, or create a version.',
  severity: 'error',
  thresholds: {},
  needs: ['versions', 'order'],
  misses: ({ state, dialect }) => dialect.stages.current !== null && currentVersion(state, dialect) === undefined,
  find: (secret) => {
    const { state, dialect } = secret;
    const { current: stage } = dialect.stages;
    if (stage === null || currentVersion(state, dialect) !== undefined || !isKnown(secret, 'versions')) return [];
    return [{ sentence: `Stage ${quote(stage)} is on no version.`, stage, remedies: remediesFor(secret, stage) }];
  },
});

/**
 * Makes the newest version current. Without a current version, readers get the newest (CSMS: ShowSecretVersion, documented), so
 * they keep the same value. In AWS they get none (recorded by LocalStack), and the newest is a guess.
 */
function remediesFor(secret: Case, stage: string): Remedies {
  const { at } = secret;
  const versionId = currentOrNewest(secret);
  if (versionId === undefined) return [];
  const put = { type: 'assignStage', stage, versionId, at, from: null } as const;
  return [[put], ...putPrevious(secret).map((actions) => [put, ...actions])];
}
