import fc from 'fast-check';
import { afterEach, beforeEach, expect, describe as group, test, vi } from 'vitest';
import { createCsmsEmulator, handleCsms, type MemoryEmulator, type WireRequest } from '../../src/emulator/index.ts';
import { type Served, serve } from '../../src/server/index.ts';
import { hostileNames } from '../arbitraries.ts';
import { expectLinear, workOf } from '../work.ts';
import { collectGarbage, expectAllRefused } from './refused.ts';
import { answersIn, dial, exchange, pause, rawRequest, refusal } from './requests.ts';

type Body = Readonly<Record<string, unknown>>;

/** A good request to the world below, and what each of its parts must not be. */
interface Good {
  readonly method: string;
  readonly path: readonly string[];
  /** For each segment of the path, encoded. */
  readonly badPath: Readonly<Record<number, readonly string[]>>;
  readonly query?: string;
  readonly badQueries?: readonly string[];
  readonly body?: Body;
  /** What to change in the body. */
  readonly badFields?: readonly Body[];
  /** Whether it is nothing without its body. */
  readonly needsBody?: boolean;
}

const now = 1_581_507_580_000;
const bodyLimit = 512 * 1024;
const marker = 'hunter2, the value that nobody may tell';
const value = { secret_string: marker };

const encoded = (name: string): string => {
  try {
    return encodeURIComponent(name);
  } catch {
    return name;
  }
};
const each = (field: string, values: readonly unknown[]): readonly Body[] =>
  values.map((value) => ({ [field]: value }));

const noText = [0, 0.5, true, {}, [], ['db'], { length: 1 }];
const noRequiredText = [undefined, null, ...noText];
const noTime = ['', '1', 'tomorrow', true, {}, [], -1, 0.5, 864e13 + 1, 1e300];
const noBase64 = [...noText, 'A', 'AB', 'ABC', '====', 'A===', 'AA=A', 'AA AA', '-_-_', 'AAAA\n', '😀', '\uD800'];
const noSecretName = hostileNames.filter((name) => !/^[\w.-]{1,64}$/.test(name));
const noStageName = hostileNames.filter((name) => !/^[\w-]{1,64}$/.test(name));
const noVersionId = [...hostileNames, 'v3', 'V1', 'latest'];
const noValue = [
  ...each('secret_string', [undefined, null, ...noText, 'x'.repeat(32_769), '€'.repeat(10_923)]),
  ...each('secret_binary', [...noBase64, 'AAAA'.repeat(8193)]).map((change) => ({ ...change, secret_string: null })),
  { secret_binary: 'AAAA' },
];

const dots = ['..', '.', '%2e%2e', '%2E', '%2F', '%2F..%2F', 'db%2F', '%2Fdb', 'db%00', 'db%20'];
const noUtf8 = ['%', '%zz', '%C0%AF', '%ED%A0%80', '%FF', 'db%'];
// Without a name, the path of a secret or a version is that of a list.
const nowhere = [...dots, ...noUtf8, ...hostileNames.filter((name) => name !== '').map(encoded)];
const noProject = { 0: ['', '%00', '%0A', '%E2%80%8B', 'a'.repeat(65)] };
const inSecret = { 0: nowhere, 2: nowhere };
const inVersion = { ...inSecret, 4: nowhere };
const noStage = [...dots, ...noUtf8, ...noStageName.map(encoded)];
const noLimit = ['0', '-1', '1001', '1.5', '1e2', '00', '01', 'ten', '', '%00', '%EF%BC%91', '1%20', '__proto__'].map(
  (limit) => `limit=${limit}`,
);

const goods: readonly Good[] = [
  {
    method: 'POST',
    path: ['p', 'secrets'],
    badPath: noProject,
    body: { name: 'new', description: '\uD800', kms_key_id: 'k', ...value },
    badFields: [
      ...each('name', [...noRequiredText, ...noSecretName, 'db', 'old']),
      ...each('description', [...noText, 'x'.repeat(2049), '€'.repeat(683)]),
      ...each('kms_key_id', [...noText, 'x'.repeat(65), '€'.repeat(22)]),
      ...noValue,
    ],
    needsBody: true,
  },
  { method: 'GET', path: ['p', 'secrets'], badPath: noProject, query: 'limit=10&marker=a', badQueries: noLimit },
  { method: 'GET', path: ['p', 'secrets', 'db'], badPath: inSecret },
  { method: 'DELETE', path: ['p', 'secrets', 'db'], badPath: inSecret, body: value },
  {
    method: 'POST',
    path: ['p', 'secrets', 'db', 'versions'],
    badPath: inSecret,
    body: { version_stages: ['blue'], expire_time: now, ...value },
    badFields: [
      ...each('version_stages', ['blue', 0, true, {}, [0], [null], [['blue']]]),
      ...each(
        'version_stages',
        noStageName.map((name) => ['blue', name]),
      ),
      // Their names alone are longer than an error may be.
      { version_stages: Array.from({ length: 13 }, (_, index) => `stage-${index}`.padEnd(64, '-')) },
      ...each('expire_time', noTime),
      ...noValue,
    ],
    needsBody: true,
  },
  {
    method: 'GET',
    path: ['p', 'secrets', 'db', 'versions'],
    badPath: inSecret,
    query: 'limit=1&marker=v1',
    badQueries: [...noLimit, ...noVersionId.filter((id) => id !== '').map((id) => `marker=${encoded(id)}`)],
  },
  { method: 'GET', path: ['p', 'secrets', 'db', 'versions', 'v1'], badPath: inVersion },
  {
    method: 'PUT',
    path: ['p', 'secrets', 'db', 'versions', 'v1'],
    badPath: inVersion,
    body: { expire_time: now, ...value },
    badFields: each('expire_time', [undefined, null, ...noTime]),
    needsBody: true,
  },
  {
    method: 'POST',
    path: ['p', 'secrets', 'db', 'stages'],
    badPath: inSecret,
    body: { name: 'blue', version_id: 'v1', ...value },
    badFields: [
      ...each('name', [...noRequiredText, ...noStageName]),
      ...each('version_id', [...noRequiredText, ...noVersionId]),
    ],
    needsBody: true,
  },
  {
    method: 'PUT',
    path: ['p', 'secrets', 'db', 'stages', 'blue'],
    badPath: { ...inSecret, 4: noStage },
    body: { version_id: 'v1', ...value },
    badFields: each('version_id', [...noRequiredText, ...noVersionId]),
    needsBody: true,
  },
  { method: 'GET', path: ['p', 'secrets', 'db', 'stages', 'canary'], badPath: inVersion },
  { method: 'DELETE', path: ['p', 'secrets', 'db', 'stages', 'canary'], badPath: inVersion, body: value },
  {
    method: 'POST',
    path: ['p', 'secrets', 'db', 'scheduled-deleted-tasks', 'create'],
    badPath: inSecret,
    body: { recovery_window_in_days: 7, ...value },
    badFields: each('recovery_window_in_days', ['7', '', true, {}, [], [7], 6, 31, 7.5, -7, 1e300]),
  },
  {
    method: 'POST',
    path: ['p', 'secrets', 'old', 'scheduled-deleted-tasks', 'cancel'],
    badPath: inSecret,
    body: value,
  },
];

const token: WireRequest['headers'] = new Map([['x-auth-token', 'any']]);
const wire = ({ method, path, query, body }: Good): WireRequest => ({
  method,
  target: `/v1/${path.join('/')}${query === undefined ? '' : `?${query}`}`,
  headers: token,
  body: body && JSON.stringify(body),
});

const nested = ['['.repeat(10_000) + ']'.repeat(10_000), `${'{"a":'.repeat(5000)}0${'}'.repeat(5000)}`];
const from = fc.constantFrom;

/** The good request with exactly one thing spoilt. */
const spoilt = (good: Good): fc.Arbitrary<WireRequest> => {
  const sent = wire(good);
  const { body = value, badFields = [], badQueries = [] } = good;
  const text = JSON.stringify(body);
  const path = sent.target.split('?', 1).join();
  const [field] = Object.keys(badFields[0] ?? {});
  const asBody = (body: WireRequest['body']) => ({ ...sent, body });
  const asPath = (bad: string) => ({ ...sent, target: sent.target.replace(path, () => bad) });
  const asSegment = (index: number) => (segment: string) => wire({ ...good, path: good.path.with(index, segment) });
  const asChange = (change: Body) => wire({ ...good, body: { ...body, ...change } });
  const whereName = Object.keys(good.badPath)
    .map(Number)
    .filter((index) => index > 0);
  const random = fc.string({ unit: 'binary' }).map((text) => `${text}!`);

  const light = [
    from('PATCH', 'TRACE', 'get', 'head', 'post', '', 'GET ', '__proto__').map((method) => ({
      ...sent,
      method,
    })),
    from(new Map(), new Map([['x-auth-token', '']]), new Map([['authorization', 'Basic YTpi']])).map((headers) => ({
      ...sent,
      headers,
    })),
    from('/v2', '/V1', '', '//v1', '/v1/').map((start) => asPath(path.replace('/v1', start))),
    from(/GET|POST/.test(good.method) ? '//' : '/', '/..', '%2F', '%00').map((end) => asPath(path + end)),
    from(asPath(`/${path.slice(1).replaceAll('/', '%2F')}`), asPath(path.toUpperCase())),
    ...Object.entries(good.badPath).map(([index, segments]) => from(...segments).map(asSegment(Number(index)))),
    ...whereName.map((index) => random.map(encodeURIComponent).map(asSegment(index))),
    from(`${text}}`, text + text, text.replaceAll('"', "'"), 'NaN', 'undefined', ' ', '\u0000').map(asBody),
    fc.integer({ min: 1, max: text.length - 1 }).map((length) => asBody(text.slice(0, length))),
    from('null', '0', 'true', '"{}"', '[]', '[{}]', `[${text}]`).map(asBody),
    fc
      .tuple(
        fc.nat(text.length),
        from([0xff], [0x80], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2]),
      )
      .map(([at, bad]) => asBody(Uint8Array.from([...Buffer.from(text)].toSpliced(at, 0, ...bad)))),
    ...(badQueries.length > 0
      ? [
          from(...badQueries).map((query) => wire({ ...good, query })),
          random.map((limit) => wire({ ...good, query: `limit=${encodeURIComponent(limit)}` })),
        ]
      : []),
    ...(badFields.length > 0 ? [1, 2, 3, 4].map(() => from(...badFields).map(asChange)) : []),
    ...('name' in body ? [random.map((name) => asChange({ name }))] : []),
    ...(good.needsBody
      ? [from(undefined, `{"__proto__":${text}}`, `{"constructor":${text}}`, '{"":{}}').map((body) => asBody(body))]
      : []),
  ];
  const heavy = [
    from(...nested.map((deep) => (field === undefined ? `[${deep}]` : `${text.slice(0, -1)},"${field}":${deep}}`))).map(
      asBody,
    ),
    from(`${text}${' '.repeat(bodyLimit)}`, new Uint8Array(bodyLimit + 1).fill(0x20)).map(asBody),
  ];
  return fc.oneof(
    ...light.map((arbitrary) => ({ weight: 40, arbitrary })),
    ...heavy.map((arbitrary) => ({ weight: 1, arbitrary })),
  );
};

const bad: fc.Arbitrary<WireRequest> = fc.oneof(...goods.map(spoilt));

/** What the Web's own Request can carry as it is. */
const isForFetch = ({ method, target, body }: WireRequest): boolean =>
  /^(POST|PUT|DELETE|PATCH|OPTIONS)$/.test(method) ||
  // A URL without the dots at its end can be that of a list.
  (/^(GET|HEAD)$/.test(method) && body === undefined && target !== '' && !/\/(\.|%2e)+(\?|$)/i.test(target));

const asRequest = ({ method, target, headers, body }: WireRequest): Request => {
  const pairs = ['x-auth-token', 'authorization'].flatMap((name): [string, string][] => {
    const header = headers.get(name);
    return typeof header === 'string' ? [[name, header]] : [];
  });
  return new Request(`http://csms${target}`, { method, headers: pairs, body: body ?? null });
};

/** A world with a secret db of two versions, which the good requests are about, and one that waits for its deletion. */
const worldly = async (): Promise<MemoryEmulator> => {
  const emulator = createCsmsEmulator({ clock: () => now });
  const post = async (path: string, body: object) => {
    const target = `/v1/p/secrets${path}`;
    const { status } = await emulator.answer({ method: 'POST', target, headers: token, body: JSON.stringify(body) });
    expect(status).toBe(200);
  };
  await post('', { name: 'db', ...value });
  await post('/db/versions', { version_stages: ['canary'], ...value });
  await post('', { name: 'old', ...value });
  await post('/old/scheduled-deleted-tasks/create', {});
  return emulator;
};

test.each(goods)('$method $path is valid before it is changed', async (good) => {
  const { world } = await worldly();
  expect(handleCsms(world, wire(good), now).response.status).toBeLessThan(300);
});

test('every invalid request is refused: the world stays the same, no value is shown, no memory leaks', {
  timeout: 120_000,
}, async () => {
  const emulator = await worldly();
  await expectAllRefused(bad, {
    emulator,
    answer: async (bad, lot) => {
      if (lot > 0 || !isForFetch(bad)) return emulator.answer(bad);
      const response = await emulator.fetch(asRequest(bad));
      return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
    },
    type: 'application/json',
    statuses: [400, 403],
    refusal,
    values: new RegExp(marker),
  });
});

test('requests for secrets that do not exist leak no memory', async () => {
  const { answer } = createCsmsEmulator();
  const ask = async (from: number, to: number) => {
    for (let index = from; index < to; index++) {
      await answer({ method: 'DELETE', target: `/v1/p/secrets/db-${index}`, headers: token });
    }
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const before = await ask(0, 1000);
  expect((await ask(1000, 20_000)) - before).toBeLessThan(2_000_000);
});

test('an incomplete body is refused', async () => {
  const emulator = await worldly();
  const body = new ReadableStream({ pull: (controller) => controller.error(new Error('The client went away.')) });
  const request = new Request('http://csms/v1/p/secrets', {
    method: 'POST',
    headers: { 'x-auth-token': 'any' },
    body,
    duplex: 'half',
  });
  const response = await emulator.fetch(request);
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual(refusal);
});

test('reading stops when a body is over the limit', async () => {
  const emulator = await worldly();
  const pull = vi.fn((controller: ReadableStreamDefaultController) => {
    controller.enqueue(new Uint8Array(65_536));
    if (pull.mock.calls.length === 100) controller.close();
  });
  const cancel = vi.fn();
  const request = new Request('http://csms/v1/p/secrets', {
    method: 'POST',
    body: new ReadableStream({ pull, cancel }),
    duplex: 'half',
  });
  expect((await emulator.fetch(request)).status).toBe(400);
  expect(pull.mock.calls.length).toBeLessThan(10);
  expect(cancel).toHaveBeenCalledOnce();
});

group('A signature that covers headers with hostile names is refused', () => {
  const date = '20200212T113940Z';
  const headersOf = (name: string) => ({
    'x-sdk-date': date,
    authorization: `SDK-HMAC-SHA256 Access=a, SignedHeaders=host;x-sdk-date;${name}, Signature=${'0'.repeat(64)}`,
  });
  const emulator = createCsmsEmulator({ clock: () => now, credentials: { keys: [{ access: 'a', secret: 'b' }] } });
  const names = ['', '(', '__proto__', 'constructor', 'tostring', 'é'];

  test.each(names)('by fetch: %j', async (name) => {
    const response = await emulator.fetch(new Request('http://csms/v1/p/secrets', { headers: headersOf(name) }));
    expect([response.status, await response.json()]).toEqual([400, refusal]);
  });

  test.each(names)('over HTTP: %j', async (name) => {
    const { url, close } = await serve(emulator);
    const response = await fetch(`${url}/v1/p/secrets`, { headers: headersOf(name) });
    expect([response.status, await response.json()]).toEqual([400, refusal]);
    await close();
  });
});

group('Over a socket', () => {
  const secrets = '/v1/p/secrets';
  const good = rawRequest('GET', secrets);
  let emulator: MemoryEmulator;
  let served: Served;
  beforeEach(async () => {
    emulator = createCsmsEmulator({ clock: () => now, credentials: { tokens: [{ token: 'any' }] } });
    await emulator.restore((await worldly()).world);
    served = await serve(emulator);
  });
  afterEach(async () => {
    const [answer] = await exchange(served.url, good);
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ secrets: [{ name: 'db' }, { name: 'old' }] });
    expect(emulator.world).toEqual((await worldly()).world);
    await served.close();
  });

  const create = JSON.stringify({ name: 'new', ...value });
  const post = (...headers: readonly string[]) => rawRequest('POST', secrets, '', ...headers);
  const refused: readonly (readonly [what: string, status: number, sent: string])[] = [
    ['garbage', 400, 'What is this?\r\n\r\n'],
    ['NUL bytes', 400, '\0'.repeat(1000)],
    ['a TLS handshake', 400, '\x16\x03\x01\x02\x00\x01\x00\x01\x7c\x03\x03'],
    ['an HTTP/2 preface', 400, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a NUL in the target', 400, rawRequest('GET', `${secrets}/\0`)],
    ['a NUL in a header', 400, rawRequest('GET', secrets, '', 'x: a\0b')],
    ['a header without a colon', 400, rawRequest('GET', secrets, '', 'x')],
    ['an endless header', 431, rawRequest('GET', secrets, '', `x: ${'x'.repeat(1_000_000)}`)],
    ['too many headers', 431, rawRequest('GET', secrets, '', ...Array.from({ length: 5000 }, (_, i) => `x${i}: y`))],
    ['a path without a slash', 400, rawRequest('GET', secrets.slice(1))],
    ['a target with a host and no path', 400, rawRequest('GET', 'http://csms')],
    ['a target that is a star', 400, rawRequest('OPTIONS', '*')],
    ['CONNECT', 405, rawRequest('CONNECT', 'csms:443')],
    ['TRACE', 400, rawRequest('TRACE', secrets)],
    ['a method of nobody', 400, rawRequest('STEAL', secrets)],
    ['an Expect of nobody', 417, rawRequest('GET', secrets, '', 'expect: tea', 'connection: close')],
    ['two tokens', 400, rawRequest('GET', secrets, '', 'x-auth-token: other', 'connection: close')],
    ['two lengths', 400, post(`content-length: ${create.length}`, 'content-length: 2') + create],
    ['a length that is none', 400, post('content-length: ten') + create],
    ['a length below zero', 400, post('content-length: -1') + create],
    ['a length and chunks', 400, post(`content-length: ${create.length}`, 'transfer-encoding: chunked') + create],
    ['chunks without a size', 400, post('transfer-encoding: chunked') + create],
    ['a broken second chunk', 400, `${post('transfer-encoding: chunked')}1\r\n{\r\n-1\r\n${create}`],
    ['an encoding that is none', 400, post('transfer-encoding: tea') + create],
  ];
  test.each(refused)('%s is refused with status %i', async (_, status, sent) => {
    const answers = await exchange(served.url, sent);
    expect(answers.map((answer) => answer.status)).toEqual([status]);
    expect(answers[0]?.headers.get('content-type')).toBe('application/json');
    expect(JSON.parse(answers[0]?.body ?? '')).toEqual(refusal);
  });

  test('an incomplete body is refused', async () => {
    const line = dial(served.url);
    line.socket.end(post(`content-length: ${create.length}`) + create.slice(1));
    const [answer] = await line.answers();
    expect(answer?.status).toBe(400);
    expect(JSON.parse(answer?.body ?? '')).toEqual(refusal);
  });

  test.each([
    ['the headers do', good.slice(0, -2)],
    ['the body does', post(`content-length: ${create.length}`) + create.slice(1)],
  ])('a request times out if %s not arrive', async (_, start) => {
    const hurried = await serve(emulator, { requestTimeout: 300 });
    const [answer] = await exchange(hurried.url, start);
    await hurried.close();
    expect(answer?.status).toBe(408);
    expect(JSON.parse(answer?.body ?? '')).toEqual(refusal);
  });

  test('a body of 20 MB is refused at once and discarded', async () => {
    const line = dial(served.url);
    const chunk = new Uint8Array(65_536).fill(0x20);
    await line.send(post(`content-length: ${320 * chunk.length}`));
    collectGarbage();
    const { arrayBuffers } = process.memoryUsage();
    for (let count = 1; count < 320; count++) await line.send(chunk);
    await vi.waitFor(() => expect(answersIn(line.heard())).toMatchObject([{ status: 400 }]));
    await vi.waitFor(() => {
      collectGarbage();
      expect(process.memoryUsage().arrayBuffers - arrayBuffers).toBeLessThan(4_000_000);
    });

    await line.send(chunk);
    await line.send(good);
    const answers = await line.answers();
    expect(answers.map(({ status }) => status)).toEqual([400, 200]);
    expect(JSON.parse(answers[0]?.body ?? '')).toEqual(refusal);
  });

  test('a request gets no second response if its body does not arrive after the first', async () => {
    const hurried = await serve(emulator, { requestTimeout: 300 });
    const answers = await exchange(hurried.url, post('content-length: 20000000'), ' '.repeat(bodyLimit + 1));
    await hurried.close();
    expect(answers.map(({ status }) => status)).toEqual([400]);
  });

  test('pipelined requests get responses in order', async () => {
    const one = (name: string) => rawRequest('GET', `${secrets}/${name}`, '', 'accept: */*');
    const answers = await exchange(served.url, [one('db'), one('nobody'), one('old'), one('..'), good].join(''));
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 200, 400, 200]);
  });

  test('garbage right after a valid request does not prevent its response', async () => {
    const answers = await exchange(served.url, `${rawRequest('GET', secrets, '', 'accept: */*')}garbage\r\n\r\n`);
    expect(answers.map(({ status }) => status)).toEqual([200, 400]);
  });

  test('a request is accepted with any Host header, without one, and with two', async () => {
    const hosts = ['', 'host: elsewhere\r\n', 'host: one\r\nhost: two\r\n'];
    const sent = hosts.map((host) => exchange(served.url, good.replace('host: localhost\r\n', host)));
    expect(await Promise.all(sent)).toMatchObject([[{ status: 200 }], [{ status: 200 }], [{ status: 200 }]]);
  });

  test.each([
    ['nothing', ''],
    ['half a request', 'GET'],
    ['half a body', post('content-length: 9')],
    ['two requests', good + good],
    ['garbage', 'garbage'],
    ['CONNECT', rawRequest('CONNECT', 'csms:443')],
  ])('the server survives a client that resets the connection after %s', async (_, sent) => {
    for (const delay of [0, 1, 2, 3, 4, 5, 10]) {
      const line = dial(served.url);
      await line.send(sent);
      await pause(delay);
      line.socket.resetAndDestroy();
    }
    await pause(20);
  });

  test.each(['nothing', 'everything'])(
    'the server closes while a client stays connected after CONNECT and sends %s',
    async (said) => {
      const line = dial(served.url, { stays: true });
      await line.send(rawRequest('CONNECT', 'csms:443'));
      await vi.waitFor(() => expect(answersIn(line.heard())).toMatchObject([{ status: 405 }]));
      if (said !== 'nothing') await line.send(said);
      const isClosed = await Promise.race([served.close().then(() => true), pause(5500)]);
      line.socket.destroy();
      served = await serve(emulator);
      expect(isClosed).toBe(true);
    },
    10_000,
  );
});

group('A request is read in linear time, up to a limit', () => {
  const headers = new Map([['x-auth-token', 'any']]);
  const creation = { method: 'POST', target: '/v1/p/secrets', headers, body: JSON.stringify({ name: 'db', ...value }) };
  const { world } = handleCsms({ projects: {} }, creation, now);
  const answerTo = (method: string, target: string, body?: string) => {
    const { response } = handleCsms(world, { method, target, headers, body }, now);
    return JSON.parse(response.body ?? '');
  };
  const list = (count: number, item: (index: number) => unknown) =>
    JSON.stringify({ ...value, version_stages: Array.from({ length: count }, (_, index) => item(index)) });

  type Case = readonly [
    what: string,
    method: string,
    target: (count: number) => string,
    body?: (count: number) => string,
  ];
  const cases: readonly Case[] = [
    ['segments', 'GET', (count) => `/v1/${'a/'.repeat(count)}`],
    ['characters in a segment', 'GET', (count) => `/v1/p/secrets/${'a'.repeat(count)}`],
    ['encoded characters', 'GET', (count) => `/v1/p/secrets/${'%41'.repeat(count)}`],
    ['parameters', 'GET', (count) => `/v1/p/secrets?${'a=1&'.repeat(count)}`],
    ['digits of a limit', 'GET', (count) => `/v1/p/secrets?limit=${'1'.repeat(count)}`],
    ['characters of a marker', 'GET', (count) => `/v1/p/secrets?marker=${'1'.repeat(count)}`],
    ['levels of JSON', 'POST', () => '/v1/p/secrets', (count) => `{"name":${'['.repeat(count)}${']'.repeat(count)}}`],
    ['stages', 'POST', () => '/v1/p/secrets/db/versions', (count) => list(count, (index) => `s${index}`)],
    ['same stages', 'POST', () => '/v1/p/secrets/db/versions', (count) => list(count, () => 's')],
    ['invalid stages', 'POST', () => '/v1/p/secrets/db/versions', (count) => list(count, () => 1)],
  ];
  test.each(cases.map((one) => ({ what: one[0], one })))('with many $what', ({ one: [, method, target, body] }) => {
    expectLinear((count) => {
      const [at, sent] = [target(count), body?.(count)];
      return () => answerTo(method, at, sent);
    }, 500);
  });

  test('a target of more than 16,384 characters is refused', () => {
    const target = '/v1/p/secrets?limit=5&x=';
    expect(answerTo('GET', target + 'x'.repeat(16_384 - target.length))).toMatchObject({ page_info: {} });
    expect(answerTo('GET', target + 'x'.repeat(16_385 - target.length))).toEqual({
      error_code: 'CSMS.0003',
      error_msg: 'The request is invalid. The path and query must have at most 16384 characters.',
    });
  });

  test('reading a list of invalid names stops at the first', () => {
    const workAt = (count: number) => {
      const body = list(count, () => 1);
      return workOf(() => answerTo('POST', '/v1/p/secrets/db/versions', body));
    };
    // The JSON alone has 4,000 characters more, which count for 400.
    expect(workAt(2000) - workAt(2)).toBeLessThan(450);
  });
});
