import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AwsSecret,
  createAwsEmulator,
  createCsmsEmulator,
  emptyWorld,
  handleAws,
  SnapshotError,
  type WireRequest,
  type World,
} from '../../src/emulator/index.ts';
import { awsSecretsManager, huaweiCsms } from '../../src/index.ts';
import { importSnapshot } from '../../src/policy/index.ts';
import { parseEntry } from '../../src/service/parse-world.ts';
import { readAwsSecret } from '../../src/service/read-secret.ts';
import { expectFrozen } from '../expect-frozen.ts';
import { property, runs } from '../property.ts';
import { AwsClient, born, call, clientOfDb, token } from './aws-client.ts';

/** A world with everything that a secret can have. */
const full = (): World<AwsSecret> => {
  const client = new AwsClient();
  client.send('CreateSecret', {
    Name: '__proto__',
    SecretString: 'hunter2',
    Description: 'd',
    KmsKeyId: 'k',
    Tags: [{ Key: '__proto__', Value: 'v' }],
  });
  client.send('PutSecretValue', { SecretId: '__proto__', SecretBinary: 'aHVudGVyMg==', VersionStages: ['AWSPENDING'] });
  client.send('GetSecretValue', { SecretId: '__proto__' });
  client.send('PutResourcePolicy', { SecretId: '__proto__', ResourcePolicy: '{"Statement":[]}' });
  client.send('CreateSecret', { Name: 'empty' });
  client.send('ReplicateSecretToRegions', { SecretId: 'empty', AddReplicaRegions: [{ Region: 'us-west-2' }] });
  client.send('CreateSecret', { Name: 'old', SecretString: 'hunter2' });
  client.send('DeleteSecret', { SecretId: 'old' });
  client.sendRaw(call('CreateSecret', { Name: 'db', ClientRequestToken: token(1) }, 'eu-west-1'));
  return client.world;
};
const copyOf = (data: unknown): unknown => JSON.parse(JSON.stringify(data));

test('a snapshot with values restores everything', async () => {
  const world = full();
  const emulator = createAwsEmulator({ clock: () => born + 60_000 });
  await emulator.restore(copyOf(world));
  expect(emulator.world).toEqual(world);
  expectFrozen(emulator.world);
  expect(await emulator.snapshot({ values: true })).toEqual(world);
  const read = await emulator.answer(call('GetSecretValue', { SecretId: '__proto__', VersionStage: 'AWSPENDING' }));
  expect(read.body).toContain('"SecretBinary":"aHVudGVyMg=="');
});

test('a snapshot has no values unless it is asked for them, and restores all else', async () => {
  const emulator = createAwsEmulator({ clock: () => born + 60_000 });
  await emulator.restore(full());
  const snapshot = await emulator.snapshot();
  expect(JSON.stringify(snapshot)).not.toMatch(/hunter2|aHVudGVyMg/);
  await emulator.restore(copyOf(snapshot));
  expect(emulator.world).toEqual(snapshot);
  const read = await emulator.answer(call('GetSecretValue', { SecretId: '__proto__' }));
  expect(Object.keys(JSON.parse(read.body ?? ''))).toEqual([
    'ARN',
    'Name',
    'VersionId',
    'VersionStages',
    'CreatedDate',
  ]);
  await emulator.reset();
  expect(emulator.world).toEqual(emptyWorld);
});

/** The message of the error that `restore` throws, or undefined if it does not throw. */
const complaintOf = async (
  emulator: ReturnType<typeof createCsmsEmulator | typeof createAwsEmulator>,
  snapshot: unknown,
) => {
  try {
    await emulator.restore(snapshot);
  } catch (error) {
    expect(error).toBeInstanceOf(SnapshotError);
    return String(error).replace('SnapshotError: The snapshot is invalid, so nothing was restored: ', '');
  }
  return undefined;
};

test('a snapshot of another cloud is refused with its dialect alone', async () => {
  const csms = createCsmsEmulator();
  const create = {
    method: 'POST',
    headers: { 'x-auth-token': 'any' },
    body: '{"name":"db","secret_string":"hunter2"}',
  };
  await csms.fetch('http://csms/v1/p/secrets', create);
  const at = (project: string) => `snapshot.projects["${project}"].secrets["db"].state.dialect must be`;
  expect(await complaintOf(createAwsEmulator(), await csms.snapshot({ values: true }))).toBe(
    `${at('p')} "aws-secrets-manager"; got the string "huawei-csms".`,
  );
  expect(await complaintOf(csms, clientOfDb().world)).toBe(
    `${at('123456789012/us-east-1')} "huawei-csms"; got the string "aws-secrets-manager".`,
  );
});

const attempt = { token: token(1), step: 'setSecret', isTest: false, isRunning: false, failures: 0, due: null };
const rotation = { isOn: true, functionArn: 'f', rules: {}, lastTime: null, window: null, attempt };

test.each<[what: string, change: object, complaint: string]>([
  ['an unknown field', { id: 'hunter2' }, '.id must be omitted.'],
  [
    'a rotation that would never end',
    { rotation: { ...rotation, rules: { AutomaticallyAfterDays: 0 } } },
    '.rotation.rules.AutomaticallyAfterDays must be a whole number from 1 to 1e15.',
  ],
  [
    'a broken number of failures',
    { rotation: { ...rotation, attempt: { ...attempt, failures: 0.5 } } },
    '.rotation.attempt.failures must be a whole number from 0 to 1e15.',
  ],
  ['no ARN', { arn: undefined }, '.arn is required.'],
  ['a tag without a value', { tags: [{ Key: 'a' }] }, '.tags[0].Value is required.'],
  ['an invalid time', { accessTime: -1 }, '.accessTime must be epoch milliseconds as a number.'],
  [
    'a value that is not base64',
    { values: { [token(1)]: { kind: 'binary', text: '!' } } },
    `.values["${token(1)}"].text must be base64.`,
  ],
  [
    'a value of no version',
    { values: { [token(9)]: { kind: 'string', text: 'hunter2' } } },
    `.values["${token(9)}"] must be omitted, because the secret has no such version.`,
  ],
  [
    'a key of no version',
    { kmsKeyIds: { [token(9)]: 'k' } },
    `.kmsKeyIds["${token(9)}"] must be omitted, because the secret has no such version.`,
  ],
  [
    'a day of no version',
    { accessTimes: { [token(9)]: 0 } },
    `.accessTimes["${token(9)}"] must be omitted, because the secret has no such version.`,
  ],
  [
    'another name',
    { state: { ...clientOfDb().secret()?.state, name: 'other' } },
    '.state.name must be the key of the secret; got the string "other".',
  ],
  ['no stages', { state: { ...clientOfDb().secret()?.state, stages: undefined } }, '.state.stages is required.'],
  ['no state', { state: undefined }, '.state is required.'],
])('restore refuses a secret with %s', async (_, change, complaint) => {
  const emulator = createAwsEmulator();
  const snapshot = { projects: { p: { secrets: { db: { ...clientOfDb().secret(), ...change } } } } };
  const found = await complaintOf(emulator, copyOf(snapshot));
  expect(found).toBe(`snapshot.projects["p"].secrets["db"]${complaint}`);
  expect(found).not.toContain('hunter2');
  expect(emulator.world).toEqual(emptyWorld);
});

test('an entry of a store that belongs to another cloud is refused with its dialect alone', () => {
  const entry = { project: 'p', secret: clientOfDb().secret() };
  expect(parseEntry(entry, awsSecretsManager, readAwsSecret)).toEqual({ ok: true, result: entry });
  expect(parseEntry(entry, huaweiCsms, readAwsSecret)).toEqual({
    ok: false,
    problems: [
      { path: 'data.secret.state.dialect', expected: '"huawei-csms"', found: 'the string "aws-secrets-manager"' },
    ],
  });
});

test('importSnapshot imports the secrets of AWS, with nothing unknown', () => {
  const world = full();
  for (const snapshot of [copyOf(world), { projects: world.projects }]) {
    const imported = importSnapshot(snapshot);
    expect(imported).toEqual({
      ok: true,
      secrets: Object.entries(world.projects).flatMap(([project, { secrets }]) =>
        Object.values(secrets).map(({ state }) => ({
          project,
          source: 'snapshot',
          dialect: awsSecretsManager,
          state,
          expireTimes: {},
        })),
      ),
      remarks: [],
    });
    expectFrozen(imported.ok && imported.secrets);
    expect(JSON.stringify(imported)).not.toContain('hunter2');
  }
  expect(importSnapshot(world, { dialect: huaweiCsms })).toMatchObject({ ok: false });
});

/** The only calls that may show a value. */
const reads = ['GetSecretValue', 'BatchGetSecretValue'];
const marker = 'hunter2-must-not-be-shown';
const encoded = Buffer.from(marker).toString('base64');
const from = fc.constantFrom;

/** Requests with the value in its place, and in every wrong one whose type or limit refuses it. */
const request: fc.Arbitrary<WireRequest> = fc
  .record({
    operation: from(
      'CreateSecret',
      'PutSecretValue',
      'UpdateSecret',
      'UpdateSecretVersionStage',
      'DescribeSecret',
      'ListSecretVersionIds',
      'ListSecrets',
      'DeleteSecret',
      'RestoreSecret',
      'TagResource',
      'PutResourcePolicy',
      'RotateSecret',
      ...reads,
    ),
    name: from('db', 'other', 'a b'),
    number: fc.integer({ min: 1, max: 3 }),
    value: from<object>(
      { SecretString: marker },
      { SecretString: `${marker}, too` },
      { SecretString: marker.repeat(3000) },
      { SecretString: [marker] },
      { SecretString: { [marker]: marker } },
      { SecretBinary: encoded },
      { SecretBinary: marker },
      { SecretBinary: encoded.repeat(3000) },
      { SecretBinary: [encoded] },
      { SecretString: marker, SecretBinary: encoded },
      {},
    ),
    wrong: from<object>(
      {},
      { Tags: marker },
      { Tags: [marker] },
      { Tags: { [marker]: marker } },
      { VersionStages: marker },
      { VersionStages: [[marker]] },
      { RecoveryWindowInDays: marker },
      { ClientRequestToken: marker },
      { ClientRequestToken: [marker] },
      { Filters: marker },
      { MaxResults: marker },
      { ResourcePolicy: marker },
      { NextToken: marker },
      { [marker]: marker },
    ),
    cut: from(0, 0, 0, 1, 5),
  })
  .map(({ operation, name, number, value, wrong, cut }) => {
    const usual = {
      Name: name,
      SecretId: name,
      ClientRequestToken: token(number),
      VersionStage: 'blue',
      MoveToVersionId: token(number),
      VersionStages: ['blue'],
      ResourcePolicy: '{"Statement":[]}',
      Tags: [],
    };
    const text = JSON.stringify({ ...usual, ...value, ...wrong });
    return call(operation, text.slice(0, text.length - cut));
  });

property([fc.array(request, { maxLength: 12, size: 'max' })], { numRuns: runs(150) })(
  'no response but that of a read, no snapshot and no problem of one contains a value',
  async (requests) => {
    const emulator = createAwsEmulator({ clock: () => born });
    for (const each of [
      call('CreateSecret', { Name: 'db', SecretString: marker, ClientRequestToken: token(1) }),
      ...requests,
    ]) {
      const before = emulator.world;
      const { status, headers, body } = await emulator.answer(each);
      expect(status).toBeLessThan(500);
      const isRead = reads.some((read) => each.headers.get('x-amz-target')?.endsWith(`.${read}`));
      if (status >= 400 || !isRead) expect(JSON.stringify([headers, body])).not.toMatch(/hunter2|aHVudGVyMi/);
      if (status >= 400) expect(emulator.world).toEqual(before);
      expect(handleAws(before, each, born).response.status).toBe(status);
    }
    const snapshot = JSON.stringify(await emulator.snapshot());
    expect(snapshot).not.toMatch(/hunter2|aHVudGVyMi/);
    const damaged = JSON.stringify(await emulator.snapshot({ values: true })).replaceAll('"kind":', '"sort":');
    const complaint = await complaintOf(emulator, JSON.parse(damaged));
    expect(complaint).toContain('kind is required');
    expect(complaint).not.toMatch(/hunter2|aHVudGVyMi/);
  },
);

test('a version from a snapshot without values gets its value when its token is put again', async () => {
  const emulator = createAwsEmulator({ clock: () => born });
  const ask = async (operation: string, body: object) => {
    const { status, body: text } = await emulator.answer(call(operation, body));
    return [status, JSON.parse(text ?? '').SecretString];
  };
  const db = { ClientRequestToken: token(1), SecretString: 'one' };
  await ask('CreateSecret', { Name: 'db', ...db });
  await emulator.restore(await emulator.snapshot());
  expect(await ask('GetSecretValue', { SecretId: 'db' })).toEqual([200, undefined]);
  expect(await ask('PutSecretValue', { SecretId: 'db', ...db })).toEqual([200, undefined]);
  expect(await ask('GetSecretValue', { SecretId: 'db' })).toEqual([200, 'one']);
});
