import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import {
  createAwsEmulator,
  createCsmsEmulator,
  type Emulator,
  emptyWorld,
  handleCsms,
  memoryStore,
  SnapshotError,
  type Store,
  type World,
} from '../../src/emulator/index.ts';
import { versionOf } from '../../src/index.ts';
import { expectFrozen } from '../expect-frozen.ts';
import { request } from './client.ts';

const url = 'http://csms.example.com/v1/p/secrets';
const headers = { 'x-auth-token': 'any' };
const send = async (
  { fetch }: Emulator,
  method: string,
  path: string,
  body?: string | ReadableStream,
): Promise<Response> =>
  fetch(new Request(url + path, { method, headers, ...(body === undefined ? {} : { body, duplex: 'half' }) }));
const born = async (emulator: Emulator): Promise<void> => {
  await send(emulator, 'POST', '', '{"name":"db","secret_string":"hunter2"}');
  await send(emulator, 'POST', '/db/versions', '{"secret_string":"hunter3"}');
};

test('fetch takes the same arguments as the global fetch, and returns a Response', async () => {
  const emulator = createCsmsEmulator({ clock: () => 1_581_507_580_000 });
  await born(emulator);
  const response = await send(emulator, 'PUT', '/db/stages/canary', '{"version_id":"v1"}');
  expect(response).toBeInstanceOf(Response);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  expect(await response.json()).toEqual({
    stage: { name: 'canary', version_id: 'v1', secret_name: 'db', update_time: 1_581_507_580_000 },
  });
  const deleted = await send(emulator, 'DELETE', '/db/stages/canary');
  expect([deleted.status, await deleted.text(), deleted.headers.get('content-type')]).toEqual([204, '', null]);
  const refused = await send(emulator, 'GET', '/db/stages/canary');
  expect([refused.status, await refused.json()]).toEqual([
    400,
    { error_code: 'CSMS.0005', error_msg: expect.stringContaining('is on no version') },
  ]);
  expect(refused.headers.get('x-request-id')).not.toBe(deleted.headers.get('x-request-id'));
});

test('fetch passes the query of a URL', async () => {
  const emulator = createCsmsEmulator();
  await born(emulator);
  const response = await send(emulator, 'GET', '/db/versions?limit=1&marker=v1');
  expect(await response.json()).toMatchObject({ version_metadatas: [{ id: 'v2' }] });
});

test('the clock is Date.now by default', async () => {
  const before = Date.now();
  const emulator = createCsmsEmulator();
  await born(emulator);
  const { createTime = 0 } = emulator.world.projects['p']?.secrets['db'] ?? {};
  expect(createTime).toBeGreaterThanOrEqual(before);
  expect(createTime).toBeLessThanOrEqual(Date.now());
});

const chunked = (...chunks: readonly string[]): ReadableStream =>
  new ReadableStream({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });

test('a body can arrive in chunks', async () => {
  const emulator = createCsmsEmulator();
  await born(emulator);
  const response = await send(emulator, 'PUT', '/db/stages/canary', chunked('{"versi', 'on_id":', '"v1"}'));
  expect(response.status).toBe(200);
});

test('reading an endless body stops when it is refused', async () => {
  const emulator = createCsmsEmulator();
  let pulled = 0;
  let isCancelled = false;
  const endless = new ReadableStream({
    pull: (controller) => {
      pulled += 65_536;
      controller.enqueue(new Uint8Array(65_536));
    },
    cancel: () => {
      isCancelled = true;
    },
  });
  const response = await send(emulator, 'PUT', '/db/stages/canary', endless);
  expect(await response.json()).toMatchObject({ error_code: 'CSMS.0004' });
  expect(pulled).toBeLessThan(1_000_000);
  expect(isCancelled).toBe(true);
});

const never = () => new Promise<void>(() => {});

test.each([
  ['empty chunks', () => new Uint8Array(), 'The body must have at most 524288 bytes'],
  ['text', () => 'x', 'The body must be a JSON object in UTF-8'],
])('a body of endless %s is refused without waiting for its cancellation', async (_, piece, expected) => {
  let pulled = 0;
  const endless = new ReadableStream({
    pull: (controller) => {
      pulled++;
      if (pulled > 600_000) controller.close();
      else controller.enqueue(piece());
    },
    cancel: never,
  });
  const response = await send(createCsmsEmulator(), 'PUT', '/db/stages/canary', endless);
  expect(await response.json()).toMatchObject({
    error_code: 'CSMS.0004',
    error_msg: expect.stringContaining(`${expected}.`),
  });
  expect(pulled).toBeLessThan(524_288 + 5);
});

test('a body in chunks of one byte is read', async () => {
  const emulator = createCsmsEmulator();
  await born(emulator);
  const json = `{"version_id":"v1"}${' '.repeat(5000)}`;
  const response = await send(emulator, 'PUT', '/db/stages/canary', chunked(...json));
  expect(response.status).toBe(200);
});

test('an incomplete body is refused, even if the call does not need one', async () => {
  const emulator = createCsmsEmulator();
  await born(emulator);
  const broken = new ReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode('{}'));
      controller.error(new Error('gone'));
    },
  });
  const response = await send(emulator, 'POST', '/db/scheduled-deleted-tasks/create', broken);
  expect([response.status, await response.json()]).toMatchObject([400, { error_code: 'CSMS.0004' }]);
  expect(emulator.world.projects['p']?.secrets['db']?.state.status).toBe('ENABLED');
});

test('fetch and handleCsms produce the same world', async () => {
  const now = 1_581_507_580_000;
  const emulator = createCsmsEmulator({ clock: () => now });
  const requests = [
    request('POST', '', { name: 'db', secret_string: 'hunter2' }),
    request('POST', '/db/versions', { secret_string: 'hunter3', version_stages: ['canary'] }),
    request('PUT', '/db/stages/SYSCURRENT', { version_id: 'v2' }),
    request('DELETE', '/db/stages/SYSCURRENT'),
    request('POST', '', { name: 'other', secret_binary: 'AAEC' }),
    request('DELETE', '/db'),
    request('GET', ''),
  ];
  let world: World = emptyWorld;
  for (const each of requests) {
    const handled = handleCsms(world, each, now);
    const { headers, ...answered } = await emulator.answer(each);
    expect({ ...answered, headers: expect.anything() }).toEqual({ ...handled.response, headers: expect.anything() });
    world = handled.world;
    expect(emulator.world).toEqual(world);
  }
  expectFrozen(emulator.world);
});

test('snapshot omits values by default, and restore restores it', async () => {
  const emulator = createCsmsEmulator();
  await born(emulator);
  await send(emulator, 'PUT', '/db/versions/v1', '{"expire_time":5}');
  const bare = await emulator.snapshot();
  expect(JSON.stringify(bare)).not.toContain('hunter');
  const whole = await emulator.snapshot({ values: true });
  expect(whole).toEqual(emulator.world);
  expectFrozen(bare);

  await emulator.reset();
  expect(emulator.world).toEqual({ projects: {} });
  await emulator.restore(JSON.parse(JSON.stringify(whole)));
  expect(emulator.world).toEqual(whole);
  expectFrozen(emulator.world);
  await send(emulator, 'POST', '', '{"name":"other","secret_string":"x"}');
  await emulator.restore(bare);
  expect(await emulator.snapshot()).toEqual(bare);
  const response = await send(emulator, 'GET', '/db/versions/latest');
  expect(await response.json()).toMatchObject({ version: { secret_string: null, secret_binary: null } });
  expect((await send(emulator, 'GET', '/other')).status).toBe(400);
});

test('printing an emulator does not show its world', async () => {
  const emulator = createCsmsEmulator();
  await born(emulator);
  expect(JSON.stringify(emulator)).not.toContain('hunter');
  expect(Object.keys(emulator)).not.toContain('world');
});

test('fetch can replace the global fetch', async () => {
  const { fetch } = createCsmsEmulator();
  const body = '{"name":"db","secret_string":"hunter2"}';
  expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(200);
  expect((await fetch(new URL(`${url}/db`), { headers })).status).toBe(200);
  expect((await fetch(new Request(`${url}/db`), { headers })).status).toBe(200);
  const read = new Request(url, { method: 'POST', headers, body });
  await read.text();
  await expect(fetch(read)).rejects.toThrow(
    'The body of this Request has already been read. Pass a clone() of the Request.',
  );
});

test('fetch rejects as soon as its signal is aborted, and does no call that has not started', async () => {
  const { store, wait } = slowStore();
  const emulator = createCsmsEmulator({ store });
  const body = '{"name":"db","secret_string":"hunter2"}';
  const create = (signal: AbortSignal, stream?: ReadableStream) =>
    emulator.fetch(url, { method: 'POST', headers, body: stream ?? body, duplex: 'half', signal } as RequestInit);
  const reason = new Error('enough');
  await expect(create(AbortSignal.abort(reason))).rejects.toBe(reason);
  const abort = new AbortController();
  const endless = create(abort.signal, new ReadableStream());
  setTimeout(() => abort.abort(reason), 5);
  await expect(endless).rejects.toBe(reason);
  expect((await store.revisions()).size).toBe(0);

  const later = new AbortController();
  const started = create(later.signal);
  await wait.reached;
  later.abort(reason);
  await expect(started).rejects.toBe(reason);
  wait.end();
  // The call that had started is done.
  await expect.poll(async () => (await store.revisions()).size).toBe(2);
  const signal = AbortSignal.abort(reason);
  await expect(emulator.fetch(`${url}/db`, { method: 'DELETE', headers, signal })).rejects.toBe(reason);
  expect((await send(emulator, 'GET', '/db')).status).toBe(200);
});

/** A store in memory, a promise that a commit has begun, and a function that lets it go on. */
const slowStore = () => {
  const store = memoryStore();
  const wait = { end: () => {}, reached: Promise.resolve() };
  let reach = () => {};
  wait.reached = new Promise((resolve) => {
    reach = resolve;
  });
  const ended = new Promise<void>((resolve) => {
    wait.end = resolve;
  });
  const commit: Store['commit'] = async (changes) => {
    reach();
    await ended;
    return store.commit(changes);
  };
  return { store: { ...store, commit }, wait };
};

test('fetch leaves no listener on the signal of a Request', async () => {
  const show = new Request(`${url}/db`, { headers });
  await createCsmsEmulator().fetch(show);
  expect(getEventListeners(show.signal, 'abort')).toEqual([]);
});

test('answer refuses headers without a method get', async () => {
  const plain = { ...request('GET', ''), headers: JSON.parse('{"x-auth-token":"any"}') };
  const problem = '`headers` of the request must be a Headers or a Map. For an object, pass `new Headers(object)`.';
  await expect(createCsmsEmulator().answer(plain)).rejects.toThrow(new TypeError(problem));
  expect(() => handleCsms(emptyWorld, plain, 0)).toThrow(new TypeError(problem));
});

test('isOpen is false if the emulator checks credentials', () => {
  expect(createCsmsEmulator().isOpen).toBe(true);
  expect(createCsmsEmulator({ credentials: { tokens: [{ token: 't' }] } }).isOpen).toBe(false);
  expect(createAwsEmulator().isOpen).toBe(true);
});

test('a response to HEAD has no body', async () => {
  const emulator = createCsmsEmulator();
  await born(emulator);
  const { status, headers } = await send(emulator, 'HEAD', '/db');
  expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
  const aws = await createAwsEmulator().answer({ method: 'HEAD', target: '/', headers: new Headers() });
  expect([aws.status, aws.body]).toEqual([400, null]);
});

test('restore and snapshot finish while a client keeps writing', async () => {
  const emulator = createCsmsEmulator();
  await born(emulator);
  for (let index = 0; index < 50; index++) {
    await send(emulator, 'POST', '', `{"name":"s${index}","secret_string":"x"}`);
  }
  let isOver = false;
  const writing = (async () => {
    for (let index = 0; !isOver; index++) {
      await send(emulator, 'PUT', '/db/stages/canary', `{"version_id":"v${1 + (index % 2)}"}`);
    }
  })();
  const whole = await emulator.snapshot({ values: true });
  await Promise.all([emulator.reset(), emulator.restore(whole), emulator.reset(), emulator.snapshot()]);
  isOver = true;
  await writing;
  expect(emulator.world).toEqual({ projects: {} });
});

test('snapshot shows one moment while others write', async () => {
  const inner = memoryStore();
  const other = createCsmsEmulator({ store: inner });
  await born(other);
  let reads = 0;
  const emulator = createCsmsEmulator({
    store: {
      ...inner,
      read: async (key) => {
        // While the first of the pieces is read, another process changes first this one and then the other.
        if (reads++ === 0) {
          await send(other, 'POST', '', '{"name":"other","secret_string":"x"}');
          await send(other, 'DELETE', '/db');
        }
        return inner.read(key);
      },
    },
  });
  expect(Object.keys((await emulator.snapshot()).projects['p']?.secrets ?? {})).toEqual(['other']);
});

test('snapshot omits secrets whose deletion is due', async () => {
  let now = 0;
  const emulator = createCsmsEmulator({ clock: () => now });
  await born(emulator);
  await send(emulator, 'POST', '/db/scheduled-deleted-tasks/create', '{"recovery_window_in_days":7}');
  now = 7 * 86_400_000 - 1;
  expect(await emulator.snapshot()).toMatchObject({ projects: { p: { secrets: { db: {} } } } });
  now++;
  expect(await emulator.snapshot()).toEqual({ projects: {} });
  expect(emulator.world).toEqual({ projects: {} });
});

test('the deletion of a restored secret comes due', async () => {
  let now = 0;
  const emulator = createCsmsEmulator({ clock: () => now, secretsAProject: 1 });
  await born(emulator);
  await send(emulator, 'POST', '/db/scheduled-deleted-tasks/create', '{"recovery_window_in_days":7}');
  await emulator.restore(await emulator.snapshot());
  const create = () => send(emulator, 'POST', '', '{"name":"other","secret_string":"x"}');
  expect((await create()).status).toBe(400);
  now = 7 * 86_400_000;
  expect((await create()).status).toBe(200);
});

test('a cancelled deletion never comes due', async () => {
  let now = 0;
  const emulator = createCsmsEmulator({ clock: () => now });
  await born(emulator);
  await send(emulator, 'POST', '/db/scheduled-deleted-tasks/create', '{"recovery_window_in_days":7}');
  await send(emulator, 'POST', '/db/scheduled-deleted-tasks/cancel');
  now = 8 * 86_400_000;
  await send(emulator, 'POST', '', '{"name":"other","secret_string":"x"}');
  expect(Object.keys(emulator.world.projects['p']?.secrets ?? {}).sort()).toEqual(['db', 'other']);
  expect(await (await send(emulator, 'GET', '')).json()).toMatchObject({
    secrets: [{ name: 'db' }, { name: 'other' }],
  });
});

test('restore refuses an invalid snapshot, and changes nothing', async () => {
  const emulator = createCsmsEmulator();
  await born(emulator);
  const before = emulator.world;
  await expect(emulator.restore({ projects: { p: { secrets: { db: { id: 5 } } } } })).rejects.toThrow(SnapshotError);
  await expect(emulator.restore(null)).rejects.toThrow(
    /^The snapshot is invalid, so nothing was restored: snapshot must be an object\.$/,
  );
  expect(emulator.world).toEqual(before);
});

test('requests for one secret run one after another, in order', async () => {
  // Delays differ, so that a request that does not wait would overtake another.
  const inner = memoryStore();
  let delay = 0;
  const later = () => {
    delay = (delay * 7 + 3) % 11;
    return new Promise((resolve) => setTimeout(resolve, delay));
  };
  const slow: Store = {
    read: async (key) => {
      await later();
      return inner.read(key);
    },
    commit: async (changes) => {
      await later();
      return inner.commit(changes);
    },
    revisions: () => inner.revisions(),
  };
  const emulator = createCsmsEmulator({ store: slow });
  await born(emulator);
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => send(emulator, 'POST', '/db/versions', '{"secret_string":"x"}')),
  );
  const ids = await Promise.all(answers.map(async (answer) => JSON.parse(await answer.text()).version_metadata.id));
  expect(ids).toEqual(['v3', 'v4', 'v5', 'v6', 'v7', 'v8', 'v9', 'v10']);
  expect('world' in emulator).toBe(false);
});

test('a call is retried if another process changed its secret', async () => {
  const inner = memoryStore();
  const other = createCsmsEmulator({ store: inner });
  await born(other);
  let isFirst = true;
  const overtaken: Store = {
    ...inner,
    commit: async (changes) => {
      if (isFirst) {
        isFirst = false;
        await send(other, 'PUT', '/db/stages/SYSCURRENT', '{"version_id":"v1"}');
      }
      return inner.commit(changes);
    },
  };
  const emulator = createCsmsEmulator({ store: overtaken });
  const response = await send(emulator, 'PUT', '/db/stages/canary', '{"version_id":"v2"}');
  expect(response.status).toBe(200);
  const { state } = (await other.snapshot()).projects['p']?.secrets['db'] ?? {};
  expect(state && [versionOf(state, 'SYSCURRENT'), versionOf(state, 'canary')]).toEqual(['v1', 'v2']);
});

test('restore is atomic while others write', async () => {
  const inner = memoryStore();
  const other = createCsmsEmulator({ store: inner });
  await born(other);
  const snapshot = await other.snapshot({ values: true });
  let isFirst = true;
  const overtaken: Store = {
    ...inner,
    commit: async (changes) => {
      if (isFirst) await send(other, 'POST', '', '{"name":"other","secret_string":"x"}');
      isFirst = false;
      return inner.commit(changes);
    },
  };
  await createCsmsEmulator({ store: overtaken }).restore(snapshot);
  expect(await other.snapshot({ values: true })).toEqual(snapshot);
});

test('ListSecrets omits a secret that is deleted meanwhile', async () => {
  const inner = memoryStore();
  await born(createCsmsEmulator({ store: inner }));
  const emulator = createCsmsEmulator({
    store: { ...inner, read: (key) => (key.includes('db') ? undefined : inner.read(key)) },
  });
  const response = await send(emulator, 'GET', '');
  expect(await response.json()).toMatchObject({ secrets: [], page_info: { current_count: 0 } });
});

test('a secret without versions, which only a snapshot can have, has no latest value', async () => {
  const emulator = createCsmsEmulator();
  await born(emulator);
  const snapshot = JSON.parse(JSON.stringify(await emulator.snapshot()));
  const { state } = snapshot.projects.p.secrets.db;
  Object.assign(state, { versions: {}, stages: [], versionsMade: 0, lastNumber: 0 });
  await emulator.restore(snapshot);
  const latest = await send(emulator, 'GET', '/db/versions/latest');
  expect(await latest.json()).toMatchObject({ error_code: 'CSMS.0005' });
  const batch = await send(emulator, 'POST', '/batch-get-secret-value', '{"secret_name_list":["db"]}');
  expect(await batch.json()).toMatchObject({ error_code: 'CSMS.0005' });
});

test('a call gives up after 1,000 write conflicts', async () => {
  const inner = memoryStore();
  const stubborn: Store = { ...inner, commit: () => false };
  await expect(born(createCsmsEmulator({ store: stubborn }))).rejects.toThrow(
    /^Gave up after 1,000 write conflicts\. .* its `commit` is broken\.$/,
  );
});

test('requests work again after the store failed', async () => {
  const inner = memoryStore();
  let fails = true;
  const failing: Store = {
    ...inner,
    commit: (changes) => {
      if (fails) throw new Error('the disk is full');
      return inner.commit(changes);
    },
  };
  const emulator = createCsmsEmulator({ store: failing });
  const waiting = [born(emulator), born(emulator)];
  for (const each of waiting) await expect(each).rejects.toThrow('the disk is full');
  fails = false;
  await born(emulator);
  expect(await emulator.snapshot()).toMatchObject({ projects: { p: { secrets: { db: {} } } } });
});

test('snapshot throws if revisions of the store does not return a Map', async () => {
  const inner = memoryStore();
  const store: Store = { ...inner, revisions: () => JSON.parse('[]') };
  const emulator = createCsmsEmulator({ store });
  await expect(emulator.snapshot()).rejects.toThrow('`revisions` of the store must return a Map; got a list.');
});

test('restore reports the first 20 problems', async () => {
  const secrets = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`s${index}`, 5]));
  await expect(createCsmsEmulator().restore({ projects: { p: { secrets } } })).rejects.toThrow(
    /^The snapshot is invalid, so nothing was restored: (snapshot[^;]* must be an object; ){20}and 480 more\.$/,
  );
});
