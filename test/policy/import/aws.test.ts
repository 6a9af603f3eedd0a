import fc from 'fast-check';
import { expect, describe as group, test } from 'vitest';
import { awsSecretsManager } from '../../../src/dialects/aws-secrets-manager.ts';
import {
  createSecret,
  type SecretAction,
  type SecretState,
  stagesOf,
  tryReduce,
  versionsByAge,
} from '../../../src/index.ts';
import { importAws } from '../../../src/policy/import/aws.ts';
import type { ImportedSecret } from '../../../src/policy/import/index.ts';
import { explainProblem } from '../../../src/sentences.ts';
import { expectFrozen } from '../../expect-frozen.ts';
import { property } from '../../property.ts';
import { expectLinear } from '../../work.ts';
import described from '../recordings/aws-secret.json' with { type: 'json' };
import listed from '../recordings/aws-secrets.json' with { type: 'json' };
import versions from '../recordings/aws-versions.json' with { type: 'json' };
import page1 from '../recordings/aws-versions-1.json' with { type: 'json' };
import page2 from '../recordings/aws-versions-2.json' with { type: 'json' };

const id = (number: number): string => `9c1f0a4e-5d7b-4b7e-9a2d-${`${number}`.padStart(12, '0')}`;
const arnOf = (name: string, region = 'eu-west-1') =>
  `arn:aws:secretsmanager:${region}:123456789012:secret:${name}-a1b2c3`;

const imported = (responses: readonly unknown[]): readonly ImportedSecret[] => {
  const outcome = importAws(responses);
  return outcome.ok ? outcome.secrets : expect.fail(outcome.problems.map(explainProblem).join('\n'));
};
const complaints = (...responses: readonly unknown[]): readonly string[] => {
  const outcome = importAws(responses);
  return outcome.ok ? [] : outcome.problems.map(explainProblem);
};
const again = '(the responses were recorded at different times; record them again)';

const ARN = arnOf('db');
const v1 = { VersionId: id(1), VersionStages: ['AWSPREVIOUS'], CreatedDate: 1_523_477_145.713 };
const v2 = { VersionId: id(2), VersionStages: ['AWSCURRENT', 'blue'], CreatedDate: 1_523_486_221.391 };
const bare = { VersionId: id(3), CreatedDate: 1_511_974_462.36 };
const pageOf = (...Versions: readonly object[]) => ({ ARN, Name: 'db', Versions });
const secret = {
  ARN,
  Name: 'db',
  LastChangedDate: 1_523_486_230.104,
  VersionIdsToStages: { [id(1)]: ['AWSPREVIOUS'], [id(2)]: ['blue', 'AWSCURRENT'] },
};
const empty = { ARN, Name: 'db', LastChangedDate: 1_523_486_230.104 };

test('importAws joins recorded pages and their secret', () => {
  const secrets = imported([page2, described, page1]);
  expectFrozen(secrets);
  expect(secrets).toEqual([
    {
      project: null,
      arn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:team/db-password-a1b2c3',
      source: 'responses[0]',
      dialect: awsSecretsManager,
      state: {
        name: 'team/db-password',
        dialect: 'aws-secrets-manager',
        status: 'ENABLED',
        scheduledDeleteTime: null,
        versions: {
          [id(1)]: { id: id(1), createTime: 1_511_974_462_360, ordinal: 1 },
          [id(2)]: { id: id(2), createTime: 1_523_477_145_713, ordinal: 2 },
          [id(3)]: { id: id(3), createTime: 1_523_486_221_391, ordinal: 3 },
        },
        stages: [
          { name: 'AWSCURRENT', versionId: id(3), updateTime: 1_523_486_221_391 },
          { name: 'AWSPENDING', versionId: id(3), updateTime: 1_523_486_221_391 },
          { name: 'AWSPREVIOUS', versionId: id(2), updateTime: 1_523_477_145_713 },
          { name: 'blue', versionId: id(2), updateTime: 1_523_477_145_713 },
        ],
        versionsMade: 3,
        lastNumber: 0,
      },
      rotation: { isEnabled: true, lastTime: 1_523_486_230_120, everyDays: 30, nextTime: 1_526_083_199_000 },
      expireTimes: {},
      unknown: [
        { what: 'stageTime', stage: 'AWSCURRENT' },
        { what: 'stageTime', stage: 'AWSPENDING' },
        { what: 'stageTime', stage: 'AWSPREVIOUS' },
        { what: 'stageTime', stage: 'blue' },
        { what: 'issued' },
        { what: 'deprecatedVersions' },
      ],
    },
  ]);
});

test('importAws reads the output of the aws command, which omits deprecated versions', () => {
  const [whole] = imported([page1, page2, described]);
  const [printed] = imported([versions, listed]);
  expect(printed?.state).toEqual({
    ...whole?.state,
    status: 'PENDING_DELETE',
    scheduledDeleteTime: Date.UTC(2018, 4, 11, 22),
    versions: {
      [id(2)]: { id: id(2), createTime: 1_523_477_145_713, ordinal: 1 },
      [id(3)]: { id: id(3), createTime: 1_523_486_221_391, ordinal: 2 },
    },
    versionsMade: 2,
  });
  expect(printed?.unknown).toEqual([
    ...['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS', 'blue'].map((stage) => ({ what: 'stageTime', stage })),
    { what: 'issued' },
    { what: 'deprecatedVersions' },
  ]);
});

const stage = fc.constantFrom('AWSCURRENT', 'AWSPREVIOUS', 'AWSPENDING', 'blue', '__proto__', 'constructor');
const number = fc.integer({ min: 1, max: 6 });
const action: fc.Arbitrary<SecretAction> = fc.oneof(
  fc
    .record({ at: fc.nat(5000), number, stages: fc.option(fc.array(stage, { maxLength: 3 }), { nil: undefined }) })
    .map(({ number, ...rest }) => ({ type: 'createVersion' as const, versionId: id(number), ...rest })),
  fc.record({ at: fc.nat(5000), number, from: fc.option(number), stage }).map(({ number, from, ...rest }) => ({
    type: 'assignStage' as const,
    versionId: id(number),
    ...(from === null ? {} : { from: id(from) }),
    ...rest,
  })),
  fc.record({ at: fc.nat(5000), stage }).map((request) => ({ type: 'removeStage' as const, ...request })),
  fc.record({ at: fc.nat(5000) }).map((request) => ({ type: 'scheduleDeletion' as const, ...request })),
  fc.record({ at: fc.nat(5000) }).map((request) => ({ type: 'restore' as const, ...request })),
);

/** A secret of AWS Secrets Manager, as the operations make it. */
const lived = fc
  .record({ hasVersion: fc.boolean(), actions: fc.array(action, { maxLength: 25, size: 'max' }) })
  .map(({ hasVersion, actions }) =>
    actions.reduce(
      (state, action) => {
        const outcome = tryReduce(state, action, awsSecretsManager);
        return outcome.ok ? outcome.state : state;
      },
      createSecret({ name: 'db', at: 0, versionId: hasVersion ? id(0) : null }, awsSecretsManager),
    ),
  );

/** What AWS Secrets Manager would return for a secret. */
const responsesOf = (state: SecretState, size: number, timeOf: (at: number) => unknown): readonly unknown[] => {
  const all = Object.keys(state.versions).map((VersionId) => {
    const stages = stagesOf(state, VersionId);
    return {
      VersionId,
      ...(stages.length > 0 && { VersionStages: stages }),
      CreatedDate: timeOf(Number(state.versions[VersionId]?.createTime)),
    };
  });
  const pages = Array.from({ length: Math.max(1, Math.ceil(all.length / size)) }, (_, index) =>
    pageOf(...all.slice(index * size, (index + 1) * size)),
  );
  const labelled = all.flatMap(({ VersionId, VersionStages }) => (VersionStages ? [[VersionId, VersionStages]] : []));
  return [
    {
      ...empty,
      ...(labelled.length > 0 && { VersionIdsToStages: Object.fromEntries(labelled) }),
      ...(state.scheduledDeleteTime !== null && { DeletedDate: timeOf(state.scheduledDeleteTime) }),
    },
    ...pages.map((page, index) => (index + 1 < pages.length ? { ...page, NextToken: `${index}` } : page)),
  ];
};

const inSeconds = (at: number) => at / 1000;
const inWords = (at: number) => new Date(at).toISOString().replace('Z', '000+00:00');

property([lived, fc.integer({ min: 1, max: 8 }), fc.constantFrom(inSeconds, inWords), fc.infiniteStream(fc.nat())])(
  'importAws restores every label and time from responses, in any pages and any order',
  (state, size, timeOf, chance) => {
    const responses = responsesOf(state, size, timeOf)
      .map((response) => ({ response: JSON.parse(JSON.stringify(response)), place: Number(chance.next().value) }))
      .sort((one, other) => one.place - other.place)
      .map(({ response }) => response);
    const [secret, ...others] = imported(responses);
    expect(others).toEqual([]);
    expectFrozen(secret);
    expect(secret?.state.status).toBe(state.status);
    expect(secret?.state.scheduledDeleteTime).toBe(state.scheduledDeleteTime);
    const marks = ({ stages }: SecretState) => stages.map(({ name, versionId }) => [name, versionId]);
    expect(secret && marks(secret.state)).toEqual(marks(state));
    const times = ({ versions }: SecretState) =>
      Object.fromEntries(Object.values(versions).map(({ id, createTime }) => [id, createTime]));
    expect(secret && times(secret.state)).toEqual(times(state));
    expect(secret?.state).toMatchObject({ versionsMade: Object.keys(state.versions).length, lastNumber: 0 });
  },
);

property([fc.integer({ min: 0, max: 99_999_999_999_999 })])('importAws reads times to the millisecond', (at) => {
  const read = (CreatedDate: unknown) =>
    imported([pageOf({ ...v1, CreatedDate })])[0]?.state.versions[id(1)]?.createTime;
  expect(read(at / 1000)).toBe(at);
  expect(read(new Date(at).toISOString())).toBe(at);
  expect(read(inWords(at))).toBe(at);
});

test('importAws reads times without a fraction or with more than three digits', () => {
  const read = (CreatedDate: unknown) =>
    imported([pageOf({ ...v1, CreatedDate })])[0]?.state.versions[id(1)]?.createTime;
  expect(read('2018-04-11T22:05:45+02:00')).toBe(1_523_477_145_000);
  expect(read('2018-04-11T14:35:45.7-05:30')).toBe(1_523_477_145_700);
  expect(read('2018-04-11T20:05:45.9996Z')).toBe(1_523_477_146_000);
  expect(read(1_523_477_145.9996)).toBe(1_523_477_146_000);
});

test.each([
  ['Python, str of a datetime', '2018-04-11 20:05:45.713000+00:00'],
  ['Python, str of a datetime without microseconds', '2018-04-11 22:05:45+02:00'],
  ['Python, isoformat', '2018-04-11T20:05:45.713000+00:00'],
  ['the aws command', '2018-04-11T22:05:45.713000+02:00'],
  ['JavaScript, a date as JSON', '2018-04-11T20:05:45.713Z'],
  ['lower-case letters', '2018-04-11t20:05:45.713z'],
  ['an offset without a colon', '2018-04-11T15:05:45.713-0500'],
  ['an offset of hours', '2018-04-11T22:05:45.713+02'],
  ['Ruby, a time as text', '2018-04-11 20:05:45 UTC'],
  ['a space before the offset', '2018-04-11 22:05:45 +0200'],
])('importAws reads a time of %s', (_, CreatedDate) => {
  const [secret] = imported([pageOf({ ...v1, CreatedDate })]);
  const fraction = CreatedDate.includes('.713') ? 713 : 0;
  expect(secret?.state.versions[id(1)]?.createTime).toBe(Date.UTC(2018, 3, 11, 20, 5, 45, fraction));
});

test('importAws refuses a time without a zone, and says so', () => {
  const read = (CreatedDate: unknown) => complaints(pageOf({ ...v1, CreatedDate }));
  const rule = 'responses[0].Versions[0].CreatedDate must be epoch seconds or an ISO 8601 time';
  for (const time of ['2018-04-11 20:05:45.713000', '2018-04-11T20:05:45'])
    expect(read(time)).toEqual([`${rule} with a zone, such as Z or +02:00`]);
  const others = [
    '2018-04-11',
    'Wed Apr 11 2018 22:05:45 GMT+0200 (CEST)',
    'Wed, 11 Apr 2018 20:05:45 GMT',
    '2018-04-11T20:05:45 CEST',
    '2018-04-11  20:05:45Z',
    '2018-04-11T20:05:45+2',
    '2018-04-11T20:05:45+00:00:00',
    '2018-04-11T20:05Z',
    '20180411T200545Z',
    '1523477145.713',
  ];
  for (const time of others) expect(read(time), time).toEqual([rule]);
});

test('importAws refuses dates and times that do not exist', () => {
  const read = (CreatedDate: unknown) => complaints(pageOf({ ...v1, CreatedDate }));
  const wrong = ['responses[0].Versions[0].CreatedDate must be epoch seconds or an ISO 8601 time'];
  for (const day of ['2018-02-30', '2018-02-29', '2018-04-31', '1900-02-29', '2018-00-10', '2018-13-01']) {
    expect(read(`${day}T20:05:45Z`), day).toEqual(wrong);
  }
  for (const time of ['24:00:00Z', '24:00:00.000+02:00', '23:60:00Z', '23:59:60Z', '20:05:45+25:00']) {
    expect(read(`2018-04-11T${time}`), time).toEqual(wrong);
  }
  for (const day of ['2020-02-29', '2000-02-29']) expect(read(`${day}T00:00:00.5-11:30`), day).toEqual([]);
  expect(read('1969-12-31T23:30:00-01:00')).toEqual([]);
});

test('importAws imports no secret from no responses', () => {
  expect(importAws([])).toEqual({ ok: true, secrets: [], remarks: [] });
  expect(importAws([{ SecretList: [] }])).toEqual({ ok: true, secrets: [], remarks: [] });
});

test('importAws reads a secret without versions', () => {
  const [secret] = imported([pageOf(), empty]);
  expect(secret?.state).toMatchObject({ versions: {}, stages: [], versionsMade: 0, lastNumber: 0 });
  expect(secret?.unknown).toEqual([{ what: 'issued' }]);
  expect(imported([pageOf(), { ...empty, VersionIdsToStages: null, DeletedDate: null }])).toEqual(
    imported([pageOf(), empty]),
  );
});

test('importAws reads a secret without a current version', () => {
  const [secret] = imported([pageOf({ ...v1, VersionStages: ['AWSPENDING'] })]);
  expect(secret?.state.stages).toMatchObject([{ name: 'AWSPENDING', versionId: id(1) }]);
});

test('importAws reads a missing, empty or null list of labels as no labels', () => {
  const once = imported([pageOf(bare)]);
  expect(imported([pageOf({ ...bare, VersionStages: [] })])).toEqual(once);
  expect(imported([pageOf({ ...bare, VersionStages: null })])).toEqual(once);
  expect(imported([pageOf(bare), { ...secret, VersionIdsToStages: { [id(3)]: [] } }])[0]?.state).toEqual(
    once[0]?.state,
  );
});

group('importAws reports as unknown', () => {
  const unknown = (...responses: readonly unknown[]) => imported(responses)[0]?.unknown;

  test('the status and the rotation, without DescribeSecret or ListSecrets', () => {
    expect(unknown(pageOf(bare))).toEqual([{ what: 'issued' }, { what: 'status' }, { what: 'rotation' }]);
    expect(unknown(pageOf(bare), empty)).toEqual([{ what: 'issued' }]);
    expect(unknown(pageOf(bare), { SecretList: [empty] })).toEqual([{ what: 'issued' }]);
  });

  test('whether unlabelled versions exist, if none is listed', () => {
    expect(unknown(pageOf(v2, v1))).toContainEqual({ what: 'deprecatedVersions' });
    expect(unknown(pageOf(v2, v1, bare))).not.toContainEqual({ what: 'deprecatedVersions' });
  });

  test('whether versions follow a page that is not the last', () => {
    const pages = [{ ...pageOf(v2, bare), NextToken: 'x' }, { ...pageOf(), NextToken: 'y' }, pageOf(v1)];
    const gaps = unknown(...pages, pages[0])?.filter(({ what }) => what === 'versions');
    expect(gaps).toEqual([{ what: 'versions', after: id(3) }]);
    const described = unknown(...pages, secret);
    expect(described).toContainEqual({ what: 'deprecatedVersions' });
    expect(described).not.toContainEqual(expect.objectContaining({ what: 'versions' }));
  });

  test('the order of versions of the same millisecond, and keeps the listed order', () => {
    const [secret] = imported([pageOf({ ...bare, VersionId: id(9) }, v1, { ...bare, VersionId: id(4) })]);
    expect(secret && versionsByAge(secret.state).map(({ id }) => id)).toEqual([id(9), id(4), id(1)]);
    expect(secret?.unknown?.filter(({ what }) => what === 'order')).toEqual([
      { what: 'order', versionId: id(9) },
      { what: 'order', versionId: id(4) },
    ]);
  });
});

group('importAws reads from DescribeSecret and ListSecrets', () => {
  const read = (more: object) =>
    imported([pageOf(v1), { ...empty, ...more, VersionIdsToStages: { [id(1)]: ['AWSPREVIOUS'] } }])[0];

  test.each<[object, object]>([
    [{}, { isEnabled: false, lastTime: null, everyDays: null, nextTime: null }],
    [
      { RotationEnabled: null, RotationRules: null, LastRotatedDate: null, NextRotationDate: null },
      { isEnabled: false },
    ],
    [
      {
        RotationEnabled: true,
        RotationRules: { AutomaticallyAfterDays: 30, Duration: '2h' },
        LastRotatedDate: 5,
        NextRotationDate: 6.5,
      },
      { isEnabled: true, lastTime: 5000, everyDays: 30, nextTime: 6500 },
    ],
    [{ RotationRules: { ScheduleExpression: 'rate(10 days)' } }, { everyDays: 10 }],
    [{ RotationRules: { ScheduleExpression: 'rate(1 day)', AutomaticallyAfterDays: 1 } }, { everyDays: 1 }],
    [{ RotationRules: { ScheduleExpression: 'rate(12 hours)' } }, { everyDays: 0.5 }],
    [{ RotationRules: { ScheduleExpression: 'cron(0 8 1 * ? *)', AutomaticallyAfterDays: 30 } }, { everyDays: null }],
    [{ RotationRules: {} }, { everyDays: null }],
  ])('the rotation %j', (described, rotation) => {
    expect(read(described)?.rotation).toMatchObject(rotation);
    const { VersionIdsToStages: _, ...entry } = { ...secret, ...described };
    const stages = { SecretVersionsToStages: secret.VersionIdsToStages };
    expect(imported([pageOf(v1, v2), { ...entry, ...stages }])[0]?.rotation).toMatchObject(rotation);
    expect(imported([pageOf(v1, v2), { SecretList: [{ ...entry, ...stages }] }])[0]?.rotation).toMatchObject(rotation);
  });

  test('the primary region of a replica, but not of a primary secret', () => {
    expect(read({ PrimaryRegion: 'us-east-1' })?.replicaOf).toBe('us-east-1');
    for (const PrimaryRegion of ['eu-west-1', null, undefined])
      expect(read({ PrimaryRegion })).not.toHaveProperty('replicaOf');
  });

  test('the service that manages a secret', () => {
    expect(read({ OwningService: 'rds' })?.managedBy).toBe('rds');
    expect(read({})).not.toHaveProperty('managedBy');
  });
});

test('importAws remarks on secrets whose versions are not listed, and imports the others', () => {
  const others = [{ SecretList: [empty, { ...empty, ARN: arnOf('b'), Name: 'b' }] }, pageOf(bare)];
  const third = { ...empty, ARN: arnOf('c'), Name: 'c' };
  const outcome = importAws([...others, third, third]);
  expect(outcome).toMatchObject({ secrets: [{ state: { name: 'db' } }] });
  expect(outcome.ok && outcome.remarks).toEqual([
    {
      kind: 'not-checked',
      path: 'responses[0].SecretList[1]',
      sentence:
        'Secret "b" was not checked. Add every page of ListSecretVersionIds for "b", called with IncludeDeprecated.',
    },
    {
      kind: 'not-checked',
      path: 'responses[2]',
      sentence:
        'Secret "c" was not checked. Add every page of ListSecretVersionIds for "c", called with IncludeDeprecated.',
    },
  ]);
  expectFrozen(outcome.ok && outcome.remarks);
});

test('importAws remarks on recorded values, but keeps and shows none', () => {
  const one = { ARN, Name: 'db', VersionId: id(1), VersionStages: ['AWSCURRENT'], CreatedDate: 5 };
  const text = { ...one, SecretString: 'hunter2' };
  const binary = { ...one, CreatedDate: undefined, SecretBinary: 'hunter2' };
  const batch = { SecretValues: [one, text], Errors: [], NextToken: 'x' };
  const outcome = importAws([pageOf(bare), text, binary, batch, one, { SecretValues: [one] }]);
  const sentence = 'contains the value of a secret, which was neither kept nor shown. Delete the file after use.';
  expect(outcome).toMatchObject({
    secrets: [{ state: { name: 'db', versions: { [id(3)]: {} } } }],
    remarks: [1, 2, 3].map((index) => ({
      kind: 'value',
      path: `responses[${index}]`,
      sentence: `responses[${index}] ${sentence}`,
    })),
  });
  expect(JSON.stringify(outcome)).not.toContain('hunter');
  const alone = importAws([batch]);
  expect(alone.ok && alone.remarks.map(({ kind, path }) => [kind, path])).toEqual([
    ['not-checked', 'responses[0].SecretValues[0]'],
    ['value', 'responses[0]'],
  ]);
});

test('importAws reads what boto3 and the JS SDK return', () => {
  const dates = (at: (seconds: number) => unknown) => [
    {
      ...pageOf(...[v1, v2].map((one) => ({ ...one, CreatedDate: at(one.CreatedDate) }))),
      ResponseMetadata: { HTTPStatusCode: 200 },
    },
    { ...secret, LastChangedDate: at(secret.LastChangedDate), $metadata: { httpStatusCode: 200, attempts: 1 } },
  ];
  const python = (seconds: number) =>
    new Date(seconds * 1000).toISOString().replace('T', ' ').replace('Z', '000+00:00');
  expect(imported(dates(python))).toEqual(imported(dates((seconds) => new Date(seconds * 1000))));
  expect(imported(dates(python))).toEqual(imported(dates((seconds) => seconds)));
});

test('importAws ignores repeated responses', () => {
  const once = imported([pageOf(v1, v2, bare), secret]);
  const { VersionIdsToStages, ...entry } = secret;
  const listed = { SecretList: [{ ...entry, SecretVersionsToStages: VersionIdsToStages }] };
  const reversed = Object.fromEntries(Object.entries(VersionIdsToStages).reverse());
  const other = { ...secret, VersionIdsToStages: reversed };
  expect(imported([pageOf(v1, v2, bare), pageOf(v2, v1), pageOf(bare), secret, secret, listed, other])).toEqual(once);
  const odd = { ...v2, VersionStages: ['blue', 'AWSCURRENT', 'blue'] };
  expect(imported([pageOf(v1, odd, bare), secret])).toEqual(once);
});

test('importAws numbers ids of the series of the dialect', () => {
  const series = (number: number) => ({ ...bare, VersionId: `${awsSecretsManager.versions.idPrefix}${number}` });
  const ages = [{ ...series(2), CreatedDate: 5 }, { ...series(1), CreatedDate: 4 }, v1];
  expect(imported([pageOf(...ages)])[0]?.state).toMatchObject({ versionsMade: 3, lastNumber: 2 });
});

test('importAws counts the earlier versions of the series, as importCsms does', () => {
  const second = { ...bare, VersionId: `${awsSecretsManager.versions.idPrefix}2` };
  const [secret] = imported([pageOf(second, v1)]);
  expect(secret?.state).toMatchObject({ versionsMade: 3, lastNumber: 2 });
  expect(Object.values(secret?.state.versions ?? {}).map(({ ordinal }) => ordinal)).toEqual([2, 3]);
});

test('importAws distinguishes secrets with one name by their ARN', () => {
  const other = { ...pageOf(bare), ARN: arnOf('db', 'eu-west-2') };
  const third = { ...pageOf(v1), ARN: arnOf('third'), Name: 'third' };
  const secrets = imported([pageOf(v2), other, third]);
  expectFrozen(secrets);
  expect(secrets.map(({ project, state }) => [project, Object.keys(state.versions)])).toEqual([
    [ARN, [id(2)]],
    [arnOf('db', 'eu-west-2'), [id(3)]],
    [null, [id(1)]],
  ]);
});

const kinds = ['', 'a number', 'null', 'a list', 'an object', 'an object'];

test.each<[string, readonly unknown[], readonly string[]]>([
  [
    'data that is not a response',
    [pageOf(v1), 5, null, [], {}, { hello: 'hunter2' }],
    [1, 2, 3, 4, 5].map(
      (index) =>
        `responses[${index}] must be a response of ListSecretVersionIds, DescribeSecret or ListSecrets; got ${kinds[index]}`,
    ),
  ],
  [
    'a response about one version',
    [{ ARN, Name: 'db', VersionId: id(1), VersionStages: ['AWSCURRENT'] }],
    [
      'responses[0] must be a response of ListSecretVersionIds, DescribeSecret or ListSecrets, not a response about one version',
    ],
  ],
  [
    'an error',
    [{ __type: 'ResourceNotFoundException', Message: 'hunter2' }],
    ['responses[0] must be a successful response, not an error'],
  ],
  [
    'a response with only a name and an ARN',
    [{ ARN, Name: 'db', DeletionDate: 1_523_486_230.104 }],
    ['responses[0].LastChangedDate is required'],
  ],
  [
    'fields of the wrong type',
    [
      { ARN, Name: 'hunter 2', Versions: 'hunter2', NextToken: 5 },
      pageOf({ VersionId: 'hunter2', VersionStages: [''], CreatedDate: 'hunter2' }),
      { ...secret, VersionIdsToStages: { [id(1)]: 'hunter2', [id(2)]: [5] } },
      { ...secret, VersionIdsToStages: { short: [] }, DeletedDate: true },
      { SecretList: 'hunter2' },
    ],
    [
      'responses[0].Name must be text that matches /^[\\w/+=.@!-]{1,512}$/',
      'responses[0].Versions must be a list',
      'responses[0].NextToken must be a string',
      'responses[1].Versions[0].VersionId must be text that matches /^.{32,64}$/',
      'responses[1].Versions[0].VersionStages[0] must be text that matches /^.{1,256}$/',
      'responses[1].Versions[0].CreatedDate must be epoch seconds or an ISO 8601 time',
      `responses[2].VersionIdsToStages["${id(1)}"] must be a list`,
      `responses[2].VersionIdsToStages["${id(2)}"][0] must be a string`,
      'responses[3].DeletedDate must be epoch seconds or an ISO 8601 time',
      'responses[3].VersionIdsToStages.short must be text that matches /^.{32,64}$/',
      'responses[4].SecretList must be a list',
    ],
  ],
  [
    'missing fields',
    [{ ARN, Name: 'db', Versions: [{}] }, { SecretList: [{}] }],
    [
      'responses[0].Versions[0].VersionId is required',
      'responses[0].Versions[0].CreatedDate is required',
      'responses[1].SecretList[0].ARN is required',
      'responses[1].SecretList[0].Name is required',
      'responses[1].SecretList[0].LastChangedDate is required',
    ],
  ],
  [
    'invalid times',
    [
      pageOf(
        ...[
          -1,
          -0,
          9e15,
          null,
          '5',
          '2018-04-11',
          '2018-13-11T20:05:45Z',
          '1960-01-01T00:00:00Z',
          'x2018-04-11T20:05:45Zx',
        ].map((CreatedDate) => ({ ...v1, CreatedDate })),
      ),
    ],
    [0, 1, 2, 3, 4, 5, 6, 7, 8].map(
      (index) => `responses[0].Versions[${index}].CreatedDate must be epoch seconds or an ISO 8601 time`,
    ),
  ],
  [
    'times in milliseconds',
    [pageOf({ ...v1, CreatedDate: 1_523_477_145_713 }, { ...v2, CreatedDate: 1e11 })],
    [0, 1].map(
      (index) =>
        `responses[0].Versions[${index}].CreatedDate must be epoch seconds or an ISO 8601 time; this looks like milliseconds`,
    ),
  ],
  [
    'pages without the last page',
    [
      { ...pageOf(v1), NextToken: 'x' },
      { ...pageOf(v2), NextToken: 'hunter2' },
    ],
    [
      'responses[1].NextToken must be followed by another page: call ListSecretVersionIds with this NextToken, and add the response',
    ],
  ],
  [
    'contradictions about a version',
    [pageOf(v1, v2), pageOf({ ...v1, VersionStages: ['red'] }, { ...v2, CreatedDate: 5 })],
    [
      `responses[1].Versions[0] must be the same as in responses[0].Versions[0] ${again}`,
      `responses[1].Versions[1] must be the same as in responses[0].Versions[1] ${again}`,
    ],
  ],
  [
    'contradictions about a secret',
    [
      secret,
      pageOf(v1, v2),
      { ...secret, DeletedDate: 5 },
      { ...secret, VersionIdsToStages: undefined },
      { ...secret, Name: 'other' },
    ],
    [
      `responses[4] must be the same as in responses[0] ${again}`,
      `responses[2] must be the same as in responses[0] ${again}`,
      `responses[3] must be the same as in responses[0] ${again}`,
    ],
  ],
  [
    'labels that differ from the listed ones',
    [{ ...secret, VersionIdsToStages: { [id(1)]: ['AWSCURRENT'], [id(7)]: ['AWSPENDING'] } }, pageOf(v1, v2, bare)],
    [
      `responses[0].VersionIdsToStages["${id(1)}"] must be the same as in responses[1].Versions[0] ${again}`,
      `responses[0].VersionIdsToStages["${id(7)}"] must be in a page of ListSecretVersionIds too: add all of its pages (or the responses were recorded at different times; record them again)`,
      `responses[0].VersionIdsToStages["${id(2)}"] must be the same as in responses[1].Versions[1] ${again}`,
    ],
  ],
  [
    'labels that only ListSecrets has',
    [{ SecretList: [{ ...empty, SecretVersionsToStages: { [id(3)]: ['blue'] } }] }, pageOf(bare)],
    [
      `responses[0].SecretList[0].SecretVersionsToStages["${id(3)}"] must be the same as in responses[1].Versions[0] ${again}`,
    ],
  ],
  [
    'a label on two versions',
    [{ ...pageOf(v1), NextToken: 'x' }, pageOf({ ...v2, VersionStages: ['AWSCURRENT', 'AWSPREVIOUS'] })],
    [
      'responses[1].Versions[0].VersionStages must be part of a secret that obeys the law one-version-a-stage: A stage marks at most one version, but "AWSPREVIOUS" is ' +
        'also in responses[0].Versions[0] (if these are two pages, the responses were recorded at different times; record them again)',
    ],
  ],
  [
    'too many labels',
    [empty, pageOf({ ...v1, VersionStages: Array.from({ length: 21 }, (_, index) => `label ${index}`) })].slice(1),
    [
      'responses[0].Versions must be part of a secret that obeys the law stage-limit: A secret never has more stages than its dialect allows',
    ],
  ],
])('importAws refuses %s, and names each place', (_, responses, expected) => {
  expect(complaints(...responses)).toEqual(expected);
  expect(JSON.stringify(importAws(responses))).not.toContain('hunter');
});

test('importAws reports nothing else about a secret with an unreadable response', () => {
  const page = { ...pageOf(v1), NextToken: 'x' };
  expect(complaints(page, pageOf({ ...v1, CreatedDate: 'x' }))).toHaveLength(1);
  expect(complaints(page, { SecretList: [{ ARN, Name: 5, LastChangedDate: 5 }] })).toHaveLength(1);
  expect(complaints(page, { ...pageOf({ ...v1, CreatedDate: 'x' }), ARN: arnOf('other') })).toHaveLength(2);
});

test('importAws reports the problems of every secret', () => {
  const other = { ...pageOf(v1, { ...v2, VersionStages: ['AWSPREVIOUS'] }), ARN: arnOf('other'), Name: 'other' };
  expect(complaints({ ...pageOf(v1), NextToken: 'x' }, other)).toEqual([
    expect.stringMatching(/^responses\[0\]\.NextToken must be followed by another page/),
    expect.stringMatching(/^responses\[1\]\.Versions\[1\]\.VersionStages must be part of a secret that obeys the law/),
  ]);
});

test('importAws compares many labels in linear time, and counts further problems', () => {
  const versionsOf = (size: number) =>
    Array.from({ length: size }, (_, index) => ({
      ...v1,
      VersionId: `${index}`.padStart(32, '0'),
      VersionStages: [`s${index}`],
    }));
  const described = (size: number) => ({
    ...secret,
    VersionIdsToStages: Object.fromEntries(versionsOf(size).map((one) => [one.VersionId, ['other']])),
  });
  expectLinear((size) => {
    const responses = [pageOf(...versionsOf(size)), described(size)];
    return () => importAws(responses);
  }, 100);
  expect(complaints(pageOf(...versionsOf(50)), described(50)).slice(20)).toEqual([
    'responses must be free of 30 more problems',
  ]);
});

test('importAws cuts long keys in problems', () => {
  const long = { ...secret, VersionIdsToStages: { ['k'.repeat(10_000)]: new Array(50).fill(5) } };
  for (const complaint of complaints(long)) expect(complaint.length).toBeLessThan(400);
});

test('importAws refuses more than two million values', () => {
  expect(complaints(new Array(2_000_000).fill(0))).toEqual([
    'responses must be at most 2,000,000 JSON values; split it into parts',
  ]);
});

test('importAws refuses anything but a list', () => {
  const problems = [{ path: 'responses', expected: 'a list', found: 'a string of 2 characters' }];
  expect(Reflect.apply(importAws, null, ['{}'])).toEqual({ ok: false, problems });
});
