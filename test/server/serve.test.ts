import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, test, vi } from 'vitest';
import { createCsmsEmulator, type WireResponse } from '../../src/emulator/index.ts';
import { type Answered, type ServeOptions, serve } from '../../src/server/index.ts';
import { answersIn, dial, exchange, pause, rawRequest } from '../emulator/requests.ts';
import { serving } from './in-process.ts';

const secrets = '/v1/p/secrets';
const create = JSON.stringify({ name: 'db', secret_string: 'hunter2' });
const keepAlive = 'connection: keep-alive';

const send = (url: string, method: string, path = '', body?: string) =>
  fetch(`${url}${secrets}${path}`, { method, headers: { 'x-auth-token': 'any' }, body: body ?? null });

/** An emulator that answers when it is told to. */
const slow = () => {
  let tell = (_: WireResponse): void => {};
  const answer = vi.fn(() => new Promise<WireResponse>((resolve) => (tell = resolve)));
  return { answer, tell: () => tell({ status: 200, headers: { 'content-type': 'application/json' }, body: '{}' }) };
};

test('serve listens on a free port, and url is its address', async () => {
  const [one, other] = await Promise.all([serving(), serving()]);
  expect(one?.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/);
  expect(other?.url).not.toBe(one?.url);
  expect((await send(one?.url ?? '', 'POST', '', create)).status).toBe(200);
  expect((await send(one?.url ?? '', 'GET', '/db')).status).toBe(200);
  expect((await send(other?.url ?? '', 'GET', '/db')).status).toBe(400);
});

test('serve listens on the given port', async () => {
  const { url, close } = await serve(createCsmsEmulator());
  await close();
  const port = Number(new URL(url).port);
  expect((await serving(createCsmsEmulator(), { port })).url).toBe(url);
});

test('serve names the given host and port if it cannot listen', async () => {
  const { url } = await serving(undefined, { host: 'localhost' });
  const port = Number(new URL(url).port);
  const expected = { code: 'EADDRINUSE', address: 'localhost', port };
  await expect(serve(createCsmsEmulator(), { port, host: 'localhost' })).rejects.toMatchObject(expected);
});

test('serve throws if the port is in use', async () => {
  const { url } = await serving();
  await expect(serve(createCsmsEmulator(), { port: Number(new URL(url).port) })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

test('serve throws if the port is invalid', async () => {
  for (const port of [-1, 65_536, 0.5])
    await expect(serve(createCsmsEmulator(), { port })).rejects.toThrow(
      `\`port\` must be a whole number from 0 to 65535; got ${port}.`,
    );
});

test.skipIf(!hasIpv6)('url has an IPv6 address in brackets', async () => {
  const { url } = await serving(createCsmsEmulator(), { host: '::1' });
  expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
  expect((await send(url, 'GET')).status).toBe(200);
});

test('a response has a content-length if it has a body', async () => {
  const { url } = await serving();
  const body = JSON.stringify({ name: 'db', secret_string: 'hunter2', description: 'mäßig 😀' });
  const made = await send(url, 'POST', '', body);
  const text = await made.text();
  expect(made.headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
  expect(JSON.parse(text)).toMatchObject({ secret: { description: 'mäßig 😀' } });
  expect(made.headers.get('content-type')).toBe('application/json');
  expect(made.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);

  const [deleted] = await exchange(url, rawRequest('DELETE', `${secrets}/db`));
  expect(deleted).toMatchObject({ status: 204, body: '' });
  expect([...(deleted?.headers.keys() ?? [])]).not.toContain('content-length');
  expect([...(deleted?.headers.keys() ?? [])]).not.toContain('transfer-encoding');
  expect([...(deleted?.headers.keys() ?? [])]).not.toContain('content-type');
});

test('serve passes a request unchanged, with header names in lower case', async () => {
  const answer = vi.fn(createCsmsEmulator().answer);
  const { url } = await serving({ answer });
  const target = `${secrets}/%2e%2E/versions?limit=1&marker=%00`;
  const chunked = ['X-Auth-TOKEN: any', 'Transfer-Encoding: chunked', 'connection: close'];
  await exchange(url, `${rawRequest('PUT', target, '', ...chunked)}1\r\n{\r\n4\r\n"é}\r\n0\r\n\r\n`);
  const [request] = answer.mock.lastCall ?? [];
  expect(request).toMatchObject({ method: 'PUT', target });
  expect(request?.headers.get('x-auth-token')).toBe('any, any');
  expect(request?.headers.get('x-sdk-date')).toBeUndefined();
  expect(Buffer.from(request?.body ?? '').toString()).toBe('{"é}');
});

test('onAnswer is called after every response', async () => {
  const told: Answered[] = [];
  const before = Date.now();
  const { url } = await serving(createCsmsEmulator(), { onAnswer: (answered) => told.push(answered) });
  await send(url, 'POST', '?a=b?c', create);
  await send(url, 'GET', '/other?limit=1');
  await send(url, 'DELETE', '/db');
  await vi.waitFor(() => expect(told).toHaveLength(3));
  expect(told).toEqual(
    [
      ['POST', secrets, 200],
      ['GET', `${secrets}/other`, 400, 'CSMS.0106', expect.stringContaining('Secret "other" does not exist')],
      ['DELETE', `${secrets}/db`, 204],
    ].map(([method, path, status, errorCode, errorMessage]) => ({
      at: expect.any(Number),
      method,
      path,
      status,
      errorCode,
      errorMessage,
      milliseconds: expect.any(Number),
    })),
  );
  for (const { at, milliseconds } of told) {
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(Date.now());
    expect(milliseconds).toBeGreaterThan(0);
    expect(milliseconds).toBeLessThan(10_000);
  }
});

test.each([
  ['garbage', 'garbage\r\n\r\n', 400],
  ['CONNECT', rawRequest('CONNECT', 'csms:443'), 405],
  ['an unknown Expect header', rawRequest('GET', secrets, '', 'expect: tea', 'connection: close'), 417],
])('onAnswer is called after the response to %s', async (_, sent, status) => {
  const told: Answered[] = [];
  const { url } = await serving(createCsmsEmulator(), { onAnswer: (answered) => told.push(answered) });
  await exchange(url, sent);
  expect(told).toMatchObject([{ status, errorCode: 'CSMS.0003' }]);
});

test('a method in lower-case letters is named', async () => {
  const { url } = await serving();
  const [answer] = await exchange(url, rawRequest('get', secrets));
  expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('methods must be in upper-case letters') });
});

test('an error of onAnswer becomes a warning, and the response is sent', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const thrown = [new Error('the disk is full'), 'no disk'];
  const fail = () => {
    throw thrown[warned.mock.calls.length % 2];
  };
  for (const onAnswer of [fail, async () => fail()]) {
    const { url } = await serving(createCsmsEmulator(), { onAnswer });
    for (const _ of thrown) expect((await send(url, 'GET', '')).status).toBe(200);
  }
  await vi.waitFor(() => expect(warned.mock.calls.map(([warning]) => warning)).toEqual([...thrown, ...thrown]));
  warned.mockRestore();
});

test('milliseconds is the time until the response', async () => {
  const told: Answered[] = [];
  const { answer, tell } = slow();
  const { url } = await serving({ answer }, { onAnswer: (answered) => told.push(answered) });
  const response = send(url, 'GET');
  await vi.waitFor(() => expect(answer).toHaveBeenCalled());
  await pause(50);
  tell();
  await response;
  await vi.waitFor(() => expect(told).toHaveLength(1));
  expect(told[0]?.milliseconds).toBeGreaterThan(45);
});

test.each([
  ['an error', new Error('The disk is "full".'), 'The disk is "full".'],
  ['a string', 'no disk', 'no disk.'],
])('the response is a 500 with the error if the store throws %s', async (_, thrown, why) => {
  const told: Answered[] = [];
  const options: ServeOptions = { onAnswer: (answered) => told.push(answered) };
  const { url } = await serving({ answer: () => Promise.reject(thrown) }, options);
  const response = await send(url, 'GET');
  expect([response.status, response.headers.get('content-type')]).toEqual([500, 'application/json']);
  expect(await response.json()).toEqual({
    error_code: 'EMULATOR.0001',
    error_msg: `The emulator failed, and the request is not the cause: ${why}`,
  });
  await vi.waitFor(() => expect(told).toMatchObject([{ status: 500, errorCode: 'EMULATOR.0001' }]));
});

test('close finishes the requests in progress, then closes connections and frees the port', async () => {
  const { url, close } = await serving();
  const line = dial(url);
  const request = rawRequest('POST', secrets, create, keepAlive);
  await line.send(request.slice(0, -9));
  await pause(50);
  const closing = close();
  await expect(send(url, 'GET')).rejects.toThrow('fetch failed');
  await line.send(request.slice(-9));
  const [answer, ...others] = await line.answers();
  expect(answer?.status).toBe(200);
  expect(answer?.headers.get('connection')).toBe('close');
  expect(JSON.parse(answer?.body ?? '')).toMatchObject({ secret: { name: 'db' } });
  expect(others).toEqual([]);
  await closing;
  await expect(send(url, 'GET')).rejects.toThrow('fetch failed');
});

test('a connection is reused until close, which sends connection: close', async () => {
  const { answer, tell } = slow();
  const { url, close } = await serving({ answer });
  const line = dial(url);
  const ask = async (times: number) => {
    await line.send(rawRequest('GET', secrets, '', keepAlive));
    await vi.waitFor(() => expect(answer).toHaveBeenCalledTimes(times));
  };
  await ask(1);
  tell();
  await vi.waitFor(() => expect(answersIn(line.heard())).toHaveLength(1));
  await ask(2);
  const closing = close();
  tell();
  const kept = (await line.answers()).map(({ headers }) => headers.get('connection'));
  expect(kept).toEqual(['keep-alive', 'close']);
  await closing;
});

test('close closes idle connections at once', async () => {
  const { url, close } = await serving();
  const line = dial(url);
  await line.send(rawRequest('GET', secrets, '', keepAlive));
  await vi.waitFor(() => expect(answersIn(line.heard())).toHaveLength(1));
  const start = performance.now();
  await close();
  expect(performance.now() - start).toBeLessThan(1000);
  await line.answers();
});

test('close closes connections without input at once', async () => {
  const { url, close } = await serving();
  const line = dial(url);
  await pause(50);
  const start = performance.now();
  await close();
  expect(performance.now() - start).toBeLessThan(1000);
  line.socket.destroy();
}, 10_000);

test('close keeps the process running until it resolves, even if clients went away without their responses', async () => {
  const timers = vi.spyOn(globalThis, 'setTimeout');
  const { close } = await serving();
  const closing = close();
  const index = timers.mock.calls.findIndex(([, milliseconds]) => milliseconds === 5000);
  const timer = timers.mock.results[index]?.value;
  timers.mockRestore();
  expect(timer.hasRef()).toBe(true);
  await closing;
  // Node keeps this flag until the timer is cleared or has run.
  expect(timer).toMatchObject({ _destroyed: true });
});

test('close can be called twice', async () => {
  const { close } = await serving();
  const closing = close();
  expect(close()).toBe(closing);
  await closing;
  await close();
});

test('close frees the port at once', async () => {
  const { url, close } = await serving();
  await send(url, 'GET');
  await close();
  const other = createServer();
  await new Promise<void>((resolve, reject) => {
    other.once('error', reject).listen(Number(new URL(url).port), '127.0.0.1', resolve);
  });
  await new Promise((resolve) => other.close(resolve));
});
