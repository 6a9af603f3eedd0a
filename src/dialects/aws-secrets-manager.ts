import type { Dialect } from './dialect.ts';
import { frozen } from './frozen.ts';

/**
 * AWS Secrets Manager, where stages are called staging labels. Version ids are the caller's tokens of 32 to 64
 * characters. If you omit the id, the model numbers the versions, because it has no randomness.
 *
 * @example
 * const token = (number: number) => `bb6a3d22-dc93-47ac-b5bd-88df7ad35f1${number}`;
 * const one = createSecret({ name: 'db', at: 0, versionId: token(1) }, awsSecretsManager);
 * const two = createVersion(one, { at: 1000, versionId: token(2), stages: ['AWSPENDING'] }, awsSecretsManager);
 * const promotion = { stage: 'AWSCURRENT', versionId: token(2), at: 2000 };
 * tryAssignStage(two, promotion, awsSecretsManager).ok; // false
 * const promoted = assignStage(two, { ...promotion, from: token(1) }, awsSecretsManager);
 * stagesOf(promoted, token(1)); // ['AWSPREVIOUS']
 * stagesOf(promoted, token(2)); // ['AWSCURRENT', 'AWSPENDING']
 */
export const awsSecretsManager: Dialect = /* @__PURE__ */ frozen<Dialect>({
  id: 'aws-secrets-manager',
  title: 'AWS Secrets Manager',
  secret: {
    name: '[\\w/+=.@!-]{1,512}',
    pausedAs: [],
    deletionDays: { least: 7, usual: 30, most: 30 },
    firstVersion: 'may-come-later-and-is-current',
  },
  stages: {
    name: '.{1,256}',
    limit: 20,
    limitCounts: 'all',
    move: 'from-the-named-holder',
    current: 'AWSCURRENT',
    previous: 'AWSPREVIOUS',
    pending: 'AWSPENDING',
    previousIsRemovable: true,
    previousFollows: 'any-move',
  },
  versions: {
    id: '.{32,64}',
    idPrefix: '00000000-0000-4000-8000-00000000000',
    lists: { least: 1, most: 20 },
    repeatedId: 'ignored',
    mayAwaitValue: true,
    limit: { most: 100, whenFull: 'drop-oldest-deprecated', sparedHours: 24, isRough: true },
    prune: 'keeps',
    latest: 'current',
  },
});
