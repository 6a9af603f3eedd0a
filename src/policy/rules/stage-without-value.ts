import { entryOf } from '../../json.ts';
import { quote } from '../../text.ts';
import { defineRule, type PolicyRule } from '../rule.ts';
import { movesToCurrent, putPrevious } from './remedies.ts';

/**
 * AWS makes a version without a value at the start of a rotation, and puts AWSPENDING on it (AWS Secrets Manager API reference,
 * RotateSecret, documented). Its readers get ResourceNotFoundException (moto has verified it).
 *
 * Incidents: https://github.com/aws/aws-sdk-js-v3/issues/7701, https://github.com/getmoto/moto/pull/8504.
 */
export const stageWithoutValue: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'stage-without-value',
  title: 'Only the pending stage is on a version without a value.',
  why: 'Readers of any other stage expect a value, and get an error.',
  advice: 'Give the version its value, or move the stage to a version that has one.',
  severity: 'error',
  thresholds: {},
  needs: ['versions'],
  misses: ({ dialect }) => dialect.versions.mayAwaitValue,
  find: (secret) => {
    const { previous, pending } = secret.dialect.stages;
    const { timeOf } = secret;
    const movesOf = movesToCurrent(secret);
    return secret.state.stages.flatMap((held) => {
      const { name: stage, versionId } = held;
      if (stage === pending || !entryOf(secret.state.versions, versionId)?.withoutValue) return [];
      const sentence = `Stage ${quote(stage)} is on version ${quote(versionId)}, which has no value.`;
      // Only a value, or a rollback, fixes a current version without one.
      const remedies = stage === previous ? putPrevious(secret) : movesOf(held);
      return [{ sentence, stage, versionId, since: timeOf(stage), remedies }];
    });
  },
});
