// @ts-check
import { ok, strictEqual } from 'node:assert';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { assignStage, createSecret, createVersion } from 'secret-stages';
import { createCsmsEmulator } from 'secret-stages/emulator';
import { serve } from 'secret-stages/server';
import { connections, headers, placeOf, updateOf } from './updates.js';

/**
 * @typedef {import('./client.js').Order} Order
 * @typedef {import('./measures.js').Race} Race
 */

const client = fileURLToPath(new URL('client.js', import.meta.url));

/** How many requests the client makes for each message, so that the cost of the message does not matter. */
const burst = 300;

/** An emulator with `count` secrets, and updates of them. Each update is used once, because a second time it moves nothing. */
const loaded = async (/** @type {number} */ count) => {
  const two = createVersion(createSecret({ name: 'any', at: 0 }), { at: 0 });
  const state = assignStage(two, { stage: 'canary', versionId: 'v2', at: 0 });
  const secret = { id: '', description: '', kmsKeyId: '', createTime: 0, updateTime: 0, expireTimes: {} };
  /** @type {Record<string, { secrets: Record<string, object> }>} */
  const projects = {};
  for (let index = 0; index < count; index++) {
    const { project, name } = placeOf(count, index);
    projects[project] ??= { secrets: {} };
    projects[project].secrets[name] = { ...secret, state: { ...state, name } };
  }
  const emulator = createCsmsEmulator();
  await emulator.restore({ projects });

  let turn = 0;
  const take = (/** @type {number} */ requests) => {
    turn += requests;
    return { count, first: turn - requests, requests };
  };
  return { emulator, take, next: () => updateOf(count, take(1).first) };
};

/** @typedef {Awaited<ReturnType<typeof loaded>>} Loaded */

/** @type {(load: Loaded) => Record<'answer' | 'fetch', () => Promise<string | null>>} */
const inProcess = ({ emulator, next }) => {
  const parts = { method: 'PUT', headers: new Map(Object.entries(headers)) };
  return {
    answer: async () => {
      const { target, body } = next();
      return (await emulator.answer({ ...parts, target, body })).body;
    },
    fetch: async () => {
      const { target, body } = next();
      const request = new Request(`http://csms.test${target}`, { method: 'PUT', headers, body });
      return (await emulator.fetch(request)).text();
    },
  };
};

/** Starts the process that makes requests. */
export const startClient = () => {
  const child = fork(client).once('exit', (code) => strictEqual(code, 0));
  const ask = async (/** @type {Order} */ order) => {
    child.send(order);
    await once(child, 'message');
  };
  return { ask, close: () => child.disconnect() };
};

/** @type {(few: Loaded, many: Loaded) => Promise<Pick<Race, 'steps' | 'close'>>} One server, and one client process. */
const overHttp = async (few, many) => {
  const empty = { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' };
  const [ofFew] = few.next().target.split('-0/');
  const { url, close } = await serve({
    ...few.emulator,
    answer: async (request) => {
      if (request.target === '/empty') return empty;
      return (request.target.startsWith(`${ofFew}-`) ? few : many).emulator.answer(request);
    },
  });
  const { ask, close: closeClient } = startClient();
  const order = { url, method: 'PUT', headers, connections, requests: burst };
  const nothing = { target: '/empty', body: few.next().body, expected: '{}' };
  return {
    steps: {
      'an empty route': () => ask({ ...order, calls: [nothing] }),
      'an update of 10': () => ask({ ...order, ...few.take(burst) }),
      'an update of 100,000': () => ask({ ...order, ...many.take(burst) }),
    },
    close: async () => {
      closeClient();
      await close();
    },
  };
};

/** Updates of a stage in process. @returns {Promise<Race>} */
export const asked = async () => {
  const [ofFew, ofMany] = [inProcess(await loaded(10)), inProcess(await loaded(100_000))];
  for (const step of [ofFew.answer, ofFew.fetch, ofMany.answer, ofMany.fetch]) {
    ok((await step())?.includes('"version_id":"v1"'));
  }
  // With more secrets than the caches hold, some misses are expected. A search through all secrets would cost thousands of times more.
  const bounds = { must: '≤ 1.5', aim: '≤ 1.2' };
  return {
    title: 'an update of a stage in process, of one of so many secrets',
    steps: {
      'answer, 10': ofFew.answer,
      'answer, 100,000': ofMany.answer,
      'fetch, 10': ofFew.fetch,
      'fetch, 100,000': ofMany.fetch,
    },
    requests: 1,
    figures: [
      { figure: 'answer at 100,000 secrets, times at 10', of: 'answer, 100,000', to: 'answer, 10', ...bounds },
      { figure: 'fetch at 100,000 secrets, times at 10', of: 'fetch, 100,000', to: 'fetch, 10', ...bounds },
    ],
  };
};

/** Updates of a stage over HTTP. @returns {Promise<Race>} */
export const served = async () => {
  const few = 'an update of 10';
  return {
    title: 'an update of a stage over HTTP, of one of so many secrets',
    ...(await overHttp(await loaded(10), await loaded(100_000))),
    requests: burst,
    figures: [
      {
        figure: 'an update over HTTP, times an empty route',
        of: few,
        to: 'an empty route',
        must: '≤ 1.7',
        aim: '≤ 1.4',
      },
      {
        figure: 'an update over HTTP at 100,000 secrets, times at 10',
        of: 'an update of 100,000',
        to: few,
        must: '≤ 1.1',
        aim: '≤ 1.05',
      },
    ],
  };
};
