import { expect, test } from 'vitest';
import { bind, explain, googleSecretManager, type Refusal, stagesOf, versionsByAge } from '../../src/index.ts';

const model = bind(googleSecretManager);
const refusalOf = (outcome: { readonly ok: boolean; readonly refusal?: Refusal }) => outcome.refusal;

const empty = model.createSecret({ name: 'db', at: 0, versionId: null });
const one = model.createVersion(empty, { at: 1000 });
const two = model.createVersion(one, { at: 2000 });

test('createSecret creates a secret without a version, and versions are numbered from 1', () => {
  expect(empty).toMatchObject({ versions: {}, stages: [], status: 'ENABLED' });
  expect(model.latestVersion(empty)).toBeUndefined();
  expect(versionsByAge(two).map(({ id }) => id)).toEqual(['1', '2']);
  expect(refusalOf(model.tryCreateVersion(two, { at: 3000, versionId: 'v3' }))).toMatchObject({
    code: 'INVALID_VALUE',
    field: 'versionId',
  });
  expect(model.tryCreateVersion(two, { at: 3000, versionId: '0' }).ok).toBe(false);
});

test('createVersion moves no alias, and latestVersion returns the newest', () => {
  const aliased = model.assignStage(two, { stage: 'prod', versionId: '1', at: 3000 });
  const three = model.createVersion(aliased, { at: 4000 });
  expect([stagesOf(three, '1'), stagesOf(three, '3')]).toEqual([['prod'], []]);
  expect(model.latestVersion(three)).toBe('3');
  expect([model.currentVersion(three), model.previousVersion(three)]).toEqual([undefined, undefined]);
  expect(refusalOf(model.tryCreateVersion(three, { at: 5000, stages: ['prod'] }))).toMatchObject({
    code: 'STAGE_LIST_LIMIT',
    limit: 0,
  });
  expect(model.createVersion(three, { at: 5000, stages: [] }).stages).toEqual(three.stages);
});

test('assignStage moves an alias without `from`, and removeStage removes any alias', () => {
  const aliased = model.assignStage(two, { stage: 'prod', versionId: '1', at: 3000 });
  const moved = model.assignStage(aliased, { stage: 'prod', versionId: '2', at: 4000 });
  expect(stagesOf(moved, '2')).toEqual(['prod']);
  expect(model.removeStage(moved, { stage: 'prod', at: 5000 }).stages).toEqual([]);
});

test('assignStage takes aliases of up to 63 characters that begin with a letter, except latest and new', () => {
  const allows = (stage: string) => model.tryAssignStage(one, { stage, versionId: '1', at: 2000 }).ok;
  const allowed = ['a', 'Prod-2_b', 'a'.repeat(63), 'latest2', 'newer', 'renew', 'AWSCURRENT'];
  const refused = ['', '1a', '-a', '_a', 'a'.repeat(64), 'a.b', 'ä', 'latest', 'Latest', 'LATEST', 'new', 'NEW', 'a\n'];
  expect(allowed.filter((name) => !allows(name))).toEqual([]);
  expect(refused.filter(allows)).toEqual([]);
});

test('assignStage refuses a 51st alias', () => {
  const names = Array.from({ length: 50 }, (_, index) => `alias-${index + 1}`);
  const full = names.reduce((state, stage) => model.assignStage(state, { stage, versionId: '1', at: 2000 }), one);
  expect(refusalOf(model.tryAssignStage(full, { stage: 'more', versionId: '1', at: 3000 }))).toMatchObject({
    code: 'STAGE_LIMIT',
    limit: 50,
  });
});

test('createVersion creates any number of versions and deletes none', () => {
  let state = two;
  for (let at = 3000; at < 3300; at++) state = model.createVersion(state, { at });
  expect(versionsByAge(state)).toHaveLength(302);
  expect(model.pruneDeprecated(state)).toBe(state);
});

test('setStatus and scheduleDeletion are not supported', () => {
  const refusal = refusalOf(model.tryScheduleDeletion(one, { at: 2000 }));
  expect(refusal).toEqual({
    code: 'ACTION_NOT_OFFERED',
    action: 'scheduleDeletion',
    dialect: 'Google Secret Manager',
  });
  expect(refusal && explain(refusal)).toBe('Google Secret Manager does not support scheduleDeletion. Omit it.');
  expect(model.setStatus(one, { status: 'ENABLED', at: 2000 })).toBe(one);
  expect(refusalOf(model.trySetStatus(one, { status: 'DISABLED', at: 2000 }))?.code).toBe('INVALID_VALUE');
  expect(refusalOf(model.tryRestore(one, { at: 2000 }))?.code).toBe('DELETION_NOT_SCHEDULED');
});

test('createSecret takes names of up to 255 letters, digits, hyphens and underscores', () => {
  const named = (name: string) => model.tryCreateSecret({ name, at: 0 }).ok;
  expect(['Db_1-x', 'x'.repeat(255), 'x'.repeat(256), 'a.b', ''].map(named)).toEqual([true, true, false, false, false]);
});
