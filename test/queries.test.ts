import { beforeEach, expect, test } from 'vitest';
import {
  createSecret,
  createVersion,
  currentVersion,
  defineDialect,
  deprecatedVersions,
  googleSecretManager,
  hasVersion,
  huaweiCsms,
  isDeprecated,
  latestVersion,
  nextVersionId,
  previousVersion,
  pruneDeprecated,
  remainingStages,
  type SecretState,
  StageRefusedError,
  stageOf,
  stagesOf,
  versionOf,
  versionsByAge,
  violations,
} from '../src/index.ts';

let one: SecretState;
let three: SecretState;
let unmarked: SecretState;
beforeEach(() => {
  one = createSecret({ name: 'db', at: 0 });
  three = createVersion(createVersion(one, { at: 1000 }), { at: 2000, stages: ['SYSCURRENT', 'canary'] });
  unmarked = { ...three, stages: [] };
});

test('stageOf, versionOf and stagesOf return the version of a stage and the stages of a version', () => {
  expect(versionOf(three, 'canary')).toBe('v3');
  expect(versionOf(three, 'blue')).toBeUndefined();
  expect(stageOf(three, 'SYSPREVIOUS')).toEqual({ name: 'SYSPREVIOUS', versionId: 'v1', updateTime: 1000 });
  expect(stageOf(three, 'constructor')).toBeUndefined();
  expect(stagesOf(three, 'v3')).toEqual(['SYSCURRENT', 'canary']);
  expect(stagesOf(three, 'v2')).toEqual([]);
  expect(stagesOf(three, 'v9')).toEqual([]);
});

test('hasVersion, isDeprecated and deprecatedVersions report existing and deprecated versions', () => {
  expect(['v1', 'v9', 'constructor', '__proto__'].map((id) => hasVersion(three, id))).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(Reflect.apply(hasVersion, null, [three, ['v1']])).toBe(false);
  expect(['v1', 'v2', 'v9'].map((id) => isDeprecated(three, id))).toEqual([false, true, false]);
  expect(deprecatedVersions(three)).toEqual(['v2']);
  expect(deprecatedVersions(unmarked)).toEqual(['v1', 'v2', 'v3']);
});

test('versionsByAge sorts by time, then by order of creation', () => {
  const tied = createVersion(createVersion(one, { at: 0, versionId: '10' }), { at: 0, versionId: '9' });
  expect(versionsByAge(tied).map(({ id }) => id)).toEqual(['v1', '10', '9']);
  const late = createVersion(createVersion(one, { at: 9000 }), { at: 500 });
  expect(versionsByAge(late).map(({ id }) => id)).toEqual(['v1', 'v3', 'v2']);
});

test('currentVersion, previousVersion and latestVersion return the version of each role', () => {
  expect([currentVersion(three), previousVersion(three), latestVersion(three)]).toEqual(['v3', 'v1', 'v3']);
  expect([currentVersion(unmarked), previousVersion(unmarked), latestVersion(unmarked)]).toEqual([
    undefined,
    undefined,
    'v3',
  ]);
  expect(latestVersion(createVersion(three, { at: 3000, stages: [] }))).toBe('v3');
  expect(latestVersion(pruneDeprecated(unmarked))).toBeUndefined();
  const blue = defineDialect(huaweiCsms, { stages: { current: 'canary', previous: 'SYSCURRENT' } });
  const state = createVersion(three, { at: 3000, stages: ['canary'] });
  expect([currentVersion(state, blue), previousVersion(state, blue), latestVersion(state, blue)]).toEqual([
    'v4',
    'v3',
    'v4',
  ]);
});

test('remainingStages returns how many more stages are allowed', () => {
  expect(remainingStages(three)).toBe(9);
  expect(
    remainingStages(three, defineDialect(huaweiCsms, { stages: { limitCounts: 'custom', pending: 'other' } })),
  ).toBe(11);
  expect(remainingStages(three, defineDialect(huaweiCsms, { stages: { limit: 2 } }))).toBe(0);
});

test('latestVersion follows the dialect', () => {
  const reading = (latest: 'current' | 'newest' | 'current-or-newest') =>
    defineDialect(huaweiCsms, { versions: { latest } });
  const four = createVersion(three, { at: 3000, stages: [] });
  expect(latestVersion(four, reading('newest'))).toBe('v4');
  expect(latestVersion(four, reading('current'))).toBe('v3');
  expect(latestVersion(unmarked, reading('current'))).toBeUndefined();
  expect(latestVersion(unmarked, reading('current-or-newest'))).toBe('v3');
});

test('nextVersionId returns the id after the highest used number of the series', () => {
  expect(nextVersionId(three)).toBe('v4');
  expect(nextVersionId(createVersion(three, { at: 3000, versionId: 'v6' }))).toBe('v7');
  for (const versionId of ['v0', 'v01', 'v1.0', 'v-1', 'v1e9', 'V9', '9', 'v', 'xv9'])
    expect(nextVersionId(createVersion(three, { at: 3000, versionId }))).toBe('v4');
  expect(
    nextVersionId(
      createVersion(three, { at: 3000, versionId: '7' }),
      defineDialect(huaweiCsms, { versions: { idPrefix: '' } }),
    ),
  ).toBe('4');
});

test.each([currentVersion, previousVersion, latestVersion, remainingStages, nextVersionId, violations])(
  '%o throws if the secret belongs to another dialect',
  (query) => {
    const refusal = { code: 'WRONG_DIALECT', stateDialect: 'huawei-csms', dialect: 'google-secret-manager' };
    expect(() => query(one, googleSecretManager)).toThrow(StageRefusedError);
    expect(() => query(one, googleSecretManager)).toThrow(expect.objectContaining({ refusal }));
  },
);
