import { expect, describe as group, test } from 'vitest';
import { awsSecretsManager, defineDialect, huaweiCsms } from '../../../src/index.ts';
import { idInSeries } from '../../../src/series.ts';
import { type AwsDriverOptions, awsDriver, checkConformance } from '../../../src/testing/index.ts';

const id = (number: number): string => idInSeries(number, awsSecretsManager);
const [v1, v2] = [id(1), id(2)];

/** An error as AWS writes it. */
const refusal = (__type: string, Message: string, status = 400): Response =>
  Response.json({ __type, Message }, { status });

type Answers = Readonly<Record<string, (request: Readonly<Record<string, unknown>>) => unknown>>;

/** Answers by operation, over those of a secret with one version. An answer is the body of a success, or a response. */
const awsWith = (answers: Answers = {}, options?: AwsDriverOptions) => {
  const all: Answers = {
    CreateSecret: () => ({ VersionId: v1 }),
    DescribeSecret: () => ({ VersionIdsToStages: { [v1]: ['AWSCURRENT'] } }),
    ListSecretVersionIds: () => ({ Versions: [{ VersionId: v1, VersionStages: ['AWSCURRENT'], CreatedDate: 1.79e9 }] }),
    GetSecretValue: () => ({ VersionId: v1, SecretString: 'made by a conformance test' }),
    ...answers,
  };
  const sent: { readonly operation: string; readonly body: Record<string, unknown>; readonly request: Request }[] = [];
  const fetch = async (request: Request) => {
    const operation = request.headers.get('x-amz-target')?.split('.')[1] ?? '';
    const body: Record<string, unknown> = JSON.parse(await request.clone().text());
    sent.push({ operation, body, request });
    const answer = all[operation]?.(body) ?? {};
    return answer instanceof Response ? answer : Response.json(answer);
  };
  return { driver: awsDriver('http://aws/', { fetch, ...options }), sent };
};

/** The driver after it created "db". */
const withDb = async (answers?: Answers, options?: AwsDriverOptions) => {
  const { driver, sent } = awsWith(answers, options);
  await driver.create('db', 0);
  sent.length = 0;
  return { driver, sent };
};

group('awsDriver sends', () => {
  test('a POST of / with the target, the content type and the region, and without a valid signature', async () => {
    const { driver, sent } = awsWith({}, { region: 'eu-west-1' });
    expect(await driver.create('db', 0)).toEqual({ ok: true, versionId: v1 });
    const [{ request, body } = { request: new Request('http://none'), body: {} }] = sent;
    expect([request.method, request.url]).toEqual(['POST', 'http://aws/']);
    expect(Object.fromEntries(request.headers)).toMatchObject({
      'x-amz-target': 'secretsmanager.CreateSecret',
      'content-type': 'application/x-amz-json-1.1',
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=any\/\d{8}\/eu-west-1\/secretsmanager\/aws4_request, SignedHeaders=host, Signature=\w+$/,
      ),
    });
    expect(body).toEqual({ Name: 'db', ClientRequestToken: v1, SecretString: 'made by a conformance test' });
    const usual = awsWith();
    await usual.driver.create('db', 0);
    expect(usual.sent[0]?.request.headers.get('authorization')).toContain('/us-east-1/');
  });

  test('a new version with a token, and with the same value for the same fingerprint only', async () => {
    const PutSecretValue = ({ ClientRequestToken: VersionId }: Readonly<Record<string, unknown>>) => ({
      VersionId,
      VersionStages: ['canary'],
    });
    const { driver, sent } = await withDb({ PutSecretValue });
    const stages = ['canary'];
    expect(await driver.act('db', { type: 'createVersion', at: 0, stages, fingerprint: 'a' })).toEqual({
      ok: true,
      versionId: v2,
      stages,
    });
    await driver.act('db', { type: 'createVersion', at: 0, versionId: v2, stages: [], fingerprint: 'a' });
    await driver.act('db', { type: 'createVersion', at: 0, versionId: v2, fingerprint: 'b' });
    await driver.act('db', { type: 'createVersion', at: 0 });
    await driver.act('db', { type: 'createVersion', at: 0 });
    expect(sent.map(({ body }) => body)).toEqual([
      { SecretId: 'db', ClientRequestToken: v2, SecretString: 'made by a conformance test, a', VersionStages: stages },
      { SecretId: 'db', ClientRequestToken: v2, SecretString: 'made by a conformance test, a', VersionStages: [] },
      { SecretId: 'db', ClientRequestToken: v2, SecretString: 'made by a conformance test, b' },
      { SecretId: 'db', ClientRequestToken: id(5), SecretString: 'made by a conformance test, version 5' },
      { SecretId: 'db', ClientRequestToken: id(6), SecretString: 'made by a conformance test, version 6' },
    ]);
  });

  test('the move and the removal of a label, which names the version that has it', async () => {
    const { driver, sent } = await withDb({
      DescribeSecret: () => ({ VersionIdsToStages: { [v1]: ['AWSPREVIOUS'], [v2]: ['AWSCURRENT', 'blue'] } }),
    });
    const at = 0;
    await driver.act('db', { type: 'assignStage', stage: 'blue', versionId: v1, from: v2, at });
    await driver.act('db', { type: 'assignStage', stage: 'new', versionId: v1, from: null, at });
    await driver.act('db', { type: 'removeStage', stage: 'blue', at });
    await driver.act('db', { type: 'removeStage', stage: 'none', at });
    expect(await driver.act('db', { type: 'removeStage', stage: 'blue', from: v1, at })).toEqual({ ok: true });
    const moves = sent.flatMap(({ operation, body }) => (operation === 'UpdateSecretVersionStage' ? [body] : []));
    expect(moves).toEqual([
      { SecretId: 'db', VersionStage: 'blue', MoveToVersionId: v1, RemoveFromVersionId: v2 },
      { SecretId: 'db', VersionStage: 'new', MoveToVersionId: v1 },
      { SecretId: 'db', VersionStage: 'blue', RemoveFromVersionId: v2 },
      { SecretId: 'db', VersionStage: 'none', RemoveFromVersionId: v1 },
      { SecretId: 'db', VersionStage: 'blue', RemoveFromVersionId: v1 },
    ]);
    const none = await withDb({ DescribeSecret: () => ({}) });
    await none.driver.act('db', { type: 'removeStage', stage: 'blue', at });
    expect(none.sent.at(-1)?.body).toEqual({ SecretId: 'db', VersionStage: 'blue' });
  });

  test('nothing for an action that the API has no call for', async () => {
    const { driver, sent } = await withDb();
    await expect(driver.act('db', { type: 'pruneDeprecated' })).rejects.toThrow(
      'The API has no call for pruneDeprecated.',
    );
    expect(sent).toEqual([]);
  });

  test('nothing about a secret that it did not create', async () => {
    const { driver, sent } = awsWith({ CreateSecret: () => refusal('ResourceExistsException', 'exists') });
    expect(await driver.create('db', 0)).toEqual({
      ok: false,
      reasons: ['VERSION_ID_TAKEN'],
      said: 'ResourceExistsException "exists"',
    });
    const why = 'Secret "db" was not created by this driver, so the driver does not touch it.';
    await expect(driver.act('db', { type: 'createVersion', at: 0 })).rejects.toThrow(why);
    await expect(driver.show('db')).rejects.toThrow(why);
    await expect(driver.remove('db')).rejects.toThrow(why);
    expect(sent).toHaveLength(1);
  });
});

group('awsDriver shows', () => {
  test('every page of versions with its times in milliseconds, and stages without a time', async () => {
    const { driver, sent } = await withDb({
      DescribeSecret: () => ({ VersionIdsToStages: { [v2]: ['AWSCURRENT'] }, DeletedDate: null }),
      ListSecretVersionIds: ({ NextToken }) =>
        NextToken === 'more'
          ? { Versions: [{ VersionId: v2, VersionStages: ['AWSCURRENT'], CreatedDate: 1523477145.713 }] }
          : { Versions: [{ VersionId: v1, VersionStages: null, CreatedDate: 1523477145 }], NextToken: 'more' },
    });
    expect(await driver.show('db')).toEqual({
      status: 'ENABLED',
      scheduledDeleteTime: null,
      versions: [
        { id: v1, createTime: 1523477145000, stages: [] },
        { id: v2, createTime: 1523477145713, stages: ['AWSCURRENT'] },
      ],
      stages: [{ name: 'AWSCURRENT', versionId: v2 }],
      latest: v1,
    });
    expect(sent.map(({ operation, body }) => [operation, body['IncludeDeprecated']])).toEqual([
      ['DescribeSecret', undefined],
      ['ListSecretVersionIds', true],
      ['ListSecretVersionIds', true],
      ['GetSecretValue', undefined],
    ]);
  });

  test('as latest the version whose value was read, whatever id the response has', async () => {
    const read = async (value: unknown) =>
      (await (await withDb({ GetSecretValue: () => value })).driver.show('db')).latest;
    expect(await read({ VersionId: v2, SecretString: 'made by a conformance test' })).toBe(v1);
    expect(await read({ VersionId: v2, SecretString: 'another' })).toBe(v2);
    expect(await read({ VersionId: v2 })).toBe(v2);
    expect(await read(refusal('ResourceNotFoundException', 'none'))).toBe(null);
  });

  test('the deletion time of the response to DeleteSecret, and reads no value of a deleted secret', async () => {
    let DeletedDate: number | undefined;
    const { driver, sent } = await withDb({
      DescribeSecret: () => ({ DeletedDate }),
      DeleteSecret: () => {
        DeletedDate ??= 1_790_000_000;
        return { DeletionDate: 1_790_604_800 };
      },
    });
    expect(await driver.act('db', { type: 'scheduleDeletion', recoveryWindowInDays: 7, at: 0 })).toEqual({ ok: true });
    expect(sent.at(-1)?.body).toEqual({ SecretId: 'db', RecoveryWindowInDays: 7 });
    const shown = await driver.show('db');
    expect(shown).toMatchObject({ status: 'PENDING_DELETE', scheduledDeleteTime: 1_790_604_800_000 });
    expect(shown).not.toHaveProperty('latest');
    expect(sent.map(({ operation }) => operation)).not.toContain('GetSecretValue');
    const unasked = await withDb({ DescribeSecret: () => ({ DeletedDate: 1_790_000_000 }) });
    expect(await unasked.driver.show('db')).toMatchObject({ scheduledDeleteTime: 1_790_000_000_000 });
  });
});

test('awsDriver reports a success as a refusal where the model refuses, and makes the call anyway', async () => {
  const at = 0;
  let DeletedDate: number | null = null;
  const { driver, sent } = await withDb({
    DescribeSecret: () => ({ DeletedDate }),
    DeleteSecret: () => ({ DeletionDate: 1_790_604_800 }),
  });
  expect(await driver.act('db', { type: 'restore', at })).toEqual({
    ok: false,
    reasons: ['DELETION_NOT_SCHEDULED'],
    said: 'RestoreSecret succeeded without a scheduled deletion',
  });
  DeletedDate = 1_790_000_000;
  expect(await driver.act('db', { type: 'scheduleDeletion', at })).toEqual({
    ok: false,
    reasons: ['DELETION_ALREADY_SCHEDULED'],
    said: 'DeleteSecret succeeded for a scheduled deletion',
  });
  expect(await driver.act('db', { type: 'restore', at })).toEqual({ ok: true });
  expect(sent.map(({ operation }) => operation)).toEqual([
    'DescribeSecret',
    'RestoreSecret',
    'DescribeSecret',
    'DeleteSecret',
    'DescribeSecret',
    'RestoreSecret',
  ]);
});

group('awsDriver reads the reason of a refusal', () => {
  const at = 0;
  test.each([
    ['createVersion', 'PutSecretValue', { type: 'createVersion', at }],
    ['assignStage', 'UpdateSecretVersionStage', { type: 'assignStage', stage: 'a', versionId: v1, at }],
    ['removeStage', 'UpdateSecretVersionStage', { type: 'removeStage', stage: 'a', at }],
    ['scheduleDeletion', 'DeleteSecret', { type: 'scheduleDeletion', at }],
    ['restore', 'RestoreSecret', { type: 'restore', at }],
  ] as const)('of %s', async (_, operation, action) => {
    const Message = "You can't perform this operation on the secret because it was marked for deletion.";
    const { driver } = await withDb({ [operation]: () => refusal('InvalidRequestException', Message) });
    expect(await driver.act('db', action)).toEqual({
      ok: false,
      reasons: ['SECRET_NOT_ENABLED', 'DELETION_ALREADY_SCHEDULED', 'DELETION_NOT_SCHEDULED'],
      said: `InvalidRequestException "${Message}"`,
    });
  });

  test.each([
    [{ __type: 'com.amazonaws.secretsmanager#LimitExceededException', message: 'many' }, 'STAGE_LIMIT', 'many'],
    [{ __type: 'ValidationException', message: 'long' }, 'STAGE_LIST_LIMIT', 'long'],
    [{ __type: 'InvalidParameterException', Message: 'a'.repeat(5000) }, 'WRONG_HOLDER', 'a'.repeat(300)],
    [{ __type: 'ResourceNotFoundException' }, 'UNKNOWN_VERSION', ''],
  ])('of the error %j', async (body, reason, message) => {
    const { driver } = await withDb({ PutSecretValue: () => Response.json(body, { status: 400 }) });
    const answer = await driver.act('db', { type: 'createVersion', at });
    expect(answer).toMatchObject({ ok: false, reasons: expect.arrayContaining([reason]) });
    expect(!answer.ok && answer.said).toBe(`${body.__type.replace(/^.*#/, '')} "${message}"`);
  });

  test.each([
    [
      refusal('UnrecognizedClientException', 'The security token is invalid.', 403),
      'http://aws rejected the credentials of CreateSecret for "db": UnrecognizedClientException "The security token is invalid.".',
    ],
    [
      refusal('ThrottlingException', 'Rate exceeded'),
      'The response to CreateSecret for "db" has status 400 and ThrottlingException "Rate exceeded", which is not a documented refusal.',
    ],
    [
      refusal('ResourceNotFoundException', 'oh', 500),
      'The response to CreateSecret for "db" has status 500 and ResourceNotFoundException "oh", which is not a documented refusal.',
    ],
    [
      new Response('<html>', { status: 404 }),
      'The response to CreateSecret for "db" has status 404 but no __type: "<html>".',
    ],
    [
      Response.json({ ARN: 'arn' }),
      'The response to CreateSecret for "db" does not match the API: body.VersionId is required.',
    ],
    [new Response('done'), 'The response to CreateSecret for "db" is not JSON: "done".'],
  ])('and rejects a response that has none: %#', async (response, why) => {
    const { driver } = awsWith({ CreateSecret: () => response });
    await expect(driver.create('db', 0)).rejects.toThrow(why);
  });
});

group('awsDriver rejects', () => {
  test('a response without what it reads', async () => {
    const { driver } = await withDb({
      DeleteSecret: () => ({}),
      PutSecretValue: () => ({ VersionId: v2, VersionStages: 'AWSCURRENT' }),
    });
    await expect(driver.act('db', { type: 'scheduleDeletion', at: 0 })).rejects.toThrow(
      'The response to DeleteSecret for "db" does not match the API: body.DeletionDate is required.',
    );
    await expect(driver.act('db', { type: 'createVersion', at: 0 })).rejects.toThrow(
      'The response to PutSecretValue for "db" does not match the API: body.VersionStages must be a list.',
    );
  });

  test('a time that is not epoch seconds', async () => {
    for (const CreatedDate of ['2026-11-24T12:00:00Z', -1, 1e300]) {
      const { driver } = await withDb({ ListSecretVersionIds: () => ({ Versions: [{ VersionId: v1, CreatedDate }] }) });
      await expect(driver.show('db')).rejects.toThrow('does not match the API: body.Versions[0].CreatedDate must be');
    }
  });

  test('endless pages, and a page that leads to itself', async () => {
    let pages = 0;
    const endless = await withDb({ ListSecretVersionIds: () => ({ Versions: [], NextToken: `${++pages}` }) });
    await expect(endless.driver.show('db')).rejects.toThrow(
      'ListSecretVersionIds for "db" has more than 100 pages, far more than the created versions need.',
    );
    const same = await withDb({ ListSecretVersionIds: () => ({ Versions: [], NextToken: 'same' }) });
    await expect(same.driver.show('db')).rejects.toThrow(
      'ListSecretVersionIds for "db" returned the NextToken "same" twice. Each page must lead to the versions after it.',
    );
  });

  test('a read that is refused', async () => {
    const { driver } = await withDb({ DescribeSecret: () => refusal('ResourceNotFoundException', 'gone') });
    await expect(driver.show('db')).rejects.toThrow(
      'DescribeSecret for "db" was refused, but must succeed: ResourceNotFoundException "gone".',
    );
  });

  test.each([0, 1.5, 2 ** 31])('a timeout of %s', (timeout) => {
    expect(() => awsDriver('http://aws', { timeout })).toThrow('timeout must be a whole number of milliseconds');
  });
});

group('awsDriver removes a secret', () => {
  test('without a recovery window, and no longer touches it', async () => {
    let isGone = false;
    const { driver, sent } = await withDb({
      DescribeSecret: () => (isGone ? refusal('ResourceNotFoundException', 'none') : {}),
      DeleteSecret: () => {
        isGone = true;
        return { DeletionDate: 1_790_000_000 };
      },
    });
    await driver.remove('db');
    expect(sent[0]).toMatchObject({
      operation: 'DeleteSecret',
      body: { SecretId: 'db', ForceDeleteWithoutRecovery: true },
    });
    await expect(driver.show('db')).rejects.toThrow('was not created by this driver');
  });

  test('that is still listed as deleted for a while', async () => {
    const { driver } = await withDb({ DescribeSecret: () => ({ DeletedDate: 1_790_000_000 }) });
    await expect(driver.remove('db')).resolves.toBeUndefined();
  });

  test('and rejects if it is refused, or if the secret still exists', async () => {
    const refused = await withDb({ DeleteSecret: () => refusal('InvalidParameterException', 'no') });
    await expect(refused.driver.remove('db')).rejects.toThrow(
      'DeleteSecret for "db" was refused, so the secret still exists: InvalidParameterException "no".',
    );
    const kept = await withDb();
    await expect(kept.driver.remove('db')).rejects.toThrow(
      'DeleteSecret for "db" succeeded, but the secret still exists.',
    );
  });
});

test('awsDriver uses the global fetch if none is given', async () => {
  await expect(awsDriver('http://127.0.0.1:9').create('db', 0)).rejects.toThrow(
    /^CreateSecret for "db" got no response from http:\/\/127\.0\.0\.1:9: fetch failed \(.+\)\.$/,
  );
});

test('checkConformance takes the dialect from an awsDriver, and refuses another', async () => {
  const { driver, sent } = awsWith();
  await expect(checkConformance(driver, { dialect: huaweiCsms })).rejects.toMatchObject({
    refusal: { code: 'WRONG_DIALECT', stateDialect: 'aws-secrets-manager', dialect: 'huawei-csms' },
  });
  const ours = awsWith({}, { dialect: defineDialect(awsSecretsManager, { id: 'our-vault' }) });
  await expect(checkConformance(ours.driver)).rejects.toMatchObject({ refusal: { stateDialect: 'our-vault' } });
  expect(sent).toEqual([]);
  const found = await checkConformance(driver, { seed: 1 });
  expect(found).toMatchObject({ ok: false, law: { id: 'answers' } });
  expect(found.laws.map(({ id }) => id)).toContain('holder-named');
});
