import fc from 'fast-check';
import { expect, describe as group, onTestFinished, test, vi } from 'vitest';
import {
  createAwsEmulator,
  createCsmsEmulator,
  type WireRequest,
  type WireResponse,
} from '../../src/emulator/index.ts';
import { type Answered, serve } from '../../src/server/index.ts';
import { dial, exchange, pause, rawRequest } from '../emulator/requests.ts';
import { property, runs } from '../property.ts';
import { serving } from './in-process.ts';

const secrets = '/v1/p/secrets';
const keepAlive = 'connection: keep-alive';
const create = (name: string) =>
  rawRequest('POST', secrets, JSON.stringify({ name, secret_string: 'hunter2' }), keepAlive);
const list = rawRequest('GET', secrets, '', keepAlive);
const remove = (name: string) => rawRequest('DELETE', `${secrets}/${name}`, '', keepAlive);
const garbage = 'garbage\r\n\r\n';

const statusesOf = async (line: ReturnType<typeof dial>) => (await line.answers()).map(({ status }) => status);

/** Collects the warnings of this process while a test runs. */
const warnings = () => {
  const seen: Error[] = [];
  const see = (warning: Error) => void seen.push(warning);
  process.on('warning', see);
  onTestFinished(() => void process.off('warning', see));
  return seen;
};

/** An emulator that names each target that it answers, after some time. */
const naming = (milliseconds = 0) => {
  const targets: string[] = [];
  const answer = async ({ target }: WireRequest): Promise<WireResponse> => {
    targets.push(target);
    await pause(milliseconds);
    return { status: 200, headers: {}, body: target };
  };
  return { answer, targets };
};

test('every executed request gets its response in order, and then the garbage', async () => {
  const warned = warnings();
  const emulator = createCsmsEmulator();
  const told: Answered[] = [];
  const { url } = await serving(emulator, { onAnswer: (answered) => told.push(answered) });
  const sent = [create('a'), create('b'), list, remove('a'), remove('b'), garbage];
  const answers = await exchange(url, sent.join(''), garbage, garbage.repeat(20));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 204, 204, 400]);
  expect(JSON.parse(answers[2]?.body ?? '')).toMatchObject({ secrets: [{ name: 'a' }, { name: 'b' }] });
  expect(answers.map(({ headers }) => headers.get('connection'))).toEqual([...Array(5).fill('keep-alive'), 'close']);
  expect(told.map(({ method, status }) => `${method} ${status}`)).toEqual([
    'POST 200',
    'POST 200',
    'GET 200',
    'DELETE 204',
    'DELETE 204',
    ' 400',
  ]);
  expect(emulator.world.projects).toEqual({});
  expect(warned).toEqual([]);
});

test('garbage in many pieces is refused once and causes no warning', async () => {
  const warned = warnings();
  const { url } = await serving(naming(100));
  const line = dial(url);
  await line.send(list + garbage);
  for (let piece = 0; piece < 30; piece++) {
    await line.send(garbage);
    await pause(1);
  }
  expect(await statusesOf(line)).toEqual([200, 400]);
  expect(warned).toEqual([]);
});

test('a request is executed only after the response to the one before', async () => {
  let running = 0;
  const answer = async ({ target }: WireRequest): Promise<WireResponse> => {
    expect(++running).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    return { status: 200, headers: {}, body: target };
  };
  const { url } = await serving({ answer });
  // More than the server reads at once, and more than may wait.
  const paths = Array.from({ length: 2000 }, (_, index) => `/${'x'.repeat(200)}${index}`);
  const sent = paths.map((path, index) => rawRequest('GET', path, '', index < 1999 ? keepAlive : 'connection: close'));
  const line = dial(url);
  await line.send(sent.join(''));
  await vi.waitFor(() => expect(line.socket.closed).toBe(true), 10_000);
  const bodies = line.heard().match(/^\/x+\d+/gm);
  expect(bodies).toEqual(paths);
});

test('the server stops reading while more than a hundred requests wait', async () => {
  const { answer, targets } = naming(2);
  const { url } = await serving({ answer });
  const line = dial(url);
  const request = rawRequest('GET', '/', '', keepAlive, `x: ${'x'.repeat(1000)}`);
  let isSent = false;
  const sending = line.send(request.repeat(20_000)).then(() => {
    isSent = true;
  });
  await vi.waitFor(() => expect(targets).not.toEqual([]), 5000);
  await pause(900);
  // It does not fit into the buffers of the sockets.
  expect(isSent).toBe(false);
  line.socket.destroy();
  await sending;
});

test('a client that stays after its input was refused is disconnected', async () => {
  const { url } = await serving();
  const line = dial(url, { stays: true });
  await line.send(garbage);
  await vi.waitFor(() => expect(line.heard()).not.toBe(''), 5000);
  const start = performance.now();
  // Node reports a reset connection only to a client that writes.
  while (!line.socket.destroyed) {
    await line.send(garbage);
    await pause(10);
    expect(performance.now() - start).toBeLessThan(3000);
  }
});

test.each([
  ['a body without an end', rawRequest('POST', secrets, '', 'transfer-encoding: chunked'), '1\r\n{\r\n-1\r\n'],
  ['a header without a colon', '', rawRequest('GET', secrets, '', 'x')],
  ['an unknown version', '', 'GET / HTTP/9.9\r\n\r\n'],
  ['CONNECT', '', rawRequest('CONNECT', 'csms:443')],
])('%s is refused after the earlier requests, and is not executed', async (_, head, rest) => {
  const { answer, targets } = naming(30);
  const { url } = await serving({ answer });
  const pieces = [`${rawRequest('GET', '/1', '', keepAlive)}${rawRequest('GET', '/2', '', keepAlive)}${head}`, rest];
  for (const sent of [pieces, [pieces.join('')]]) {
    targets.length = 0;
    const line = dial(url);
    for (const piece of sent) {
      await line.send(piece);
      await pause(10);
    }
    const answers = await line.answers();
    expect(answers.map(({ body, status }) => (status === 200 ? body : status))).toEqual([
      '/1',
      '/2',
      expect.toSatisfy((status) => [400, 405].includes(status)),
    ]);
    expect(targets).toEqual(['/1', '/2']);
  }
});

test('a body that becomes malformed while it is read is refused, and not executed', async () => {
  const { answer, targets } = naming();
  const { url } = await serving({ answer });
  const line = dial(url);
  await line.send(`${rawRequest('POST', '/', '', 'transfer-encoding: chunked')}1\r\n{\r\n`);
  await pause(50);
  await line.send('-1\r\n');
  expect(await statusesOf(line)).toEqual([400]);
  expect(targets).toEqual([]);
});

test('a malformed rest of a body that was too long gets no second response', async () => {
  const { url } = await serving(naming(50));
  const line = dial(url);
  const tooLong = 'x'.repeat(512 * 1024 + 1);
  await line.send(
    `${rawRequest('POST', '/', '', 'transfer-encoding: chunked')}${tooLong.length.toString(16)}\r\n${tooLong}\r\n`,
  );
  await pause(20);
  await line.send('-1\r\n');
  expect(await statusesOf(line)).toEqual([200]);
});

test('an unknown Expect header is refused in its turn', async () => {
  const { url } = await serving(naming(20));
  const tea = rawRequest('POST', secrets, '{}', 'expect: tea', keepAlive);
  const answers = await exchange(url, `${list}${tea}${list}${garbage}`);
  expect(answers.map(({ status }) => status)).toEqual([200, 417, 200, 400]);
});

test('the response to a request that asks for an upgrade is an ordinary one, and the last', async () => {
  for (const after of ['', garbage, list]) {
    for (const pieces of [[after], ['', after]]) {
      const { answer, targets } = naming(20);
      const { url } = await serving({ answer });
      const [first = '', ...others] = pieces;
      const upgrade = rawRequest('GET', '/', '', 'connection: upgrade', 'upgrade: h2c');
      const answers = await exchange(url, upgrade + first, ...others);
      expect(answers.map(({ headers }) => headers.get('connection'))).toEqual(['close']);
      expect(targets).toEqual(['/']);
    }
  }
});

test('requests after connection: close are not executed', async () => {
  for (const after of [list, garbage, remove('db')]) {
    const { answer, targets } = naming(20);
    const { url } = await serving({ answer });
    const answers = await exchange(url, `${list}${rawRequest('GET', '/last')}${after}`);
    expect(answers.map(({ body }) => body)).toEqual([secrets, '/last']);
    expect(targets).toEqual([secrets, '/last']);
  }
});

test.each([
  ['a request', list, [200]],
  ['two requests', list + remove('a'), [200, 200]],
  ['garbage', list + remove('a') + garbage, [200, 200, 400]],
  ['half a body', list + create('a').slice(0, -1), [200, 400]],
  ['half a head', list + create('a').slice(0, 20), [200, 400]],
])('a client that closes its half of the connection after %s gets its responses', async (_, sent, statuses) => {
  const { url } = await serving(naming(30));
  const line = dial(url, { stays: true });
  line.socket.end(sent);
  expect(await statusesOf(line)).toEqual(statuses);
});

test('requests that wait are not executed after the client resets the connection', async () => {
  const { answer, targets } = naming(50);
  const told: Answered[] = [];
  const { url } = await serving({ answer }, { onAnswer: (answered) => told.push(answered) });
  for (const sent of [
    list + remove('a'),
    list + remove('a') + garbage,
    list + remove('a') + create('b').slice(0, -1),
  ]) {
    targets.length = 0;
    const line = dial(url);
    await line.send(sent);
    await vi.waitFor(() => expect(targets).toEqual([secrets]));
    line.socket.resetAndDestroy();
    await pause(100);
    expect(targets).toEqual([secrets]);
  }
  expect(told).toHaveLength(3);
});

test('close answers the requests that wait, and the last response says connection: close', async () => {
  const { answer, targets } = naming(100);
  const { url, close } = await serving({ answer });
  const line = dial(url);
  await line.send(list + remove('a') + remove('b'));
  await vi.waitFor(() => expect(targets).toHaveLength(1));
  const closing = close();
  const answers = await line.answers();
  expect(answers.map(({ headers }) => headers.get('connection'))).toEqual(['keep-alive', 'keep-alive', 'close']);
  await closing;
});

test('close answers requests that have arrived and were not read yet', async () => {
  const { answer, targets } = naming(20);
  const { url, close } = await serving({ answer });
  const [used, fresh, idle, silent] = [dial(url), dial(url), dial(url), dial(url)];
  for (const line of [used, idle]) {
    await line.send(list);
    await vi.waitFor(() => expect(line.heard()).not.toBe(''));
  }
  await Promise.all([fresh.send(''), silent.send('')]);
  await pause(20);
  targets.length = 0;
  // The system has these bytes at once. The server reads them later.
  for (const line of [used, fresh]) line.socket.write(list);
  const start = performance.now();
  await close();
  expect(performance.now() - start).toBeLessThan(3000);
  expect(targets).toEqual([secrets, secrets]);
  for (const line of [used, fresh]) expect((await line.answers()).at(-1)?.headers.get('connection')).toBe('close');
  expect(await statusesOf(idle)).toEqual([200]);
  expect(await statusesOf(silent)).toEqual([]);
});

/** An emulator with responses that are larger than the buffers of a socket. */
const wordy = (milliseconds = 0) => {
  const { answer, targets } = naming(milliseconds);
  const size = 20_000_000;
  const body = 'x'.repeat(size);
  return { targets, size, answer: async (request: WireRequest) => ({ ...(await answer(request)), body }) };
};
const lengthsOf = async (line: ReturnType<typeof dial>) => (await line.answers()).map(({ body }) => body.length);

test('a request after the last response is not executed', async () => {
  const { answer, targets, size } = wordy(200);
  const { url, close } = await serving({ answer });
  const line = dial(url);
  line.socket.pause();
  await line.send(list);
  await vi.waitFor(() => expect(targets).toHaveLength(1));
  const closing = close();
  await pause(300);
  await line.send(remove('a'));
  await pause(50);
  line.socket.resume();
  expect(await lengthsOf(line)).toEqual([size]);
  expect(targets).toEqual([secrets]);
  await closing;
});

test('close does not cut off a response that the client still reads', async () => {
  const { answer, targets, size } = wordy();
  const { url, close } = await serving({ answer });
  const line = dial(url);
  line.socket.pause();
  await line.send(list);
  await vi.waitFor(() => expect(targets).toHaveLength(1));
  await pause(50);
  const closing = close();
  await pause(50);
  line.socket.resume();
  await closing;
  expect(await lengthsOf(line)).toEqual([size]);
});

group('Any sequence of requests in any pieces', () => {
  const step = fc.oneof(
    fc.constantFrom(
      { sent: list, status: 200 },
      { sent: remove('unknown'), status: 400 },
      {
        sent: rawRequest('PUT', `${secrets}/db/versions/v1`, '{"expire_time": 1581507580000}', keepAlive),
        status: 200,
      },
      { sent: rawRequest('POST', '/', '{}', 'expect: tea', keepAlive), status: 417 },
      { sent: rawRequest('GET', secrets, '', keepAlive, 'origin: https://example.com'), status: 403 },
    ),
    fc.string({ unit: 'grapheme', maxLength: 50 }).map((text) => {
      const body = JSON.stringify({ name: '!', text });
      return { sent: rawRequest('POST', secrets, body, keepAlive), status: 400 };
    }),
    fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 5 }).map((sizes) => {
      const chunks = sizes.map((size) => `${size.toString(16)}\r\n${' '.repeat(size)}\r\n`).join('');
      return {
        sent: `${rawRequest('POST', secrets, '', 'transfer-encoding: chunked', keepAlive)}${chunks}0\r\n\r\n`,
        status: 400,
      };
    }),
  );
  const end = fc.constantFrom(
    { sent: garbage, statuses: [400] },
    { sent: rawRequest('CONNECT', 'csms:443'), statuses: [405] },
    { sent: `${rawRequest('GET', secrets)}${list}`, statuses: [200] },
    { sent: `${rawRequest('POST', secrets, '', 'transfer-encoding: chunked')}zz\r\n`, statuses: [400] },
  );

  property([fc.array(step, { maxLength: 8 }), end, fc.array(fc.nat(), { maxLength: 10 })], { numRuns: runs(150) })(
    'gets exactly its responses, in order',
    async (steps, last, cuts) => {
      const emulator = createCsmsEmulator();
      const headers = { 'x-auth-token': 'any' };
      const body = JSON.stringify({ name: 'db', secret_string: 'hunter2' });
      await emulator.fetch(`http://csms${secrets}`, { method: 'POST', headers, body });
      const { url, close } = await serve(emulator);
      const bytes = Buffer.from(steps.map(({ sent }) => sent).join('') + last.sent);
      const places = [0, ...cuts.map((cut) => cut % bytes.length), bytes.length].sort((one, other) => one - other);
      const line = dial(url);
      for (const [index, place] of places.slice(1).entries()) {
        await line.send(bytes.subarray(places[index], place));
        // Otherwise the kernel joins the pieces.
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(await statusesOf(line)).toEqual([...steps.map(({ status }) => status), ...last.statuses]);
      await close();
    },
  );
});

test('a request split at any byte is executed once', async () => {
  const { answer, targets } = naming();
  const { url } = await serving({ answer });
  const request = rawRequest('POST', '/', '{"name": "€"}');
  const bytes = Buffer.from(request);
  for (let place = 1; place < bytes.length; place++) {
    const line = dial(url);
    await line.send(bytes.subarray(0, place));
    await new Promise((resolve) => setImmediate(resolve));
    await line.send(bytes.subarray(place));
    expect(await statusesOf(line)).toEqual([200]);
  }
  expect(targets).toHaveLength(bytes.length - 1);
});

test('AWS answers executed requests in order, and then the garbage', async () => {
  const served = await serving(createAwsEmulator());
  const credential = 'AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/secretsmanager/aws4_request';
  const call = (operation: string, body: object) =>
    rawRequest(
      'POST',
      '/',
      JSON.stringify(body),
      `x-amz-target: secretsmanager.${operation}`,
      `authorization: ${credential}`,
      keepAlive,
    );
  const sent = [
    call('CreateSecret', { Name: 'db', SecretString: 'x', ClientRequestToken: '4e34025e-0b5f-4f5e-9d5c-000000000001' }),
    call('DeleteSecret', { SecretId: 'db', ForceDeleteWithoutRecovery: true }),
    call('DescribeSecret', { SecretId: 'db' }),
    garbage,
  ];
  const answers = await exchange(served.url, sent.join(''));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 400, 400]);
  expect(JSON.parse(answers[3]?.body ?? '')).toMatchObject({ __type: 'SerializationException' });
});
