import { type SourcedDialect, withSources } from '../dialect.ts';

/**
 * Generic secrets of Alibaba Cloud KMS. Every version id is the caller's there; who gives none gets a series of the model's
 * own.
 *
 * The sources are pages of its API reference and guides by their names. Where a rule is assumed, they say what it rests on.
 *
 * @example
 * const one = createSecret({ name: 'db', at: 0, versionId: 'first' }, alibabaKms);
 * const two = createVersion(one, { at: 1000, versionId: 'second', fingerprint: 'a1' }, alibabaKms);
 * stagesOf(two, 'first'); // ['ACSPrevious']
 * createVersion(two, { at: 2000, versionId: 'second', fingerprint: 'a1' }, alibabaKms) === two; // true
 * tryRemoveStage(two, { stage: 'ACSPrevious', at: 2000 }, alibabaKms).ok; // false
 */
export const alibabaKms: SourcedDialect = /* @__PURE__ */ withSources(
  {
    name: 'Alibaba Cloud KMS',
    builtInStages: ['ACSCurrent', 'ACSPrevious'],
    currentStage: 'ACSCurrent',
    previousStage: 'ACSPrevious',
    stageLimit: 8,
    stageListLimit: 8,
    versionLimit: 10,
    statuses: ['ENABLED', 'PENDING_DELETE'],
    recoveryWindowInDays: { least: 7, most: 30, usual: 30 },
    secretName: /^(?!acs\/)[\w/+=.@-]{1,192}$/,
    stageName: /^.+$/s,
    versionId: /^.{1,64}$/s,
    versionIdPrefix: 'v',
    previousFollowsListedCurrent: true,
    repeatedIdChangesNothing: true,
    latestIsCurrent: true,
    deprecatedStay: true,
  },
  [
    ['builtInStages', 'documented', 'UpdateSecretVersionStage'],
    ['currentStage', 'documented', 'CreateSecret, PutSecretValue'],
    ['previousStage', 'documented', 'PutSecretValue'],
    ['stageLimit', 'documented', 'UpdateSecretVersionStage; that the built-in ones count is assumed'],
    ['stageListLimit', 'assumed', 'no list can be longer than all stages of the secret'],
    ['versionLimit', 'documented', 'PutSecretValue'],
    ['statuses', 'documented', 'DescribeSecret: a planned time of deletion, and no status'],
    ['recoveryWindowInDays', 'documented', 'DeleteSecret'],
    ['secretName', 'documented', 'CreateSecret'],
    ['stageName', 'assumed', 'no page gives a rule, so any but the empty one'],
    ['versionId', 'documented', 'CreateSecret: at most 64 characters; that one is enough, and any will do, is assumed'],
    ['versionIdPrefix', 'assumed', 'CreateSecret: the caller chooses each id; this series is ours'],
    ['freeStages', 'assumed', 'UpdateSecretVersionStage: the stages of the secret in total'],
    ['removableStages', 'documented', 'UpdateSecretVersionStage: both built-in ones can only move'],
    ['clearedStages', 'assumed', 'PutSecretValue tells of the built-in ones alone'],
    [
      'movesNeedHolder',
      'example',
      'the guide to rotation moves ACSCurrent by its new version alone; assumed of others',
    ],
    ['previousFollowsMove', 'assumed', 'no page says whether it follows; all that do tell of PutSecretValue'],
    ['previousFollowsListedCurrent', 'assumed', 'PutSecretValue: the version that was current is marked previous'],
    ['deprecatedIsFinal', 'assumed', 'no page forbids it while the version exists'],
    ['repeatKeepsTime', 'assumed', 'no answer tells when a stage was put'],
    ['stagesNeverRest', 'assumed', 'no page says what a scheduled deletion forbids'],
    ['emptyListIsRefused', 'assumed', 'no page gives the list a least length'],
    ['versionsComeLater', 'documented', 'CreateSecret stores the first version'],
    ['firstVersionIsCurrent', 'documented', 'CreateSecret: and no other call makes a first one'],
    ['repeatedIdChangesNothing', 'documented', 'PutSecretValue: the request is ignored'],
    ['latestIsCurrent', 'documented', 'GetSecretValue: ACSCurrent unless told otherwise'],
    ['versionLimitIsRough', 'documented', 'PutSecretValue'],
    ['deprecatedStay', 'assumed', 'ListSecretVersionIds lists them when asked; no page tells of another end'],
    ['deprecatedStayInHours', 'documented', 'PutSecretValue: no age is named'],
    ['versionLimitIsHard', 'documented', 'overview of generic secrets: the earliest without a stage goes'],
    ['pruningNeedsEnabled', 'assumed', 'no page says'],
    ['deletionNeedsEnabled', 'documented', 'DeleteSecret; a secret knows no status but waiting for its deletion'],
  ],
  [
    ['a stage marks one version; put on another, it moves', 'documented', 'overview of generic secrets'],
    ['a version without a stage is deprecated', 'documented', 'overview of generic secrets'],
    ['putting a new stage on a version creates it', 'documented', 'UpdateSecretVersionStage'],
    ['built-in stages can be moved', 'documented', 'UpdateSecretVersionStage'],
    ['a new version takes exactly the stages that it lists', 'documented', 'PutSecretValue'],
    ['versions are created on an ENABLED secret', 'assumed', 'no page says what a scheduled deletion forbids'],
    [
      'deprecated versions make room oldest first',
      'documented',
      'overview of generic secrets; PutSecretValue: the earliest',
    ],
    ['a version id is issued once', 'assumed', 'CreateSecret: unique; of versions that are gone no page tells'],
    ['a repeated id changes no stage', 'documented', 'PutSecretValue: the request is ignored'],
    ['a listed stage moves', 'assumed', 'the overview: a stage marks one version; of lists no page tells'],
    [
      'a custom stage moves without its holder',
      'assumed',
      'the guide to rotation moves ACSCurrent; of others no page tells',
    ],
    ['who is named must have the stage', 'assumed', 'no page says'],
    ['a restored secret is ENABLED', 'documented', 'RestoreSecret'],
  ],
);
