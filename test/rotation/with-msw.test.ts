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
const db = () => csms.world.projects['my-project']?.secrets['db']?.state ?? expect.fail('there is no db');

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterAll(() => server.close());
beforeEach(async () => {
  await csms.reset();
  await fetch(`${endpoint}/v1/my-project/secrets`, {
    method: 'POST',
    headers: { 'X-Auth-Token': 'any token' },
    body: JSON.stringify({ name: 'db', secret_string: 'the old password' }),
  });
});

test('a password that works becomes current, and the one before stays as the previous', async () => {
  expect(await service.rotate('the new password', async () => true)).toBe('rotated');
  expect(versionOf(db(), 'SYSCURRENT')).toBe('v2');
  expect(versionOf(db(), 'SYSPREVIOUS')).toBe('v1');
  expect(versionOf(db(), 'pending')).toBeUndefined();
});

test('a password that does not work is given up, and the current one stays', async () => {
  expect(await service.rotate('a bad password', async () => false)).toBe('kept the old one');
  expect(versionOf(db(), 'SYSCURRENT')).toBe('v1');
  expect(deprecatedVersions(db())).toEqual(['v2']);
});

test('a rotation that finds no room changes nothing', async () => {
  for (let index = 0; index < 11; index++) {
    const body = JSON.stringify({ version_id: 'v1' });
    const headers = { 'X-Auth-Token': 'any token' };
    await fetch(`${endpoint}/v1/my-project/secrets/db/stages/stage-${index}`, { method: 'PUT', headers, body });
  }
  const before = db();
  await expect(service.rotate('the new password', async () => true)).rejects.toThrow('CSMS refused (CSMS.0204)');
  expect(db()).toEqual(before);
});
