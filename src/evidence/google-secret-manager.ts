import type { CloudEvidence } from './evidence.ts';

/** The sources are the API definition (`resources.proto`, `service.proto`) and pages of the documentation by their names. */
export const googleSecretManager: CloudEvidence = {
  rules: {
    'secret.name': ['documented', 'service.proto: CreateSecret'],
    'secret.pausedAs': ['documented', 'resources.proto: a secret has no state; its versions have one'],
    'secret.deletionDays': ['documented', 'service.proto: DeleteSecret deletes at once'],
    'secret.firstVersion': ['documented', 'service.proto: CreateSecret creates a secret without a version'],
    'stages.name': [
      'documented',
      'resources.proto; the page "Assign an alias to a secret version": latest and new are reserved in any case',
    ],
    'stages.limit': [
      'documented',
      'resources.proto: aliases of a secret; in conflict with the quotas, which count 50 for each version',
    ],
    'stages.limitCounts': ['documented', 'resources.proto: every alias counts'],
    'stages.move': ['documented', 'service.proto: UpdateSecret names no holder'],
    'stages.current': ['documented', 'resources.proto: no alias is built in'],
    'stages.previous': ['documented', 'resources.proto: no alias is built in'],
    'stages.pending': ['documented', 'resources.proto: no alias is built in'],
    'stages.previousIsRemovable': ['documented', 'resources.proto: no alias is built in'],
    'stages.previousFollows: plain-version': ['documented', 'service.proto: AddSecretVersion changes no alias'],
    'stages.previousFollows: any-version': ['documented', 'service.proto: AddSecretVersion changes no alias'],
    'stages.previousFollows: any-move': ['documented', 'resources.proto: no alias is built in'],
    'versions.id': ['documented', 'resources.proto: numbers'],
    'versions.idPrefix': ['documented', 'resources.proto: 1, then one more each'],
    'versions.lists.least': ['documented', 'service.proto: AddSecretVersion takes no alias'],
    'versions.lists.most': ['documented', 'service.proto: AddSecretVersion takes no alias'],
    'versions.repeatedId': ['documented', 'service.proto: AddSecretVersion takes no id'],
    'versions.limit': ['documented', 'quotas: no limit is named'],
    'versions.prune': [
      'documented',
      'service.proto: no call deletes a version; DestroySecretVersion deletes its content',
    ],
    'versions.latest': ['documented', 'service.proto: latest is the most recently created version'],
  },
  model: [
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
    ['putting a stage where it is renews its time', 'assumed', 'no answer shows when an alias was put'],
    [
      'a deprecated version can be staged again',
      'documented',
      'resources.proto: an alias begins on a version that has none',
    ],
    [
      'versions and stages change in the only status that there is',
      'documented',
      'resources.proto: a secret has no state',
    ],
    ['a stage needs a version that exists', 'assumed', 'no page says; no other was observed'],
    [
      'every version can be read and staged',
      'assumed',
      'in conflict with resources.proto (documented): versions can be disabled and destroyed, and latest skips them; the model does not know that yet',
    ],
    ['the case of an alias matters', 'assumed', 'resources.proto: the keys of a map'],
    ['a caller may choose the number of a version', 'assumed', 'the service alone numbers them: omit the id'],
    ['two calls may be one', 'assumed', 'service.proto has CreateSecret and AddSecretVersion'],
    [
      'the newest version is the one with the latest time',
      'assumed',
      'service.proto: the most recently created; clocks go forward',
    ],
    ['every stage can be removed', 'observed', 'acceptance test of the Terraform provider'],
    ['a numbered version id is issued once', 'documented', 'resources.proto: numbers go up'],
  ],
};
