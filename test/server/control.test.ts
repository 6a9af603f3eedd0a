import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createAwsEmulator, createCsmsEmulator } from '../../src/emulator/index.ts';
import { type Served, serve } from '../../src/server/index.ts';
import { call, token } from '../emulator/aws-client.ts';
import { dial, exchange, pause } from '../emulator/requests.ts';

/** Serves an emulator of AWS with a control until the test ends. */
const controlled = async (options: Parameters<typeof createAwsEmulator>[0] = {}) => {
  let stopped: number | null = null;
  const emulator = createAwsEmulator({ clock: () => stopped ?? Date.now(), ...options });
  const setClock = (time: number | null) => {
    stopped = time;
  };
  const served = await serve(emulator, { control: { ...emulator, setClock } });
  onTestFinished(() => served.close());
  return { ...served, ...clientOf(served), emulator };
};

const clientOf = ({ url }: Served) => ({
  control: async (body: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${url}/_control`, { method: 'POST', body: text, headers });
    return { status: response.status, body: JSON.parse(await response.text()) };
  },
  send: async (operation: string, body: object) => {
    const { headers, ...asked } = call(operation, body);
    const init = { method: 'POST', body: `${asked.body}`, headers: Object.fromEntries(headers as Map<string, string>) };
    const response = await fetch(url, init);
    return { status: response.status, body: JSON.parse(await response.text()) };
  },
});

const db = { Name: 'db', SecretString: 'hunter2', ClientRequestToken: token(1) };

test('a control request sets faults, and an empty list removes them', async () => {
  const { control, send } = await controlled();
  const faults = [{ operation: 'CreateSecret', when: 1, answer: 'throttle' }];
  expect(await control({ faults })).toEqual({ status: 200, body: { clock: null, faults } });
  expect((await send('CreateSecret', db)).body).toMatchObject({ __type: 'ThrottlingException' });
  expect((await send('CreateSecret', db)).status).toBe(200);
  await control({ faults: [{ answer: 'error' }] });
  expect((await send('DescribeSecret', { SecretId: 'db' })).status).toBe(500);
  expect(await control({ faults: [] })).toMatchObject({ body: { faults: [] } });
  expect((await send('DescribeSecret', { SecretId: 'db' })).status).toBe(200);
});

test('a control request stops the clock, and null lets it run again', async () => {
  const { control, send } = await controlled();
  const created = async (name: string) => {
    await send('CreateSecret', { ...db, Name: name });
    return (await send('DescribeSecret', { SecretId: name })).body.CreatedDate;
  };
  expect(await control({ clock: '2026-01-31T08:00:00+01:00' })).toEqual({
    status: 200,
    body: { clock: '2026-01-31T07:00:00.000Z', faults: [] },
  });
  expect(await created('one')).toBe(Date.UTC(2026, 0, 31, 7) / 1000);
  expect(await control({ clock: 0 })).toMatchObject({ body: { clock: '1970-01-01T00:00:00.000Z' } });
  expect(await created('two')).toBe(0);
  expect(await control({})).toMatchObject({ body: { clock: '1970-01-01T00:00:00.000Z' } });
  expect(await control({ clock: null })).toMatchObject({ body: { clock: null } });
  expect(await created('three')).toBeGreaterThan(1_700_000_000);
});

test('reset deletes all secrets and faults, unless the request has faults', async () => {
  const { control, send } = await controlled();
  await send('CreateSecret', db);
  await control({ faults: [{ answer: 'error' }] });
  expect(await control({ reset: true })).toMatchObject({ body: { faults: [] } });
  expect((await send('DescribeSecret', { SecretId: 'db' })).body).toMatchObject({
    __type: 'ResourceNotFoundException',
  });
  const faults = [{ answer: 'error' }];
  expect(await control({ reset: true, faults })).toMatchObject({ body: { faults } });
  expect((await send('CreateSecret', db)).status).toBe(500);
  await control({ reset: false, tick: false });
  expect((await send('CreateSecret', db)).status).toBe(500);
});

test('tick waits until the rotations that are due have run, and comes after the reset', async () => {
  const steps: string[] = [];
  const rotate = async ({ Step }: { readonly Step: string }) => {
    await pause(5);
    steps.push(Step);
  };
  const { control, send } = await controlled({ rotate });
  await send('CreateSecret', db);
  const RotationRules = { AutomaticallyAfterDays: 1 };
  const rotated = { ClientRequestToken: token(2), RotationLambdaARN: 'rotate', RotationRules };
  await send('RotateSecret', { SecretId: 'db', ...rotated });
  expect((await control({ tick: true })).status).toBe(200);
  expect(steps).toEqual(['createSecret', 'setSecret', 'testSecret', 'finishSecret']);
  await control({ clock: '2099-01-01T00:00:00Z', reset: true, tick: true });
  expect(steps).toHaveLength(4);
});

const wrong: readonly (readonly [body: unknown, message: string])[] = [
  ['', 'The body must be a JSON object, such as {"reset": true}.'],
  ['[]', 'The body must be a JSON object, such as {"reset": true}.'],
  [{ fault: [] }, '"fault" is not a field: use faults.'],
  [{ reset: true, stop: true }, '"stop" is not a field: use one of faults, clock, reset, tick.'],
  [{ reset: 'yes' }, 'reset must be true or false; got the string "yes".'],
  [{ reset: true, tick: 1 }, 'tick must be true or false; got 1.'],
  [{ reset: true, faults: {} }, 'faults must be a list; got an object.'],
  [{ reset: true, faults: [{}] }, 'faults[0] must be an object with an answer or a delay.'],
  ...['2026-01-31', 'now', -1, 1.5, '2026-01-31T08:00:00', '2026-13-31T00:00:00Z', '2026-02-30T00:00:00Z', true].map(
    (clock) =>
      [
        { reset: true, clock },
        `clock must be epoch milliseconds as a number, a time such as "2026-01-31T08:00:00Z", or null; got ${typeof clock === 'string' ? `the string "${clock}"` : clock}.`,
      ] as const,
  ),
  ...[
    [1_772_442_000, 'seconds'],
    [864e13, 'microseconds'],
  ].map(
    ([clock, unit]) =>
      [
        { reset: true, clock },
        `clock must be epoch milliseconds as a number, a time such as "2026-01-31T08:00:00Z", or null; got ${clock}, which looks like ${unit}.`,
      ] as const,
  ),
];
test.each(wrong)('the control refuses %j, and changes nothing', async (body, message) => {
  const { control, send } = await controlled();
  await send('CreateSecret', db);
  await control({ faults: [{ operation: 'ListSecrets', answer: 'error' }] });
  expect(await control(body)).toEqual({ status: 400, body: { __type: 'SerializationException', message } });
  expect((await send('DescribeSecret', { SecretId: 'db' })).status).toBe(200);
  expect((await send('ListSecrets', {})).status).toBe(500);
});

test('the control refuses a body that is too long, even if it begins with a request', async () => {
  const { control, send } = await controlled();
  await send('CreateSecret', db);
  expect(await control(`{"reset": true}${' '.repeat(512 * 1024)}`)).toMatchObject({
    status: 413,
    body: { message: 'The body must have at most 524,288 bytes.' },
  });
  expect((await send('DescribeSecret', { SecretId: 'db' })).status).toBe(200);
});

test('the control refuses the clock if the emulator cannot set it', async () => {
  const emulator = createCsmsEmulator();
  const served = await serve(emulator, { control: emulator });
  onTestFinished(() => served.close());
  const { control } = clientOf(served);
  expect(await control({ clock: 0 })).toEqual({
    status: 400,
    body: { error_code: 'CSMS.0003', error_msg: expect.stringContaining('Pass `setClock` to `serve` in `control`') },
  });
  expect((await control({ reset: true })).status).toBe(200);
});

test('the control takes only POST', async () => {
  const { url } = await controlled();
  expect((await fetch(`${url}/_control`)).status).toBe(405);
});

test('without control, its path is one that the cloud does not have', async () => {
  const served = await serve(createAwsEmulator());
  onTestFinished(() => served.close());
  expect((await clientOf(served).control({ reset: true })).body).toMatchObject({ __type: 'UnknownOperationException' });
});

test('an error of the emulator is a 500', async () => {
  const emulator = createAwsEmulator();
  const reset = async () => {
    throw new Error('The disk is full.');
  };
  const setFaults = () => {
    throw new TypeError('broken');
  };
  const served = await serve(emulator, { control: { ...emulator, reset, setFaults } });
  onTestFinished(() => served.close());
  const { control } = clientOf(served);
  expect(await control({ faults: [] })).toMatchObject({
    status: 500,
    body: { Message: expect.stringContaining('broken') },
  });
  expect((await control({ reset: true })).status).toBe(500);
});

test('the control refuses other machines', async () => {
  const { control } = await controlled();
  let value: string | undefined;
  const disguise = (message: unknown) =>
    Object.defineProperty(Object(message).socket, 'remoteAddress', { get: () => value });
  subscribe('net.server.socket', disguise);
  onTestFinished(() => void unsubscribe('net.server.socket', disguise));
  for (const other of ['10.0.0.7', '::ffff:10.0.0.7', 'fe80::1', '127.0.0.1.example.com', undefined]) {
    value = other;
    expect(await control({ reset: true }), other).toMatchObject({
      status: 403,
      body: { Message: '/_control takes only requests from the machine of the emulator.' },
    });
  }
  for (const own of ['127.0.0.1', '127.8.0.1', '::1', '::ffff:127.0.0.1']) {
    value = own;
    expect((await control({})).status, own).toBe(200);
  }
});

test('the control refuses web pages of another host, also if the emulator has credentials', async () => {
  const emulator = createCsmsEmulator({ credentials: { tokens: [{ token: 'opensesame' }] } });
  const served = await serve(emulator, { control: emulator });
  onTestFinished(() => served.close());
  const post = (headers: string) =>
    exchange(served.url, `POST /_control HTTP/1.1\r\n${headers}\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}`);
  const statuses = ['host: localhost', 'host: evil.example', 'host: localhost\r\norigin: http://evil.example'].map(
    async (headers) => (await post(headers))[0]?.status,
  );
  expect(await Promise.all(statuses)).toEqual([200, 403, 403]);
});

test('close ends requests that a fault makes hang', async () => {
  const { control, url, close } = await controlled({ faults: [{ answer: 'hang' }] });
  const hanging = dial(url);
  await hanging.send(
    'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\nx-amz-target: secretsmanager.ListSecrets\r\n',
  );
  await hanging.send(
    'authorization: AWS4-HMAC-SHA256 Credential=any/20180411/us-east-1/secretsmanager/aws4_request\r\n\r\n{}',
  );
  await pause(50);
  expect(hanging.heard()).toBe('');
  expect((await control({})).status).toBe(200);
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const closed = close();
  await vi.advanceTimersByTimeAsync(5000);
  await closed;
  expect(await hanging.answers()).toEqual([]);
});
