import { beforeEach, expect, test } from 'vitest';
import {
  assignStage,
  awsSecretsManager,
  createSecret,
  createVersion,
  defineDialect,
  deprecatedVersions,
  huaweiCsms,
  removeStage,
  type SecretState,
  StageRefusedError,
  setStatus,
  stageOf,
  tryApplyAll,
  tryAssignStage,
  versionOf,
} from '../../src/index.ts';
import { foundText } from '../../src/text.ts';
import { hostileNames } from '../arbitraries.ts';

let two: SecretState;
beforeEach(() => {
  two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
});

test('assignStage creates a stage that does not exist, with the time', () => {
  const state = assignStage(two, { stage: 'canary', versionId: 'v2', at: 2000 });
  expect(stageOf(state, 'canary')).toEqual({ name: 'canary', versionId: 'v2', updateTime: 2000 });
  expect(two.stages).toHaveLength(2);
});

test('assignStage moves a stage off its version, which is deprecated if no stage is left', () => {
  const state = assignStage(two, { stage: 'SYSCURRENT', versionId: 'v1', at: 2000 });
  expect(versionOf(state, 'SYSCURRENT')).toBe('v1');
  expect(versionOf(state, 'SYSPREVIOUS')).toBe('v1');
  expect(deprecatedVersions(state)).toEqual(['v2']);
});

test('assignStage puts a stage on a deprecated version again', () => {
  const rolledBack = assignStage(two, { stage: 'SYSCURRENT', versionId: 'v1', at: 2000 });
  const request = { stage: 'faulty', versionId: 'v2', at: 3000 };
  expect(versionOf(assignStage(rolledBack, request), 'faulty')).toBe('v2');
});

test('assignStage updates the time of a stage on the same version, and changes nothing at the same time', () => {
  const request = { stage: 'SYSCURRENT', versionId: 'v2', at: 5000 };
  const refreshed = assignStage(two, request);
  expect(stageOf(refreshed, 'SYSCURRENT')?.updateTime).toBe(5000);
  expect(assignStage(refreshed, request)).toBe(refreshed);
  expect(assignStage(two, request)).not.toBe(two);
});

test('assignStage refuses if the stage is not on `from`, where null means no version', () => {
  const request = { stage: 'SYSCURRENT', versionId: 'v1', at: 2000 };
  expect(versionOf(assignStage(two, { ...request, from: 'v2' }), 'SYSCURRENT')).toBe('v1');
  expect(versionOf(assignStage(two, { ...request, stage: 'canary', from: null }), 'canary')).toBe('v1');
  const refusal = (from: string | null, stage = 'SYSCURRENT') => {
    const outcome = tryAssignStage(two, { ...request, stage, from });
    return outcome.ok ? undefined : outcome.refusal;
  };
  expect(refusal('v1')).toEqual({ code: 'WRONG_HOLDER', stage: 'SYSCURRENT', from: 'v1', holder: 'v2' });
  expect(refusal(null)).toEqual({ code: 'WRONG_HOLDER', stage: 'SYSCURRENT', from: null, holder: 'v2' });
  expect(refusal('v1', 'canary')).toEqual({ code: 'WRONG_HOLDER', stage: 'canary', from: 'v1', holder: null });
});

test('assignStage refuses a 13th stage, but moves one of 12, and takes another after a removal', () => {
  const names = Array.from({ length: 10 }, (_, index) => `stage-${index}`);
  const full = names.reduce((state, stage) => assignStage(state, { stage, versionId: 'v1', at: 2000 }), two);
  const thirteenth = { stage: 'thirteenth', versionId: 'v1', at: 3000 };
  expect(tryAssignStage(full, thirteenth)).toEqual({
    ok: false,
    refusal: { code: 'STAGE_LIMIT', stage: 'thirteenth', limit: 12, stages: full.stages },
  });
  expect(versionOf(assignStage(full, { ...thirteenth, stage: 'stage-3', versionId: 'v2' }), 'stage-3')).toBe('v2');
  const narrow = defineDialect(huaweiCsms, { stages: { limit: 3 } });
  expect(tryAssignStage(full, { ...thirteenth, stage: 'stage-3', versionId: 'v2' }, narrow).ok).toBe(true);
  expect(assignStage(removeStage(full, { stage: 'stage-3', at: 3000 }), thirteenth).stages).toHaveLength(12);
  const custom = defineDialect(huaweiCsms, { stages: { limitCounts: 'custom' } });
  expect(assignStage(full, thirteenth, custom).stages).toHaveLength(13);
  const pending = defineDialect(huaweiCsms, { stages: { limit: 10, limitCounts: 'custom', pending: 'thirteenth' } });
  expect(assignStage(full, thirteenth, pending).stages).toHaveLength(13);
  expect(tryAssignStage(full, { ...thirteenth, stage: 'other' }, pending)).toMatchObject({
    refusal: { code: 'STAGE_LIMIT', stage: 'other', limit: 10 },
  });
});

test('assignStage moves the previous stage with previousFollows any-move, if the stage limit allows it', () => {
  const follows = defineDialect(huaweiCsms, { stages: { previousFollows: 'any-move' } });
  const three = createVersion(two, { at: 2000, stages: [] });
  const moved = assignStage(three, { stage: 'SYSCURRENT', versionId: 'v3', at: 3000 }, follows);
  expect(stageOf(moved, 'SYSPREVIOUS')).toEqual({ name: 'SYSPREVIOUS', versionId: 'v2', updateTime: 3000 });
  const other = assignStage(three, { stage: 'SYSPREVIOUS', versionId: 'v3', at: 3000 }, follows);
  expect(versionOf(other, 'SYSCURRENT')).toBe('v2');

  const headless = { ...three, stages: three.stages.filter((stage) => stage.name !== 'SYSCURRENT') };
  expect(
    versionOf(assignStage(headless, { stage: 'SYSCURRENT', versionId: 'v3', at: 3000 }, follows), 'SYSPREVIOUS'),
  ).toBe('v1');
  expect(assignStage(three, { stage: 'SYSCURRENT', versionId: 'v2', at: 3000 }, follows).stages[1]).toBe(
    three.stages[1],
  );

  const one = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1, stages: [] });
  // A single stage is sound only where the built-in ones could never be two.
  const narrow = { ...follows, stages: { ...follows.stages, limit: 1 } };
  expect(tryAssignStage(one, { stage: 'SYSCURRENT', versionId: 'v2', at: 2 }, narrow)).toMatchObject({
    ok: false,
    refusal: { code: 'STAGE_LIMIT', stage: 'SYSPREVIOUS', limit: 1 },
  });
});

test('assignStage refuses an unknown version and lists the versions', () => {
  expect(tryAssignStage(two, { stage: 'canary', versionId: 'v9', at: 2000 })).toEqual({
    ok: false,
    refusal: { code: 'UNKNOWN_VERSION', versionId: 'v9', versions: two.versions },
  });
});

test('assignStage refuses a secret that is not ENABLED', () => {
  const frozen = setStatus(two, { status: 'FROZEN', at: 2000 });
  const request = { stage: 'canary', versionId: 'v1', at: 3000 };
  expect(tryAssignStage(frozen, request)).toEqual({
    ok: false,
    refusal: { code: 'SECRET_NOT_ENABLED', status: 'FROZEN' },
  });
});

test.each([-1, -0, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 864e13 + 1])('assignStage refuses %d as a time', (at) => {
  expect(tryAssignStage(two, { stage: 'canary', versionId: 'v1', at })).toEqual({
    ok: false,
    refusal: {
      code: 'INVALID_VALUE',
      field: 'at',
      rule: 'epoch milliseconds as a number',
      found: Object.is(at, -0) ? '-0' : `${at}`,
    },
  });
});

test('assignStage takes the first and the last time of a Date', () => {
  for (const at of [0, 864e13]) expect(tryAssignStage(two, { stage: 'canary', versionId: 'v1', at }).ok).toBe(true);
});

test.each(hostileNames)('assignStage takes %j as a stage exactly if CSMS allows it', (stage) => {
  const outcome = tryAssignStage(two, { stage, versionId: 'v1', at: 2000 });
  if (/^[A-Za-z0-9_-]{1,64}$/.test(stage)) {
    expect(outcome.ok && versionOf(outcome.state, stage)).toBe('v1');
  } else {
    expect(outcome).toEqual({
      ok: false,
      refusal: {
        code: 'INVALID_VALUE',
        field: 'stage',
        rule: 'text that matches /^[\\w-]{1,64}$/',
        found: foundText(stage),
      },
    });
  }
});

test.each(hostileNames.filter((id) => id.length >= 1 && id.length <= 64))(
  'assignStage marks a version with the id %j',
  (id) => {
    const state = createVersion(two, { at: 2000, versionId: id, stages: [] });
    expect(versionOf(assignStage(state, { stage: 'canary', versionId: id, at: 3000 }), 'canary')).toBe(id);
  },
);

test('assignStage never changes Object.prototype, whatever the name', () => {
  const keys = Reflect.ownKeys(Object.prototype);
  for (const name of hostileNames) {
    const state = createVersion(
      two,
      { at: 2000, versionId: name || 'x', stages: [] },
      { ...huaweiCsms, versions: { ...huaweiCsms.versions, id: '.*' } },
    );
    tryAssignStage(
      state,
      { stage: name, versionId: name, at: 3000 },
      { ...huaweiCsms, stages: { ...huaweiCsms.stages, name: '.*' } },
    );
    tryAssignStage(state, { stage: 'x', versionId: '__proto__', at: 3000 });
  }
  expect(Reflect.ownKeys(Object.prototype)).toEqual(keys);
  expect(Reflect.get({}, 'x')).toBeUndefined();
});

test.each([
  [undefined, 'nothing'],
  [null, 'null'],
  [1, '1'],
  [5n, 'a bigint'],
  [['v1'], 'a list'],
  [{ toString: () => 'v1' }, 'an object'],
  [Symbol('v1'), 'a symbol'],
])('assignStage refuses %o as a stage and as a version, because it is not a string', (odd, found) => {
  const code = 'INVALID_VALUE';
  const asStage = Reflect.apply(tryAssignStage, null, [two, { stage: odd, versionId: 'v1', at: 2000 }]);
  const rule = 'text that matches /^[\\w-]{1,64}$/';
  expect(asStage).toEqual({ ok: false, refusal: { code, field: 'stage', rule, found } });
  const asVersion = { stage: 'canary', versionId: odd, at: 2000 };
  const refusal = { code, field: 'versionId', rule: 'a string', found } as const;
  expect(Reflect.apply(tryAssignStage, null, [two, asVersion])).toEqual({ ok: false, refusal });
  const sentence = found === 'nothing' ? 'versionId is required.' : `versionId must be a string; got ${found}.`;
  expect(() => Reflect.apply(assignStage, null, [two, asVersion])).toThrow(
    expect.objectContaining({ code, refusal, message: `INVALID_VALUE: ${sentence}` }),
  );
});

test('assignStage throws the refusal with its code, its data and a sentence, and without an index outside a batch', () => {
  const refuse = () => assignStage(two, { stage: 'canary', versionId: 'v9', at: 2000 });
  const refusal = { code: 'UNKNOWN_VERSION', versionId: 'v9', versions: two.versions };
  expect(refuse).toThrow(StageRefusedError);
  expect(refuse).toThrow(
    expect.objectContaining({
      name: 'StageRefusedError',
      message: 'UNKNOWN_VERSION: Version "v9" does not exist: create it first. The secret has "v1", "v2".',
      code: 'UNKNOWN_VERSION',
      refusal,
    }),
  );
  expect(refuse).not.toThrow(expect.objectContaining({ index: expect.anything() }));
});

test('assignStage requires `from` to move a stage with move from-the-named-holder', () => {
  const needs = defineDialect(huaweiCsms, { stages: { move: 'from-the-named-holder' } });
  const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
  const back = { stage: 'SYSCURRENT', versionId: 'v1', at: 2000 };
  const refused = { ok: false, refusal: { code: 'HOLDER_NOT_NAMED', stage: 'SYSCURRENT', holder: 'v2' } };
  expect(tryAssignStage(two, back, needs)).toEqual(refused);
  expect(tryApplyAll(two, [{ type: 'assignStage', ...back }], needs)).toEqual({ ...refused, index: 0 });
  expect(versionOf(assignStage(two, { ...back, from: 'v2' }, needs), 'SYSCURRENT')).toBe('v1');
  expect(tryAssignStage(two, { ...back, from: 'v1' }, needs)).toMatchObject({ refusal: { code: 'WRONG_HOLDER' } });
  // One that is on none has no holder, and where it is nothing moves.
  expect(tryAssignStage(two, { ...back, stage: 'canary' }, needs).ok).toBe(true);
  expect(tryAssignStage(two, { ...back, versionId: 'v2' }, needs).ok).toBe(true);
});

test.each([
  [0n, 'a bigint'],
  [0, '0'],
  [false, 'false'],
  [['v1'], 'a list'],
])('assignStage refuses %o as `from`, because it is neither a string nor null', (from, found) => {
  const request = { stage: 'SYSCURRENT', versionId: 'v1', at: 1, from };
  const refusal = { code: 'INVALID_VALUE', field: 'from', rule: 'a string or null', found };
  expect(Reflect.apply(tryAssignStage, null, [two, request])).toEqual({ ok: false, refusal });
  expect(() => Reflect.apply(assignStage, null, [two, request])).toThrow(StageRefusedError);
});

test('assignStage takes an empty `from` for a version id, and null for no version', () => {
  for (const from of ['', null]) {
    expect(tryAssignStage(two, { stage: 'SYSCURRENT', versionId: 'v1', at: 1, from })).toEqual({
      ok: false,
      refusal: { code: 'WRONG_HOLDER', stage: 'SYSCURRENT', from, holder: 'v2' },
    });
  }
});

test('assignStage refuses a secret of another dialect before it looks at the request', () => {
  const frozen = setStatus(two, { status: 'FROZEN', at: 2000 });
  const refusal = { code: 'WRONG_DIALECT', stateDialect: 'huawei-csms', dialect: 'aws-secrets-manager' };
  const request = { stage: '', versionId: 'v9', at: -1 };
  expect(tryAssignStage(frozen, request, awsSecretsManager)).toEqual({ ok: false, refusal });
  expect(() => assignStage(frozen, request, awsSecretsManager)).toThrow(expect.objectContaining({ refusal }));
});

test('assignStage compares the ids of dialects, not their rules', () => {
  const vault = defineDialect(huaweiCsms, { id: 'our-vault' });
  const request = { stage: 'canary', versionId: 'v1', at: 2000 };
  expect(tryAssignStage(two, request, vault)).toMatchObject({ refusal: { code: 'WRONG_DIALECT' } });
  expect(tryAssignStage(two, request, defineDialect(huaweiCsms, { stages: { limit: 5 } })).ok).toBe(true);
});
