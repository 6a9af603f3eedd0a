import { expect, test, vi } from 'vitest';
import { operationNames as awsOperations } from '../../src/api/aws/index.ts';
import { operationNames as csmsOperations } from '../../src/api/csms/index.ts';
import { isRead } from '../../src/api/http.ts';
import { createAwsEmulator, createCsmsEmulator, type Fault, memoryStore } from '../../src/emulator/index.ts';
import { born, call, token } from './aws-client.ts';
import { request } from './client.ts';

/** An emulator of AWS with a secret db that has had the values one and two. */
const awsWithDb = async (options: Parameters<typeof createAwsEmulator>[0] = {}) => {
  const emulator = createAwsEmulator(options);
  const send = async (operation: string, body: object = {}) => {
    const { status, body: text } = await emulator.answer(call(operation, body));
    return { status, body: JSON.parse(text ?? '') };
  };
  const put = (number: number, text: string) =>
    send('PutSecretValue', { SecretId: 'db', SecretString: text, ClientRequestToken: token(number) });
  const read = () => send('GetSecretValue', { SecretId: 'db' });
  await send('CreateSecret', { Name: 'db', SecretString: 'one', ClientRequestToken: token(1) });
  await put(2, 'two');
  return { emulator, send, put, read };
};

/** An emulator of CSMS with a secret db, whose versions are v1 and v2. */
const csmsWithDb = async () => {
  const emulator = createCsmsEmulator();
  const send = async (method: string, path: string, body?: unknown) => {
    const { status, body: text } = await emulator.answer(request(method, path, body));
    return { status, body: JSON.parse(text ?? '') };
  };
  await send('POST', '', { name: 'db', secret_string: 'one' });
  await send('POST', '/db/versions', { secret_string: 'two' });
  return { emulator, send };
};

test('a fault throttles the nth call of an operation, as each cloud does', async () => {
  const aws = await awsWithDb();
  aws.emulator.setFaults([{ operation: 'GetSecretValue', when: 2, answer: 'throttle' }]);
  await aws.send('DescribeSecret', { SecretId: 'db' });
  expect(await aws.read()).toMatchObject({ status: 200, body: { SecretString: 'two' } });
  expect(await aws.read()).toEqual({
    status: 400,
    body: { __type: 'ThrottlingException', Message: 'Rate exceeded' },
  });
  expect((await aws.read()).status).toBe(200);

  const csms = await csmsWithDb();
  csms.emulator.setFaults([{ operation: 'ShowSecret', when: 1, answer: 'throttle' }]);
  expect(await csms.send('GET', '/db')).toEqual({
    status: 429,
    body: { error_code: 'CSMS.0003', error_msg: expect.stringContaining('Too many requests. This is a fault') },
  });
  expect((await csms.send('GET', '/db')).status).toBe(200);
});

test('an error fault answers 500, and the call is not done', async () => {
  const { emulator, put, read } = await awsWithDb();
  emulator.setFaults([{ operation: 'PutSecretValue', answer: 'error' }]);
  const refused = {
    status: 500,
    body: {
      __type: 'InternalServiceError',
      Message: 'The request was not executed. This is a fault that was set for tests.',
    },
  };
  expect([await put(3, 'three'), await put(3, 'three')]).toEqual([refused, refused]);
  expect((await read()).body).toMatchObject({ SecretString: 'two' });

  const csms = await csmsWithDb();
  csms.emulator.setFaults([{ answer: 'error' }]);
  expect(await csms.send('GET', '/db')).toMatchObject({ status: 500, body: { error_code: 'EMULATOR.0001' } });
});

test('with a lost fault, the call is done, and the response is a 500', async () => {
  const { emulator, put, read } = await awsWithDb();
  emulator.setFaults([{ operation: 'PutSecretValue', when: 1, answer: 'lost' }]);
  expect(await put(3, 'three')).toMatchObject({ status: 500, body: { Message: expect.stringContaining('is lost') } });
  expect((await read()).body).toMatchObject({ SecretString: 'three' });
  expect((await put(3, 'three')).status).toBe(200);
});

test('a stale read shows the secret before its last change, in each cloud', async () => {
  const { emulator, send, put, read } = await awsWithDb();
  // The first read of a day changes the day of the access, which is not a change of the secret.
  await read();
  emulator.setFaults([{ answer: 'stale', when: [1, 3] }]);
  expect((await read()).body).toMatchObject({ SecretString: 'one', VersionStages: ['AWSCURRENT'] });
  expect((await read()).body).toMatchObject({ SecretString: 'two' });
  await put(3, 'three');
  expect((await read()).body).toMatchObject({ SecretString: 'two' });
  expect((await send('DescribeSecret', { SecretId: 'db' })).body).toMatchObject({
    VersionIdsToStages: { [token(3)]: ['AWSCURRENT'] },
  });

  const csms = await csmsWithDb();
  csms.emulator.setFaults([{ answer: 'stale' }]);
  expect((await csms.send('GET', '/db/versions/latest')).body).toMatchObject({ version: { secret_string: 'one' } });
});

test('a stale read does not find a secret that was just created, and finds one that was just deleted', async () => {
  const { emulator, send, read } = await awsWithDb({ faults: [{ operation: 'GetSecretValue', answer: 'stale' }] });
  await send('CreateSecret', { Name: 'new', SecretString: 'one', ClientRequestToken: token(1) });
  expect((await send('GetSecretValue', { SecretId: 'new' })).status).toBe(400);
  await send('DeleteSecret', { SecretId: 'db', ForceDeleteWithoutRecovery: true });
  expect((await read()).body).toMatchObject({ SecretString: 'two' });
  await emulator.reset();
  expect((await read()).status).toBe(400);
});

test('a stale read changes nothing, and shows a secret that this process has not changed as it is', async () => {
  const store = memoryStore();
  await awsWithDb({ store });
  const emulator = createAwsEmulator({ store, faults: [{ answer: 'stale' }] });
  const before = store.revisions();
  const { body } = await emulator.answer(call('GetSecretValue', { SecretId: 'db' }));
  expect(JSON.parse(body ?? '')).toMatchObject({ SecretString: 'two' });
  expect(store.revisions()).toEqual(before);
});

test('only the thousand secrets that changed last can be stale', async () => {
  const { emulator, send, read } = await awsWithDb({ clock: () => born });
  emulator.setFaults([{ operation: 'GetSecretValue', answer: 'stale' }]);
  for (let number = 1; number < 1000; number++)
    await send('CreateSecret', { Name: `s${number}`, ClientRequestToken: token(1) });
  expect((await read()).body).toMatchObject({ SecretString: 'one' });
  await send('CreateSecret', { Name: 's1000', ClientRequestToken: token(1) });
  expect((await read()).body).toMatchObject({ SecretString: 'two' });
});

test('a call that hangs is not done, and gets an error when the faults are replaced', async () => {
  const { emulator, put, read } = await awsWithDb({
    faults: [{ operation: 'PutSecretValue', when: 2, answer: 'hang' }],
  });
  const hanging = put(3, 'three');
  const first = await Promise.race([hanging, read()]);
  expect(first.body).toMatchObject({ SecretString: 'two' });
  emulator.setFaults([]);
  expect(await hanging).toMatchObject({ status: 500, body: { Message: expect.stringContaining('was not executed') } });
  expect((await read()).body).toMatchObject({ SecretString: 'two' });
});

test('fetch can be aborted while a fault makes it hang', async () => {
  const { fetch } = createCsmsEmulator({ faults: [{ answer: 'hang' }] });
  const signal = AbortSignal.timeout(20);
  const headers = { 'x-auth-token': 'any' };
  await expect(fetch('https://csms.example.com/v1/p/secrets', { headers, signal })).rejects.toThrow(/timeout/);
});

test('a delay makes a call wait, alone or before its answer', async () => {
  const { emulator, read } = await awsWithDb();
  emulator.setFaults([
    { operation: 'GetSecretValue', when: 1, delay: 60 },
    { operation: 'GetSecretValue', when: 2, delay: 60, answer: 'error' },
  ]);
  for (const status of [200, 500]) {
    const start = performance.now();
    expect((await read()).status).toBe(status);
    expect(performance.now() - start).toBeGreaterThan(50);
  }
});

test('replacing the faults ends a delay, and a call does not hang after it', async () => {
  const { emulator, read } = await awsWithDb();
  emulator.setFaults([
    { when: 1, delay: 3_600_000 },
    { when: 2, delay: 3_600_000, answer: 'hang' },
  ]);
  const calls = [read(), read()];
  await new Promise((resolve) => setTimeout(resolve, 20));
  emulator.setFaults([]);
  expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 500]);
});

test('a fault for a secret leaves others alone', async () => {
  const { emulator, send, read } = await awsWithDb();
  const { ARN } = (await send('CreateSecret', { Name: 'other', SecretString: 'x', ClientRequestToken: token(1) })).body;
  emulator.setFaults([{ secret: 'other', answer: 'error' }]);
  expect((await read()).status).toBe(200);
  expect((await send('GetSecretValue', { SecretId: ARN })).status).toBe(500);
  expect((await send('ListSecrets')).status).toBe(200);
});

test('the first fault that applies wins, and every fault counts its own matches', async () => {
  const { emulator, send, read } = await awsWithDb();
  emulator.setFaults([
    { operation: 'GetSecretValue', when: 1, answer: 'throttle' },
    { when: [1, 2], answer: 'error' },
  ]);
  expect([(await read()).status, (await read()).status, (await read()).status]).toEqual([400, 500, 200]);
  emulator.setFaults([{ when: 1, answer: 'error' }]);
  expect((await send('ListSecrets')).status).toBe(500);
});

test('a request that is refused anyway does not count', async () => {
  const { emulator, send, read } = await awsWithDb();
  emulator.setFaults([{ when: 1, answer: 'error' }]);
  expect((await send('Nonsense')).status).toBe(400);
  expect((await read()).status).toBe(500);
});

test('a call that a fault refuses is not an event, and a stale read is one', async () => {
  const onEvent = vi.fn();
  const { emulator, read } = await awsWithDb({ onEvent });
  emulator.setFaults([{ answer: 'error' }]);
  onEvent.mockClear();
  await read();
  expect(onEvent).not.toHaveBeenCalled();
  emulator.setFaults([{ answer: 'stale' }]);
  await read();
  expect(onEvent).toHaveBeenCalledOnce();
});

const invalid: readonly (readonly [faults: unknown, message: string])[] = [
  ['throttle', 'faults must be a list; got a string of 8 characters.'],
  [[null], 'faults[0] must be an object; got null.'],
  [[{}], 'faults[0] must be an object with an answer or a delay.'],
  [[{ operation: 'GetSecretValue', when: 1 }], 'faults[0] must be an object with an answer or a delay.'],
  [
    [{ delay: 5 }, { answer: 'slow' }],
    'faults[1].answer must be one of throttle, error, lost, hang, stale; got the string "slow".',
  ],
  [[{ delay: 0 }], 'faults[0].delay must be a whole number from 1 to 3,600,000; got 0.'],
  [[{ when: 0, delay: 5 }], 'faults[0].when must be a whole number from 1 to 1,000,000; got 0.'],
  [[{ when: [1, '2'], delay: 5 }], 'faults[0].when[1] must be a whole number from 1 to 1,000,000; got the string "2".'],
  [[{ secret: 5, delay: 5 }], 'faults[0].secret must be a name; got 5.'],
  [
    [{ operation: 'GetSecretValues', delay: 5 }],
    'faults[0].operation must be an operation of the API; got the string "GetSecretValues": use GetSecretValue.',
  ],
  [
    [{ operation: 5, delay: 5 }],
    'faults[0].operation must be an operation of the API; got 5: use one of CreateSecret, ',
  ],
  [[{ operation: ['GetSecretValue'], delay: 5 }], 'faults[0].operation must be an operation of the API; got '],
  [[{ operation: { toString: 1 }, delay: 5 }], 'faults[0].operation must be an operation of the API; got '],
  [
    [{ operation: 'PutSecretValue', answer: 'stale' }],
    'faults[0].operation must be a read, because a change cannot be stale; got "PutSecretValue".',
  ],
  [[{ delay: 5, answers: 'x' }], 'faults[0]["answers"] must be omitted.'],
];
test.each(invalid)('setFaults refuses %j, and changes nothing', async (faults, message) => {
  const { emulator, read } = await awsWithDb();
  emulator.setFaults([{ when: 1, answer: 'error' }]);
  const wrong = faults as readonly Fault[];
  expect(() => emulator.setFaults(wrong)).toThrow(RangeError);
  expect(() => emulator.setFaults(wrong)).toThrow(message);
  expect(() => createAwsEmulator({ faults: wrong })).toThrow(message);
  expect((await read()).status).toBe(500);
});

test('reads and changes are distinguished by the names of operations', () => {
  const changes = (names: readonly string[]) => names.filter((name) => !isRead(name));
  expect(changes(awsOperations())).toEqual([
    'CreateSecret',
    'PutSecretValue',
    'UpdateSecret',
    'UpdateSecretVersionStage',
    'DeleteSecret',
    'RestoreSecret',
    'TagResource',
    'UntagResource',
    'PutResourcePolicy',
    'DeleteResourcePolicy',
    'RotateSecret',
    'CancelRotateSecret',
    'ReplicateSecretToRegions',
    'RemoveRegionsFromReplication',
    'StopReplicationToReplica',
  ]);
  expect(changes(csmsOperations())).toEqual([
    'CreateSecret',
    'UpdateSecret',
    'DeleteSecret',
    'CreateSecretVersion',
    'UpdateVersion',
    'CreateSecretStage',
    'UpdateSecretStage',
    'DeleteSecretStage',
    'DeleteSecretForSchedule',
    'RestoreSecret',
    'CreateSecretTag',
    'BatchCreateOrDeleteTags',
    'DeleteSecretTag',
  ]);
});
