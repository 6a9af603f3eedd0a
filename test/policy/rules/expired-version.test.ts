import { expect, test } from 'vitest';
import {
  alibabaKms,
  assignStage,
  awsSecretsManager,
  createSecret,
  createVersion,
  defineDialect,
  googleSecretManager,
  huaweiCsms,
  type SecretState,
} from '../../../src/index.ts';
import { check } from '../../../src/policy/index.ts';
import { expiredVersion } from '../../../src/policy/rules/expired-version.ts';

const day = 86_400_000;
const three = [1000, 2000].reduce((state, at) => createVersion(state, { at }), createSecret({ name: 'db', at: 0 }));
const blue = assignStage(three, { stage: 'blue', versionId: 'v1', at: 3000 });
const found = (state: SecretState, expireTimes: Record<string, number> | undefined, at = 5000, dialect = huaweiCsms) =>
  check(state, { at, policy: [expiredVersion], expireTimes, dialect }).findings;

test('expired-version reports a version from its expiry on, and not a millisecond before', () => {
  expect(found(three, { v2: 5001 })).toEqual([]);
  expect(found(three, { v2: 5000 })).toHaveLength(1);
  expect(found(three, { v2: 0 }, 0)).toHaveLength(1);
  expect(found(three, {}, 864e13)).toEqual([]);
});

test('expired-version ignores versions without a stage or that do not exist', () => {
  expect(found(three, { v1: 0, v9: 0 })).toEqual([]);
});

test('expired-version finds nothing and is unchecked if expiry is unknown', () => {
  const unchecked = [{ rules: ['expired-version'], unknown: { what: 'expireTimes' } }];
  expect(check(three, { at: 5000, policy: [expiredVersion] })).toEqual({ findings: [], unchecked, remarks: [] });
  const known = { at: 5000, policy: [expiredVersion], expireTimes: {} };
  expect(check(three, known).unchecked).toEqual([]);
  expect(check(three, { ...known, unknown: [{ what: 'expireTimes' }] }).unchecked).toEqual(unchecked);
});

test('expired-version misses the stages of missing versions, and nothing in clouds where versions never expire', () => {
  const unknown = { what: 'versions', after: 'v1' } as const;
  const request = { at: 5000, policy: [expiredVersion], unknown: [unknown] };
  expect(check(three, { ...request, expireTimes: {} }).unchecked).toEqual([{ rules: ['expired-version'], unknown }]);
  for (const dialect of [awsSecretsManager, googleSecretManager, alibabaKms])
    expect(check(createSecret({ name: 'db', at: 0 }, dialect), { ...request, dialect }).unchecked).toEqual([]);
  const dialect = defineDialect(huaweiCsms, { id: 'mine' });
  expect(check(createSecret({ name: 'db', at: 0 }, dialect), { ...request, dialect }).unchecked).toHaveLength(2);
});

test('expired-version proposes nothing for the current version, which needs a new value', () => {
  expect(found(three, { v3: 3000 }, 3000 + day)).toEqual([
    {
      rule: 'expired-version',
      severity: 'error',
      sentence: 'Stage "SYSCURRENT" is on version "v3", which expired 1 day ago.',
      stage: 'SYSCURRENT',
      versionId: 'v3',
      since: 3000,
      remedy: [],
    },
  ]);
});

test('expired-version moves the previous stage to an older version that has not expired', () => {
  const put = (versionId: string) => ({ type: 'assignStage', stage: 'SYSPREVIOUS', versionId, at: 5000, from: 'v2' });
  expect(found(three, { v2: 4000 })).toMatchObject([{ stage: 'SYSPREVIOUS', versionId: 'v2', remedy: [put('v1')] }]);
  expect(found(three, { v2: 4000, v1: 4000 })).toMatchObject([{ stage: 'SYSPREVIOUS', remedy: [] }]);
});

test('expired-version moves your own stage to the current version, and never removes it', () => {
  const move = { type: 'assignStage', stage: 'blue', versionId: 'v3', at: 5000, from: 'v1' };
  expect(found(blue, { v1: 4000 })).toMatchObject([{ stage: 'blue', versionId: 'v1', remedy: [move] }]);
  expect(found(blue, { v1: 4000, v3: 4000 })).toMatchObject([
    { stage: 'SYSCURRENT', remedy: [] },
    { stage: 'blue', remedy: [] },
  ]);
  const onCurrent = assignStage(three, { stage: 'blue', versionId: 'v3', at: 3000 });
  expect(found(onCurrent, { v3: 4000 }).map(({ stage, remedy }) => [stage, remedy])).toEqual([
    ['SYSCURRENT', []],
    ['blue', []],
  ]);
  const unmarked = { ...blue, stages: blue.stages.filter(({ name }) => name === 'blue') };
  expect(found(unmarked, { v1: 4000 })).toMatchObject([{ stage: 'blue', remedy: [] }]);
});

test('expired-version reports the later of the expiry and the move of the stage', () => {
  expect(found(blue, { v1: 2500 })).toMatchObject([{ since: 3000 }]);
  expect(found(blue, { v1: 3500 })).toMatchObject([{ since: 3500 }]);
  const unknown = [{ what: 'stageTime', stage: 'blue' }] as const;
  const [finding] = check(blue, { at: 5000, policy: [expiredVersion], expireTimes: { v1: 2500 }, unknown }).findings;
  expect(finding).not.toHaveProperty('since');
});

test('expired-version handles ids that are property names of objects', () => {
  const state = createSecret({ name: 'db', at: 0, versionId: '__proto__' });
  const other = createVersion(state, { at: 1, versionId: 'constructor' });
  expect(found(other, {})).toEqual([]);
  const expireTimes = Object.fromEntries([
    ['__proto__', 2],
    ['constructor', 9],
  ]);
  expect(found(other, expireTimes, 5)).toMatchObject([
    { stage: 'SYSPREVIOUS', versionId: '__proto__', since: 2, remedy: [] },
  ]);
});

test('expired-version reports a stage on a version that does not exist', () => {
  const lost = { ...three, stages: [...three.stages, { name: 'lost', versionId: 'v9', updateTime: 0 }] };
  expect(found(lost, { v9: 0 })).toMatchObject([
    { stage: 'lost', versionId: 'v9', remedy: [{ type: 'assignStage', stage: 'lost', versionId: 'v3' }] },
  ]);
  const bare = { ...three, versions: {}, stages: [{ name: 'SYSPREVIOUS', versionId: 'v9', updateTime: 0 }] };
  expect(found(bare, { v9: 0 })).toMatchObject([{ stage: 'SYSPREVIOUS', remedy: [] }]);
});
