import { execFileSync } from 'node:child_process';
import { expect, onTestFinished, test, vi } from 'vitest';
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

/** Sends many requests on one connection, and waits for all responses. */
const sendMany = async (url: string, count: number): Promise<void> => {
  const { socket, send } = dial(url);
  let seen = 0;
  let rest = '';
  socket.removeAllListeners('data').on('data', (text: string) => {
    const parts = (rest + text).split('CSMS.0002');
    seen += parts.length - 1;
    rest = parts.at(-1)?.slice(-8) ?? '';
  });
  // With long lines, a log that grows is easy to see.
  const request = rawRequest('GET', `/v1/p/secrets/${'x'.repeat(4000)}`, '', 'connection: keep-alive');
  for (let sent = 0; sent < count; sent += 100) {
    await send(request.repeat(100));
    await vi.waitFor(() => expect(seen).toBe(sent + 100), { timeout: 20_000, interval: 1 });
  }
  socket.destroy();
};

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'a log that is not read does not grow, and %s ends the command',
  async (signal) => {
    const { url, process, stdout, end } = await startServing();
    stdout.pause();
    const memory = () => Number(execFileSync('ps', ['-o', 'rss=', '-p', `${process.pid}`]));
    await sendMany(url, 5000);
    const before = memory();
    if (signal === 'SIGTERM') {
      await sendMany(url, 20_000);
      expect(memory() - before).toBeLessThan(40_000);
    }
    const start = performance.now();
    expect(await end(signal)).toBe(0);
    expect(performance.now() - start).toBeLessThan(7000);
  },
  120_000,
);

test('the log says how many lines were dropped, once it is read again', async () => {
  const { url, stdout, end } = await startServing();
  stdout.pause();
  await sendMany(url, 2000);
  let text = '';
  stdout.resume().on('data', (chunk) => {
    text += chunk;
  });
  await vi.waitFor(
    () => expect(text).toMatch(/\nDropped [\d,]+ lines, because the output was not read fast enough\.\n/),
    5000,
  );
  const dropped = Number(/Dropped ([\d,]+)/.exec(text)?.[1]?.replace(',', ''));
  expect(text.match(/ 400 {2}GET/g)?.length ?? 0).toBe(2000 - dropped);
  expect(await end('SIGTERM')).toBe(0);
  expect(text).toMatch(/\nStopped\.\n$/);
}, 60_000);

test('the command keeps serving after the reader of its output ends', async () => {
  const { url, stdout, end } = await startServing();
  stdout.destroy();
  for (let count = 0; count < 3; count++) expect((await callAt(url, 'GET', '')).status).toBe(200);
  expect(await end('SIGTERM')).toBe(0);
});

test('a second signal ends the command at once', async () => {
  const { url, process, end } = await startServing();
  const line = dial(url);
  await line.send(rawRequest('POST', '/v1/p/secrets', '{}').slice(0, -1));
  await pause(50);
  process.kill('SIGTERM');
  await vi.waitFor(() => expect(callAt(url, 'GET', '')).rejects.toThrow());
  const start = performance.now();
  expect(await end('SIGINT')).toBe(null);
  expect(performance.now() - start).toBeLessThan(2000);
  line.socket.destroy();
});
