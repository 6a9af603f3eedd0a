import { stringify } from 'node:querystring';
import { AKSKSigner } from '@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  type Credentials,
  createCsmsEmulator,
  emptyWorld,
  handleCsms,
  type WireRequest,
} from '../../../src/emulator/index.ts';
import { credentialsOf } from '../../emulator/sdk.ts';

const now = Date.UTC(2026, 10, 24, 9, 30);

// The official client signs by its own clock.
beforeAll(() => {
  vi.useFakeTimers({ now });
});
afterAll(() => {
  vi.useRealTimers();
});

/** Why a request is not let in, or what became of it. */
const outcomeOf = (request: WireRequest, credentials?: Credentials, at = now): string => {
  const { response } = handleCsms(emptyWorld, request, at, { credentials });
  return response.status === 200 ? 'let in' : JSON.parse(response.body ?? '').error_msg;
};
const invalid = (why: string) => `Invalid X-Auth-Token. ${why}`;

const plain = (headers: Record<string, string>): WireRequest => ({
  method: 'GET',
  target: '/v1/p/secrets',
  headers: new Map(Object.entries(headers)),
});

test('whoever brings nothing is not let in', () => {
  const nothing = invalid(
    'The request has no credentials: send an X-Auth-Token, or sign it (Authorization: SDK-HMAC-SHA256 …).',
  );
  for (const credentials of [undefined, { tokens: [{ token: 't' }] }]) {
    expect(outcomeOf(plain({}), credentials)).toBe(nothing);
    expect(outcomeOf(plain({ 'x-auth-token': '' }), credentials)).toBe(nothing);
    expect(outcomeOf(plain({ authorization: 'Bearer t' }), credentials)).toBe(nothing);
  }
});

test('without credentials to check against, any token and any signature will do', () => {
  expect(outcomeOf(plain({ 'x-auth-token': 'any' }))).toBe('let in');
  expect(outcomeOf(plain({ authorization: 'SDK-HMAC-SHA256 Access=a, SignedHeaders=b, Signature=c' }))).toBe('let in');
});

test('a token is let in where it is accepted', () => {
  const credentials = { tokens: [{ token: 'all' }, { token: 'p', projects: ['p'] }, { token: 'q', projects: ['q'] }] };
  expect(outcomeOf(plain({ 'x-auth-token': 'all' }), credentials)).toBe('let in');
  expect(outcomeOf(plain({ 'x-auth-token': 'p' }), credentials)).toBe('let in');
  expect(outcomeOf(plain({ 'x-auth-token': 'q' }), credentials)).toBe(
    invalid('These credentials are not for this project.'),
  );
  for (const token of ['ALL', 'al', 'all ', 'all, all', '__proto__']) {
    expect(outcomeOf(plain({ 'x-auth-token': token }), credentials)).toBe(
      invalid('The X-Auth-Token is not one that this service accepts.'),
    );
  }
  expect(outcomeOf(plain({ 'x-auth-token': 'all' }), { keys: [{ access: 'a', secret: 's' }] })).toContain(
    'not one that this service accepts',
  );
  const twice = {
    tokens: [
      { token: 't', projects: ['q'] },
      { token: 't', projects: ['p'] },
    ],
  };
  expect(outcomeOf(plain({ 'x-auth-token': 't' }), twice)).toBe('let in');
  const escaped = { ...plain({ 'x-auth-token': 'p' }), target: '/v1/%70/secrets' };
  expect(outcomeOf(escaped, credentials)).toBe('let in');
  expect(outcomeOf({ ...escaped, target: '/v1/%zz/secrets' }, credentials)).toContain('not for this project');
});

const keys = { keys: [{ access: 'AK', secret: 'SK' }] };

/** A request as the official client signs it now, and as Node then sends it. */
const signed = (
  { method, path, query, body }: { method: string; path: string; query: Record<string, string[]>; body: string },
  secret = 'SK',
): WireRequest => {
  const endpoint = `http://csms.example.com:8080${path}`;
  const headers: Record<string, string> = AKSKSigner.sign(
    {
      endpoint,
      url: path,
      method,
      // The client sorts the values that it is given, in place.
      queryParams: structuredClone(query),
      headers: { 'content-type': 'application/json', 'X-Project-Id': 'p' },
      pathParams: {},
      contentType: 'application/json',
      ...(body === '' ? {} : { data: JSON.parse(body) }),
    },
    credentialsOf('AK', secret),
  );
  const search = stringify(query);
  return {
    method,
    target: new URL(endpoint).pathname + (search && `?${search}`),
    headers: new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body,
  };
};

const name = fc.stringMatching(/^[\w ~+*()!%é😀-]{1,8}$/u).filter((text) => text.trim() === text);
const parts = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE'),
  path: fc.array(name, { maxLength: 4 }).map((names) => ['/v1/p/secrets', ...names].join('/')),
  query: fc.dictionary(fc.stringMatching(/^[a-z-]{1,3}$/), fc.array(name, { minLength: 1, maxLength: 3 }), {
    maxKeys: 3,
  }),
  body: fc.option(
    fc.json().map((json) => JSON.stringify({ body: JSON.parse(json) })),
    { nil: '' },
  ),
});

test('whatever the official client signs is let in, and nothing else', () => {
  const bar = (request: WireRequest) => /^Invalid X-Auth-Token\. (.*)$/.exec(outcomeOf(request, keys))?.[1];
  fc.assert(
    fc.property(parts, (asked) => {
      const request = signed(asked);
      expect(bar(request)).toBeUndefined();
      const mismatch =
        'The signature does not match: the secret key is another, or the request was changed after it was signed.';
      expect(bar(signed(asked, 'other'))).toBe(mismatch);
      expect(bar({ ...request, method: 'PATCH' })).toBe(mismatch);
      expect(bar({ ...request, target: `${request.target}${request.target.includes('?') ? '&' : '?'}x=1` })).toBe(
        mismatch,
      );
      expect(bar({ ...request, target: request.target.replace('/v1/p/', '/v1/q/') })).toBe(mismatch);
      expect(bar({ ...request, body: `${asked.body} ` })).toBe(mismatch);
      for (const [name, value] of [
        ['x-project-id', 'q'],
        ['x-sdk-date', '20261124T093001Z'],
        ['host', 'csms.example.org'],
      ] as const) {
        const headers = new Map([...(request.headers as ReadonlyMap<string, string>), [name, value]]);
        expect(bar({ ...request, headers })).toBe(mismatch);
      }
    }),
    // Found by chance: a percent sign of the name beside a character beyond ASCII.
    {
      examples: ['é%aa+', '%f-😀%'].map((name) => [
        { method: 'GET', path: `/v1/p/secrets/${name}`, query: {}, body: '' },
      ]),
    },
  );
});

const get = { method: 'GET', path: '/v1/p/secrets', query: {}, body: '' };
const changed = (headers: Record<string, string>): WireRequest => {
  const request = signed(get);
  return {
    ...request,
    headers: new Map([...(request.headers as ReadonlyMap<string, string>), ...Object.entries(headers)]),
  };
};

test('a signature holds for 15 minutes, before and after', () => {
  const quarter = 15 * 60_000;
  for (const at of [now - quarter, now, now + quarter]) expect(outcomeOf(signed(get), keys, at)).toBe('let in');
  const late = invalid(
    'The X-Sdk-Date is not within 15 minutes of the service’s time: sign the request again, by a right clock.',
  );
  for (const at of [now - quarter - 1, now + quarter + 1]) expect(outcomeOf(signed(get), keys, at)).toBe(late);
  for (const bad of ['', '2026', '2026-11-24T09:30:00', '20261324T093000Z', 'x20261124T093000Z', '20261124T093000Zx']) {
    expect(outcomeOf(changed({ 'x-sdk-date': bad }), keys)).toBe(late);
  }
  const headers = new Map(signed(get).headers as ReadonlyMap<string, string>);
  headers.delete('x-sdk-date');
  expect(outcomeOf({ ...signed(get), headers }, keys)).toBe(late);
});

test('what is no signature, or signs too little, is said', () => {
  const authorization = String(signed(get).headers.get('authorization'));
  const form = invalid(
    'The Authorization is not of the form "SDK-HMAC-SHA256 Access=…, SignedHeaders=…, Signature=…".',
  );
  for (const bad of [
    'SDK-HMAC-SHA256',
    authorization.slice(0, -1),
    `${authorization}0`,
    authorization.replace('Access=AK, ', ''),
    authorization.replace(/SignedHeaders=[^,]+, /, ''),
  ]) {
    expect(outcomeOf(changed({ authorization: bad }), keys)).toBe(form);
  }
  for (const name of ['host;', ';x-sdk-date']) {
    expect(outcomeOf(changed({ authorization: authorization.replace(name, '') }), keys)).toBe(
      invalid('The signature must cover the headers host and x-sdk-date.'),
    );
  }
  expect(outcomeOf(changed({ authorization: authorization.replace('=AK', '=other') }), keys)).toBe(
    invalid('The access key is not one that this service knows.'),
  );
  expect(outcomeOf(signed(get), { tokens: [{ token: 't' }] })).toContain('not one that this service knows');
  expect(
    outcomeOf(changed({ authorization: authorization.toUpperCase().replace('SIGNEDHEADERS', 'SignedHeaders') }), keys),
  ).toBe('let in');
});

test('in process, the host that is signed is that of the URL', async () => {
  const headers = new Map(signed(get).headers as ReadonlyMap<string, string>);
  headers.delete('host');
  const { fetch } = createCsmsEmulator({ credentials: keys, clock: () => now });
  const list = (host: string) => fetch(`http://${host}/v1/p/secrets`, { headers: Object.fromEntries(headers) });
  expect((await list('csms.example.com:8080')).status).toBe(200);
  expect((await list('csms.example.com')).status).toBe(400);
});

test('an access key opens the projects that it is for', () => {
  const forProjects = (...projects: string[]) => ({ keys: [{ access: 'AK', secret: 'SK', projects }] });
  expect(outcomeOf(signed(get), forProjects('p', 'q'))).toBe('let in');
  expect(outcomeOf(signed(get), forProjects('q'))).toBe(invalid('These credentials are not for this project.'));
});

test('a token or a signature of more than 16,384 characters is not looked at', () => {
  const credentials = { tokens: [{ token: 'x'.repeat(16_384) }] };
  const tooLong = invalid(
    'The X-Auth-Token and the Authorization have more than 16384 characters: send what the service issued.',
  );
  expect(outcomeOf(plain({ 'x-auth-token': 'x'.repeat(16_384) }), credentials)).toBe('let in');
  expect(outcomeOf(plain({ 'x-auth-token': 'x'.repeat(16_385) }), credentials)).toBe(tooLong);
  expect(outcomeOf(plain({ authorization: `SDK-HMAC-SHA256 ${' '.repeat(20_000)}` }))).toBe(tooLong);
});

test('a signature that names a header twice is refused', () => {
  const authorization = `SDK-HMAC-SHA256 Access=a, SignedHeaders=host;x-sdk-date;Host, Signature=${'0'.repeat(64)}`;
  const credentials = { keys: [{ access: 'a', secret: 's' }] };
  expect(outcomeOf(plain({ authorization, 'x-sdk-date': '20261124T093000Z' }), credentials)).toBe(
    invalid('The Authorization is not of the form "SDK-HMAC-SHA256 Access=…, SignedHeaders=…, Signature=…".'),
  );
});

test('a token is compared with many in linear time: it is hashed once', () => {
  const encode = vi.spyOn(TextEncoder.prototype, 'encode');
  const credentials = { tokens: Array.from({ length: 1000 }, (_, index) => ({ token: `t${index}` })) };
  expect(outcomeOf(plain({ 'x-auth-token': 'x'.repeat(16_000) }), credentials)).toContain('is not one that');
  const hashed = encode.mock.calls.reduce((bytes, [text = '']) => bytes + text.length, 0);
  expect(hashed).toBeGreaterThan(16_000);
  expect(hashed).toBeLessThan(16_000 + 1000 * 10);
});
