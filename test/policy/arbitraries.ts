import fc from 'fast-check';
import {
  currentVersion,
  type Dialect,
  defineDialect,
  previousVersion,
  type SecretAction,
  type SecretState,
  tryReduce,
} from '../../src/index.ts';
import { lastTime } from '../../src/limits.ts';
import { type CheckRequest, pack, type Rotation, type Unknown } from '../../src/policy/index.ts';
import { type Lived, livedAnywhere, stageIn } from '../arbitraries.ts';

const day = 86_400_000;

/** Small, so that the short clocks of a history reach them. */
const threshold: fc.Arbitrary<number> = fc.constantFrom(0, 1 / day, 2.5 / day, 5 / day, 0.5, 1, 2, 3, 7, 1e300);

/** The pack, each rule unchanged or with other thresholds. */
export const policy = fc.array(fc.option(threshold), { minLength: pack.length, maxLength: pack.length }).map((values) =>
  pack.map((rule, index) => {
    const value = values[index];
    if (value === null || value === undefined) return rule;
    return rule.with({ thresholds: Object.fromEntries(Object.keys(rule.thresholds).map((name) => [name, value])) });
  }),
);

const then = ({ dialect, state }: Lived, ...actions: readonly SecretAction[]): Lived => ({
  dialect,
  state: actions.reduce((state, action) => {
    const outcome = tryReduce(state, action, dialect);
    return outcome.ok ? outcome.state : state;
  }, state),
});

const rotated = (one: Lived): Lived =>
  then(one, ...[20, 21, 22, 23].map((at): SecretAction => ({ type: 'createVersion', at })));

const moved = (one: Lived, name: string, versionId: string | undefined, from: string | undefined): Lived =>
  then(one, { type: 'assignStage', stage: stageIn(one.dialect, name), versionId: versionId ?? '', at: 20, from });

/** Changes that random actions rarely make. Only an import can show the first three. */
const twists: Readonly<Record<string, (one: Lived) => Lived>> = {
  'no current': (one) => without(one, ['SYSCURRENT']),
  'no previous': (one) => without(one, ['SYSPREVIOUS']),
  neither: (one) => without(one, ['SYSCURRENT', 'SYSPREVIOUS']),
  'rolled back': (one) => {
    const { state, dialect } = one;
    return moved(one, 'SYSCURRENT', previousVersion(state, dialect), currentVersion(state, dialect));
  },
  'both on one': (one) => {
    const { state, dialect } = one;
    return moved(one, 'SYSPREVIOUS', currentVersion(state, dialect), previousVersion(state, dialect));
  },
  'often rotated': rotated,
  'a new version waits': (one) =>
    then(one, { type: 'createVersion', at: 20, stages: [stageIn(one.dialect, 'pending')] }),
  'a version waits for its value': (one) =>
    then(one, {
      type: 'createVersion',
      at: 20,
      stages: [stageIn(one.dialect, 'SYSPREVIOUS'), 'blue'],
      withoutValue: true,
    }),
  'a hard limit': (one) => atLimit(one),
  // Few of its remedies work.
  'a hard limit, again': (one) => atLimit(one),
  none: (one) => one,
};

const atLimit = (one: Lived): Lived => {
  const { dialect, state } = rotated(one);
  const most = Object.keys(state.versions).length + 1;
  return { dialect: defineDialect(dialect, { versions: { limit: { most, whenFull: 'refuse' } } }), state };
};

const without = ({ dialect, state }: Lived, names: readonly string[]): Lived => {
  const taken = names.map((name) => stageIn(dialect, name));
  const stages = state.stages.filter((stage) => !taken.includes(stage.name));
  return { dialect, state: Object.freeze({ ...state, stages: Object.freeze(stages) }) };
};

const possible: fc.Arbitrary<Lived> = fc
  .tuple(livedAnywhere, fc.constantFrom(...Object.values(twists)))
  .map(([one, twist]) => twist(one));

/** What can be unknown about a secret. */
const unknownOf = ({ stages, versions }: SecretState): fc.Arbitrary<Unknown[]> =>
  fc.subarray<Unknown>(
    [
      ...stages.map(({ name }) => ({ what: 'stageTime', stage: name }) as const),
      { what: 'issued' },
      { what: 'deprecatedVersions' },
      { what: 'rotation' },
      ...Object.keys(versions).map((versionId) => ({ what: 'createTime', versionId }) as const),
      ...Object.keys(versions).map((after) => ({ what: 'versions', after }) as const),
      ...Object.keys(versions).map((versionId) => ({ what: 'order', versionId }) as const),
      { what: 'status' },
      { what: 'expireTimes' },
    ],
    { maxLength: 3 },
  );

const expireTimesOf = ({ versions }: SecretState): fc.Arbitrary<Record<string, number>> =>
  fc.array(fc.option(fc.nat(40)), { minLength: 0, maxLength: Object.keys(versions).length }).map((times) =>
    Object.fromEntries(
      Object.keys(versions).flatMap((id, index) => {
        const time = times[index];
        return time === null || time === undefined ? [] : [[id, time] as const];
      }),
    ),
  );

const rotation: fc.Arbitrary<Rotation> = fc.record({
  isEnabled: fc.boolean(),
  lastTime: fc.option(fc.nat(40)),
  everyDays: fc.option(fc.integer({ min: 1, max: 90 })),
  nextTime: fc.option(fc.nat(90).map((days) => days * day)),
});

const trackedOf = ({ versions }: SecretState): fc.Arbitrary<Record<string, string>> =>
  fc
    .subarray(Object.keys(versions), { maxLength: Math.min(1, Object.keys(versions).length) })
    .map((ids) => Object.fromEntries(ids.map((id) => [id, 'main.tf'])));

/** Near the times of a history, days later, and at both ends. */
const at: fc.Arbitrary<number> = fc.oneof(
  { weight: 4, arbitrary: fc.nat(40) },
  { weight: 4, arbitrary: fc.nat(100).map((days) => days * day + 20) },
  { weight: 1, arbitrary: fc.constantFrom(0, lastTime) },
);

export interface Asked {
  readonly state: SecretState;
  readonly request: CheckRequest;
  readonly dialect: Dialect;
}

/** A secret, what else is known about it, a policy and a dialect. */
export const asked: fc.Arbitrary<Asked> = possible.chain(({ dialect, state }) =>
  fc
    .record({
      at,
      dialect: fc.constant(dialect),
      policy,
      expireTimes: fc.option(expireTimesOf(state), { nil: undefined }),
      unknown: fc.option(unknownOf(state), { nil: undefined }),
      rotation: fc.option(rotation, { nil: undefined }),
      tracked: fc.option(trackedOf(state), { nil: undefined, freq: 1 }),
    })
    .map((request) => ({ dialect, state, request })),
);

/** A request of CSMS with a dialect that can be read and nothing else. */
export const onlyTheDialect = (): CheckRequest =>
  new Proxy<CheckRequest>(
    { at: 0 },
    {
      get: (_, field) => {
        if (field !== 'dialect') throw new Error(`${String(field)} was read`);
      },
    },
  );
