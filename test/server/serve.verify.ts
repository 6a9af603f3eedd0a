import { expect, onTestFinished, test } from 'vitest';
import { createCsmsEmulator } from '../../src/emulator/index.ts';
import { serve } from '../../src/server/index.ts';
import { dial, pause, rawRequest } from '../emulator/requests.ts';
import { callAt, startServing } from './serving.ts';

test('close waits five seconds for the rest of a request', async () => {
  const { url, close } = await serve(createCsmsEmulator());
  onTestFinished(close);
  const line = dial(url);
  await line.send(rawRequest('POST', '/v1/p/secrets', '{}').slice(0, -1));
  await pause(50);
  const start = performance.now();
  await close();
  expect(performance.now() - start).toBeGreaterThan(4500);
  expect(performance.now() - start).toBeLessThan(20_000);
});

test('the built command serves, and exits with 0 after SIGTERM', async () => {
  const { url, end } = await startServing();
  expect((await callAt(url, 'GET', '')).status).toBe(200);
  expect(await end('SIGTERM')).toBe(0);
});
