import { deprecatedVersions } from '../../index.ts';
import { counted } from '../../text.ts';
import { defineRule, type PolicyRule } from '../rule.ts';
import { prune } from './remedies.ts';

/** Finds nothing if the cloud cannot prune (`versions.prune: 'keeps'`). */
export const deprecatedPile: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'deprecated-pile',
  title: 'The secret has few deprecated versions, in a cloud that may delete them at any time.',
  why: 'Each one has a value that may still be readable and that no one maintains.',
  advice: 'Prune the deprecated versions. In CSMS, wait: it deletes them at any time, and has no API call for it.',
  severity: 'note',
  thresholds: { versions: 10 },
  needs: ['versions', 'deprecatedVersions'],
  misses: ({ state, dialect }, _, { versions }) =>
    dialect.versions.prune === 'deletes' && deprecatedVersions(state).length <= versions,
  find: (secret, { versions }) => {
    const { length } = deprecatedVersions(secret.state);
    if (secret.dialect.versions.prune === 'keeps' || length <= versions) return [];
    const sentence = `The secret has ${counted(length, 'deprecated version')}.`;
    return [{ sentence, remedies: prune(secret, { keep: Math.floor(versions) }) }];
  },
});
