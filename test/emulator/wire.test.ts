import { gzipSync } from 'node:zlib';
import { AKSKSigner } from '@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCsmsEmulator } from '../../src/emulator/index.ts';
import { type Served, serve } from '../../src/server/index.ts';
import { exchange, rawRequest } from './requests.ts';
import { credentialsOf } from './sdk.ts';

const credentials = { tokens: [{ token: 'any' }], keys: [{ access: 'AK', secret: 'SK' }] };
let served: Served;

beforeAll(async () => {
  served = await serve(createCsmsEmulator({ credentials, unauthorizedStatus: 401 }));
  await exchange(served.url, rawRequest('POST', '/v1/p/secrets', '{"name":"db","secret_string":"hunter2"}'));
});
afterAll(() => served.close());

/** The answer to a request over a socket. */
const answerTo = async (...parts: Parameters<typeof rawRequest>) => {
  const [answer] = await exchange(served.url, rawRequest(...parts));
  return { ...answer, error: answer?.body ? JSON.parse(answer.body).error_msg : undefined };
};

test('HEAD, OPTIONS and a slash at the end of a path are answered over HTTP', async () => {
  expect(await answerTo('GET', '/v1/p/secrets/db/versions/')).toMatchObject({ status: 200 });
  const head = await answerTo('HEAD', '/v1/p/secrets/db');
  expect([head.status, head.headers?.get('content-type'), head.body]).toEqual([200, 'application/json', '']);
  const options = await answerTo('OPTIONS', '/v1/p/secrets');
  expect([options.status, options.headers?.get('allow'), options.body]).toEqual([204, 'POST, GET, HEAD, OPTIONS', '']);
  expect([...(options.headers?.keys() ?? [])].filter((name) => name.startsWith('access-control'))).toEqual([]);
});

test('HEAD and GET on one connection are answered in order', async () => {
  const keep = rawRequest('HEAD', '/v1/p/secrets/db', '', 'connection: keep-alive');
  const answers = await exchange(served.url, `${keep}${rawRequest('GET', '/v1/p/secrets/db')}`);
  expect(answers.map(({ status, body }) => [status, body.slice(0, 9)])).toEqual([
    [200, ''],
    [200, '{"secret"'],
  ]);
});

test('a gzip body and an operation that the emulator does not have are named over HTTP', async () => {
  const body = gzipSync('{"version_id":"v1"}').toString('latin1');
  const put = rawRequest(
    'PUT',
    '/v1/p/secrets/db/stages/canary',
    '',
    'content-encoding: gzip',
    `content-length: ${body.length}`,
    'connection: close',
  );
  const [refused] = await exchange(served.url, Buffer.from(put + body, 'latin1'));
  expect([refused?.status, refused?.body]).toEqual([
    400,
    expect.stringContaining('got the Content-Encoding \\"gzip\\"'),
  ]);
  expect(await answerTo('POST', '/v1/p/secrets/db/rotate')).toMatchObject({
    status: 501,
    error: 'RotateSecret is an operation of CSMS that this emulator does not have.',
  });
});

test('a request of the official signer without a signed body is accepted over HTTP', async () => {
  const sign = (hash: string): readonly string[] => {
    const signed: Record<string, string> = AKSKSigner.sign(
      {
        endpoint: `${served.url}/v1/p/secrets/db`,
        url: '',
        method: 'PUT',
        queryParams: {},
        headers: { 'X-Sdk-Content-Sha256': hash },
        pathParams: {},
        contentType: '',
        data: { description: 'signed' },
      },
      credentialsOf('AK', 'SK'),
    );
    return Object.entries(signed).map(([name, value]) => `${name}: ${value}`);
  };
  const put = async (hash: string) => {
    const head = ['PUT /v1/p/secrets/db HTTP/1.1', ...sign(hash), 'connection: close', 'content-length: 22'];
    const [answer] = await exchange(served.url, [...head, '', '{"description":"sent"}'].join('\r\n'));
    return answer;
  };
  expect(await put('UNSIGNED-PAYLOAD')).toMatchObject({ status: 200, body: expect.stringContaining('"sent"') });
  expect(await put('0'.repeat(64))).toMatchObject({
    status: 401,
    body: expect.stringContaining('must be the SHA-256'),
  });
});
