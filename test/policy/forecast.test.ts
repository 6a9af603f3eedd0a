import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  alibabaKms,
  awsSecretsManager,
  createSecret,
  createVersion,
  type Dialect,
  defineDialect,
  googleSecretManager,
  hasVersion,
  isDeprecated,
  reduce,
  type SecretState,
  setStatus,
  tryCreateVersion,
} from '../../src/index.ts';
import { createsUntilPrunable } from '../../src/policy/forecast.ts';
import { livedAnywhere, stageIn, stageName } from '../arbitraries.ts';
import { property, runs } from '../property.ts';
import { onlyTheDialect } from './arbitraries.ts';

const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });

const day = 86_400_000;

/** The same by creating many versions, even if the result is already clear. */
const byCreating = (
  state: SecretState,
  id: string,
  stages: readonly string[] | undefined,
  dialect: Dialect,
): number | null => {
  let next = state;
  for (let creates = 0; creates < 30; creates++) {
    if (!hasVersion(next, id) || isDeprecated(next, id)) return creates;
    const outcome = tryCreateVersion(next, { at: (creates + 10) * day, stages }, dialect);
    if (!outcome.ok) return null;
    next = outcome.state;
  }
  return null;
};

property([livedAnywhere, fc.option(fc.array(stageName, { maxLength: 4 }), { nil: undefined })], { numRuns: runs(500) })(
  'createsUntilPrunable agrees with creating many versions',
  ({ dialect, state }, names) => {
    const stages = names?.map((name) => stageIn(dialect, name));
    const unmarked = { ...state, stages: state.stages.filter(({ name }) => name !== dialect.stages.current) };
    for (const start of [state, unmarked]) {
      for (const id of Object.keys(start.versions)) {
        expect(createsUntilPrunable(start, id, { stages, dialect })).toBe(byCreating(start, id, stages, dialect));
      }
    }
  },
);

test('createsUntilPrunable returns two for the current version, one for the previous and zero for a deprecated one', () => {
  const three = createVersion(two, { at: 2000 });
  expect(['v1', 'v2', 'v3'].map((id) => createsUntilPrunable(three, id))).toEqual([0, 1, 2]);
  expect(createsUntilPrunable(three, 'v3', { stages: ['SYSCURRENT'] })).toBe(1);
});

test('createsUntilPrunable returns null for a version with another stage, and in a secret that is not ENABLED', () => {
  const pinned = reduce(two, { type: 'assignStage', stage: 'canary', versionId: 'v1', at: 2000 });
  expect(createsUntilPrunable(pinned, 'v1')).toBeNull();
  const disabled = setStatus(two, { status: 'DISABLED', at: 2000 });
  expect(createsUntilPrunable(disabled, 'v1')).toBeNull();
  expect(createsUntilPrunable(createVersion(two, { at: 2000, stages: [] }), 'v3')).toBe(0);
});

const after = (dialect: Dialect, lists: readonly (readonly string[] | undefined)[]): SecretState =>
  lists.reduce<SecretState>(
    (state, stages, index) => createVersion(state, { at: index + 1, stages }, dialect),
    createSecret({ name: 'db', at: 0 }, dialect),
  );
const forecasts = (state: SecretState, dialect: Dialect, stages?: readonly string[]) =>
  Object.keys(state.versions).map((id) => createsUntilPrunable(state, id, { stages, dialect }));

test('AWS: createsUntilPrunable counts that a new version clears the pending label, and refuses an empty list', () => {
  const pending = after(awsSecretsManager, [undefined, ['AWSPENDING']]);
  expect(forecasts(pending, awsSecretsManager)).toEqual([1, 2, 1]);
  expect(forecasts(pending, awsSecretsManager, ['AWSCURRENT'])).toEqual([1, 2, null]);
  expect(forecasts(pending, awsSecretsManager, [])).toEqual([null, null, null]);
});

test('AWS: createsUntilPrunable creates versions in a full secret once a deprecated one is a day old', () => {
  const limit = { most: 3, whenFull: 'drop-oldest-deprecated', sparedHours: 24 } as const;
  const full = defineDialect(awsSecretsManager, { versions: { limit } });
  expect(forecasts(after(full, [undefined, undefined]), full)).toEqual([0, 1, 2]);
});

test('createsUntilPrunable returns the same for Alibaba Cloud as for Huawei Cloud, and null for an alias of Google', () => {
  expect(forecasts(after(alibabaKms, [undefined, ['pending']]), alibabaKms)).toEqual([1, 2, null]);
  const two = after(googleSecretManager, [undefined]);
  const prod = reduce(two, { type: 'assignStage', stage: 'prod', versionId: '1', at: 2 }, googleSecretManager);
  expect(forecasts(prod, googleSecretManager)).toEqual([null, 0]);
  expect(forecasts(prod, googleSecretManager, ['prod'])).toEqual([null, 0]);
});

test.each(['v9', '__proto__', 'constructor'])('createsUntilPrunable refuses the missing version %s', (versionId) => {
  expect(() => createsUntilPrunable(two, versionId)).toThrow(
    expect.objectContaining({ refusal: { code: 'UNKNOWN_VERSION', versionId, versions: two.versions } }),
  );
});

test('createsUntilPrunable throws WRONG_DIALECT first, if the secret is of another dialect', () => {
  const wrong = { code: 'WRONG_DIALECT', stateDialect: 'huawei-csms', dialect: 'aws-secrets-manager' };
  expect(() => createsUntilPrunable(two, 'v9', { dialect: awsSecretsManager })).toThrow(
    expect.objectContaining({ refusal: wrong }),
  );
  const aws = createSecret({ name: 'db', at: 0 }, awsSecretsManager);
  const ofAws = { code: 'WRONG_DIALECT', stateDialect: 'aws-secrets-manager', dialect: 'huawei-csms' };
  const missing: unknown = null;
  // @ts-expect-error A caller without types may pass null.
  expect(() => createsUntilPrunable(aws, 'v1', missing)).toThrow(expect.objectContaining({ refusal: ofAws }));
  expect(() => createsUntilPrunable(aws, 'v1', onlyTheDialect())).toThrow(expect.objectContaining({ refusal: ofAws }));
});

test('createsUntilPrunable refuses a version id that is missing or not a string', () => {
  const message = (versionId: unknown) => () => Reflect.apply(createsUntilPrunable, null, [two, versionId]);
  expect(message(undefined)).toThrow('INVALID_VALUE: versionId is required.');
  expect(message(5)).toThrow('INVALID_VALUE: versionId must be a string; got 5.');
});
