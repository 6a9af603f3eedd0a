import {
  alibabaKms,
  awsSecretsManager,
  type Dialect,
  defineDialect,
  googleSecretManager,
  huaweiCsms,
} from '../../../src/index.ts';

export { alibabaKms, awsSecretsManager, googleSecretManager };

export const aws: Dialect = defineDialect(huaweiCsms, {
  id: 'other-names',
  stages: { current: 'AWSCURRENT', previous: 'AWSPREVIOUS', pending: 'AWSPENDING', limit: 20 },
  versions: { idPrefix: 'version-' },
});

const threeLetters = '[a-z]{1,3}';

export const brief: Dialect = defineDialect(huaweiCsms, {
  id: 'three-letters',
  secret: { name: threeLetters },
  stages: { name: threeLetters, current: 'now', previous: 'old' },
  versions: { id: '[a-z]{1,3}\\d?', limit: { most: 9, whenFull: 'drop-oldest-deprecated' } },
});

/** Rules that `defineDialect` allows and that no cloud has. */
const strange: Dialect = defineDialect(huaweiCsms, {
  title: 'strange rules',
  secret: { pausedAs: ['FROZEN'], deletionDays: null },
  stages: { previousIsRemovable: true, pending: 'PENDING', move: 'from-the-named-holder' },
  versions: {
    lists: { least: 0, most: 0 },
    limit: { most: 4, whenFull: 'drop-oldest-deprecated', sparedHours: 2 },
    repeatedId: 'ignored',
  },
});

/** CSMS with low limits. */
const withLimits = (stages: number, versions: number, whenFull: 'refuse' | 'drop-oldest-deprecated'): Dialect =>
  defineDialect(huaweiCsms, { stages: { limit: stages }, versions: { limit: { most: versions, whenFull } } });

const oneStage: Dialect = defineDialect(withLimits(2, 1, 'drop-oldest-deprecated'), {
  stages: { limit: 1, limitCounts: 'all', previous: null },
});

/** Very different dialects. Some allow few names. */
export const dialects: readonly (readonly [name: string, dialect: Dialect])[] = [
  ['CSMS', huaweiCsms],
  ['AWS', awsSecretsManager],
  ['Alibaba', alibabaKms],
  ['Google', googleSecretManager],
  ['strange rules', strange],
  ['other names', aws],
  ['three letters', brief],
  ['one stage on one version', oneStage],
  ['two stages on two versions', withLimits(2, 2, 'drop-oldest-deprecated')],
  ['only built-in names', defineDialect(huaweiCsms, { stages: { name: 'SYS(CURRENT|PREVIOUS)' } })],
  ['only the first id', defineDialect(huaweiCsms, { versions: { id: 'v1' } })],
  ['previous follows every move', defineDialect(huaweiCsms, { stages: { previousFollows: 'any-move' } })],
  ['hard limits', withLimits(12, 3, 'refuse')],
];
