import { beforeEach, expect, test } from 'vitest';
import {
  assignStage,
  createSecret,
  createVersion,
  defineDialect,
  deprecatedVersions,
  explain,
  googleSecretManager,
  huaweiCsms,
  removeStage,
  type SecretState,
  setStatus,
  tryRemoveStage,
  versionOf,
} from '../../src/index.ts';

let one: SecretState;
beforeEach(() => {
  one = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000, stages: ['canary'] });
});

test('removeStage removes a stage, and its version is deprecated if no stage is left', () => {
  const state = removeStage(one, { stage: 'canary', at: 2000 });
  expect(versionOf(state, 'canary')).toBeUndefined();
  expect(versionOf(state, 'SYSCURRENT')).toBe('v1');
  expect(deprecatedVersions(state)).toEqual(['v2']);
});

test('removeStage refuses a built-in stage, even if it is on no version', () => {
  expect(tryRemoveStage(one, { stage: 'SYSCURRENT', at: 2000 })).toEqual({
    ok: false,
    refusal: { code: 'BUILT_IN_STAGE', stage: 'SYSCURRENT', versionId: 'v1' },
  });
  expect(tryRemoveStage(one, { stage: 'SYSPREVIOUS', at: 2000 })).toEqual({
    ok: false,
    refusal: { code: 'BUILT_IN_STAGE', stage: 'SYSPREVIOUS', versionId: null },
  });
});

test('removeStage refuses a stage that is on no version, whatever its name', () => {
  for (const stage of ['blue', '__proto__', 'constructor', '']) {
    const refusal = { code: 'UNKNOWN_STAGE', stage, stages: one.stages };
    expect(tryRemoveStage(one, { stage, at: 2000 })).toEqual({ ok: false, refusal });
  }
});

test.each([
  [undefined, 'nothing', 'stage is required.'],
  [null, 'null', 'stage must be a string; got null.'],
  [5n, 'a bigint', 'stage must be a string; got a bigint.'],
  [{ length: 100 }, 'an object', 'stage must be a string; got an object.'],
])('removeStage refuses the stage %o, which is not a string', (stage, found, sentence) => {
  const refusal = { code: 'INVALID_VALUE', field: 'stage', rule: 'a string', found } as const;
  expect(Reflect.apply(tryRemoveStage, null, [one, { stage, at: 2000 }])).toEqual({ ok: false, refusal });
  expect(explain(refusal)).toBe(sentence);
});

test.each([
  [null, 'null'],
  [5, '5'],
  [['v2'], 'a list'],
])('removeStage refuses %j as `from`', (from, found) => {
  expect(Reflect.apply(tryRemoveStage, null, [one, { stage: 'canary', at: 2000, from }])).toEqual({
    ok: false,
    refusal: { code: 'INVALID_VALUE', field: 'from', rule: 'a string', found },
  });
});

test('removeStage refuses if the stage is not on `from`', () => {
  const request = { stage: 'canary', at: 2000 };
  expect(tryRemoveStage(one, { ...request, from: 'v1' })).toEqual({
    ok: false,
    refusal: { code: 'WRONG_HOLDER', stage: 'canary', from: 'v1', holder: 'v2' },
  });
  expect(tryRemoveStage(one, { ...request, from: 'v2' }).ok).toBe(true);
});

test('removeStage refuses a secret that is not ENABLED', () => {
  const disabled = setStatus(one, { status: 'DISABLED', at: 2000 });
  const request = { stage: 'canary', at: 3000 };
  const refusal = { code: 'SECRET_NOT_ENABLED', status: 'DISABLED' };
  expect(tryRemoveStage(disabled, request)).toEqual({ ok: false, refusal });
  expect(() => removeStage(disabled, request)).toThrow('SECRET_NOT_ENABLED: The secret is DISABLED. Enable it first.');
});

test('removeStage refuses an invalid time', () => {
  expect(tryRemoveStage(one, { stage: 'canary', at: Number.NaN })).toEqual({
    ok: false,
    refusal: { code: 'INVALID_VALUE', field: 'at', rule: 'epoch milliseconds as a number', found: 'NaN' },
  });
});

test('removeStage removes a stage named __proto__', () => {
  const marked = assignStage(one, { stage: '__proto__', versionId: 'v1', at: 2000 });
  expect(removeStage(marked, { stage: '__proto__', at: 3000 })).toEqual(one);
});

test('removeStage removes the previous stage if the dialect allows it, and never the current one', () => {
  const removable = defineDialect(huaweiCsms, { stages: { previousIsRemovable: true } });
  const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
  expect(removeStage(two, { stage: 'SYSPREVIOUS', at: 2000 }, removable).stages).toHaveLength(1);
  expect(tryRemoveStage(two, { stage: 'SYSCURRENT', at: 2000 }, removable)).toMatchObject({
    refusal: { code: 'BUILT_IN_STAGE' },
  });
});

test('removeStage removes the pending stage', () => {
  const rotates = defineDialect(huaweiCsms, { stages: { pending: 'canary' } });
  expect(removeStage(one, { stage: 'canary', at: 2000 }, rotates).stages).toHaveLength(1);
});

test('removeStage refuses null as a stage, even if the dialect has no current stage', () => {
  const secret = createSecret({ name: 'db', at: 0 }, googleSecretManager);
  expect(Reflect.apply(tryRemoveStage, null, [secret, { stage: null, at: 1000 }, googleSecretManager])).toEqual({
    ok: false,
    refusal: { code: 'INVALID_VALUE', field: 'stage', rule: 'a string', found: 'null' },
  });
});

test('removeStage refuses a secret of another dialect before it looks at the request', () => {
  const refusal = { code: 'WRONG_DIALECT', stateDialect: 'huawei-csms', dialect: 'google-secret-manager' };
  const request = { stage: 'SYSCURRENT', at: -1 };
  expect(tryRemoveStage(one, request, googleSecretManager)).toEqual({ ok: false, refusal });
  expect(() => removeStage(one, request, googleSecretManager)).toThrow(expect.objectContaining({ refusal }));
});
