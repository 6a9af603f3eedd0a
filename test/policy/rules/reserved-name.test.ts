import { expect, test } from 'vitest';
import { builtIns } from '../../../src/dialects/rules.ts';
import { assignStage, createSecret, defineDialect, huaweiCsms } from '../../../src/index.ts';
import { check } from '../../../src/policy/index.ts';
import { reservedName } from '../../../src/policy/rules/reserved-name.ts';
import { clouds } from '../../arbitraries.ts';

const named = (stage: string) => assignStage(createSecret({ name: 'db', at: 0 }), { stage, versionId: 'v1', at: 0 });
const found = (stage: string, dialect = huaweiCsms) =>
  check(named(stage), { at: 0, policy: [reservedName], dialect }).findings;

test('reserved-name reports a name of another cloud, without a remedy', () => {
  expect(found('AWSPENDING')).toEqual([
    {
      rule: 'reserved-name',
      severity: 'warning',
      sentence: 'Stage "AWSPENDING" has a name that AWS Secrets Manager reserves.',
      stage: 'AWSPENDING',
      versionId: 'v1',
      remedy: [],
    },
  ]);
});

test.each([
  ['AWSCURRENT', 'AWS Secrets Manager'],
  ['AWSPREVIOUS', 'AWS Secrets Manager'],
  ['ACSCurrent', 'Alibaba Cloud KMS'],
  ['ACSPrevious', 'Alibaba Cloud KMS'],
  ['latest', 'Google Secret Manager'],
  ['LATEST', 'Google Secret Manager'],
  ['New', 'Google Secret Manager'],
])('%s is one of %s, in any case', (name, cloud) => {
  expect(found(name)).toMatchObject([{ sentence: `Stage "${name}" has a name that ${cloud} reserves.` }]);
});

test.each(['canary', 'constructor', '__proto__', 'latest-1', 'SYSPREVIOUS', 'syscurrent'])(
  'reserved-name accepts %s',
  (name) => {
    expect(found(name)).toEqual([]);
  },
);

test('reserved-name reports the built-in stages of every other cloud', () => {
  for (const cloud of clouds) {
    for (const name of builtIns(cloud)) {
      const stages = [{ name, versionId: 'v1', updateTime: 0 }];
      const foundBy = clouds.filter(
        (other) =>
          check({ ...named('blue'), dialect: other.id, stages }, { at: 0, policy: [reservedName], dialect: other })
            .findings.length > 0,
      );
      expect(foundBy).toEqual(clouds.filter((other) => other !== cloud));
    }
  }
});

test('reserved-name accepts the built-in stages of the dialect', () => {
  const aws = defineDialect(huaweiCsms, { stages: { current: 'AWSCURRENT', previous: 'AWSPREVIOUS' } });
  expect(found('AWSPENDING', aws)).toMatchObject([{ stage: 'SYSCURRENT' }]);
  const own = defineDialect(huaweiCsms, { stages: { current: 'main', previous: 'latest', pending: 'SYSCURRENT' } });
  expect(found('latest', own)).toEqual([]);
  expect(found('AWSPENDING', own)).toHaveLength(1);
});
