import { expect, test } from 'vitest';
import { createSecret, createVersion, defineDialect, huaweiCsms, type SecretState } from '../../../src/index.ts';
import { check } from '../../../src/policy/index.ts';
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

test('a secret with a current version is as it should be', () => {
  expect(found(three)).toEqual([]);
});

test('without one, what is read anyway becomes current, which is the newest', () => {
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

test('nobody reads an older value for the remedy: if the newest is the previous, that stage makes way', () => {
  const state = { ...three, stages: [{ name: 'SYSPREVIOUS', versionId: 'v3', updateTime: 2000 }] };
  expect(check(state, { at: 5000 }).findings[0]?.remedy).toEqual([
    put('v3'),
    { type: 'assignStage', stage: 'SYSPREVIOUS', versionId: 'v2', at: 5000, from: 'v3' },
  ]);
});

test('no older one becomes current where the newest cannot', () => {
  const expireTimes = { v3: 4000 };
  expect(check(without(stage), { at: 5000, expireTimes }).findings[0]).toMatchObject({
    rule: 'current-exists',
    remedy: [],
  });
});

test('where versions may be between two pages, one of them may be current', () => {
  const unknown = { what: 'versions', after: 'v1' } as const;
  expect(check(without(stage), { at: 5000, policy: [currentExists], unknown: [unknown] })).toEqual({
    findings: [],
    unchecked: [{ rule: 'current-exists', unknown }],
  });
});

test('where a reader gets none then, the newest becomes current all the same', () => {
  expect(found(without(stage), 5000, defineDialect(huaweiCsms, { versions: { latest: 'current' } }))).toMatchObject([
    { remedy: [put('v3')] },
  ]);
});

test('where no stage is previous, none is put anywhere', () => {
  const dialect = defineDialect(huaweiCsms, { stages: { previous: null } });
  const [evidence] = currentExists.find({ state: without(stage), at: 5000, dialect });
  expect(evidence?.remedies).toEqual([[put('v3')]]);
});

test('where no stage is current, none is missed', () => {
  const dialect = defineDialect(huaweiCsms, {
    stages: { current: null, previous: null },
    versions: { latest: 'newest' },
  });
  const unknown = { what: 'versions', after: 'v1' } as const;
  expect(check(without(stage), { at: 5000, policy: [currentExists], unknown: [unknown], dialect })).toEqual({
    findings: [],
    unchecked: [],
  });
  expect(found(without(stage), 5000, dialect)).toEqual([]);
});

test('a dialect says which stage is the current one, and a secret that rests has no remedy', () => {
  expect(found(three, 5000, defineDialect(huaweiCsms, { stages: { current: 'constructor' } }))).toMatchObject([
    { stage: 'constructor', remedy: [{ stage: 'constructor', versionId: 'v3' }] },
  ]);
  expect(found({ ...without(stage), status: 'FROZEN' })).toMatchObject([{ stage, remedy: [] }]);
  expect(found({ ...three, stages: [], versions: {} })).toMatchObject([{ stage, remedy: [] }]);
});
