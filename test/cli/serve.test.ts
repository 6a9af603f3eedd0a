import { EventEmitter } from 'node:events';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, get, request } from 'node:http';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { run } from '../../src/cli/main.ts';
import { dial, exchange } from '../emulator/requests.ts';
import { callAt, freshFolder } from '../server/serving.ts';
import { hostWith, type Running, runCli, startCli, usageOf } from './host.ts';

const running: Running[] = [];
afterEach(async () => {
  for (const cli of running.splice(0)) {
    cli.signal('SIGTERM');
    await cli.ended;
  }
});

/** Serves in this process. The prompt is all that it says before it waits. */
const serve = async (...args: readonly string[]) => {
  const cli = startCli(['serve', ...args]);
  running.push(cli);
  const prompt = await cli.sees(/\n\n$/);
  const [, url = ''] = /^Emulating .* on (\S+)$/m.exec(prompt) ?? [];
  return { ...cli, prompt, url };
};

const fileOf = (content: string): string => {
  const file = join(freshFolder(), 'credentials.json');
  writeFileSync(file, content);
  return file;
};

test('serve prints its URL, the accepted credentials, where secrets are stored, and a request to try', async () => {
  const { prompt, url } = await serve();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
  expect(prompt).toBe(`Emulating CSMS on ${url}
Any credentials are accepted. Only this machine can connect.
Secrets are kept in memory, and are lost when the emulator stops.
Press Ctrl-C to stop. To try it, use:
  curl -H 'X-Auth-Token: any' -d '{"name": "db", "secret_string": "hunter2"}' ${url}/v1/my-project/secrets

`);
});

test('the request that serve suggests works', async () => {
  const { prompt } = await serve();
  const [, name = '', value = '', body = '', address = ''] =
    /^ {2}curl -H '([\w-]+): (\w+)' -d '([^']+)' (\S+)$/m.exec(prompt) ?? [];
  // As curl -d does it.
  const headers = { [name]: value, 'content-type': 'application/x-www-form-urlencoded' };
  const response = await fetch(address, { method: 'POST', headers, body });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ secret: { name: 'db', state: 'ENABLED' } });
});

test('serve logs one line per request, with status and error but without value and query', async () => {
  const { url, prompt, sees } = await serve();
  await callAt(url, 'POST', '', { name: 'db', secret_string: 'swordfish' });
  await callAt(url, 'GET', '/db/versions/latest?marker=swordfish');
  await callAt(url, 'GET', '/no%1B[31m-such?swordfish');
  await callAt(url, 'POST', '/db/stages', { name: 'canary', version_id: 'v9' });
  const log = (await sees(/ms {2}CSMS\.0005.*\n/)).slice(prompt.length);
  const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
  const ms = String.raw`\d+\.\d ms`;
  const lines = log.trimEnd().split('\n');
  expect(lines).toEqual([
    expect.stringMatching(`^${time}  200  POST     /v1/p/secrets  ${ms}$`),
    expect.stringMatching(`^${time}  200  GET      /v1/p/secrets/db/versions/latest  ${ms}$`),
    expect.stringMatching(
      String.raw`^${time}  400  GET      /v1/p/secrets/no%1B\[31m-such  ${ms}  CSMS\.0002  The value .*$`,
    ),
    expect.stringMatching(
      String.raw`^${time}  400  POST     /v1/p/secrets/db/stages  ${ms}  CSMS\.0005  The resource .*$`,
    ),
  ]);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s stops serve, and frees the port', async (name) => {
  const { url, signal, ended, prompt } = await serve();
  await callAt(url, 'GET', '');
  expect(signal(name)).toBe(true);
  const { code, out, err } = await ended;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.slice(prompt.length)).toMatch(/^.* {2}200 .*\nStopped\.\n$/);
  await expect(fetch(url)).rejects.toThrow();
});

test('a second signal is for the system, whichever it is', async () => {
  const { url, signal, ended } = await serve();
  const line = dial(url);
  await line.send('GET');
  expect(signal('SIGTERM')).toBe(true);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) expect(signal(name)).toBe(false);
  line.socket.destroy();
  expect((await ended).code).toBe(0);
});

test('serve ends the process if its output is not read', async () => {
  const exit = vi.fn();
  const full = new Writable({ highWaterMark: 1, write: () => {} });
  const signals = new EventEmitter();
  const [once, off] = [signals.once.bind(signals), signals.off.bind(signals)];
  const ended = run({ ...hostWith(), argv: ['node', 'secret-stages', 'serve'], stdout: full, once, off, exit });
  await vi.waitFor(() => expect(signals.emit('SIGTERM')).toBe(true));
  expect(await ended).toBe(0);
  expect(exit).toHaveBeenCalledExactlyOnceWith(0);
});

test('serve finishes a request that is in progress when it is stopped', async () => {
  const folder = freshFolder();
  const { url, signal, ended } = await serve('--data', folder);
  const [head, tail] = ['{"name": "db", "secret_', 'string": "swordfish"}'];
  const asking = request(`${url}/v1/p/secrets`, {
    method: 'POST',
    headers: { 'x-auth-token': 'any', 'content-length': head.length + tail.length },
  });
  const answered = new Promise<{ status: number | undefined; connection: string | undefined }>((resolve, reject) => {
    asking.on('error', reject).on('response', (response) => {
      resolve({ status: response.statusCode, connection: response.headers.connection });
      response.resume();
    });
  });
  asking.write(head);
  // Long enough for the first half to be there.
  await new Promise((resolve) => setTimeout(resolve, 100));
  signal('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 100));
  await expect(fetch(url)).rejects.toThrow();
  asking.end(tail);
  expect(await answered).toEqual({ status: 200, connection: 'close' });
  expect((await ended).code).toBe(0);
  const again = await serve('--data', folder);
  expect(await callAt(again.url, 'GET', '/db/versions/v1')).toMatchObject({
    body: { version: { secret_string: 'swordfish' } },
  });
});

test('serve --data keeps secrets over a restart, and prints the folder', async () => {
  const folder = freshFolder();
  const first = await serve('--data', folder);
  expect(first.prompt).toContain(`\nSecrets are stored in ${folder}.\n`);
  await callAt(first.url, 'POST', '', { name: 'db', secret_string: 'one' });
  first.signal('SIGINT');
  await first.ended;
  const second = await serve('--data', folder);
  expect((await callAt(second.url, 'GET', '/db/versions/latest')).body).toMatchObject({
    version: { secret_string: 'one', version_metadata: { id: 'v1' } },
  });
});

/** Sends a call of AWS. */
const callAws = async (url: string, operation: string, body: object) => {
  const credential = 'AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/secretsmanager/aws4_request';
  const headers = { 'x-amz-target': `secretsmanager.${operation}`, authorization: credential };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await response.json()) as object;
};

test('serve --cloud aws-secrets-manager prints what to set, and logs the operation of each request', async () => {
  const { url, prompt, sees } = await serve('--cloud', 'aws-secrets-manager');
  expect(prompt).toBe(`Emulating AWS Secrets Manager on ${url}
Any credentials are accepted. Only this machine can connect.
Secrets are kept in memory, and are lost when the emulator stops.
Press Ctrl-C to stop. To try it, use:
  export AWS_ENDPOINT_URL_SECRETS_MANAGER=${url} AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
  export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any
  aws secretsmanager create-secret --name db --secret-string hunter2

`);
  await callAws(url, 'DescribeSecret', { SecretId: 'db' });
  expect(await sees(/Exception.*\n/)).toMatch(
    / {2}400 {2}POST {5}secretsmanager\.DescribeSecret {2}\d+\.\d ms {2}ResourceNotFoundException {2}Secrets Manager can't/,
  );
});

test('serve --events appends an event a line, without values, and keeps what is in the file', async () => {
  const file = join(freshFolder(), 'events.jsonl');
  writeFileSync(file, '{"first": true}\n');
  const { url, prompt, signal, ended } = await serve('--cloud', 'aws-secrets-manager', '--events', file);
  expect(prompt).toContain(`\nEvents are appended to ${file}.\n`);
  await callAws(url, 'CreateSecret', {
    Name: 'db\u202e',
    SecretString: 'swordfish',
    ClientRequestToken: 'x'.repeat(32),
  });
  await callAws(url, 'CreateSecret', { Name: 'db', SecretString: 'swordfish', ClientRequestToken: 'x'.repeat(32) });
  signal('SIGTERM');
  await ended;
  const text = readFileSync(file, 'utf8');
  expect(text).not.toMatch(/swordfish|\u202e/);
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toEqual([
    { first: true },
    expect.objectContaining({ detail: expect.objectContaining({ errorCode: 'ValidationException' }) }),
    expect.objectContaining({
      source: 'aws.secretsmanager',
      detail: expect.objectContaining({ eventName: 'CreateSecret' }),
    }),
  ]);
});

test('serve stops at once while a fault makes requests wait', async () => {
  const { url, signal, ended } = await serve('--cloud', 'aws-secrets-manager', '--control');
  const faults = [
    { when: 1, answer: 'hang' },
    { when: 2, delay: 3_600_000 },
  ];
  await fetch(`${url}/_control`, { method: 'POST', body: JSON.stringify({ faults }) });
  const calls = [callAws(url, 'ListSecrets', {}), callAws(url, 'ListSecrets', {})];
  await new Promise((resolve) => setTimeout(resolve, 50));
  const start = performance.now();
  signal('SIGTERM');
  expect((await ended).code).toBe(0);
  expect(performance.now() - start).toBeLessThan(3000);
  expect(await Promise.all(calls)).toEqual(
    expect.arrayContaining([{ SecretList: [] }, expect.objectContaining({ __type: 'InternalServiceError' })]),
  );
});

test.skipIf(!existsSync('/dev/full'))('serve says once that events cannot be written, and goes on', async () => {
  const { url, sees, signal, ended } = await serve('--cloud', 'aws-secrets-manager', '--events', '/dev/full');
  for (let count = 0; count < 3; count++) expect(await callAws(url, 'ListSecrets', {})).toEqual({ SecretList: [] });
  await sees(/No more events are written\.\n/);
  signal('SIGTERM');
  const { code, out } = await ended;
  expect(code).toBe(0);
  expect(out.match(/^\/dev\/full cannot be written: ENOSPC: .* No more events are written\.$/gm)).toHaveLength(1);
});

/** Serves a Lambda endpoint until the test ends. Its function answers with each payload in turn. */
const lambda = async (...payloads: readonly (string | undefined)[]) => {
  const steps: string[] = [];
  const aborted: string[] = [];
  const left = [...payloads];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.method === 'GET') response.writeHead(404).end();
    else {
      const { Step } = JSON.parse(body);
      steps.push(Step);
      response.on('close', () => {
        if (!response.writableFinished) aborted.push(Step);
      });
      const payload = left.shift();
      if (payload !== undefined) response.end(payload);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { steps, aborted, url: `http://127.0.0.1:${Object(server.address()).port}` };
};

const rotation = { SecretId: 'db', ClientRequestToken: 'y'.repeat(32), RotationLambdaARN: 'rotate' };

test('serve --lambda-endpoint runs rotations, and logs why one failed', async () => {
  const error = '{"errorType": "Timeout", "errorMessage": "no route to the database"}';
  const { url: endpoint, steps } = await lambda('null', error);
  const { url, prompt, sees } = await serve('--cloud', 'aws-secrets-manager', '--lambda-endpoint', endpoint);
  expect(prompt).toContain(`\nRotation functions are called at ${endpoint}.\n`);
  await callAws(url, 'CreateSecret', { Name: 'db', SecretString: 'swordfish', ClientRequestToken: 'x'.repeat(32) });
  expect(await callAws(url, 'RotateSecret', rotation)).toMatchObject({ Name: 'db' });
  const log = await sees(/RotationFailed.*\n/);
  expect(steps).toEqual(['createSecret', 'setSecret']);
  expect(log).toMatch(/Z {2}RotationStarted {2}arn:aws:secretsmanager:\S+:db-\w{6}\n/);
  expect(log).toMatch(
    /Z {2}Function failed {2}arn:aws:secretsmanager:\S+:db-\w{6} {2}rotate: Timeout: no route to the database\n/,
  );
  expect(log).toMatch(/Z {2}RotationFailed {2}arn:aws:secretsmanager:\S+:db-\w{6} {2}\S/);
});

test('serve runs a rotation that is due without another request, and --control steps its clock', async () => {
  const { url: endpoint, steps } = await lambda('{"errorType": "A", "errorMessage": "b"}', 'null');
  const args = ['--cloud', 'aws-secrets-manager', '--lambda-endpoint', endpoint, '--control'];
  const { url, prompt, sees } = await serve(...args);
  expect(prompt).toContain('\nPrograms on this machine can control it with POST /_control.\n');
  const control = (body: object) => fetch(`${url}/_control`, { method: 'POST', body: JSON.stringify(body) });
  await control({ clock: '2026-01-01T00:00:00Z' });
  await callAws(url, 'CreateSecret', { Name: 'db', SecretString: 'swordfish', ClientRequestToken: 'x'.repeat(32) });
  await callAws(url, 'RotateSecret', rotation);
  await sees(/RotationFailed/);
  await control({ clock: '2026-01-01T00:02:00Z' });
  await vi.waitFor(() => expect(steps).toEqual(['createSecret', 'createSecret', 'setSecret']), 3000);
});

test('serve logs once that rotations cannot be run, until there is another problem', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const folder = freshFolder();
  const { url: endpoint } = await lambda();
  const args = ['--cloud', 'aws-secrets-manager', '--lambda-endpoint', endpoint, '--data', folder];
  const { sees, signal, ended } = await serve(...args);
  const file = join(folder, 'aws-secrets-manager', 'secret-stages.sqlite');
  const tick = async () => {
    await vi.advanceTimersByTimeAsync(1000);
    await new Promise((resolve) => setTimeout(resolve, 50));
  };
  renameSync(file, `${file}.old`);
  await tick();
  await tick();
  await sees(/Rotations cannot be run: The store .* was moved.*\n/);
  renameSync(`${file}.old`, file);
  await tick();
  renameSync(file, `${file}.old`);
  await tick();
  signal('SIGTERM');
  expect((await ended).out.match(/Rotations cannot be run/g)).toHaveLength(1);
});

test('serve stops while a rotation function hangs, and aborts its call', async () => {
  const { url: endpoint, steps, aborted } = await lambda(undefined);
  const { url, signal, ended } = await serve('--cloud', 'aws-secrets-manager', '--lambda-endpoint', endpoint);
  await callAws(url, 'CreateSecret', { Name: 'db', SecretString: 'swordfish', ClientRequestToken: 'x'.repeat(32) });
  await callAws(url, 'RotateSecret', rotation);
  await vi.waitFor(() => expect(steps).toEqual(['createSecret']));
  signal('SIGTERM');
  expect((await ended).code).toBe(0);
  await vi.waitFor(() => expect(aborted).toEqual(['createSecret']));
});

test('a folder keeps the secrets of both clouds', async () => {
  const folder = freshFolder();
  const csms = await serve('--data', folder);
  await callAt(csms.url, 'POST', '', { name: 'db', secret_string: 'one' });
  const token = '4e34025e-0b5f-4f5e-9d5c-000000000001';
  for (const operation of ['CreateSecret', 'DescribeSecret']) {
    const aws = await serve('--cloud', 'aws-secrets-manager', '--data', folder);
    const body = { Name: 'aws', SecretId: 'aws', SecretString: 'x', ClientRequestToken: token };
    expect(await callAws(aws.url, operation, body)).toMatchObject({ Name: 'aws' });
    aws.signal('SIGINT');
    await aws.ended;
  }
  expect((await callAt(csms.url, 'GET', '/db/versions/latest')).body).toMatchObject({
    version: { secret_string: 'one' },
  });
});

test('serve without --data keeps nothing', async () => {
  const first = await serve();
  await callAt(first.url, 'POST', '', { name: 'db', secret_string: 'one' });
  const second = await serve();
  expect((await callAt(second.url, 'GET', '/db')).status).toBe(400);
});

test('serve --credentials accepts only the credentials in the file, and only for their projects', async () => {
  const file = fileOf(
    '{"tokens": [{"token": "opensesame", "projects": ["p"]}], "keys": [{"access": "a", "secret": "s"}]}',
  );
  const { url, prompt, sees } = await serve('--host', '0.0.0.0', '--credentials', file);
  expect(prompt).toContain('\nOnly the given credentials are accepted.\n');
  expect(prompt).toContain('curl -H "X-Auth-Token: $TOKEN" -d');
  const list = async (token: string, project: string) => {
    const headers = { 'x-auth-token': token };
    const response = await fetch(`${url.replace('0.0.0.0', '127.0.0.1')}/v1/${project}/secrets`, { headers });
    return { status: response.status, body: await response.json() };
  };
  expect(await list('opensesame', 'p')).toMatchObject({ status: 200, body: { secrets: [] } });
  expect(await list('any', 'p')).toMatchObject({ status: 400, body: { error_code: 'CSMS.0301' } });
  expect(await list('opensesame', 'q')).toMatchObject({ status: 400, body: { error_code: 'CSMS.0301' } });
  expect(await sees(/\/v1\/q\/.* ms {2}CSMS.*\n/)).not.toContain('opensesame');
});

test('serve suggests no curl request if only signatures are accepted', async () => {
  const { prompt } = await serve('--credentials', fileOf('{"keys": [{"access": "a", "secret": "opensesame"}]}'));
  expect(prompt).toMatch(/\n {2}a client that signs requests, such as the SDK with withEndpoint\(url\)\n\n$/);
  expect(prompt).not.toMatch(/curl|opensesame/);
});

test.each(['localhost', '127.0.0.1'])('serve --host %s needs no credentials', async (host) => {
  const { url } = await serve('--host', host);
  expect((await callAt(url, 'GET', '')).status).toBe(200);
});

test('serve can be open to other machines by a name, and suggests a request to that name', async () => {
  const aws = ['--cloud', 'aws-secrets-manager', '--host', '0.0.0.0', '--allow-host', 'aws.test', '--allow-host', 'b'];
  const { prompt, url } = await serve(...aws);
  expect(prompt).toContain('\nAny credentials are accepted. Every machine in the network can connect.\n');
  expect(prompt).toContain(`=${url.replace('0.0.0.0', 'aws.test')} AWS_REGION`);
  const statusFor = (name: string) =>
    new Promise((resolve) => {
      const { port } = new URL(url);
      get({ port, headers: { host: `${name}:${port}` } }, ({ statusCode }) => resolve(statusCode));
    });
  expect(await statusFor('aws.test')).not.toBe(403);
  expect(await statusFor('b')).not.toBe(403);
  expect(await statusFor('0.0.0.0')).toBe(403);
});

const trusted = 'In a network that you trust, pass --allow-host with the name that they connect to.';
test.each(['0.0.0.0', '::', '127.0.0.1.example.com', '10.0.0.1', ''])(
  'serve refuses --host %s without --credentials and --allow-host',
  async (host) => {
    const { code, out, err } = await runCli(['serve', `--host=${host}`]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe(
      `secret-stages: --host ${JSON.stringify(host)} is open to other machines, and any credentials are accepted. Pass --credentials FILE, so that not everyone can connect. ${trusted}\n${usageOf('serve')}`,
    );
  },
);

const port = (text: string) => `--port must be a whole number from 0 to 65535; got "${text}".`;
test.each([
  [['--port', '65536'], port('65536')],
  [['--port', '1e3'], port('1e3')],
  [['--port', '80.5'], port('80.5')],
  [['--port', 'http'], port('http')],
  [['--port='], port('')],
  [['--port=-1'], port('-1')],
  [
    ['--json'],
    '--json is not an option of serve. Use one of --cloud, --port, --host, --allow-host, --missing-status, --unauthorized-status, --data, --credentials, --lambda-endpoint, --events, --control, --color, --no-color, --help, --version.',
  ],
  [
    ['--quiet'],
    '--quiet is not an option of serve. Use one of --cloud, --port, --host, --allow-host, --missing-status, --unauthorized-status, --data, --credentials, --lambda-endpoint, --events, --control, --color, --no-color, --help, --version.',
  ],
  [['folder'], 'serve takes only options; got "folder".'],
  [
    ['--cloud', 'google-secret-manager'],
    '--cloud "google-secret-manager" cannot be emulated. Use one of huawei-csms, aws-secrets-manager.',
  ],
  [
    ['--cloud', 'aws-secrets-manager', '--credentials', 'credentials.json'],
    '--credentials cannot be used with --cloud aws-secrets-manager, which does not check signatures. Omit it.',
  ],
  [
    ['--cloud', 'aws-secrets-manager', '--host', '0.0.0.0'],
    `--host "0.0.0.0" is open to other machines, and any credentials are accepted. ${trusted}`,
  ],
  [
    ['--cloud', 'aws-secrets-manager', '--missing-status', '404'],
    '--missing-status cannot be used with --cloud aws-secrets-manager, because it is a status of CSMS. Omit it.',
  ],
  [
    ['--cloud', 'aws-secrets-manager', '--unauthorized-status=400'],
    '--unauthorized-status cannot be used with --cloud aws-secrets-manager, because it is a status of CSMS. Omit it.',
  ],
  [['--missing-status', 'none'], '--missing-status cannot be "none". Use one of 400, 404.'],
  [['--missing-status', '403'], '--missing-status cannot be "403". Use one of 400, 404.'],
  [['--unauthorized-status', 'none'], '--unauthorized-status cannot be "none". Use one of 400, 401.'],
  [
    ['--allow-host', 'csms', '--allow-host', '*'],
    '--allow-host: An allowed host must be a name or an address without a port, such as csms.example.com; got "*".',
  ],
  [['--events', 'x'], '--events can only be used with --cloud aws-secrets-manager. Pass it, or omit --events.'],
  [
    ['--lambda-endpoint', 'http://127.0.0.1:3001'],
    '--lambda-endpoint can only be used with --cloud aws-secrets-manager. Pass it, or omit --lambda-endpoint.',
  ],
  [
    ['--cloud', 'aws-secrets-manager', '--lambda-endpoint', '127.0.0.1:3001'],
    '--lambda-endpoint: The endpoint must be a URL such as http://127.0.0.1:3001; got the string "127.0.0.1:3001".',
  ],
  [['--cloud', 'aws-secrets-manager', '--events', 'src'], 'src is a folder. Pass a file.'],
  [['--cloud', 'aws-secrets-manager', '--events', 'no/file'], 'no/file does not exist. Check the path.'],
  [['--credentials', 'no-such-file'], 'no-such-file does not exist. Check the path.'],
  [['--credentials', 'src'], 'src is a folder. Pass a file.'],
  [['--data', 'package.json'], 'package.json is not a folder. Pass another path.'],
])('serve refuses %j and explains why', async (args, message) => {
  const { code, out, err } = await runCli(['serve', ...args]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(`secret-stages: ${message}`);
  expect(err).toContain(usageOf('serve'));
});

test('serve --missing-status 404 answers with 404 if something does not exist', async () => {
  const [usual, other] = [await serve(), await serve('--missing-status', '404')];
  expect((await callAt(usual.url, 'GET', '/db')).status).toBe(400);
  expect((await callAt(other.url, 'GET', '/db')).status).toBe(404);
  expect((await callAt(other.url, 'GET', '/d%20b')).status).toBe(400);
});

test('serve --unauthorized-status 401 answers with 401 if credentials are not accepted', async () => {
  const args = ['--credentials', fileOf('{"tokens": [{"token": "opensesame"}]}')];
  const [usual, other] = [await serve(...args), await serve(...args, '--unauthorized-status', '401')];
  expect((await callAt(usual.url, 'GET', '/db')).status).toBe(400);
  expect((await callAt(other.url, 'GET', '/db')).status).toBe(401);
});

test('serve --allow-host accepts each host that it is given', async () => {
  for (const cloud of ['huawei-csms', 'aws-secrets-manager']) {
    const { url } = await serve('--cloud', cloud, '--allow-host', 'csms', '--allow-host', 'other.example.com');
    const statuses = ['csms:80', 'other.example.com', 'localhost', 'example.com'].map(async (host) => {
      const [answer] = await exchange(url, `GET / HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
      return answer?.status;
    });
    expect(await Promise.all(statuses)).toEqual([400, 400, 400, 403]);
  }
});

test.each(['port', 'host', 'allow-host', 'missing-status', 'data', 'credentials'])(
  'replay refuses --%s',
  async (name) => {
    const { code, err } = await runCli(['replay', `--${name}`, '1']);
    expect(code).toBe(2);
    expect(err).toContain(
      `secret-stages: --${name} is not an option of replay. Use one of --cloud, --quiet, --html, --svg, --format, --color, --no-color, --help, --version.\n`,
    );
  },
);

test.each([
  ['"opensesame"', ' must be an object'],
  ['null', ' must be an object'],
  ['{}', ' must be an object with at least one token or key'],
  ['{"tokens": [], "keys": []}', ' must be an object with at least one token or key'],
  ['{"token": "opensesame"}', ': token must be omitted'],
  ['{"tokens": "opensesame"}', ': tokens must be a list'],
  ['{"tokens": ["opensesame"]}', ': tokens[0] must be an object'],
  ['{"tokens": [{"token": ["opensesame"]}]}', ': tokens[0].token must be a string'],
  ['{"tokens": [{"token": ""}]}', ': tokens[0].token must be a non-empty string'],
  ['{"tokens": [{"token": "opensesame", "access": "opensesame"}]}', ': tokens[0].access must be omitted'],
  ['{"tokens": [{"token": "opensesame", "projects": "opensesame"}]}', ': tokens[0].projects must be a list'],
  ['{"keys": [{"access": "opensesame", "secret": 1}]}', ': keys[0].secret must be a string'],
  ['{"keys": [{"access": "opensesame"}]}', ': keys[0].secret is required'],
  ['{"keys": [{"access": "a", "secret": "opensesame", "projects": [1]}]}', ': keys[0].projects[0] must be a string'],
])('credentials such as %s are refused without being shown', async (content, expectation) => {
  const file = fileOf(content);
  const { code, out, err } = await runCli(['serve', '--credentials', file]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(`secret-stages: ${file}${expectation}. Example: {"tokens": [{"token": "…"}], "keys": [{"`);
  expect(err).not.toContain('opensesame');
});

test('serve refuses credentials that are not JSON', async () => {
  const file = fileOf('opensesame');
  const { code, err } = await runCli(['serve', '--credentials', file]);
  expect({ code, err }).toEqual({
    code: 2,
    err: `secret-stages: ${file} is not valid JSON: line 1, column 1: unexpected word or character.\n${usageOf('serve')}`,
  });
});

test('serve refuses a damaged store, names it and says what to do', async () => {
  const folder = freshFolder();
  writeFileSync(join(folder, 'secret-stages.sqlite'), 'swordfish');
  const { code, out, err } = await runCli(['serve', '--data', folder]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(`secret-stages: The store ${join(folder, 'secret-stages.sqlite')} is damaged: `);
  expect(err).toContain(`Restore it from a backup, or move it away to start with an empty store.\n${usageOf('serve')}`);
  expect(err).not.toContain('swordfish');
});

test('serve refuses a port that is in use', async () => {
  const taken = new URL((await serve()).url).port;
  const { code, out, err } = await runCli(['serve', '--port', taken]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(
    `secret-stages: Port ${taken} of 127.0.0.1 is in use. Pass another --port, or --port 0 for any free one.\n`,
  );
});

test('serve --port listens on that port', async () => {
  const free = await serve();
  const { port } = new URL(free.url);
  free.signal('SIGTERM');
  await free.ended;
  expect((await serve('--port', port)).url).toBe(free.url);
});

test('serve --data says what to install if libsql is missing', async () => {
  onTestFinished(() => void vi.doUnmock('libsql'));
  vi.doMock('libsql', () => {
    throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
  });
  vi.resetModules();
  const { runCli } = await import('./host.ts');
  const { code, err } = await runCli(['serve', '--data', freshFolder()]);
  expect(err).toBe(
    `secret-stages: A store on disk requires libsql, which is not installed. Run \`npm install libsql\`.\n${usageOf('serve')}`,
  );
  expect(code).toBe(2);
});
