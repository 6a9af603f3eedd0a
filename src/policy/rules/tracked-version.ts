import { hasVersion } from '../../index.ts';
import { quote } from '../../text.ts';
import { defineRule, type PolicyRule } from '../rule.ts';
import { isKnown } from '../subject.ts';

/**
 * Incidents: https://github.com/terraform-aws-modules/terraform-aws-secrets-manager/issues/24 (rotations take every stage from the version that Terraform
 * tracks), https://github.com/hashicorp/terraform-provider-aws/issues/37302.
 */
export const trackedVersion: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'tracked-version',
  title: 'A version that something relies on keeps a stage.',
  why: 'A version without a stage can be deleted. What relies on it then fails, or replaces it.',
  advice: 'Put a stage of your own on the version, or let nothing rely on a single version.',
  severity: 'warning',
  thresholds: {},
  needs: ['versions'],
  misses: ({ state, tracked = {} }) => Object.keys(tracked).some((versionId) => !hasVersion(state, versionId)),
  find: (secret) => {
    const { state, dialect, tracked = {} } = secret;
    return Object.entries(tracked).flatMap(([versionId, by]) => {
      const version = `${quote(by)} relies on version ${quote(versionId)}`;
      if (!hasVersion(state, versionId)) {
        if (!isKnown(secret, 'versions')) return [];
        const lost = isKnown(secret, 'deprecatedVersions') ? 'does not exist' : 'has no stage or does not exist';
        return [{ sentence: `${version}, which ${lost}.`, versionId }];
      }
      const [stage, ...others] = secret.stagesOf(versionId);
      if (stage === undefined) return [{ sentence: `${version}, which has no stage and can be deleted.`, versionId }];
      if (stage !== dialect.stages.previous || others.length > 0) return [];
      const sentence = `${version}, whose only stage is ${quote(stage)}. The next new version takes that stage away.`;
      return [{ sentence, stage, versionId }];
    });
  },
});
