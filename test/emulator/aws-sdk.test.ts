import * as sdk from '@aws-sdk/client-secrets-manager';
import {
  InvalidParameterException,
  InvalidRequestException,
  paginateBatchGetSecretValue,
  paginateListSecrets,
  paginateListSecretVersionIds,
  ResourceExistsException,
  ResourceNotFoundException,
  SecretsManager,
  type SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import { beforeEach, expect, test } from 'vitest';
import { createAwsEmulator } from '../../src/emulator/index.ts';
import { inProcess } from '../rotation/in-process.ts';
import { functionArn, rotateWith } from './rotating.ts';

const day = 86_400_000;
const start = Date.parse('2026-03-01T12:00:00.250Z');
let now = start;
const emulator = createAwsEmulator({
  clock: () => now,
  rotate: async (event) => {
    await rotateWith(emulator, event);
  },
});

/** A client of a region, with an access key. */
const clientOf = (region = 'us-east-1', accessKeyId = 'any') =>
  new SecretsManager({
    region,
    credentials: { accessKeyId, secretAccessKey: 'any' },
    requestHandler: inProcess(emulator),
    // The SDK retries a LimitExceededException.
    maxAttempts: 1,
  });
const client = clientOf();
const db = { SecretId: 'db' };
const token = (name: string) => name.padEnd(36, '-');

/** The response without what the SDK adds to it. */
const bare = async <Output extends sdk.ServiceOutputTypes>(response: Promise<Output>) => {
  const { $metadata, ...rest } = await response;
  expect($metadata).toMatchObject({ httpStatusCode: 200, requestId: expect.stringMatching(/^[\da-f-]{36}$/) });
  return rest;
};
const errorOf = (response: Promise<unknown>): Promise<SecretsManagerServiceException> =>
  response.then(
    () => expect.fail('It was not refused.'),
    (error) => error,
  );
const all = async <Page>(pages: AsyncIterable<Page>) => {
  const list: Page[] = [];
  for await (const page of pages) list.push(page);
  return list;
};

beforeEach(async () => {
  now = start;
  await emulator.reset();
});

test('the SDK sends every operation, and reads every response', async () => {
  const sent = new Set<string | undefined>();
  const life = clientOf();
  life.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        sent.add(commandName);
        return next(args);
      },
    { step: 'initialize' },
  );

  const created = await bare(
    life.createSecret({
      Name: 'db',
      Description: 'of the shop',
      KmsKeyId: 'alias/shop',
      SecretString: 'one',
      Tags: [{ Key: 'team', Value: 'shop' }],
      ClientRequestToken: token('one'),
    }),
  );
  const { ARN = '' } = created;
  expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:123456789012:secret:db-[A-Za-z\d]{6}$/);
  const named = { ARN, Name: 'db' };
  expect(created).toEqual({ ...named, VersionId: token('one') });

  now += 1000;
  const pending = { ...db, SecretString: 'two', VersionStages: ['AWSPENDING'], ClientRequestToken: token('two') };
  expect(await bare(life.putSecretValue(pending))).toEqual({
    ...named,
    VersionId: token('two'),
    VersionStages: ['AWSPENDING'],
  });
  const move = { ...db, VersionStage: 'AWSCURRENT', MoveToVersionId: token('two') };
  expect(await bare(life.updateSecretVersionStage({ ...move, RemoveFromVersionId: token('one') }))).toEqual(named);
  expect(await bare(life.getSecretValue(db))).toEqual({
    ...named,
    VersionId: token('two'),
    SecretString: 'two',
    VersionStages: ['AWSCURRENT', 'AWSPENDING'],
    CreatedDate: new Date(start + 1000),
  });
  expect(await bare(life.listSecretVersionIds(db))).toEqual({
    ...named,
    Versions: [
      {
        VersionId: token('one'),
        VersionStages: ['AWSPREVIOUS'],
        CreatedDate: new Date(start),
        KmsKeyIds: ['alias/shop'],
      },
      {
        VersionId: token('two'),
        VersionStages: ['AWSCURRENT', 'AWSPENDING'],
        CreatedDate: new Date(start + 1000),
        LastAccessedDate: new Date('2026-03-01T00:00:00Z'),
        KmsKeyIds: ['alias/shop'],
      },
    ],
  });
  expect(await bare(life.batchGetSecretValue({ SecretIdList: [ARN, 'missing'] }))).toEqual({
    SecretValues: [expect.objectContaining({ ...named, SecretString: 'two' })],
    Errors: [
      {
        SecretId: 'missing',
        ErrorCode: 'ResourceNotFoundException',
        Message: "Secrets Manager can't find the specified secret.",
      },
    ],
  });

  expect(await bare(life.updateSecret({ ...db, Description: 'of the new shop' }))).toEqual(named);
  expect(await bare(life.tagResource({ ...db, Tags: [{ Key: 'stage', Value: 'test' }] }))).toEqual({});
  expect(await bare(life.untagResource({ ...db, TagKeys: ['team'] }))).toEqual({});
  const described = {
    ...named,
    Description: 'of the new shop',
    KmsKeyId: 'alias/shop',
    LastChangedDate: new Date(start + 1000),
    LastAccessedDate: new Date('2026-03-01T00:00:00Z'),
    Tags: [{ Key: 'stage', Value: 'test' }],
    CreatedDate: new Date(start),
  };
  const stages = { [token('one')]: ['AWSPREVIOUS'], [token('two')]: ['AWSCURRENT', 'AWSPENDING'] };
  expect(await bare(life.describeSecret(db))).toEqual({ ...described, VersionIdsToStages: stages });
  expect(await bare(life.listSecrets())).toEqual({ SecretList: [{ ...described, SecretVersionsToStages: stages }] });

  const ResourcePolicy = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Principal: '*' }] });
  expect(await bare(life.validateResourcePolicy({ ...db, ResourcePolicy }))).toEqual({
    PolicyValidationPassed: true,
    ValidationErrors: [],
  });
  expect(await bare(life.putResourcePolicy({ ...db, ResourcePolicy, BlockPublicPolicy: true }))).toEqual(named);
  expect(await bare(life.getResourcePolicy(db))).toEqual({ ...named, ResourcePolicy });
  expect(await bare(life.deleteResourcePolicy(db))).toEqual(named);
  expect(await bare(life.getResourcePolicy(db))).toEqual(named);
  expect(await bare(life.getRandomPassword({ PasswordLength: 20 }))).toEqual({
    RandomPassword: expect.stringMatching(/^[!-~]{20}$/),
  });

  const DeletionDate = new Date(now + 30 * day);
  expect(await bare(life.deleteSecret(db))).toEqual({ ...named, DeletionDate });
  expect(await bare(life.restoreSecret(db))).toEqual(named);

  const rules = { ScheduleExpression: 'cron(0 8 1 * ? *)', Duration: '2h' };
  const rotated = { ClientRequestToken: token('three'), RotationLambdaARN: functionArn, RotationRules: rules };
  await bare(life.updateSecretVersionStage({ ...db, VersionStage: 'AWSPENDING', RemoveFromVersionId: token('two') }));
  expect(await bare(life.rotateSecret({ ...db, ...rotated }))).toEqual({ ...named, VersionId: token('three') });
  await emulator.tick();
  expect(await bare(life.describeSecret(db))).toMatchObject({
    RotationEnabled: true,
    RotationLambdaARN: functionArn,
    RotationRules: { ...rules, AutomaticallyAfterDays: 31 },
    LastRotatedDate: new Date(now),
    NextRotationDate: new Date('2026-04-01T09:59:59.000Z'),
    VersionIdsToStages: { [token('two')]: ['AWSPREVIOUS'], [token('three')]: ['AWSCURRENT'] },
  });
  expect(await bare(life.cancelRotateSecret(db))).toEqual(named);

  const AddReplicaRegions = [{ Region: 'us-west-2' }];
  const { ReplicationStatus } = await life.replicateSecretToRegions({ ...db, AddReplicaRegions });
  expect(ReplicationStatus).toMatchObject([{ Region: 'us-west-2', Status: 'InSync' }]);
  const RemoveReplicaRegions = ['us-west-2'];
  const removed = await bare(life.removeRegionsFromReplication({ ...db, RemoveReplicaRegions }));
  expect(removed).toEqual({ ARN: named.ARN, ReplicationStatus: [] });
  expect(await errorOf(life.stopReplicationToReplica(db))).toBeInstanceOf(InvalidRequestException);

  expect([...sent].sort()).toEqual(
    Object.keys(sdk)
      .filter((name) => /\wCommand$/.test(name))
      .sort(),
  );
});

test('the SDK throws its typed errors, with name, message and status', async () => {
  await client.createSecret({ Name: 'db', SecretString: 'one', ClientRequestToken: token('one') });
  const refused = [
    [
      errorOf(client.getSecretValue({ SecretId: 'missing' })),
      ResourceNotFoundException,
      "Secrets Manager can't find the specified secret.",
    ],
    [
      errorOf(client.createSecret({ Name: 'db', SecretString: 'two' })),
      ResourceExistsException,
      'The operation failed because the secret db already exists.',
    ],
    [
      errorOf(client.getSecretValue({ ...db, VersionId: token('one'), VersionStage: 'AWSPENDING' })),
      InvalidRequestException,
      'You provided a VersionStage that is not associated to the provided VersionId.',
    ],
    [
      errorOf(client.rotateSecret(db)),
      InvalidRequestException,
      'No Lambda rotation function ARN is associated with this secret.',
    ],
    [
      errorOf(client.deleteSecret({ ...db, RecoveryWindowInDays: 6 })),
      InvalidParameterException,
      'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
    ],
    [
      errorOf(client.putResourcePolicy({ ...db, ResourcePolicy: 'none' })),
      sdk.MalformedPolicyDocumentException,
      'This resource policy contains a syntax error.',
    ],
    [
      errorOf(
        client.putResourcePolicy({
          ...db,
          ResourcePolicy: '{"Statement": {"Effect": "Allow", "Principal": "*"}}',
          BlockPublicPolicy: true,
        }),
      ),
      sdk.PublicPolicyException,
      "You can't attach a resource-based policy that allows broad access to the secret.",
    ],
    [
      errorOf(client.listSecrets({ NextToken: 'not a token' })),
      sdk.InvalidNextTokenException,
      expect.stringContaining('NextToken'),
    ],
    [
      errorOf(
        client.putSecretValue({
          ...db,
          SecretString: 'two',
          VersionStages: Array.from({ length: 20 }, (_, index) => `stage-${index}`),
        }),
      ),
      sdk.LimitExceededException,
      'You exceeded the maximum number of staging labels allowed on a secret.',
    ],
  ] as const;
  for (const [response, type, message] of refused) {
    const error = await response;
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ name: type.name, message, $metadata: { httpStatusCode: 400 } });
  }
});

test('an error that the service model does not have is a SecretsManagerServiceException', async () => {
  const error = await errorOf(client.describeSecret({ SecretId: 'a secret' }));
  expect(error).toBeInstanceOf(sdk.SecretsManagerServiceException);
  expect(error).toMatchObject({
    name: 'ValidationException',
    message: 'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    $metadata: { httpStatusCode: 400 },
  });
});

test('binary values are bytes, and a new value can be a text again', async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  await client.createSecret({ Name: 'db', SecretBinary: bytes });
  const { SecretBinary, SecretString } = await client.getSecretValue(db);
  expect(SecretBinary).toBeInstanceOf(Uint8Array);
  expect([...(SecretBinary ?? [])]).toEqual([...bytes]);
  expect(SecretString).toBeUndefined();

  await client.updateSecret({ ...db, SecretString: 'naïve 🔑' });
  expect(await client.getSecretValue(db)).toMatchObject({ SecretString: 'naïve 🔑' });
  expect((await client.getSecretValue(db)).SecretBinary).toBeUndefined();
  const { SecretValues: [previous] = [] } = await client.batchGetSecretValue({ SecretIdList: ['db'] });
  expect(previous?.SecretString).toBe('naïve 🔑');
});

test('the paginators visit every item once', async () => {
  const names = Array.from({ length: 7 }, (_, index) => `secret-${index}`);
  for (const Name of names) {
    now += 1;
    await client.createSecret({ Name, SecretString: `value of ${Name}` });
  }
  const lists = await all(paginateListSecrets({ client, pageSize: 3 }, {}));
  expect(lists.map(({ SecretList }) => SecretList?.length)).toEqual([3, 3, 1]);
  expect(lists.flatMap(({ SecretList }) => SecretList?.map(({ Name }) => Name))).toEqual(names);
  const backwards = await all(paginateListSecrets({ client, pageSize: 4 }, { SortBy: 'name', SortOrder: 'desc' }));
  expect(backwards.flatMap(({ SecretList }) => SecretList?.map(({ Name }) => Name))).toEqual(names.toReversed());

  const Filters = [{ Key: 'name' as const, Values: ['secret-', '!other'] }];
  const batches = await all(paginateBatchGetSecretValue({ client, pageSize: 5 }, { Filters }));
  expect(batches.map(({ SecretValues }) => SecretValues?.length)).toEqual([5, 2]);
  expect(batches.flatMap(({ SecretValues }) => SecretValues?.map(({ SecretString }) => SecretString))).toEqual(
    names.map((name) => `value of ${name}`),
  );

  const SecretId = 'secret-0';
  for (const name of ['two', 'three'])
    await client.putSecretValue({ SecretId, SecretString: name, ClientRequestToken: token(name) });
  const versions = async (IncludeDeprecated: boolean) =>
    (await all(paginateListSecretVersionIds({ client, pageSize: 1 }, { SecretId, IncludeDeprecated }))).map(
      ({ Versions: [version] = [] }) => version?.VersionStages,
    );
  expect(await versions(false)).toEqual([['AWSPREVIOUS'], ['AWSCURRENT']]);
  expect(await versions(true)).toEqual([undefined, ['AWSPREVIOUS'], ['AWSCURRENT']]);
});

test('the same token with the same value does nothing, and with another value it is refused', async () => {
  const create = { Name: 'db', SecretString: 'one', ClientRequestToken: token('one') };
  const created = await bare(client.createSecret(create));
  const put = { ...db, SecretString: 'two', ClientRequestToken: token('two') };
  const added = await bare(client.putSecretValue(put));
  const before = emulator.world;
  now += day;
  expect(await bare(client.createSecret(create))).toEqual(created);
  expect(await bare(client.putSecretValue(put))).toEqual(added);
  const refused = [
    client.createSecret({ ...create, SecretString: 'other' }),
    client.putSecretValue({ ...put, SecretString: 'other' }),
    client.updateSecret({ ...put, SecretString: 'other' }),
  ];
  for (const error of await Promise.all(refused.map(errorOf))) {
    expect(error).toBeInstanceOf(ResourceExistsException);
    expect(error.message).toMatch(/^You can't use ClientRequestToken (one|two)-+ because .* of secret arn:.*\.$/);
    expect(error.message).not.toContain('other');
  }
  expect(emulator.world).toEqual(before);
});

test('a scheduled secret can be restored until its window ends, and is gone after it', async () => {
  await client.createSecret({ Name: 'db', SecretString: 'one' });
  await client.createSecret({ Name: 'other', SecretString: 'one' });
  await client.deleteSecret({ ...db, RecoveryWindowInDays: 7 });
  const refused = [
    client.getSecretValue(db),
    client.putSecretValue({ ...db, SecretString: 'two' }),
    client.tagResource({ ...db, Tags: [] }),
    client.createSecret({ Name: 'db' }),
  ];
  for (const error of await Promise.all(refused.map(errorOf))) expect(error).toBeInstanceOf(InvalidRequestException);
  expect((await client.describeSecret(db)).DeletedDate).toBeInstanceOf(Date);
  expect((await client.listSecrets()).SecretList).toHaveLength(1);
  expect((await client.listSecrets({ IncludePlannedDeletion: true })).SecretList).toHaveLength(2);

  now += 7 * day - 1;
  await client.restoreSecret(db);
  expect((await client.getSecretValue(db)).SecretString).toBe('one');
  expect((await client.describeSecret(db)).DeletedDate).toBeUndefined();

  await client.deleteSecret(db);
  now += 30 * day;
  expect(await errorOf(client.describeSecret(db))).toBeInstanceOf(ResourceNotFoundException);
  const { VersionId } = await client.createSecret({
    Name: 'db',
    SecretString: 'new',
    ClientRequestToken: token('new'),
  });
  expect(VersionId).toBe(token('new'));
});

test('a forced deletion takes effect at once, also for a secret that does not exist', async () => {
  const { ARN } = await client.createSecret({ Name: 'db', SecretString: 'one' });
  const force = { ...db, ForceDeleteWithoutRecovery: true };
  expect(await bare(client.deleteSecret(force))).toEqual({ ARN, Name: 'db', DeletionDate: new Date(now) });
  expect(await errorOf(client.restoreSecret(db))).toBeInstanceOf(ResourceNotFoundException);
  expect(await client.deleteSecret(force)).toMatchObject({ Name: 'db', DeletionDate: new Date(now) });
});

test('regions and accounts are kept apart', async () => {
  const clients = [clientOf('us-east-1'), clientOf('eu-west-1'), clientOf('us-east-1', '999999999999')];
  const made = await Promise.all(clients.map((each) => each.createSecret({ Name: 'db', SecretString: 'one' })));
  const arns = made.map(({ ARN = '' }) => ARN);
  expect(arns.map((arn) => arn.slice(0, -7))).toEqual([
    'arn:aws:secretsmanager:us-east-1:123456789012:secret:db',
    'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db',
    'arn:aws:secretsmanager:us-east-1:999999999999:secret:db',
  ]);
  const [east, west] = clients;
  await east?.putSecretValue({ ...db, SecretString: 'two' });
  expect((await west?.getSecretValue(db))?.SecretString).toBe('one');
  for (const [at, each] of clients.entries())
    for (const [of, SecretId] of arns.entries()) {
      for (const id of [SecretId, SecretId.slice(0, -7)]) {
        const reads = each.describeSecret({ SecretId: id });
        if (at === of) expect((await reads).ARN).toBe(SecretId);
        else expect(await errorOf(reads)).toBeInstanceOf(ResourceNotFoundException);
      }
    }
});

test('a secret is found by its name, its ARN, and its ARN without the random characters', async () => {
  const { ARN = '' } = await client.createSecret({ Name: 'shop/db', SecretString: 'one' });
  for (const SecretId of ['shop/db', ARN, ARN.slice(0, -7)])
    expect((await client.getSecretValue({ SecretId })).ARN).toBe(ARN);
  for (const SecretId of ['shop', ARN.slice(ARN.lastIndexOf(':') + 1), `${ARN.slice(0, -6)}AAAAAA`])
    expect(await errorOf(client.getSecretValue({ SecretId }))).toBeInstanceOf(ResourceNotFoundException);
});

test('parameters that are not emulated are refused by name', async () => {
  const external = client.createSecret({ Name: 'db', Type: 'SalesforceClientSecret' });
  expect((await errorOf(external)).message).toContain('managed external secret');
  expect((await client.listSecrets()).SecretList).toEqual([]);
});

test('a random password has every required type and none of the excluded ones', async () => {
  const { RandomPassword = '' } = await client.getRandomPassword({ PasswordLength: 4 });
  for (const type of [/[a-z]/, /[A-Z]/, /\d/, /[^\da-z]/i]) expect(RandomPassword).toMatch(type);
  const digits = { ExcludeLowercase: true, ExcludeUppercase: true, ExcludePunctuation: true, ExcludeCharacters: '0' };
  expect((await client.getRandomPassword(digits)).RandomPassword).toMatch(/^[1-9]{32}$/);
  expect((await errorOf(client.getRandomPassword({ PasswordLength: 3 }))).message).toBe(
    'Password length is too short based on the required types.',
  );
});

test('the SDK retries a call that is throttled, or whose response is lost', async () => {
  const patient = new SecretsManager({
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    requestHandler: inProcess(emulator),
    maxAttempts: 3,
  });
  emulator.setFaults([
    { operation: 'CreateSecret', when: 1, answer: 'throttle' },
    { operation: 'CreateSecret', when: 2, answer: 'lost' },
  ]);
  const { $metadata } = await patient.createSecret({ Name: 'db', SecretString: 'one' });
  expect($metadata.attempts).toBe(3);
  emulator.setFaults([{ operation: 'GetSecretValue', answer: 'throttle' }]);
  const error = await errorOf(client.getSecretValue(db));
  expect([error.name, error.message]).toEqual(['ThrottlingException', 'Rate exceeded']);
  emulator.setFaults([]);
  expect((await client.getSecretValue(db)).SecretString).toBe('one');
});
