import { countVersions } from '../../state.ts';
import { quote } from '../../text.ts';
import { type Case, defineRule, type PolicyRule, type Remedies } from '../rule.ts';
import { isKnown } from '../subject.ts';
import { currentOrNewest, putPrevious } from './remedies.ts';

/**
 * Every version with a stage is listed (AWS: ListSecretVersionIds, documented), so only a missing page can hide the current one.
 *
 * Incidents: https://github.com/getmoto/moto/issues/9451, https://github.com/aws-samples/aws-secrets-manager-rotation-lambdas/issues/16, https://github.com/aws-samples/aws-secrets-manager-rotation-lambdas/issues/92. A secret that has no version yet is not
 * one of them: https://github.com/ansible/ansible/issues/69710.
 */
export const currentExists: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'current-exists',
  title: 'A secret has a current version.',
  why: 'Readers that name no version get no value, or the wrong one.',
  advice:
    'Put the current stage on the version to read, or create a version. List the versions without a stage first: the right one may be among them.',
  severity: 'error',
  thresholds: {},
  needs: ['versions'],
  misses: ({ dialect, current }) => dialect.stages.current !== null && current === undefined,
  find: (secret) => {
    const { state, dialect } = secret;
    const { current: stage } = dialect.stages;
    if (stage === null || secret.current !== undefined) return [];
    if (countVersions(state) === 0 || !isKnown(secret, 'versions')) return [];
    const effect = dialect.versions.latest === 'current' ? ', so readers that do not name a version get no value' : '';
    const sentence = `Stage ${quote(stage)} is on no version${effect}.`;
    return [{ sentence, stage, remedies: remediesFor(secret, stage) }];
  },
});

/**
 * Makes the newest version current. Without a current version, readers get the newest (CSMS: ShowSecretVersion, documented), so
 * they keep the same value. In AWS they get none (recorded by LocalStack), and the newest is a guess. Proposes nothing if another
 * version may be newer.
 */
function remediesFor(secret: Case, stage: string): Remedies {
  const { at, unknown = [] } = secret;
  const versionId = currentOrNewest(secret);
  const isDoubtful = unknown.some(
    (one) =>
      one.what === 'deprecatedVersions' ||
      one.what === 'createTime' ||
      (one.what === 'order' && one.versionId === versionId),
  );
  if (versionId === undefined || isDoubtful) return [];
  const put = { type: 'assignStage', stage, versionId, at, from: null } as const;
  return [[put], ...putPrevious(secret).map((actions) => [put, ...actions])];
}
