import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AwsSecret } from '../../src/api/aws/index.ts';
import { emptyWorld, handleAws, type World } from '../../src/emulator/index.ts';
import { awsSecretsManager, defineDialect } from '../../src/index.ts';
import { startPlay } from '../../src/transcript/play.ts';
import { property } from '../property.ts';
import { expectLinear } from '../work.ts';
import { born, did, named, outcomesOf, playUnder, textOf } from './lines.ts';

const token = (number: number) => `${number}`.repeat(32);
const aws = (at: number, operation: string, body?: object, more: object = {}) =>
  textOf({ at, target: `secretsmanager.${operation}`, body, ...more });
const create = aws(0, 'CreateSecret', { Name: 'db', ClientRequestToken: token(1), SecretString: 'hunter2' });
const put = (at: number, version: number, body: object = {}) =>
  aws(at, 'PutSecretValue', { SecretId: 'db', ClientRequestToken: token(version), ...body });
const move = (at: number, VersionStage: string, MoveToVersionId?: string, RemoveFromVersionId?: string) =>
  aws(at, 'UpdateSecretVersionStage', { SecretId: 'db', VersionStage, MoveToVersionId, RemoveFromVersionId });
const play = (...lines: readonly string[]) => playUnder(undefined, lines);
const outcomes = (...lines: readonly string[]) => outcomesOf(play(...lines));
const arn = (name: string, region = 'eu-west-1') => `arn:aws:secretsmanager:${region}:210987654321:secret:${name}`;
const day = 86_400_000;

test('startPlay plays a rotation by hand, with what AWS refuses', () => {
  const events = play(
    create,
    put(1, 2, { VersionStages: ['AWSPENDING'] }),
    move(2, 'AWSCURRENT', token(2)),
    move(3, 'AWSCURRENT', token(2), token(1)),
    move(4, 'AWSPENDING', undefined, token(2)),
    aws(5, 'DeleteSecret', { SecretId: 'db', RecoveryWindowInDays: 7 }),
    put(6, 3),
    aws(7, 'RestoreSecret', { SecretId: 'db' }),
    aws(8, 'DeleteSecret', { SecretId: 'db', ForceDeleteWithoutRecovery: true }),
    put(9, 3),
  );
  const stage = 'AWSCURRENT';
  expect(events).toMatchObject([
    {
      operation: 'CreateSecret',
      dialect: awsSecretsManager,
      project: '',
      secret: 'db',
      effects: [
        { type: 'versionCreated', versionId: token(1), at: 0 },
        { type: 'stageAdded', stage, to: token(1) },
      ],
    },
    { operation: 'PutSecretValue', effects: [{ versionId: token(2) }, { type: 'stageAdded', stage: 'AWSPENDING' }] },
    {
      refusal: { code: 'HOLDER_NOT_NAMED', stage, holder: token(1) },
      sentence: expect.stringMatching(
        /^InvalidParameterException: The parameter RemoveFromVersionId can't be empty\. /,
      ),
    },
    {
      effects: [
        { type: 'stageMoved', stage, from: token(1), to: token(2) },
        { stage: 'AWSPREVIOUS', to: token(1) },
      ],
    },
    { effects: [{ type: 'stageRemoved', stage: 'AWSPENDING', from: token(2) }] },
    { effects: [{ type: 'statusChanged', scheduledDeleteTime: 5 + 7 * day }] },
    {
      refusal: {
        code: 'InvalidRequestException',
        message: "You can't perform this operation on the secret because it was marked for deletion.",
      },
      sentence:
        "InvalidRequestException: You can't perform this operation on the secret because it was marked for deletion.",
    },
    { effects: [{ type: 'statusChanged', to: 'ENABLED' }] },
    { effects: [{ type: 'secretDeleted' }], state: undefined },
    {
      refusal: { code: 'UNKNOWN_SECRET', secret: 'db', deletedAt: 8 },
      sentence: 'Secret "db" does not exist. It was deleted on 1970-01-01T00:00:00.008Z.',
    },
  ]);
});

test('calls and actions can be mixed on one secret', () => {
  expect(
    outcomes(
      named(did(0, 'createSecret', { versionId: token(1) }), 'aws-secrets-manager'),
      put(1, 2),
      did(2, 'assignStage', { stage: 'AWSCURRENT', versionId: token(1), from: token(2) }),
      did(3, 'createVersion', { versionId: token(1), stages: ['blue'] }),
      put(4, 1),
      aws(5, 'DescribeSecret', { SecretId: 'db' }),
    ),
  ).toEqual(['done', 'done', 'done', 'VERSION_ID_TAKEN', 'VERSION_ID_TAKEN', 'unmoved']);
});

test('a call about another secret than those of the transcript is refused', () => {
  expect(play(put(0, 1))[0]).toMatchObject({
    refusal: { code: 'UNKNOWN_SECRET', secret: 'db', deletedAt: null },
    sentence: 'Secret "db" does not exist in this project. Create it first.',
  });
});

test('calls that change no stage have no effect, and the service refuses some', () => {
  const on = (operation: string, body: object = {}) => aws(1, operation, { SecretId: 'db', ...body });
  expect(
    outcomes(
      create,
      on('GetSecretValue'),
      on('DescribeSecret'),
      on('ListSecretVersionIds', { NextToken: 'of the service' }),
      on('TagResource', { Tags: [{ Key: 'team', Value: 'shop' }] }),
      on('UntagResource', { TagKeys: ['team'] }),
      on('PutResourcePolicy', { ResourcePolicy: '{"Statement": []}' }),
      on('GetResourcePolicy'),
      on('DeleteResourcePolicy'),
      on('ValidateResourcePolicy', { ResourcePolicy: '{"Statement": []}' }),
      on('UpdateSecret', { Description: 'x' }),
      on('CancelRotateSecret'),
      on('ReplicateSecretToRegions', { AddReplicaRegions: [{ Region: 'eu-west-1' }] }),
      on('RemoveRegionsFromReplication', { RemoveReplicaRegions: ['eu-west-1'] }),
      on('StopReplicationToReplica'),
      aws(1, 'ListSecrets'),
      aws(1, 'GetRandomPassword'),
      aws(1, 'BatchGetSecretValue', { SecretIdList: ['db'] }),
      on('GetSecretValue', { VersionStage: 'AWSPENDING' }),
      on('GetSecretValue', { VersionId: token(9) }),
    ),
  ).toEqual(['done', ...Array(17).fill('unmoved'), 'ResourceNotFoundException', 'ResourceNotFoundException']);
});

test('fields that the service does not support do not stop a transcript', () => {
  expect(
    outcomes(
      aws(0, 'CreateSecret', { Name: 'db', Type: 'x', AddReplicaRegions: [{ Region: 'eu-west-2' }] }),
      put(1, 1, { RotationToken: 'x' }),
    ),
  ).toEqual(['done', 'done']);
});

test('a recorded response takes precedence over the service', () => {
  const refused = { response: { __type: 'ResourceNotFoundException' } };
  expect(
    outcomes(
      create,
      aws(1, 'PutSecretValue', { SecretId: 'db' }, refused),
      aws(1, 'RotateSecret', { SecretId: 'db' }, refused),
      aws(1, 'GetSecretValue', { SecretId: 'db', VersionStage: 'blue' }, { response: { VersionStages: ['blue'] } }),
      aws(1, 'GetSecretValue', { SecretId: 'other' }, { response: {} }),
      aws(1, 'UpdateSecretVersionStage', { SecretId: 'db', VersionStage: 'blue' }, { response: {} }),
    ),
  ).toEqual(['done', 'unmoved', 'unmoved', 'unmoved', 'UNKNOWN_SECRET', 'InvalidParameterException']);
});

test('a new version has the id of the response, else the token, else an id of the series', () => {
  const { idPrefix } = awsSecretsManager.versions;
  const answered = { response: { VersionId: token(5) } };
  const events = play(
    aws(0, 'CreateSecret', { Name: 'db', SecretString: 'x' }),
    aws(1, 'PutSecretValue', { SecretId: 'db' }),
    aws(2, 'PutSecretValue', { SecretId: 'db', ClientRequestToken: token(4) }, answered),
    put(3, 6),
    aws(4, 'UpdateSecret', { SecretId: 'db' }, { response: { VersionId: token(7) } }),
    aws(5, 'UpdateSecret', { SecretId: 'db', SecretString: 'y', ClientRequestToken: token(8) }),
  );
  expect(events.map((event) => event?.outcome === 'done' && event.effects[0])).toMatchObject(
    [`${idPrefix}1`, `${idPrefix}2`, token(5), token(6), token(7), token(8)].map((versionId) => ({
      type: 'versionCreated',
      versionId,
    })),
  );
});

test('CreateSecret without a value creates no version, unless the response has one', () => {
  const creation = (more?: object) =>
    play(aws(0, 'CreateSecret', { Name: 'db', ClientRequestToken: token(1) }, more))[0];
  expect(creation()).toMatchObject({ outcome: 'done', effects: [{ type: 'secretCreated' }] });
  expect(creation({ response: { VersionId: token(1) } })).toMatchObject({ state: { versions: { [token(1)]: {} } } });
});

test('a repeated token is refused only if both values are recorded and differ', () => {
  const again = (body: object, next: object) => play(create, put(1, 2, body), put(2, 2, next))[2];
  const [string, binary] = [{ SecretString: 'b25l' }, { SecretBinary: 'b25l' }];
  for (const [one, other] of [
    [string, string],
    [binary, binary],
    [string, {}],
    [binary, {}],
    [{}, string],
    [{}, binary],
    [{}, {}],
  ] as const)
    expect(again(one, other)).toMatchObject({ outcome: 'done', effects: [] });
  for (const other of [binary, { SecretString: 'two' }])
    expect(again(string, other)).toMatchObject({
      refusal: { code: 'VERSION_ID_TAKEN', versionId: token(2) },
      sentence: `ResourceExistsException: You can't use ClientRequestToken ${token(2)} because that value is already in use for a version of secret db.`,
    });
  expect(again(string, { ...string, ...binary })).toMatchObject({ refusal: { code: 'InvalidParameterException' } });
});

test('creating a secret again with the same token changes nothing', () => {
  expect(play(create, create)[1]).toMatchObject({ outcome: 'done', effects: [] });
  expect(outcomes(create, aws(1, 'CreateSecret', { Name: 'db' }))).toEqual(['done', 'ResourceExistsException']);
});

test('no event has a value', () => {
  const events = play(create, put(1, 2, { SecretString: 'hunter3' }), put(2, 2, { SecretString: 'hunter4' }));
  expect(JSON.stringify(events)).not.toMatch(/hunter|[0-9a-f]{64}/);
});

test('an ARN, with or without its random characters, means the secret of that name', () => {
  const onArn = (at: number, id: string) => aws(at, 'PutSecretValue', { SecretId: id });
  expect(
    play(create, onArn(1, arn('db-AbCdEf')), onArn(2, arn('db')), onArn(3, 'arn:aws:secretsmanager:x')),
  ).toMatchObject([
    { outcome: 'done', secret: 'db', project: '' },
    { outcome: 'done', secret: 'db', project: '' },
    { outcome: 'done', secret: 'db', project: '' },
    { outcome: 'refused', secret: 'arn:aws:secretsmanager:x', refusal: { code: 'ValidationException' } },
  ]);
});

test('the project is that of the line, of the ARN or of the transcript', () => {
  const made = (name: string, region: string) =>
    aws(0, 'CreateSecret', { Name: name }, { response: { ARN: arn(`${name}-AbCdEf`, region) } });
  const read = (SecretId: string, more?: object) => aws(1, 'DescribeSecret', { SecretId }, more);
  const [west, east] = ['210987654321/eu-west-1', '210987654321/us-east-1'];
  expect(
    play(
      made('db', 'eu-west-1'),
      read('db'),
      made('db', 'us-east-1'),
      read('db'),
      read('db', { project: west }),
      read(arn('db', 'us-east-1')),
      read(arn('db', 'us-east-1'), { project: west }),
      read(arn('db', 'eu-north-1')),
    ),
  ).toMatchObject([
    { outcome: 'done', project: west },
    { outcome: 'unmoved', project: west },
    { outcome: 'done', project: east },
    { outcome: 'unusable', expected: 'project is required, because the transcript has 2 of them' },
    { outcome: 'unmoved', project: west },
    { outcome: 'unmoved', project: east },
    { outcome: 'unmoved', project: west },
    { outcome: 'refused', project: '210987654321/eu-north-1' },
  ]);
  // Named projects come before the one without a name.
  expect(play(create, aws(0, 'CreateSecret', { Name: 'db' }, { project: west }), read(arn('db')))).toMatchObject([
    { project: '' },
    { project: west, outcome: 'done' },
    { project: west, outcome: 'unmoved' },
  ]);
});

test('startPlay says what is wrong with an invalid call of AWS, without showing its content', () => {
  const expected = (line: string) => {
    const [event] = playUnder(awsSecretsManager, [line]);
    return event?.outcome === 'unusable' ? event.expected : undefined;
  };
  const example =
    'Example: {"at": 1772442000000, "target": "secretsmanager.PutSecretValue", "body": {"SecretId": "db"}}';
  expect(expected('hunter2')).toBe(`The line must be a JSON object. ${example}`);
  expect(expected('"hunter2"')).toBe(`The line must be an object. ${example}`);
  expect(expected('{"at": 1}')).toBe(`target is required. ${example}`);
  expect(expected(aws(0.5, 'DescribeSecret'))).toBe(`at must be epoch milliseconds as a number. ${example}`);
  expect(expected(textOf({ at: 0, target: 'secretsmanager.DescribeSecret', body: 'hunter2' }))).toBe(
    `body must be an object. ${example}`,
  );
  expect(expected(aws(0, 'DescribeSecret', {}, { project: '' }))).toBe(
    `project must be 1 to 64 printable characters. ${example}`,
  );
  for (const target of ['secretsmanager.Hunter2', 'DescribeSecret', 'secretsmanager.DescribeSecret.'])
    expect(expected(textOf({ at: 0, target, body: { SecretId: 'db' } }))).toBe(
      'target must be an operation of the API, such as secretsmanager.PutSecretValue',
    );
  const failed = '1 validation error detected: Value';
  expect(expected(aws(0, 'DescribeSecret'))).toBe(
    `${failed} null at 'secretId' failed to satisfy constraint: Member must not be null`,
  );
  expect(expected(aws(0, 'DescribeSecret', { SecretId: 5 }))).toBe('The value at "secretId" has the wrong type');
  const description = `hunter2' at '\n${'x'.repeat(3000)}`;
  expect(expected(aws(0, 'CreateSecret', { Name: 'db', Description: description }))).toBe(
    `${failed} at 'description' failed to satisfy constraint: Member must have length less than or equal to 2048`,
  );
  expect(outcomesOf(playUnder(awsSecretsManager, [example.replace('Example: ', '')]))).toEqual(['UNKNOWN_SECRET']);
});

test('RotateSecret begins a rotation, and is refused while another is not complete', () => {
  const rotate = (at: number, ClientRequestToken?: string, more?: object) =>
    aws(at, 'RotateSecret', { SecretId: 'db', ClientRequestToken }, more);
  const answered = { response: { ARN: arn('db-AbCdEf'), Name: 'db', VersionId: token(3) } };
  const events = play(
    create,
    rotate(1, token(2)),
    rotate(2, token(2)),
    rotate(3, token(3)),
    put(4, 2, { VersionStages: ['AWSPENDING'] }),
    move(5, 'AWSCURRENT', token(2), token(1)),
    rotate(6, token(4), answered),
    move(7, 'AWSPENDING', undefined, token(3)),
    rotate(8),
  );
  expect(events.slice(1)).toMatchObject([
    {
      operation: 'RotateSecret',
      effects: [
        { type: 'versionCreated', versionId: token(2), withoutValue: true },
        { type: 'stageAdded', stage: 'AWSPENDING', to: token(2) },
      ],
    },
    { outcome: 'done', effects: [] },
    { outcome: 'refused', refusal: { code: 'ROTATION_INCOMPLETE' }, sentence: expect.stringContaining('Finish it') },
    { effects: [{ type: 'versionFilled', versionId: token(2) }, { type: 'stageRefreshed' }] },
    { effects: [{ stage: 'AWSCURRENT' }, { stage: 'AWSPREVIOUS' }] },
    { effects: [{ versionId: token(3) }, { stage: 'AWSPENDING', from: token(2), to: token(3) }] },
    { outcome: 'done' },
    { effects: [{ versionId: '00000000-0000-4000-8000-000000000001', withoutValue: true }, {}] },
  ]);
});

test('RotateSecret changes no stage if it only tests the function, or if AWS refused it', () => {
  const rotate = (body: object, more?: object) => aws(1, 'RotateSecret', { SecretId: 'db', ...body }, more);
  const refused = { response: { __type: 'InvalidRequestException' } };
  expect(
    outcomes(create, rotate({ RotateImmediately: false }), rotate({}, refused), rotate({ SecretId: 'other' })),
  ).toEqual(['done', 'unmoved', 'unmoved', 'UNKNOWN_SECRET']);
});

test('a call with a target belongs to AWS, and a changed dialect of AWS applies its rules', () => {
  expect(() => play(create, born)).toThrow('transcript:2 cannot be played. The secret belongs to "huawei-csms"');
  expect(() => play(born, create)).toThrow(
    'transcript:2 cannot be played. The secret belongs to "aws-secrets-manager"',
  );
  expect(outcomes(textOf({ ...JSON.parse(create), method: 'POST', path: '/' }))).toEqual(['done']);
  const free = defineDialect(awsSecretsManager, { stages: { move: 'free' } });
  const lines = [create, put(1, 2, { VersionStages: ['AWSPENDING'] }), move(2, 'AWSCURRENT', token(2))];
  expect(outcomesOf(playUnder(free, lines))).toEqual(['done', 'done', 'done']);
});

test('deleting a secret that does not exist without recovery changes nothing', () => {
  const deleted = aws(0, 'DeleteSecret', { SecretId: 'db', ForceDeleteWithoutRecovery: true });
  expect(play(deleted)).toMatchObject([{ outcome: 'done', effects: [], state: undefined }]);
});

test('a secret of a dialect without a limit can have 1,000 versions', () => {
  const next = startPlay(defineDialect(awsSecretsManager, { versions: { limit: null } }));
  next(aws(0, 'CreateSecret', { Name: 'db' }), 1);
  const add = aws(0, 'PutSecretValue', { SecretId: 'db' });
  for (let version = 1; version <= 1000; version++) expect(next(add, 1)).toMatchObject({ outcome: 'done' });
  for (const line of [add, aws(0, 'RotateSecret', { SecretId: 'db' })])
    expect(next(line, 1)).toMatchObject({
      outcome: 'unusable',
      expected: 'A secret in a transcript can have at most 1,000 versions',
    });
});

test.each<readonly [what: string, line: (at: number) => string]>([
  ['secrets', (at) => aws(at, 'CreateSecret', { Name: `s${at}` })],
  ['regions', (at) => aws(at, 'CreateSecret', { Name: 'db' }, { project: `123456789012/r-${at}` })],
])('a transcript of many %s is played in linear time', (_, line) => {
  expectLinear((count) => {
    const lines = Array.from({ length: count }, (_, at) => line(at));
    return () => play(...lines);
  }, 100);
});

const stage = fc.constantFrom('AWSCURRENT', 'AWSPREVIOUS', 'AWSPENDING', 'blue');
const version = fc.constantFrom(token(1), token(2), token(3), token(4));
const value = fc.constantFrom({}, { SecretString: 'one' }, { SecretString: 'two' }, { SecretBinary: 'b25l' });
const SecretId = fc.constantFrom('db', 'other', 'a b');
const request = fc.oneof(
  fc.tuple(
    fc.constant('CreateSecret'),
    fc
      .record({ Name: SecretId, ClientRequestToken: version, value })
      .map(({ value, ...body }) => ({ ...body, ...value })),
  ),
  fc.tuple(
    fc.constantFrom('PutSecretValue', 'UpdateSecret'),
    fc
      .record(
        {
          SecretId,
          ClientRequestToken: version,
          value: value.filter((one) => 'SecretString' in one),
          VersionStages: fc.array(stage),
        },
        { requiredKeys: ['SecretId', 'ClientRequestToken', 'value'] },
      )
      .map(({ value, ...body }) => ({ ...body, ...value })),
  ),
  fc.tuple(
    fc.constant('UpdateSecretVersionStage'),
    fc.record(
      { SecretId, VersionStage: stage, MoveToVersionId: version, RemoveFromVersionId: version },
      { requiredKeys: ['SecretId', 'VersionStage'] },
    ),
  ),
  fc.tuple(
    fc.constant('DeleteSecret'),
    fc.record(
      { SecretId, RecoveryWindowInDays: fc.constantFrom(6, 7, 30), ForceDeleteWithoutRecovery: fc.boolean() },
      { requiredKeys: ['SecretId'] },
    ),
  ),
  fc.tuple(fc.constantFrom('RestoreSecret', 'DescribeSecret', 'GetResourcePolicy'), fc.record({ SecretId })),
  fc.tuple(
    fc.constant('GetSecretValue'),
    fc.record({ SecretId, VersionStage: stage, VersionId: version }, { requiredKeys: ['SecretId'] }),
  ),
);
const headers = (operation: string) =>
  new Map([
    ['x-amz-target', `secretsmanager.${operation}`],
    ['authorization', 'AWS4-HMAC-SHA256 Credential=any/20180411/us-east-1/secretsmanager/aws4_request'],
  ]);
const start = Date.UTC(2026, 0);

property([fc.array(fc.tuple(request, fc.constantFrom(0, 1, day, 8 * day)), { maxLength: 30 })])(
  'startPlay and the emulator of AWS do the same calls with the same result',
  (steps) => {
    const next = startPlay(awsSecretsManager);
    let world: World<AwsSecret> = emptyWorld;
    let at = start;
    for (const [index, [[operation, body], later]] of steps.entries()) {
      at += later;
      const event = next(aws(at, operation, body), index + 1);
      const sent = { method: 'POST', target: '/', headers: headers(operation), body: JSON.stringify(body) };
      const answered = handleAws(world, sent, at);
      world = answered.world;
      expect(event?.outcome === 'refused').toBe(answered.response.status >= 400);
      if (event?.outcome !== 'done') continue;
      const { secrets } = world.projects['123456789012/us-east-1'] ?? { secrets: {} };
      const state = secrets[event.secret]?.state;
      // `handleAws` keeps a secret whose deletion is due until another is created.
      const isDue = state && state.scheduledDeleteTime !== null && state.scheduledDeleteTime <= at;
      expect(event.state).toEqual(isDue ? undefined : state);
    }
  },
);
