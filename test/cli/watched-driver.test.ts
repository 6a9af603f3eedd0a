import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { watchDriver } from '../../src/cli/watched-driver.ts';
import { createCsmsEmulator } from '../../src/emulator/index.ts';
import { serve } from '../../src/server/index.ts';
import { fetchDriver } from '../../src/testing/index.ts';

test('watchDriver ends if a body does not arrive in time, and remembers the secret', async () => {
  const hanging = createServer((_, response) => response.writeHead(200).write('{"secret"'));
  await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => hanging.closeAllConnections());
  onTestFinished(() => void hanging.close());
  const url = `http://127.0.0.1:${Object(hanging.address()).port}`;
  const watch = watchDriver((send) => fetchDriver(url, { project: 'p', fetch: send, timeout: 50 }));
  await expect(watch.driver.create('db', 0)).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(`${watch.end}`).toBe(
    `TimeoutError: POST /v1/p/secrets got no complete response from ${url} within the timeout of 50 ms. If it is only slow, pass a longer \`timeout\`.`,
  );
  await expect(watch.driver.show('db')).rejects.toBe(watch.end);
  expect(await watch.removeAll()).toEqual(['db']);
});

test('watchDriver goes on after an invalid response', async () => {
  const { url, close } = await serve({
    ...createCsmsEmulator(),
    answer: async () => ({ status: 200, headers: {}, body: 'done' }),
  });
  onTestFinished(close);
  const watch = watchDriver((send) => fetchDriver(url, { project: 'p', fetch: send }));
  await expect(watch.driver.create('db', 0)).rejects.toThrow('is not JSON');
  expect(watch.end).toBeUndefined();
});

test('watchDriver forgets a secret whose request was never sent', async () => {
  const free = createServer();
  await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${Object(free.address()).port}`;
  await new Promise((resolve) => free.close(resolve));
  const watch = watchDriver((send) => fetchDriver(url, { project: 'p', fetch: send }));
  await expect(watch.driver.create('db', 0)).rejects.toThrow('ECONNREFUSED');
  expect(await watch.removeAll()).toEqual([]);
});
