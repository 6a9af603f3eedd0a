import { describe, expect, test } from 'vitest';
import {
  assignStage,
  awsSecretsManager,
  bind,
  createSecret,
  createVersion,
  defineDialect,
  huaweiCsms,
  type SecretAction,
  type SecretState,
} from '../../../src/index.ts';
import { check, checkPlan, type Rotation, type Unknown } from '../../../src/policy/index.ts';
import { expiredVersion } from '../../../src/policy/rules/expired-version.ts';
import { stuckStage } from '../../../src/policy/rules/stuck-stage.ts';

const day = 86_400_000;
const one = createSecret({ name: 'db', at: 0 });
const pending = createVersion(createVersion(one, { at: 1000 }), { at: 2000, stages: ['pending'] });
const found = (state: SecretState, at: number, days = 7, dialect = huaweiCsms) =>
  check(state, { at, policy: [stuckStage.with({ thresholds: { days } })], dialect }).findings;

test('stuck-stage reports a stage after seven days, and moves it to the current version', () => {
  const at = 2001 + 7 * day;
  expect(found(pending, at - 1)).toEqual([]);
  expect(check(pending, { at, policy: [stuckStage] }).findings).toEqual([
    {
      rule: 'stuck-stage',
      severity: 'warning',
      sentence:
        'Stage "pending" has been on version "v3" for 7 days, and that version is neither current nor previous.',
      stage: 'pending',
      versionId: 'v3',
      since: 2000,
      remedy: [{ type: 'assignStage', stage: 'pending', versionId: 'v2', at, from: 'v3' }],
    },
  ]);
});

test.each([
  [0, 2000, 0],
  [0, 2001, 1],
  [0.5, 2000 + day / 2, 0],
  [0.5, 2001 + day / 2, 1],
  [1e300, 864e13, 0],
  [1e305, 864e13, 0],
  [7, 0, 0],
])('with %s days there at %s are %s', (days, at, number) => {
  expect(found(pending, at, days)).toHaveLength(number);
});

test('stuck-stage accepts stages on the current or previous version, and these two stages anywhere', () => {
  for (const versionId of ['v1', 'v2']) {
    expect(found(assignStage(pending, { stage: 'pending', versionId, at: 2000 }), 864e13)).toEqual([]);
  }
  const bare = createVersion(createVersion(one, { at: 1000 }), { at: 2000, stages: [] });
  expect(found(assignStage(bare, { stage: 'SYSPREVIOUS', versionId: 'v3', at: 2000 }), 864e13)).toEqual([]);
});

test('stuck-stage finds nothing in a cloud without a current stage, and needs no previous stage', () => {
  const noCurrent = { stages: { current: null, previous: null }, versions: { latest: 'newest' } } as const;
  expect(found(pending, 864e13, 7, defineDialect(huaweiCsms, noCurrent))).toEqual([]);
  const onPrevious = assignStage(pending, { stage: 'pending', versionId: 'v1', at: 2000 });
  expect(found(onPrevious, 864e13, 7, defineDialect(huaweiCsms, { stages: { previous: null } }))).toMatchObject([
    { stage: 'SYSPREVIOUS', versionId: 'v1' },
    { stage: 'pending', versionId: 'v1' },
  ]);
});

test('stuck-stage is unchecked if the time of the stage is unknown', () => {
  const unknown = [{ what: 'stageTime', stage: 'pending' }] as const;
  expect(check(pending, { at: 864e13, policy: [stuckStage], unknown })).toEqual({
    findings: [],
    unchecked: [{ rules: ['stuck-stage'], unknown: unknown[0] }],
    remarks: [],
  });
});

test('stuck-stage removes a stage if no version is current, but no pending stage from a value', () => {
  const state = { ...pending, stages: pending.stages.filter(({ name }) => name === 'pending') };
  const at = 8 * day;
  const removed = { type: 'removeStage', stage: 'pending', at, from: 'v3' };
  expect(found(state, at)).toMatchObject([{ stage: 'pending', remedy: [removed] }]);
  const dialect = defineDialect(huaweiCsms, { stages: { pending: 'pending' } });
  expect(found(state, at, 7, dialect)).toMatchObject([{ remedy: [] }]);
});

test('stuck-stage never removes a stage while a version is current', () => {
  const dialect = defineDialect(huaweiCsms, { stages: { pending: 'pending' } });
  const policy = [stuckStage, expiredVersion];
  expect(check(pending, { at: 8 * day, policy, expireTimes: { v2: 3000 }, dialect }).findings).toMatchObject([
    { rule: 'stuck-stage', stage: 'pending', remedy: [] },
    { rule: 'expired-version', stage: 'SYSCURRENT' },
  ]);
});

test('stuck-stage never prunes the version that the stage leaves, even if that means no remedy', () => {
  const at = 200 * day;
  const left = createVersion(createVersion(pending, { at: 150 * day }), { at: 151 * day, stages: [] });
  const [finding] = check(left, { at }).findings.filter(({ rule }) => rule === 'stuck-stage');
  expect(finding?.remedy).toEqual([{ type: 'assignStage', stage: 'pending', versionId: 'v4', at, from: 'v3' }]);
  const { v1, ...versions } = left.versions;
  const pruned = { ...left, versions };
  expect(v1?.id).toBe('v1');
  const [other] = check(pruned, { at }).findings;
  expect(other).toMatchObject({ rule: 'stuck-stage', remedy: [] });
});

test('stuck-stage reports hostile names', () => {
  const state = createVersion(createVersion(one, { at: 1 }), {
    at: 2,
    versionId: 'constructor',
    stages: ['__proto__'],
  });
  expect(found(state, 8 * day)).toMatchObject([
    { stage: '__proto__', versionId: 'constructor', since: 2, remedy: [{ stage: '__proto__', versionId: 'v2' }] },
  ]);
});

test('stuck-stage does not miss the time of a stage that cannot be stuck', () => {
  const unknown = [
    { what: 'stageTime', stage: 'SYSCURRENT' },
    { what: 'stageTime', stage: 'pending' },
  ] as const;
  expect(check(pending, { at: 864e13, policy: [stuckStage], expireTimes: {}, unknown }).unchecked).toEqual([
    { rules: ['stuck-stage'], unknown: unknown[1] },
  ]);
});

test('stuck-stage uses the age of the version for AWSPENDING, as no response contains its time', () => {
  const aws = bind(awsSecretsManager);
  const [a, b] = ['a'.repeat(32), 'b'.repeat(32)];
  const born = aws.createSecret({ name: 'db', at: 0, versionId: a });
  const state = aws.createVersion(born, { at: 1000, versionId: b, stages: ['AWSPENDING', 'custom'] });
  const unknown = state.stages.map(({ name }) => ({ what: 'stageTime', stage: name }) as const);
  const at = 1001 + 7 * day;
  const report = check(state, { at, policy: [stuckStage], expireTimes: {}, unknown, dialect: awsSecretsManager });
  expect(report.findings).toEqual([
    {
      rule: 'stuck-stage',
      severity: 'warning',
      sentence: `Stage "AWSPENDING" is on version "${b}", which was created 7 days ago and is not current.`,
      stage: 'AWSPENDING',
      versionId: b,
      remedy: [{ type: 'assignStage', stage: 'AWSPENDING', versionId: a, at, from: b }],
    },
  ]);
  expect(report.unchecked).toEqual([{ rules: ['stuck-stage'], unknown: { what: 'stageTime', stage: 'custom' } }]);
});

describe('stuck-stage and the next rotation of AWS', () => {
  const aws = bind(awsSecretsManager);
  const [a, b] = ['a'.repeat(32), 'b'.repeat(32)];
  const born = aws.createSecret({ name: 'db', at: 0, versionId: a });
  const rotating = aws.createVersion(born, { at: day, versionId: b, stages: ['AWSPENDING'] });
  const rotated = aws.assignStage(rotating, { stage: 'AWSCURRENT', versionId: b, at: day + 1, from: a });
  const request = { at: day + 7_200_000, policy: [stuckStage], dialect: awsSecretsManager };
  const enabled: Rotation = { isEnabled: true, lastTime: null, everyDays: 30, nextTime: null };
  const refused = 'The next rotation will be refused until the stage is on the current version or removed.';
  const stageTime: Unknown = { what: 'stageTime', stage: 'AWSPENDING' };
  const createTime: Unknown = { what: 'createTime', versionId: b };
  const checked = (rotation: Rotation | undefined, unknown: readonly Unknown[] = [], at = request.at) => {
    const { findings, unchecked } = check(rotating, { ...request, at, rotation, unknown });
    return [findings.map(({ sentence }) => sentence), unchecked.map(({ unknown }) => unknown.what)];
  };

  test('reports the pending stage at once if rotation is enabled, with the age that is known', () => {
    const on = `Stage "AWSPENDING" is on version "${b}", which`;
    expect(checked(enabled)).toEqual([
      [`Stage "AWSPENDING" has been on version "${b}" for 2 hours, and that version is not current. ${refused}`],
      [],
    ]);
    expect(checked(enabled, [stageTime])).toEqual([
      [`${on} was created 2 hours ago and is not current. ${refused}`],
      [],
    ]);
    expect(checked(enabled, [stageTime, createTime])).toEqual([[`${on} is not current. ${refused}`], []]);
    expect(checked(enabled, [], day)).toEqual([[`${on} is not current. ${refused}`], []]);
    expect(checked({ ...enabled, isEnabled: false })).toEqual([[], []]);
    expect(check(rotated, { ...request, rotation: enabled }).findings).toEqual([]);
    const canary = aws.createVersion(rotating, { at: day, versionId: 'c'.repeat(32), stages: ['canary'] });
    expect(check(canary, { ...request, rotation: enabled }).findings).toMatchObject([{ stage: 'AWSPENDING' }]);
  });

  test('reports it only after the threshold if the secret waits for its deletion', () => {
    const deleted = aws.scheduleDeletion(rotating, { at: day + 1 });
    const unknown = [stageTime, createTime];
    expect(check(deleted, { ...request, rotation: enabled }).findings).toEqual([]);
    expect(check(deleted, { ...request, rotation: enabled, unknown }).unchecked).toHaveLength(1);
    const [finding] = check(deleted, { ...request, at: 30 * day, rotation: enabled }).findings;
    expect(finding?.sentence).toMatch(/for 29 days, and that version is not current\.$/);
  });

  test('misses an unknown rotation or an unknown age only while a pending stage waits', () => {
    const rotation: Unknown = { what: 'rotation' };
    expect(checked(undefined, [rotation])).toEqual([[], ['rotation']]);
    expect(checked(undefined, [rotation], 30 * day)).toMatchObject([[expect.any(String)], []]);
    expect(check(rotated, { ...request, unknown: [rotation] }).unchecked).toEqual([]);
    expect(checked(undefined, [stageTime, createTime], 30 * day)).toEqual([[], ['createTime']]);
    expect(checked(undefined, [createTime], 3 * day)).toEqual([[], []]);
    expect(checked(undefined, [stageTime, { what: 'createTime', versionId: a }])).toEqual([[], []]);
  });

  const plan = (state: SecretState, at: number, ...actions: readonly SecretAction[]) => {
    const report = checkPlan(state, actions, { ...request, at });
    return report.allowed && report.causes.map(({ sentence, remedy }) => [sentence, remedy]);
  };
  const move = (stage: string, versionId: string, from: string | null, at = request.at): SecretAction => ({
    type: 'assignStage',
    ...{ stage, versionId, at, from },
  });

  test.each([request.at, 30 * day])('reports a change that leaves the pending stage behind, at %s', (at) => {
    const back = move('AWSCURRENT', a, b, at);
    const sentence = `Stage "AWSPENDING" is on version "${b}", which is not current. ${refused}`;
    expect(plan(rotated, at, back)).toEqual([[sentence, [move('AWSPENDING', a, b, at)]]]);
    expect(plan(rotated, at, back, move('AWSCURRENT', b, a, at))).toEqual([]);
    expect(plan(rotated, at, back, { type: 'removeStage', stage: 'AWSPENDING', at })).toEqual([]);
  });

  test('reports the pending stage if a change puts it on another version that exists', () => {
    const { stages } = rotated;
    const done = { ...rotated, stages: stages.filter(({ name }) => name !== 'AWSPENDING') };
    expect(plan(done, request.at, move('AWSPENDING', a, null))).toMatchObject([[expect.stringContaining(refused), {}]]);
    expect(plan(done, request.at, move('AWSPENDING', b, null))).toEqual([]);
  });

  test('accepts a change that starts a rotation or leaves its pending stage alone', () => {
    expect(plan(born, request.at, { type: 'createVersion', at: 5, versionId: b, stages: ['AWSPENDING'] })).toEqual([]);
    expect(plan(rotating, request.at, move('own', a, null))).toEqual([]);
  });
});
