import { afterEach, expect, test } from 'vitest';
import { createAwsEmulator, createCsmsEmulator, type Emulator } from '../../src/emulator/index.ts';
import { type Served, type ServeOptions, serve } from '../../src/server/index.ts';
import { exchange } from '../emulator/requests.ts';

const open: Served[] = [];
afterEach(() => Promise.all(open.splice(0).map(({ close }) => close())));

/** Sends a request with these headers to an emulator. By default it accepts any credentials. */
const ask = async (
  headers: readonly string[],
  { allowHosts, isOpen, target = '/v1/p/secrets', version = '1.1' }: Asked = {},
) => {
  const served = await serve({ ...createCsmsEmulator(), ...(isOpen === false && { isOpen }) }, { allowHosts });
  open.push(served);
  const head = [`GET ${target} HTTP/${version}`, 'x-auth-token: any', 'connection: close', ...headers];
  const [answer] = await exchange(served.url, `${head.join('\r\n')}\r\n\r\n`);
  return { status: answer?.status, body: JSON.parse(answer?.body ?? '') };
};
interface Asked extends Pick<ServeOptions, 'allowHosts'> {
  readonly isOpen?: boolean;
  readonly target?: string;
  readonly version?: string;
}

test.each(['localhost', 'LocalHost:8080', '127.0.0.1', '127.0.0.1:8080', '127.1.2.3:80', '[::1]', '[::1]:8080'])(
  'serve accepts the host %s without credentials',
  async (host) => {
    expect((await ask([`host: ${host}`])).status).toBe(200);
  },
);

test.each([
  'example.com',
  'example.com:8080',
  'localhost.example.com',
  'localhost.',
  'mylocalhost',
  '127.0.0.1.example.com',
  '127.example.com',
  '0.0.0.0',
  '10.0.0.1',
  '[::]',
  '[::1',
  '[::1].example.com',
  '::1',
  'localhost:80:80',
  'localhost@example.com',
  'example.com@localhost',
  'localhost/example.com',
  'localhost, example.com',
  'localhost, localhost',
  '',
])('serve refuses the host %j without credentials, and accepts it with credentials', async (host) => {
  expect(await ask([`host: ${host}`])).toEqual({
    status: 403,
    body: {
      error_code: 'CSMS.0003',
      error_msg: `The request is invalid. The host ${JSON.stringify(host)} is not allowed, because the emulator accepts any credentials. Use localhost, or allow this host with --allow-host or allowHosts.`,
    },
  });
  expect((await ask([`host: ${host}`], { isOpen: false })).status).toBe(200);
});

test.each(['1.0', '1.1'])('serve accepts HTTP/%s without a host', async (version) => {
  expect((await ask([], { version })).status).toBe(200);
});

test('serve refuses two hosts without credentials', async () => {
  expect((await ask(['host: localhost', 'host: localhost'])).status).toBe(403);
});

test('serve prefers the host of the target', async () => {
  const ours = 'http://localhost:8080/v1/p/secrets';
  const theirs = 'HTTP://example.com/v1/p/secrets';
  expect((await ask(['host: example.com'], { target: ours })).status).toBe(200);
  expect((await ask(['host: localhost'], { target: theirs })).status).toBe(403);
  expect((await ask([], { target: theirs })).status).toBe(403);
});

test('serve accepts allowed hosts on any port', async () => {
  const allowHosts = ['CSMS', 'csms.example.com', '10.0.0.1', 'fd00::1', '[FD00::2]'];
  const accepted = ['csms', 'csms:80', 'CSMS.example.com:443', '10.0.0.1', '[fd00::1]:8080', '[fd00::2]', 'localhost'];
  for (const host of accepted) expect((await ask([`host: ${host}`], { allowHosts })).status).toBe(200);
  for (const host of ['csms.example.org', 'a.csms', 'example.com', '10.0.0.2', '[fd00::3]'])
    expect((await ask([`host: ${host}`], { allowHosts })).status).toBe(403);
});

test('serve throws if the allowed hosts are not a list', async () => {
  const options: ServeOptions = JSON.parse('{ "allowHosts": "csms" }');
  await expect(serve(createCsmsEmulator(), options)).rejects.toThrow(
    new RangeError('`allowHosts` must be a list of host names; got the string "csms".'),
  );
});

test.each(['', '*', '*.example.com', 'csms:80', 'http://csms', 'csms/', 'a b', '[::1]:80', 'a@b', '[csms]'])(
  'serve throws if an allowed host is %j',
  async (host) => {
    await expect(serve(createCsmsEmulator(), { allowHosts: ['csms', host] })).rejects.toThrow(
      new RangeError(
        `An allowed host must be a name or an address without a port, such as csms.example.com; got ${JSON.stringify(host)}.`,
      ),
    );
  },
);

test.each([
  'http://localhost',
  'http://localhost:3000',
  'https://127.0.0.1:3000',
  'http://[::1]:3000',
  'http://app.example.com',
])('serve accepts the origin %s', async (origin) => {
  const allowHosts = ['app.example.com'];
  for (const isOpen of [true, false])
    expect((await ask(['host: localhost', `origin: ${origin}`], { isOpen, allowHosts })).status).toBe(200);
});

test.each([
  'null',
  '',
  'http://example.com',
  'https://example.com:8080',
  'http://localhost.example.com',
  'http://localhost@example.com',
  'http://example.com, http://localhost',
  'chrome-extension://abcdefgh',
  'file://',
  'localhost',
])('serve refuses the origin %j, also with credentials', async (origin) => {
  for (const isOpen of [true, false]) {
    expect(await ask(['host: localhost', `origin: ${origin}`], { isOpen })).toEqual({
      status: 403,
      body: {
        error_code: 'CSMS.0003',
        error_msg: `The request is invalid. The origin ${JSON.stringify(origin)} is not allowed. Web pages must be of this host, localhost or an allowed host (--allow-host, allowHosts).`,
      },
    });
  }
});

test('serve accepts the origin of its own host, if that is accepted', async () => {
  const headers = ['host: csms.example.com:8080', 'origin: http://csms.example.com:8080'];
  expect((await ask(headers, { isOpen: false })).status).toBe(200);
  expect((await ask(headers)).status).toBe(403);
  expect((await ask(['host: ', 'origin: null'], { isOpen: false })).status).toBe(403);
});

test('a refused request changes nothing, with AWS too', async () => {
  const emulator = createAwsEmulator();
  const served = await serve(emulator);
  open.push(served);
  const token = '4e34025e-0b5f-4f5e-9d5c-000000000001';
  const body = JSON.stringify({ Name: 'db', SecretString: 'hunter2', ClientRequestToken: token });
  const send = (...headers: readonly string[]) => {
    const head = [
      'POST / HTTP/1.1',
      ...headers,
      'connection: close',
      `content-length: ${body.length}`,
      'x-amz-target: secretsmanager.CreateSecret',
      'authorization: AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/secretsmanager/aws4_request',
    ];
    return exchange(served.url, `${head.join('\r\n')}\r\n\r\n${body}`);
  };
  for (const headers of [['host: example.com'], ['host: localhost', 'origin: http://example.com']]) {
    const [answer] = await send(...headers);
    expect(answer?.status).toBe(403);
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ __type: 'AccessDeniedException' });
  }
  expect(emulator.world.projects).toEqual({});
  expect((await send('host: localhost'))[0]?.status).toBe(200);
});

test('serve checks the host if the emulator has no isOpen', async () => {
  const { answer, refuse }: Pick<Emulator, 'answer' | 'refuse'> = createCsmsEmulator();
  const served = await serve({ answer, refuse });
  open.push(served);
  expect((await exchange(served.url, 'GET / HTTP/1.1\r\nhost: csms\r\nconnection: close\r\n\r\n'))[0]?.status).toBe(
    403,
  );
});
