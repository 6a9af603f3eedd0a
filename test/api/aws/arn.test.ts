import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arnOf, fitsArn, nameIn, projectOf } from '../../../src/api/aws/arn.ts';
import { property } from '../../property.ts';

const project = projectOf('123456789012', 'us-east-1');

test.each([
  ['us-east-1', 'arn:aws:'],
  ['cn-north-1', 'arn:aws-cn:'],
  ['us-gov-west-1', 'arn:aws-us-gov:'],
])('an ARN in %s begins with %s', (region, partition) => {
  expect(arnOf(projectOf('123456789012', region), 'db', 0, token)).toMatch(
    new RegExp(`^${partition}secretsmanager:${region}:123456789012:secret:db-[A-Za-z\\d]{6}$`),
  );
});

const token = 'EXAMPLE1-90ab-cdef-fedc-ba987SECRET1';

test('another time, name, region, account or token makes another suffix', () => {
  const arns = [
    arnOf(project, 'db', 0, token),
    arnOf(project, 'db', 1, token),
    arnOf(project, 'db2', 0, token),
    arnOf(projectOf('123456789012', 'us-east-2'), 'db', 0, token),
    arnOf(projectOf('123456789013', 'us-east-1'), 'db', 0, token),
    arnOf(project, 'db', 0, 'another token'),
  ];
  expect(new Set(arns.map((arn) => arn.slice(-6))).size).toBe(6);
  expect(arnOf(project, 'db', 0, token)).toBe(arns[0]);
});

property([fc.stringMatching(/^[\w/+=.@!-]{1,40}$/), fc.nat(1e12)])(
  'the ARN of any name means the name',
  (name, now) => {
    const arn = arnOf(project, name, now, token);
    expect(nameIn(name, project)).toBe(name);
    expect(nameIn(arn, project)).toBe(name);
    expect(fitsArn(name, arn)).toBe(true);
    expect(fitsArn(arn, arn)).toBe(true);
    expect(nameIn(arn, projectOf('123456789012', 'eu-west-1'))).toBeUndefined();
  },
);

test.each([
  ['arn:aws:secretsmanager:us-east-1:123456789012:secret:db', 'db'],
  ['arn:aws:secretsmanager:us-east-1:123456789012:secret:db-abcdef', 'db'],
  ['arn:aws:secretsmanager:us-east-1:123456789012:secret:db-abcde', 'db-abcde'],
  [
    'arn:aws:secretsmanager:us-east-1:123456789012:secret:db:key',
    'arn:aws:secretsmanager:us-east-1:123456789012:secret:db:key',
  ],
  ['arn:aws:secretsmanager:us-east-1:123456789012:secret:', 'arn:aws:secretsmanager:us-east-1:123456789012:secret:'],
  ['arn:aws-cn:secretsmanager:us-east-1:123456789012:secret:db', undefined],
  ['arn:aws:secretsmanager:us-east-1:999999999999:secret:db', undefined],
  ['arn:aws:kms:us-east-1:123456789012:key/k', 'arn:aws:kms:us-east-1:123456789012:key/k'],
])('the name in %s', (secretId, name) => {
  expect(nameIn(secretId, project)).toBe(name);
});
