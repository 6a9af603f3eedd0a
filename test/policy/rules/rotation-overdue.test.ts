import { expect, test } from 'vitest';
import { awsSecretsManager, bind, createSecret, googleSecretManager } from '../../../src/index.ts';
import { check, type Rotation } from '../../../src/policy/index.ts';
import { rotationOverdue } from '../../../src/policy/rules/rotation-overdue.ts';

const day = 86_400_000;
const aws = bind(awsSecretsManager);
const [a, b, c] = ['a'.repeat(32), 'b'.repeat(32), 'c'.repeat(32)];
const db = aws.createSecret({ name: 'db', at: 0, versionId: a });
const request = { policy: [rotationOverdue], dialect: awsSecretsManager };
const every30: Rotation = { isEnabled: true, lastTime: 10 * day, everyDays: 30, nextTime: null };
const found = (changes: Partial<Rotation>, at: number, state = db) =>
  check(state, { ...request, at, rotation: { ...every30, ...changes } }).findings;

test('rotation-overdue reports a rotation that has not succeeded for a day longer than its schedule', () => {
  expect(found({}, 41 * day)).toEqual([]);
  expect(found({}, 41 * day + 1)).toEqual([
    {
      rule: 'rotation-overdue',
      severity: 'warning',
      sentence: 'A rotation was due 1 day ago, and the last one succeeded 31 days ago.',
      since: 40 * day,
      remedy: [],
    },
  ]);
  const strict = rotationOverdue.with({ thresholds: { days: 0 } });
  expect(check(db, { ...request, policy: [strict], at: 40 * day + 1, rotation: every30 }).findings).toHaveLength(1);
});

test('rotation-overdue uses the next time if the schedule or the last success is unknown', () => {
  const late = { nextTime: 50 * day };
  expect(found(late, 52 * day)).toMatchObject([{ since: 40 * day }]);
  expect(found({ ...late, everyDays: null }, 51 * day)).toEqual([]);
  expect(found({ ...late, everyDays: null }, 52 * day)).toMatchObject([
    { sentence: 'A rotation was due 2 days ago, and the last one succeeded 42 days ago.', since: 50 * day },
  ]);
  expect(found({ ...late, lastTime: null }, 52 * day)).toMatchObject([
    { sentence: 'A rotation was due 2 days ago, and none has succeeded.' },
  ]);
});

test('rotation-overdue counts a value that is put by hand in time as a rotation', () => {
  const put = (versionId: string, at: number) => ({ type: 'createVersion', versionId, at }) as const;
  const byHand = aws.applyAll(db, [put(b, 35 * day), put(c, 60 * day)]);
  expect(found({}, 91 * day, byHand)).toEqual([]);
  expect(found({}, 91 * day + 1, byHand)).toMatchObject([{ since: 90 * day }]);
  // The first came too late.
  const late = aws.applyAll(db, [put(b, 40 * day + 1), put(c, 60 * day)]);
  expect(found({}, 61 * day, late)).toMatchObject([{ since: 40 * day }]);
  // A rotation that failed did not make its version current.
  const failed = aws.createVersion(db, { at: 35 * day, versionId: b, stages: ['AWSPENDING'] });
  expect(found({}, 61 * day, failed)).toMatchObject([{ since: 40 * day }]);
  expect(found({}, 61 * day, { ...failed, stages: [] })).toMatchObject([{ since: 40 * day }]);
});

test('rotation-overdue finds nothing if rotation is off, nothing is due, or the secret is not enabled', () => {
  expect(found({ isEnabled: false }, 864e13)).toEqual([]);
  expect(found({ lastTime: null }, 864e13)).toEqual([]);
  expect(found({}, 864e13, aws.scheduleDeletion(db, { at: day }))).toEqual([]);
  expect(check(db, { ...request, at: 864e13 }).findings).toEqual([]);
});

test('rotation-overdue misses an unknown rotation only if a pending stage is on a version that is not current', () => {
  const unknown = [{ what: 'rotation' }] as const;
  const missed = (state: typeof db) => check(state, { ...request, at: 864e13, unknown }).unchecked;
  const rotating = aws.createVersion(db, { at: day, versionId: b, stages: ['AWSPENDING'] });
  expect(missed(db)).toEqual([]);
  expect(missed(rotating)).toEqual([{ unknown: unknown[0], rules: ['rotation-overdue'] }]);
  expect(missed(aws.assignStage(rotating, { stage: 'AWSCURRENT', versionId: b, at: day, from: a }))).toEqual([]);
});

test('rotation-overdue is unchecked if the current version may be on a missing page, or not listed', () => {
  const at = 864e13;
  const gap = { what: 'versions', after: a } as const;
  const unchecked = (unknown: typeof gap) => [{ unknown, rules: ['rotation-overdue'] }];
  expect(check(db, { ...request, at, rotation: every30, unknown: [gap] })).toMatchObject({
    findings: [],
    unchecked: unchecked(gap),
  });
  expect(check(db, { ...request, at, unknown: [gap] }).unchecked).toEqual([]);
  // Without a current stage, the newest version is current.
  const google = createSecret({ name: 'db', at: 0 }, googleSecretManager);
  const unmarked = { policy: [rotationOverdue], dialect: googleSecretManager, at, rotation: every30 };
  const unlisted = { what: 'deprecatedVersions' } as const;
  expect(check(google, { ...unmarked, unknown: [unlisted] })).toMatchObject({
    findings: [],
    unchecked: [{ unknown: unlisted, rules: ['rotation-overdue'] }],
  });
  expect(check(google, { ...unmarked, unknown: [] }).findings).toHaveLength(1);
});
