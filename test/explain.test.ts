import { expect, test } from 'vitest';
import { explain, type Refusal, type RefusalCode } from '../src/index.ts';

const stages = [
  { name: 'SYSCURRENT', versionId: 'v2', updateTime: 1000 },
  { name: 'SYSPREVIOUS', versionId: 'v1', updateTime: 1000 },
];
const versions = { v1: { id: 'v1', createTime: 0, ordinal: 1 }, v2: { id: 'v2', createTime: 1000, ordinal: 2 } };

const sentences: { readonly [Code in RefusalCode]: readonly (readonly [Omit<Refusal<Code>, 'code'>, string])[] } = {
  WRONG_DIALECT: [
    [
      { stateDialect: 'aws-secrets-manager', dialect: 'huawei-csms' },
      'The secret belongs to "aws-secrets-manager", and the call uses the rules of "huawei-csms". Pass the dialect "aws-secrets-manager".',
    ],
  ],
  INVALID_VALUE: [
    [
      { field: 'stage', value: 'a b', rule: '/^[\\w-]{1,64}$/' },
      '"a b" is not allowed as stage: it must match /^[\\w-]{1,64}$/.',
    ],
    [
      { field: 'versionId', value: '', rule: '/^.{1,64}$/s' },
      '"" is not allowed as versionId: it must match /^.{1,64}$/s.',
    ],
    [
      { field: 'stage', value: 'x'.repeat(81), rule: 'short' },
      `"${'x'.repeat(79)}…" is not allowed as stage: it must be short.`,
    ],
    [
      { field: 'stage', value: 'x'.repeat(80), rule: 'short' },
      `"${'x'.repeat(80)}" is not allowed as stage: it must be short.`,
    ],
  ],
  SECRET_NOT_ENABLED: [
    [{ status: 'FROZEN' }, 'The secret is FROZEN: enable it first.'],
    [{ status: 'PENDING_DELETE' }, 'The secret is PENDING_DELETE: restore it first.'],
  ],
  ACTION_NOT_OFFERED: [
    [{ action: 'scheduleDeletion', dialect: 'our vault' }, 'our vault has no scheduleDeletion: leave it out.'],
  ],
  HOLDER_NOT_NAMED: [
    [
      { stage: 'canary', holder: 'v1' },
      'Stage "canary" is on version "v1": to move it, name that version as the one that it comes from.',
    ],
  ],
  DELETION_ALREADY_SCHEDULED: [
    [
      { scheduledDeleteTime: 0 },
      'The deletion is scheduled already, for 1970-01-01T00:00:00.000Z: restore the secret first to choose another day.',
    ],
    [
      { scheduledDeleteTime: null },
      'The deletion is scheduled already, for an unknown day: restore the secret first to choose another day.',
    ],
  ],
  DELETION_NOT_SCHEDULED: [
    [{ status: 'ENABLED' }, 'The secret is ENABLED, not PENDING_DELETE: there is no deletion to call off.'],
  ],
  UNKNOWN_VERSION: [
    [
      { versionId: 'v9', versions },
      'Version "v9" does not exist: there is "v1", "v2". Name one of these, or create a new version.',
    ],
    [{ versionId: 'v9', versions: {} }, 'Version "v9" does not exist, for there is none yet: create one first.'],
  ],
  UNKNOWN_STAGE: [
    [{ stage: 'canary', stages: [] }, 'Stage "canary" is on no version: there is none.'],
    [{ stage: 'canary', stages }, 'Stage "canary" is on no version: there is SYSCURRENT on "v2", SYSPREVIOUS on "v1".'],
  ],
  WRONG_HOLDER: [
    [
      { stage: 'canary', from: 'v1', holder: null },
      'Stage "canary" is on no version, not on version "v1": look again before you change it.',
    ],
  ],
  BUILT_IN_STAGE: [
    [
      { stage: 'SYSCURRENT', versionId: 'v2' },
      'Stage "SYSCURRENT" is built in and on version "v2": it cannot be removed, only moved.',
    ],
  ],
  STAGE_LIMIT: [
    [
      { stage: 'canary', limit: 2, stages },
      'Stage "canary" would pass the limit of 2: first remove one that is not built in, of SYSCURRENT on "v2", SYSPREVIOUS on "v1".',
    ],
  ],
  STAGE_LIST_LIMIT: [
    [
      { listed: ['a', 'b'], limit: 2, stages },
      'To list "a", "b" would pass the limit of 2: list fewer, or first remove one that is not built in, of SYSCURRENT on "v2", SYSPREVIOUS on "v1".',
    ],
    [{ listed: ['a', 'b'], limit: 1, stages }, 'To list "a", "b" would pass the limit of 1: list fewer.'],
  ],
  VERSION_LIMIT: [
    [
      { limit: 2, stages },
      'The secret has the 2 versions that it may have, and none makes room: prune one that is deprecated, or first take the stages off one, of SYSCURRENT on "v2", SYSPREVIOUS on "v1".',
    ],
    [
      { limit: 2, stages, roomAt: 86_400_000 },
      'The secret has the 2 versions that it may have, and none makes room before 1970-01-02T00:00:00.000Z: wait until then.',
    ],
    [
      { limit: 2, stages: [], roomAt: 864e13 + 1 },
      'The secret has the 2 versions that it may have, and none makes room before the end of all time: wait until then.',
    ],
  ],
  VERSION_ID_TAKEN: [
    [{ versionId: 'v1', exists: true }, 'Version "v1" exists already. Choose another id, or omit it.'],
    [
      { versionId: 'v1', exists: false },
      'The series of version ids is past "v1", and none of them is issued twice. Choose another id, or omit it.',
    ],
  ],
  UNKNOWN_ACTION: [
    [{ type: 'move', known: ['restore', 'setStatus'] }, '"move" is not an action: there is restore, setStatus.'],
  ],
  INVALID_HISTORY: [
    [
      {
        problems: [
          { path: 'history.past[0].revision', expected: 'above 2' },
          { path: 'history.length', expected: 'from 1' },
        ],
      },
      'This is not a history: history.past[0].revision must be above 2; history.length must be from 1.',
    ],
  ],
  INVALID_STATE: [
    [
      {
        problems: [
          { path: 'state.name', expected: 'a name', found: 'a b' },
          { path: 'state.id', expected: '/^.{1,64}$/s', found: 'x' },
          { path: 'state.x', expected: 'omitted' },
          { path: 'state', expected: 'A stage marks at most one version.', law: 'one-version-a-stage' },
        ],
      },
      'This is not a secret: state.name must be a name, not "a b"; state.id must match /^.{1,64}$/s, not "x"; state.x must be omitted; ' +
        'state breaks the law one-version-a-stage (A stage marks at most one version.).',
    ],
    [
      { problems: Array.from({ length: 22 }, (_, index) => ({ path: `${index}`, expected: 'x' })) },
      `This is not a secret: ${Array.from({ length: 20 }, (_, index) => `${index} must be x`).join('; ')}; 2 more.`,
    ],
    [
      { problems: Array.from({ length: 20 }, (_, index) => ({ path: `${index}`, expected: 'x' })) },
      `This is not a secret: ${Array.from({ length: 20 }, (_, index) => `${index} must be x`).join('; ')}.`,
    ],
  ],
  DIALECT_CONTRADICTION: [
    [
      {
        dialect: 'our vault',
        contradictions: [
          { rules: ['stages.previous', 'stages.current'], why: 'needs a current stage to follow' },
          { rules: ['stages.limit'], why: 'must be a whole number from 1' },
          { rules: ['stages.pending', 'stages.current', 'stages.previous'], why: 'must be another stage' },
        ],
      },
      'Dialect "our vault" contradicts itself: stages.previous needs a current stage to follow (stages.current); ' +
        'stages.limit must be a whole number from 1; ' +
        'stages.pending must be another stage (stages.current, stages.previous).',
    ],
  ],
};

const cases = Object.entries(sentences).flatMap(([code, examples]) =>
  examples.map(([facts, sentence]) => [code, facts, sentence] as const),
);

test.each(cases)('%s %j', (code, facts, sentence) => {
  expect(Reflect.apply(explain, null, [{ code, ...facts }])).toBe(sentence);
});
