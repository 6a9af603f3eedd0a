import { expect, test } from 'vitest';
import { awsSecretsManager, stagesOf } from '../../src/index.ts';
import { born, outcomesOf, playUnder, textOf } from './lines.ts';

const token = (number: number) => `${number}`.repeat(32);
const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-AbCdEf';
const project = '123456789012/eu-west-1';

/** An event as CloudTrail records it, a second later each. */
const event = (second: number, eventName: string, more: object = {}) => ({
  eventVersion: '1.08',
  eventTime: `2026-03-02T09:00:0${second}Z`,
  eventSource: 'secretsmanager.amazonaws.com',
  eventName,
  awsRegion: 'eu-west-1',
  requestParameters: null,
  responseElements: null,
  eventType: 'AwsApiCall',
  recipientAccountId: '123456789012',
  ...more,
});
const called = (second: number, eventName: string, requestParameters: object, more: object = {}) =>
  event(second, eventName, { requestParameters, ...more });
const service = (second: number, eventName: string) =>
  event(second, eventName, { eventType: 'AwsServiceEvent', additionalEventData: { SecretId: arn } });
/** The event as EventBridge delivers it. */
const delivered = (detail: object) => ({ version: '0', 'detail-type': 'any', source: 'aws.secretsmanager', detail });
const play = (...events: readonly object[]) => playUnder(undefined, events.map(textOf));
const outcomes = (...events: readonly object[]) => outcomesOf(play(...events));

const secretId = arn;
const created = called(
  0,
  'CreateSecret',
  { name: 'shop/db', clientRequestToken: token(1) },
  { responseElements: { arn, name: 'shop/db', versionId: token(1) } },
);
const rotation = [
  created,
  called(1, 'RotateSecret', { secretId, clientRequestToken: token(2) }, { responseElements: { arn } }),
  service(1, 'RotationStarted'),
  called(2, 'PutSecretValue', { secretId, clientRequestToken: token(2), versionStages: ['AWSPENDING'] }),
  called(3, 'GetSecretValue', { secretId, versionStage: 'AWSPENDING' }),
  called(4, 'UpdateSecretVersionStage', {
    secretId: 'shop/db',
    versionStage: 'AWSCURRENT',
    moveToVersionId: token(2),
    removeFromVersionId: token(1),
  }),
  service(5, 'RotationSucceeded'),
];

test.each([
  ['CloudTrail records', (each: object) => each],
  ['EventBridge delivers', delivered],
])('startPlay plays a rotation from the events that %s', (_, form) => {
  const events = play(...rotation.map(form));
  expect(events).toMatchObject([
    { operation: 'CreateSecret', dialect: awsSecretsManager, project, secret: 'shop/db', outcome: 'done' },
    { operation: 'RotateSecret', effects: [{ versionId: token(2), withoutValue: true }, { stage: 'AWSPENDING' }] },
    { operation: 'RotationStarted', outcome: 'unmoved', secret: 'shop/db' },
    { operation: 'PutSecretValue', effects: [{ type: 'versionFilled' }, { type: 'stageRefreshed' }] },
    { operation: 'GetSecretValue', outcome: 'unmoved' },
    {
      effects: [
        { stage: 'AWSCURRENT', to: token(2) },
        { stage: 'AWSPREVIOUS', to: token(1) },
      ],
    },
    { operation: 'RotationSucceeded', effects: [{ type: 'stageRemoved', stage: 'AWSPENDING', from: token(2) }] },
  ]);
  const at = Date.UTC(2026, 2, 2, 9);
  expect(events.map((each) => each && 'at' in each && each.at - at)).toEqual([0, 1000, 1000, 2000, 3000, 4000, 5000]);
  const last = events.at(-1);
  expect(last && 'state' in last && last.state && stagesOf(last.state, token(2))).toEqual(['AWSCURRENT']);
});

test('an event is played with a value, except UpdateSecret and CreateSecret without a version in the response', () => {
  const responseElements = { aRN: arn, versionId: token(3) };
  expect(
    play(
      called(0, 'CreateSecret', { name: 'shop/db' }, { responseElements: { arn } }),
      called(1, 'PutSecretValue', { secretId, clientRequestToken: token(2) }),
      called(2, 'UpdateSecret', { secretId, clientRequestToken: token(3) }, { responseElements: { arn } }),
      called(3, 'UpdateSecret', { secretId, clientRequestToken: token(3) }, { responseElements }),
      called(4, 'DeleteSecret', { secretId, recoveryWindowInDays: 7 }),
    ),
  ).toMatchObject([
    { effects: [{ type: 'secretCreated' }] },
    { effects: [{ versionId: token(2) }, { stage: 'AWSCURRENT' }] },
    { outcome: 'unmoved' },
    { effects: [{ versionId: token(3) }, {}, {}] },
    { effects: [{ type: 'statusChanged' }] },
  ]);
});

test('events of refused calls, of reads and of the service change nothing, also if the secret is unknown', () => {
  const errorCode = 'AccessDenied';
  expect(
    outcomes(
      created,
      called(1, 'PutSecretValue', { secretId }, { errorCode }),
      called(1, 'GetSecretValue', { secretId }, { errorCode }),
      called(1, 'TagResource', { secretId: 'other', tags: 'HIDDEN' }),
      called(1, 'CancelRotateSecret', { secretId }),
      called(1, 'ReplicateSecretToRegions', { secretId }),
      event(1, 'ListSecrets'),
      ...[
        'RotationFailed',
        'RotationAbandoned',
        'TestRotationSucceeded',
        'SecretVersionDeletion',
        'EndSecretVersionDelete',
      ].map((name) => service(1, name)),
    ),
  ).toEqual(['done', ...Array(11).fill('unmoved')]);
});

test('RotationStarted creates the version of a rotation on schedule, which its id names, once', () => {
  const started = (requestID: string) => ({ ...service(1, 'RotationStarted'), requestID });
  const begun = started(`Rotation-${arn}-${token(2)}`);
  expect(play(created, started('Rotation-of-another-form'), begun, begun)).toMatchObject([
    { outcome: 'done' },
    { outcome: 'unmoved' },
    { effects: [{ versionId: token(2), withoutValue: true }, { stage: 'AWSPENDING' }] },
    { outcome: 'done', effects: [] },
  ]);
});

test('RotationSucceeded changes nothing if AWSPENDING is on no version, and needs a secret that exists', () => {
  expect(play(created, service(1, 'RotationSucceeded'))[1]).toMatchObject({ outcome: 'done', effects: [] });
  expect(outcomes(service(1, 'RotationSucceeded'))).toEqual(['UNKNOWN_SECRET']);
});

test('events can be mixed with calls, but not with lines of another cloud', () => {
  const put = { at: Date.UTC(2026, 2, 3), target: 'secretsmanager.PutSecretValue', body: { SecretId: 'shop/db' } };
  expect(outcomes(created, put)).toEqual(['done', 'done']);
  const create = { ...put, target: 'secretsmanager.CreateSecret', body: { Name: 'shop/db' } };
  expect(play(create, called(5, 'PutSecretValue', { secretId }))).toMatchObject([
    { outcome: 'done', project: '' },
    { outcome: 'done', project: '' },
  ]);
  expect(() => playUnder(undefined, [born, textOf(created)])).toThrow('The secret belongs to "aws-secrets-manager"');
});

test('startPlay says what is wrong with an invalid event', () => {
  const expected = (line: object) => {
    const [found] = play(line);
    return found?.outcome === 'unusable' ? found.expected.replace(/ Example: \{"eventSource".*$/, '') : found?.outcome;
  };
  expect(expected(event(1, 'ListSecrets', { eventTime: 'yesterday' }))).toBe(
    'eventTime must be a time such as 2026-03-02T09:00:00Z.',
  );
  expect(expected(event(1, 'ListSecrets', { awsRegion: undefined }))).toBe('awsRegion is required.');
  expect(expected(event(1, 'ListSecrets', { recipientAccountId: 'a b' }))).toBe(
    'recipientAccountId must be lower-case letters, digits or hyphens.',
  );
  expect(expected({ source: 'aws.secretsmanager', detail: { eventName: 'x' } })).toMatch(/^at is required/);
  expect(expected(event(1, '\u001b[2J'))).toBe('eventName must be letters.');
  expect(expected(called(1, 'PutSecretValue', {}))).toMatch(/^1 validation error detected: Value null at 'secretId'/);
});
