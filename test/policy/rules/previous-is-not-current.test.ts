import { expect, test } from 'vitest';
import {
  assignStage,
  createSecret,
  createVersion,
  defineDialect,
  huaweiCsms,
  type SecretState,
} from '../../../src/index.ts';
import { check } from '../../../src/policy/index.ts';
import { previousIsNotCurrent } from '../../../src/policy/rules/previous-is-not-current.ts';

const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
const back = assignStage(two, { stage: 'SYSCURRENT', versionId: 'v1', at: 2000 });
const found = (state: SecretState, dialect = huaweiCsms) =>
  check(state, { at: 5000, policy: [previousIsNotCurrent], dialect }).findings;
const put = (versionId: string, from: string) => [
  { type: 'assignStage', stage: 'SYSPREVIOUS', versionId, at: 5000, from },
];

test('previous-is-not-current accepts two versions, or one stage alone', () => {
  expect(found(two)).toEqual([]);
  for (const { name } of two.stages) {
    expect(found({ ...two, stages: two.stages.filter((stage) => stage.name !== name) })).toEqual([]);
  }
  expect(found({ ...two, stages: [] })).toEqual([]);
});

test('previous-is-not-current reports the time of a rollback, and makes the version that was current previous', () => {
  expect(found(back)).toEqual([
    {
      rule: 'previous-is-not-current',
      severity: 'warning',
      sentence: 'Stages "SYSCURRENT" and "SYSPREVIOUS" are both on version "v1", so there is nothing to roll back to.',
      stage: 'SYSPREVIOUS',
      versionId: 'v1',
      since: 2000,
      remedy: put('v2', 'v1'),
    },
  ]);
});

test('previous-is-not-current reports the time of the later move', () => {
  const put = assignStage(two, { stage: 'SYSPREVIOUS', versionId: 'v2', at: 3000 });
  expect(found(put)).toMatchObject([{ versionId: 'v2', since: 3000, remedy: [{ versionId: 'v1', from: 'v2' }] }]);
});

test.each(['SYSCURRENT', 'SYSPREVIOUS'])(
  'previous-is-not-current reports no time if that of %s is unknown',
  (stage) => {
    const unknown = [{ what: 'stageTime', stage }] as const;
    const [finding] = check(back, { at: 5000, policy: [previousIsNotCurrent], unknown }).findings;
    expect(finding).not.toHaveProperty('since');
    expect(finding?.remedy).toEqual(put('v2', 'v1'));
  },
);

test('previous-is-not-current prefers an older version, and skips one with another stage', () => {
  const three = createVersion(two, { at: 2000 });
  const rolledBack = assignStage(three, { stage: 'SYSCURRENT', versionId: 'v2', at: 3000 });
  expect(found(rolledBack)).toMatchObject([{ remedy: put('v1', 'v2') }]);
  const pending = assignStage(back, { stage: 'pending', versionId: 'v2', at: 3000 });
  expect(found(pending)).toMatchObject([{ versionId: 'v1', remedy: [] }]);
});

test('previous-is-not-current misses a missing version only if neither stage is on a known one', () => {
  const unknown = { what: 'versions', after: 'v1' } as const;
  const checked = (...names: readonly string[]) => {
    const state = { ...two, stages: two.stages.filter(({ name }) => names.includes(name)) };
    return check(state, { at: 5000, policy: [previousIsNotCurrent], unknown: [unknown] }).unchecked;
  };
  expect(checked()).toEqual([{ rules: ['previous-is-not-current'], unknown }]);
  for (const { name } of two.stages) expect(checked(name)).toEqual([]);
});

test('previous-is-not-current finds nothing in a cloud without both stages', () => {
  expect(found(back, defineDialect(huaweiCsms, { stages: { previous: null } }))).toEqual([]);
  const stages = { current: null, previous: null };
  expect(found(back, defineDialect(huaweiCsms, { stages, versions: { latest: 'newest' } }))).toEqual([]);
});
