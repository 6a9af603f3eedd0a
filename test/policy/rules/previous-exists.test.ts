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
import { check } from '../../../src/policy/index.ts';
import { previousExists } from '../../../src/policy/rules/previous-exists.ts';

const one = createSecret({ name: 'db', at: 0 });
const listed = createVersion(one, { at: 1000, stages: ['SYSCURRENT'] });
const stage = 'SYSPREVIOUS';
const found = (state: SecretState, at = 5000, dialect = huaweiCsms) =>
  check(state, { at, policy: [previousExists], dialect }).findings;
const put = (versionId: string) => ({ type: 'assignStage', stage, versionId, at: 5000, from: null });

test('the first version has none before it, also while another is on its way', () => {
  expect(found(one)).toEqual([]);
  expect(found(createVersion(one, { at: 1000, stages: ['pending'] }))).toEqual([]);
  expect(found(createVersion(one, { at: 1000 }))).toEqual([]);
});

test('a later one has: the newest of the older becomes the previous', () => {
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

test('a younger version becomes the previous only if no stage marks it', () => {
  const pending = { ...createVersion(listed, { at: 2000, stages: ['pending'] }) };
  const { v1, ...versions } = pending.versions;
  const pruned = { ...pending, versions };
  expect(v1?.id).toBe('v1');
  expect(found(pruned)).toMatchObject([{ stage, remedy: [] }]);
  expect(found({ ...pruned, stages: pruned.stages.filter(({ name }) => name !== 'pending') })).toMatchObject([
    { remedy: [put('v3')] },
  ]);
});

test('without a current version the newest counts as such, so that the remedies of both go together', () => {
  const state = { ...createVersion(one, { at: 1000 }), stages: [] };
  expect(found(state)).toMatchObject([{ remedy: [put('v1')] }]);
  expect(found({ ...one, stages: [], versions: {} })).toEqual([]);
});

test('a version that is alone by now cannot be the previous of itself', () => {
  const { v1, ...versions } = listed.versions;
  expect(v1?.id).toBe('v1');
  expect(found({ ...listed, versions, stages: [] })).toMatchObject([{ stage, remedy: [] }]);
});

test('what may be between two pages may be the previous, and versions that are gone may not be known', () => {
  const unknown = [{ what: 'versions', after: 'v1' }, { what: 'issued' }] as const;
  const rule = 'previous-exists';
  expect(check(listed, { at: 0, policy: [previousExists], unknown })).toEqual({
    findings: [],
    unchecked: unknown.map((each) => ({ rule, unknown: each })),
  });
  expect(check(listed, { at: 0, policy: [previousExists], unknown: unknown.slice(1) }).findings).toHaveLength(1);
});

test('a version that another stage marks may never have been current, so it does not become the previous', () => {
  const canary = applyAll(createSecret({ name: 'db', at: 0 }), [
    { type: 'createVersion', at: 1, stages: ['canary'] },
    { type: 'createVersion', at: 2, stages: ['SYSCURRENT'] },
  ]);
  expect(found(canary)).toMatchObject([{ remedy: [{ stage, versionId: 'v1' }] }]);
  expect(found(assignStage(canary, { stage: 'canary', versionId: 'v1', at: 3 }))).toMatchObject([
    { remedy: [{ stage, versionId: 'v2' }] },
  ]);
});

test('where no stage is previous, none is missed', () => {
  const dialect = defineDialect(huaweiCsms, { stages: { previous: null } });
  const unknown = [{ what: 'issued' }] as const;
  expect(check(listed, { at: 0, policy: [previousExists], unknown, dialect })).toEqual({ findings: [], unchecked: [] });
});

test('without a current version the newest counts as such, also where a reader gets none then', () => {
  const state = { ...createVersion(one, { at: 1000 }), stages: [] };
  const dialect = defineDialect(huaweiCsms, { versions: { latest: 'current' } });
  expect(found(state, 5000, dialect)).toMatchObject([{ remedy: [put('v1')] }]);
});

test('a dialect says which stage is the previous one, and ids need no numbers', () => {
  const dialect = defineDialect(huaweiCsms, { stages: { previous: '__proto__' } });
  const born = createSecret({ name: 'db', at: 0, versionId: '__proto__' });
  const state = createVersion(born, { at: 1, versionId: 'constructor', stages: ['SYSCURRENT'] });
  expect(found(state, 5000, dialect)).toMatchObject([
    { stage: '__proto__', remedy: [{ stage: '__proto__', versionId: '__proto__', from: null }] },
  ]);
});
