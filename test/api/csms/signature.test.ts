import { createHash, createHmac } from 'node:crypto';
import { DerivedAKSKSigner } from '@huaweicloud/huaweicloud-sdk-core/auth/DerivedAKSKSigner.js';
import { expect, describe as group, test } from 'vitest';
import { readCall } from '../../../src/api/csms/calls.ts';
import { isSignedWith, readSignature } from '../../../src/api/csms/signature.ts';
import { emptyWorld, handleCsms, type WireRequest } from '../../../src/emulator/index.ts';
import { credentialsOf } from '../../emulator/sdk.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('hex');

/** A signer by the API Request Signing Guide that takes the canonical path and query, and nothing from the code that it tests. */
const signed = (
  { method, target, headers = new Map(), body = '' }: Partial<WireRequest>,
  path: string,
  query: string,
  { date = '20261124T093000Z', names = ['x-sdk-date'], access = 'AK', secret = 'SK' } = {},
): WireRequest => {
  const sent = new Map([...(headers as ReadonlyMap<string, string>), ['x-sdk-date', date]]);
  const canonical = [
    method,
    path.endsWith('/') ? path : `${path}/`,
    query,
    ...names.map((name) => `${name}:${sent.get(name)}`),
    '',
    names.join(';'),
    sent.get('x-sdk-content-sha256') ?? sha256(String(body)),
  ].join('\n');
  const digest = hmac(secret, ['SDK-HMAC-SHA256', date, sha256(canonical)].join('\n'));
  sent.set('authorization', `SDK-HMAC-SHA256 Access=${access}, SignedHeaders=${names.join(';')}, Signature=${digest}`);
  return { method: method ?? '', target: target ?? '', headers: sent, body };
};

const keys = [{ access: 'AK', secret: 'SK' }];
const now = Date.UTC(2026, 10, 24, 9, 30);
const outcomeOf = (request: WireRequest): string => {
  const { status, body } = handleCsms(emptyWorld, request, now, { credentials: { keys } }).response;
  return status === 200 ? 'accepted' : JSON.parse(`${body}`).error_msg.replace('Invalid X-Auth-Token. ', '');
};
const withHeaders = (request: WireRequest, changes: Record<string, string>): WireRequest => ({
  ...request,
  headers: new Map([...(request.headers as ReadonlyMap<string, string>), ...Object.entries(changes)]),
});
const mismatch = 'The signature does not match. Check the secret key, and send the request unchanged after signing it.';

/** Signatures that were not made here. */
const published = [
  {
    source: 'the API Request Signing Guide',
    secret: 'MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc',
    method: 'GET',
    target: '/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0',
    headers: {
      'content-type': 'application/json',
      host: 'service.region.example.com',
      'x-sdk-date': '20191115T033655Z',
    },
    body: '',
    names: 'content-type;host;x-sdk-date',
    digest: '7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe',
  },
  {
    source: 'the tests of the Go SDK, without a body',
    secret: 'SecretKey',
    method: 'GET',
    target: '/path?limit=1',
    headers: { 'x-sdk-date': '20060102T150405Z' },
    body: '',
    names: 'x-sdk-date',
    digest: '5a2ce64c865e0e6046321c6f3d5a77ba8413eeaf355c3166c03d58d02ac79624',
  },
  {
    source: 'the tests of the Go SDK, with a body',
    secret: 'SecretKey',
    method: 'POST',
    target: '/path?key=value',
    headers: { 'x-sdk-date': '20060102T150405Z' },
    // The Go SDK adds a line break to every body.
    body: '{"Name":"test","Id":1}\n',
    names: 'x-sdk-date',
    digest: 'cecc2af119b18ab70b4d094c0750f3b42c02f254903179a0fc2cc72fc9db4f59',
  },
];

test.each(published)('a signature of $source is accepted', ({ secret, names, digest, headers, ...request }) => {
  const signature = readSignature(`SDK-HMAC-SHA256 Access=AccessKey, SignedHeaders=${names}, Signature=${digest}`);
  const wire = { ...request, headers: new Map(Object.entries(headers)) };
  expect(signature && isSignedWith(secret, signature, wire)).toBe(true);
  expect(signature && isSignedWith(secret, signature, { ...wire, body: `${wire.body} ` })).toBe(false);
});

const list = { method: 'GET', target: '/v1/p/secrets?marker=a%20b%2Bc&limit=5' };
const query = 'limit=5&marker=a%20b%2Bc';

test('only x-sdk-date must be signed', () => {
  expect(outcomeOf(signed(list, '/v1/p/secrets', query))).toBe('accepted');
  // The Go SDKs sign the headers that they set themselves, and not the host.
  const headers = new Map([
    ['content-type', 'application/json'],
    ['user-agent', 'huaweicloud-usdk-go/3.0'],
    ['x-project-id', 'p'],
  ]);
  const names = [...headers.keys(), 'x-sdk-date'];
  const go = signed({ ...list, headers }, '/v1/p/secrets', query, { names });
  expect(outcomeOf(withHeaders(go, { host: 'any.example.com' }))).toBe('accepted');
  expect(outcomeOf(withHeaders(go, { 'user-agent': 'other' }))).toBe(mismatch);
  expect(outcomeOf(signed({ ...list, headers }, '/v1/p/secrets', query, { names: ['user-agent'] }))).toBe(
    'The signature must cover the header x-sdk-date. Add it to SignedHeaders.',
  );
});

group('X-Sdk-Content-Sha256', () => {
  const body = '{"name":"db","secret_string":"hunter2"}';
  const create = (hash: string, names?: string[]) => {
    const headers = new Map([['x-sdk-content-sha256', hash]]);
    return signed({ method: 'POST', target: '/v1/p/secrets', headers, body }, '/v1/p/secrets', '', { names });
  };
  const wrong =
    'X-Sdk-Content-Sha256 must be the SHA-256 of the body in hexadecimal, or UNSIGNED-PAYLOAD. Send the body unchanged after hashing it.';

  test('replaces the hash of the body', () => {
    for (const hash of [sha256(body), sha256(body).toUpperCase()]) {
      expect(outcomeOf(create(hash))).toBe('accepted');
      expect(outcomeOf(create(hash, ['x-sdk-content-sha256', 'x-sdk-date']))).toBe('accepted');
      expect(outcomeOf({ ...create(hash), body: `${body} ` })).toBe(wrong);
    }
    for (const hash of ['', 'unsigned-payload', sha256('')]) expect(outcomeOf(create(hash))).toBe(wrong);
    const headers = new Map([['x-sdk-content-sha256', sha256('')]]);
    const empty = signed({ method: 'GET', target: '/v1/p/secrets', headers }, '/v1/p/secrets', '');
    expect(outcomeOf({ ...empty, body: undefined })).toBe('accepted');
  });

  test('leaves the body unsigned if it is UNSIGNED-PAYLOAD', () => {
    const unsigned = create('UNSIGNED-PAYLOAD');
    expect(outcomeOf(unsigned)).toBe('accepted');
    expect(outcomeOf({ ...unsigned, body: `${body} ` })).toBe('accepted');
    expect(outcomeOf({ ...unsigned, target: '/v1/q/secrets' })).toBe(mismatch);
  });

  test('cannot be added to a signed request, or removed', () => {
    const plain = signed({ method: 'POST', target: '/v1/p/secrets', body }, '/v1/p/secrets', '');
    expect(outcomeOf(plain)).toBe('accepted');
    expect(outcomeOf(withHeaders(plain, { 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD' }))).toBe(mismatch);
    const headers = new Map(create('UNSIGNED-PAYLOAD').headers as ReadonlyMap<string, string>);
    headers.delete('x-sdk-content-sha256');
    expect(outcomeOf({ ...create('UNSIGNED-PAYLOAD'), headers })).toBe(mismatch);
  });
});

test('other algorithms are named as unsupported', () => {
  const credentials = credentialsOf('AK', 'SK');
  credentials.processDerivedAuthParams('csms', 'cn-north-4');
  const endpoint = 'http://csms.example.com/v1/p/secrets';
  const asked = { endpoint, url: '', method: 'GET', queryParams: {}, headers: {}, pathParams: {}, contentType: '' };
  const derived: Record<string, string> = DerivedAKSKSigner.sign(asked, credentials);
  const authorization = `${derived['Authorization']}`;
  const refused = (by: string) => `The emulator does not support signatures by ${by}. Sign with SDK-HMAC-SHA256.`;
  const plain = signed(list, '/v1/p/secrets', query);
  expect(authorization).toMatch(/^V11-HMAC-SHA256 Credential=AK\//);
  expect(outcomeOf(withHeaders(plain, { authorization }))).toBe(refused('V11-HMAC-SHA256'));
  const sm3 = withHeaders(plain, { authorization: 'SDK-HMAC-SM3 Access=AK, SignedHeaders=x-sdk-date, Signature=00' });
  expect(outcomeOf(sm3)).toBe(refused('SDK-HMAC-SM3'));
  const { response } = handleCsms(emptyWorld, sm3, now);
  expect(JSON.parse(`${response.body}`).error_msg).toContain(refused('SDK-HMAC-SM3'));
  // A token is enough.
  const both = withHeaders(sm3, { 'x-auth-token': 'any' });
  expect(handleCsms(emptyWorld, both, now).response.status).toBe(200);
});

test('an encoded slash stays in its part of the path', () => {
  const forA = signed({ method: 'GET', target: '/v1/a/secrets/secrets' }, '/v1/a/secrets/secrets', '');
  expect(outcomeOf(forA)).toContain('Secret "secrets" does not exist');
  expect(outcomeOf({ ...forA, target: '/v1/a%2Fsecrets/secrets' })).toBe(mismatch);
  const other = signed({ method: 'GET', target: '/v1/a%2fsecrets/secrets' }, '/v1/a%2Fsecrets/secrets', '');
  expect(outcomeOf(other)).toBe('accepted');
});

/** Ways in which clients, or a wrong service, could write a path and a query before they sign it. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
const decode = (text: string) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
const eachPart = (path: string, read: (part: string) => string) =>
  path
    .split('/')
    .map((part) => encode(read(part)))
    .join('/');
const beyondAscii = (part: string) => part.replace(/(?:%[89A-F][\dA-F])+/gi, decode);
const pathForms: readonly ((path: string) => string)[] = [
  (path) => eachPart(path, decode),
  (path) => eachPart(path, beyondAscii),
  (path) => eachPart(path, (part) => part),
  (path) => eachPart(decode(path), (part) => part),
  (path) => eachPart(path, (part) => decode(decode(part))),
];
const sortedQuery = (query: string) =>
  [...new URLSearchParams(query)]
    .map((pair) => pair.map(encode).join('='))
    .sort()
    .join('&');
const queryForms = [sortedQuery, (query: string) => sortedQuery(query.replaceAll('+', '%2B'))];

const sequences = (tokens: readonly string[], most: number): readonly string[] =>
  most === 0 ? [''] : ['', ...tokens.flatMap((token) => sequences(tokens, most - 1).map((rest) => token + rest))];
const inPath = ['a', '/', '%2F', '%2f', '%25', '%', '20', '%20', '+', '.', '%C3%A9', 'é', '?marker=a'];
const inQuery = ['a', 'b', '&limit=1', '&limit=2', '&marker=a', '&marker=b', '+', '%2B', '%20', '%26', '='];

test.each([
  ['secret names', sequences(inPath, 3).map((text) => `/v1/p/secrets/${text}`)],
  ['project ids', sequences(inPath, 3).map((text) => `/v1/${text}/secrets`)],
  ['queries', sequences(inQuery, 3).map((text) => `/v1/p/secrets?marker=${text}`)],
])('a signature is valid for one call only: all short %s', (_, targets) => {
  const signable = new Map<string, { path: string; query: string; calls: Map<string, string> }>();
  for (const target of new Set(targets)) {
    const call = readCall('GET', target, undefined);
    if ('expected' in call) continue;
    const [, path = '', query = ''] = /^([^?]*)\??(.*)$/.exec(target) ?? [];
    for (const pathForm of pathForms) {
      for (const queryForm of queryForms) {
        const form = { path: `${pathForm(path)}/`.replace(/\/\/$/, '/'), query: queryForm(query), calls: new Map() };
        const key = `${form.path}?${form.query}`;
        const known = signable.get(key) ?? form;
        signable.set(key, known);
        // One target for each call.
        known.calls.set(JSON.stringify(call), target);
      }
    }
  }
  const ambiguous = [...signable.values()].filter(({ calls }) => calls.size > 1);
  expect(ambiguous.length).toBeGreaterThan(20);
  for (const { path, query, calls } of ambiguous) {
    const { headers } = signed({ method: 'GET' }, path, query);
    const accepted = [...calls.values()].filter((target) => outcomeOf({ method: 'GET', target, headers }) !== mismatch);
    expect(accepted.length, `${path}?${query}: ${accepted.join(' ')}`).toBeLessThan(2);
  }
});
