import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createCsmsEmulator } from '../../src/emulator/index.ts';
import { type Served, serve } from '../../src/server/index.ts';
import { type SecretArguments, Terraform } from './terraform.ts';

const emulator = createCsmsEmulator({
  credentials: { keys: [{ access: 'AK', secret: 'SK', projects: ['p'] }] },
  missingStatus: 404,
});
let served: Served;
let terraform: Terraform;

beforeAll(async () => {
  served = await serve(emulator);
  terraform = new Terraform(served.url, 'AK', 'SK');
});
beforeEach(() => emulator.reset());
afterAll(() => served.close());

/** The configurations of the provider's acceptance test, one after another. */
const basic: SecretArguments = {
  name: 'tf_acc.test',
  secret_text: 'this is a password',
  secret_binary: '',
  description: 'csms secret test',
  expire_time: Date.now() + 48 * 3_600_000,
  kms_key_id: 'c1b2a3d4-0000-4000-8000-000000000001',
  secret_type: 'COMMON',
  enterprise_project_id: '0',
  event_subscriptions: ['tf_acc-01'],
  tags: { foo: 'bar', key: 'value' },
};
const updates: readonly Partial<SecretArguments>[] = [
  {
    secret_text: '{"password":"123456","username":"admin"}',
    description: 'csms secret test update',
    expire_time: Date.now() + 72 * 3_600_000,
    kms_key_id: 'c1b2a3d4-0000-4000-8000-000000000002',
    event_subscriptions: ['tf_acc-02'],
    tags: { foo: 'new_bar', hello: 'world' },
  },
  { description: '', event_subscriptions: [], tags: {} },
  { secret_text: '', secret_binary: '1010' },
  { secret_binary: '0101' },
];

test('a secret shows no difference after it is created and after each update', async () => {
  const id = await terraform.createSecret(basic);
  const computed = { secret_id: id, status: 'ENABLED', version_stages: ['SYSCURRENT'] };
  expect(await terraform.readSecret(id, basic.name)).toEqual({ ...basic, ...computed, latest_version: 'v1' });
  let config = basic;
  const versions = ['v2', 'v2', 'v3', 'v4'];
  for (const [index, update] of updates.entries()) {
    const next = { ...config, ...update };
    await terraform.updateSecret(id, config, next);
    config = next;
    expect(await terraform.readSecret(id, config.name)).toEqual({
      ...config,
      ...computed,
      latest_version: versions[index],
    });
  }
  await terraform.ok('DELETE', `/secrets/${basic.name}`);
  expect(await terraform.readSecret(id, basic.name)).toBeUndefined();
});

test('a secret without optional arguments reads the defaults of CSMS', async () => {
  const omitted = { description: '', expire_time: 0, kms_key_id: '', secret_type: '', enterprise_project_id: '' };
  const bare = { ...basic, ...omitted, event_subscriptions: [], tags: {} };
  const id = await terraform.createSecret(bare);
  expect(await terraform.readSecret(id, bare.name)).toMatchObject({
    ...bare,
    kms_key_id: 'csms/default',
    secret_type: 'COMMON',
    enterprise_project_id: '0',
  });
});

test('a secret and a stage that others deleted are gone after a refresh', async () => {
  const stage = `/secrets/${basic.name}/stages/tf_acc`;
  const id = await terraform.createSecret(basic);
  await terraform.ok('PUT', stage, { version_id: 'v1' });
  await emulator.reset();
  expect(await terraform.readSecret(id, basic.name)).toBeUndefined();
  expect((await terraform.send('GET', stage)).status).toBe(404);
});

test('a huaweicloud_csms_secret_version_state is created by PUT, moved, and gone after it is deleted', async () => {
  await terraform.createSecret(basic);
  await terraform.ok('POST', `/secrets/${basic.name}/versions`, { secret_string: 'two' });
  const path = `/secrets/${basic.name}/stages/tf_acc`;
  for (const version_id of ['v1', 'v2']) {
    const { stage } = await terraform.ok('PUT', path, { version_id });
    expect(stage.name).toBe('tf_acc');
    expect(await terraform.ok('GET', path)).toEqual({ stage });
    expect(stage).toMatchObject({ secret_name: basic.name, version_id });
    expect(Math.abs(stage.update_time - Date.now())).toBeLessThan(60_000);
  }
  await terraform.ok('GET', path);
  await terraform.ok('DELETE', path, undefined, [204]);
  expect(await terraform.send('GET', path)).toMatchObject({ status: 404, body: { error_code: 'CSMS.0005' } });
});

test('a huaweicloud_csms_scheduled_delete_secret_task schedules a deletion and cancels it', async () => {
  const id = await terraform.createSecret(basic);
  const tasks = `/secrets/${basic.name}/scheduled-deleted-tasks`;
  await terraform.ok('POST', `${tasks}/create`, { recovery_window_in_days: 30 });
  await terraform.ok('POST', `${tasks}/cancel`);
  expect(await terraform.readSecret(id, basic.name)).toMatchObject({ status: 'ENABLED' });
});

test('the data sources page through secrets, and find them by event and tags', async () => {
  const named = (...names: readonly string[]) => names.map((name) => expect.objectContaining({ name }));
  for (const name of ['a', 'b', 'c']) {
    const event_subscriptions = name === 'b' ? [] : ['tf_acc-01'];
    await terraform.createSecret({ ...basic, name, event_subscriptions, tags: { in: name } });
  }
  const first = await terraform.ok('GET', '/secrets?event_name=tf_acc-01');
  expect(first.secrets).toEqual(named('a', 'c'));
  // It asks for pages until one is empty.
  expect((await terraform.ok('GET', '/secrets?event_name=tf_acc-01&marker=c')).secrets).toEqual([]);
  expect((await terraform.ok('GET', '/csms/tags')).tags).toEqual([
    { key: 'in', values: expect.arrayContaining(['a', 'b', 'c']) },
  ]);
  const tags = [{ key: 'in', values: ['b', 'c'] }];
  const pages = [];
  // The reference says that limit and offset are strings; the provider sends numbers.
  for (const offset of [0, 1, 2]) {
    const filter = { action: 'filter', limit: 1, offset, tags };
    pages.push((await terraform.ok('POST', '/csms/resource_instances/action', filter)).resources);
  }
  expect(pages.map((page) => page.map(({ resource_name }: { resource_name: string }) => resource_name))).toEqual([
    ['b'],
    ['c'],
    [],
  ]);
  const counted = await terraform.ok('POST', '/csms/resource_instances/action', { action: 'count', tags });
  expect(counted.total_count).toBe(2);
});
