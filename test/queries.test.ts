import { beforeEach, expect, test } from 'vitest';
import {
  createSecret,
  createVersion,
  currentVersion,
  deprecatedVersions,
  hasVersion,
  huaweiCsms,
  isDeprecated,
  isIssued,
  latestVersion,
  nextVersionId,
  previousVersion,
  pruneDeprecated,
  remainingStages,
  type SecretState,
  stageOf,
  stagesOf,
  versionOf,
  versionsByAge,
} from '../src/index.ts';

let one: SecretState;
let three: SecretState;
let nobody: SecretState;
beforeEach(() => {
  one = createSecret({ name: 'db', at: 0 });
  three = createVersion(createVersion(one, { at: 1000 }), { at: 2000, stages: ['SYSCURRENT', 'canary'] });
  nobody = { ...three, stages: [] };
});

test('what a stage is on, and what is on a version', () => {
  expect(versionOf(three, 'canary')).toBe('v3');
  expect(versionOf(three, 'blue')).toBeUndefined();
  expect(stageOf(three, 'SYSPREVIOUS')).toEqual({ name: 'SYSPREVIOUS', versionId: 'v1', updateTime: 1000 });
  expect(stageOf(three, 'constructor')).toBeUndefined();
  expect(stagesOf(three, 'v3')).toEqual(['SYSCURRENT', 'canary']);
  expect(stagesOf(three, 'v2')).toEqual([]);
  expect(stagesOf(three, 'v9')).toEqual([]);
});

test('which versions exist, and which are deprecated', () => {
  expect(['v1', 'v9', 'constructor', '__proto__'].map((id) => hasVersion(three, id))).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(Reflect.apply(hasVersion, null, [three, ['v1']])).toBe(false);
  expect(['v1', 'v2', 'v9'].map((id) => isDeprecated(three, id))).toEqual([false, true, false]);
  expect(deprecatedVersions(three)).toEqual(['v2']);
  expect(deprecatedVersions(nobody)).toEqual(['v1', 'v2', 'v3']);
});

test('versions by age: by time, and of the same time in the order of creation, however the data is sorted', () => {
  const tied = createVersion(createVersion(one, { at: 0, versionId: '10' }), { at: 0, versionId: '9' });
  expect(versionsByAge(tied).map(({ id }) => id)).toEqual(['v1', '10', '9']);
  const late = createVersion(createVersion(one, { at: 9000 }), { at: 500 });
  expect(versionsByAge(late).map(({ id }) => id)).toEqual(['v1', 'v3', 'v2']);
});

test('current, previous and latest', () => {
  expect([currentVersion(three), previousVersion(three), latestVersion(three)]).toEqual(['v3', 'v1', 'v3']);
  expect([currentVersion(nobody), previousVersion(nobody), latestVersion(nobody)]).toEqual([
    undefined,
    undefined,
    'v3',
  ]);
  expect(latestVersion(createVersion(three, { at: 3000, stages: [] }))).toBe('v3');
  expect(latestVersion(pruneDeprecated(nobody))).toBeUndefined();
  const blue = { ...huaweiCsms, currentStage: 'canary', previousStage: 'SYSCURRENT' };
  const state = createVersion(three, { at: 3000, stages: ['canary'] });
  expect([currentVersion(state, blue), previousVersion(state, blue), latestVersion(state, blue)]).toEqual([
    'v4',
    'v3',
    'v4',
  ]);
});

test('how many more stages there may be', () => {
  expect(remainingStages(three)).toBe(9);
  expect(remainingStages(three, { ...huaweiCsms, freeStages: ['SYSCURRENT', 'SYSPREVIOUS', 'other'] })).toBe(11);
  expect(remainingStages(three, { ...huaweiCsms, stageLimit: 2 })).toBe(0);
});

test('which ids were issued, and which is next', () => {
  const chosen = createVersion(three, { at: 3000, versionId: 'v6' });
  const issued = ['v0', 'v1', 'v3', 'v4', 'v6', 'v01', 'v1.0', 'v1.5', 'v-1', 'v1e0', 'V1', '1', 'v', ''];
  expect(issued.filter((id) => isIssued(chosen, id))).toEqual(['v1', 'v3', 'v6']);
  expect(nextVersionId(chosen)).toBe('v4');
  expect(nextVersionId(chosen, { ...huaweiCsms, versionIdPrefix: '' })).toBe('4');
  expect(isIssued(chosen, '3', { ...huaweiCsms, versionIdPrefix: '' })).toBe(true);
});
