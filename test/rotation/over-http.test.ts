import { versionOf } from 'secret-stages';
import { createCsmsEmulator } from 'secret-stages/emulator';
import { serve } from 'secret-stages/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RotationService } from './rotation-service.ts';

let now = 1_581_507_580_000;
const csms = createCsmsEmulator({
  clock: () => now,
  credentials: { tokens: [{ token: 'T', projects: ['my-project'] }] },
});
const { url, close } = await serve(csms);
const secrets = `${url}/v1/my-project/secrets`;
const headers = { 'X-Auth-Token': 'T' };

beforeAll(async () => {
  await fetch(secrets, { method: 'POST', headers, body: '{"name": "db", "secret_string": "the old password"}' });
});
afterAll(close);

test('a rotation over HTTP', async () => {
  await new RotationService(url, 'T', 'db').rotate('the new password', async () => true);
  const { state } = csms.world.projects['my-project']?.secrets['db'] ?? expect.fail('there is no db');
  expect(versionOf(state, 'SYSCURRENT')).toBe('v2');
});

test('whoever has another token is not let in', async () => {
  const stranger = new RotationService(url, 'another', 'db');
  await expect(stranger.rotate('the new password', async () => true)).rejects.toThrow('CSMS refused (CSMS.0301)');
});

test('a scheduled deletion comes due without waiting', async () => {
  await fetch(`${secrets}/db/scheduled-deleted-tasks/create`, { method: 'POST', headers });
  now += 30 * 24 * 60 * 60 * 1000;
  expect((await fetch(`${secrets}/db`, { headers })).status).toBe(400);
});
