import type { Dialect } from './dialect.ts';
import { frozen } from './frozen.ts';

/**
 * Google Secret Manager, where stages are called aliases. No alias is built in: `latest` is the newest version, not an
 * alias. Versions are numbered 1, 2, 3 …
 *
 * @example
 * const none = createSecret({ name: 'db', at: 0, versionId: null }, googleSecretManager);
 * const two = createVersion(createVersion(none, { at: 1000 }, googleSecretManager), { at: 2000 }, googleSecretManager);
 * latestVersion(two, googleSecretManager); // '2'
 * const aliased = assignStage(two, { stage: 'prod', versionId: '1', at: 3000 }, googleSecretManager);
 * versionOf(aliased, 'prod'); // '1'
 * tryAssignStage(two, { stage: 'Latest', versionId: '1', at: 3000 }, googleSecretManager).ok; // false
 */
export const googleSecretManager: Dialect = /* @__PURE__ */ frozen<Dialect>({
  id: 'google-secret-manager',
  title: 'Google Secret Manager',
  secret: {
    name: '[\\w-]{1,255}',
    pausedAs: [],
    deletionDays: null,
    firstVersion: 'may-come-later',
  },
  stages: {
    name: '(?!(?:[Ll][Aa][Tt][Ee][Ss][Tt]|[Nn][Ee][Ww])$)[A-Za-z][\\w-]{0,62}',
    limit: 50,
    limitCounts: 'all',
    move: 'free',
    current: null,
    previous: null,
    pending: null,
    previousIsRemovable: false,
    previousFollows: 'plain-version',
  },
  versions: {
    id: '[1-9]\\d*',
    idPrefix: '',
    lists: { least: 0, most: 0 },
    repeatedId: 'refused',
    mayAwaitValue: false,
    limit: null,
    prune: 'keeps',
    latest: 'newest',
  },
});
