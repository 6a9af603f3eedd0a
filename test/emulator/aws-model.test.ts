import fc from 'fast-check';
import { expect, describe as group, test } from 'vitest';
import {
  createAwsEmulator,
  handleAws,
  memoryStore,
  type WireRequest,
  type WireResponse,
} from '../../src/emulator/index.ts';
import {
  awsSecretsManager,
  type SecretAction,
  type SecretState,
  stagesOf,
  tryCreateSecret,
  tryReduce,
  violations,
} from '../../src/index.ts';
import { serve } from '../../src/server/index.ts';
import { hostileNames } from '../arbitraries.ts';
import { property, runs } from '../property.ts';
import { AwsClient, born, call, token } from './aws-client.ts';
import { collectGarbage, expectAllRefused } from './refused.ts';

const from = fc.constantFrom;
const day = 86_400_000;

interface Step {
  readonly operation: string;
  readonly body: object;
  /** What the call means in the core; undefined creates the secret. */
  readonly action: ((at: number, state: SecretState) => SecretAction | undefined) | undefined;
}

const versionId = fc.integer({ min: 1, max: 5 }).map(token);
const stage = from('AWSCURRENT', 'AWSPREVIOUS', 'AWSPENDING', 'blue', '__proto__', '', 'x'.repeat(257));
/** The tests use each token with one value, so the token can stand for it. */
const bodyOf = (id: string) => ({ SecretString: `value of ${id}`, ClientRequestToken: id });

const step: fc.Arbitrary<Step> = fc.oneof(
  versionId.map((id) => ({ operation: 'CreateSecret', body: bodyOf(id), action: undefined })),
  {
    weight: 4,
    arbitrary: fc
      .record({ id: versionId, stages: fc.option(fc.array(stage, { maxLength: 3 }), { nil: undefined }) })
      .map(({ id, stages }) => ({
        operation: 'PutSecretValue',
        body: { ...bodyOf(id), VersionStages: stages },
        action: (at: number): SecretAction => ({ type: 'createVersion', versionId: id, stages, at, fingerprint: id }),
      })),
  },
  {
    weight: 6,
    arbitrary: fc
      .record({ stage, to: versionId, from: fc.option(versionId, { nil: undefined }) })
      .map(({ stage, to, from }) => ({
        operation: 'UpdateSecretVersionStage',
        body: { VersionStage: stage, MoveToVersionId: to, RemoveFromVersionId: from },
        action: (at: number): SecretAction => ({ type: 'assignStage', stage, versionId: to, from, at }),
      })),
  },
  {
    weight: 2,
    arbitrary: fc.record({ stage, from: versionId }).map(({ stage, from }) => ({
      operation: 'UpdateSecretVersionStage',
      body: { VersionStage: stage, RemoveFromVersionId: from },
      action: (at: number): SecretAction => ({ type: 'removeStage', stage, from, at }),
    })),
  },
  from(7, 30, 31).map((days) => ({
    operation: 'DeleteSecret',
    body: { RecoveryWindowInDays: days },
    // A second call is answered, and changes nothing.
    action: (at: number, { status }: SecretState): SecretAction | undefined =>
      status === 'PENDING_DELETE' && days < 31
        ? undefined
        : { type: 'scheduleDeletion', recoveryWindowInDays: days, at },
  })),
  fc.constant({
    operation: 'RestoreSecret',
    body: {},
    action: (at: number, { status }: SecretState): SecretAction | undefined =>
      status === 'ENABLED' ? undefined : { type: 'restore', at },
  }),
);
const wait = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 20 }) }, from(day, 7 * day, 30 * day));

property([fc.array(fc.tuple(wait, step), { maxLength: 30, size: 'max' })], { numRuns: runs(300) })(
  'the emulator does what the core does, call by call',
  (life) => {
    const client = new AwsClient();
    let state: SecretState | undefined;
    for (const [wait, { operation, body, action }] of life) {
      client.now += wait;
      const { world } = client;
      const answer = client.send(operation, { Name: 'db', SecretId: 'db', ...body });
      const at = client.now;
      if (state?.scheduledDeleteTime && state.scheduledDeleteTime <= at) state = undefined;
      const before: SecretState | undefined = state;
      let isDone = false;
      if (!action) {
        const id = Object(body).ClientRequestToken;
        const isAgain = before?.status === 'ENABLED' && Object.hasOwn(before.versions, id);
        isDone = !before || isAgain;
        if (!before) {
          const created = tryCreateSecret({ name: 'db', at, versionId: id, fingerprint: id }, awsSecretsManager);
          state = created.ok ? created.state : undefined;
        }
      } else if (before) {
        const done = action(at, before);
        const outcome = done && tryReduce(before, done, awsSecretsManager);
        isDone = outcome?.ok ?? true;
        if (outcome?.ok) state = outcome.state;
      }
      expect('__type' in answer, `${operation} ${JSON.stringify([body, answer])}`).toBe(!isDone);
      if (!isDone) expect(client.world).toBe(world);
      const isGone = !state || (state.scheduledDeleteTime ?? Infinity) <= at;
      if (!isGone) expect(client.secret()?.state).toEqual(state);
    }
    if (!state || (state.scheduledDeleteTime ?? Infinity) <= client.now + 1000) return;
    const shown = client.send('DescribeSecret', { SecretId: 'db' })['VersionIdsToStages'];
    const labelled = Object.keys(state.versions).filter((id) => state && stagesOf(state, id).length > 0);
    expect(shown).toEqual(Object.fromEntries(labelled.map((id) => [id, state && stagesOf(state, id)])));
    for (const id of state.status === 'ENABLED' ? Object.keys(state.versions) : [])
      expect(client.send('GetSecretValue', { SecretId: 'db', VersionId: id })).toMatchObject({
        SecretString: `value of ${id}`,
      });
  },
);

type Ask = (operation: string, body: object) => Promise<Readonly<Record<string, unknown>>>;
const crowd = Array.from({ length: 100 }, (_, index) => index);

group('A hundred concurrent writers over HTTP', () => {
  const over = async (emulator: ReturnType<typeof createAwsEmulator>, work: (ask: Ask) => Promise<void>) => {
    const { url, close } = await serve(emulator);
    const ask: Ask = async (operation, body) => {
      const { headers, body: sent } = call(operation, body);
      const names = ['x-amz-target', 'authorization'];
      const sentHeaders = Object.fromEntries(names.map((name) => [name, headers.get(name) ?? '']));
      const response = await fetch(url, { method: 'POST', headers: sentHeaders, body: String(sent) });
      expect(response.status).toBeLessThan(500);
      return JSON.parse((await response.text()) || '{}');
    };
    await work(ask).finally(close);
  };
  const stateIn = async (emulator: ReturnType<typeof createAwsEmulator>) =>
    (await emulator.snapshot({ values: true })).projects['123456789012/us-east-1']?.secrets['db'];

  test('every put that is accepted is one version, and the last holds AWSCURRENT', async () => {
    const emulator = createAwsEmulator();
    await over(emulator, async (ask) => {
      await ask('CreateSecret', { Name: 'db', SecretString: 'first', ClientRequestToken: token(1000) });
      const answers = await Promise.all(
        crowd.map((index) =>
          ask('PutSecretValue', { SecretId: 'db', SecretString: `${index}`, ClientRequestToken: token(index) }),
        ),
      );
      const accepted = answers.flatMap(({ VersionId }) => (typeof VersionId === 'string' ? [VersionId] : []));
      // With the first version, 100 fit.
      expect(accepted).toHaveLength(99);
      expect(answers.filter(({ __type }) => __type === 'LimitExceededException')).toHaveLength(1);
      const secret = await stateIn(emulator);
      expect(Object.keys(secret?.state.versions ?? {}).sort()).toEqual([...accepted, token(1000)].sort());
      for (const index of crowd.filter((index) => accepted.includes(token(index))))
        expect(secret?.values[token(index)]?.text).toBe(`${index}`);
      expect(secret && violations(secret.state, awsSecretsManager)).toEqual([]);
      expect(await ask('DescribeSecret', { SecretId: 'db' })).toMatchObject({
        VersionIdsToStages: Object.fromEntries(
          (secret?.state.stages ?? []).map(({ name, versionId }) => [versionId, [name]]),
        ),
      });
    });
  });

  test('of a hundred moves from one version, one is done, and moves and puts at once break no law', async () => {
    const emulator = createAwsEmulator();
    await over(emulator, async (ask) => {
      await ask('CreateSecret', { Name: 'db', SecretString: 'x', ClientRequestToken: token(1) });
      for (const number of [2, 3])
        await ask('PutSecretValue', {
          SecretId: 'db',
          SecretString: 'x',
          ClientRequestToken: token(number),
          VersionStages: [`v${number}`],
        });
      const move = (index: number) =>
        ask('UpdateSecretVersionStage', {
          SecretId: 'db',
          VersionStage: 'AWSCURRENT',
          MoveToVersionId: token(2 + (index % 2)),
          RemoveFromVersionId: token(1),
        });
      const moved = await Promise.all(crowd.map(move));
      expect(moved.filter((answer) => !('__type' in answer))).toHaveLength(1);
      expect((await stateIn(emulator))?.state.stages.find(({ name }) => name === 'AWSPREVIOUS')?.versionId).toBe(
        token(1),
      );

      const mixed = await Promise.all(
        crowd.map((index) =>
          index % 2 === 0
            ? ask('PutSecretValue', { SecretId: 'db', SecretString: 'x', ClientRequestToken: token(100 + index) })
            : ask('TagResource', { SecretId: 'db', Tags: [{ Key: `${index}`, Value: '' }] }),
        ),
      );
      expect(mixed.filter((answer) => '__type' in answer)).toEqual([]);
      const secret = await stateIn(emulator);
      expect(secret && violations(secret.state, awsSecretsManager)).toEqual([]);
      expect(secret?.tags).toHaveLength(50);
      expect(secret?.state.versionsMade).toBe(53);
    });
  });

  test('of a hundred creations of one name, one is done, and all of a hundred names', async () => {
    await over(createAwsEmulator(), async (ask) => {
      const same = await Promise.all(
        crowd.map((index) => ask('CreateSecret', { Name: 'db', ClientRequestToken: token(index) })),
      );
      expect(same.filter((answer) => !('__type' in answer))).toHaveLength(1);
      await Promise.all(
        crowd.map((index) => ask('CreateSecret', { Name: `db-${index}`, ClientRequestToken: token(1) })),
      );
      const first = await ask('ListSecrets', {});
      const { SecretList } = await ask('ListSecrets', { NextToken: first['NextToken'] });
      expect(Object(first['SecretList']).length + Object(SecretList).length).toBe(101);
    });
  });
});

test('two emulators on one store lose no put', async () => {
  const store = memoryStore();
  const emulators = [1, 2].map(() => createAwsEmulator({ store }));
  const ask = async (index: number, operation: string, body: object) =>
    (await emulators[index % 2]?.answer(call(operation, { SecretId: 'db', ...body })))?.status;
  await ask(0, 'CreateSecret', { Name: 'db', ClientRequestToken: token(1000) });
  const puts = crowd.map((index) =>
    ask(index, 'PutSecretValue', { SecretString: 'x', ClientRequestToken: token(index) }),
  );
  expect(new Set(await Promise.all(puts))).toEqual(new Set([200]));
  const snapshot = await createAwsEmulator({ store }).snapshot();
  expect(snapshot.projects['123456789012/us-east-1']?.secrets['db']?.state.versionsMade).toBe(100);
});

const marker = 'hunter2, the value that must not be shown';
const value = { SecretString: marker, ClientRequestToken: token(9) };
const noText = [0, 0.5, true, {}, [], ['db'], { length: 1 }];
const noRequiredText = [undefined, null, ...noText];
const noName = [
  ...noRequiredText,
  ...hostileNames.filter((name) => !/^[\w/+=.@!-]{1,512}$/.test(name)),
  'db:key',
  'arn:',
];
const noSecret = [
  ...noName,
  'missing',
  'db-AbCdEf',
  'toString',
  'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db',
];
const noTags = [
  'x',
  5,
  {},
  [5],
  [null],
  [{}],
  [{ Key: 'a' }],
  [{ Key: '', Value: '' }],
  [{ Key: 'aws:a', Value: '' }],
  [{ Key: 'a', Value: 'x'.repeat(257) }],
  Array.from({ length: 51 }, (_, index) => ({ Key: `${index}`, Value: '' })),
];
const noToken = [...noRequiredText, '', 'x'.repeat(31), 'x'.repeat(65)];
const noValue: readonly object[] = [
  ...[...noText, '', 'x'.repeat(65_537), '€'.repeat(21_846)].map((SecretString) => ({ SecretString })),
  ...[...noText, '', 'A', 'AAA', '====', '-_-_', 'AAAA\n', 'AAAA'.repeat(21_846), '='.repeat(65_536)].map(
    (SecretBinary) => ({ SecretString: null, SecretBinary }),
  ),
  { SecretBinary: 'AAAA' },
];
const noFilters = [
  5,
  {},
  [5],
  [{}],
  [{ Key: 'name' }],
  [{ Key: 'x', Values: ['a'] }],
  [{ Key: 'name', Values: [] }],
  [{ Key: 'name', Values: [5] }],
  Array.from({ length: 11 }, () => ({ Key: 'name', Values: ['a'] })),
];
const noPage: readonly object[] = [
  ...[0, 101, -1, '1', {}, 1e300].map((MaxResults) => ({ MaxResults })),
  ...['', 'x', '{}', '[]', 'null', 5, 'x'.repeat(5000)].map((NextToken) => ({ NextToken })),
];
const each = (field: string, values: readonly unknown[]): readonly object[] =>
  values.map((value) => ({ [field]: value }));

/** A valid request, and what makes it invalid. */
const goods: readonly (readonly [operation: string, body: object, bad: readonly object[]])[] = [
  [
    'CreateSecret',
    { Name: 'new', ...value },
    [
      ...each('Name', [...noName, 'db', 'old']),
      ...each('ClientRequestToken', noToken),
      ...noValue,
      ...each('Tags', noTags),
      ...each('Description', [...noText, 'x'.repeat(2049)]),
    ],
  ],
  [
    'PutSecretValue',
    { SecretId: 'db', ...value, VersionStages: ['blue'] },
    [
      ...each('SecretId', [...noSecret, 'old']),
      ...each('ClientRequestToken', noToken),
      { ClientRequestToken: token(1), SecretString: 'another' },
      ...noValue,
      { SecretString: null },
      ...each('VersionStages', [
        'blue',
        5,
        {},
        [],
        [''],
        [5],
        [null],
        ['x'.repeat(257)],
        Array.from({ length: 20 }, (_, index) => `s${index}`),
      ]),
    ],
  ],
  [
    'UpdateSecret',
    { SecretId: 'db', ...value },
    [...each('SecretId', [...noSecret, 'old']), ...each('ClientRequestToken', noToken), ...noValue],
  ],
  [
    'UpdateSecretVersionStage',
    { SecretId: 'db', VersionStage: 'blue', MoveToVersionId: token(1) },
    [
      ...each('SecretId', [...noSecret, 'old']),
      ...each('VersionStage', [...noRequiredText, '', 'x'.repeat(257), 'AWSCURRENT']).map((change) => ({
        MoveToVersionId: token(2),
        ...change,
      })),
      ...each('MoveToVersionId', [...noRequiredText, '', '__proto__', token(9)]),
      ...each('RemoveFromVersionId', [...noText, token(1), token(9)]),
    ],
  ],
  [
    'DeleteSecret',
    { SecretId: 'db' },
    [
      ...each('SecretId', noSecret),
      ...each('RecoveryWindowInDays', ['7', true, {}, 6, 31, 7.5, -7, 1e300]),
      ...each('ForceDeleteWithoutRecovery', ['true', 1, {}]),
    ],
  ],
  ['RestoreSecret', { SecretId: 'old' }, each('SecretId', noSecret)],
  [
    'GetSecretValue',
    { SecretId: 'db' },
    [
      ...each('SecretId', [...noSecret, 'old']),
      ...each('VersionId', [...noText, '__proto__', token(9)]),
      ...each('VersionStage', [...noText, 'nowhere', '__proto__']),
    ],
  ],
  [
    'BatchGetSecretValue',
    { SecretIdList: ['db'] },
    [
      ...each('SecretIdList', [undefined, 'db', 5, [], [5], Array.from({ length: 21 }, () => 'db')]),
      { Filters: [] },
      ...each('Filters', noFilters),
      { MaxResults: 5 },
    ],
  ],
  ['DescribeSecret', { SecretId: 'db' }, each('SecretId', noSecret)],
  [
    'ListSecretVersionIds',
    { SecretId: 'db' },
    [...each('SecretId', noSecret), ...noPage, ...each('IncludeDeprecated', ['true', 1])],
  ],
  [
    'ListSecrets',
    {},
    [...each('Filters', noFilters), ...noPage, ...each('SortBy', [5, 'x', '']), ...each('SortOrder', [5, 'ASC'])],
  ],
  [
    'TagResource',
    { SecretId: 'db', Tags: [{ Key: 'a', Value: '' }] },
    [...each('SecretId', [...noSecret, 'old']), ...each('Tags', [undefined, ...noTags])],
  ],
  [
    'UntagResource',
    { SecretId: 'db', TagKeys: ['a'] },
    [...each('SecretId', [...noSecret, 'old']), ...each('TagKeys', [undefined, 'a', 5, {}, [5], ['']])],
  ],
  [
    'PutResourcePolicy',
    { SecretId: 'db', ResourcePolicy: '{"Statement":[]}' },
    [
      ...each('SecretId', [...noSecret, 'old']),
      ...each('ResourcePolicy', [...noRequiredText, '', 'x', '{}', '{"Statement":5}', 'x'.repeat(20_481)]),
    ],
  ],
  [
    'GetRandomPassword',
    {},
    [
      ...each('PasswordLength', [0, 3, 4097, '8', {}]),
      ...each('ExcludeCharacters', [5, 'x'.repeat(4097), '0123456789']),
    ],
  ],
  ['RotateSecret', { SecretId: 'db' }, []],
];

const worldOf = () => {
  const client = new AwsClient();
  client.send('CreateSecret', { Name: 'db', SecretString: marker });
  client.send('PutSecretValue', { SecretId: 'db', SecretString: marker, VersionStages: ['canary'] });
  client.send('CreateSecret', { Name: 'old', SecretString: marker });
  client.send('DeleteSecret', { SecretId: 'old' });
  return client.world;
};
const now = born + 60_000;
const deep = ['['.repeat(10_000) + ']'.repeat(10_000), `${'{"a":'.repeat(5000)}0${'}'.repeat(5000)}`];

/** The valid request with exactly one thing spoilt. */
const spoilt = ([operation, body, bad]: (typeof goods)[number]): fc.Arbitrary<WireRequest> => {
  const sent = call(operation, body);
  const text = JSON.stringify(body);
  const asBody = (body: WireRequest['body']): WireRequest => ({ ...sent, body });
  const [field = 'SecretId'] = Object.keys(bad[0] ?? {});
  const target = sent.headers.get('x-amz-target') ?? '';
  const signed = sent.headers.get('authorization') ?? '';
  const headers = (...entries: [string, string][]): WireRequest => ({ ...sent, headers: new Map(entries) });
  return fc.oneof(
    from('GET', 'PUT', 'post', '', '__proto__').map((method) => ({ ...sent, method })),
    from('', '//', '/secrets', '/%2F', '/..').map((target) => ({ ...sent, target })),
    from(
      headers(),
      headers(['x-amz-target', target]),
      headers(['authorization', signed]),
      headers(['x-amz-target', target], ['authorization', 'Basic YTpi']),
      headers(['x-amz-target', target], ['authorization', signed.replace('secretsmanager', 'kms')]),
      headers(['x-amz-target', target.toLowerCase()], ['authorization', signed]),
      headers(['x-amz-target', 'secretsmanager.constructor'], ['authorization', signed]),
    ),
    fc
      .string({ unit: 'binary' })
      .map((name) => headers(['x-amz-target', `secretsmanager.${name}!`], ['authorization', signed])),
    from(`${text}}`, text + text, 'NaN', ' ', '\u0000', 'null', '0', '"{}"', '[]', `[${text}]`, text.slice(0, -1)).map(
      asBody,
    ),
    from([0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80]).map((bytes) =>
      asBody(Uint8Array.from([...Buffer.from(text), ...bytes])),
    ),
    ...(bad.length > 0
      ? [
          { weight: 8, arbitrary: from(...bad).map((change) => call(operation, { ...body, ...change })) },
          from(...deep).map((nested) => asBody(`${text.slice(0, -1)}${text === '{}' ? '' : ','}"${field}":${nested}}`)),
        ]
      : [fc.constant(sent)]),
    from(...[`${text}${' '.repeat(512 * 1024)}`]).map(asBody),
  );
};

test.each(goods.slice(0, -1))('%s is valid before it is changed', (operation, body) => {
  expect(handleAws(worldOf(), call(operation, body), now).response.status).toBe(200);
});

test('every invalid request is refused: the world stays the same, no value is shown, no memory leaks', {
  timeout: 240_000,
}, async () => {
  const emulator = createAwsEmulator({ clock: () => now });
  await emulator.restore(worldOf());
  await expectAllRefused(fc.oneof(...goods.map(spoilt)), {
    emulator,
    answer: (bad): Promise<WireResponse> => emulator.answer(bad),
    type: 'application/x-amz-json-1.1',
    statuses: [400],
    refusal: expect.objectContaining({ __type: expect.stringMatching(/^\w+$/) }),
    values: new RegExp(marker),
  });
});

test('requests for secrets that do not exist leak no memory', async () => {
  const { answer } = createAwsEmulator();
  const ask = async (start: number, end: number) => {
    for (let index = start; index < end; index++)
      await answer(
        call('DeleteSecret', { SecretId: `db-${index}`, ForceDeleteWithoutRecovery: true }, `region-${index}`),
      );
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const before = await ask(0, 500);
  expect((await ask(500, 5000)) - before).toBeLessThan(2_000_000);
});

test('a body of many equals signs, hyphens or separators is read in a moment', () => {
  const { world } = clientWithMany();
  const start = performance.now();
  for (const character of ['=', '-', '/', 'A', ' ', '!']) {
    const long = `${character.repeat(400_000)}!`;
    for (const [operation, field] of [
      ['PutSecretValue', 'SecretBinary'],
      ['GetSecretValue', 'SecretId'],
      ['CreateSecret', 'Description'],
      ['ListSecrets', 'NextToken'],
      ['PutResourcePolicy', 'ResourcePolicy'],
    ] as const)
      handleAws(
        world,
        call(operation, { SecretId: 'db', Name: 'n', ClientRequestToken: token(2), [field]: long }),
        now,
      );
  }
  expect(performance.now() - start).toBeLessThan(20_000);
});

const clientWithMany = () => {
  const client = new AwsClient();
  client.send('CreateSecret', { Name: 'db', SecretString: marker });
  return client;
};
