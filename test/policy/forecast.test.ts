import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import {
  createSecret,
  createVersion,
  type Dialect,
  hasVersion,
  isDeprecated,
  reduce,
  type SecretState,
  setStatus,
  tryCreateVersion,
} from '../../src/index.ts';
import { createsUntilPrunable } from '../../src/policy/forecast.ts';
import { lived, stageName } from '../arbitraries.ts';

const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });

/** The same by really creating many versions, also where the answer has long been clear. */
const byCreating = (
  state: SecretState,
  id: string,
  stages: readonly string[] | undefined,
  dialect: Dialect,
): number | null => {
  let next = state;
  for (let creates = 0; creates < 30; creates++) {
    if (!hasVersion(next, id) || isDeprecated(next, id)) return creates;
    const outcome = tryCreateVersion(next, { at: 100 + creates, stages }, dialect);
    if (!outcome.ok) return null;
    next = outcome.state;
  }
  return null;
};

property.prop([lived, fc.option(fc.array(stageName, { maxLength: 4 }), { nil: undefined })], { numRuns: 500 })(
  'the forecast of every version is what comes of creating many',
  ({ dialect, state }, stages) => {
    const nobody = { ...state, stages: state.stages.filter(({ name }) => name !== 'SYSCURRENT') };
    for (const start of [state, nobody]) {
      for (const id of Object.keys(start.versions)) {
        expect(createsUntilPrunable(start, id, { stages }, dialect)).toBe(byCreating(start, id, stages, dialect));
      }
    }
  },
);

test('the version with the current stage lasts for two, the one before it for one, and a deprecated one for none', () => {
  const three = createVersion(two, { at: 2000 });
  expect(['v1', 'v2', 'v3'].map((id) => createsUntilPrunable(three, id))).toEqual([0, 1, 2]);
  expect(createsUntilPrunable(three, 'v3', { stages: ['SYSCURRENT'] })).toBe(1);
});

test('a stage that no new version takes holds a version for ever, and so does a secret that is not ENABLED', () => {
  const pinned = reduce(two, { type: 'assignStage', stage: 'canary', versionId: 'v1', at: 2000 });
  expect(createsUntilPrunable(pinned, 'v1')).toBeNull();
  const disabled = setStatus(two, { status: 'DISABLED', at: 2000 });
  expect(createsUntilPrunable(disabled, 'v1')).toBeNull();
  expect(createsUntilPrunable(createVersion(two, { at: 2000, stages: [] }), 'v3')).toBe(0);
});

test.each(['v9', '__proto__', 'constructor'])('a version %s that does not exist is refused', (versionId) => {
  expect(() => createsUntilPrunable(two, versionId)).toThrow(
    expect.objectContaining({ refusal: { code: 'UNKNOWN_VERSION', versionId, versions: two.versions } }),
  );
});
