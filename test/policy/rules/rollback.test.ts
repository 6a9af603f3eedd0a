import { expect, test } from 'vitest';
import {
  createSecret,
  createVersion,
  defineDialect,
  huaweiCsms,
  type SecretAction,
  type SecretState,
} from '../../../src/index.ts';
import { check, checkHistory, checkPlan } from '../../../src/policy/index.ts';
import { rollback } from '../../../src/policy/rules/rollback.ts';

const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
const three = createVersion(two, { at: 2000, stages: ['blue'] });
const request = { at: 5000, policy: [rollback] };
const move = (versionId: string, stage = 'SYSCURRENT'): SecretAction => ({
  type: 'assignStage',
  stage,
  versionId,
  at: 5000,
});
const brought = (state: SecretState, ...actions: readonly SecretAction[]) => {
  const report = checkPlan(state, actions, request);
  return report.allowed && report.causes;
};

test('rollback reports a move to an older version', () => {
  expect(brought(three, move('v1'))).toEqual([
    {
      rule: 'rollback',
      severity: 'note',
      sentence: 'Stage "SYSCURRENT" moves back from version "v2" to the older version "v1".',
      stage: 'SYSCURRENT',
      versionId: 'v1',
      remedy: [],
    },
  ]);
});

test('rollback ignores a newer version, another stage, a repetition and a new version', () => {
  expect(brought(three, move('v3'))).toEqual([]);
  expect(brought(three, move('v1', 'blue'))).toEqual([]);
  expect(brought(three, move('v2'))).toEqual([]);
  expect(brought(three, { type: 'createVersion', at: 0 })).toEqual([]);
});

test('rollback reports a rollback within a plan once, even if a later action undoes it', () => {
  const there = [move('v1'), move('v2')];
  expect(brought(three, ...there, ...there)).toMatchObject([{ rule: 'rollback', versionId: 'v1' }]);
});

test('rollback finds nothing in a single state', () => {
  expect(check(three, request).findings).toEqual([]);
});

test('rollback compares the order of versions, not their times', () => {
  const early = createVersion(two, { at: 500 });
  expect(brought(early, move('v2'))).toMatchObject([{ versionId: 'v2' }]);
  expect(brought(early, move('v1'))).toMatchObject([{ versionId: 'v1' }]);
});

test('rollback finds nothing if a current version is missing before or after', () => {
  const unmarked = { ...three, stages: [] };
  const lost = { ...three, stages: [{ name: 'SYSCURRENT', versionId: 'v9', updateTime: 0 }] };
  const found = (...states: readonly SecretState[]) =>
    checkHistory(
      states.map((state, at) => ({ at, state })),
      request,
    );
  expect(found(three, unmarked)).toEqual([]);
  expect(found(unmarked, three)).toEqual([]);
  expect(found(three, lost)).toEqual([]);
  expect(found(lost, three)).toEqual([]);
});

test('rollback finds and misses nothing in a cloud without a current stage', () => {
  const unknown = [{ what: 'order', versionId: 'v1' }] as const;
  const report = checkPlan(three, [move('v1')], {
    ...request,
    unknown,
    dialect: defineDialect(huaweiCsms, { stages: { current: null, previous: null }, versions: { latest: 'newest' } }),
  });
  expect(report).toMatchObject({ causes: [], unchecked: [] });
  expect(checkPlan(three, [move('v1')], { ...request, unknown })).toMatchObject({
    unchecked: [{ rules: ['rollback'] }],
  });
});

test('rollback uses the current stage of the dialect', () => {
  const report = checkPlan(three, [move('v1', 'blue')], {
    ...request,
    dialect: defineDialect(huaweiCsms, { stages: { current: 'blue' } }),
  });
  expect(report.allowed && report.causes).toMatchObject([{ stage: 'blue', versionId: 'v1' }]);
});

test('rollback misses an unknown order only of the versions between which the current stage moves', () => {
  const unknown = ['v1', 'v2', 'v3'].map((versionId) => ({ what: 'order', versionId }) as const);
  const missed = (...actions: readonly SecretAction[]) => {
    const report = checkPlan(three, actions, { ...request, unknown });
    return report.allowed && report.unchecked;
  };
  const rules = ['rollback'];
  expect(missed()).toEqual([]);
  expect(missed(move('v1', 'blue'))).toEqual([]);
  expect(missed(move('v1'))).toEqual([unknown[0], unknown[1]].map((one) => ({ unknown: one, rules })));
});

test('rollback finds nothing if the creation time of one of the two versions is unknown', () => {
  for (const versionId of ['v1', 'v2']) {
    const unknown = [{ what: 'createTime', versionId }] as const;
    expect(checkPlan(three, [move('v1')], { ...request, unknown })).toMatchObject({
      causes: [],
      unchecked: [{ unknown: unknown[0], rules: ['rollback'] }],
    });
  }
  const unknown = [{ what: 'createTime', versionId: 'v3' }] as const;
  expect(checkPlan(three, [move('v1')], { ...request, unknown })).toMatchObject({
    causes: [{ rule: 'rollback' }],
    unchecked: [],
  });
});

test('rollback misses a missing version that the current stage may leave', () => {
  const unknown = [{ what: 'versions', after: 'v1' }] as const;
  const unmarked = { ...three, stages: [] };
  expect(checkPlan(unmarked, [move('v1')], { ...request, unknown })).toMatchObject({
    unchecked: [{ unknown: unknown[0], rules: ['rollback'] }],
  });
  expect(checkPlan(three, [move('v1')], { ...request, unknown })).toMatchObject({ unchecked: [] });
});
