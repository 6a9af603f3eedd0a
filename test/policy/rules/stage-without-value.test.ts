import { expect, test } from 'vitest';
import {
  applyAll,
  assignStage,
  awsSecretsManager,
  createSecret,
  createVersion,
  defineDialect,
  huaweiCsms,
  type SecretState,
} from '../../../src/index.ts';
import { check, pack } from '../../../src/policy/index.ts';
import { stageWithoutValue } from '../../../src/policy/rules/stage-without-value.ts';

const [first, second, third] = [1, 2, 3].map((number) => `token-0000000000000000000000000${number}`);
const one = createSecret({ name: 'db', at: 0, versionId: first }, awsSecretsManager);
const waiting = (state: SecretState, stages: readonly string[], versionId = second) =>
  createVersion(state, { at: 1000, versionId, stages, withoutValue: true }, awsSecretsManager);
const found = (state: SecretState, policy = [stageWithoutValue]) =>
  check(state, { at: 2000, policy, dialect: awsSecretsManager }).findings;

test('stage-without-value reports each stage but the pending one, since when it is there', () => {
  const state = waiting(one, ['AWSPENDING', 'blue', 'green']);
  const finding = (stage: string) => ({
    rule: 'stage-without-value',
    severity: 'error',
    sentence: `Stage "${stage}" is on version "${second}", which has no value.`,
    stage,
    versionId: second,
    since: 1000,
    remedy: [{ type: 'assignStage', stage, versionId: first, at: 2000, from: second }],
  });
  expect(found(state)).toEqual([finding('blue'), finding('green')]);
  expect(found(state, [...pack]).map(({ rule }) => rule)).toEqual(['stage-without-value', 'stage-without-value']);
});

test('stage-without-value accepts a rotation that waits for its value, and every version with a value', () => {
  const state = waiting(one, ['AWSPENDING']);
  expect(found(state, [...pack])).toEqual([]);
  const filled = createVersion(state, { at: 2000, versionId: second, stages: ['blue'] }, awsSecretsManager);
  expect(found(filled)).toEqual([]);
});

test('stage-without-value reports the current stage without a remedy', () => {
  const state = assignStage(
    waiting(one, ['AWSPENDING']),
    { stage: 'AWSCURRENT', versionId: `${second}`, at: 1500, from: first },
    awsSecretsManager,
  );
  expect(found(state, [...pack])).toMatchObject([{ stage: 'AWSCURRENT', since: 1500, remedy: [] }]);
});

test('stage-without-value moves the previous stage to another version with a value', () => {
  const third1 = createVersion(one, { at: 500, versionId: third }, awsSecretsManager);
  const older = createVersion(third1, { at: 600, versionId: `${third}4` }, awsSecretsManager);
  const [finding] = found(waiting(older, ['AWSPREVIOUS']), [...pack]);
  expect(finding?.remedy).toEqual([
    { type: 'assignStage', stage: 'AWSPREVIOUS', versionId: third, at: 2000, from: second },
  ]);
});

test('stage-without-value has no remedy if no version is current', () => {
  const none = createSecret({ name: 'db', at: 0, versionId: null }, awsSecretsManager);
  const [finding] = found(waiting(none, ['blue']));
  expect(finding).toMatchObject({ stage: 'blue', remedy: [] });
});

test('stage-without-value reports every stage in a dialect without a pending one', () => {
  const dialect = defineDialect(huaweiCsms, { versions: { mayAwaitValue: true } });
  const state = applyAll(
    createSecret({ name: 'db', at: 0 }, dialect),
    [{ type: 'createVersion', at: 1, stages: ['SYSPREVIOUS', 'canary'], withoutValue: true }],
    dialect,
  );
  const { findings } = check(state, { at: 1, policy: [stageWithoutValue], dialect });
  expect(findings.map(({ stage, remedy }) => [stage, remedy.length])).toEqual([
    ['SYSPREVIOUS', 0],
    ['canary', 1],
  ]);
});

test('current-exists does not make a version without a value current', () => {
  const none = createSecret({ name: 'db', at: 0, versionId: null }, awsSecretsManager);
  const state = waiting(waiting(none, ['blue']), ['AWSPENDING'], third);
  const [finding] = found(
    state,
    pack.filter(({ id }) => id === 'current-exists'),
  );
  expect(finding).toMatchObject({ stage: 'AWSCURRENT', remedy: [] });
});
