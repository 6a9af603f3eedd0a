import { beforeEach, expect, test } from 'vitest';
import {
  assignStage,
  awsSecretsManager,
  createSecret,
  createVersion,
  currentVersion,
  defineDialect,
  deprecatedVersions,
  hasVersion,
  huaweiCsms,
  nextVersionId,
  parseSecretState,
  previousVersion,
  pruneDeprecated,
  removeStage,
  type SecretState,
  setStatus,
  stagesOf,
  tryCreateVersion,
  versionOf,
  versionsByAge,
} from '../../src/index.ts';

let one: SecretState;
let two: SecretState;
beforeEach(() => {
  one = createSecret({ name: 'db', at: 0 });
  two = createVersion(one, { at: 1000 });
});
/** CSMS with room for so many versions. */
const atMost = (most: number) =>
  defineDialect(huaweiCsms, { versions: { limit: { most, whenFull: 'drop-oldest-deprecated' } } });
const idsOf = (state: SecretState) => versionsByAge(state).map(({ id }) => id);

test('createVersion puts SYSCURRENT on the new version, and SYSPREVIOUS on the one that had it', () => {
  expect(two.stages).toEqual([
    { name: 'SYSCURRENT', versionId: 'v2', updateTime: 1000 },
    { name: 'SYSPREVIOUS', versionId: 'v1', updateTime: 1000 },
  ]);
  const three = createVersion(two, { at: 2000 });
  expect([currentVersion(three), previousVersion(three)]).toEqual(['v3', 'v2']);
  expect(deprecatedVersions(three)).toEqual(['v1']);
});

test('createVersion does not move the previous stage if no version is current', () => {
  const nobody = { ...two, stages: two.stages.filter((stage) => stage.name === 'SYSPREVIOUS') };
  const state = createVersion(nobody, { at: 2000 });
  expect([currentVersion(state), previousVersion(state)]).toEqual(['v3', 'v1']);
});

test('createVersion moves exactly the listed stages', () => {
  const state = createVersion(two, { at: 2000, stages: ['canary', 'SYSCURRENT', 'canary'] });
  expect(stagesOf(state, 'v3')).toEqual(['SYSCURRENT', 'canary']);
  expect(previousVersion(state)).toBe('v1');
  expect(deprecatedVersions(state)).toEqual(['v2']);
  expect(deprecatedVersions(createVersion(two, { at: 2000, stages: [] }))).toEqual(['v3']);
});

test('createVersion moves the previous stage if the current one is listed, with previousFollows any-version', () => {
  const follows = defineDialect(huaweiCsms, { stages: { previousFollows: 'any-version' } });
  expect(previousVersion(createVersion(two, { at: 2000, stages: ['SYSCURRENT'] }, follows))).toBe('v2');
  expect(previousVersion(createVersion(two, { at: 2000, stages: ['canary'] }, follows))).toBe('v1');
  const both = createVersion(two, { at: 2000, stages: ['SYSCURRENT', 'SYSPREVIOUS'] }, follows);
  expect(previousVersion(both)).toBe('v3');
});

test('createVersion deletes the oldest deprecated version to make room for a 21st', () => {
  let state = assignStage(one, { stage: 'pinned', versionId: 'v1', at: 0 });
  for (let at = 1; at < 20; at++) state = createVersion(state, { at });
  expect(idsOf(state)).toHaveLength(20);
  const next = createVersion(state, { at: 20 });
  expect(idsOf(next)).toEqual(
    idsOf(state)
      .filter((id) => id !== 'v2')
      .concat('v21'),
  );
});

test('createVersion finds the oldest version by time, then by order of creation', () => {
  const three = atMost(4);
  const late = createVersion(two, { at: 9000, stages: [] });
  const early = createVersion(late, { at: 500, stages: [] });
  expect(idsOf(createVersion(early, { at: 10_000 }, three))).toEqual(['v1', 'v2', 'v3', 'v5']);
  const tied = createVersion(late, { at: 9000, stages: [] });
  expect(idsOf(createVersion(tied, { at: 10_000 }, three))).toEqual(['v1', 'v2', 'v4', 'v5']);
});

test('createVersion refuses a 21st version if none is deprecated, and lists the stages', () => {
  const narrow = atMost(2);
  const refusal = { code: 'VERSION_LIMIT', limit: 2, stages: two.stages };
  expect(tryCreateVersion(two, { at: 2000 }, narrow)).toEqual({ ok: false, refusal });
  const rolledBack = assignStage(two, { stage: 'SYSCURRENT', versionId: 'v1', at: 2000 });
  expect(idsOf(createVersion(rolledBack, { at: 3000 }, narrow))).toEqual(['v1', 'v3']);
  const hard = tryCreateVersion(
    rolledBack,
    { at: 3000 },
    defineDialect(huaweiCsms, { versions: { limit: { most: 2, whenFull: 'refuse' } } }),
  );
  expect(hard).toEqual({ ok: false, refusal: { ...refusal, stages: rolledBack.stages } });
});

test('createVersion issues each id of the series once, and advances the series past a chosen id', () => {
  const chosen = createVersion(two, { at: 2000, versionId: 'v4' });
  expect(nextVersionId(chosen)).toBe('v5');
  expect(chosen).toMatchObject({ versionsMade: 3, lastNumber: 4 });
  // v3 was never used, and the series is past it.
  expect(tryCreateVersion(chosen, { at: 3000, versionId: 'v3' })).toEqual({
    ok: false,
    refusal: { code: 'VERSION_ID_TAKEN', versionId: 'v3', exists: false },
  });
  const pruned = pruneDeprecated(createVersion(chosen, { at: 4000 }));
  expect(pruned).toMatchObject({ versionsMade: 4, lastNumber: 5 });
  expect(tryCreateVersion(pruned, { at: 5000, versionId: 'v1' })).toEqual({
    ok: false,
    refusal: { code: 'VERSION_ID_TAKEN', versionId: 'v1', exists: false },
  });
  expect(tryCreateVersion(pruned, { at: 5000, versionId: 'v5' })).toMatchObject({ refusal: { exists: true } });
});

test('createVersion refuses too many stages, listed or not', () => {
  const names = Array.from({ length: 11 }, (_, index) => `stage-${index}`);
  const full = names.reduce((state, stage) => assignStage(state, { stage, versionId: 'v1', at: 0 }), one);
  const { stages } = full;
  expect(tryCreateVersion(full, { at: 1 })).toEqual({
    ok: false,
    refusal: { code: 'STAGE_LIMIT', stage: 'SYSPREVIOUS', limit: 12, stages },
  });
  expect(tryCreateVersion(full, { at: 1, stages: ['one-more'] })).toEqual({
    ok: false,
    refusal: { code: 'STAGE_LIST_LIMIT', listed: ['one-more'], limit: 12, stages },
  });
  expect(tryCreateVersion(full, { at: 1, stages: [...names, 'SYSCURRENT'] }).ok).toBe(true);

  const narrow = defineDialect(huaweiCsms, { stages: { limit: 3 } });
  expect(tryCreateVersion(full, { at: 1, stages: ['stage-1'] }, narrow).ok).toBe(true);

  const headless = { ...full, stages: [...full.stages.slice(1), { ...full.stages[1], name: 'z' }] } as SecretState;
  expect(tryCreateVersion(headless, { at: 1 })).toMatchObject({
    refusal: { code: 'STAGE_LIMIT', stage: 'SYSCURRENT' },
  });
});

test('createVersion refuses a list of 13 stages, even if it lists one stage 13 times', () => {
  const listed = Array.from({ length: 13 }, () => 'canary');
  expect(tryCreateVersion(two, { at: 2000, stages: listed })).toEqual({
    ok: false,
    refusal: { code: 'STAGE_LIST_LIMIT', listed, limit: 12, stages: two.stages },
  });
  expect(tryCreateVersion(two, { at: 2000, stages: listed.slice(1) }).ok).toBe(true);
});

test('createVersion refuses a secret that is not ENABLED', () => {
  const disabled = setStatus(two, { status: 'DISABLED', at: 2000 });
  const outcome = tryCreateVersion(disabled, { at: 3000 });
  expect(outcome).toEqual({ ok: false, refusal: { code: 'SECRET_NOT_ENABLED', status: 'DISABLED' } });
  expect(() => createVersion(disabled, { at: 3000 })).toThrow('SECRET_NOT_ENABLED');
});

test.each([
  [{ at: -1 }, { field: 'at', rule: 'epoch milliseconds as a number', found: '-1' }],
  [
    { at: 0, versionId: '' },
    { field: 'versionId', rule: 'text that matches /^.{1,64}$/', found: 'the string ""' },
  ],
  [
    { at: 0, versionId: null },
    { field: 'versionId', rule: 'text that matches /^.{1,64}$/', found: 'null' },
  ],
  [
    { at: 0, stages: 'canary' },
    { field: 'stages', rule: 'a list of stage names', found: 'the string "canary"' },
  ],
  [
    { at: 0, stages: ['canary', 'a b'] },
    { field: 'stages[1]', rule: 'text that matches /^[\\w-]{1,64}$/', found: 'the string "a b"' },
  ],
])('createVersion refuses %j', (request, facts) => {
  const outcome = Reflect.apply(tryCreateVersion, null, [two, request]);
  expect(outcome).toEqual({ ok: false, refusal: { code: 'INVALID_VALUE', ...facts } });
});

test('createVersion stores the fingerprint if it is given', () => {
  const marked = createVersion(two, { at: 2000, fingerprint: 'hmac:1' });
  expect(marked.versions['v3']).toEqual({ id: 'v3', createTime: 2000, ordinal: 3, fingerprint: 'hmac:1' });
  expect(Object.isFrozen(marked.versions['v3'])).toBe(true);
  expect(Object.keys(createVersion(two, { at: 2000 }).versions['v3'] ?? {})).toEqual(['id', 'createTime', 'ordinal']);
  expect(createVersion(two, { at: 2000, fingerprint: 'x'.repeat(256) }).versions).toHaveProperty('v3');
});

test('createVersion refuses an invalid fingerprint and does not show it: it could be the value of the secret', () => {
  for (const [fingerprint, found] of [
    ['', 'a string of 0 characters'],
    ['hunter2'.repeat(40), 'a string of 280 characters'],
    [1234, 'a number'],
    [null, 'null'],
  ]) {
    expect(Reflect.apply(tryCreateVersion, null, [two, { at: 2000, fingerprint }])).toEqual({
      ok: false,
      refusal: {
        code: 'INVALID_VALUE',
        field: 'fingerprint',
        rule: 'a string of 1 to 256 characters',
        found,
      },
    });
  }
});

test('createVersion ignores a repeated id with the same fingerprint, with repeatedId ignored', () => {
  const repeats = defineDialect(huaweiCsms, { versions: { repeatedId: 'ignored' } });
  const put = { at: 2000, versionId: 'mine', fingerprint: 'a' };
  const state = createVersion(two, put);
  expect(createVersion(state, { ...put, at: 3000, stages: ['late'] }, repeats)).toBe(state);
  const refused = { ok: false, refusal: { code: 'VERSION_ID_TAKEN', versionId: 'mine', exists: true } };
  expect(tryCreateVersion(state, put)).toEqual(refused);
  expect(tryCreateVersion(state, { ...put, fingerprint: 'b' }, repeats)).toEqual(refused);
  expect(tryCreateVersion(state, { at: 3000, versionId: 'mine' }, repeats)).toEqual(refused);
  expect(tryCreateVersion(two, { at: 3000, versionId: 'v2' }, repeats)).toMatchObject({ ok: false });
  const gone = pruneDeprecated(createVersion(createVersion(state, { at: 3000 }), { at: 4000 }));
  expect(createVersion(gone, put, repeats).versions['mine']).toMatchObject({ fingerprint: 'a' });
});

test('createVersion removes the pending stage without a list of stages, and keeps it with one', () => {
  const clears = defineDialect(huaweiCsms, { stages: { pending: 'pending' } });
  const held = assignStage(two, { stage: 'pending', versionId: 'v1', at: 1500 });
  expect(createVersion(held, { at: 2000 }, clears).stages.map(({ name }) => name)).toEqual([
    'SYSCURRENT',
    'SYSPREVIOUS',
  ]);
  expect(stagesOf(createVersion(held, { at: 2000, stages: ['SYSCURRENT'] }, clears), 'v1')).toContain('pending');
});

test('createVersion removes the pending stage before it checks the stage limit', () => {
  const tight = defineDialect(huaweiCsms, { stages: { limit: 3, pending: 'pending' } });
  const canary = assignStage(one, { stage: 'canary', versionId: 'v1', at: 0 });
  const held = assignStage(canary, { stage: 'pending', versionId: 'v1', at: 0 });
  expect(previousVersion(createVersion(held, { at: 1000 }, tight))).toBe('v1');
  // Without a pending stage, the previous one would be the fourth.
  expect(tryCreateVersion(held, { at: 1000 }, defineDialect(tight, { stages: { pending: null } }))).toMatchObject({
    refusal: { code: 'STAGE_LIMIT', stage: 'SYSPREVIOUS', limit: 3 },
  });
});

test('createVersion creates any number of versions without a version limit', () => {
  let state = one;
  for (let at = 1; at <= 30; at++)
    state = createVersion(state, { at }, defineDialect(huaweiCsms, { versions: { limit: null } }));
  expect(idsOf(state)).toHaveLength(31);
});

test('createVersion deletes a version only after sparedHours, and the refusal says when', () => {
  const limit = { most: 3, whenFull: 'drop-oldest-deprecated', sparedHours: 2 } as const;
  const young = defineDialect(huaweiCsms, { versions: { limit } });
  const full = createVersion(two, { at: 2000 });
  const at = 2 * 3_600_000;
  expect(tryCreateVersion(full, { at: at - 1 }, young)).toEqual({
    ok: false,
    refusal: { code: 'VERSION_LIMIT', limit: 3, stages: full.stages, roomAt: at },
  });
  expect(idsOf(createVersion(full, { at }, young))).toEqual(['v2', 'v3', 'v4']);
});

test('createVersion takes a chosen id again after its version is deleted, but never an id of the series', () => {
  const mine = createVersion(two, { at: 2000, versionId: 'mine', stages: [] });
  expect(tryCreateVersion(mine, { at: 3000, versionId: 'mine' })).toMatchObject({
    refusal: { code: 'VERSION_ID_TAKEN', exists: true },
  });
  const gone = pruneDeprecated(mine);
  const again = createVersion(gone, { at: 3000, versionId: 'mine' });
  expect(again.versions['mine']).toEqual({ id: 'mine', createTime: 3000, ordinal: 4 });
  const last = pruneDeprecated(createVersion(two, { at: 2000, stages: [] }));
  expect(tryCreateVersion(last, { at: 3000, versionId: 'v3' })).toMatchObject({
    refusal: { code: 'VERSION_ID_TAKEN', versionId: 'v3', exists: false },
  });
  const three = pruneDeprecated(createVersion(createVersion(two, { at: 2000 }), { at: 3000 }));
  expect(tryCreateVersion(three, { at: 4000, versionId: 'v1' })).toMatchObject({
    refusal: { code: 'VERSION_ID_TAKEN', exists: false },
  });
});

test('createVersion refuses ids of the series past 1e15, but takes other ids', () => {
  const last = createVersion(two, { at: 2000, versionId: 'v1000000000000000' });
  const refusal = { code: 'INVALID_VALUE', field: 'versionId', found: 'the string "v1000000000000001"' };
  expect(tryCreateVersion(last, { at: 3000 })).toMatchObject({ ok: false, refusal });
  expect(tryCreateVersion(two, { at: 3000, versionId: 'v1000000000000001' })).toMatchObject({ ok: false, refusal });
  expect(nextVersionId(createVersion(last, { at: 3000, versionId: 'mine' }))).toBe('v1000000000000001');
});

test('createVersion keeps nothing about deleted versions', () => {
  const sizeAfter = (count: number) => {
    let state = one;
    for (let index = 0; index < count; index++)
      state = createVersion(state, { at: 1000, ...(index % 2 > 0 && { versionId: `chosen-${index % 100}` }) });
    return JSON.stringify(pruneDeprecated(state)).length;
  };
  expect(sizeAfter(2000) - sizeAfter(200)).toBeLessThan(20);
});

test('createVersion refuses a secret of another dialect before it looks at the request', () => {
  const disabled = setStatus(two, { status: 'DISABLED', at: 2000 });
  const refusal = { code: 'WRONG_DIALECT', stateDialect: 'huawei-csms', dialect: 'aws-secrets-manager' };
  const request = { at: -1, versionId: '', stages: [''] };
  expect(tryCreateVersion(disabled, request, awsSecretsManager)).toEqual({ ok: false, refusal });
  expect(() => createVersion(disabled, request, awsSecretsManager)).toThrow(expect.objectContaining({ refusal }));
});

test('createVersion refuses more versions than a state can count', () => {
  const outcome = parseSecretState({ ...two, versionsMade: 1e15 });
  expect(outcome.ok && tryCreateVersion(outcome.state, { at: 2000 })).toMatchObject({
    ok: false,
    refusal: { code: 'VERSION_LIMIT', limit: 1e15 },
  });
});

test('createVersion makes room even if the time is before the oldest version', () => {
  let state = createSecret({ name: 'db', at: 5000 });
  for (let made = 1; made < 20; made++) state = createVersion(state, { at: 5000 });
  const next = createVersion(state, { at: 1000 });
  expect(hasVersion(next, 'v1')).toBe(false);
  expect(hasVersion(next, 'v21')).toBe(true);
});

test('createVersion refuses the id of a deleted version, whatever its content', () => {
  const tolerant = defineDialect(huaweiCsms, { versions: { repeatedId: 'ignored' } });
  const pruned = pruneDeprecated(
    [1000, 2000].reduce(
      (state, at) => createVersion(state, { at }, tolerant),
      createSecret({ name: 'db', at: 0 }, tolerant),
    ),
    {},
    tolerant,
  );
  expect(tryCreateVersion(pruned, { at: 3000, versionId: 'v1', fingerprint: 'a1' }, tolerant)).toEqual({
    ok: false,
    refusal: { code: 'VERSION_ID_TAKEN', versionId: 'v1', exists: false },
  });
});

const token = (number: number) => `token-0000000000000000000000000${number}`;
/** An AWS secret with a current version, and one without a value that has the pending stage. */
const begun = createVersion(
  createSecret({ name: 'db', at: 0, versionId: token(1) }, awsSecretsManager),
  { at: 1000, versionId: token(2), stages: ['AWSPENDING'], withoutValue: true },
  awsSecretsManager,
);
const give = { at: 2000, versionId: token(2), stages: ['AWSPENDING'], fingerprint: 'a' };

test('createVersion creates a version without a value', () => {
  expect(begun.versions[token(2)]).toEqual({ id: token(2), createTime: 1000, ordinal: 2, withoutValue: true });
  expect(stagesOf(begun, token(2))).toEqual(['AWSPENDING']);
  expect(currentVersion(begun, awsSecretsManager)).toBe(token(1));
  expect(parseSecretState(JSON.parse(JSON.stringify(begun)), awsSecretsManager)).toEqual({ ok: true, state: begun });
});

test('createVersion gives a version its value once, and keeps its time, its place and its other stages', () => {
  const labelled = assignStage(begun, { stage: 'blue', versionId: token(2), at: 1500 }, awsSecretsManager);
  const filled = createVersion(labelled, give, awsSecretsManager);
  expect(filled.versions[token(2)]).toEqual({ id: token(2), createTime: 1000, ordinal: 2, fingerprint: 'a' });
  expect([filled.versionsMade, filled.lastNumber]).toEqual([2, 0]);
  expect(Object.keys(filled.versions)).toEqual([token(1), token(2)]);
  expect(filled.stages).toEqual([
    { name: 'AWSCURRENT', versionId: token(1), updateTime: 0 },
    { name: 'AWSPENDING', versionId: token(2), updateTime: 2000 },
    { name: 'blue', versionId: token(2), updateTime: 1500 },
  ]);
  expect(createVersion(filled, give, awsSecretsManager)).toBe(filled);
  const refusal = { code: 'VERSION_ID_TAKEN', versionId: token(2), exists: true };
  for (const again of [
    { ...give, fingerprint: 'b' },
    { at: 2000, versionId: token(2), withoutValue: true },
  ])
    expect(tryCreateVersion(filled, again, awsSecretsManager)).toEqual({ ok: false, refusal });
});

test('createVersion makes the version current if its value comes without a list', () => {
  const { stages } = createVersion(begun, { at: 2000, versionId: token(2) }, awsSecretsManager);
  expect(stages).toEqual([
    { name: 'AWSCURRENT', versionId: token(2), updateTime: 2000 },
    { name: 'AWSPREVIOUS', versionId: token(1), updateTime: 2000 },
  ]);
});

test('createVersion ignores a repeated request without a value, with repeatedId ignored', () => {
  const again = { at: 2000, versionId: token(2), withoutValue: true };
  expect(createVersion(begun, again, awsSecretsManager)).toBe(begun);
  const strict = defineDialect(awsSecretsManager, { versions: { repeatedId: 'refused' } });
  expect(tryCreateVersion(begun, again, strict)).toMatchObject({ ok: false, refusal: { code: 'VERSION_ID_TAKEN' } });
  expect(createVersion(begun, give, strict).versions[token(2)]).toMatchObject({ fingerprint: 'a' });
});

test('createVersion refuses a version without a value while the pending stage is not on the current version', () => {
  const next = { at: 2000, versionId: token(3), stages: ['AWSPENDING'], withoutValue: true };
  const refusal = { code: 'ROTATION_INCOMPLETE', stage: 'AWSPENDING', holder: token(2) };
  expect(tryCreateVersion(begun, next, awsSecretsManager)).toEqual({ ok: false, refusal });
  // Before the list is checked, and after the id.
  expect(tryCreateVersion(begun, { ...next, stages: [] }, awsSecretsManager)).toEqual({ ok: false, refusal });
  const known = tryCreateVersion(begun, { ...next, versionId: token(1) }, awsSecretsManager);
  expect(known).toMatchObject({ refusal: { code: 'VERSION_ID_TAKEN' } });
  const empty = createSecret({ name: 'db', at: 0, versionId: null }, awsSecretsManager);
  const first = createVersion(empty, { ...next, versionId: token(2) }, awsSecretsManager);
  expect(tryCreateVersion(first, next, awsSecretsManager)).toMatchObject({ refusal: { code: 'ROTATION_INCOMPLETE' } });
});

test('createVersion creates a version without a value if the pending stage is on the current version or on none', () => {
  const promote = { stage: 'AWSCURRENT', versionId: token(2), from: token(1), at: 1500 };
  const ends = [
    assignStage(begun, promote, awsSecretsManager),
    removeStage(begun, { stage: 'AWSPENDING', at: 1500 }, awsSecretsManager),
  ];
  for (const end of ends) {
    const next = { at: 2000, versionId: token(3), stages: ['AWSPENDING'], withoutValue: true };
    expect(versionOf(createVersion(end, next, awsSecretsManager), 'AWSPENDING')).toBe(token(3));
  }
  // With a value it is not a rotation.
  const plain = createVersion(begun, { at: 2000, versionId: token(3), stages: ['AWSPENDING'] }, awsSecretsManager);
  expect(versionOf(plain, 'AWSPENDING')).toBe(token(3));
});

test('createVersion gives a value at the version limit, and to a version whose number the series has passed', () => {
  const waits = defineDialect(huaweiCsms, {
    versions: { mayAwaitValue: true, limit: { most: 2, whenFull: 'refuse' } },
  });
  const full = createVersion(one, { at: 1000, stages: [], withoutValue: true }, waits);
  const filled = createVersion(full, { at: 2000, versionId: 'v2', stages: [] }, waits);
  expect(Object.values(filled.versions)).toEqual([
    { id: 'v1', createTime: 0, ordinal: 1 },
    { id: 'v2', createTime: 1000, ordinal: 2 },
  ]);
  expect([filled.lastNumber, deprecatedVersions(filled)]).toEqual([2, ['v2']]);
  expect(tryCreateVersion(full, { at: 2000, stages: [] }, waits)).toMatchObject({ ok: false });
});

test('createVersion does not put the previous stage on a current version that gets its value', () => {
  const none = removeStage(begun, { stage: 'AWSPENDING', at: 1400 }, awsSecretsManager);
  const current = createVersion(none, { at: 1500, versionId: token(3), withoutValue: true }, awsSecretsManager);
  expect(previousVersion(current, awsSecretsManager)).toBe(token(1));
  for (const stages of [undefined, ['AWSCURRENT']]) {
    const filled = createVersion(current, { at: 2000, versionId: token(3), stages }, awsSecretsManager);
    expect(previousVersion(filled, awsSecretsManager)).toBe(token(1));
  }
});

test('createVersion does not make a first version without a value current, nor the one after it', () => {
  const none = createSecret({ name: 'db', at: 0, versionId: null }, awsSecretsManager);
  const first = { at: 1000, versionId: token(1), stages: ['AWSPENDING'], withoutValue: true };
  const state = createVersion(none, first, awsSecretsManager);
  expect(state.stages).toEqual([{ name: 'AWSPENDING', versionId: token(1), updateTime: 1000 }]);
  const filled = createVersion(state, { ...first, withoutValue: false }, awsSecretsManager);
  const more = createVersion(filled, { at: 2000, versionId: token(2), stages: ['blue'] }, awsSecretsManager);
  expect(more.stages.map(({ name }) => name)).toEqual(['AWSPENDING', 'blue']);
});

test('createVersion refuses an invalid withoutValue, before the fingerprint and the id', () => {
  const refuse = (withoutValue: unknown, dialect = awsSecretsManager) =>
    Reflect.apply(tryCreateVersion, null, [
      { ...begun, dialect: dialect.id },
      { at: 2000, versionId: token(2), fingerprint: '', withoutValue },
      dialect,
    ]);
  const refusal = (rule: string, found: string) => ({
    ok: false,
    refusal: { code: 'INVALID_VALUE', field: 'withoutValue', rule, found },
  });
  expect(refuse(null)).toEqual(refusal('true or false', 'null'));
  expect(refuse('true')).toEqual(refusal('true or false', 'the string "true"'));
  expect(refuse(true, huaweiCsms)).toEqual(refusal('omitted, because a version has a value from its creation', 'true'));
  for (const absent of [undefined, false])
    expect(refuse(absent, huaweiCsms)).toMatchObject({ refusal: { field: 'fingerprint' } });
});

test('createVersion refuses a fingerprint of a version without a value', () => {
  expect(tryCreateVersion(begun, { ...give, withoutValue: true }, awsSecretsManager)).toEqual({
    ok: false,
    refusal: {
      code: 'INVALID_VALUE',
      field: 'fingerprint',
      rule: 'omitted, because the version has no value yet',
      found: 'a string of 1 character',
    },
  });
});

test('createVersion refuses to give a value to data that is not a version', () => {
  const broken = { ...begun, versions: { ...begun.versions, [token(2)]: { id: token(2), withoutValue: true } } };
  expect(Reflect.apply(tryCreateVersion, null, [broken, give, awsSecretsManager])).toMatchObject({
    ok: false,
    refusal: { code: 'INVALID_STATE' },
  });
});
