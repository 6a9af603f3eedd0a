// @ts-check
import { ok } from 'node:assert';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { ours } from './contenders/index.js';
import { startClient } from './emulator.js';

/**
 * @typedef {import('./client.js').Order} Order
 * @typedef {import('./measures.js').Race} Race
 */

/**
 * How many requests a step makes: ours more, so that both take about as long. After a pause of some seconds, a process of Node is slower.
 * Even numbers, so that moves there and back end where they began.
 */
const bursts = { ours: 12_000, moto: 300 };

/** Each prints its address, and logs no requests. */
const programs = {
  ours: `import { createAwsEmulator } from 'secret-stages/emulator';
import { serve } from 'secret-stages/server';
console.error((await serve(createAwsEmulator())).url);`,
  moto: `from moto.server import main
from werkzeug.serving import WSGIRequestHandler
WSGIRequestHandler.log_request = lambda *_: None
main(["-p", "0"])`,
};

/** The versions of moto and of its Python. Undefined if `python3` cannot run the server of moto. */
export const motoHere = () => {
  const code = 'import moto.server, platform; print(f"moto {moto.__version__}, Python {platform.python_version()}")';
  const { status, stdout } = spawnSync('python3', ['-c', code], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
};

/** Starts a server in a process of its own. */
const started = async (/** @type {string} */ command, /** @type {readonly string[]} */ args) => {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  process.once('exit', () => child.kill());
  const url = await new Promise((resolve, reject) => {
    let text = '';
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(text) ?? [];
      if (url !== undefined) resolve(url);
    });
    child.once('error', reject).once('exit', () => reject(new Error(text)));
  });
  const stop = async () => {
    child.kill();
    await once(child, 'exit');
  };
  return { url, stop };
};

const [one, two] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];

/** @type {(operation: string, connections: number, expected: string, ...inputs: readonly object[]) => Omit<Order, 'url'>} */
const orderOf = (operation, connections, expected, ...inputs) => ({
  method: 'POST',
  headers: {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `secretsmanager.${operation}`,
    authorization: 'AWS4-HMAC-SHA256 Credential=any/20180411/us-east-1/secretsmanager/aws4_request',
  },
  connections,
  calls: inputs.map((input) => ({ target: '/', body: JSON.stringify(input), expected })),
  requests: inputs.length,
});

/** A secret with two versions. Version `two` has AWSCURRENT. */
const creation = [
  orderOf('CreateSecret', 1, one, { Name: 'db', SecretString: 'hunter1', ClientRequestToken: one }),
  orderOf('PutSecretValue', 1, two, { SecretId: 'db', SecretString: 'hunter2', ClientRequestToken: two }),
];

const moveOf = (/** @type {string} */ from, /** @type {string} */ to) => ({
  SecretId: 'db',
  VersionStage: 'AWSCURRENT',
  RemoveFromVersionId: from,
  MoveToVersionId: to,
});

/**
 * The same calls to both servers, from one client.
 *
 * @type {(order: Omit<Order, 'url'>, labels: { title: string, must: string, aim: string }) => Promise<Race>}
 */
const raceOf = async (order, { title, must, aim }) => {
  const moto = motoHere();
  ok(moto);
  const servers = {
    [ours]: await started(process.execPath, ['--input-type=module', '--eval', programs.ours]),
    [moto]: await started('python3', ['-c', programs.moto]),
  };
  const { ask, close } = startClient();
  for (const { url } of Object.values(servers)) for (const order of creation) await ask({ ...order, url });
  const requests = { [ours]: bursts.ours, [moto]: bursts.moto };
  const steps = Object.fromEntries(
    Object.entries(servers).map(([name, { url }]) => [
      name,
      () => ask({ ...order, url, requests: requests[name] ?? 0 }),
    ]),
  );
  // V8 compiles during the first thousands of calls. Each server gets the same time.
  for (const step of Object.values(steps)) for (const end = Date.now() + 2000; Date.now() < end; ) await step();
  return {
    title,
    steps,
    isLong: true,
    requests,
    figures: [{ figure: `moto's ${title}, times ours`, of: moto, to: ours, must, aim }],
    close: async () => {
      close();
      for (const { stop } of Object.values(servers)) await stop();
    },
  };
};

/** Both servers refuse a move from a version that does not have the stage, so an answer that is not an error is a move. */
export const moved = () =>
  raceOf(orderOf('UpdateSecretVersionStage', 1, ':secret:db-', moveOf(two, one), moveOf(one, two)), {
    title: 'UpdateSecretVersionStage one after another',
    must: '≥ 12',
    aim: '≥ 15',
  });

export const read = () =>
  raceOf(orderOf('GetSecretValue', 10, 'hunter2', { SecretId: 'db' }), {
    title: 'GetSecretValue on ten connections',
    must: '≥ 50',
    aim: '≥ 68',
  });
