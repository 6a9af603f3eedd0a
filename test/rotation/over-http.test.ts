import { versionOf } from 'secret-stages';
import { createCsmsEmulator } from 'secret-stages/emulator';
import { serve } from 'secret-stages/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RotationService } from './rotation-service.ts';

const day = 24 * 60 * 60 * 1000;
let now = Date.parse('2026-01-01T00:00:00Z');
const csms = createCsmsEmulator({
  clock: () => now,
  credentials: { tokens: [{ token: 'my-token', projects: ['my-project'] }] },
});
const { url, close } = await serve(csms);
const secrets = `${url}/v1/my-project/secrets`;
const headers = { 'X-Auth-Token': 'my-token' };

beforeAll(async () => {
  const body = JSON.stringify({ name: 'db', secret_string: 'old password' });
  await fetch(secrets, { method: 'POST', headers, body });
});
afterAll(close);

test('rotate makes the new version current', async () => {
  await new RotationService(url, 'my-token', 'db').rotate('new password', async () => true);
  const { state } = csms.world.projects['my-project']?.secrets['db'] ?? expect.fail('db does not exist');
  expect(versionOf(state, 'SYSCURRENT')).toBe('v2');
});

test('rotate fails if the token is unknown', async () => {
  const service = new RotationService(url, 'unknown-token', 'db');
  await expect(service.rotate('new password', async () => true)).rejects.toThrow(
    'POST /versions failed with CSMS.0301',
  );
});

test('a scheduled deletion comes due after 30 days, without waiting', async () => {
  const show = async () => (await fetch(`${secrets}/db`, { headers })).json();
  await fetch(`${secrets}/db/scheduled-deleted-tasks/create`, { method: 'POST', headers });
  now += 30 * day - 1;
  expect(await show()).toMatchObject({ secret: { state: 'PENDING_DELETE' } });
  now += 1;
  expect(await show()).toMatchObject({ error_code: 'CSMS.0106' });
});
