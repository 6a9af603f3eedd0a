import { expect, test } from 'vitest';
import { type Credentials, emptyWorld, handleCsms, type Secret } from '../../src/emulator/index.ts';
import {
  awsSecretsManager,
  createSecret,
  createVersion,
  defineDialect,
  googleSecretManager,
  huaweiCsms,
  pruneDeprecated,
  setStatus,
  stagesOf,
  violations,
} from '../../src/index.ts';
import { expectFrozen } from '../expect-frozen.ts';
import { anyToken, Client, clientOfDb, request } from './client.ts';
import { notEmulated } from './documented.ts';

const day = 86_400_000;
const born = 1_581_507_581_000;
const error = (code: string, msg: string | RegExp) => ({
  error_code: `CSMS.${code}`,
  error_msg: typeof msg === 'string' ? msg : expect.stringMatching(msg),
});

test('CreateSecret returns the secret, and puts SYSCURRENT on its first version', () => {
  const client = new Client();
  const body = { name: 'db', secret_string: 'hunter2', description: 'of the shop', kms_key_id: 'k', other: [1] };
  expect(client.send('POST', '', body)).toEqual([
    200,
    {
      secret: {
        id: expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
        name: 'db',
        state: 'ENABLED',
        kms_key_id: 'k',
        description: 'of the shop',
        create_time: born,
        update_time: born,
        scheduled_delete_time: null,
        secret_type: 'COMMON',
        auto_rotation: false,
        rotation_period: null,
        rotation_config: null,
        rotation_time: null,
        next_rotation_time: null,
        event_subscriptions: [],
        enterprise_project_id: '0',
        rotation_func_urn: null,
      },
    },
  ]);
  expect(client.state()).toEqual(createSecret({ name: 'db', at: born }));
  expectFrozen(client.world);
});

test('UpdateSecret changes the description and the key, and older versions keep their key', () => {
  const client = clientOfDb();
  const secret = (changes: object) => [200, { secret: expect.objectContaining(changes) }];
  const update = (body: object) => client.send('PUT', '/db', body);
  expect(update({ description: 'new' })).toEqual(
    secret({ description: 'new', kms_key_id: 'csms/default', create_time: born, update_time: born + 1000 }),
  );
  expect(update({ kms_key_id: 'k' })).toEqual(secret({ description: 'new', kms_key_id: 'k' }));
  client.send('POST', '/db/versions', { secret_string: 'x' });
  expect(update({})).toEqual(secret({ description: 'new', kms_key_id: 'k' }));
  expect(update({ kms_key_id: 'l', description: null })).toEqual(secret({ description: 'new', kms_key_id: 'l' }));
  client.send('POST', '/db/versions', { secret_string: 'x', version_stages: [] });
  expect(client.send('GET', '/db/versions')).toMatchObject([
    200,
    { version_metadatas: [{ kms_key_id: 'csms/default' }, { kms_key_id: 'k' }, { kms_key_id: 'l' }] },
  ]);
  expect(client.errorOf('PUT', '/db', { description: 'é'.repeat(1025) })).toBe('400 CSMS.0002');
  expect(client.errorOf('PUT', '/db', { kms_key_id: 5 })).toBe('400 CSMS.0004');
  client.send('POST', '/db/scheduled-deleted-tasks/create');
  expect(client.errorOf('PUT', '/db', { description: 'x' })).toBe('400 CSMS.0103');
  expectFrozen(client.world);
});

test('CreateSecret uses the defaults of CSMS for omitted fields', () => {
  const client = clientOfDb();
  expect(client.send('GET', '/db')).toMatchObject([200, { secret: { kms_key_id: 'csms/default', description: '' } }]);
  const bare = { name: 'other', secret_binary: 'AAEC', description: null, kms_key_id: null, secret_string: null };
  expect(client.send('POST', '', bare)).toMatchObject([200, { secret: { description: '' } }]);
});

test('a version requires exactly one value of at most 32 KiB, and a binary value in base64', () => {
  const client = clientOfDb();
  for (const path of ['', '/db/versions']) {
    const send = (values: object) => client.send('POST', path, { name: 'other', ...values });
    const wrong = (msg: RegExp) => [400, error('0002', msg)];
    expect(send({})).toEqual(
      wrong(/^The value of parameter is invalid\. body\.secret_string or body\.secret_binary is required\.$/),
    );
    expect(send({ secret_string: 'a', secret_binary: 'AAEC' })).toEqual(
      wrong(/body\.secret_binary must be omitted if secret_string is given\.$/),
    );
    expect(send({ secret_string: 'é'.repeat(16_385) })).toEqual(
      wrong(/body\.secret_string must be at most 32768 bytes/),
    );
    expect(send({ secret_binary: 'AAE' })).toEqual(wrong(/body\.secret_binary must be base64\.$/));
    expect(send({ secret_string: 5 })).toEqual([400, error('0004', /body\.secret_string must be a string\.$/)]);
  }
  expect(client.send('POST', '/db/versions', { secret_string: 'é'.repeat(16_384) })[0]).toBe(200);
  expect(client.send('POST', '/db/versions', { secret_string: '' })[0]).toBe(200);
  expect(client.send('POST', '/db/versions', { secret_binary: 'AAECAw==' })[0]).toBe(200);
});

test('CreateSecret refuses a name that exists, and the 501st secret of a project', () => {
  const client = clientOfDb();
  expect(client.send('POST', '', { name: 'db', secret_string: 'x' })).toEqual([
    400,
    error('0002', /already exists\. Choose another name/),
  ]);
  for (let index = 1; index < 500; index++) client.send('POST', '', { name: `s${index}`, secret_string: 'x' });
  expect(client.send('POST', '', { name: 'one-more', secret_string: 'x' })).toEqual([
    400,
    error(
      '0202',
      'The number of secret has reached the upper limit. The project has reached its limit of 500 secrets. Delete one first.',
    ),
  ]);
  expect(client.send('DELETE', '/s7')).toEqual([204, null]);
  expect(client.send('POST', '', { name: 'one-more', secret_string: 'x' })[0]).toBe(200);
  expect(client.errorOf('POST', '', { name: 'yet-another', secret_string: 'x' })).toBe('400 CSMS.0202');
});

test('secretsAProject sets the limit of secrets', () => {
  const client = clientOfDb({ secretsAProject: 1 });
  expect(client.errorOf('POST', '', { name: 'other', secret_string: 'x' })).toBe('400 CSMS.0202');
});

test('projects do not share secrets', () => {
  const client = clientOfDb();
  const elsewhere = (method: string, path: string, body?: string) =>
    client.sendRaw({ method, target: `/v1/q/secrets${path}`, headers: anyToken, body });
  expect(elsewhere('GET', '/db')).toMatchObject([400, { error_code: 'CSMS.0106' }]);
  expect(elsewhere('GET', '')).toMatchObject([200, { secrets: [] }]);
  expect(elsewhere('POST', '', '{"name":"db","secret_string":"x"}')[0]).toBe(200);
  expect(elsewhere('DELETE', '/db')[0]).toBe(204);
  expect(client.send('GET', '/db')[0]).toBe(200);
  expect(Object.keys(client.world.projects)).toEqual(['p']);
});

test('projects and secrets can have any valid name, and are found only by their own', () => {
  const client = new Client();
  for (const project of ['__proto__', 'constructor', '{project_id}', 'a b']) {
    const target = `/v1/${encodeURIComponent(project)}/secrets`;
    const body = '{"name":"__proto__","secret_string":"x"}';
    expect(client.sendRaw({ method: 'POST', target, headers: anyToken, body })[0]).toBe(200);
    expect(client.sendRaw({ method: 'GET', target: `${target}/__proto__`, headers: anyToken })[0]).toBe(200);
    expect(client.sendRaw({ method: 'GET', target: `${target}/toString`, headers: anyToken })[0]).toBe(400);
    expect(client.sendRaw({ method: 'DELETE', target: `${target}/__proto__`, headers: anyToken })[0]).toBe(204);
  }
  for (const project of ['%00', 'a'.repeat(65)]) {
    const target = `/v1/${project}/secrets`;
    expect(client.sendRaw({ method: 'GET', target, headers: anyToken })).toEqual([
      400,
      error('0002', /project_id must be 1 to 64 printable characters/),
    ]);
  }
});

test('CreateSecretVersion returns the version with SYSCURRENT, and moves SYSPREVIOUS to the version before', () => {
  const client = clientOfDb();
  expect(client.send('POST', '/db/versions', { secret_string: 'hunter3' })).toEqual([
    200,
    {
      version_metadata: {
        id: 'v2',
        create_time: born + 1000,
        expire_time: null,
        kms_key_id: 'csms/default',
        secret_name: 'db',
        version_stages: ['SYSCURRENT'],
      },
    },
  ]);
  expect(client.send('GET', '/db/stages/SYSPREVIOUS')).toMatchObject([200, { stage: { version_id: 'v1' } }]);
  expect(client.send('GET', '/db')).toMatchObject([200, { secret: { update_time: born + 1000, create_time: born } }]);
});

test('CreateSecretVersion with version_stages moves exactly those stages', () => {
  const client = clientOfDb();
  const body = { secret_string: 'x', version_stages: ['canary', 'blue'], expire_time: 1_600_000_000_000 };
  expect(client.send('POST', '/db/versions', body)).toMatchObject([
    200,
    { version_metadata: { version_stages: ['blue', 'canary'], expire_time: 1_600_000_000_000 } },
  ]);
  expect(client.send('POST', '/db/versions', { secret_string: 'x', version_stages: [] })).toMatchObject([
    200,
    { version_metadata: { version_stages: [] } },
  ]);
  expect(client.send('GET', '/db/stages/SYSCURRENT')).toMatchObject([200, { stage: { version_id: 'v1' } }]);
});

test('UpdateSecretStage adds and moves a stage, with the response of the documentation', () => {
  const client = clientOfDb();
  client.send('POST', '/db/versions', { secret_string: 'x' });
  const stage = (version_id: string, update_time: number) => ({
    stage: { name: 'canary', version_id, secret_name: 'db', update_time },
  });
  expect(client.send('PUT', '/db/stages/canary', { version_id: 'v1' })).toEqual([200, stage('v1', born + 2000)]);
  expect(client.send('POST', '/db/stages', { name: 'canary', version_id: 'v2' })).toEqual([
    200,
    stage('v2', born + 3000),
  ]);
  expect(client.send('GET', '/db/stages/canary')).toEqual([200, stage('v2', born + 3000)]);
  expect(client.send('DELETE', '/db/stages/canary')).toEqual([204, null]);
  expect(client.send('GET', '/db/stages/canary')).toEqual([400, error('0005', /Stage "canary" is on no version/)]);
});

test('a refusal of the model has its code and message of CSMS, and a sentence', () => {
  const client = clientOfDb();
  expect(client.send('DELETE', '/db/stages/SYSCURRENT')).toEqual([
    400,
    error(
      '0105',
      'Can not delete the system internal stage. Stage "SYSCURRENT" is built in, so it can move but not be removed. It is on version "v1".',
    ),
  ]);
  expect(client.errorOf('DELETE', '/db/stages/canary')).toBe('400 CSMS.0005');
  expect(client.errorOf('PUT', '/db/stages/canary', { version_id: 'v9' })).toBe('400 CSMS.0005');
  expect(client.errorOf('PUT', '/db/stages/a%20b', { version_id: 'v1' })).toBe('400 CSMS.0002');
  const many = Array.from({ length: 13 }, (_, index) => `s${index}`);
  expect(client.errorOf('POST', '/db/versions', { secret_string: 'x', version_stages: many })).toBe('400 CSMS.0204');
  for (const name of many.slice(0, 11)) client.send('PUT', `/db/stages/${name}`, { version_id: 'v1' });
  expect(client.errorOf('PUT', '/db/stages/s11', { version_id: 'v1' })).toBe('400 CSMS.0203');
  expect(client.errorOf('GET', '/other')).toBe('400 CSMS.0106');
  expect(client.send('GET', '/a%20b')).toEqual([
    400,
    error('0002', /secret_name must be text that matches .*; got the string "a b"\.$/),
  ]);
  expect(client.send('GET', '/other')).toEqual([
    400,
    error('0106', /Secret "other" does not exist in this project\. Create it first\.$/),
  ]);
  expect(client.errorOf('POST', '', { name: 'a b', secret_string: 'x' })).toBe('400 CSMS.0002');
});

test('CreateSecretVersion refuses the 21st version unless one is deprecated', () => {
  const client = clientOfDb();
  for (let index = 0; index < 10; index++) {
    client.send('POST', '/db/versions', { secret_string: 'x', version_stages: [`s${index}`] });
  }
  for (let index = 0; index < 9; index++)
    client.send('POST', '/db/versions', { secret_string: 'x', version_stages: [] });
  expect(client.send('GET', '/db/versions')).toMatchObject([200, { page_info: { current_count: 20 } }]);
  expect(client.send('GET', '/db/versions/v12')[0]).toBe(200);
  expect(client.send('POST', '/db/versions', { secret_string: 'x', version_stages: [], expire_time: 5 })[0]).toBe(200);
  expect(client.errorOf('GET', '/db/versions/v12')).toBe('400 CSMS.0005');
  const secret = client.world.projects['p']?.secrets['db'];
  expect(Object.keys(secret?.values ?? {}).sort()).toEqual(Object.keys(secret?.state.versions ?? {}).sort());
  client.send('PUT', '/db/versions/v13', { expire_time: 7 });
  client.send('POST', '/db/versions', { secret_string: 'x', version_stages: [] });
  expect(client.world.projects['p']?.secrets['db']?.expireTimes).toEqual({ v21: 5 });
  client.send('PUT', '/db', { kms_key_id: 'k' });
  client.send('POST', '/db/versions', { secret_string: 'x', version_stages: [] });
  expect(client.world.projects['p']?.secrets['db']?.kmsKeyIds).not.toHaveProperty('v14');
});

test('ShowSecretVersion returns the value of a version, by its id or as latest', () => {
  const client = clientOfDb();
  client.send('POST', '/db/versions', { secret_binary: 'AAEC' });
  client.send('POST', '/db/versions', { secret_string: 'of v3', version_stages: ['canary'] });
  const value = (path: string) => client.send('GET', `/db/versions/${path}`)[1];
  expect(value('v1')).toMatchObject({ version: { secret_string: 'hunter2', secret_binary: null } });
  expect(value('v2')).toMatchObject({ version: { secret_string: null, secret_binary: 'AAEC' } });
  expect(value('latest')).toEqual({
    version: {
      version_metadata: expect.objectContaining({ id: 'v2', version_stages: ['SYSCURRENT'] }),
      secret_string: null,
      secret_binary: 'AAEC',
    },
  });
  client.send('PUT', '/db/stages/SYSCURRENT', { version_id: 'v1' });
  expect(value('latest')).toMatchObject({ version: { version_metadata: { id: 'v1' } } });
  expect(client.errorOf('GET', '/db/versions/v9')).toBe('400 CSMS.0005');
  expect(client.errorOf('PUT', '/db/stages/canary', { version_id: 'latest' })).toBe('400 CSMS.0005');
});

test('an expiry time is shown, and an expired version can still be read', () => {
  const client = clientOfDb();
  expect(client.send('PUT', '/db/versions/v1', { expire_time: 5 })).toMatchObject([
    200,
    { version_metadata: { id: 'v1', expire_time: 5 } },
  ]);
  expect(client.send('GET', '/db/versions')).toMatchObject([200, { version_metadatas: [{ expire_time: 5 }] }]);
  expect(client.send('GET', '/db/versions/v1')[0]).toBe(200);
  expect(client.send('GET', '/db')).toMatchObject([200, { secret: { update_time: born + 1000 } }]);
  expect(client.errorOf('PUT', '/db/versions/v9', { expire_time: 5 })).toBe('400 CSMS.0005');
  expect(client.errorOf('PUT', '/db/versions/v1', { expire_time: 0.5 })).toBe('400 CSMS.0002');
  expect(client.errorOf('PUT', '/db/versions/v1', {})).toBe('400 CSMS.0004');
});

test('lists have pages of 50 by default', () => {
  const client = new Client();
  for (const name of ['c', 'a', 'b']) client.send('POST', '', { name, secret_string: 'x' });
  const page = (path: string) => {
    const [, body] = client.send('GET', path);
    const { secrets = [], version_metadatas = [], page_info } = Object(body);
    return { ids: [...secrets, ...version_metadatas].map(({ name, id }) => name ?? id), ...page_info };
  };
  expect(page('')).toEqual({ ids: ['a', 'b', 'c'], next_marker: null, previous_marker: 'a', current_count: 3 });
  expect(page('?limit=1')).toMatchObject({ ids: ['a'], next_marker: 'a' });
  expect(page('?limit=3&marker=')).toMatchObject({ ids: ['a', 'b', 'c'] });
  expect(client.send('GET', '?limit=1&limit=3')).toEqual([
    400,
    error('0002', 'The value of parameter is invalid. The query must have "limit" only once.'),
  ]);
  expect(page('?limit=3')).toMatchObject({ ids: ['a', 'b', 'c'], next_marker: null });
  expect(page('?limit=2')).toEqual({ ids: ['a', 'b'], next_marker: 'b', previous_marker: 'a', current_count: 2 });
  expect(page('?limit=2&marker=b')).toEqual({ ids: ['c'], next_marker: null, previous_marker: 'c', current_count: 1 });
  expect(page('?marker=c')).toEqual({ ids: [], next_marker: null, previous_marker: null, current_count: 0 });
  for (let index = 0; index < 2; index++) client.send('POST', '/a/versions', { secret_string: 'x' });
  expect(page('/a/versions?limit=2')).toMatchObject({ ids: ['v1', 'v2'], next_marker: 'v2' });
  expect(page('/a/versions?limit=2&marker=v2')).toMatchObject({ ids: ['v3'], next_marker: null });
  expect(page('/a/versions?marker=')).toMatchObject({ ids: ['v1', 'v2', 'v3'] });
  expect(client.send('GET', '/a/versions?marker=v9')).toEqual([
    400,
    error('0002', /marker must be the id of a version/),
  ]);
  for (const limit of ['0', '-1', '1.5', '1001', '10000', '21000', 'x', '']) {
    expect(client.send('GET', `?limit=${limit}`)).toEqual([
      400,
      error('0002', /limit must be a whole number from 1 to 1000/),
    ]);
  }
  expect(client.send('GET', '?limit=1000')[0]).toBe(200);
  for (let index = 0; index < 60; index++) client.send('POST', '', { name: `s${index}`, secret_string: 'x' });
  expect(page('').current_count).toBe(50);
});

test('a scheduled deletion can be cancelled, and comes due after its recovery window', () => {
  const client = clientOfDb();
  const schedule = (days?: number) =>
    client.send('POST', '/db/scheduled-deleted-tasks/create', { recovery_window_in_days: days });
  expect(schedule(7)).toMatchObject([
    200,
    { secret: { state: 'PENDING_DELETE', scheduled_delete_time: born + 1000 + 7 * day } },
  ]);
  expect(schedule()).toMatchObject([400, { error_code: 'CSMS.0107' }]);
  const waiting = [
    ['PUT', '/db/stages/canary', { version_id: 'v1' }],
    ['POST', '/db/versions', { secret_string: 'x' }],
    ['GET', '/db/versions/v1'],
    ['PUT', '/db/versions/v1', { expire_time: 5 }],
    ['DELETE', '/db/stages/SYSCURRENT'],
  ] as const;
  for (const [method, path, body] of waiting) expect(client.errorOf(method, path, body)).toBe('400 CSMS.0103');
  for (const path of ['/db', '/db/versions', '/db/stages/SYSCURRENT', ''])
    expect(client.send('GET', path)[0]).toBe(200);
  expect(client.send('POST', '/db/scheduled-deleted-tasks/cancel')).toMatchObject([
    200,
    { secret: { state: 'ENABLED', scheduled_delete_time: null } },
  ]);
  expect(client.errorOf('POST', '/db/scheduled-deleted-tasks/cancel')).toBe('400 CSMS.0108');

  client.send('POST', '/db/scheduled-deleted-tasks/create');
  client.now += 30 * day - 2000;
  expect(client.send('GET', '')).toMatchObject([200, { secrets: [{ name: 'db' }] }]);
  expect(client.errorOf('GET', '/db')).toBe('400 CSMS.0106');
  expect(client.send('GET', '')).toMatchObject([200, { secrets: [] }]);
  expect(client.errorOf('POST', '/db/scheduled-deleted-tasks/cancel')).toBe('400 CSMS.0106');
});

test('a secret whose deletion is due makes room, loses its values, and frees its name', () => {
  const client = clientOfDb({ secretsAProject: 1 });
  client.send('POST', '/db/scheduled-deleted-tasks/create', { recovery_window_in_days: 7 });
  expect(client.errorOf('POST', '', { name: 'other', secret_string: 'x' })).toBe('400 CSMS.0202');
  client.now += 7 * day;
  expect(client.send('POST', '', { name: 'other', secret_string: 'x' })[0]).toBe(200);
  expect(Object.keys(client.world.projects['p']?.secrets ?? {})).toEqual(['other']);
  client.send('POST', '/other/scheduled-deleted-tasks/create', { recovery_window_in_days: 7 });
  client.now += 7 * day;
  expect(client.send('POST', '', { name: 'other', secret_string: 'y' })[0]).toBe(200);
  expect(client.send('GET', '/other/versions/latest')).toMatchObject([200, { version: { secret_string: 'y' } }]);
});

test('DeleteSecretForSchedule requires a recovery window of 7 to 30 days', () => {
  const client = clientOfDb();
  for (const days of [6, 31, 7.5]) {
    const body = { recovery_window_in_days: days };
    expect(client.errorOf('POST', '/db/scheduled-deleted-tasks/create', body)).toBe('400 CSMS.0002');
  }
  expect(client.send('POST', '/db/scheduled-deleted-tasks/create', { recovery_window_in_days: 6 })[1]).toEqual(
    error('0002', /body\.recovery_window_in_days must be a whole number from 7 to 30; got 6\.$/),
  );
  expect(client.errorOf('POST', '/db/scheduled-deleted-tasks/create', { recovery_window_in_days: '7' })).toBe(
    '400 CSMS.0004',
  );
});

test('DeleteSecret deletes a secret permanently', () => {
  const client = clientOfDb();
  expect(client.send('DELETE', '/db')).toEqual([204, null]);
  expect(client.world).toEqual({ projects: {} });
  expect(client.errorOf('DELETE', '/db')).toBe('400 CSMS.0106');
});

test('calls on a disabled secret get a 403', () => {
  const client = clientOfDb();
  const { secrets } = client.world.projects['p'] ?? { secrets: {} };
  const db = secrets['db'] as Secret;
  const disabled = { ...db, state: setStatus(db.state, { status: 'DISABLED', at: born }) };
  client.world = { projects: { p: { secrets: { db: disabled } } } };
  expect(client.errorOf('PUT', '/db/stages/canary', { version_id: 'v1' })).toBe('403 CSMS.0109');
  expect(client.errorOf('GET', '/db/versions/latest')).toBe('403 CSMS.0109');
});

test('missingStatus sets the status for things that do not exist', () => {
  const client = clientOfDb({ missingStatus: 404 });
  expect(client.errorOf('GET', '/other')).toBe('404 CSMS.0106');
  expect(client.errorOf('GET', '/db/stages/canary')).toBe('404 CSMS.0005');
  expect(client.errorOf('PUT', '/db/stages/a%20b', { version_id: 'v1' })).toBe('400 CSMS.0002');
});

test('unauthorizedStatus sets the status for missing or invalid credentials', () => {
  const statuses = (options: object) => {
    const client = clientOfDb(options);
    const headers = new Map();
    return [client.sendRaw({ ...request('GET', ''), headers }), client.send('GET', '/other')].map(([status]) => status);
  };
  expect(statuses({})).toEqual([400, 400]);
  expect(statuses({ unauthorizedStatus: 401 })).toEqual([401, 400]);
  expect(statuses({ unauthorizedStatus: 401, credentials: { tokens: [{ token: 'x' }] } })).toEqual([401, 401]);
});

test('an invalid option or time throws', () => {
  const list = (options: object, now = 0) => handleCsms(emptyWorld, request('GET', ''), now, options);
  for (const bad of [-1, 0.5, Number.NaN]) {
    expect(() => list({ secretsAProject: bad })).toThrow(
      /^`secretsAProject` must be a whole number from 0 to 1e15; got /,
    );
    expect(() => list({}, bad)).toThrow(/^`now` must be epoch milliseconds as a number; got /);
  }
  expect(() => list({ missingStatus: 500 })).toThrow('`missingStatus` must be 400 or 404; got 500.');
  expect(() => list({ unauthorizedStatus: 403 })).toThrow('`unauthorizedStatus` must be 400 or 401; got 403.');
  expect(() => list({ credentials: { tokens: ['a'] } })).toThrow(
    /^credentials: tokens\[0\] must be an object\. Example: \{"tokens"/,
  );
  expect(() => list({ credentials: {} })).toThrow(
    /^credentials must be an object with at least one token or key\. Example/,
  );
  expect(list({ secretsAProject: 0, missingStatus: 404 }).response.status).toBe(200);
});

test('createCsmsEmulator applies the rules of its dialect', () => {
  const changes = { stages: { previousFollows: 'any-move' }, versions: { idPrefix: 'r' } } as const;
  const client = clientOfDb({ dialect: defineDialect(huaweiCsms, changes) });
  client.send('POST', '/db/versions', { secret_string: 'x' });
  client.send('PUT', '/db/stages/SYSCURRENT', { version_id: 'r1' });
  expect(client.send('GET', '/db/stages/SYSPREVIOUS')).toMatchObject([200, { stage: { version_id: 'r2' } }]);
});

test('an emulator of another dialect refuses with the codes of CSMS', () => {
  const aws = clientOfDb({ dialect: awsSecretsManager });
  const [first] = Object.keys(aws.state()?.versions ?? {});
  aws.send('POST', '/db/versions', { secret_string: 'x', version_stages: ['AWSPENDING'] });
  const [, second] = Object.keys(aws.state()?.versions ?? {});
  expect(aws.send('PUT', '/db/stages/AWSCURRENT', { version_id: second })).toEqual([
    400,
    error(
      '0002',
      new RegExp(`^The value of parameter is invalid\\. Stage "AWSCURRENT" is on version "${first}"\\. Pass `),
    ),
  ]);
  const google = clientOfDb({ dialect: googleSecretManager });
  const before = google.state();
  expect(google.send('POST', '/db/scheduled-deleted-tasks/create', {})).toEqual([
    400,
    error('0003', 'The request is invalid. Google Secret Manager does not support scheduleDeletion. Omit it.'),
  ]);
  expect(google.state()).toBe(before);
});

test('handleCsms ignores a secret of another dialect whose deletion is due', () => {
  const client = clientOfDb();
  client.send('POST', '/db/scheduled-deleted-tasks/create', { recovery_window_in_days: 7 });
  const later = client.now + 8 * 24 * 60 * 60 * 1000;
  const options = { dialect: awsSecretsManager };
  const creation = request('POST', '', { name: 'other', secret_string: 'x' });
  const created = handleCsms(client.world, creation, later, options);
  expect(created.response.status).toBe(200);
  expect(Object.keys(created.world.projects['p']?.secrets ?? {})).toEqual(['other']);
  expect(handleCsms(client.world, request('GET', '/db'), later, options).response.status).toBe(400);
});

test('handleCsms throws for a world with a secret of another dialect', () => {
  const { world } = clientOfDb();
  const read = (path: string) => () => handleCsms(world, request('GET', path), born, { dialect: awsSecretsManager });
  const refusal = { code: 'WRONG_DIALECT', stateDialect: 'huawei-csms', dialect: 'aws-secrets-manager' };
  for (const path of ['', '/db', '/db/versions/latest'])
    expect(read(path)).toThrow(expect.objectContaining({ refusal }));
  // What the call does not read may belong to any dialect.
  expect(read('/api')().response.status).toBe(400);
});

test('an unknown path or method is refused with the ones that exist', () => {
  const client = clientOfDb();
  expect(client.send('PATCH', '/db')).toEqual([
    400,
    error('0003', 'The request is invalid. The method must be one of GET, PUT, DELETE.'),
  ]);
  for (const path of ['/db//', '/db/stages/canary/x', '//db']) {
    expect(client.send('GET', path)).toEqual([400, error('0003', /The path must be one of the API, such as \/v1\//)]);
  }
  expect(client.send('get', '/db')).toEqual([
    400,
    error('0003', 'The request is invalid. The method must be in upper case; got "get".'),
  ]);
});

test('a slash at the end of a path is ignored, except for PUT and DELETE', () => {
  const client = clientOfDb();
  expect(client.send('GET', '/db/')).toMatchObject([200, { secret: { name: 'db' } }]);
  expect(client.send('GET', '/?limit=1')).toMatchObject([200, { secrets: [{ name: 'db' }] }]);
  expect(client.send('GET', '/db/versions/')).toMatchObject([200, { version_metadatas: [{ id: 'v1' }] }]);
  expect(client.send('POST', '/db/versions/', { secret_string: 'x' })[0]).toBe(200);
  // What the path of a stage named ".." becomes in a parser of URLs.
  expect(new URL('http://csms/v1/p/secrets/db/stages/..').pathname).toBe('/v1/p/secrets/db/');
  for (const method of ['PUT', 'DELETE']) {
    expect(client.send(method, '/db/', {})).toEqual([
      400,
      error('0003', `The request is invalid. The path of a ${method} must not end in a slash.`),
    ]);
  }
});

test('HEAD is answered as GET without a body, and OPTIONS with the methods of a path', () => {
  const answer = (method: string, path: string, credentials?: Credentials) => {
    const asked = { ...request(method, path), ...(method === 'OPTIONS' && { headers: new Map() }) };
    const { status, headers, body } = handleCsms(clientOfDb().world, asked, born, { credentials }).response;
    return [status, headers, body];
  };
  const json = { 'content-type': 'application/json' };
  expect(answer('HEAD', '/db')).toEqual([200, json, null]);
  expect(answer('HEAD', '/other')).toEqual([400, json, null]);
  expect(answer('HEAD', '/db', { tokens: [{ token: 'other' }] })).toEqual([400, json, null]);
  const allowed = (path: string) => answer('OPTIONS', path, { tokens: [{ token: 'other' }] });
  expect(allowed('/db')).toEqual([204, { allow: 'GET, PUT, DELETE, HEAD, OPTIONS' }, null]);
  expect(allowed('/db/stages?x')).toEqual([204, { allow: 'POST, OPTIONS' }, null]);
  expect(allowed('/db/rotate/')).toEqual([204, { allow: 'POST, OPTIONS' }, null]);
  expect(allowed('/db/nothing/x')[0]).toBe(400);
});

test('a page continues after a marker whose version was deleted', () => {
  const client = clientOfDb();
  const ids = (marker: string) =>
    Object(client.send('GET', `/db/versions?marker=${marker}`)[1]).version_metadatas?.map(
      ({ id }: { id: string }) => id,
    );
  for (let index = 0; index < 22; index++) client.send('POST', '/db/versions', { secret_string: 'x' });
  expect(ids('')).toEqual(Array.from({ length: 20 }, (_, index) => `v${index + 4}`));
  for (const deleted of ['v1', 'v2', 'v3']) expect(ids(deleted)).toEqual(ids(''));
  expect(ids('v4')).toEqual(ids('').slice(1));
  for (const unknown of ['v24', 'v0', 'v01', 'x', 'V3']) expect(ids(unknown)).toBeUndefined();
});

test('a page after a deleted version does not leave out a version with an id of its own', () => {
  const client = clientOfDb();
  const secret = client.world.projects['p']?.secrets['db'] as Secret;
  const named = createVersion(secret.state, { at: born, versionId: 'mine', stages: ['a'] });
  const numbered = createVersion(named, { at: born, stages: [] });
  const state = pruneDeprecated(numbered);
  expect(Object.keys(state.versions)).toEqual(['v1', 'mine']);
  client.world = { projects: { p: { secrets: { db: { ...secret, state } } } } };
  expect(client.send('GET', '/db/versions?marker=v2')).toMatchObject([200, { version_metadatas: [{ id: 'mine' }] }]);
});

test('a time in seconds is refused with a hint', () => {
  const client = clientOfDb();
  const hint = [
    400,
    error('0002', /body\.expire_time must be epoch milliseconds as a number; this looks like seconds\.$/),
  ];
  expect(client.send('PUT', '/db/versions/v1', { expire_time: 1_781_507_580 })).toEqual(hint);
  expect(client.send('POST', '/db/versions', { secret_string: 'x', expire_time: 1_781_507_580 })).toEqual(hint);
  expect(client.send('PUT', '/db/versions/v1', { expire_time: 1_781_507_580_000 })[0]).toBe(200);
});

test('an encoded body is refused with its encoding', () => {
  const client = clientOfDb();
  const send = (coding: string) =>
    client.sendRaw({ ...request('GET', '/db'), headers: new Map([...anyToken, ['content-encoding', coding]]) });
  expect(send('gzip')).toEqual([
    400,
    error(
      '0004',
      'The requested body format is wrong. The body must not be compressed or encoded; got the Content-Encoding "gzip".',
    ),
  ]);
  expect(send('Identity')[0]).toBe(200);
});

/** The operations of the official SDKs that the emulator does not have, with examples of their paths. */
test.each(notEmulated)('%s is answered with 501 and its name', (operation, method, path) => {
  const client = clientOfDb({ credentials: { tokens: [{ token: 'any', projects: ['p'] }] } });
  const asked = { ...request(method, '', {}), target: `/v1/${path}` };
  expect(client.sendRaw(asked)).toEqual([
    501,
    {
      error_code: 'CSMS.0003',
      error_msg: `${operation} is an operation of CSMS that this emulator does not have.`,
    },
  ]);
  expect(client.sendRaw({ ...asked, headers: new Map([['x-auth-token', 'other']]) })).toMatchObject([
    400,
    { error_code: 'CSMS.0301' },
  ]);
  const [, other] = client.sendRaw({ ...asked, method: 'PATCH' });
  expect(Object(other).error_msg).toMatch(new RegExp(`The method must be (one of .*)?\\b${method}\\b`));
});

test('a secret can have the name of an operation', () => {
  const client = new Client();
  client.send('POST', '', { name: 'restore', secret_string: 'x' });
  expect(client.send('GET', '/restore')).toMatchObject([200, { secret: { name: 'restore' } }]);
  expect(client.send('DELETE', '/restore')[0]).toBe(204);
});

test('a body that is not JSON in UTF-8, or is too large, is refused', () => {
  const client = clientOfDb();
  const put = (body: string | Uint8Array) => client.sendRaw({ ...request('PUT', '/db/stages/canary'), body });
  const notJson = [400, error('0004', 'The requested body format is wrong. The body must be a JSON object in UTF-8.')];
  expect(put('{"version_id": hunter2')).toEqual(notJson);
  expect(put(new Uint8Array([0x22, 0xff, 0x22]))).toEqual(notJson);
  expect(put(new TextEncoder().encode('{"version_id": "v1"}'))[0]).toBe(200);
  expect(put('')).toEqual([400, error('0004', /body is required\.$/)]);
  expect(put(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toEqual(notJson);
  for (const body of ['[]', 'null', '5', '"x"']) {
    expect(client.sendRaw({ ...request('POST', '/db/scheduled-deleted-tasks/create'), body })).toEqual(notJson);
  }
  const largest = `{"version_id": "v1"${' '.repeat(512 * 1024 - 20)}}`;
  expect(put(largest)[0]).toBe(200);
  // Bytes count, also where they come as text: a euro sign is three.
  expect(put(`{"version_id": "${'€'.repeat(200_000)}"}`)).toEqual([400, error('0004', /The body must have at most/)]);
  expect(put(` ${largest}`)).toEqual([400, error('0004', /The body must have at most 524288 bytes/)]);
});

test('an error message has at most 512 characters', () => {
  const client = clientOfDb();
  for (let index = 0; index < 10; index++) {
    client.send('PUT', `/db/stages/${index}${'x'.repeat(63)}`, { version_id: 'v1' });
  }
  const [, body] = client.send('DELETE', '/db/stages/y');
  expect(Object(body).error_msg).toHaveLength(512);
  expect(Object(body).error_msg).toMatch(/^The resource does not exist\. Stage "y" is on no version.*…$/);
});

test('a refused request returns the same world, and the arguments are not changed', () => {
  const client = clientOfDb();
  const { world } = client;
  client.send('DELETE', '/db/stages/SYSCURRENT');
  client.send('GET', '/db');
  client.sendRaw({ method: 'GET', target: '/v1/p/secrets', headers: new Map() });
  expect(client.world).toBe(world);
  const before = JSON.stringify(world);
  const twice = [0, 1].map(() => handleCsms(world, request('POST', '/db/versions', { secret_string: 'x' }), 5));
  expect(twice[0]).toEqual(twice[1]);
  expect(JSON.stringify(world)).toBe(before);
});

test('every state of the emulator obeys the laws', () => {
  const client = clientOfDb();
  client.send('POST', '/db/versions', { secret_string: 'x' });
  client.send('PUT', '/db/stages/canary', { version_id: 'v1' });
  const state = client.state();
  expect(state && violations(state)).toEqual([]);
  expect(state).toEqual(
    expect.objectContaining({
      versions: createVersion(createSecret({ name: 'db', at: born }), { at: born + 1000 }).versions,
    }),
  );
  expect(state && stagesOf(state, 'v1')).toEqual(['SYSPREVIOUS', 'canary']);
});

test('the empty world is frozen', () => expectFrozen(emptyWorld));
