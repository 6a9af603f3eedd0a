import type { CloudEvidence } from './evidence.ts';

/**
 * The sources are the API definition (`resources.proto`, `service.proto`) and the names of pages of the documentation.
 */
export const googleSecretManager: CloudEvidence = {
  rules: {
    documented: {
      'secret.name': 'service.proto: CreateSecret',
      'secret.pausedAs': 'resources.proto: a secret has no state; its versions have one',
      'secret.deletionDays': 'service.proto: DeleteSecret deletes at once',
      'secret.firstVersion': 'service.proto: CreateSecret creates a secret without a version',
      'stages.name':
        'resources.proto; the page "Assign an alias to a secret version": latest and new are reserved in any mix of upper and lower case',
      'stages.limit':
        'resources.proto: aliases of a secret; in conflict with the quotas, which count 50 for each version',
      'stages.limitCounts': 'resources.proto: every alias counts',
      'stages.move': 'service.proto: UpdateSecret does not name the version that has the alias',
      'stages.current': 'resources.proto: no alias is built in',
      'stages.previous': 'resources.proto: no alias is built in',
      'stages.pending': 'resources.proto: no alias is built in',
      'stages.previousIsRemovable': 'resources.proto: no alias is built in',
      'stages.previousFollows: plain-version': 'service.proto: AddSecretVersion changes no alias',
      'stages.previousFollows: any-version': 'service.proto: AddSecretVersion changes no alias',
      'stages.previousFollows: any-move': 'resources.proto: no alias is built in',
      'versions.id': 'resources.proto: numbers',
      'versions.idPrefix': 'resources.proto: 1, 2, 3 and so on',
      'versions.lists.least': 'service.proto: AddSecretVersion takes no alias',
      'versions.lists.most': 'service.proto: AddSecretVersion takes no alias',
      'versions.repeatedId': 'service.proto: AddSecretVersion takes no id',
      'versions.mayAwaitValue': 'service.proto: AddSecretVersion requires a payload',
      'versions.limit': 'quotas: no limit is named',
      'versions.prune': 'service.proto: no call deletes a version; DestroySecretVersion deletes its content',
      'versions.latest': 'service.proto: latest is the most recently created version',
    },
    observed: {},
    assumed: {},
  },
  model: {
    documented: {
      'a stage is on at most one version; assigning it to another moves it':
        'resources.proto: a map from alias to version',
      'assigning a new stage creates it': 'resources.proto',
      'a deprecated version can get a stage again': 'resources.proto: an alias begins on a version that has none',
      'versions and stages change in the only status, ENABLED': 'resources.proto: a secret has no state',
      'only a scheduled deletion can be cancelled': 'service.proto: there is no call to restore',
      'a numbered version id is issued once': 'resources.proto: numbers go up',
    },
    observed: {
      'every stage can be removed': 'acceptance test of the Terraform provider',
    },
    assumed: {
      'a version without a stage is deprecated': "the word is the model's: in Google it is a version like any other",
      'assigning a stage to its own version updates its time': 'no response shows when an alias was put',
      'a stage needs a version that exists': 'no page says; no exception was observed',
      'every version can be read and marked':
        'in conflict with resources.proto (documented): versions can be disabled and destroyed, and latest skips them; the model does not know that yet',
      'the case of an alias matters': 'resources.proto: the keys of a map',
      'a caller can choose the number of a version': 'only the service numbers them: omit the id',
      'one operation can create a secret with its first version': 'service.proto has CreateSecret and AddSecretVersion',
      'the newest version is the one with the latest time':
        'service.proto: the most recently created; clocks go forward',
    },
  },
};
