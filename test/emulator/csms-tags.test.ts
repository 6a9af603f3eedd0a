import { expect, test } from 'vitest';
import { createCsmsEmulator, memoryStore, type Store } from '../../src/emulator/index.ts';
import { expectFrozen } from '../expect-frozen.ts';
import { anyToken, Client } from './client.ts';

/** A client with secrets, and what it sends about their tags. */
const clientOf = (...names: readonly string[]) => {
  const client = new Client({ missingStatus: 404 });
  const ids = new Map(
    names.map((name) => {
      const [, body] = client.send('POST', '', { name, secret_string: 'x' });
      return [name, String(Object(body).secret.id)];
    }),
  );
  const send = (method: string, path: string, body?: object) =>
    client.sendRaw({ method, target: `/v1/p/csms${path}`, headers: anyToken, body: JSON.stringify(body) });
  const id = (name: string) => ids.get(name) ?? name;
  const change = (name: string, action: string, ...tags: readonly object[]) =>
    send('POST', `/${id(name)}/tags/action`, { action, tags });
  const tagsOf = (name: string) => Object(send('GET', `/${id(name)}/tags`)[1]).tags;
  return { client, send, id, change, tagsOf };
};
const done = [204, null];
const refused = (code: string, sentence: string, status = 400) => [
  status,
  { error_code: `CSMS.${code}`, error_msg: expect.stringContaining(sentence) },
];

test('tags are added, changed and removed one by one, and listed in the order of their keys', () => {
  const { client, send, id, tagsOf } = clientOf('db');
  const add = (key: string, value?: string) => send('POST', `/${id('db')}/tags`, { tag: { key, value } });
  expect(add('team', 'shop')).toEqual(done);
  expect(add('env')).toEqual(done);
  expect(add('team', 'pay')).toEqual(done);
  expect(send('GET', `/${id('db')}/tags`)).toEqual([
    200,
    {
      tags: [
        { key: 'team', value: 'pay' },
        { key: 'env', value: '' },
      ],
      sys_tags: [],
    },
  ]);
  expectFrozen(client.world);
  expect(send('DELETE', `/${id('db')}/tags/team`)).toEqual(done);
  expect(send('DELETE', `/${id('db')}/tags/team`)).toEqual(
    refused('0005', 'The secret has no tag with the key "team".', 404),
  );
  expect(tagsOf('db')).toEqual([{ key: 'env', value: '' }]);
  // Neither the secret nor its versions change.
  expect(client.send('GET', '/db')).toMatchObject([200, { secret: { update_time: 1_581_507_581_000 } }]);
});

test('a key is decoded in a path, and can have spaces, other letters and the names of object properties', () => {
  const { send, id, change, tagsOf } = clientOf('db');
  const keys = ['__proto__', 'of a team', 'größe+=@-.:_', 'action', '𠮷'.repeat(128)];
  for (const key of keys) expect(change('db', 'create', { key, value: 'a/b' }), key).toEqual(done);
  expect(tagsOf('db')).toEqual(keys.map((key) => ({ key, value: 'a/b' })));
  for (const key of keys) expect(send('DELETE', `/${id('db')}/tags/${encodeURIComponent(key)}`), key).toEqual(done);
  expect(tagsOf('db')).toEqual([]);
});

test('a batch adds tags or removes them, and ignores removed ones that are missing', () => {
  const { change, tagsOf } = clientOf('db');
  const tags = [
    { key: 'a', value: '1' },
    { key: 'b', value: '2' },
  ];
  expect(change('db', 'create', ...tags)).toEqual(done);
  expect(change('db', 'delete', { key: 'a', value: 'other' }, { key: 'missing' })).toEqual(done);
  expect(tagsOf('db')).toEqual([{ key: 'b', value: '2' }]);
});

test('a secret has at most 20 tags', () => {
  const { client, change, tagsOf } = clientOf('db');
  const tags = Array.from({ length: 20 }, (_, index) => ({ key: `k${index}`, value: '' }));
  expect(change('db', 'create', ...tags)).toEqual(done);
  expect(change('db', 'create', { key: 'k0', value: 'new' })).toEqual(done);
  const { world } = client;
  expect(change('db', 'create', { key: 'k20' })).toEqual(
    refused('0002', 'The secret would have 21 tags, and a secret can have 20. Delete some first.'),
  );
  expect(client.world).toBe(world);
  expect(tagsOf('db')).toHaveLength(20);
});

test.each<readonly [body: object, sentence: string]>([
  [{ tags: [] }, 'body.tags must be a list of 1 to 20 tags.'],
  [
    { tags: Array.from({ length: 21 }, (_, index) => ({ key: `${index}` })) },
    'body.tags must be a list of 1 to 20 tags.',
  ],
  [{ tags: [{ key: 'a' }, { key: 'a', value: 'b' }] }, 'body.tags must be a list with each key once.'],
  [{ tags: [{ key: 'a' }], action: 'update' }, 'body.action must be create or delete.'],
  ...['', ' a', 'a ', 'a\n', 'a\u2028b ', '_sys_a', 'a*', 'a/b', 'x'.repeat(129), '\ud800'].map(
    (key): [object, string] => [{ tags: [{ key }] }, 'body.tags[0].key must be 1 to 128 letters,'],
  ),
  ...['*', '\u0000', 'x'.repeat(256)].map((value): [object, string] => [
    { tags: [{ key: 'a', value }] },
    'body.tags[0].value must be at most 255 letters,',
  ]),
])('a batch refuses %j', (body, sentence) => {
  const { send, id } = clientOf('db');
  expect(send('POST', `/${id('db')}/tags/action`, { action: 'create', ...body })).toEqual(refused('0002', sentence));
});

test('tags of an unknown id are refused, with a hint for a name', () => {
  const { send } = clientOf('db');
  const answer = refused(
    '0005',
    'No secret in this project has the id "db". Pass the id that CreateSecret returned, not the name.',
    404,
  );
  expect(send('GET', '/db/tags')).toEqual(answer);
  expect(send('POST', '/db/tags', { tag: { key: 'a' } })).toEqual(answer);
  expect(send('POST', '/db/tags/action', { action: 'delete', tags: [{ key: 'a' }] })).toEqual(answer);
  expect(send('DELETE', '/db/tags/a')).toEqual(answer);
});

test('tags stay while a deletion is scheduled, and go with the secret', () => {
  const { client, change, tagsOf, send } = clientOf('db');
  client.send('POST', '/db/scheduled-deleted-tasks/create', { recovery_window_in_days: 7 });
  expect(change('db', 'create', { key: 'a' })).toEqual(done);
  expect(tagsOf('db')).toEqual([{ key: 'a', value: '' }]);
  client.now += 8 * 86_400_000;
  expect(tagsOf('db')).toBeUndefined();
  expect(send('GET', '/tags')).toEqual([200, { tags: [] }]);
});

test('ListProjectSecretsTags lists each key with all its values', () => {
  const { change, send } = clientOf('a', 'b', 'c');
  change('a', 'create', { key: 'team', value: 'shop' }, { key: 'env', value: 'test' });
  change('b', 'create', { key: 'team', value: 'pay' }, { key: 'zone' });
  change('c', 'create', { key: 'team', value: 'shop' }, { key: 'app', value: 'web' });
  expect(send('GET', '/tags')).toEqual([
    200,
    {
      tags: [
        { key: 'app', values: ['web'] },
        { key: 'env', values: ['test'] },
        { key: 'team', values: ['pay', 'shop'] },
        { key: 'zone', values: [''] },
      ],
    },
  ]);
});

test('ListResourceInstances filters by tags and names, and counts', () => {
  const { change, send, id, client } = clientOf('shop-db', 'pay-db', 'pay-api');
  change('shop-db', 'create', { key: 'team', value: 'shop' }, { key: 'env', value: 'test' });
  change('pay-db', 'create', { key: 'team', value: 'pay' }, { key: 'env', value: 'test' });
  const instances = (body: object) => send('POST', '/resource_instances/action', { action: 'filter', ...body });
  const namesOf = (body: object) =>
    Object(instances(body)[1]).resources.map(({ resource_name }: { resource_name: string }) => resource_name);
  const [, shown] = client.send('GET', '/pay-db');
  expect(instances({ tags: [{ key: 'team', values: ['pay'] }] })).toEqual([
    200,
    {
      resources: [
        {
          resource_id: id('pay-db'),
          resource_detail: Object(shown).secret,
          resource_name: 'pay-db',
          tags: [
            { key: 'team', value: 'pay' },
            { key: 'env', value: 'test' },
          ],
          sys_tags: [],
        },
      ],
      total_count: 1,
    },
  ]);
  expect(namesOf({})).toEqual(['pay-api', 'pay-db', 'shop-db']);
  expect(namesOf({ tags: null, matches: null, limit: null })).toHaveLength(3);
  // Keys are joined with and, values with or. Without values, any value matches.
  const team = (...values: readonly string[]) => ({ key: 'team', values });
  expect(namesOf({ tags: [team('pay', 'shop')] })).toEqual(['pay-db', 'shop-db']);
  expect(namesOf({ tags: [team(), { key: 'env' }] })).toEqual(['pay-db', 'shop-db']);
  expect(namesOf({ tags: [team('pay'), { key: 'env', values: ['live'] }] })).toEqual([]);
  const named = (value?: string) => ({ matches: [{ key: 'resource_name', value }] });
  expect(namesOf(named('-db'))).toEqual(['pay-db', 'shop-db']);
  expect(namesOf({ ...named('pay'), tags: [team()] })).toEqual(['pay-db']);
  for (const nothing of ['', undefined]) expect(namesOf(named(nothing))).toEqual([]);
  expect(instances({ action: 'count', tags: [team()] })).toEqual([200, { total_count: 2 }]);
  // Terraform sends numbers, the SDKs text.
  expect(instances({ limit: 1, offset: 1 })).toMatchObject([
    200,
    { resources: [{ resource_name: 'pay-db' }], total_count: 3 },
  ]);
  expect(namesOf({ limit: '2', offset: '2' })).toEqual(['shop-db']);
});

test.each([
  [{ action: 'list' }, 'body.action must be filter or count.'],
  [{ limit: 0 }, 'body.limit must be a whole number from 1 to 1000.'],
  [{ limit: '1001' }, 'body.limit must be a whole number from 1 to 1000.'],
  [{ limit: '1e2' }, 'body.limit must be a whole number from 1 to 1000.'],
  [{ offset: -1 }, 'body.offset must be a whole number from 0.'],
  [{ offset: 1.5 }, 'body.offset must be a whole number from 0.'],
  [{ tags: Array.from({ length: 11 }, () => ({ key: 'a' })) }, 'body.tags must be a list of at most 10 tags.'],
  [{ matches: [{ key: 'resource_id', value: 'a' }] }, 'body.matches[0].key must be resource_name.'],
])('ListResourceInstances refuses %j', (body, sentence) => {
  const { send } = clientOf();
  expect(send('POST', '/resource_instances/action', { action: 'filter', ...body })).toEqual(refused('0002', sentence));
});

test('ListResourceInstances has 10 secrets by default', () => {
  const { send } = clientOf(...Array.from({ length: 11 }, (_, index) => `s${index}`));
  const [, body] = send('POST', '/resource_instances/action', { action: 'filter' });
  expect(Object(body)).toMatchObject({ total_count: 11, resources: { length: 10 } });
});

test('a snapshot keeps tags, and changes at once lose none', async () => {
  const emulator = createCsmsEmulator();
  const send = async (method: string, path: string, body?: object) =>
    emulator.answer({ method, target: `/v1/p/${path}`, headers: anyToken, body: body && JSON.stringify(body) });
  for (const name of ['a', 'db']) await send('POST', 'secrets', { name, secret_string: 'x' });
  const id = emulator.world.projects['p']?.secrets['db']?.id;
  const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
  await Promise.all(
    keys.flatMap((key) => [
      send('POST', `csms/${id}/tags`, { tag: { key } }),
      send('POST', 'secrets/db/versions', { secret_string: 'x' }),
    ]),
  );
  const snapshot = await emulator.snapshot({ values: true });
  expect(snapshot.projects['p']?.secrets['db']?.tags.map(({ key }) => key)).toEqual(keys);
  expect(snapshot.projects['p']?.secrets['db']?.state.versionsMade).toBe(21);
  const other = createCsmsEmulator();
  await other.restore(JSON.parse(JSON.stringify(snapshot)));
  expect(other.world).toEqual(snapshot);
});

test('a secret that another process deletes meanwhile is not listed', async () => {
  const inner = memoryStore();
  const hidden = JSON.stringify(['p', 'a']);
  const store: Store = { ...inner, read: (key) => (key === hidden ? undefined : inner.read(key)) };
  const emulator = createCsmsEmulator({ store });
  const send = async (method: string, path: string, body?: object) => {
    const { body: text } = await emulator.answer({
      method,
      target: `/v1/p/${path}`,
      headers: anyToken,
      body: JSON.stringify(body),
    });
    return JSON.parse(text ?? '');
  };
  for (const name of ['a', 'b']) await send('POST', 'secrets', { name, secret_string: 'x' });
  expect(await send('GET', 'secrets')).toMatchObject({ secrets: [{ name: 'b' }] });
  expect(await send('POST', 'csms/resource_instances/action', { action: 'count' })).toEqual({ total_count: 1 });
  expect(await send('GET', 'csms/none/tags')).toMatchObject({ error_code: 'CSMS.0005' });
});
