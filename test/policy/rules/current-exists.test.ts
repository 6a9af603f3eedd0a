import { expect, test } from 'vitest';
import { createSecret, createVersion, defineDialect, huaweiCsms, type SecretState } from '../../../src/index.ts';
import { caseOf } from '../../../src/policy/check.ts';
import { check, type Unknown } from '../../../src/policy/index.ts';
import { currentExists } from '../../../src/policy/rules/current-exists.ts';

const three = [1000, 2000].reduce((state, at) => createVersion(state, { at }), createSecret({ name: 'db', at: 0 }));
const without = (...names: readonly string[]): SecretState => ({
  ...three,
  stages: three.stages.filter((stage) => !names.includes(stage.name)),
});
const stage = 'SYSCURRENT';
const found = (state: SecretState, at = 5000, dialect = huaweiCsms) =>
  check(state, { at, policy: [currentExists], dialect }).findings;
const put = (versionId: string) => ({ type: 'assignStage', stage, versionId, at: 5000, from: null });

test('current-exists accepts a secret with a current version', () => {
  expect(found(three)).toEqual([]);
});

test('current-exists makes the newest version current, which readers get anyway', () => {
  expect(found(without(stage))).toEqual([
    {
      rule: 'current-exists',
      severity: 'error',
      sentence: 'Stage "SYSCURRENT" is on no version.',
      stage,
      remedy: [put('v3')],
    },
  ]);
});

test('current-exists moves the previous stage away if the newest version has it', () => {
  const state = { ...three, stages: [{ name: 'SYSPREVIOUS', versionId: 'v3', updateTime: 2000 }] };
  expect(check(state, { at: 5000 }).findings[0]?.remedy).toEqual([
    put('v3'),
    { type: 'assignStage', stage: 'SYSPREVIOUS', versionId: 'v2', at: 5000, from: 'v3' },
  ]);
});

test('current-exists proposes no older version if the newest cannot become current', () => {
  const expireTimes = { v3: 4000 };
  expect(check(without(stage), { at: 5000, expireTimes }).findings[0]).toMatchObject({
    rule: 'current-exists',
    remedy: [],
  });
});

test('current-exists finds nothing if the current version may be between two pages', () => {
  const unknown = { what: 'versions', after: 'v1' } as const;
  expect(check(without(stage), { at: 5000, policy: [currentExists], unknown: [unknown] })).toEqual({
    findings: [],
    unchecked: [{ rules: ['current-exists'], unknown }],
    remarks: [],
  });
  expect(check(three, { at: 5000, policy: [currentExists], unknown: [unknown] }).unchecked).toEqual([]);
});

test('current-exists makes the newest version current even if readers get none', () => {
  expect(found(without(stage), 5000, defineDialect(huaweiCsms, { versions: { latest: 'current' } }))).toMatchObject([
    {
      sentence: 'Stage "SYSCURRENT" is on no version, so readers that do not name a version get no value.',
      remedy: [put('v3')],
    },
  ]);
});

test('current-exists moves no previous stage in a cloud without one', () => {
  const dialect = defineDialect(huaweiCsms, { stages: { previous: null } });
  const [evidence] = currentExists.find(caseOf(without(stage), { at: 5000, dialect }));
  expect(evidence?.remedies).toEqual([[put('v3')]]);
});

test('current-exists finds nothing in a cloud without a current stage', () => {
  const dialect = defineDialect(huaweiCsms, {
    stages: { current: null, previous: null },
    versions: { latest: 'newest' },
  });
  const unknown = { what: 'versions', after: 'v1' } as const;
  expect(check(without(stage), { at: 5000, policy: [currentExists], unknown: [unknown], dialect })).toEqual({
    findings: [],
    unchecked: [],
    remarks: [],
  });
  expect(found(without(stage), 5000, dialect)).toEqual([]);
});

test('current-exists uses the current stage of the dialect, and proposes nothing for a secret that is not enabled', () => {
  expect(found(three, 5000, defineDialect(huaweiCsms, { stages: { current: 'constructor' } }))).toMatchObject([
    { stage: 'constructor', remedy: [{ stage: 'constructor', versionId: 'v3' }] },
  ]);
  expect(found({ ...without(stage), status: 'FROZEN' })).toMatchObject([{ stage, remedy: [] }]);
});

test('current-exists accepts a secret without a version', () => {
  expect(found({ ...three, stages: [], versions: {} })).toEqual([]);
});

test.each<[number, Unknown]>([
  [0, { what: 'deprecatedVersions' }],
  [0, { what: 'createTime', versionId: 'v1' }],
  [0, { what: 'order', versionId: 'v3' }],
  [1, { what: 'order', versionId: 'v1' }],
])('current-exists is certain and proposes %s actions if %j is unknown', (actions, unknown) => {
  const report = check(without(stage), { at: 5000, policy: [currentExists], unknown: [unknown] });
  expect(report.findings.map(({ remedy }) => remedy.length)).toEqual([actions]);
  expect(report.unchecked).toEqual([]);
});
