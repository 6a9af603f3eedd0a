import { expect, test } from 'vitest';
import { alibabaKms, bind, type SecretState, stagesOf, versionsByAge } from '../../src/index.ts';

const model = bind(alibabaKms);
const codeOf = (outcome: { readonly ok: boolean; readonly refusal?: { readonly code: string } }) =>
  outcome.refusal?.code;
const boardOf = (state: SecretState) =>
  versionsByAge(state)
    .map(({ id }) => `${id}{${stagesOf(state, id)}}`)
    .join(' ');

const one = model.createSecret({ name: 'db', at: 0, versionId: 'v1' });
const pending = model.createVersion(one, { at: 1000, versionId: 'v2', stages: ['MyPendingLabel'] });

test('assignStage makes a pending version current without `from`, as in the rotation guide', () => {
  expect(boardOf(pending)).toBe('v1{ACSCurrent} v2{MyPendingLabel}');
  const promoted = model.assignStage(pending, { stage: 'ACSCurrent', versionId: 'v2', at: 2000 });
  // Whether ACSPrevious follows no page says: it stays off until it is put somewhere.
  expect(boardOf(promoted)).toBe('v1{} v2{ACSCurrent,MyPendingLabel}');
});

test('createVersion without a list moves ACSCurrent and ACSPrevious', () => {
  const two = model.createVersion(one, { at: 1000 });
  expect(boardOf(two)).toBe('v1{ACSPrevious} v2{ACSCurrent}');
  expect(boardOf(model.createVersion(two, { at: 2000 }))).toBe('v1{} v2{ACSPrevious} v3{ACSCurrent}');
});

test('createVersion takes ACSCurrent and other names with ACS in a list, and ACSPrevious follows', () => {
  const state = model.createVersion(pending, { at: 2000, stages: ['ACSCurrent', 'ACSNext'] });
  expect(boardOf(state)).toBe('v1{ACSPrevious} v2{MyPendingLabel} v3{ACSCurrent,ACSNext}');
});

test('removeStage refuses both built-in stages', () => {
  const two = model.createVersion(one, { at: 1000 });
  for (const stage of ['ACSCurrent', 'ACSPrevious']) {
    expect(codeOf(model.tryRemoveStage(two, { stage, at: 2000 }))).toBe('BUILT_IN_STAGE');
  }
  expect(model.tryRemoveStage(pending, { stage: 'MyPendingLabel', at: 2000 }).ok).toBe(true);
});

test('assignStage refuses a 9th stage, including built-in ones', () => {
  const stages = Array.from({ length: 7 }, (_, index) => `stage ${index + 1}`);
  const full = model.createVersion(one, { at: 1000, stages });
  expect(model.remainingStages(full)).toBe(0);
  expect(codeOf(model.tryAssignStage(full, { stage: 'ninth', versionId: 'v1', at: 2000 }))).toBe('STAGE_LIMIT');
  expect(codeOf(model.tryCreateVersion(full, { at: 2000 }))).toBe('STAGE_LIMIT');
  expect(codeOf(model.tryCreateVersion(one, { at: 2000, stages: [...stages, 'eighth', 'ninth'] }))).toBe(
    'STAGE_LIST_LIMIT',
  );
});

test('createVersion deletes the oldest deprecated version for an 11th version, and none before', () => {
  let state = model.createVersion(one, { at: 1, stages: ['kept'] });
  for (let at = 2; at < 10; at++) state = model.createVersion(state, { at });
  expect(versionsByAge(state)).toHaveLength(10);
  expect(model.pruneDeprecated(state)).toBe(state);
  const next = model.createVersion(state, { at: 10 });
  expect(versionsByAge(next).map(({ id }) => id)).toEqual([
    'v2',
    'v3',
    'v4',
    'v5',
    'v6',
    'v7',
    'v8',
    'v9',
    'v10',
    'v11',
  ]);
  expect(stagesOf(next, 'v2')).toEqual(['kept']);
});

test('createVersion ignores a repeated id with the same content, including its stages', () => {
  const put = { at: 2000, versionId: 'mine', fingerprint: 'a1' };
  const state = model.createVersion(one, put);
  expect(model.createVersion(state, { ...put, at: 3000, stages: ['late'] })).toBe(state);
  expect(codeOf(model.tryCreateVersion(state, { ...put, fingerprint: 'b2' }))).toBe('VERSION_ID_TAKEN');
});

test('names are limited to 192 characters without acs/ for secrets, 64 for ids, and not limited for stages', () => {
  const named = (name: string) => model.tryCreateSecret({ name, at: 0 }).ok;
  expect(['a/b_+=.@-', 'x'.repeat(192), 'x'.repeat(193), 'acs/db', 'my/acs/db'].map(named)).toEqual([
    true,
    true,
    false,
    false,
    true,
  ]);
  const identified = (versionId: string) => model.tryCreateVersion(one, { at: 1000, versionId }).ok;
  expect(['x'.repeat(64), 'x'.repeat(65), ''].map(identified)).toEqual([true, false, false]);
  expect(codeOf(model.tryAssignStage(one, { stage: '', versionId: 'v1', at: 1000 }))).toBe('INVALID_VALUE');
  expect(model.tryAssignStage(one, { stage: 'a b\n'.repeat(99), versionId: 'v1', at: 1000 }).ok).toBe(true);
});

test('latestVersion returns the current version, or undefined', () => {
  expect(model.latestVersion(pending)).toBe('v1');
  expect(model.latestVersion({ ...pending, stages: [] })).toBeUndefined();
});

test('a secret is ENABLED or PENDING_DELETE, and begins with a version', () => {
  expect(codeOf(model.trySetStatus(one, { status: 'DISABLED', at: 1000 }))).toBe('INVALID_VALUE');
  expect(model.scheduleDeletion(one, { at: 0 }).scheduledDeleteTime).toBe(30 * 86_400_000);
  expect(codeOf(model.tryCreateSecret({ name: 'db', at: 0, versionId: null }))).toBe('INVALID_VALUE');
});
