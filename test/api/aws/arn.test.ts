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
  expect(arnOf(projectOf('123456789012', region), 'db', () => 0)).toBe(
    `${partition}secretsmanager:${region}:123456789012:secret:db-AAAAAA`,
  );
});

test('an ARN ends in six characters, each drawn from 62', () => {
  const asked: number[] = [];
  const random = (below: number) => {
    asked.push(below);
    return 12 * (asked.length - 1);
  };
  expect(arnOf(project, 'db', random)).toBe('arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AMYkw8');
  expect(asked).toEqual([62, 62, 62, 62, 62, 62]);
});

property([fc.stringMatching(/^[\w/+=.@!-]{1,40}$/), fc.infiniteStream(fc.nat(61))])(
  'the ARN of any name means the name',
  (name, numbers) => {
    const arn = arnOf(project, name, () => Number(numbers.next().value));
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
