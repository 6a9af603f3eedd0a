import fc from 'fast-check';
import {
  type CreateSecret,
  createSecret,
  type Dialect,
  huaweiCsms,
  type SecretAction,
  type SecretState,
  tryReduce,
} from '../src/index.ts';

/** Names that have broken other people's code, whether a dialect allows them or not. */
export const hostileNames = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  ' ',
  'a'.repeat(64),
  'a'.repeat(65),
  '\u0000',
  'v1\u0000',
  '\uD800',
  '\uDC00',
  '😀',
  'SYSCURREN\u0422',
  'syscurrent',
  'null',
  'v01',
  'v1.0',
  '1',
  '-0',
];

const stageNames = ['SYSCURRENT', 'SYSPREVIOUS', 'canary', 'blue', '__proto__', 'constructor', 'toString'];
const manyStageNames = Array.from({ length: 12 }, (_, index) => `stage-${index}`);
const versionIds = ['v1', 'v2', 'v3', 'v4', 'v5', 'v9', 'mine', '__proto__', 'constructor'];

/** Mostly one of the good, sometimes a hostile one. */
const mostly = (...good: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.constantFrom(...hostileNames) },
  );

export const stageName: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: mostly(...stageNames) },
  { weight: 1, arbitrary: fc.constantFrom(...manyStageNames) },
);
export const versionId: fc.Arbitrary<string> = mostly(...versionIds);
const secretName: fc.Arbitrary<string> = mostly('db', 'db.password', '__proto__');

/** Few enough to collide: the same millisecond twice, and clocks that go back. */
export const time: fc.Arbitrary<number> = fc.oneof(
  { weight: 20, arbitrary: fc.nat(20) },
  { weight: 1, arbitrary: fc.constantFrom(-1, -0, 0.5, Number.NaN, 864e13, 864e13 + 1, Number.POSITIVE_INFINITY) },
);

const optional = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(arbitrary, { nil: undefined });

const rarely = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

export const createRequest: fc.Arbitrary<CreateSecret> = fc.record({
  name: secretName,
  at: time,
  versionId: rarely(versionId),
});

export const action: fc.Arbitrary<SecretAction> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('createVersion' as const),
      at: time,
      versionId: rarely(versionId),
      stages: optional(fc.array(stageName, { maxLength: 4 })),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('assignStage' as const),
      stage: stageName,
      versionId,
      at: time,
      from: rarely(fc.option(versionId)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('removeStage' as const),
      stage: stageName,
      at: time,
      from: rarely(versionId),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('pruneDeprecated' as const),
      keep: optional(fc.integer({ min: -1, max: 3 })),
      createdBefore: optional(time),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('scheduleDeletion' as const),
      at: time,
      recoveryWindowInDays: optional(fc.integer({ min: 5, max: 32 })),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('restore' as const), at: time }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('setStatus' as const),
      status: fc.constantFrom('ENABLED', 'ENABLED', 'ENABLED', 'DISABLED', 'FROZEN'),
      at: time,
    }),
  },
);

/** CSMS, or CSMS with limits that a short history reaches and with any of the assumed rules turned. */
export const dialect: fc.Arbitrary<Dialect> = fc.oneof(
  fc.constant<Dialect>(huaweiCsms),
  fc
    .record({
      stageLimit: fc.integer({ min: 2, max: 5 }),
      stageListLimit: fc.integer({ min: 1, max: 4 }),
      versionLimit: fc.integer({ min: 1, max: 4 }),
      freeStages: fc.constantFrom([], ['SYSCURRENT', 'SYSPREVIOUS'], ['canary']),
      previousFollowsMove: fc.boolean(),
      previousFollowsListedCurrent: fc.boolean(),
      deprecatedIsFinal: fc.boolean(),
      repeatKeepsTime: fc.boolean(),
      stagesNeverRest: fc.boolean(),
      versionLimitIsHard: fc.boolean(),
      pruningNeedsEnabled: fc.boolean(),
      deletionNeedsEnabled: fc.boolean(),
    })
    .map((rules) => ({ ...huaweiCsms, ...rules })),
);

/** What a history leads to, under its dialect; refused actions are skipped. */
export interface Lived {
  readonly dialect: Dialect;
  readonly state: SecretState;
}

export const lived: fc.Arbitrary<Lived> = fc
  .record({ dialect, actions: fc.array(action, { maxLength: 30 }) })
  .map(({ dialect, actions }) => {
    const born = createSecret({ name: 'db', at: 0 }, dialect);
    const state = actions.reduce((state, action) => {
      const outcome = tryReduce(state, action, dialect);
      return outcome.ok ? outcome.state : state;
    }, born);
    return { dialect, state };
  });
