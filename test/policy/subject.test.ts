import { expect, test } from 'vitest';
import { assignStage, createSecret, createVersion, pruneDeprecated } from '../../src/index.ts';
import { subjectAfter, timeOf, type Unknown } from '../../src/policy/index.ts';

const two = createVersion(createSecret({ name: 'db', at: 0, versionId: '__proto__' }), { at: 1000 });
const unknown: readonly Unknown[] = [
  { what: 'stageTime', stage: 'SYSCURRENT' },
  { what: 'stageTime', stage: 'SYSPREVIOUS' },
  { what: 'issued' },
];

test('subjectAfter knows the time of a stage that the action moved, and of no other', () => {
  const back = assignStage(two, { stage: 'SYSCURRENT', versionId: '__proto__', at: 2000 });
  expect(subjectAfter({ state: two, unknown }, back)).toEqual({ state: back, unknown: unknown.slice(1) });
  expect(subjectAfter({ state: two, unknown }, two).unknown).toEqual(unknown);
  expect(subjectAfter({ state: two }, back)).toEqual({ state: back, expireTimes: undefined, unknown: undefined });
});

test('timeOf returns the time of a stage that is known', () => {
  const times = ['SYSCURRENT', 'own'].map((stage) => timeOf({ state: two }, stage));
  expect(times).toEqual([1000, undefined]);
  expect(timeOf({ state: two, unknown }, 'SYSCURRENT')).toBeUndefined();
});

test('subjectAfter keeps who rotates, replicates, manages and tracks the secret', () => {
  const facts = {
    rotation: { isEnabled: true, lastTime: null, everyDays: 30, nextTime: null },
    replicaOf: 'eu-central-1',
    managedBy: 'rds',
    tracked: { gone: 'main.tf' },
  };
  expect(subjectAfter({ state: two, ...facts }, two)).toEqual({ state: two, ...facts });
});

test('subjectAfter drops the expiry times of versions that no longer exist', () => {
  const [, second = ''] = Object.keys(two.versions);
  const four = createVersion(createVersion(two, { at: 3000 }), { at: 4000 });
  const expireTimes = JSON.parse(`{"__proto__": 1, "${second}": 2, "never": 3}`);
  expect(Object.entries(subjectAfter({ state: two, expireTimes }, four).expireTimes ?? {})).toEqual([
    ['__proto__', 1],
    [second, 2],
  ]);
  expect(subjectAfter({ state: four, expireTimes }, pruneDeprecated(four)).expireTimes).toEqual({});
});
