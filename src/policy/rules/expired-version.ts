import { cloudOf, huaweiCsms } from '../../dialects/index.ts';
import { entryOf } from '../../json.ts';
import { durationText, quote } from '../../text.ts';
import { defineRule, type PolicyRule } from '../rule.ts';
import { laterOf } from '../subject.ts';
import { movesToCurrent, putPrevious } from './remedies.ts';

/**
 * Source: CSMS API reference, UpdateVersion: a version has an expire_time (documented); that an expired version can still be read is
 * assumed. Versions of the other clouds never expire: their APIs have no field for it (documented: AWS SecretVersionsListEntry, Google
 * SecretVersion, Alibaba ListSecretVersionIds).
 */
export const expiredVersion: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'expired-version',
  title: 'No stage is on an expired version.',
  why: 'Readers of the stage get a value that may no longer work.',
  advice: 'Create a version, or extend the expiry of this one if its value still works.',
  severity: 'error',
  thresholds: {},
  needs: ['expireTimes', 'versions'],
  misses: ({ dialect }) => dialect.id === huaweiCsms.id || cloudOf(dialect.id) === undefined,
  find: (secret) => {
    const { state, dialect, at, expireTimes, timeOf } = secret;
    if (expireTimes === undefined) return [];
    const movesOf = movesToCurrent(secret);
    return state.stages.flatMap((held) => {
      const { name: stage, versionId } = held;
      const expireTime = entryOf(expireTimes, versionId);
      if (expireTime === undefined || expireTime > at) return [];
      const sentence = `Stage ${quote(stage)} is on version ${quote(versionId)}, which expired ${durationText(at - expireTime)} ago.`;
      const since = laterOf(expireTime, timeOf(stage));
      // Only a new version fixes an expired current one, and only someone with a new value can create it.
      const remedies = stage === dialect.stages.previous ? putPrevious(secret) : movesOf(held);
      return [{ sentence, stage, versionId, since, remedies }];
    });
  },
});
