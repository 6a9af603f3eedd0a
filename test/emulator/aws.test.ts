import { expect, describe as group, test } from 'vitest';
import {
  type AwsSecret,
  createAwsEmulator,
  type Emulator,
  emptyWorld,
  handleAws,
  memoryStore,
  type Store,
} from '../../src/emulator/index.ts';
import { awsSecretsManager, huaweiCsms, violations } from '../../src/index.ts';
import { expectFrozen } from '../expect-frozen.ts';
import { AwsClient, born, call, clientOfDb, token } from './aws-client.ts';

const day = 86_400_000;
const start = born / 1000;
const arn = expect.stringMatching(/^arn:aws:secretsmanager:us-east-1:123456789012:secret:db-[A-Za-z\d]{6}$/);
const db = { ARN: arn, Name: 'db' };

const notFound = "ResourceNotFoundException: Secrets Manager can't find the specified secret.";
const noValueAt = (stage: string) =>
  `ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: ${stage}`;
const marked =
  "InvalidRequestException: You can't perform this operation on the secret because it was marked for deletion.";
const invalidName =
  'ValidationException: Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!';
const noToken = 'InvalidRequestException: You must provide a ClientRequestToken value. We recommend a UUID-type value.';
const noValue = 'InvalidRequestException: You must provide either SecretString or SecretBinary.';
const twoValues =
  "InvalidParameterException: You can't specify both a binary secret value and a string secret value in the same secret.";
const window = 'InvalidParameterException: The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).';
const idsOrFilters = "InvalidParameterException: Either 'SecretIdList' or 'Filters' must be provided, but not both.";
const badToken =
  'InvalidNextTokenException: The NextToken value is invalid. Pass the NextToken of the previous response, to the same operation, with the same SortBy and SortOrder.';
const tooManyStages = 'LimitExceededException: You exceeded the maximum number of staging labels allowed on a secret.';
const invalid = (place: string, constraint: string, value = '') =>
  `ValidationException: 1 validation error detected: Value${value} at '${place}' failed to satisfy constraint: Member must ${constraint}`;
const isNull = (place: string) => invalid(place, 'not be null', ' null');
const most = (length: number) => `have length less than or equal to ${length}`;
const notEmulated = (what: string) =>
  `InvalidRequestException: The emulator does not support ${what}. Nothing was changed.`;

group('A secret and its values', () => {
  test('CreateSecret puts AWSCURRENT on its version, which GetSecretValue returns', () => {
    const client = new AwsClient();
    const created = client.send('CreateSecret', { Name: 'db', SecretString: 'hunter2' });
    expect(created).toEqual({ ...db, VersionId: token(1) });
    expect(client.send('GetSecretValue', { SecretId: 'db' })).toEqual({
      ...db,
      VersionId: token(1),
      SecretString: 'hunter2',
      VersionStages: ['AWSCURRENT'],
      CreatedDate: start,
    });
    expect(client.secret()?.arn).toBe(created['ARN']);
    expectFrozen(client.world);
  });

  test('a binary value is returned as it was sent', () => {
    const client = new AwsClient();
    client.send('CreateSecret', { Name: 'db', SecretBinary: 'AAEC/w==' });
    const read = client.send('GetSecretValue', { SecretId: 'db' });
    expect(read).toMatchObject({ SecretBinary: 'AAEC/w==' });
    expect(read).not.toHaveProperty('SecretString');
    client.send('PutSecretValue', { SecretId: 'db', SecretString: 'AAEC' });
    expect(client.send('GetSecretValue', { SecretId: 'db' })).not.toHaveProperty('SecretBinary');
    client.send('UpdateSecret', { SecretId: 'db', SecretBinary: 'AAEC', SecretString: null });
    expect(client.send('GetSecretValue', { SecretId: 'db' })).toMatchObject({ SecretBinary: 'AAEC' });
  });

  test('a secret can be created without a value, and its first version is AWSCURRENT whatever it lists', () => {
    const client = new AwsClient();
    expect(client.send('CreateSecret', { Name: 'db', Description: '' })).toEqual(db);
    expect(client.send('DescribeSecret', { SecretId: 'db' })).toEqual({
      ...db,
      LastChangedDate: start,
      CreatedDate: start,
    });
    expect(client.errorOf('GetSecretValue', { SecretId: 'db' })).toBe(noValueAt('AWSCURRENT'));
    expect(client.send('ListSecretVersionIds', { SecretId: 'db' })).toEqual({ ...db, Versions: [] });
    const put = { SecretId: 'db', SecretString: 'x', VersionStages: ['blue'] };
    expect(client.send('PutSecretValue', put)).toEqual({
      ...db,
      VersionId: token(2),
      VersionStages: ['AWSCURRENT', 'blue'],
    });
  });

  test('PutSecretValue moves AWSCURRENT and AWSPREVIOUS unless a list omits AWSCURRENT', () => {
    const client = clientOfDb();
    const put = (VersionStages?: readonly string[]) =>
      client.send('PutSecretValue', { SecretId: 'db', SecretString: 'x', VersionStages })['VersionStages'];
    const stages = () => client.send('DescribeSecret', { SecretId: 'db' })['VersionIdsToStages'];
    expect(put(['SAMPLESTAGE1', 'SAMPLESTAGE0'])).toEqual(['SAMPLESTAGE0', 'SAMPLESTAGE1']);
    expect(stages()).toEqual({ [token(1)]: ['AWSCURRENT'], [token(2)]: ['SAMPLESTAGE0', 'SAMPLESTAGE1'] });
    expect(put()).toEqual(['AWSCURRENT']);
    expect(put(['AWSCURRENT', 'AWSPENDING', 'PUT1'])).toEqual(['AWSCURRENT', 'AWSPENDING', 'PUT1']);
    expect(stages()).toEqual({
      [token(2)]: ['SAMPLESTAGE0', 'SAMPLESTAGE1'],
      [token(3)]: ['AWSPREVIOUS'],
      [token(4)]: ['AWSCURRENT', 'AWSPENDING', 'PUT1'],
    });
    expect(put()).toEqual(['AWSCURRENT']);
    expect(stages()).toMatchObject({ [token(4)]: ['AWSPREVIOUS', 'PUT1'], [token(5)]: ['AWSCURRENT'] });
  });

  test('UpdateSecret adds a version only with a value, and always changes LastChangedDate', () => {
    const client = clientOfDb();
    const update = (body: object) => client.send('UpdateSecret', { SecretId: 'db', ...body });
    const shown = () => client.send('DescribeSecret', { SecretId: 'db' });
    expect(update({})).toEqual(db);
    expect(shown()['LastChangedDate']).toBe(start + 1);
    expect(update({ Description: 'of the shop', KmsKeyId: 'k' })).toEqual(db);
    expect(shown()).toMatchObject({ Description: 'of the shop', KmsKeyId: 'k', LastChangedDate: start + 3 });
    expect(update({ SecretString: 'x' })).toEqual({ ...db, VersionId: token(4) });
    expect(shown()).toMatchObject({ VersionIdsToStages: { [token(1)]: ['AWSPREVIOUS'], [token(4)]: ['AWSCURRENT'] } });
    update({ Description: '', KmsKeyId: '' });
    expect(shown()).not.toHaveProperty('Description');
    expect(shown()).not.toHaveProperty('KmsKeyId');
    update({ KmsKeyId: 'alias/aws/secretsmanager' });
    expect(shown()).not.toHaveProperty('KmsKeyId');
    expectFrozen(client.world);
  });

  test('a refused UpdateSecret changes nothing', () => {
    const client = clientOfDb();
    const { world } = client;
    client.send('UpdateSecret', {
      SecretId: 'db',
      Description: 'new',
      SecretString: 'another',
      ClientRequestToken: token(1),
    });
    expect(client.world).toBe(world);
  });

  test('a repeated token with the same value changes nothing, and with another value is refused', () => {
    const client = clientOfDb();
    const used = `ResourceExistsException: You can't use ClientRequestToken ${token(1)} because that value is already in use for a version of secret ${client.secret()?.arn}.`;
    const again = { ClientRequestToken: token(1) };
    const { world } = client;
    const same = { ...again, SecretString: 'hunter2' };
    expect(client.send('CreateSecret', { Name: 'db', ...same })).toEqual({ ...db, VersionId: token(1) });
    expect(client.send('PutSecretValue', { SecretId: 'db', ...same })).toEqual({
      ...db,
      VersionId: token(1),
      VersionStages: ['AWSCURRENT'],
    });
    expect(client.world).toBe(world);
    expect(client.send('UpdateSecret', { SecretId: 'db', ...same })).toEqual({ ...db, VersionId: token(1) });
    for (const value of [{ SecretString: 'another' }, { SecretBinary: 'AAEC' }]) {
      expect(client.errorOf('CreateSecret', { Name: 'db', ...again, ...value })).toBe(used);
      expect(client.errorOf('PutSecretValue', { SecretId: 'db', ...again, ...value })).toBe(used);
      expect(client.errorOf('UpdateSecret', { SecretId: 'db', ...again, ...value })).toBe(used);
    }
    const exists = 'ResourceExistsException: The operation failed because the secret db already exists.';
    expect(client.errorOf('CreateSecret', { Name: 'db', SecretString: 'hunter2' })).toBe(exists);
    expect(client.errorOf('CreateSecret', { Name: 'db', ...again })).toBe(exists);
  });

  test('GetSecretValue reads a version by its id, by a label, or by both', () => {
    const client = clientOfDb();
    client.send('PutSecretValue', { SecretId: 'db', SecretString: 'new', VersionStages: ['AWSPENDING'] });
    const read = (body: object) => {
      const answer = client.send('GetSecretValue', { SecretId: 'db', ...body });
      return answer['SecretString'] ?? `${answer['__type']}: ${answer['Message']}`;
    };
    expect(read({ VersionStage: 'AWSPENDING' })).toBe('new');
    expect(read({ VersionId: token(2) })).toBe('new');
    expect(read({ VersionId: token(2), VersionStage: 'AWSPENDING' })).toBe('new');
    expect(read({ VersionId: token(1), VersionStage: 'AWSPENDING' })).toBe(
      'InvalidRequestException: You provided a VersionStage that is not associated to the provided VersionId.',
    );
    expect(read({ VersionStage: 'AWSPREVIOUS' })).toBe(noValueAt('AWSPREVIOUS'));
    const missing = `ResourceNotFoundException: Secrets Manager can't find the specified secret value for VersionId: ${token(9)}`;
    expect(read({ VersionId: token(9) })).toBe(missing);
    expect(read({ VersionId: token(9), VersionStage: 'AWSCURRENT' })).toBe(missing);
  });

  test('LastAccessedDate is the day of the last read, of a secret and of each version', () => {
    const client = clientOfDb();
    client.send('PutSecretValue', { SecretId: 'db', SecretString: 'x' });
    const shown = () => [
      client.send('DescribeSecret', { SecretId: 'db' })['LastAccessedDate'],
      ...Object(client.send('ListSecretVersionIds', { SecretId: 'db' })['Versions']).map(
        (version: { LastAccessedDate?: number }) => version.LastAccessedDate,
      ),
    ];
    expect(shown()).toEqual([undefined, undefined, undefined]);
    const today = Math.floor(born / day) * 86_400;
    client.send('GetSecretValue', { SecretId: 'db', VersionStage: 'AWSPREVIOUS' });
    expect(shown()).toEqual([today, today, undefined]);
    const { world } = client;
    client.send('GetSecretValue', { SecretId: 'db', VersionStage: 'AWSPREVIOUS' });
    expect(client.world).toBe(world);
    client.now += 2 * day;
    client.send('GetSecretValue', { SecretId: 'db' });
    expect(shown()).toEqual([today + 2 * 86_400, today, today + 2 * 86_400]);
    expect(client.secret()?.updateTime).toBe(born + 1000);
  });

  test('a new key is that of the versions with built-in stages, and others keep theirs', () => {
    const client = new AwsClient();
    client.send('CreateSecret', { Name: 'db', SecretString: 'x', KmsKeyId: 'old' });
    client.send('PutSecretValue', { SecretId: 'db', SecretString: 'y', VersionStages: ['blue'] });
    const keys = () => {
      const { Versions } = client.send('ListSecretVersionIds', { SecretId: 'db' });
      return (Versions as readonly { KmsKeyIds: unknown }[]).map(({ KmsKeyIds }) => KmsKeyIds);
    };
    expect(keys()).toEqual([['old'], ['old']]);
    client.send('UpdateSecret', { SecretId: 'db', KmsKeyId: 'new', SecretString: 'z' });
    expect(keys()).toEqual([['new'], ['old'], ['new']]);
    client.send('UpdateSecret', { SecretId: 'db', KmsKeyId: '' });
    expect(keys()).toEqual([['DefaultEncryptionKey'], ['old'], ['DefaultEncryptionKey']]);
  });
});

group('Staging labels', () => {
  const rotating = () => {
    const client = clientOfDb();
    client.send('PutSecretValue', { SecretId: 'db', SecretString: 'x', VersionStages: ['AWSPENDING'] });
    return client;
  };
  const move = { SecretId: 'db', VersionStage: 'AWSCURRENT', MoveToVersionId: token(2) };

  test('UpdateSecretVersionStage promotes the pending version, which keeps AWSPENDING', () => {
    const client = rotating();
    expect(client.send('UpdateSecretVersionStage', { ...move, RemoveFromVersionId: token(1) })).toEqual(db);
    expect(client.send('DescribeSecret', { SecretId: 'db' })).toMatchObject({
      VersionIdsToStages: { [token(1)]: ['AWSPREVIOUS'], [token(2)]: ['AWSCURRENT', 'AWSPENDING'] },
      LastChangedDate: start + 2,
    });
    client.send('UpdateSecretVersionStage', {
      SecretId: 'db',
      VersionStage: 'AWSPENDING',
      RemoveFromVersionId: token(2),
    });
    expect(client.secret()?.state.stages.map(({ name }) => name)).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  test.each([
    [
      move,
      `InvalidParameterException: The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version ${token(1)}, so you must explicitly reference that version in RemoveFromVersionId.`,
    ],
    [
      { ...move, RemoveFromVersionId: token(2) },
      `InvalidParameterException: Staging label AWSCURRENT is attached to version ${token(1)}, not to ${token(2)}.`,
    ],
    [
      { ...move, MoveToVersionId: null, RemoveFromVersionId: token(1) },
      'InvalidParameterException: You can only move staging label AWSCURRENT to a different secret version. It can’t be completely removed.',
    ],
    [
      { ...move, VersionStage: 'blue', RemoveFromVersionId: token(1) },
      'InvalidParameterException: Staging label blue is not attached to any version.',
    ],
    [
      { SecretId: 'db', VersionStage: 'blue', RemoveFromVersionId: token(1) },
      'InvalidParameterException: Staging label blue is not attached to any version.',
    ],
    [
      { ...move, MoveToVersionId: token(9), RemoveFromVersionId: token(1) },
      `ResourceNotFoundException: Secrets Manager can't find the specified secret value for VersionId: ${token(9)}`,
    ],
    [
      { SecretId: 'db', VersionStage: 'blue' },
      'InvalidParameterException: You must provide RemoveFromVersionId, MoveToVersionId, or both.',
    ],
    [{ ...move, VersionStage: '' }, invalid('versionStage', 'have length greater than or equal to 1', " ''")],
    [
      { ...move, RemoveFromVersionId: '' },
      invalid('removeFromVersionId', 'have length greater than or equal to 32', " ''"),
    ],
  ])('a refused UpdateSecretVersionStage changes nothing: %j', (body, error) => {
    const client = rotating();
    const { world } = client;
    expect(client.errorOf('UpdateSecretVersionStage', body)).toBe(error);
    expect(client.world).toBe(world);
  });

  test('a secret has at most 20 labels, and the 21st is refused', () => {
    const client = clientOfDb();
    const labels = Array.from({ length: 20 }, (_, index) => `label-${index}`);
    const put = (VersionStages: readonly string[]) =>
      client.errorOf('PutSecretValue', { SecretId: 'db', SecretString: 'x', VersionStages });
    expect(put(labels)).toBe(tooManyStages);
    expect(put([...labels, 'one-more'])).toBe(invalid('versionStages', most(20)));
    expect(put(labels.slice(1))).toContain(token(4));
    const add = { SecretId: 'db', VersionStage: 'label-0', MoveToVersionId: token(1) };
    expect(client.errorOf('UpdateSecretVersionStage', add)).toBe(tooManyStages);
    // AWSPREVIOUS would be the 21st.
    expect(client.errorOf('PutSecretValue', { SecretId: 'db', SecretString: 'x' })).toBe(tooManyStages);
    expect(put(['label-19'])).toContain(token(6));
  });

  test('the oldest unlabelled version makes room for the 101st, but never within 24 hours of its creation', () => {
    const client = clientOfDb();
    const put = () => client.errorOf('PutSecretValue', { SecretId: 'db', SecretString: 'x' });
    for (let count = 1; count < 100; count++) put();
    expect(put()).toMatch(/^LimitExceededException: /);
    expect(Object.keys(client.secret()?.values ?? {})).toHaveLength(100);
    client.send('GetSecretValue', { SecretId: 'db', VersionId: token(1) });
    client.now = born + day - 1001;
    expect(put()).toMatch(/^LimitExceededException: /);
    expect(put()).toContain(token(103));
    const secret = client.secret();
    expect(Object.keys(secret?.values ?? {})).toHaveLength(100);
    expect(secret?.values).not.toHaveProperty(token(1));
    expect(secret?.accessTimes).toEqual({});
    expect(secret && violations(secret.state, awsSecretsManager)).toEqual([]);
  });
});

group('Deletion', () => {
  test('a secret waits 30 days by default, can be looked at and restored, and then is gone', () => {
    const client = clientOfDb();
    expect(client.send('DeleteSecret', { SecretId: 'db' })).toEqual({ ...db, DeletionDate: start + 1 + 30 * 86_400 });
    expect(client.send('DescribeSecret', { SecretId: 'db' })).toMatchObject({
      DeletedDate: expect.any(Number),
      VersionIdsToStages: { [token(1)]: ['AWSCURRENT'] },
    });
    expect(client.send('ListSecretVersionIds', { SecretId: 'db' })).toMatchObject({ Versions: [{}] });
    expect(client.send('DeleteSecret', { SecretId: 'db', RecoveryWindowInDays: 7 })).toEqual({
      ...db,
      DeletionDate: start + 1 + 30 * 86_400,
    });
    expect(client.errorOf('CreateSecret', { Name: 'db' })).toBe(
      "InvalidRequestException: You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
    expect(client.send('RestoreSecret', { SecretId: 'db' })).toEqual(db);
    expect(client.send('DescribeSecret', { SecretId: 'db' })).not.toHaveProperty('DeletedDate');
    expect(client.send('GetSecretValue', { SecretId: 'db' })).toMatchObject({ SecretString: 'hunter2' });
    const { world } = client;
    expect(client.send('RestoreSecret', { SecretId: 'db' })).toEqual(db);
    expect(client.world).toBe(world);

    client.send('DeleteSecret', { SecretId: 'db', RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: false });
    client.now += 7 * day - 1001;
    expect(client.errorOf('GetSecretValue', { SecretId: 'db' })).toBe(marked);
    expect(client.errorOf('DescribeSecret', { SecretId: 'db' })).toBe(notFound);
    expect(client.errorOf('RestoreSecret', { SecretId: 'db' })).toBe(notFound);
    expect(client.send('CreateSecret', { Name: 'db' })).toEqual(db);
    expect(client.errorOf('GetSecretValue', { SecretId: 'db' })).toBe(noValueAt('AWSCURRENT'));
  });

  test.each([
    ['GetSecretValue', {}],
    ['PutSecretValue', { SecretString: 'x' }],
    ['UpdateSecret', {}],
    ['UpdateSecretVersionStage', { VersionStage: 'blue', MoveToVersionId: token(1) }],
    ['TagResource', { Tags: [] }],
    ['UntagResource', { TagKeys: [] }],
    ['PutResourcePolicy', { ResourcePolicy: '{"Statement":[]}' }],
    ['GetResourcePolicy', {}],
    ['DeleteResourcePolicy', {}],
  ])('%s refuses a secret that waits for its deletion', (operation, body) => {
    const client = clientOfDb();
    expect(client.errorOf(operation, { SecretId: 'db', ...body })).not.toContain('Exception');
    client.send('DeleteSecret', { SecretId: 'db' });
    const { world } = client;
    expect(client.errorOf(operation, { SecretId: 'db', ...body })).toBe(marked);
    expect(client.world).toBe(world);
  });

  test('a forced deletion is immediate, also of a secret that waits or does not exist', () => {
    const client = clientOfDb();
    const force = (SecretId: string) => client.send('DeleteSecret', { SecretId, ForceDeleteWithoutRecovery: true });
    expect(force('db')).toEqual({ ...db, DeletionDate: start + 1 });
    expect(client.world).toEqual(emptyWorld);
    client.send('CreateSecret', { Name: 'db' });
    client.send('DeleteSecret', { SecretId: 'db' });
    expect(force('db')).toEqual({ ...db, DeletionDate: start + 4 });
    expect(force('db')).toEqual({ ...db, DeletionDate: start + 5 });
    const elsewhere = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db';
    expect(force(elsewhere)).toMatchObject({ Name: elsewhere });
    expect(client.world).toEqual(emptyWorld);
  });

  test.each([
    [{ RecoveryWindowInDays: 6 }, window],
    [{ RecoveryWindowInDays: 31 }, window],
    [{ RecoveryWindowInDays: 7.5 }, 'SerializationException: The value at "recoveryWindowInDays" has the wrong type.'],
    [{ RecoveryWindowInDays: 0, ForceDeleteWithoutRecovery: true }, window],
    [
      { RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true },
      "InvalidParameterException: You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    ],
  ])('DeleteSecret refuses %j', (body, error) => {
    expect(clientOfDb().errorOf('DeleteSecret', { SecretId: 'db', ...body })).toBe(error);
  });

  test('a restored secret outlives its former deletion, and due ones are deleted with their values', async () => {
    let now = born;
    const emulator = createAwsEmulator({ clock: () => now });
    const send = async (operation: string, body: object) => {
      const { body: text } = await emulator.answer(call(operation, { ClientRequestToken: token(1), ...body }));
      return JSON.parse(text ?? '');
    };
    for (const Name of ['kept', 'lost']) {
      await send('CreateSecret', { Name, SecretString: 'hunter2' });
      await send('DeleteSecret', { SecretId: Name, RecoveryWindowInDays: 7 });
    }
    await send('RestoreSecret', { SecretId: 'kept' });
    now += 7 * day;
    expect(await send('ListSecrets', { IncludePlannedDeletion: true })).toMatchObject({
      SecretList: [{ Name: 'kept' }],
    });
    await send('CreateSecret', { Name: 'new' });
    const { projects } = await emulator.snapshot({ values: true });
    expect(Object.keys(projects['123456789012/us-east-1']?.secrets ?? {})).toEqual(['kept', 'new']);
    expect(await send('GetSecretValue', { SecretId: 'kept' })).toMatchObject({ SecretString: 'hunter2' });
  });
});

group('A request that is refused before anything is looked up', () => {
  const onSecret = {
    DeleteSecret: {},
    DescribeSecret: {},
    GetSecretValue: {},
    ListSecretVersionIds: {},
    PutSecretValue: { SecretString: 'x' },
    RestoreSecret: {},
    TagResource: { Tags: [] },
    UntagResource: { TagKeys: [] },
    UpdateSecret: {},
    UpdateSecretVersionStage: { VersionStage: 'blue', MoveToVersionId: token(1) },
    GetResourcePolicy: {},
    PutResourcePolicy: { ResourcePolicy: '{"Statement":[]}' },
    DeleteResourcePolicy: {},
    ValidateResourcePolicy: { ResourcePolicy: '{"Statement":[]}' },
  };

  test.each(Object.entries(onSecret))(
    '%s refuses an invalid name, and a secret that does not exist',
    (operation, body) => {
      const client = clientOfDb();
      const askOf = (SecretId: unknown) => client.errorOf(operation, { ...body, SecretId });
      for (const name of ['a b', 'a*', 'a?', 'a#b', '', 'arn:aws:iam::123456789012:role/x'])
        expect(askOf(name)).toBe(invalidName);
      expect(askOf('missing')).toBe(notFound);
      if (operation !== 'ValidateResourcePolicy') expect(askOf(undefined)).toBe(isNull('secretId'));
    },
  );

  test('a forced deletion refuses an invalid name too', () => {
    const forced = { SecretId: 'a b', ForceDeleteWithoutRecovery: true };
    expect(new AwsClient().errorOf('DeleteSecret', forced)).toBe(invalidName);
  });

  test.each([
    ['CreateSecret', { Name: 'missing', ClientRequestToken: null }, noToken],
    ['PutSecretValue', { SecretId: 'missing', SecretString: 'x', ClientRequestToken: undefined }, noToken],
    ['UpdateSecret', { SecretId: 'missing', ClientRequestToken: null }, noToken],
    ['CreateSecret', { Name: 'a b' }, invalidName],
    ['CreateSecret', { Name: 'x'.repeat(513), SecretString: 'x' }, invalidName],
    ['CreateSecret', {}, isNull('name')],
    [
      'CreateSecret',
      { Name: 'new', SecretString: 'x', ClientRequestToken: 'x'.repeat(31) },
      invalid('clientRequestToken', 'satisfy regular expression pattern: ^.{32,64}$'),
    ],
    ['CreateSecret', { Name: 'new', SecretString: 'x', SecretBinary: 'AAEC' }, twoValues],
    ['PutSecretValue', { SecretId: 'db', SecretString: 'x', SecretBinary: 'AAEC' }, twoValues],
    ['UpdateSecret', { SecretId: 'db', SecretString: 'x', SecretBinary: 'AAEC' }, twoValues],
    ['PutSecretValue', { SecretId: 'db' }, noValue],
    [
      'PutSecretValue',
      { SecretId: 'db', SecretString: '' },
      invalid('secretString', 'have length greater than or equal to 1'),
    ],
    ['PutSecretValue', { SecretId: 'db', SecretString: 'é'.repeat(32_769) }, invalid('secretString', most(65_536))],
    ['PutSecretValue', { SecretId: 'db', SecretBinary: 'AAAA'.repeat(21_846) }, invalid('secretBinary', most(65_536))],
    ['PutSecretValue', { SecretId: 'db', SecretBinary: 'AAA' }, invalid('secretBinary', 'be base64 with padding')],
    [
      'PutSecretValue',
      { SecretId: 'db', SecretBinary: '' },
      invalid('secretBinary', 'have length greater than or equal to 1'),
    ],
    [
      'CreateSecret',
      { Name: 'new', Description: 'x'.repeat(2049) },
      invalid('description', most(2048), ` '${'x'.repeat(80)}'`),
    ],
    [
      'PutSecretValue',
      { SecretId: 'db', SecretString: 'x', VersionStages: [] },
      invalid('versionStages', 'be a list of at least one stage name'),
    ],
    [
      'PutSecretValue',
      { SecretId: 'db', SecretString: 'x', VersionStages: ['a', ''] },
      invalid('versionStages.2.member', 'satisfy regular expression pattern: ^.{1,256}$'),
    ],
    [
      'ListSecrets',
      { Filters: [{ Key: 'bad', Values: ['x'] }] },
      invalid(
        'filters.1.member.key',
        'satisfy enum value set: [description, name, tag-key, tag-value, primary-region, owning-service, all]',
        " 'bad'",
      ),
    ],
    ['ListSecrets', { Filters: [{ Values: ['x'] }] }, 'InvalidParameterException: Invalid filter key'],
    ['ListSecrets', { Filters: [{ Key: 'name' }] }, 'InvalidParameterException: Invalid filter values for key: name'],
    [
      'ListSecrets',
      { Filters: [{ Key: 'name', Values: ['~'] }] },
      invalid(
        'filters.1.member.values.1.member',
        'satisfy regular expression pattern: ^!?[a-zA-Z0-9 :_@/+=.\\-!]*$',
        " '~'",
      ),
    ],
    ['ListSecrets', { MaxResults: 101 }, invalid('maxResults', 'have value less than or equal to 100', " '101'")],
    [
      'GetRandomPassword',
      { PasswordLength: 5555 },
      invalid('passwordLength', 'have value less than or equal to 4096', " '5555'"),
    ],
    [
      'GetRandomPassword',
      { PasswordLength: 0 },
      invalid('passwordLength', 'have value greater than or equal to 1', " '0'"),
    ],
    [
      'TagResource',
      {
        SecretId: 'db',
        Tags: [
          { Key: 'a', Value: 'b' },
          { Key: '', Value: '' },
        ],
      },
      invalid('tags.2.member.key', 'have length greater than or equal to 1', " ''"),
    ],
    ['TagResource', { SecretId: 'db', Tags: 'x' }, 'SerializationException: The value at "tags" has the wrong type.'],
    ['GetSecretValue', { SecretId: 5 }, 'SerializationException: The value at "secretId" has the wrong type.'],
    ['CreateSecret', { Name: 'new', Type: 'x' }, notEmulated('Type, which makes a managed external secret')],
    ['PutSecretValue', { SecretId: 'db', SecretString: 'x', RotationToken: 'x' }, notEmulated('RotationToken')],
    [
      'ReplicateSecretToRegions',
      { SecretId: 'db', AddReplicaRegions: [] },
      invalid('addReplicaRegions', 'have length greater than or equal to 1'),
    ],
    [
      'RemoveRegionsFromReplication',
      { SecretId: 'db', RemoveReplicaRegions: [''] },
      invalid('removeReplicaRegions.1.member', 'have length greater than or equal to 1', " ''"),
    ],
  ])('%s %.100j', (operation, body, error) => {
    const client = clientOfDb();
    const { world } = client;
    expect(client.errorOf(operation, body)).toBe(error);
    expect(client.world).toBe(world);
  });

  test('an empty list of replicas is accepted', () => {
    expect(new AwsClient().send('CreateSecret', { Name: 'db', AddReplicaRegions: [] })).toEqual(db);
  });
});

group('The wire', () => {
  const ask = (change: object) => handleAws(emptyWorld, { ...call('ListSecrets'), ...change }, born).response;
  const headers = (entries: Readonly<Record<string, string>>) => ({ headers: new Map(Object.entries(entries)) });
  const target = { 'x-amz-target': 'secretsmanager.ListSecrets' };
  const signed = 'AWS4-HMAC-SHA256 Credential=any/20180411/us-east-1/secretsmanager/aws4_request';

  test('every answer has the content type of the protocol, and an error its type in a header', () => {
    expect(ask({})).toEqual({
      status: 200,
      headers: { 'content-type': 'application/x-amz-json-1.1' },
      body: '{"SecretList":[]}',
    });
    expect(ask({ body: '{"MaxResults":0}' }).headers).toEqual({
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-errortype': 'ValidationException',
    });
    expect(handleAws(emptyWorld, call('GetSecretValue', { SecretId: 'db' }), born).response.body).toBe(
      '{"__type":"ResourceNotFoundException","Message":"Secrets Manager can\'t find the specified secret."}',
    );
  });

  test.each([
    ['another method', { method: 'GET' }, 'UnknownOperationException'],
    ['another path', { target: '/secrets' }, 'UnknownOperationException'],
    ['no target', headers({ authorization: signed }), 'UnknownOperationException'],
    [
      'a target of no operation',
      headers({ 'x-amz-target': 'secretsmanager.__proto__', authorization: signed }),
      'UnknownOperationException',
    ],
    [
      'a target of another service',
      headers({ 'x-amz-target': 'kms.ListSecrets', authorization: signed }),
      'UnknownOperationException',
    ],
    ['no credentials', headers(target), 'MissingAuthenticationTokenException'],
    ['other credentials', headers({ ...target, authorization: 'Basic YTpi' }), 'IncompleteSignatureException'],
    [
      'credentials for another service',
      headers({ ...target, authorization: signed.replace('secretsmanager', 's3') }),
      'IncompleteSignatureException',
    ],
    ['half of a body', { body: '{' }, 'SerializationException'],
    ['a list', { body: '[]' }, 'SerializationException'],
    ['a body that is not UTF-8', { body: Uint8Array.of(0x7b, 0xff, 0x7d) }, 'SerializationException'],
    ['a body over the limit', { body: ' '.repeat(600_000) }, 'SerializationException'],
  ] as const)('%s is refused', (_, change, type) => {
    const { status, body } = ask(change);
    expect(status).toBe(400);
    expect(JSON.parse(body ?? '')).toEqual({ __type: type, message: expect.stringMatching(/./) });
  });

  test('a target with a query, an empty body and unknown members are accepted', () => {
    for (const change of [{ target: '/?x=y' }, { body: '' }, { body: '{"Unknown":1}' }]) {
      expect(ask(change).status).toBe(200);
    }
  });

  test('input that is not a request, and a failure, get an error of AWS', () => {
    const { refuse } = createAwsEmulator();
    expect(refuse('This is not HTTP', 400)).toMatchObject({
      status: 400,
      body: '{"__type":"SerializationException","message":"This is not HTTP."}',
      headers: { 'x-amzn-requestid': expect.stringMatching(/^[\da-f-]{36}$/) },
    });
    expect(refuse('The disk is full', 500)).toMatchObject({
      status: 500,
      body: '{"__type":"InternalServiceError","Message":"The disk is full."}',
    });
  });

  test('regions and accounts share no secrets', () => {
    const client = clientOfDb();
    const elsewhere = [
      ['eu-west-1', 'any'],
      ['us-east-1', '000000000000'],
    ] as const;
    for (const [region, key] of elsewhere) {
      const create = { Name: 'db', ClientRequestToken: token(1) };
      expect(client.sendRaw(call('GetSecretValue', { SecretId: 'db' }, region, key)).status).toBe(400);
      expect(client.sendRaw(call('CreateSecret', create, region, key)).body).toMatchObject({
        ARN: expect.stringContaining(`:${region}:${key === 'any' ? '123456789012' : key}:secret:db-`),
      });
      const { body } = client.sendRaw(call('DescribeSecret', { SecretId: client.secret()?.arn }, region, key));
      expect(body['__type']).toBe('ResourceNotFoundException');
    }
    expect(Object.keys(client.world.projects)).toEqual([
      '123456789012/us-east-1',
      '123456789012/eu-west-1',
      '000000000000/us-east-1',
    ]);
  });

  test('a secret is found by its name, its ARN, and its ARN without the suffix', () => {
    const client = clientOfDb();
    const { arn: full = '' } = client.secret() ?? {};
    const partial = full.slice(0, -7);
    const find = (SecretId: string) => client.errorOf('DescribeSecret', { SecretId });
    for (const id of ['db', full, partial]) expect(find(id)).toContain(full);
    for (const id of [
      `${partial}-AAAAAA`,
      full.slice(partial.length - 2),
      partial.replace('123456789012', '999999999999'),
    ])
      expect(find(id)).toBe(notFound);
    for (const id of [`${full}:password`, `${full}#password`]) expect(find(id)).toBe(invalidName);

    client.send('CreateSecret', { Name: 'name-a1b2c3' });
    const { arn: tricky = '' } = client.secret('name-a1b2c3') ?? {};
    for (const id of ['name-a1b2c3', tricky]) expect(find(id)).toContain(tricky);
    expect(find(tricky.slice(0, -7))).toBe(notFound);
    client.send('CreateSecret', { Name: 'name' });
    expect(find(tricky.slice(0, -7))).toBe(notFound);
  });

  test.each(['__proto__', 'constructor', 'toString', '/a/b_c+d=e.f@g-h!'])('a secret can be named %s', (Name) => {
    const client = new AwsClient();
    expect(client.errorOf('DescribeSecret', { SecretId: Name })).toBe(notFound);
    client.send('CreateSecret', { Name, SecretString: 'x', Tags: [{ Key: '__proto__', Value: 'v' }] });
    expect(client.send('GetSecretValue', { SecretId: Name })).toMatchObject({ Name, SecretString: 'x' });
    expect(client.send('ListSecrets')).toMatchObject({ SecretList: [{ Name, Tags: [{ Key: '__proto__' }] }] });
  });

  test('secretsARegion sets the limit of secrets', () => {
    const client = clientOfDb({ secretsARegion: 1 });
    expect(client.errorOf('CreateSecret', { Name: 'other' })).toBe(
      'LimitExceededException: The account has reached its limit of 1 secrets in this region. Delete one first.',
    );
    expect(client.sendRaw(call('CreateSecret', { Name: 'db', ClientRequestToken: token(9) }, 'eu-west-1')).status).toBe(
      200,
    );
  });

  test('invalid options are refused', () => {
    expect(() => createAwsEmulator({ secretsARegion: -1 })).toThrow(
      new RangeError('`secretsARegion` must be a whole number from 0 to 1e15; got -1.'),
    );
    expect(() => createAwsEmulator({ account: '5' })).toThrow(
      new RangeError('`account` must be 12 digits; got the string "5".'),
    );
    expect(() => handleAws(emptyWorld, call('ListSecrets'), -1)).toThrow(RangeError);
    const client = new AwsClient({ account: '000000000001' });
    expect(client.send('CreateSecret', { Name: 'db' })['ARN']).toContain(':000000000001:');
  });

  test('a secret of another dialect is not read', () => {
    const { world } = clientOfDb();
    const read = () => handleAws(world, call('GetSecretValue', { SecretId: 'db' }), born, { dialect: huaweiCsms });
    expect(read).toThrow(expect.objectContaining({ refusal: expect.objectContaining({ code: 'WRONG_DIALECT' }) }));
  });
});

group('ListSecrets and ListSecretVersionIds', () => {
  test('a listed secret shows what DescribeSecret shows, by SecretVersionsToStages', () => {
    const client = new AwsClient();
    client.send('CreateSecret', { Name: 'db', Description: 'd', KmsKeyId: 'k', SecretString: 'x', Tags: [] });
    const { VersionIdsToStages, ...rest } = client.send('DescribeSecret', { SecretId: 'db' });
    expect(client.send('ListSecrets')).toEqual({
      SecretList: [{ ...rest, SecretVersionsToStages: VersionIdsToStages }],
    });
    client.send('DeleteSecret', { SecretId: 'db' });
    expect(client.send('ListSecrets')).toEqual({ SecretList: [] });
    expect(client.send('ListSecrets', { IncludePlannedDeletion: true })).toMatchObject({
      SecretList: [{ Name: 'db', DeletedDate: expect.any(Number) }],
    });
  });

  /** The names of all pages. A secret is deleted after each page, if `deletes` names it. */
  const pagesOf = (client: AwsClient, request: object, deletes: readonly string[] = []) => {
    const pages: string[][] = [];
    let NextToken: unknown;
    do {
      const answer = client.send('ListSecrets', { ...request, NextToken });
      pages.push(Object(answer['SecretList']).map(({ Name }: { Name: string }) => Name));
      const doomed = deletes[pages.length - 1];
      if (doomed) client.send('DeleteSecret', { SecretId: doomed, ForceDeleteWithoutRecovery: true });
      NextToken = answer['NextToken'];
    } while (NextToken !== undefined);
    return pages;
  };

  test('secrets are sorted, in pages', () => {
    const client = new AwsClient();
    for (const Name of ['b', 'c', 'a']) client.send('CreateSecret', { Name, SecretString: 'x' });
    client.send('UpdateSecret', { SecretId: 'c' });
    client.send('GetSecretValue', { SecretId: 'b' });
    const sorted = (request: object) => pagesOf(client, { MaxResults: 2, ...request });
    expect(sorted({})).toEqual([['b', 'c'], ['a']]);
    expect(sorted({ SortOrder: 'desc' })).toEqual([['a', 'c'], ['b']]);
    expect(sorted({ SortBy: 'name' })).toEqual([['a', 'b'], ['c']]);
    expect(sorted({ SortBy: 'name', SortOrder: 'desc' })).toEqual([['c', 'b'], ['a']]);
    expect(sorted({ SortBy: 'created-date', SortOrder: 'asc' })).toEqual([['b', 'c'], ['a']]);
    expect(sorted({ SortBy: 'last-changed-date' })).toEqual([['b', 'a'], ['c']]);
    expect(sorted({ SortBy: 'last-accessed-date' })).toEqual([['a', 'c'], ['b']]);
    expect(sorted({ MaxResults: 3 })).toEqual([['b', 'c', 'a']]);
  });

  test('pages stay complete while secrets before, at and after their ends are deleted', () => {
    const client = new AwsClient();
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    for (const Name of names) client.send('CreateSecret', { Name });
    expect(pagesOf(client, { MaxResults: 2 }, ['a', 'd', 'g'])).toEqual([['a', 'b'], ['c', 'd'], ['e', 'f'], []]);
  });

  test('a page has 100 items by default, and versions come in pages too', () => {
    const client = new AwsClient();
    for (let index = 0; index < 101; index++) client.send('CreateSecret', { Name: `db-${index}` });
    expect(pagesOf(client, {}).map(({ length }) => length)).toEqual([100, 1]);

    const versions = clientOfDb();
    for (let count = 0; count < 3; count++) versions.send('PutSecretValue', { SecretId: 'db', SecretString: 'x' });
    const list = (request: object) => versions.send('ListSecretVersionIds', { SecretId: 'db', ...request });
    const ids = (answer: object) =>
      Object(answer).Versions.map((version: { VersionId: string; VersionStages?: string[] }) => [
        version.VersionId,
        version.VersionStages,
      ]);
    const labelled = [
      [token(3), ['AWSPREVIOUS']],
      [token(4), ['AWSCURRENT']],
    ];
    expect(ids(list({}))).toEqual(labelled);
    expect(ids(list({ IncludeDeprecated: true }))).toEqual([[token(1), undefined], [token(2), undefined], ...labelled]);
    const first = list({ IncludeDeprecated: true, MaxResults: 3 });
    expect(ids(first)).toHaveLength(3);
    const { NextToken } = first;
    expect(ids(list({ IncludeDeprecated: true, MaxResults: 3, NextToken }))).toEqual([[token(4), ['AWSCURRENT']]]);
  });

  test.each(['garbage', '[]', '{}', 'null', '"x"', '[1]', '[null,1]', '[1,2,3]'])(
    'NextToken %s is refused',
    (NextToken) => {
      const client = clientOfDb();
      expect(client.errorOf('ListSecrets', { NextToken })).toBe(badToken);
      expect(client.errorOf('ListSecretVersionIds', { SecretId: 'db', NextToken })).toBe(badToken);
      expect(client.errorOf('BatchGetSecretValue', { Filters: [], NextToken })).toBe(badToken);
    },
  );
});

group('BatchGetSecretValue', () => {
  test('returns values in the order of the ids, and an error for each that cannot be read', () => {
    const client = clientOfDb();
    client.send('CreateSecret', { Name: 'empty' });
    client.send('CreateSecret', { Name: 'old', SecretString: 'x' });
    client.send('DeleteSecret', { SecretId: 'old' });
    const { SecretString, ...read } = client.send('GetSecretValue', { SecretId: 'db' });
    const ids = ['missing', 'old', 'db', 'empty', 'db', 'a b'];
    const failure = (SecretId: string, error: string) => {
      const [, ErrorCode, Message] = /^(\w+): (.*)$/.exec(error) ?? [];
      return { SecretId, ErrorCode, Message };
    };
    expect(client.send('BatchGetSecretValue', { SecretIdList: ids })).toEqual({
      SecretValues: [
        { ...read, SecretString },
        { ...read, SecretString },
      ],
      Errors: [
        failure('missing', notFound),
        failure('old', marked),
        failure('empty', noValueAt('AWSCURRENT')),
        failure('a b', invalidName),
      ],
    });
  });

  test('returns pages of what filters find, and counts as an access', () => {
    const client = clientOfDb();
    client.send('CreateSecret', { Name: 'db2', SecretString: 'x' });
    client.send('CreateSecret', { Name: 'other', SecretString: 'x' });
    client.send('CreateSecret', { Name: 'db-old', SecretString: 'x' });
    client.send('DeleteSecret', { SecretId: 'db-old' });
    const request = { Filters: [{ Key: 'name', Values: ['db'] }], MaxResults: 1 };
    const first = client.send('BatchGetSecretValue', request);
    expect(first).toMatchObject({ SecretValues: [{ Name: 'db' }], Errors: [], NextToken: expect.any(String) });
    const last = client.send('BatchGetSecretValue', { ...request, NextToken: first['NextToken'] });
    expect(last).toEqual({ SecretValues: [expect.objectContaining({ Name: 'db2' })], Errors: [] });
    expect(client.secret('db2')?.accessTime).not.toBeNull();
    expect(client.secret('other')?.accessTime).toBeNull();
  });

  test.each([
    [{}, idsOrFilters],
    [{ SecretIdList: ['db'], Filters: [] }, idsOrFilters],
    [
      { SecretIdList: ['db'], MaxResults: 1 },
      "InvalidParameterException: 'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is provided.",
    ],
    [{ Filters: [], MaxResults: 21 }, invalid('maxResults', 'have value less than or equal to 20', " '21'")],
  ])('refuses %j', (request, error) => {
    expect(clientOfDb().errorOf('BatchGetSecretValue', request)).toBe(error);
  });
});

group('Tags and policies', () => {
  test('TagResource replaces in place, UntagResource ignores unknown keys, and both answer with an empty body', () => {
    const client = clientOfDb();
    const tag = (...tags: readonly (readonly [Key: string, Value: string])[]) =>
      handleBody('TagResource', { Tags: tags.map(([Key, Value]) => ({ Key, Value })) });
    const handleBody = (operation: string, body: object) => {
      const { world, response } = handleAws(client.world, call(operation, { SecretId: 'db', ...body }), born + 5000);
      client.world = world;
      return response.body;
    };
    const shown = () => client.send('DescribeSecret', { SecretId: 'db' });
    expect(handleBody('UntagResource', { TagKeys: ['a'] })).toBe('');
    expect(shown()).not.toHaveProperty('Tags');
    expect(tag(['a', '1'], ['b', '2'])).toBe('');
    expect(shown()['LastChangedDate']).toBe(start + 5);
    tag(['c', ''], ['a', '3']);
    expect(shown()['Tags']).toEqual([
      { Key: 'a', Value: '3' },
      { Key: 'b', Value: '2' },
      { Key: 'c', Value: '' },
    ]);
    expect(handleBody('UntagResource', { TagKeys: ['a', 'b', 'c', 'd'] })).toBe('');
    expect(shown()['Tags']).toEqual([]);
    expectFrozen(client.world);
  });

  test.each(['CreateSecret', 'TagResource'])('%s refuses the 51st tag, and keys of AWS', (operation) => {
    const tags = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    const ask = (Tags: unknown) => clientOfDb().errorOf(operation, { Name: 'new', SecretId: 'db', Tags });
    expect(ask(tags)).toBe('InvalidParameterException: A secret can have at most 50 tags. Pass fewer.');
    expect(ask(tags.slice(1))).not.toContain('Exception');
    expect(ask([{ Key: 'aws:x', Value: '' }])).toBe(
      'InvalidParameterException: Tag key "aws:x" is invalid: keys that begin with aws: are reserved. Choose another.',
    );
  });

  const publicPolicy = '{ "Statement": {\n"Effect": "Allow", "Principal": "*" } }';
  test('a policy is kept as it was sent, and deleted', () => {
    const client = clientOfDb();
    const ask = (operation: string, body: object = {}) => client.send(operation, { SecretId: 'db', ...body });
    expect(ask('GetResourcePolicy')).toEqual(db);
    expect(ask('PutResourcePolicy', { ResourcePolicy: publicPolicy })).toEqual(db);
    expect(ask('GetResourcePolicy')).toEqual({ ...db, ResourcePolicy: publicPolicy });
    expect(ask('DeleteResourcePolicy')).toEqual(db);
    expect(ask('GetResourcePolicy')).toEqual(db);
    expect(ask('DeleteResourcePolicy')).toEqual(db);
  });

  test('BlockPublicPolicy refuses a policy for everyone, and what is not a policy is always refused', () => {
    const client = clientOfDb();
    const put = (ResourcePolicy: string, BlockPublicPolicy?: boolean) =>
      client.errorOf('PutResourcePolicy', { SecretId: 'db', ResourcePolicy, BlockPublicPolicy });
    expect(put(publicPolicy, true)).toBe(
      "PublicPolicyException: You can't attach a resource-based policy that allows broad access to the secret.",
    );
    expect(put(publicPolicy.replace('"*"', '{"AWS":"123456789012"}'), true)).not.toContain('Exception');
    expect(put(publicPolicy, false)).not.toContain('Exception');
    const malformed = 'MalformedPolicyDocumentException: This resource policy contains a syntax error.';
    for (const policy of ['x', '{}', '[]', '{"Statement":[5]}']) expect(put(policy)).toBe(malformed);
    const validate = (ResourcePolicy: string, SecretId?: string) =>
      client.errorOf('ValidateResourcePolicy', { ResourcePolicy, SecretId });
    expect(validate(publicPolicy)).toBe('{"PolicyValidationPassed":true,"ValidationErrors":[]}');
    expect(validate(publicPolicy, 'db')).toBe('{"PolicyValidationPassed":true,"ValidationErrors":[]}');
    expect(validate('x')).toBe(malformed);
  });
});

group('Less usual requests', () => {
  test('a batch that reads a secret twice does not lose a change made meanwhile', async () => {
    const store = memoryStore();
    let meanwhile = async () => {};
    const slow: Store = {
      read: async (key) => {
        // It is read between the two reads of db, while another client changes and reads db.
        if (key.includes('"other"')) await meanwhile();
        return store.read(key);
      },
      commit: (changes) => store.commit(changes),
      revisions: () => store.revisions(),
    };
    const clock = () => start * 1000;
    const direct = createAwsEmulator({ store, clock });
    const ask = async (operation: string, body: object, emulator: Emulator<AwsSecret> = direct) =>
      JSON.parse((await emulator.answer(call(operation, body))).body ?? '');
    await ask('CreateSecret', { Name: 'db', SecretString: 'one', ClientRequestToken: token(1) });
    const two = { SecretId: 'db', SecretString: 'two', ClientRequestToken: token(2) };
    meanwhile = async () => {
      await ask('PutSecretValue', two);
      await ask('GetSecretValue', { SecretId: 'db' });
    };
    const batch = { SecretIdList: ['db', 'other', 'db'] };
    await ask('BatchGetSecretValue', batch, createAwsEmulator({ store: slow, clock }));
    expect(await ask('GetSecretValue', { SecretId: 'db' })).toMatchObject({ SecretString: 'two' });
  });

  test('a token is checked also where the call brings no value', () => {
    const invalid =
      "ValidationException: 1 validation error detected: Value at 'clientRequestToken' failed to satisfy constraint: Member must satisfy regular expression pattern: ^.{32,64}$";
    const client = clientOfDb();
    for (const operation of ['CreateSecret', 'UpdateSecret'])
      expect(client.errorOf(operation, { Name: 'new', SecretId: 'db', ClientRequestToken: 'x' })).toBe(invalid);
  });

  test('an empty list of tags is no tags', () => {
    const client = new AwsClient();
    client.send('CreateSecret', { Name: 'db', Tags: [] });
    client.send('TagResource', { SecretId: 'db', Tags: [] });
    expect(client.send('DescribeSecret', { SecretId: 'db' })).not.toHaveProperty('Tags');
  });

  test('a description is split into words at spaces, whatever punctuation it has', () => {
    const client = new AwsClient();
    client.send('CreateSecret', { Name: 'db', Description: 'Password of db-1. See README for the user foo_bar' });
    const found = (value: string) => client.send('ListSecrets', { Filters: [{ Key: 'all', Values: [value] }] });
    expect(found('readme')['SecretList']).toHaveLength(1);
    expect(found('bar')['SecretList']).toHaveLength(1);
    expect(found('eadme')['SecretList']).toHaveLength(0);
  });
});
