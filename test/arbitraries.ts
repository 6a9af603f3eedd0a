import fc from 'fast-check';
import { fits } from '../src/dialects/pattern.ts';
import {
  alibabaKms,
  awsSecretsManager,
  type CreateSecret,
  contradictions,
  createSecret,
  type Dialect,
  type DialectChanges,
  defineDialect,
  googleSecretManager,
  huaweiCsms,
  type SecretAction,
  type SecretState,
  tryReduce,
  versionOf,
} from '../src/index.ts';
import { lastTime } from '../src/limits.ts';

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
  { weight: 1, arbitrary: fc.constantFrom(-1, -0, 0.5, Number.NaN, lastTime, lastTime + 1, Number.POSITIVE_INFINITY) },
);

const optional = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(arbitrary, { nil: undefined });

const rarely = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

/** What an action is made of. */
interface Words {
  readonly stageName: fc.Arbitrary<string>;
  readonly time: fc.Arbitrary<number>;
  readonly fingerprint: fc.Arbitrary<string | undefined>;
  readonly withoutValue: fc.Arbitrary<boolean | undefined>;
}

const actionOf = ({ stageName, time, fingerprint, withoutValue }: Words): fc.Arbitrary<SecretAction> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        type: fc.constant('createVersion' as const),
        at: time,
        versionId: rarely(versionId),
        stages: optional(fc.array(stageName, { maxLength: 4 })),
        fingerprint,
        withoutValue,
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

export const action: fc.Arbitrary<SecretAction> = actionOf({
  stageName,
  time,
  fingerprint: fc.constant(undefined),
  withoutValue: fc.constant(undefined),
});

/** CSMS, or CSMS with limits that a short history reaches and with the other reading of any rule that it assumes. */
const csmsOrTurned: fc.Arbitrary<Dialect> = fc.oneof(
  fc.constant(huaweiCsms),
  fc
    .record({
      mostStages: fc.integer({ min: 2, max: 5 }),
      mostListed: fc.integer({ min: 1, max: 4 }),
      mostVersions: fc.integer({ min: 1, max: 4 }),
      limitCounts: fc.constantFrom('all', 'custom'),
      previousFollows: fc.constantFrom('plain-version', 'any-version', 'any-move'),
      whenFull: fc.constantFrom('refuse', 'drop-oldest-deprecated'),
    })
    .map(({ mostStages, mostListed, mostVersions, limitCounts, previousFollows, whenFull }) =>
      defineDialect(huaweiCsms, {
        stages: { limit: mostStages, limitCounts, previousFollows },
        versions: { lists: { least: 0, most: mostListed }, limit: { most: mostVersions, whenFull } },
      }),
    ),
);

/** What a history leads to, under its dialect; refused actions are skipped. */
export interface Lived {
  readonly dialect: Dialect;
  readonly state: SecretState;
}

export const lived: fc.Arbitrary<Lived> = fc
  .record({ dialect: csmsOrTurned, actions: fc.array(action, { maxLength: 30 }) })
  .map(({ dialect, actions }) => {
    const born = createSecret({ name: 'db', at: 0 }, dialect);
    const state = actions.reduce((state, action) => {
      const outcome = tryReduce(state, action, dialect);
      return outcome.ok ? outcome.state : state;
    }, born);
    return { dialect, state };
  });

// From here on: any dialect. Who tests what reads no more of a dialect than CSMS has needs none of it.

/** Few, so that an id comes back with the same one, and some that are none. */
const fingerprint: fc.Arbitrary<string | undefined> = optional(
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom('a1', 'b2', 'f'.repeat(256)) },
    { weight: 1, arbitrary: fc.constantFrom('', 'f'.repeat(257)) },
  ),
);

/** Also times that are an hour or a day after another, to the millisecond. */
const anyTime: fc.Arbitrary<number> = fc.oneof(
  { weight: 5, arbitrary: time },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(1, 24), fc.nat(20)).map(([hours, past]) => hours * 3_600_000 + past),
  },
);

/** An action in the words of CSMS; whether it is to name the version that its stage is on, and which one it is to aim at. */
export interface Wish {
  readonly action: SecretAction;
  readonly namesHolder: boolean;
  /** A version that there is, by its place; null is the one that the action names. */
  readonly aim: number | null;
}

export const wish: fc.Arbitrary<Wish> = fc.record({
  action: actionOf({
    stageName: fc.oneof(
      { weight: 6, arbitrary: stageName },
      { weight: 2, arbitrary: fc.constantFrom('pending', 'pending', 'latest', 'New') },
    ),
    time: anyTime,
    fingerprint,
    withoutValue: fc.constantFrom(undefined, undefined, false, true),
  }),
  namesHolder: fc.boolean(),
  aim: fc.option(fc.nat(4)),
});

/** A request for a new secret in the words of CSMS. */
export const birth: fc.Arbitrary<CreateSecret> = fc.record({
  name: secretName,
  at: anyTime,
  versionId: rarely(fc.option(versionId, { freq: 1 })),
  fingerprint,
});

/** A stage by the name that a dialect has for it. */
export const stageIn = ({ stages }: Dialect, name: string): string => {
  if (name === 'SYSCURRENT') return stages.current ?? 'current';
  if (name === 'SYSPREVIOUS') return stages.previous ?? 'previous';
  return name === 'pending' ? (stages.pending ?? name) : name;
};

/** A version id as a dialect would have it: of its series, or long enough, or a number. What it never allows stays. */
export const idIn = ({ versions }: Dialect, id: string): string => {
  const candidates = [/^v\d$/.test(id) ? versions.idPrefix + id.slice(1) : id, id.padEnd(32, '.'), `9${id.length}`];
  return (hostileNames.includes(id) ? undefined : candidates.find((candidate) => fits(candidate, versions.id))) ?? id;
};

/** A request for a new secret in the words of a dialect. */
export const requestIn = (dialect: Dialect, request: CreateSecret): CreateSecret => {
  const { versionId } = request;
  return { ...request, versionId: versionId && idIn(dialect, versionId) };
};

/** What a wish asks of a secret, in the words of a dialect. */
export const actionIn = (dialect: Dialect, { action, namesHolder, aim }: Wish, state: SecretState): SecretAction => {
  const ids = Object.keys(state.versions);
  const aimedAt = aim === null ? undefined : ids[aim % ids.length];
  switch (action.type) {
    case 'createVersion': {
      const stages = action.stages?.map((name) => stageIn(dialect, name));
      const waiting = namesHolder || !action.withoutValue ? ids.filter((id) => state.versions[id]?.withoutValue) : [];
      const waitsFor = aim === null ? undefined : waiting[aim % waiting.length];
      const versionId = waitsFor ?? (action.versionId && (aimedAt ?? idIn(dialect, action.versionId)));
      // Few are to be refused for this alone.
      const withoutValue = dialect.versions.mayAwaitValue || aim === 0 ? action.withoutValue : undefined;
      const fingerprint = withoutValue && namesHolder ? undefined : action.fingerprint;
      return { ...action, versionId, stages, fingerprint, withoutValue };
    }
    case 'assignStage': {
      const stage = stageIn(dialect, action.stage);
      const from = namesHolder ? (versionOf(state, stage) ?? null) : action.from && idIn(dialect, action.from);
      return { ...action, stage, versionId: aimedAt ?? idIn(dialect, action.versionId), from };
    }
    case 'removeStage': {
      const stage = stageIn(dialect, action.stage);
      const from = namesHolder ? versionOf(state, stage) : action.from && idIn(dialect, action.from);
      return { ...action, stage, from };
    }
    default:
      return action;
  }
};

/** The dialects of the package. */
export const clouds: readonly Dialect[] = [huaweiCsms, awsSecretsManager, alibabaKms, googleSecretManager];

/** A dialect with changes, but for the rules that contradict another. */
const soundly = (base: Dialect, changes: DialectChanges): Dialect => {
  const { secret, stages, versions } = changes;
  const dialect = {
    ...base,
    secret: { ...base.secret, ...secret },
    stages: { ...base.stages, ...stages },
    versions: { ...base.versions, ...versions },
  };
  const found = new Set(contradictions(dialect).flatMap(({ rules }) => rules));
  if (found.size === 0) return defineDialect(dialect);
  const without = <Rules extends object>(group: string, rules: Rules | undefined): Partial<Rules> =>
    Object.fromEntries(
      Object.entries(rules ?? {}).filter(([rule]) => !found.has(`${group}.${rule}`)),
    ) as Partial<Rules>;
  return soundly(base, {
    secret: without('secret', secret),
    stages: without('stages', stages),
    versions: without('versions', versions),
  });
};

/** A dialect with limits that a short history reaches, where it has limits. */
export const shrunk = (base: Dialect, mostStages: number, mostVersions: number): Dialect =>
  soundly(base, {
    stages: { limit: mostStages },
    versions: { limit: base.versions.limit && { ...base.versions.limit, most: mostVersions } },
  });

const cloud = fc.constantFrom(...clouds);
const smallStageLimit = fc.integer({ min: 2, max: 5 });
const smallVersionLimit = fc.integer({ min: 1, max: 4 });

/** What becomes of the stages that a cloud has. */
const namesKept = fc.constantFrom<NonNullable<DialectChanges['stages']>>(
  {},
  {},
  { pending: 'pending' },
  { previous: null },
  { previous: null, current: null },
  { previous: null, current: null, pending: null },
);

const limitOfVersions: fc.Arbitrary<Dialect['versions']['limit']> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.record({ most: smallVersionLimit, whenFull: fc.constant('refuse' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        most: smallVersionLimit,
        whenFull: fc.constant('drop-oldest-deprecated' as const),
        sparedHours: fc.constantFrom(1, 24),
        isRough: fc.constant(true as const),
      },
      { requiredKeys: ['most', 'whenFull'] },
    ),
  },
);

/** Any rules at all. */
const turned: fc.Arbitrary<Dialect> = fc
  .record({
    base: fc.oneof(fc.constant(huaweiCsms), cloud),
    names: namesKept,
    secret: fc.record({
      pausedAs: fc.constantFrom<Dialect['secret']['pausedAs']>([], ['DISABLED'], ['DISABLED', 'FROZEN']),
      deletionDays: fc.constantFrom(null, { least: 7, usual: 30, most: 30 }, { least: 1, usual: 2, most: 3 }),
      firstVersion: fc.constantFrom('at-creation', 'may-come-later', 'may-come-later-and-is-current'),
    }),
    stages: fc.record({
      limit: smallStageLimit,
      limitCounts: fc.constantFrom('all', 'custom'),
      move: fc.constantFrom('free', 'from-the-named-holder'),
      previousIsRemovable: fc.boolean(),
      previousFollows: fc.constantFrom('plain-version', 'any-version', 'any-move'),
    }),
    versions: fc.record({
      lists: fc.record({ least: fc.constantFrom(0, 1), most: fc.integer({ min: 0, max: 4 }) }),
      repeatedId: fc.constantFrom('refused', 'ignored'),
      mayAwaitValue: fc.boolean(),
      limit: limitOfVersions,
      prune: fc.constantFrom('deletes', 'keeps'),
      latest: fc.constantFrom('current', 'newest', 'current-or-newest'),
    }),
  })
  .map(({ base, names, secret, stages, versions }) =>
    soundly(base, { secret, stages: { ...stages, ...names }, versions }),
  );

/** A cloud, a cloud with limits that a short history reaches, or one with any of its rules turned. */
export const dialect: fc.Arbitrary<Dialect> = fc.oneof(
  { weight: 1, arbitrary: cloud },
  { weight: 2, arbitrary: fc.tuple(cloud, smallStageLimit, smallVersionLimit).map((small) => shrunk(...small)) },
  { weight: 3, arbitrary: turned },
);

/** What a history leads to under any dialect. */
export const livedAnywhere: fc.Arbitrary<Lived> = fc
  .record({ dialect, isEmpty: fc.boolean(), wishes: fc.array(wish, { maxLength: 30 }) })
  .map(({ dialect, isEmpty, wishes }) => {
    const versionId = isEmpty && dialect.secret.firstVersion !== 'at-creation' ? null : undefined;
    const born = createSecret({ name: 'db', at: 0, versionId }, dialect);
    const state = wishes.reduce((state, wish) => {
      const outcome = tryReduce(state, actionIn(dialect, wish, state), dialect);
      return outcome.ok ? outcome.state : state;
    }, born);
    return { dialect, state };
  });
