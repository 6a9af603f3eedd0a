import { numberInSeries } from '../../series.ts';
import { countVersions } from '../../state.ts';
import { quote } from '../../text.ts';
import { type Case, defineRule, type PolicyRule } from '../rule.ts';
import { isKnown } from '../subject.ts';
import { currentOrNewest, putPrevious } from './remedies.ts';

export const previousExists: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'previous-exists',
  title: 'A secret whose current version is not its first has a previous version.',
  why: 'Without a previous version, a bad current version cannot be rolled back.',
  advice: 'Create a version. The current one then becomes the previous one.',
  severity: 'warning',
  thresholds: {},
  needs: ['issued', 'versions', 'deprecatedVersions', 'createTime', 'order'],
  misses: (secret, { what }) => {
    const { state, dialect } = secret;
    const { previous: stage, previousFollows } = dialect.stages;
    if (stage === null || secret.previous !== undefined) return false;
    if (what === 'versions') return true;
    // If the previous stage follows every move (AWS), the version that the current stage left has it and is listed.
    if (previousFollows === 'any-move' || countVersions(state) === 0) return false;
    if (what === 'deprecatedVersions' && isNewestUnknown(secret)) return true;
    // The first version of a secret is v1 (CSMS: CreateSecret, documented).
    return (ordinalOfCurrent(secret) ?? 1) === 1 && numberInSeries(`${currentOrNewest(secret)}`, dialect) !== 1;
  },
  find: (secret) => {
    const { previous: stage } = secret.dialect.stages;
    if (stage === null || secret.previous !== undefined || !isKnown(secret, 'versions')) return [];
    if (isNewestUnknown(secret)) return [];
    const ordinal = ordinalOfCurrent(secret);
    if (ordinal === undefined || ordinal === 1) return [];
    const sentence = `Stage ${quote(stage)} is on no version, so there is nothing to roll back to.`;
    return [{ sentence, stage, remedies: putPrevious(secret) }];
  },
});

/** Without a current version the newest counts, and that may be a deprecated one. */
function isNewestUnknown(secret: Case): boolean {
  return secret.current === undefined && !isKnown(secret, 'deprecatedVersions');
}

/** The place of the current version among all that the secret has ever had; undefined without one. */
function ordinalOfCurrent(secret: Case): number | undefined {
  const versionId = currentOrNewest(secret);
  return versionId === undefined ? undefined : secret.state.versions[versionId]?.ordinal;
}
