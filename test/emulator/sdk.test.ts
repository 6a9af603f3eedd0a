import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCsmsEmulator } from '../../src/emulator/index.ts';
import { type Served, serve } from '../../src/server/index.ts';
import { type Documented, differencesOf, documented } from './documented.ts';
import { clientAt, credentialsOf } from './sdk.ts';

const day = 86_400_000;
let now = Date.now();
const credentials = { keys: [{ access: 'AK', secret: 'SK', projects: ['p'] }] };
const emulator = createCsmsEmulator({ credentials, clock: () => now });
let served: Served;
let send: ReturnType<typeof clientAt>;

beforeAll(async () => {
  served = await serve(emulator);
  send = clientAt(served.url, credentialsOf('AK', 'SK'));
});
afterAll(() => served.close());

/** Sends an operation as the official client does, and compares the answer with its documentation. */
const call = async (operation: Documented, names: object, data?: object, query?: object) => {
  const [method, path] = documented[operation];
  const { httpStatusCode, ...body } = Object(await send(method, path, data, query, names));
  expect(differencesOf(method, `/v1/p${path}`, httpStatusCode, body), operation).toEqual([]);
  return body;
};

test('the official client signs and sends every operation, and every answer is as documented', async () => {
  const db = { secret_name: 'db' };
  const called = new Set<Documented>();
  const expectOf = async (operation: Documented, ...rest: [names: object, data?: object, query?: object]) => {
    called.add(operation);
    return expect(await call(operation, ...rest), operation);
  };
  const value = { name: 'db', secret_string: 'hunter2 é', event_subscriptions: ['created'], description: 'é' };
  const { secret } = await call('CreateSecret', {}, value);
  expect(secret).toMatchObject({ name: 'db', event_subscriptions: ['created'], enterprise_project_id: '0' });
  (await expectOf('CreateSecret', {}, { name: 'other', secret_binary: 'AAEC' })).toMatchObject({
    secret: { name: 'other' },
  });
  (await expectOf('ListSecrets', {}, undefined, { limit: 5, marker: 'a b+é' })).toMatchObject({
    secrets: [{ name: 'db' }, { name: 'other' }],
    page_info: { current_count: 2 },
  });
  (await expectOf('UpdateSecret', db, { description: 'of the shop' })).toMatchObject({
    secret: { description: 'of the shop', event_subscriptions: ['created'] },
  });
  (await expectOf('ShowSecret', db)).toMatchObject({ secret: { state: 'ENABLED' } });
  (await expectOf('CreateSecretVersion', db, { secret_string: 'hunter3' })).toMatchObject({
    version_metadata: { id: 'v2', version_stages: ['SYSCURRENT'] },
  });
  (await expectOf('ListSecretVersions', db, {}, { limit: 1 })).toMatchObject({
    version_metadatas: [{ id: 'v1' }],
    page_info: { next_marker: 'v1' },
  });
  (await expectOf('ShowSecretVersion', { ...db, version_id: 'latest' })).toMatchObject({
    version: { secret_string: 'hunter3' },
  });
  (await expectOf('BatchShowSecretVersion', {}, { secret_name_list: ['db', 'other'] })).toMatchObject({
    total_count: 2,
    versions: [{ secret_string: 'hunter3' }, { secret_binary: 'AAEC' }],
  });
  const expire_time = now + day;
  (await expectOf('UpdateVersion', { ...db, version_id: 'v2' }, { expire_time })).toMatchObject({
    version_metadata: { expire_time },
  });
  const canary = { ...db, stage_name: 'canary' };
  (await expectOf('UpdateSecretStage', canary, { version_id: 'v1' })).toEqual({
    stage: { name: 'canary', version_id: 'v1', secret_name: 'db', update_time: now },
  });
  (await expectOf('CreateSecretStage', db, { name: 'canary', version_id: 'v2' })).toMatchObject({
    stage: { version_id: 'v2' },
  });
  (await expectOf('ShowSecretStage', canary)).toMatchObject({ stage: { version_id: 'v2' } });
  await expectOf('DeleteSecretStage', canary);

  const id = { secret_id: secret.id };
  await expectOf('CreateSecretTag', id, { tag: { key: 'team', value: 'shop' } });
  await expectOf('BatchCreateOrDeleteTags', id, {
    action: 'create',
    tags: [
      { key: 'stage', value: 'test' },
      { key: 'empty', value: '' },
    ],
  });
  (await expectOf('ListSecretTags', id)).toMatchObject({
    tags: expect.arrayContaining([{ key: 'team', value: 'shop' }]),
  });
  await expectOf('DeleteSecretTag', { ...id, key: 'empty' });
  (await expectOf('ListProjectSecretsTags', {})).toEqual({
    tags: expect.arrayContaining([
      { key: 'team', values: ['shop'] },
      { key: 'stage', values: ['test'] },
    ]),
  });
  const found = { tags: [{ key: 'team', values: ['shop'] }], matches: [{ key: 'resource_name', value: 'd' }] };
  (await expectOf('ListResourceInstances', {}, { action: 'filter', limit: '10', offset: '0', ...found })).toMatchObject(
    {
      total_count: 1,
      resources: [{ resource_id: secret.id, resource_name: 'db', resource_detail: { name: 'db' } }],
    },
  );
  (await expectOf('ListResourceInstances', {}, { action: 'count', ...found })).toMatchObject({ total_count: 1 });

  const { password } = await call('GenerateRandomPassword', {}, { length: 40, exclude_punctuation: true });
  expect(password).toMatch(/^[A-Za-z0-9]{40}$/);
  await expectOf('GenerateRandomPassword', {}, {});
  (await expectOf('DeleteSecretForSchedule', db, { recovery_window_in_days: 7 })).toMatchObject({
    secret: { state: 'PENDING_DELETE', scheduled_delete_time: now + 7 * day },
  });
  (await expectOf('RestoreSecret', db)).toMatchObject({ secret: { state: 'ENABLED' } });
  await expectOf('DeleteSecret', db);
  await expectOf('DeleteSecret', { secret_name: 'other' });
  expect([...called].sort()).toEqual(Object.keys(documented).sort());
});

test('the official client reads the 501 of an operation that the emulator does not have', async () => {
  expect(await send('POST', '/secrets/db/rotate')).toMatchObject({
    httpStatusCode: 501,
    errorCode: 'CSMS.0003',
    errorMsg: 'RotateSecret is an operation of CSMS that this emulator does not have.',
  });
});

test('the official client throws its typed error for a refusal, with code, message and request id', async () => {
  await send('POST', '/secrets', { name: 'db', secret_string: 'x' });
  expect(await send('DELETE', '/secrets/db/stages/SYSCURRENT')).toEqual({
    httpStatusCode: 400,
    errorCode: 'CSMS.0105',
    errorMsg: expect.stringContaining('it can move but not be removed'),
    requestId: expect.stringMatching(/^[\da-f-]{36}$/),
  });
  expect(await send('PUT', '/secrets/db/stages/{stage}', { version_id: 'v1' }, {}, { stage: 'a b é' })).toMatchObject({
    errorCode: 'CSMS.0002',
  });
});

test('a wrong secret key, an unknown access key and another project are refused', async () => {
  const refused = { httpStatusCode: 400, errorCode: 'CSMS.0301' };
  expect(await clientAt(served.url, credentialsOf('AK', 'other'))('GET', '/secrets')).toMatchObject(refused);
  expect(await clientAt(served.url, credentialsOf('other', 'SK'))('GET', '/secrets')).toMatchObject(refused);
  expect(await clientAt(served.url, credentialsOf('AK', 'SK').withProjectId('q'))('GET', '/secrets')).toMatchObject({
    ...refused,
    errorMsg: expect.stringContaining('not valid for project "q"'),
  });
});

test('a signature older than 15 minutes is refused', async () => {
  now += 15 * 60_000 + 2000;
  expect(await send('GET', '/secrets')).toMatchObject({
    errorCode: 'CSMS.0301',
    errorMsg: expect.stringContaining('15 minutes'),
  });
  now -= 15 * 60_000 + 2000;
});
