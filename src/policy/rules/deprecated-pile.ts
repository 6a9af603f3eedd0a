import { deprecatedVersions } from '../../index.ts';
import { counted } from '../../text.ts';
import { defineRule, type PolicyRule } from '../rule.ts';
import { prune } from './remedies.ts';

/** Where none can be pruned (`versions.prune: 'keeps'`), nobody can do anything about it, and nothing is found. */
export const deprecatedPile: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'deprecated-pile',
  title: 'Deprecated versions do not pile up.',
  why: 'Each is a value that may still be read, and that nobody looks after.',
  advice: 'Prune the deprecated versions.',
  severity: 'note',
  thresholds: { versions: 10 },
  needs: ['versions'],
  misses: ({ dialect }) => dialect.versions.prune === 'deletes',
  find: (secret, { versions }) => {
    const { length } = deprecatedVersions(secret.state);
    if (secret.dialect.versions.prune === 'keeps' || length <= versions) return [];
    const sentence = `The secret keeps ${counted(length, 'deprecated version')}.`;
    return [{ sentence, remedies: prune(secret, { keep: Math.floor(versions) }) }];
  },
});
