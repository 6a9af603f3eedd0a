import { expect, test } from 'vitest';
import { awsSecretsManager, type DialectChanges, defineDialect } from '../../src/index.ts';
import { AwsClient, born, token } from './aws-client.ts';

const day = 86_400_000;
const put = (body: object = {}) => ['PutSecretValue', { SecretId: 'db', SecretString: 'x', ...body }] as const;
const move = (VersionStage: string, MoveToVersionId?: string, RemoveFromVersionId?: string) =>
  ['UpdateSecretVersionStage', { SecretId: 'db', VersionStage, MoveToVersionId, RemoveFromVersionId }] as const;
const create = (body: object = {}) => ['CreateSecret', { Name: 'db', ...body }] as const;
const remove = (RecoveryWindowInDays?: number) => ['DeleteSecret', { SecretId: 'db', RecoveryWindowInDays }] as const;

/** The calls, and after them the labels of each version by its number, or the last error. */
const lastOf = (changes: DialectChanges | undefined, calls: readonly (readonly [string, object])[]): unknown => {
  const client = new AwsClient(changes && { dialect: defineDialect(awsSecretsManager, changes) });
  let last = '';
  for (const [operation, body] of calls) last = client.errorOf(operation, body);
  if (last.includes('Exception')) return last.replace(/: .*/, '');
  const { VersionIdsToStages, DeletedDate } = client.send('DescribeSecret', { SecretId: 'db' });
  if (typeof DeletedDate === 'number') return `deleted after ${Math.round((DeletedDate - born / 1000) / 86_400)} days`;
  return Object.entries(Object(VersionIdsToStages)).map(([id, stages]) => `${Number(id.slice(-12))}: ${stages}`);
};

const twenty = Array.from({ length: 20 }, (_, index) => `s${index}`);
const one = { SecretString: 'x' };
const first = create(one);
const pending = { VersionStages: ['AWSPENDING'] };

test.each<
  [rule: string, changes: DialectChanges, calls: (readonly [string, object])[], usual: unknown, changed: unknown]
>([
  ['secret.name', { secret: { name: '[a-z]' } }, [first], ['1: AWSCURRENT'], 'ValidationException'],
  [
    'secret.deletionDays.least',
    { secret: { deletionDays: { least: 1, usual: 30, most: 30 } } },
    [first, remove(1)],
    'InvalidParameterException',
    'deleted after 1 days',
  ],
  [
    'secret.deletionDays.usual',
    { secret: { deletionDays: { least: 7, usual: 9, most: 30 } } },
    [first, remove()],
    'deleted after 30 days',
    'deleted after 9 days',
  ],
  [
    'secret.deletionDays.most',
    { secret: { deletionDays: { least: 7, usual: 30, most: 60 } } },
    [first, remove(60)],
    'InvalidParameterException',
    'deleted after 60 days',
  ],
  [
    'secret.deletionDays: null',
    { secret: { deletionDays: null } },
    [first, remove()],
    'deleted after 30 days',
    'InvalidRequestException',
  ],
  [
    'secret.firstVersion: at-creation',
    { secret: { firstVersion: 'at-creation' } },
    [create()],
    [],
    'ValidationException',
  ],
  [
    'secret.firstVersion: may-come-later',
    { secret: { firstVersion: 'may-come-later' } },
    [create(), put(pending)],
    ['2: AWSCURRENT,AWSPENDING'],
    ['2: AWSPENDING'],
  ],
  [
    'stages.name',
    { stages: { name: '[A-Z]+' } },
    [first, put({ VersionStages: ['blue'] })],
    ['1: AWSCURRENT', '2: blue'],
    'ValidationException',
  ],
  [
    'stages.limit',
    { stages: { limit: 3 } },
    [first, put({ VersionStages: ['a', 'b', 'c'] })],
    ['1: AWSCURRENT', '2: a,b,c'],
    'LimitExceededException',
  ],
  [
    'stages.limitCounts',
    { stages: { limitCounts: 'custom' } },
    [first, put({ VersionStages: twenty })],
    'LimitExceededException',
    ['1: AWSCURRENT', `2: ${twenty.toSorted()}`],
  ],
  [
    'stages.move',
    { stages: { move: 'free' } },
    [first, put(pending), move('AWSCURRENT', token(2))],
    'InvalidParameterException',
    ['1: AWSPREVIOUS', '2: AWSCURRENT,AWSPENDING'],
  ],
  ['stages.current', { stages: { current: 'NOW' } }, [first], ['1: AWSCURRENT'], ['1: NOW']],
  [
    'stages.previous',
    { stages: { previous: 'BEFORE' } },
    [first, put()],
    ['1: AWSPREVIOUS', '2: AWSCURRENT'],
    ['1: BEFORE', '2: AWSCURRENT'],
  ],
  [
    'stages.pending',
    { stages: { pending: null } },
    [first, put(pending), put()],
    ['1: AWSPREVIOUS', '3: AWSCURRENT'],
    ['1: AWSPREVIOUS', '2: AWSPENDING', '3: AWSCURRENT'],
  ],
  [
    'stages.previousIsRemovable',
    { stages: { previousIsRemovable: false } },
    [first, put(), move('AWSPREVIOUS', undefined, token(1))],
    ['2: AWSCURRENT'],
    'InvalidParameterException',
  ],
  [
    'stages.previousFollows: any-version',
    { stages: { previousFollows: 'any-version' } },
    [first, put(pending), move('AWSCURRENT', token(2), token(1))],
    ['1: AWSPREVIOUS', '2: AWSCURRENT,AWSPENDING'],
    ['2: AWSCURRENT,AWSPENDING'],
  ],
  [
    'stages.previousFollows: plain-version',
    { stages: { previousFollows: 'plain-version' } },
    [first, put({ VersionStages: ['AWSCURRENT'] })],
    ['1: AWSPREVIOUS', '2: AWSCURRENT'],
    ['2: AWSCURRENT'],
  ],
  [
    'versions.id',
    { versions: { id: '[\\w-]{1,64}' } },
    [create({ ...one, ClientRequestToken: '7' })],
    'ValidationException',
    ['7: AWSCURRENT'],
  ],
  [
    'versions.lists.least',
    { versions: { lists: { least: 0, most: 20 } } },
    [first, put({ VersionStages: [] })],
    'ValidationException',
    ['1: AWSCURRENT'],
  ],
  [
    'versions.lists.most',
    { versions: { lists: { least: 1, most: 1 } } },
    [first, put({ VersionStages: ['a', 'b'] })],
    ['1: AWSCURRENT', '2: a,b'],
    'ValidationException',
  ],
  [
    'versions.repeatedId',
    { versions: { repeatedId: 'refused' } },
    [first, put({ ClientRequestToken: token(1) })],
    ['1: AWSCURRENT'],
    'ResourceExistsException',
  ],
  [
    'versions.limit.most',
    { versions: { limit: { most: 2, whenFull: 'refuse' } } },
    [first, put(), put()],
    ['2: AWSPREVIOUS', '3: AWSCURRENT'],
    'LimitExceededException',
  ],
])('the wire follows %s', (_, changes, calls, usual, changed) => {
  expect([lastOf(undefined, calls), lastOf(changes, calls)]).toEqual([usual, changed]);
});

const limitOf = (sparedHours?: number) => ({
  most: 3,
  whenFull: 'drop-oldest-deprecated' as const,
  ...(sparedHours !== undefined && { sparedHours }),
});

test('the wire follows versions.limit.sparedHours, on a stepped clock', () => {
  const numbers = (sparedHours: number | undefined, wait: number) => {
    const limit = limitOf(sparedHours);
    const client = new AwsClient({ dialect: defineDialect(awsSecretsManager, { versions: { limit } }) });
    for (const [operation, body] of [first, put(), put()]) client.send(operation, body);
    client.now += wait;
    const { __type } = client.send(...put());
    return __type ?? Object.keys(client.secret()?.values ?? {}).map((id) => Number(id.slice(-12)));
  };
  expect(numbers(24, day - 4000)).toBe('LimitExceededException');
  expect(numbers(24, day)).toEqual([2, 3, 4]);
  expect(numbers(1, 3_600_000)).toEqual([2, 3, 4]);
  expect(numbers(undefined, 0)).toEqual([2, 3, 4]);
});

test('the wire follows versions.latest, in what GetSecretValue reads without a version', () => {
  const read = (changes: DialectChanges) => {
    const client = new AwsClient({ dialect: defineDialect(awsSecretsManager, changes) });
    for (const [operation, body] of [create({ SecretString: 'old' }), put({ SecretString: 'new', ...pending })])
      client.send(operation, body);
    return client.send('GetSecretValue', { SecretId: 'db' })['SecretString'];
  };
  expect(read({})).toBe('old');
  expect(read({ versions: { latest: 'newest' } })).toBe('new');
});

test('the wire follows stages.current, in the error of a secret without a value', () => {
  const client = new AwsClient({ dialect: defineDialect(awsSecretsManager, { stages: { current: 'NOW' } }) });
  client.send(...create());
  expect(client.errorOf('GetSecretValue', { SecretId: 'db' })).toContain('for staging label: NOW');
});
