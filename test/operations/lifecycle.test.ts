import { beforeEach, expect, test } from 'vitest';
import {
  createSecret,
  huaweiCsms,
  restore,
  type SecretState,
  scheduleDeletion,
  setStatus,
  tryRestore,
  tryScheduleDeletion,
  trySetStatus,
} from '../../src/index.ts';

const day = 24 * 60 * 60 * 1000;
let one: SecretState;
let pending: SecretState;
let disabled: SecretState;
beforeEach(() => {
  one = createSecret({ name: 'db', at: 0 });
  pending = scheduleDeletion(one, { at: 1000 });
  disabled = setStatus(one, { status: 'DISABLED', at: 1000 });
});
const refused = (refusal: object) => ({ ok: false, refusal });
const invalid = (field: string, value: string, rule: string) => refused({ code: 'INVALID_VALUE', field, value, rule });

test('a scheduled deletion falls due after the recovery window, thirty days unless told otherwise', () => {
  expect(pending).toEqual({ ...one, status: 'PENDING_DELETE', scheduledDeleteTime: 1000 + 30 * day });
  const sooner = scheduleDeletion(one, { at: 1000, recoveryWindowInDays: 7 });
  expect(sooner.scheduledDeleteTime).toBe(1000 + 7 * day);
});

test.each([6, 31, 7.5, Number.NaN])('a recovery window of %d days is refused', (recoveryWindowInDays) => {
  expect(tryScheduleDeletion(one, { at: 0, recoveryWindowInDays })).toEqual(
    invalid('recoveryWindowInDays', String(recoveryWindowInDays), 'a whole number from 7 to 30'),
  );
});

test('a deletion can be scheduled once, and restored once', () => {
  expect(tryScheduleDeletion(pending, { at: 2000 })).toEqual(
    refused({ code: 'DELETION_ALREADY_SCHEDULED', scheduledDeleteTime: 1000 + 30 * day }),
  );
  expect(restore(pending, { at: 2000 })).toEqual(one);
  expect(tryRestore(one, { at: 2000 })).toEqual(refused({ code: 'DELETION_NOT_SCHEDULED', status: 'ENABLED' }));
  expect(() => scheduleDeletion(pending, { at: 2000 })).toThrow('DELETION_ALREADY_SCHEDULED');
  expect(() => restore(one, { at: 2000 })).toThrow('DELETION_NOT_SCHEDULED');
});

test('a secret that is not ENABLED can be scheduled, unless the dialect says otherwise', () => {
  expect(scheduleDeletion(disabled, { at: 2000 }).status).toBe('PENDING_DELETE');
  const strict = { ...huaweiCsms, deletionNeedsEnabled: true };
  expect(tryScheduleDeletion(disabled, { at: 2000 }, strict)).toEqual(
    refused({ code: 'SECRET_NOT_ENABLED', status: 'DISABLED' }),
  );
  expect(tryScheduleDeletion(one, { at: 2000 }, strict).ok).toBe(true);
});

test('what is no time schedules, restores and sets nothing, and neither does one whose deletion no Date can name', () => {
  expect(tryScheduleDeletion(one, { at: -1 })).toEqual(invalid('at', '-1', 'epoch ms'));
  expect(tryScheduleDeletion(one, { at: 864e13 })).toEqual(
    invalid('at', '8640000000000000', 'early enough for the deletion to have a time'),
  );
  expect(tryRestore(pending, { at: 0.5 })).toEqual(invalid('at', '0.5', 'epoch ms'));
  expect(trySetStatus(one, { status: 'FROZEN', at: -1 })).toEqual(invalid('at', '-1', 'epoch ms'));
});

test('a status is set, and set again it is the same secret', () => {
  expect(disabled).toEqual({ ...one, status: 'DISABLED' });
  expect(setStatus(disabled, { status: 'DISABLED', at: 2000 })).toBe(disabled);
  expect(setStatus(disabled, { status: 'FROZEN', at: 2000 }).status).toBe('FROZEN');
  expect(setStatus(disabled, { status: 'ENABLED', at: 2000 })).toEqual(one);
});

test('no status leads to a scheduled deletion or away from it', () => {
  expect(trySetStatus(pending, { status: 'ENABLED', at: 2000 })).toEqual(
    refused({ code: 'SECRET_NOT_ENABLED', status: 'PENDING_DELETE' }),
  );
  expect(Reflect.apply(trySetStatus, null, [one, { status: 'PENDING_DELETE', at: 2000 }])).toEqual(
    invalid('status', 'PENDING_DELETE', 'one of ENABLED, DISABLED, FROZEN'),
  );
  expect(() => setStatus(pending, { status: 'ENABLED', at: 2000 })).toThrow('SECRET_NOT_ENABLED');
});

test('without a recovery window there is no deletion to schedule', () => {
  const none = { ...huaweiCsms, name: 'ours', recoveryWindowInDays: null };
  expect(tryScheduleDeletion(createSecret({ name: 'db', at: 0 }), { at: 0 }, none)).toEqual({
    ok: false,
    refusal: { code: 'ACTION_NOT_OFFERED', action: 'scheduleDeletion', dialect: 'ours' },
  });
});

test('only a status that the dialect has can be set', () => {
  const few = { ...huaweiCsms, statuses: ['ENABLED', 'DISABLED', 'PENDING_DELETE'] } as const;
  const db = createSecret({ name: 'db', at: 0 });
  expect(setStatus(db, { status: 'DISABLED', at: 0 }, few).status).toBe('DISABLED');
  expect(trySetStatus(db, { status: 'FROZEN', at: 0 }, few)).toMatchObject({
    refusal: { code: 'INVALID_VALUE', value: 'FROZEN', rule: 'one of ENABLED, DISABLED' },
  });
});
