import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { eventOfService } from '../../src/api/aws/index.ts';
import { drawId } from '../../src/emulator/emulator.ts';
import { reportTo } from '../../src/emulator/events.ts';
import { type AwsEvent, createAwsEmulator } from '../../src/emulator/index.ts';
import { awsSecretsManager } from '../../src/index.ts';
import { property } from '../property.ts';
import { born, call, token } from './aws-client.ts';

afterEach(() => {
  process.removeAllListeners('unhandledRejection');
  for (const listener of listeners) process.on('unhandledRejection', listener);
});
const listeners = process.listeners('unhandledRejection');

/** An emulator that lists its events, and a function that sends calls to it. */
const listening = (rotate?: () => never) => {
  const events: AwsEvent[] = [];
  const emulator = createAwsEmulator({ clock: () => born, onEvent: (event) => events.push(event), rotate });
  const send = async (operation: string, body: object, userAgent?: string) => {
    const { headers, ...rest } = call(operation, body);
    const named = { get: (name: string) => (name === 'user-agent' ? userAgent : headers.get(name)) };
    return emulator.answer({ ...rest, headers: named });
  };
  return { events, emulator, send };
};

const uuid = expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
const arn = expect.stringMatching(/^arn:aws:secretsmanager:us-east-1:123456789012:secret:db-\w{6}$/);
/** What every event has in common. */
const envelope = {
  version: '0',
  id: uuid,
  source: 'aws.secretsmanager',
  account: '123456789012',
  time: '2018-04-11T20:05:45Z',
  region: 'us-east-1',
  resources: [],
};

test('a change is an event of EventBridge with the record of CloudTrail', async () => {
  const { events, send } = listening();
  const body = { Name: 'db', SecretString: 'hunter2', ClientRequestToken: token(1), KmsKeyId: null };
  const { headers } = await send('CreateSecret', body, 'Boto3/1.40');
  expect(events).toEqual([
    {
      ...envelope,
      'detail-type': 'AWS API Call via CloudTrail',
      detail: {
        eventVersion: '1.08',
        userIdentity: {
          type: 'Root',
          principalId: '123456789012',
          arn: 'arn:aws:iam::123456789012:root',
          accountId: '123456789012',
        },
        eventTime: '2018-04-11T20:05:45Z',
        eventSource: 'secretsmanager.amazonaws.com',
        eventName: 'CreateSecret',
        awsRegion: 'us-east-1',
        sourceIPAddress: '127.0.0.1',
        userAgent: 'Boto3/1.40',
        requestParameters: { name: 'db', clientRequestToken: token(1) },
        responseElements: { arn, name: 'db', versionId: token(1) },
        requestID: headers['x-amzn-requestid'],
        eventID: uuid,
        readOnly: false,
        eventType: 'AwsApiCall',
        managementEvent: true,
        recipientAccountId: '123456789012',
        eventCategory: 'Management',
      },
    },
  ]);
});

test('a read is an event without response elements', async () => {
  const { events, send } = listening();
  await send('CreateSecret', { Name: 'db', SecretString: 'hunter2', ClientRequestToken: token(1) });
  for (const operation of ['GetSecretValue', 'DescribeSecret', 'ListSecretVersionIds', 'GetResourcePolicy'])
    await send(operation, { SecretId: 'db' });
  await send('ListSecrets', { MaxResults: 5 });
  await send('BatchGetSecretValue', { SecretIdList: ['db'] });
  await send('GetRandomPassword', {});
  expect(events.slice(1).map(({ detail }) => [detail.eventName, detail.readOnly, detail.responseElements])).toEqual(
    [
      'GetSecretValue',
      'DescribeSecret',
      'ListSecretVersionIds',
      'GetResourcePolicy',
      'ListSecrets',
      'BatchGetSecretValue',
      'GetRandomPassword',
    ].map((name) => [name, true, null]),
  );
  expect(events[5]?.detail.requestParameters).toEqual({ maxResults: 5 });
});

test('a refused call is an event with its error', async () => {
  const { events, send } = listening();
  await send('PutSecretValue', { SecretId: 'db', SecretString: 'hunter2', ClientRequestToken: token(1) });
  expect(events[0]?.detail).toMatchObject({
    errorCode: 'ResourceNotFoundException',
    errorMessage: "Secrets Manager can't find the specified secret.",
    requestParameters: { secretId: 'db', clientRequestToken: token(1) },
    responseElements: null,
    userAgent: '',
  });
});

test('a change of tags is an event with the ARN, which the response does not have', async () => {
  const { events, send } = listening();
  await send('CreateSecret', { Name: 'db', ClientRequestToken: token(1) });
  await send('TagResource', { SecretId: 'db', Tags: [{ Key: 'team', Value: 'db' }] });
  await send('UntagResource', { SecretId: 'db', TagKeys: ['team'] });
  expect(events[1]?.detail).toMatchObject({ requestParameters: { secretId: 'db' }, responseElements: { arn } });
  expect(events[2]?.detail).toMatchObject({ requestParameters: { secretId: 'db', tagKeys: ['team'] } });
});

test('names inside of parameters begin with a lower-case letter', async () => {
  const { events, send } = listening();
  await send('CreateSecret', {
    Name: 'db',
    ClientRequestToken: token(1),
    AddReplicaRegions: [{ Region: 'eu-west-1' }],
  });
  expect(events[0]?.detail.requestParameters).toMatchObject({ addReplicaRegions: [{ region: 'eu-west-1' }] });
});

test('a request that is not a valid call makes no event', async () => {
  const { events, send } = listening();
  await send('Nonsense', {});
  await send('DescribeSecret', { SecretId: 5 });
  expect(events).toEqual([]);
});

test('a long User-Agent is cut', async () => {
  const { events, send } = listening();
  await send('ListSecrets', {}, 'x'.repeat(5000));
  expect(events[0]?.detail.userAgent).toHaveLength(1024);
});

test.each([
  [
    'throws',
    () => {
      throw new Error('no disk');
    },
  ],
  [
    'rejects',
    async () => {
      throw new Error('no disk');
    },
  ],
])('if onEvent %s, the call is answered, and the error becomes an unhandled rejection', async (_, onEvent) => {
  const unhandled = new Promise((resolve) => {
    process.removeAllListeners('unhandledRejection').once('unhandledRejection', resolve);
  });
  const { answer } = createAwsEmulator({ onEvent });
  expect((await answer(call('ListSecrets'))).status).toBe(200);
  expect(await unhandled).toEqual(new Error('no disk'));
});

test('what the service does is an event with the ARN in additionalEventData', () => {
  const event = { project: '123456789012/us-east-1', arn: 'arn:aws:x', versionId: token(1) };
  expect(eventOfService({ ...event, name: 'RotationFailed', reason: 'createSecret: no route' }, born, drawId)).toEqual({
    ...envelope,
    'detail-type': 'AWS Service Event via CloudTrail',
    detail: {
      eventVersion: '1.08',
      userIdentity: { accountId: '123456789012', invokedBy: 'secretsmanager.amazonaws.com' },
      eventTime: '2018-04-11T20:05:45Z',
      eventSource: 'secretsmanager.amazonaws.com',
      eventName: 'RotationFailed',
      awsRegion: 'us-east-1',
      sourceIPAddress: 'secretsmanager.amazonaws.com',
      userAgent: 'secretsmanager.amazonaws.com',
      errorMessage: 'createSecret: no route',
      requestParameters: null,
      responseElements: null,
      additionalEventData: { SecretId: 'arn:aws:x' },
      requestID: `Rotation-arn:aws:x-${token(1)}`,
      eventID: uuid,
      readOnly: false,
      eventType: 'AwsServiceEvent',
      managementEvent: true,
      recipientAccountId: '123456789012',
      eventCategory: 'Management',
    },
  });
  const deleted = eventOfService({ ...event, name: 'SecretVersionDeletion' }, born, drawId);
  expect(deleted.detail.requestID).toBe(`SecretVersionDeletion-arn:aws:x-${token(1)}`);
  expect(deleted.detail).not.toHaveProperty('errorMessage');
  expect(eventOfService({ ...event, name: 'TestRotationStarted' }, born, drawId).detail.requestID).toMatch(
    /^Rotation-arn/,
  );
});

test('a version that is deleted to make room is an event', async () => {
  const limit = { most: 3, whenFull: 'drop-oldest-deprecated' } as const;
  const dialect = { ...awsSecretsManager, versions: { ...awsSecretsManager.versions, limit } };
  const events: AwsEvent[] = [];
  const emulator = createAwsEmulator({ dialect, clock: () => born, onEvent: (event) => events.push(event) });
  const value = (number: number) => ({ SecretString: 'x', ClientRequestToken: token(number) });
  await emulator.answer(call('CreateSecret', { Name: 'db', ...value(1) }));
  for (const number of [2, 3, 4]) await emulator.answer(call('PutSecretValue', { SecretId: 'db', ...value(number) }));
  expect(events.map(({ detail }) => detail.eventName)).toEqual([
    'CreateSecret',
    'PutSecretValue',
    'PutSecretValue',
    'PutSecretValue',
    'SecretVersionDeletion',
  ]);
  expect(events[4]?.detail).toMatchObject({
    additionalEventData: { SecretId: arn },
    requestID: expect.stringMatching(new RegExp(`${token(1)}$`)),
  });
});

test('the events of a call come after the call', () => {
  const events: AwsEvent[] = [];
  const project = '123456789012/us-east-1';
  const deletion = { name: 'SecretVersionDeletion', project, arn: 'arn:aws:x', versionId: token(1) } as const;
  const request = call('PutSecretValue');
  const made = {
    operation: 'PutSecretValue',
    project,
    request: { SecretId: 'db', ClientRequestToken: token(2) },
  } as const;
  const report = reportTo((event) => events.push(event));
  report({ body: {}, events: [deletion] }, born, { call: made, request, requestId: 'id' });
  report({ body: undefined, events: [deletion] }, born);
  report({ body: undefined }, born);
  expect(events.map(({ detail }) => detail.eventName)).toEqual([
    'PutSecretValue',
    'SecretVersionDeletion',
    'SecretVersionDeletion',
  ]);
});

const value = fc.string({ minLength: 12, maxLength: 40 }).map((text) => `value-${text}`);
property([value, value, value])('an event never contains a value', async (one, two, three) => {
  const { events, emulator, send } = listening(() => {
    throw new Error(`The password ${three} was refused.`);
  });
  await send('CreateSecret', { Name: 'db', SecretString: one, ClientRequestToken: token(1) });
  await send('PutSecretValue', { SecretId: 'db', SecretBinary: btoa(encodeURI(two)), ClientRequestToken: token(2) });
  await send('PutSecretValue', { SecretId: 'db', SecretString: three, ClientRequestToken: token(2) });
  await send('UpdateSecret', {
    SecretId: 'db',
    SecretString: three,
    SecretBinary: 'eA==',
    ClientRequestToken: token(3),
  });
  await send('PutSecretValue', {
    SecretId: 'db',
    SecretString: three,
    RotationToken: three,
    ClientRequestToken: token(4),
  });
  await send('BatchGetSecretValue', { SecretIdList: ['db'], Filters: null });
  for (const versionId of [1, 2]) await send('GetSecretValue', { SecretId: 'db', VersionId: token(versionId) });
  await send('ListSecrets', { Filters: [{ Key: 'all', Values: ['a'] }] });
  await send('RotateSecret', { SecretId: 'db', ClientRequestToken: token(5), RotationLambdaARN: 'rotate' });
  await emulator.tick();
  expect(events.map(({ detail }) => detail.eventName).slice(9)).toEqual([
    'RotateSecret',
    'RotationStarted',
    'RotationFailed',
  ]);
  for (const { detail } of events.slice(-2)) expect(detail.requestID).toMatch(new RegExp(`${token(5)}$`));
  expect(events.at(-1)?.detail.errorMessage).toBe('The function failed in the step createSecret.');
  const text = JSON.stringify(events);
  for (const each of [one, btoa(encodeURI(two)), three]) expect(text).not.toContain(JSON.stringify(each).slice(1, -1));
});
