import type { Dialect } from './dialect.ts';
import { frozen } from './frozen.ts';

/** Huawei Cloud CSMS, the default of every operation. `evidenceOf` returns the source and the grade of each rule. */
export const huaweiCsms: Dialect = /* @__PURE__ */ frozen<Dialect>({
  id: 'huawei-csms',
  title: 'Huawei Cloud CSMS',
  secret: {
    name: '[\\w.-]{1,64}',
    pausedAs: ['DISABLED', 'FROZEN'],
    deletionDays: { least: 7, usual: 30, most: 30 },
    firstVersion: 'at-creation',
  },
  stages: {
    name: '[\\w-]{1,64}',
    limit: 12,
    limitCounts: 'all',
    move: 'free',
    current: 'SYSCURRENT',
    previous: 'SYSPREVIOUS',
    pending: null,
    previousIsRemovable: false,
    previousFollows: 'plain-version',
  },
  versions: {
    id: '.{1,64}',
    idPrefix: 'v',
    lists: { least: 0, most: 12 },
    repeatedId: 'refused',
    mayAwaitValue: false,
    limit: { most: 20, whenFull: 'drop-oldest-deprecated' },
    prune: 'deletes',
    latest: 'current-or-newest',
  },
});
