import { expect, test } from 'vitest';
import { createSecret, createVersion, type SecretAction } from '../../../src/index.ts';
import { check, checkPlan, type Unknown } from '../../../src/policy/index.ts';
import { trackedVersion } from '../../../src/policy/rules/tracked-version.ts';

const three = [1000, 2000].reduce((state, at) => createVersion(state, { at }), createSecret({ name: 'db', at: 0 }));
const request = { at: 5000, policy: [trackedVersion] };
const found = (versionId: string, unknown: readonly Unknown[] = [], state = three) =>
  check(state, { ...request, tracked: { [versionId]: 'main.tf' }, unknown });

test('tracked-version accepts a version with a stage that a new version does not take', () => {
  expect(found('v3').findings).toEqual([]);
  const blue = { name: 'blue', updateTime: 0 };
  const mark = (versionId: string) => ({ ...three, stages: [{ ...blue, versionId }, ...three.stages] });
  expect(found('v1', [], mark('v1')).findings).toEqual([]);
  expect(found('v2', [], mark('v2')).findings).toEqual([]);
  expect(check(three, request).findings).toEqual([]);
});

test('tracked-version reports a version whose last stage the next new version takes', () => {
  expect(found('v2').findings).toEqual([
    {
      rule: 'tracked-version',
      severity: 'warning',
      sentence:
        '"main.tf" relies on version "v2", whose only stage is "SYSPREVIOUS". The next new version takes that stage away.',
      stage: 'SYSPREVIOUS',
      versionId: 'v2',
      remedy: [],
    },
  ]);
});

test('tracked-version reports a version without a stage, and one that does not exist', () => {
  expect(found('v1').findings).toMatchObject([
    { sentence: '"main.tf" relies on version "v1", which has no stage and can be deleted.', versionId: 'v1' },
  ]);
  expect(found('v9').findings).toMatchObject([
    { sentence: '"main.tf" relies on version "v9", which does not exist.', versionId: 'v9' },
  ]);
  expect(found('v9', [{ what: 'deprecatedVersions' }]).findings).toMatchObject([
    { sentence: '"main.tf" relies on version "v9", which has no stage or does not exist.' },
  ]);
});

test('tracked-version finds nothing about a version that may be on a missing page', () => {
  const unknown = { what: 'versions', after: 'v1' } as const;
  expect(found('v9', [unknown])).toEqual({
    findings: [],
    unchecked: [{ unknown, rules: ['tracked-version'] }],
    remarks: [],
  });
  expect(found('v1', [unknown])).toMatchObject({ findings: [{ versionId: 'v1' }], unchecked: [] });
  expect(check(three, { ...request, unknown: [unknown] }).unchecked).toEqual([]);
});

test('tracked-version reports a plan in which a version loses its last stage', () => {
  const create: SecretAction = { type: 'createVersion', at: 5000 };
  const causes = (versionId: string, ...actions: readonly SecretAction[]) => {
    const plan = checkPlan(three, actions, { ...request, tracked: { [versionId]: 'main.tf' } });
    return plan.allowed && plan.causes.map(({ sentence }) => sentence);
  };
  expect(causes('v3', create)).toEqual([expect.stringContaining('whose only stage is "SYSPREVIOUS"')]);
  expect(causes('v2', create)).toEqual([expect.stringContaining('has no stage')]);
  expect(causes('v3', create, create, { type: 'pruneDeprecated' })).toEqual([
    expect.stringContaining('does not exist'),
  ]);
});
