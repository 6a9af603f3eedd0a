import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  assignStage,
  createSecret,
  createVersion,
  type Dialect,
  defineDialect,
  deprecatedVersions,
  hasVersion,
  huaweiCsms,
  parseSecretState,
  pruneDeprecated,
  removeStage,
  type SecretState,
  scheduleDeletion,
  setStatus,
  stageOf,
  violations,
} from '../../../src/index.ts';
import { type SecretStateOptions, secretState } from '../../../src/testing/arbitraries/index.ts';
import { expectFrozen } from '../../expect-frozen.ts';
import { fixedSeed, runs, sample } from '../../property.ts';
import { alibabaKms, awsSecretsManager, dialects, googleSecretManager } from './dialects.ts';

const born = createSecret({ name: 'db', at: 0 });
const one = defineDialect(huaweiCsms, { stages: { limit: 1, previous: null } });

/** The counterexample of a failing property of a secret. */
const shrunk = (holds: (state: SecretState) => boolean, example?: SecretState, options: SecretStateOptions = {}) => {
  const examples: [SecretState][] = example ? [[example]] : [];
  return fc.check(fc.property(secretState(options), holds), { seed: fixedSeed, examples }).counterexample?.[0];
};

const many = (options: SecretStateOptions = {}, count = 1000) => sample(secretState(options), count);

test.each(dialects)(
  'secretState generates frozen states that obey the laws and can be parsed from JSON: %s',
  (_, dialect) => {
    const states = secretState({ dialect });
    fc.assert(
      fc.property(states, (state) => {
        expect(violations(state, dialect)).toEqual([]);
        expectFrozen(state);
        const read = parseSecretState(JSON.parse(JSON.stringify(state)), dialect);
        expect(JSON.stringify(read)).toBe(JSON.stringify({ ok: true, state }));
      }),
    );
  },
);

test.each(dialects)('secretState shrinks a generated state that is passed as an example: %s', (_, dialect) => {
  const states = secretState({ dialect });
  const read = (state: SecretState): unknown => JSON.parse(JSON.stringify(state));
  fc.assert(fc.property(states, (state) => states.canShrinkWithoutContext(read(state))));
});

test('secretState generates only the current stage if no other name is allowed', () => {
  const dialect = defineDialect(huaweiCsms, { stages: { name: 'SYSCURRENT', previous: null } });
  for (const { stages } of many({ dialect })) expect(stages.map(({ name }) => name)).toEqual(['SYSCURRENT']);
});

/** The number of pruned versions. */
const prunedOf = ({ versions, versionsMade }: SecretState) => versionsMade - Object.keys(versions).length;

/**
 * The ids of a secret in a possible order of creation, with the time of each existing version. A pruned version took the next
 * number of the series, if there is one before the next version. The last one took the rest.
 */
const issuesOf = ({ versions, versionsMade, lastNumber }: SecretState, dialect: Dialect) => {
  const { idPrefix } = dialect.versions;
  const numberOf = (id = '') =>
    id.startsWith(idPrefix) && /^[1-9]\d*$/.test(id.slice(idPrefix.length)) ? Number(id.slice(idPrefix.length)) : 0;
  const made = Array.from({ length: versionsMade }, (_, index) =>
    Object.values(versions).find(({ ordinal }) => ordinal === index + 1),
  );
  const lastGone = made.lastIndexOf(undefined);
  let number = 0;
  return made.map((version, index) => {
    const later = made.slice(index).find((next) => numberOf(next?.id) > 0);
    const free = (later ? numberOf(later.id) - 1 : lastNumber) - number;
    if (version) number = Math.max(number, numberOf(version.id));
    else number += index === lastGone ? free : Math.min(1, free);
    const id = version?.id ?? (free > 0 ? `${idPrefix}${number}` : `z${String.fromCharCode(97 + (index % 26))}`);
    return { id, createTime: version?.createTime, fingerprint: version?.fingerprint };
  });
};

/** Makes an equal secret with the operations. */
const remake = (state: SecretState, dialect: Dialect): SecretState => {
  const { current, limit } = dialect.stages;
  const customs = [...'zyxwvutsrqponmlkjihgfedcba'].slice(0, limit - 1);
  const keepers = [...(current === null ? [] : [current]), ...customs];
  const [first, ...more] = issuesOf(state, dialect);
  let made = createSecret(
    { name: state.name, at: first?.createTime ?? 0, versionId: first?.id ?? null, fingerprint: first?.fingerprint },
    dialect,
  );
  if (first?.createTime !== undefined) keepers.shift();

  for (const { id, createTime, fingerprint } of more) {
    const keeper = createTime === undefined || dialect.versions.prune === 'keeps' ? [] : keepers.splice(0, 1);
    made = createVersion(made, { at: createTime ?? 0, versionId: id, stages: keeper, fingerprint }, dialect);
    if (prunedOf(state) > 0) made = pruneDeprecated(made, { createdBefore: 1 }, dialect);
  }

  const held = made.stages.filter(({ name }) => name !== current);
  made = held.reduce((before, { name }) => removeStage(before, { stage: name, at: 0 }, dialect), made);
  for (const { name, versionId, updateTime } of state.stages)
    made = assignStage(made, { stage: name, versionId, at: updateTime }, dialect);
  const { status, scheduledDeleteTime } = state;
  if (status !== 'PENDING_DELETE') return setStatus(made, { status, at: 0 }, dialect);
  const least = Number(dialect.secret.deletionDays?.least);
  const at = (scheduledDeleteTime ?? 0) - least * 86_400_000;
  return scheduleDeletion(made, { at, recoveryWindowInDays: least }, dialect);
};

/** Dialects for which `remake` cannot make every secret, because stages follow or are few. */
const elsewhere = ['previous follows every move', 'only built-in names', 'AWS', 'strange rules'];

test.each(dialects.filter(([name]) => !elsewhere.includes(name)))(
  'the operations can make every state of secretState: %s',
  (_, dialect) => {
    fc.assert(
      fc.property(secretState({ dialect, ...(dialect.versions.prune === 'keeps' && { maxPruned: 0 }) }), (state) => {
        expect(JSON.stringify(remake(state, dialect))).toBe(JSON.stringify(state));
      }),
      { numRuns: runs(500) },
    );
  },
);

test('secretState covers secrets from new to full', () => {
  const states = many({}, 2000);
  const versions = (state: SecretState) => Object.keys(state.versions).length;
  const found = {
    new: (state: SecretState) => versions(state) === 1 && state.stages.length === 1,
    versions: (state: SecretState) => versions(state) === 20,
    stages: (state: SecretState) => state.stages.length === 12,
    pruned: (state: SecretState) => prunedOf(state) > 0,
    deprecated: (state: SecretState) => deprecatedVersions(state).length > 5,
    chosen: (state: SecretState) => !Object.keys(state.versions).every((id) => /^v\d+$/.test(id)),
    'chosen, past the series': (state: SecretState) => state.lastNumber > state.versionsMade,
    'chosen, and pruned': (state: SecretState) => prunedOf(state) > 0 && state.lastNumber < state.versionsMade,
    sameTime: (state: SecretState) =>
      new Set(Object.values(state.versions).map((v) => v.createTime)).size < versions(state),
    firstPruned: (state: SecretState) => !Object.values(state.versions).some((version) => version.ordinal === 1),
    DISABLED: (state: SecretState) => state.status === 'DISABLED',
    FROZEN: (state: SecretState) => state.status === 'FROZEN',
    PENDING_DELETE: (state: SecretState) => state.status === 'PENDING_DELETE',
  };
  for (const [name, is] of Object.entries(found)) {
    expect(states.filter(is).length, name).toBeGreaterThan(5);
  }
});

test('secretState covers imported secrets of AWS', () => {
  const dialect = awsSecretsManager;
  const states = many({ dialect });
  const versions = (state: SecretState) => Object.values(state.versions);
  const hours = (state: SecretState) => {
    const times = versions(state).map(({ createTime }) => createTime / 3_600_000);
    return Math.max(...times) - Math.min(...times);
  };
  const found = {
    'no version': (state: SecretState) => versions(state).length === 0,
    'no current version': (state: SecretState) => versions(state).length > 0 && !stageOf(state, 'AWSCURRENT'),
    'a current version': (state: SecretState) => stageOf(state, 'AWSCURRENT') !== undefined,
    'more versions than the limit': (state: SecretState) => versions(state).length > 100,
    'fingerprints, and none': (state: SecretState) =>
      new Set(versions(state).map(({ fingerprint }) => fingerprint === undefined)).size === 2,
    'a version without a value': (state: SecretState) => versions(state).some(({ withoutValue }) => withoutValue),
    'within 24 hours': (state: SecretState) => versions(state).length > 1 && hours(state) < 24,
    'older than 24 hours': (state: SecretState) => versions(state).length > 1 && hours(state) > 24,
    pending: (state: SecretState) => state.status === 'PENDING_DELETE',
  };
  for (const [name, is] of Object.entries(found)) expect(states.filter(is).length, name).toBeGreaterThan(5);
  expect(Math.max(...states.map((state) => versions(state).length))).toBeLessThanOrEqual(105);
  expect(new Set(many({ dialect, maxVersions: 2 }).map((state) => versions(state).length))).toEqual(new Set([0, 1, 2]));
});

test('secretState generates no current stage and no deletion for Google, and always a current stage for Alibaba', () => {
  const google = many({ dialect: googleSecretManager });
  expect(new Set(google.map(({ status }) => status))).toEqual(new Set(['ENABLED']));
  expect(google.some(({ versions }) => Object.keys(versions).length === 0)).toBe(true);
  expect(Math.max(...google.map(({ stages }) => stages.length))).toBeGreaterThan(40);
  for (const state of many({ dialect: alibabaKms })) expect(stageOf(state, 'ACSCurrent')).toBeDefined();
  expect(() => secretState({ dialect: googleSecretManager, status: 'FROZEN' })).toThrow(
    new RangeError('status must be ENABLED; got "FROZEN".'),
  );
});

test('a state shrinks to one without versions if the first one may come later', () => {
  for (const dialect of [awsSecretsManager, googleSecretManager]) {
    const none = createSecret({ name: 'db', at: 0, versionId: null }, dialect);
    expect(JSON.stringify(shrunk(() => false, undefined, { dialect }))).toBe(JSON.stringify(none));
  }
  expect(JSON.stringify(shrunk(() => false, undefined, { dialect: alibabaKms }))).toBe(
    JSON.stringify(createSecret({ name: 'db', at: 0 }, alibabaKms)),
  );
});

test('a version without a value shrinks to one with a value', () => {
  const dialect = awsSecretsManager;
  const first = { at: 5, versionId: 'token-00000000000000000000000001', stages: ['AWSPENDING'], withoutValue: true };
  const waiting = createVersion(createSecret({ name: 'db', at: 0, versionId: null }, dialect), first, dialect);
  const isEmpty = ({ versions }: SecretState) => Object.keys(versions).length === 0;
  expect(Object.values(shrunk(isEmpty, waiting, { dialect })?.versions ?? {})).toEqual([
    { id: expect.any(String), createTime: 0, ordinal: 1 },
  ]);
});

test('an example keeps its fingerprints in a dialect that generates none', () => {
  const printed = createVersion(born, { at: 5, fingerprint: 'f' });
  const holds = ({ versions }: SecretState) => Object.values(versions).every(({ fingerprint }) => !fingerprint);
  expect(many().every(holds)).toBe(true);
  expect(JSON.stringify(shrunk(holds, printed)?.versions)).toMatch(
    /^\{"v1":\{"id":"v1","createTime":0,"ordinal":1,"fingerprint":"."\}\}$/,
  );
});

test('secretState obeys its options', () => {
  for (const state of many({ maxVersions: 3, maxStages: 2, maxPruned: 1, status: 'PENDING_DELETE' })) {
    expect(Object.keys(state.versions).length).toBeLessThanOrEqual(3);
    expect(state.stages.length).toBeLessThanOrEqual(2);
    expect(prunedOf(state)).toBeLessThanOrEqual(1);
    expect(state.status).toBe('PENDING_DELETE');
  }
  expect(new Set(many({ status: 'FROZEN' }).map((state) => state.status))).toEqual(new Set(['FROZEN']));
  expect(new Set(many({ maxVersions: 1, maxStages: 1 }).map((state) => state.stages.length))).toEqual(new Set([1]));
});

const lived = [{ at: 5000 }, { at: 6000, stages: ['blue', 'green'] }, { at: 1, versionId: 'mine' }].reduce(
  (state, request) => createVersion(state, request),
  createSecret({ name: 'payments', at: 4000 }),
);
const pruned = pruneDeprecated(createVersion(lived, { at: 9000 }));

test('a state shrinks to a new secret, whether it is generated or an example', () => {
  for (const example of [undefined, lived, pruned, setStatus(lived, { status: 'FROZEN', at: 0 })]) {
    expect(JSON.stringify(shrunk(() => false, example))).toBe(JSON.stringify(born));
  }
});

test('a state shrinks to the part that matters', () => {
  for (const example of [undefined, lived]) {
    const canary = shrunk((state) => !state.stages.some(({ name }) => !name.startsWith('SYS')), example);
    expect(fc.stringify(canary?.stages)).toBe(
      '[{"name":"SYSCURRENT","versionId":"v1","updateTime":0},{"name":"canary","versionId":"v1","updateTime":0}]',
    );
    const two = shrunk((state) => Object.keys(state.versions).length < 2, example);
    expect(JSON.stringify(two)).toBe(JSON.stringify(createVersion(born, { at: 0, stages: [] })));
  }
  const onePruned = shrunk((state) => prunedOf(state) === 0, pruned);
  expect(JSON.stringify(onePruned)).toBe(
    JSON.stringify(pruneDeprecated(createVersion(born, { at: 0, stages: ['SYSCURRENT'] }))),
  );
  const pending = shrunk((state) => state.status !== 'PENDING_DELETE', scheduleDeletion(lived, { at: 77 }));
  expect(JSON.stringify(pending)).toBe(JSON.stringify(scheduleDeletion(born, { at: 0, recoveryWindowInDays: 7 })));
  expect(JSON.stringify(shrunk((state) => !hasVersion(state, 'mine'), lived))).toBe(
    JSON.stringify(createSecret({ name: 'db', at: 0, versionId: 'mine' })),
  );
  const late = shrunk((state) => (stageOf(state, 'SYSCURRENT')?.updateTime ?? 0) < 1000, lived);
  expect(JSON.stringify(late)).toBe(
    JSON.stringify(assignStage(born, { stage: 'SYSCURRENT', versionId: 'v1', at: 1000 })),
  );
});

test('canShrinkWithoutContext refuses data that is not a secret, and secrets that the operations cannot make', () => {
  const states = secretState();
  const is = (value: unknown) => states.canShrinkWithoutContext(value);
  expect(is(born)).toBe(true);
  expect(is({ ...born, status: 'GONE' })).toBe(false);
  expect(is(undefined)).toBe(false);
  expect(is({ ...born, stages: [] })).toBe(false);
  expect(is({ ...born, versions: {}, stages: [], versionsMade: 2 })).toBe(false);
  expect(is({ ...born, versionsMade: 1e9, lastNumber: 1e9 })).toBe(false);
  expect(is(createSecret({ name: 'db', at: 0 }, alibabaKms))).toBe(false);
  expect(is(scheduleDeletion(born, { at: 0 }))).toBe(true);
  expect(is({ ...born, status: 'PENDING_DELETE', scheduledDeleteTime: 1000 })).toBe(false);
  expect(secretState({ dialect: one }).canShrinkWithoutContext(lived)).toBe(false);
  const full = Array.from({ length: 19 }).reduce<SecretState>(
    (state) => createVersion(state, { at: 0, stages: [] }),
    born,
  );
  expect(is(full)).toBe(true);
});

test('canShrinkWithoutContext accepts a gap in the series only if a version was pruned', () => {
  const is = (value: SecretState) => secretState().canShrinkWithoutContext(value);
  expect(is({ ...born, lastNumber: 2 })).toBe(false);
  expect(is({ ...born, versionsMade: 2 })).toBe(true);
  expect(is({ ...born, versionsMade: 2, lastNumber: 2 })).toBe(true);
  expect(is({ ...born, versionsMade: 2, lastNumber: 1e15 })).toBe(true);
  const [v1, v3] = [
    { id: 'v1', createTime: 0, ordinal: 1 },
    { id: 'v3', createTime: 0, ordinal: 3 },
  ];
  expect(is({ ...born, versions: { v1, v3 }, versionsMade: 3, lastNumber: 3 })).toBe(true);
  expect(is({ ...born, versions: { v1, v3 }, versionsMade: 3, lastNumber: 4 })).toBe(false);
  expect(is({ ...born, versions: { v1, v3 }, versionsMade: 4, lastNumber: 4 })).toBe(true);
  // Numbers of the series only increase.
  const v2 = { id: 'v2', createTime: 0, ordinal: 4 };
  expect(is({ ...born, versions: { v1, v3, v2 }, versionsMade: 4, lastNumber: 3 })).toBe(false);
});
