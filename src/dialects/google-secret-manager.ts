import { type SourcedDialect, withSources } from '../dialect.ts';

/**
 * Google Secret Manager, whose stages are aliases of a version. It has no stage of its own: what it calls `latest` is the
 * newest version, and no alias. Versions are numbered 1, 2, 3 …
 *
 * The sources are its API definition (`resources.proto`, `service.proto`) and pages of its documentation by their names. Where
 * a rule is assumed, they say what it rests on.
 *
 * @example
 * const none = createSecret({ name: 'db', at: 0, versionId: null }, googleSecretManager);
 * const two = createVersion(createVersion(none, { at: 1000 }, googleSecretManager), { at: 2000 }, googleSecretManager);
 * latestVersion(two, googleSecretManager); // '2'
 * const aliased = assignStage(two, { stage: 'prod', versionId: '1', at: 3000 }, googleSecretManager);
 * versionOf(aliased, 'prod'); // '1'
 * tryAssignStage(two, { stage: 'Latest', versionId: '1', at: 3000 }, googleSecretManager).ok; // false
 */
export const googleSecretManager: SourcedDialect = /* @__PURE__ */ withSources(
  {
    name: 'Google Secret Manager',
    builtInStages: [],
    currentStage: null,
    previousStage: null,
    stageLimit: 50,
    stageListLimit: 0,
    versionLimit: null,
    statuses: ['ENABLED'],
    recoveryWindowInDays: null,
    secretName: /^[\w-]{1,255}$/,
    stageName: /^(?!(?:latest|new)$)[a-z][\w-]{0,62}$/i,
    versionId: /^[1-9]\d*$/,
    versionIdPrefix: '',
    versionsComeLater: true,
    deprecatedStay: true,
  },
  [
    ['builtInStages', 'documented', "resources.proto: aliases are the caller's"],
    ['currentStage', 'documented', 'resources.proto: none'],
    ['previousStage', 'documented', 'resources.proto: none'],
    ['stageLimit', 'documented', 'resources.proto: aliases of a secret'],
    ['stageListLimit', 'documented', 'service.proto: AddSecretVersion takes no alias'],
    ['versionLimit', 'documented', 'quotas: none is named'],
    ['statuses', 'documented', 'resources.proto: a secret has no state; its versions have'],
    ['recoveryWindowInDays', 'documented', 'service.proto: DeleteSecret deletes at once'],
    ['secretName', 'documented', 'service.proto: CreateSecret'],
    [
      'stageName',
      'documented',
      'resources.proto; that case does not matter in latest and new: assign an alias to a secret version',
    ],
    ['versionId', 'documented', 'resources.proto: numbers'],
    ['versionIdPrefix', 'documented', 'resources.proto: 1, then one more each'],
    ['freeStages', 'documented', 'resources.proto: every alias counts'],
    ['removableStages', 'documented', 'resources.proto: there is no built-in alias'],
    ['clearedStages', 'documented', 'service.proto: AddSecretVersion touches no alias'],
    ['movesNeedHolder', 'documented', 'service.proto: UpdateSecret names no holder'],
    ['previousFollowsMove', 'documented', 'resources.proto: there is no previous alias'],
    ['previousFollowsListedCurrent', 'documented', 'resources.proto: there is no previous alias'],
    ['deprecatedIsFinal', 'documented', 'resources.proto: an alias begins on a version that has none'],
    ['repeatKeepsTime', 'assumed', 'no answer tells when an alias was put'],
    ['stagesNeverRest', 'documented', 'resources.proto: a secret has no state'],
    ['emptyListIsRefused', 'documented', 'service.proto: AddSecretVersion takes no alias'],
    ['versionsComeLater', 'documented', 'service.proto: CreateSecret makes a secret without a version'],
    ['firstVersionIsCurrent', 'documented', 'resources.proto: there is no current alias'],
    ['repeatedIdChangesNothing', 'documented', 'service.proto: AddSecretVersion takes no id'],
    ['latestIsCurrent', 'documented', 'service.proto: latest is the most recently created version'],
    ['versionLimitIsRough', 'documented', 'quotas: no limit is named'],
    [
      'deprecatedStay',
      'documented',
      'service.proto: no call takes a version away; DestroySecretVersion takes its content',
    ],
    ['deprecatedStayInHours', 'documented', 'quotas: no version makes room'],
    ['versionLimitIsHard', 'documented', 'quotas: no limit is named'],
    ['pruningNeedsEnabled', 'documented', 'service.proto: nothing is pruned'],
    ['deletionNeedsEnabled', 'documented', 'service.proto: DeleteSecret deletes at once'],
  ],
  [
    [
      'a stage marks one version; put on another, it moves',
      'documented',
      'resources.proto: a map from alias to version',
    ],
    [
      'a version without a stage is deprecated',
      'assumed',
      "the word is the model's: in Google it is a version like any other",
    ],
    ['putting a new stage on a version creates it', 'documented', 'resources.proto'],
    ['a stage can be put only on a version that exists', 'assumed', 'no page says; nobody saw another'],
    ['the case of an alias matters', 'assumed', 'resources.proto: the keys of a map'],
    ['who gives a version an id chooses its number', 'assumed', 'the service alone numbers: leave it out'],
    ['two calls can be told as one', 'assumed', 'service.proto has CreateSecret and AddSecretVersion'],
    [
      'the newest version is the one of the latest time',
      'assumed',
      'service.proto: the most recently created; clocks go on',
    ],
    ['every stage can be removed', 'example', 'the acceptance test of the Terraform provider'],
    ['a version id is issued once', 'documented', 'resources.proto: numbers go up'],
  ],
);
