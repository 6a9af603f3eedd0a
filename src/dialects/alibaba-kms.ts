import type { Dialect } from './dialect.ts';
import { frozen } from './frozen.ts';

/**
 * Generic secrets of Alibaba Cloud KMS. There, the caller chooses every version id. If you omit it, the model numbers
 * the versions.
 *
 * @example
 * const one = createSecret({ name: 'db', at: 0, versionId: 'first' }, alibabaKms);
 * const two = createVersion(one, { at: 1000, versionId: 'second', fingerprint: 'a1' }, alibabaKms);
 * stagesOf(two, 'first'); // ['ACSPrevious']
 * createVersion(two, { at: 2000, versionId: 'second', fingerprint: 'a1' }, alibabaKms) === two; // true
 * tryRemoveStage(two, { stage: 'ACSPrevious', at: 2000 }, alibabaKms).ok; // false
 */
export const alibabaKms: Dialect = /* @__PURE__ */ frozen<Dialect>({
  id: 'alibaba-kms',
  title: 'Alibaba Cloud KMS',
  secret: {
    name: '(?!acs/)[\\w/+=.@-]{1,192}',
    pausedAs: [],
    deletionDays: { least: 7, usual: 30, most: 30 },
    firstVersion: 'at-creation',
  },
  stages: {
    name: '.+',
    limit: 8,
    limitCounts: 'all',
    move: 'free',
    current: 'ACSCurrent',
    previous: 'ACSPrevious',
    pending: null,
    previousIsRemovable: false,
    previousFollows: 'any-version',
  },
  versions: {
    id: '.{1,64}',
    idPrefix: 'v',
    lists: { least: 0, most: 7 },
    repeatedId: 'ignored',
    mayAwaitValue: false,
    limit: { most: 10, whenFull: 'drop-oldest-deprecated' },
    prune: 'keeps',
    latest: 'current',
  },
});
