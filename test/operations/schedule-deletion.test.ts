import { beforeEach, expect, test } from 'vitest';
import {
  createSecret,
  defineDialect,
  googleSecretManager,
  huaweiCsms,
  type SecretState,
  scheduleDeletion,
  setStatus,
  tryScheduleDeletion,
} from '../../src/index.ts';

const day = 24 * 60 * 60 * 1000;
let one: SecretState;
let pending: SecretState;
beforeEach(() => {
  one = createSecret({ name: 'db', at: 0 });
  pending = scheduleDeletion(one, { at: 1000 });
});
const invalid = (field: string, found: string, rule: string) => ({
  ok: false,
  refusal: { code: 'INVALID_VALUE', field, rule, found },
});

test('scheduleDeletion sets the time after the recovery window, 30 days by default', () => {
  expect(pending).toEqual({ ...one, status: 'PENDING_DELETE', scheduledDeleteTime: 1000 + 30 * day });
  const sooner = scheduleDeletion(one, { at: 1000, recoveryWindowInDays: 7 });
  expect(sooner.scheduledDeleteTime).toBe(1000 + 7 * day);
});

test.each([6, 31, 7.5, Number.NaN])('scheduleDeletion refuses a recovery window of %d days', (recoveryWindowInDays) => {
  expect(tryScheduleDeletion(one, { at: 0, recoveryWindowInDays })).toEqual(
    invalid('recoveryWindowInDays', String(recoveryWindowInDays), 'a whole number from 7 to 30'),
  );
});

test('scheduleDeletion refuses to schedule a deletion twice', () => {
  expect(tryScheduleDeletion(pending, { at: 2000 })).toEqual({
    ok: false,
    refusal: { code: 'DELETION_ALREADY_SCHEDULED', scheduledDeleteTime: 1000 + 30 * day },
  });
  expect(() => scheduleDeletion(pending, { at: 2000 })).toThrow('DELETION_ALREADY_SCHEDULED');
});

test('scheduleDeletion takes a secret that is not ENABLED', () => {
  const disabled = setStatus(one, { status: 'DISABLED', at: 1000 });
  expect(scheduleDeletion(disabled, { at: 2000 }).status).toBe('PENDING_DELETE');
});

test('scheduleDeletion refuses an invalid time, and a deletion that no Date can name', () => {
  expect(tryScheduleDeletion(one, { at: -1 })).toEqual(invalid('at', '-1', 'epoch milliseconds as a number'));
  expect(tryScheduleDeletion(one, { at: 864e13 })).toEqual(
    invalid('at', '8640000000000000', 'early enough for the deletion to have a time'),
  );
});

test('scheduleDeletion refuses if the dialect has no deletionDays', () => {
  const none = defineDialect(huaweiCsms, { id: 'ours', secret: { deletionDays: null } });
  expect(tryScheduleDeletion(createSecret({ name: 'db', at: 0 }, none), { at: 0 }, none)).toEqual({
    ok: false,
    refusal: { code: 'ACTION_NOT_OFFERED', action: 'scheduleDeletion', dialect: 'ours' },
  });
});

test('scheduleDeletion refuses a secret of another dialect before it looks at the request', () => {
  const refusal = { code: 'WRONG_DIALECT', stateDialect: 'huawei-csms', dialect: 'google-secret-manager' };
  const request = { at: -1 };
  expect(tryScheduleDeletion(pending, request, googleSecretManager)).toEqual({ ok: false, refusal });
  expect(() => scheduleDeletion(pending, request, googleSecretManager)).toThrow(expect.objectContaining({ refusal }));
});
