import { expect, test, vi } from 'vitest';
import { createCsmsEmulator, memoryStore } from '../../src/emulator/index.ts';
import { expectFrozen } from '../expect-frozen.ts';
import { anyToken, Client, clientOfDb, request } from './client.ts';

const config = JSON.stringify({ InstanceId: 'i', SecretSubType: 'SingleUser' });
const all = {
  description: 'of the shop',
  kms_key_id: 'k',
  secret_type: 'RDS-FG',
  auto_rotation: false,
  rotation_period: '30d',
  rotation_config: config,
  event_subscriptions: ['expiry'],
  enterprise_project_id: 'e',
  rotation_func_urn: 'urn:fss:rotate',
};
/** Creates a secret and returns the answer. */
const create = (body: object, client = new Client()) =>
  client.send('POST', '', { name: 'db', secret_string: 'hunter2', ...body });
const refused = (sentence: string) => [400, { error_code: 'CSMS.0002', error_msg: expect.stringContaining(sentence) }];

test('CreateSecret stores all documented fields, and every later answer has them', () => {
  const client = new Client();
  expect(create(all, client)).toMatchObject([200, { secret: all }]);
  client.send('POST', '/db/versions', { secret_string: 'x' });
  client.send('POST', '/db/scheduled-deleted-tasks/create');
  client.send('POST', '/db/scheduled-deleted-tasks/cancel');
  expect(client.send('GET', '/db')).toMatchObject([
    200,
    { secret: { ...all, rotation_time: null, next_rotation_time: null } },
  ]);
  expect(client.send('GET', '')).toMatchObject([200, { secrets: [all] }]);
  expectFrozen(client.world);
});

test('UpdateSecret changes the fields that it is given, and no others', () => {
  const client = new Client();
  create(all, client);
  const changes = { rotation_period: '7h', rotation_func_urn: 'urn:other', event_subscriptions: ['other'] };
  expect(client.send('PUT', '/db', changes)).toMatchObject([200, { secret: { ...all, ...changes } }]);
  const nothing = { rotation_period: null, event_subscriptions: null, auto_rotation: null, rotation_func_urn: null };
  expect(client.send('PUT', '/db', nothing)).toMatchObject([200, { secret: { ...all, ...changes } }]);
  for (const none of [[], ['']]) {
    client.send('PUT', '/db', { event_subscriptions: ['expiry'] });
    const answer = client.send('PUT', '/db', { event_subscriptions: none });
    expect(answer).toMatchObject([200, { secret: { event_subscriptions: [] } }]);
  }
  expectFrozen(client.world);
});

test('ListSecrets filters by an event, also across pages', () => {
  const client = new Client();
  for (const [name, ...events] of [['a', 'x'], ['b'], ['c', 'x'], ['d', 'y'], ['e', 'x'], ['f']])
    client.send('POST', '', { name, secret_string: 'x', event_subscriptions: events });
  const page = (query: string) => {
    const { secrets, page_info } = Object(client.send('GET', `?${query}`)[1]);
    return [...secrets.map(({ name }: { name: string }) => name), page_info.next_marker];
  };
  expect(page('event_name=x')).toEqual(['a', 'c', 'e', null]);
  expect(page('event_name=x&limit=2')).toEqual(['a', 'c', 'c']);
  expect(page('event_name=x&limit=2&marker=c')).toEqual(['e', null]);
  // Nothing after the page has the event, so it is the last one.
  expect(page('event_name=x&limit=3')).toEqual(['a', 'c', 'e', null]);
  expect(page('event_name=none')).toEqual([null]);
  expect(page('event_name=&limit=1')).toEqual(['a', 'a']);
});

test('auto_rotation: true is refused', () => {
  const sentence = 'body.auto_rotation must be false, because this emulator does not rotate secrets.';
  for (const secret_type of ['COMMON', 'RDS-FG'])
    expect(create({ ...all, secret_type, auto_rotation: true })).toEqual(refused(sentence));
  const client = clientOfDb();
  const { world } = client;
  expect(client.send('PUT', '/db', { auto_rotation: true, rotation_period: '30d' })).toEqual(refused(sentence));
  expect(client.world).toBe(world);
});

test.each([
  [{ secret_type: 'RDS' }, 'body.secret_type must be COMMON, RDS-FG or GaussDB-FG.'],
  [{ secret_type: 'RDS-FG' }, 'body.rotation_config must be JSON text with InstanceId and a SecretSubType of'],
  [{ secret_type: 'GaussDB-FG', rotation_config: '{"InstanceId":"i"}' }, 'body.rotation_config must be JSON text'],
  [{ secret_type: 'RDS-FG', rotation_config: config.replace('SingleUser', 'x') }, 'body.rotation_config must be'],
  [{ secret_type: 'RDS-FG', rotation_config: '{"SecretSubType":"SingleUser"}' }, 'body.rotation_config must be'],
  [{ rotation_config: 'x'.repeat(1025) }, 'body.rotation_config must be at most 1024 characters.'],
  [{ event_subscriptions: ['a', 'b'] }, 'body.event_subscriptions must be a list of at most one event.'],
  [{ event_subscriptions: ['x'.repeat(33)] }, 'body.event_subscriptions[0] must be at most 32 characters.'],
  [{ enterprise_project_id: '' }, 'body.enterprise_project_id must be 1 to 36 characters.'],
  [{ tags: [] }, 'body.tags must be omitted, because only BatchCreateOrDeleteTags adds tags.'],
  [{ version_stages: ['x'] }, 'body.version_stages must be omitted, because the first version gets SYSCURRENT.'],
  [{ expire_time: 5 }, 'body.expire_time must be omitted, because UpdateVersion sets it.'],
])('CreateSecret refuses %j', (body, sentence) => {
  expect(create(body)).toEqual(refused(sentence));
});

test.each([
  'secret_string',
  'secret_binary',
  'name',
  'tags',
  'secret_type',
  'rotation_config',
  'enterprise_project_id',
])('UpdateSecret refuses %s, which it does not change', (field) => {
  const client = clientOfDb();
  expect(client.send('PUT', '/db', { [field]: 'x' })).toEqual(refused(`body.${field} must be omitted, because `));
  expect(client.send('PUT', '/db', { [field]: null })[0]).toBe(200);
});

test('CreateSecret accepts the longest fields', () => {
  const longest = {
    description: '€'.repeat(682),
    kms_key_id: 'k'.repeat(64),
    rotation_config: 'x'.repeat(1024),
    event_subscriptions: ['x'.repeat(32)],
    enterprise_project_id: '𝔁'.repeat(36),
  };
  expect(create(longest)).toMatchObject([200, { secret: longest }]);
});

test('a secret of a database must have its configuration, and a COMMON secret can have any', () => {
  const of = (SecretSubType: string) => JSON.stringify({ InstanceId: '', SecretSubType });
  expect(create({ secret_type: 'GaussDB-FG', rotation_config: of('MultiUser') })[0]).toBe(200);
  expect(create({ secret_type: 'COMMON', rotation_config: 'any' })[0]).toBe(200);
  expect(create({ secret_type: null, rotation_config: null })[0]).toBe(200);
  expect(create({ secret_type: 5 })).toMatchObject([400, { error_code: 'CSMS.0004' }]);
});

test('a rotation period must be 6 hours to 365 days, in one unit', () => {
  const statusOf = (rotation_period: unknown) => create({ rotation_period })[0];
  for (const period of ['6h', '8760h', '1d', '365d', '360m', '525600m', '21600s', '31536000s'])
    expect(statusOf(period), period).toBe(200);
  for (const period of [
    '5h',
    '8761h',
    '0d',
    '366d',
    '359m',
    '525601m',
    '21599s',
    '31536001s',
    '1',
    'd',
    '1 d',
    '1.5d',
    '7w',
    '',
  ])
    expect(create({ rotation_period: period }), period).toEqual(
      refused('body.rotation_period must be 6 hours to 365 days'),
    );
  expect(statusOf(30)).toBe(400);
});

test('BatchShowSecretVersion returns the current values of the named secrets', () => {
  const client = clientOfDb();
  client.send('POST', '', { name: 'api', secret_binary: 'AAEC' });
  client.send('POST', '/db/versions', { secret_string: 'hunter3' });
  client.send('POST', '/db/versions', { secret_string: 'next', version_stages: ['pending'] });
  const batch = (body?: object) => client.send('POST', '/batch-get-secret-value', body);
  expect(batch({ secret_name_list: ['db', 'api'] })).toEqual([
    200,
    {
      versions: [
        {
          version_metadata: expect.objectContaining({ id: 'v2', secret_name: 'db', version_stages: ['SYSCURRENT'] }),
          secret_string: 'hunter3',
          secret_binary: null,
        },
        {
          version_metadata: expect.objectContaining({ id: 'v1', secret_name: 'api' }),
          secret_string: null,
          secret_binary: 'AAEC',
        },
      ],
      total_count: 2,
    },
  ]);
  expect(batch({ secret_name_list: [] })).toEqual([200, { versions: [], total_count: 0 }]);
  expect(batch({ secret_name_list: ['db', 'none'] })).toMatchObject([400, { error_code: 'CSMS.0106' }]);
  expect(batch({ secret_name_list: ['/'] })).toMatchObject([400, { error_code: 'CSMS.0002' }]);
  expect(batch({ secret_name_list: ['db', 'api', 'db'] })).toEqual(
    refused('body.secret_name_list must be a list with each name once.'),
  );
  expect(batch({})).toMatchObject([400, { error_msg: expect.stringContaining('body.secret_name_list is required.') }]);
  client.send('POST', '/api/scheduled-deleted-tasks/create');
  expect(batch({ secret_name_list: ['db', 'api'] })).toMatchObject([400, { error_code: 'CSMS.0103' }]);
  expect(client.send('GET', '/batch-get-secret-value')).toMatchObject([400, { error_code: 'CSMS.0106' }]);
});

test('GenerateRandomPassword returns a password that depends on the request, the project and the time', () => {
  const client = new Client();
  const { now } = client;
  const passwordOf = (body?: object, project = 'p', at = now) => {
    client.now = at;
    const [status, answer] = client.sendRaw({
      method: 'POST',
      target: `/v1/${project}/csms/generate-password`,
      headers: new Map([['x-auth-token', 'any']]),
      body: body && JSON.stringify(body),
    });
    return status === 200 ? String(Object(answer).password) : `${status} ${Object(answer).error_msg}`;
  };
  expect(passwordOf()).toMatch(/^[!-~]{32}$/);
  expect(passwordOf()).toBe(passwordOf({}));
  expect(passwordOf({ length: 31 })).toHaveLength(31);
  // The time of a password must not grow with the length of the request: this took more than a minute.
  expect(passwordOf({ length: 4096, exclude_characters: '€'.repeat(160_000) })).toHaveLength(4096);
  expect(new Set([passwordOf(), passwordOf({}, 'q'), passwordOf({}, 'p', now + 1)]).size).toBe(3);
  const onlyNumbers = { exclude_lowercase: true, exclude_uppercase: true, exclude_punctuation: true };
  expect(passwordOf({ ...onlyNumbers, exclude_characters: '0123' })).toMatch(/^[4-9]{32}$/);
  expect(passwordOf({ ...onlyNumbers, exclude_numbers: true, include_space: true, length: 3 })).toBe('   ');
  expect(passwordOf({ length: 4, require_each_included_type: true })).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)/);
  const invalid = '400 The value of parameter is invalid. ';
  expect(passwordOf({ ...onlyNumbers, exclude_numbers: true })).toBe(`${invalid}body must not exclude all characters.`);
  expect(passwordOf({ exclude_characters: '0123456789', require_each_included_type: true })).toBe(
    `${invalid}body.exclude_characters must leave a character of each included type.`,
  );
  expect(passwordOf({ length: 3, require_each_included_type: true })).toBe(
    `${invalid}body.length must be at least the number of included types, because each is required.`,
  );
  for (const length of [0, 1.5, 4097])
    expect(passwordOf({ length })).toBe(`${invalid}body.length must be a whole number from 1 to 4096.`);
  expect(passwordOf({ password_policy_name: 'p' })).toBe(
    `${invalid}body.password_policy_name must be omitted, because the emulator has no password policies.`,
  );
});

test('GenerateRandomPassword reads nothing, and BatchShowSecretVersion only the named secrets', async () => {
  const store = memoryStore();
  const { answer } = createCsmsEmulator({ store, clock: () => 1_581_507_580_000 });
  const secret = { name: 'db', secret_string: 'hunter2' };
  await answer(request('POST', '', secret));
  await answer(request('POST', '', { ...secret, name: 'api' }));
  const read = vi.spyOn(store, 'read');
  await answer({ method: 'POST', target: '/v1/p/csms/generate-password', headers: anyToken });
  expect(read).not.toHaveBeenCalled();
  expect((await answer(request('POST', '/batch-get-secret-value', { secret_name_list: ['db'] }))).status).toBe(200);
  expect(read).toHaveBeenCalledOnce();
});

test('GenerateRandomPassword does not wait for other calls', async () => {
  const { answer } = createCsmsEmulator({ store: { ...memoryStore(), commit: () => new Promise<boolean>(() => {}) } });
  void answer(request('POST', '', { name: 'db', secret_string: 'hunter2' }));
  const call = { method: 'POST', target: '/v1/p/csms/generate-password', headers: anyToken };
  expect((await answer(call)).status).toBe(200);
});

test('GenerateRandomPassword of an emulator returns another password at the same time', async () => {
  const { answer } = createCsmsEmulator({ clock: () => 1_581_507_580_000 });
  const call = { method: 'POST', target: '/v1/p/csms/generate-password', headers: anyToken };
  const draw = async () => (await answer(call)).body;
  expect(await draw()).not.toBe(await draw());
});
