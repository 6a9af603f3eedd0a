import { expect, test } from 'vitest';
import {
  applyAll,
  assignStage,
  createSecret,
  createVersion,
  defineDialect,
  huaweiCsms,
  type SecretState,
} from '../../../src/index.ts';
import { check, type Unknown } from '../../../src/policy/index.ts';
import { previousExists } from '../../../src/policy/rules/previous-exists.ts';

const one = createSecret({ name: 'db', at: 0 });
const listed = createVersion(one, { at: 1000, stages: ['SYSCURRENT'] });
const stage = 'SYSPREVIOUS';
const found = (state: SecretState, at = 5000, dialect = huaweiCsms) =>
  check(state, { at, policy: [previousExists], dialect }).findings;
const put = (versionId: string) => ({ type: 'assignStage', stage, versionId, at: 5000, from: null });

test('previous-exists accepts a current first version, even if a newer version exists', () => {
  expect(found(one)).toEqual([]);
  expect(found(createVersion(one, { at: 1000, stages: ['pending'] }))).toEqual([]);
  expect(found(createVersion(one, { at: 1000 }))).toEqual([]);
});

test('previous-exists is unchecked without a current version if a deprecated version may be the newest', () => {
  const later = defineDialect(huaweiCsms, { secret: { firstVersion: 'may-come-later' } });
  const first = createVersion(
    createSecret({ name: 'db', at: 1, versionId: null }, later),
    { at: 1, stages: [] },
    later,
  );
  const both = createVersion(first, { at: 0, stages: ['pending'] }, later);
  const { v2 } = both.versions;
  const part = { ...both, versions: { ...(v2 && { v2 }) } };
  const unknown = [{ what: 'deprecatedVersions' }] as const;
  const report = check(part, { at: 5000, policy: [previousExists], dialect: later, unknown });
  expect(found(both, 5000, later)).toEqual([]);
  expect(report).toMatchObject({ findings: [], unchecked: [{ rules: ['previous-exists'] }] });
});

test('previous-exists makes the newest of the older versions previous', () => {
  expect(found(listed)).toEqual([
    {
      rule: 'previous-exists',
      severity: 'warning',
      sentence: 'Stage "SYSPREVIOUS" is on no version, so there is nothing to roll back to.',
      stage,
      remedy: [put('v1')],
    },
  ]);
  expect(found(createVersion(listed, { at: 2000, stages: ['SYSCURRENT'] }))).toMatchObject([{ remedy: [put('v2')] }]);
});

test('previous-exists makes a younger version previous only if no stage marks it', () => {
  const pending = { ...createVersion(listed, { at: 2000, stages: ['pending'] }) };
  const { v1, ...versions } = pending.versions;
  const pruned = { ...pending, versions };
  expect(v1?.id).toBe('v1');
  expect(found(pruned)).toMatchObject([{ stage, remedy: [] }]);
  expect(found({ ...pruned, stages: pruned.stages.filter(({ name }) => name !== 'pending') })).toMatchObject([
    { remedy: [put('v3')] },
  ]);
});

test('previous-exists uses the newest version if none is current, so that both remedies fit together', () => {
  const state = { ...createVersion(one, { at: 1000 }), stages: [] };
  expect(found(state)).toMatchObject([{ remedy: [put('v1')] }]);
  expect(found({ ...one, stages: [], versions: {} })).toEqual([]);
});

test('previous-exists proposes nothing if there is only one version', () => {
  const { v1, ...versions } = listed.versions;
  expect(v1?.id).toBe('v1');
  expect(found({ ...listed, versions, stages: [] })).toMatchObject([{ stage, remedy: [] }]);
});

test('previous-exists misses versions between two pages', () => {
  const unknown = { what: 'versions', after: 'v1' } as const;
  const checked = (state: SecretState) => check(state, { at: 0, policy: [previousExists], unknown: [unknown] });
  const unchecked = [{ rules: ['previous-exists'], unknown }];
  expect(checked(listed)).toEqual({ findings: [], unchecked, remarks: [] });
  expect(checked(createVersion(one, { at: 1000 })).unchecked).toEqual([]);
});

test.each<Unknown>([
  { what: 'issued' },
  { what: 'deprecatedVersions' },
  { what: 'createTime', versionId: 'v1' },
  { what: 'order', versionId: 'v1' },
])('previous-exists misses %j only if the current version seems to be the first, but is not v1', (unknown) => {
  const request = { at: 0, policy: [previousExists], unknown: [unknown] };
  const unnumbered = createSecret({ name: 'db', at: 0, versionId: 'a' });
  expect(check(unnumbered, request).unchecked).toEqual([{ rules: ['previous-exists'], unknown }]);
  expect(check(one, request).unchecked).toEqual([]);
  expect(check(listed, request)).toMatchObject({ findings: [{ stage }], unchecked: [] });
  // The previous stage would be on the version that the current stage left.
  const dialect = defineDialect(huaweiCsms, { stages: { previousFollows: 'any-move' } });
  expect(check(unnumbered, { ...request, dialect }).unchecked).toEqual([]);
});

test('previous-exists does not make a version with another stage previous', () => {
  const canary = applyAll(createSecret({ name: 'db', at: 0 }), [
    { type: 'createVersion', at: 1, stages: ['canary'] },
    { type: 'createVersion', at: 2, stages: ['SYSCURRENT'] },
  ]);
  expect(found(canary)).toMatchObject([{ remedy: [{ stage, versionId: 'v1' }] }]);
  expect(found(assignStage(canary, { stage: 'canary', versionId: 'v1', at: 3 }))).toMatchObject([
    { remedy: [{ stage, versionId: 'v2' }] },
  ]);
});

test('previous-exists finds nothing in a cloud without a previous stage', () => {
  const dialect = defineDialect(huaweiCsms, { stages: { previous: null } });
  const unknown = [{ what: 'issued' }] as const;
  expect(check(listed, { at: 0, policy: [previousExists], unknown, dialect })).toEqual({
    findings: [],
    unchecked: [],
    remarks: [],
  });
});

test('previous-exists uses the newest version if none is current, even if readers get none', () => {
  const state = { ...createVersion(one, { at: 1000 }), stages: [] };
  const dialect = defineDialect(huaweiCsms, { versions: { latest: 'current' } });
  expect(found(state, 5000, dialect)).toMatchObject([{ remedy: [put('v1')] }]);
});

test('previous-exists uses the previous stage of the dialect, and ids without numbers', () => {
  const dialect = defineDialect(huaweiCsms, { stages: { previous: '__proto__' } });
  const born = createSecret({ name: 'db', at: 0, versionId: '__proto__' });
  const state = createVersion(born, { at: 1, versionId: 'constructor', stages: ['SYSCURRENT'] });
  expect(found(state, 5000, dialect)).toMatchObject([
    { stage: '__proto__', remedy: [{ stage: '__proto__', versionId: '__proto__', from: null }] },
  ]);
});
