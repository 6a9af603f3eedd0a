import { beforeEach, expect, test } from 'vitest';
import {
  createSecret,
  defineDialect,
  googleSecretManager,
  huaweiCsms,
  type SecretState,
  scheduleDeletion,
  setStatus,
  trySetStatus,
} from '../../src/index.ts';

let one: SecretState;
let pending: SecretState;
let disabled: SecretState;
beforeEach(() => {
  one = createSecret({ name: 'db', at: 0 });
  pending = scheduleDeletion(one, { at: 1000 });
  disabled = setStatus(one, { status: 'DISABLED', at: 1000 });
});
const invalid = (field: string, found: string, rule: string) => ({
  ok: false,
  refusal: { code: 'INVALID_VALUE', field, rule, found },
});

test('setStatus sets a status, and returns the same secret if it has it already', () => {
  expect(disabled).toEqual({ ...one, status: 'DISABLED' });
  expect(setStatus(disabled, { status: 'DISABLED', at: 2000 })).toBe(disabled);
  expect(setStatus(disabled, { status: 'FROZEN', at: 2000 }).status).toBe('FROZEN');
  expect(setStatus(disabled, { status: 'ENABLED', at: 2000 })).toEqual(one);
});

test('setStatus neither schedules a deletion nor cancels one', () => {
  expect(trySetStatus(pending, { status: 'ENABLED', at: 2000 })).toEqual({
    ok: false,
    refusal: { code: 'SECRET_NOT_ENABLED', status: 'PENDING_DELETE' },
  });
  expect(Reflect.apply(trySetStatus, null, [one, { status: 'PENDING_DELETE', at: 2000 }])).toEqual(
    invalid('status', 'the string "PENDING_DELETE"', 'one of ENABLED, DISABLED, FROZEN'),
  );
  expect(() => setStatus(pending, { status: 'ENABLED', at: 2000 })).toThrow('SECRET_NOT_ENABLED');
});

test('setStatus refuses an invalid time', () => {
  expect(trySetStatus(one, { status: 'FROZEN', at: -1 })).toEqual(
    invalid('at', '-1', 'epoch milliseconds as a number'),
  );
});

test('setStatus refuses a status that the dialect does not have', () => {
  const few = defineDialect(huaweiCsms, { secret: { pausedAs: ['DISABLED'] } });
  expect(setStatus(one, { status: 'DISABLED', at: 0 }, few).status).toBe('DISABLED');
  expect(trySetStatus(one, { status: 'FROZEN', at: 0 }, few)).toEqual(
    invalid('status', 'the string "FROZEN"', 'one of ENABLED, DISABLED'),
  );
});

test('setStatus refuses a secret of another dialect before it looks at the request', () => {
  const refusal = { code: 'WRONG_DIALECT', stateDialect: 'huawei-csms', dialect: 'google-secret-manager' };
  const request = { status: 'FROZEN', at: -1 } as const;
  expect(trySetStatus(pending, request, googleSecretManager)).toEqual({ ok: false, refusal });
  expect(() => setStatus(pending, request, googleSecretManager)).toThrow(expect.objectContaining({ refusal }));
});
