import { http } from 'msw';
import { setupServer } from 'msw/node';
import { deprecatedVersions, versionOf } from 'secret-stages';
import { createCsmsEmulator } from 'secret-stages/emulator';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { RotationService } from './rotation-service.ts';

const endpoint = 'https://csms.example.com';
const csms = createCsmsEmulator();
const server = setupServer(http.all(`${endpoint}/*`, ({ request }) => csms.fetch(request)));
const service = new RotationService(endpoint, 'any token', 'db');

const db = () => csms.world.projects['my-project']?.secrets['db']?.state ?? expect.fail('db does not exist');
const call = (method: string, path: string, body: object) =>
  fetch(`${endpoint}/v1/my-project/secrets${path}`, {
    method,
    headers: { 'X-Auth-Token': 'any token' },
    body: JSON.stringify(body),
  });

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterAll(() => server.close());
beforeEach(async () => {
  await csms.reset();
  await call('POST', '', { name: 'db', secret_string: 'old password' });
});

test('rotate makes the new version current and keeps the old one as previous', async () => {
  expect(await service.rotate('new password', async () => true)).toBe('rotated');
  expect(versionOf(db(), 'SYSCURRENT')).toBe('v2');
  expect(versionOf(db(), 'SYSPREVIOUS')).toBe('v1');
  expect(versionOf(db(), 'pending')).toBeUndefined();
});

test('rotate keeps the current version if the new password does not work', async () => {
  expect(await service.rotate('bad password', async () => false)).toBe('kept the old password');
  expect(versionOf(db(), 'SYSCURRENT')).toBe('v1');
  expect(deprecatedVersions(db())).toEqual(['v2']);
});

test('rotate keeps the current version if the secret has no room for SYSPREVIOUS', async () => {
  // CSMS allows 12 stages: SYSCURRENT, these 10, and pending.
  for (let index = 1; index <= 10; index++) await call('PUT', `/db/stages/stage-${index}`, { version_id: 'v1' });
  await expect(service.rotate('new password', async () => true)).rejects.toThrow(
    'PUT /stages/SYSPREVIOUS failed with CSMS.0203',
  );
  expect(versionOf(db(), 'SYSCURRENT')).toBe('v1');
  expect(versionOf(db(), 'pending')).toBeUndefined();
});

test('rotate changes nothing if the secret has no room for another stage', async () => {
  for (let index = 1; index <= 11; index++) await call('PUT', `/db/stages/stage-${index}`, { version_id: 'v1' });
  const before = db();
  const refused = service.rotate('new password', async () => true);
  await expect(refused).rejects.toThrow('POST /versions failed with CSMS.0204');
  expect(db()).toEqual(before);
});
