import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCsmsEmulator } from '../../src/emulator/index.ts';
import { type Served, serve } from '../../src/server/index.ts';
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

test('the official client signs and sends every operation, and reads every response', async () => {
  const ok = (body: object) => ({ httpStatusCode: 200, ...body });
  expect(await send('POST', '', { name: 'db', secret_string: 'hunter2 é' })).toMatchObject(
    ok({ secret: { name: 'db' } }),
  );
  expect(await send('GET', '', undefined, { limit: 5, marker: 'a b+é' })).toMatchObject(
    ok({ secrets: [{ name: 'db' }], page_info: { current_count: 1 } }),
  );
  expect(await send('PUT', '/db', { description: 'of the shop' })).toMatchObject(
    ok({ secret: { description: 'of the shop' } }),
  );
  expect(await send('GET', '/{name}', undefined, {}, { name: 'db' })).toMatchObject(
    ok({ secret: { state: 'ENABLED' } }),
  );
  expect(await send('POST', '/db/versions', { secret_string: 'hunter3' })).toMatchObject(
    ok({ version_metadata: { id: 'v2', version_stages: ['SYSCURRENT'] } }),
  );
  expect(await send('GET', '/db/versions', {}, { limit: 1 })).toMatchObject(
    ok({ version_metadatas: [{ id: 'v1' }], page_info: { next_marker: 'v1' } }),
  );
  expect(await send('GET', '/db/versions/latest')).toMatchObject(ok({ version: { secret_string: 'hunter3' } }));
  expect(await send('PUT', '/db/versions/v2', { expire_time: 5 })).toMatchObject(
    ok({ version_metadata: { expire_time: 5 } }),
  );
  expect(await send('PUT', '/db/stages/canary', { version_id: 'v1' })).toEqual(
    ok({ stage: { name: 'canary', version_id: 'v1', secret_name: 'db', update_time: now } }),
  );
  expect(await send('POST', '/db/stages', { name: 'canary', version_id: 'v2' })).toMatchObject(
    ok({ stage: { version_id: 'v2' } }),
  );
  expect(await send('GET', '/db/stages/canary')).toMatchObject(ok({ stage: { version_id: 'v2' } }));
  expect(await send('DELETE', '/db/stages/canary')).toEqual({ httpStatusCode: 204 });
  expect(await send('POST', '/db/scheduled-deleted-tasks/create', { recovery_window_in_days: 7 })).toMatchObject(
    ok({ secret: { state: 'PENDING_DELETE', scheduled_delete_time: now + 7 * day } }),
  );
  expect(await send('POST', '/db/scheduled-deleted-tasks/cancel')).toMatchObject(ok({ secret: { state: 'ENABLED' } }));
  expect(await send('DELETE', '/db')).toEqual({ httpStatusCode: 204 });
});

test('the official client throws its typed error for a refusal, with code, message and request id', async () => {
  await send('POST', '', { name: 'db', secret_string: 'x' });
  expect(await send('DELETE', '/db/stages/SYSCURRENT')).toEqual({
    httpStatusCode: 400,
    errorCode: 'CSMS.0105',
    errorMsg: expect.stringContaining('it can move but not be removed'),
    requestId: expect.stringMatching(/^[\da-f-]{36}$/),
  });
  expect(await send('PUT', '/db/stages/{stage}', { version_id: 'v1' }, {}, { stage: 'a b é' })).toMatchObject({
    errorCode: 'CSMS.0002',
  });
});

test('a wrong secret key, an unknown access key and another project are refused', async () => {
  const refused = { httpStatusCode: 400, errorCode: 'CSMS.0301' };
  expect(await clientAt(served.url, credentialsOf('AK', 'other'))('GET', '')).toMatchObject(refused);
  expect(await clientAt(served.url, credentialsOf('other', 'SK'))('GET', '')).toMatchObject(refused);
  expect(await clientAt(served.url, credentialsOf('AK', 'SK').withProjectId('q'))('GET', '')).toMatchObject({
    ...refused,
    errorMsg: expect.stringContaining('not valid for project "q"'),
  });
});

test('a signature older than 15 minutes is refused', async () => {
  now += 15 * 60_000 + 2000;
  expect(await send('GET', '')).toMatchObject({
    errorCode: 'CSMS.0301',
    errorMsg: expect.stringContaining('15 minutes'),
  });
  now -= 15 * 60_000 + 2000;
});
