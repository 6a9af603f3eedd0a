import { beforeEach, expect, test } from 'vitest';
import {
  createSecret,
  googleSecretManager,
  restore,
  type SecretState,
  scheduleDeletion,
  tryRestore,
} from '../../src/index.ts';

let one: SecretState;
let pending: SecretState;
beforeEach(() => {
  one = createSecret({ name: 'db', at: 0 });
  pending = scheduleDeletion(one, { at: 1000 });
});

test('restore cancels a scheduled deletion, once', () => {
  expect(restore(pending, { at: 2000 })).toEqual(one);
  expect(tryRestore(one, { at: 2000 })).toEqual({
    ok: false,
    refusal: { code: 'DELETION_NOT_SCHEDULED', status: 'ENABLED' },
  });
  expect(() => restore(one, { at: 2000 })).toThrow('DELETION_NOT_SCHEDULED');
});

test('restore refuses an invalid time', () => {
  expect(tryRestore(pending, { at: 0.5 })).toEqual({
    ok: false,
    refusal: { code: 'INVALID_VALUE', field: 'at', rule: 'epoch milliseconds as a number', found: '0.5' },
  });
});

test('restore refuses a secret of another dialect before it looks at the request', () => {
  const refusal = { code: 'WRONG_DIALECT', stateDialect: 'huawei-csms', dialect: 'google-secret-manager' };
  const request = { at: -1 };
  expect(tryRestore(one, request, googleSecretManager)).toEqual({ ok: false, refusal });
  expect(() => restore(one, request, googleSecretManager)).toThrow(expect.objectContaining({ refusal }));
});
