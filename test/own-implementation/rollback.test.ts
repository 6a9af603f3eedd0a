import fc from 'fast-check';
import { applyAll, currentVersion, deprecatedVersions, previousVersion } from 'secret-stages';
import { secret, secretState, stageMatchers } from 'secret-stages/testing';
import { expect, test } from 'vitest';
import { rollBack } from './rollback.ts';

expect.extend(stageMatchers);

test('rollBack swaps the current and the previous version', () => {
  const db = secret('db').version('v1', 'SYSPREVIOUS').version('v2', 'SYSCURRENT').version('v3', 'canary').build();
  const after = applyAll(db, rollBack(db, 5000));
  expect(after).toMark('SYSCURRENT', 'v1');
  expect(after).toMark('SYSPREVIOUS', 'v2');
  expect(after).not.toBeDeprecated('v3');
});

test('rollBack deprecates no version, and a second rollback undoes the first, for any secret', () => {
  fc.assert(
    fc.property(secretState({ status: 'ENABLED' }), (db) => {
      const once = applyAll(db, rollBack(db, 1e12));
      const twice = applyAll(once, rollBack(once, 2e12));
      expect([currentVersion(twice), previousVersion(twice)]).toEqual([currentVersion(db), previousVersion(db)]);
      expect(deprecatedVersions(once)).toEqual(deprecatedVersions(db));
      expect(once).toObeyTheLaws();
    }),
  );
});
