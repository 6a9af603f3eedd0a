import { afterAll, beforeAll, expect, test } from 'vitest';
import { server } from './emulator.ts';

let url = '';
beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(() => {
  server.close();
});

const call = async (method: string, path: string, body?: object): Promise<readonly [number, unknown]> => {
  const response = await fetch(`${url}${path}`, body ? { method, body: JSON.stringify(body) } : { method });
  return [response.status, await response.json()];
};
const create = (name: string) => call('POST', `/${name}`, { value: 'one' });
const act = (name: string, action: object) => call('POST', `/${name}/actions`, action);

test('the emulator reads the value that a stage marks', async () => {
  await create('read');
  await act('read', { type: 'createVersion', value: 'two' });
  expect(await call('GET', '/read/SYSCURRENT')).toEqual([200, { value: 'two' }]);
  expect(await call('GET', '/read/SYSPREVIOUS')).toEqual([200, { value: 'one' }]);
  expect(await call('GET', '/read/canary')).toEqual([404, { message: 'There is nothing at /read/canary.' }]);
});

test('the emulator deletes a value with its version', async () => {
  await create('pruned');
  await act('pruned', { type: 'createVersion', value: 'two' });
  const three = await act('pruned', { type: 'createVersion', value: 'three' });
  expect(three).toMatchObject([200, { versions: ['v1', 'v2', 'v3'] }]);
  expect(await act('pruned', { type: 'pruneDeprecated' })).toMatchObject([200, { versions: ['v2', 'v3'] }]);
  expect(await call('GET', '/pruned/SYSPREVIOUS')).toEqual([200, { value: 'two' }]);
});

test.each([
  [400, 'INVALID_VALUE', { type: 'assignStage', stage: 'a b', versionId: 'v1' }],
  [404, 'UNKNOWN_VERSION', { type: 'assignStage', stage: 'canary', versionId: 'v9' }],
  [409, 'WRONG_HOLDER', { type: 'assignStage', stage: 'SYSCURRENT', versionId: 'v1', from: 'v2' }],
])('the emulator responds with %i to %s', async (status, code, action) => {
  const name = `refused-${status}`;
  await create(name);
  expect(await act(name, action)).toEqual([status, { code, message: expect.any(String) }]);
  expect(await call('GET', `/${name}/SYSCURRENT`)).toEqual([200, { value: 'one' }]);
});

test('the emulator refuses an invalid name, a name in use, and an unknown secret', async () => {
  expect(await create('a%20b')).toMatchObject([400, { code: 'INVALID_VALUE' }]);
  await create('twice');
  expect(await create('twice')).toEqual([409, { message: 'The secret "twice" exists.' }]);
  expect(await call('GET', '/nothing/canary')).toEqual([404, { message: 'Secret "nothing" does not exist.' }]);
});

test('the emulator responds to a body that is not JSON', async () => {
  await create('text');
  const response = await fetch(`${url}/text/actions`, { method: 'POST', body: '{"type"' });
  expect([response.status, await response.json()]).toMatchObject([400, { message: 'Send a JSON object.' }]);
});
