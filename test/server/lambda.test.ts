import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { lambdaEndpoint } from '../../src/server/index.ts';

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:rotate';
const event = { SecretId: 'arn:aws:secretsmanager:x', ClientRequestToken: 'token', Step: 'createSecret' } as const;

/** Serves until the test ends. `seen` lists the requests as method, path and body. */
const endpoint = async (answer: (request: IncomingMessage, response: ServerResponse) => unknown) => {
  const seen: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push(`${request.method} ${request.url} ${body}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { seen, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` };
};

/** Answers every request alike. */
const answering = (status: number, body: string, headers: Readonly<Record<string, string>> = {}) =>
  endpoint((_, response) => response.writeHead(status, headers).end(body));

test('rotate posts the event to the function of the ARN, and returns its payload', async () => {
  const { url, seen } = await answering(200, 'null');
  const { rotate } = lambdaEndpoint(`${url}/`);
  expect(await rotate(event, arn)).toBe(null);
  await rotate(event, `${arn}:live`);
  await rotate(event, 'my function');
  expect(seen).toEqual(
    ['rotate', 'rotate', 'my%20function'].map(
      (name) => `POST /2015-03-31/functions/${name}/invocations ${JSON.stringify(event)}`,
    ),
  );
});

test.each([
  ['an empty payload', 200, ''],
  ['a response without a payload', 204, ''],
  ['a payload that is not an error', 200, '{"errorMessage": "none"}'],
])('rotate takes %s as a success', async (_, status, payload) => {
  const { rotate } = lambdaEndpoint((await answering(status, payload)).url);
  await expect(rotate(event, arn)).resolves.not.toThrow();
});

const failed = '{"errorMessage": "no route\\u001b[31m", "errorType": "TimeoutError", "stackTrace": []}';
test.each<readonly [of: string, status: number, payload: string, headers: Record<string, string>, message: string]>([
  ['Lambda and SAM local', 200, failed, { 'X-Amz-Function-Error': 'Unhandled' }, 'TimeoutError: no route\\u{1b}[31m'],
  ['the runtime interface emulator', 200, failed, {}, 'TimeoutError: no route\\u{1b}[31m'],
  ['an error without a message', 200, 'null', { 'X-Amz-Function-Error': 'Unhandled' }, 'the function failed'],
  [
    'a timeout of the runtime interface emulator',
    200,
    'Task timed out after 3.00 seconds',
    {},
    'the payload is not JSON: "Task timed out after 3.00 seconds"',
  ],
  [
    'an unknown function of SAM local',
    404,
    '{"Type": "User", "Message": "Function not found: x"}',
    { 'x-amzn-errortype': 'ResourceNotFound' },
    'Function not found: x',
  ],
  ['an error of Lambda', 400, '{"message": "bad content"}', {}, 'bad content'],
  [
    'an unknown path of the runtime interface emulator',
    404,
    '404 page not found\n',
    {},
    'the status is 404: "404 page not found\\n"',
  ],
  ['a redirect', 307, '', { location: 'http://127.0.0.1:1/' }, 'the status is 307: ""'],
  [
    'a long message',
    200,
    JSON.stringify({ errorType: 'E', errorMessage: 'x'.repeat(5000) }),
    {},
    `E: ${'x'.repeat(996)}…`,
  ],
])('rotate rejects with the reason: %s', async (_, status, payload, headers, message) => {
  const { rotate } = lambdaEndpoint((await answering(status, payload, headers)).url);
  await expect(rotate(event, arn)).rejects.toThrow(new Error(`rotate: ${message}`));
});

test('rotate rejects if the endpoint cannot be reached, or sends too much', async () => {
  await expect(lambdaEndpoint('http://127.0.0.1:1').rotate(event, arn)).rejects.toThrow(
    /^http:\/\/127\.0\.0\.1:1\/2015-03-31\/functions\/rotate\/invocations cannot be used: .+\.$/,
  );
  const { url } = await endpoint((_, response) => response.end(Buffer.alloc(6 * 1024 * 1024 + 1, ' ')));
  await expect(lambdaEndpoint(url).rotate(event, arn)).rejects.toThrow(/is larger than 6291456 bytes\.$/);
});

test('an aborted signal ends the calls in progress', async () => {
  const { url } = await endpoint(() => {});
  const controller = new AbortController();
  const { rotate, canInvoke } = lambdaEndpoint(url, { signal: controller.signal });
  const calls = [rotate(event, arn), canInvoke(arn)] as const;
  setTimeout(() => controller.abort(new Error('stopped')), 50);
  await expect(calls[0]).rejects.toThrow(/cannot be used: stopped\.$/);
  expect(await calls[1]).toBe(true);
});

test.each<readonly [of: string, status: number, headers: Record<string, string>, can: boolean]>([
  ['a function that exists', 200, {}, true],
  ['an unknown function', 404, { 'x-amzn-errortype': 'ResourceNotFoundException:http://x/' }, false],
  ['SAM local', 404, { 'x-amzn-errortype': 'LocalServiceException' }, true],
  ['the runtime interface emulator', 404, {}, true],
  ['an endpoint that fails', 500, { 'x-amzn-errortype': 'ResourceNotFoundException' }, true],
])('canInvoke asks GetFunction: %s', async (_, status, headers, can) => {
  const { url, seen } = await answering(status, '{}', headers);
  expect(await lambdaEndpoint(url).canInvoke(`${arn}:2`)).toBe(can);
  expect(seen).toEqual(['GET /2015-03-31/functions/rotate ']);
});

test('canInvoke assumes that a function exists if the endpoint cannot be reached', async () => {
  expect(await lambdaEndpoint('http://127.0.0.1:1').canInvoke(arn)).toBe(true);
});

test('canInvoke assumes that a function exists if the endpoint does not answer', async () => {
  const { url } = await endpoint(() => {});
  expect(await lambdaEndpoint(url).canInvoke(arn)).toBe(true);
});

test.each([
  '',
  '127.0.0.1:3001',
  'ftp://127.0.0.1',
  'http://',
  'http://[',
  'http:///x',
  'http://a:b@127.0.0.1',
  'http://127.0.0.1/?x',
  'http://127.0.0.1#x',
])('lambdaEndpoint refuses the URL %j', (url) => {
  expect(() => lambdaEndpoint(url)).toThrow(
    new RangeError(`The endpoint must be a URL such as http://127.0.0.1:3001; got the string ${JSON.stringify(url)}.`),
  );
});
