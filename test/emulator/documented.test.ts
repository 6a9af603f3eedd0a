import { expect, test } from 'vitest';
import { anyToken, Client } from './client.ts';
import { differences, differencesOf, documented } from './documented.ts';

const stage = { name: 'canary', version_id: 'v1', secret_name: 'db', update_time: 5 };
const metadata = {
  id: 'v1',
  create_time: 5,
  expire_time: null,
  kms_key_id: 'k',
  secret_name: 'db',
  version_stages: [],
};

test('differences returns nothing for an answer as documented', () => {
  expect(differences({ stage }, 'OneStage')).toEqual([]);
  expect(differences({ version_metadata: metadata }, 'OneMetadata')).toEqual([]);
  for (const count of [{ resources: null, total_count: 0 }, { total_count: 0 }])
    expect(differences(count, 'Resources')).toEqual([]);
  expect(differencesOf('GET', '/v1/p/secrets/db/stages/canary', 200, { stage })).toEqual([]);
  expect(differencesOf('DELETE', '/v1/p/secrets/db', 204, null)).toEqual([]);
  expect(differencesOf('GET', '/v1/p/a', 400, { error_code: 'CSMS.0003', error_msg: 'No.' })).toEqual([]);
});

test('differences names missing and other fields, and wrong types', () => {
  const { name: _, ...nameless } = stage;
  expect(differences({ stage: { ...nameless, id: 1, update_time: 1.5 } }, 'OneStage')).toEqual([
    'body.stage.id is not documented',
    'body.stage.name is missing',
    'body.stage.update_time is not of type integer',
  ]);
  expect(differences({ stage: null }, 'OneStage')).toEqual(['body.stage is not an object']);
  const wrong = { ...metadata, id: null, expire_time: 'x', version_stages: [1] };
  expect(differences({ version_metadata: wrong }, 'OneMetadata')).toEqual([
    'body.version_metadata.id is not of type string',
    'body.version_metadata.expire_time is not of type integer',
    'body.version_metadata.version_stages[0] is not of type string',
  ]);
  expect(differences({ tags: {} }, 'TagsOfProject')).toEqual(['body.tags is not a list']);
});

test('differencesOf names other statuses and paths', () => {
  expect(differencesOf('DELETE', '/v1/p/secrets/db/stages/x', 200, null)).toEqual(['status 200']);
  expect(differencesOf('GET', '/v1/p/other', 200, {})).toEqual(['GET /other is not documented']);
});

test.each(Object.entries(documented))('%s reads each field that the manual lists', (operation, row) => {
  const [method, template, , , takes] = row;
  const valid: Readonly<Record<string, object>> = {
    CreateSecret: { name: 'x', secret_string: 'x' },
    CreateSecretVersion: { secret_string: 'x' },
    CreateSecretStage: { name: 'x', version_id: 'v1' },
    BatchCreateOrDeleteTags: { action: 'create', tags: [{ key: 'k' }] },
    ListResourceInstances: { action: 'filter' },
  };
  const path = template.replaceAll(/\{\w+\}/g, 'x');
  const send = (query: string, body?: object) => {
    const raw = { method, target: `/v1/p${path}${query}`, headers: anyToken, body: body && JSON.stringify(body) };
    return Object(new Client().sendRaw(raw)[1]).error_msg;
  };
  for (const field of takes.split(' ').filter((name) => name !== '' && name !== 'marker' && name !== 'event_name')) {
    const message = method === 'GET' ? send(`?${field}=x`) : send('', { ...valid[operation], [field]: {} });
    expect(message).toMatch(new RegExp(`(^|[ .])${field}[ .[]`));
  }
});
