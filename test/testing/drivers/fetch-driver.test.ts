import { expect, describe as group, test } from 'vitest';
import { createCsmsEmulator, type EmulatorOptions } from '../../../src/emulator/index.ts';
import { awsSecretsManager, defineDialect, huaweiCsms } from '../../../src/index.ts';
import { checkConformance, fetchDriver } from '../../../src/testing/index.ts';

const csms = (options?: EmulatorOptions & { readonly store?: undefined }) => {
  const emulator = createCsmsEmulator({ clock: () => 1_790_000_000_000, ...options });
  const sent: Request[] = [];
  const fetch = async (request: Request) => {
    sent.push(request.clone());
    return emulator.fetch(request);
  };
  return { emulator, sent, fetch, driver: fetchDriver('http://csms/', { project: 'my project', token: 'any', fetch }) };
};

test('fetchDriver creates, changes, shows and removes a secret by API calls', async () => {
  const { driver, sent, emulator } = csms();
  expect(await driver.create('db', 0)).toEqual({ ok: true });
  expect(await driver.act('db', { type: 'createVersion', at: 0, stages: ['canary'] })).toEqual({
    ok: true,
    versionId: 'v2',
    stages: ['canary'],
  });
  expect(await driver.act('db', { type: 'createVersion', at: 0 })).toMatchObject({ versionId: 'v3' });
  expect(await driver.act('db', { type: 'assignStage', stage: 'blue', versionId: 'v2', at: 0 })).toEqual({
    ok: true,
    stage: { name: 'blue', versionId: 'v2' },
  });
  expect(await driver.act('db', { type: 'assignStage', stage: '', versionId: 'v2', at: 0 })).toEqual({
    ok: false,
    reasons: ['INVALID_VALUE', 'VERSION_LIMIT'],
    said: expect.stringContaining('CSMS.0002'),
  });
  expect(await driver.act('db', { type: 'removeStage', stage: 'canary', at: 0 })).toEqual({ ok: true });
  const time = 1_790_000_000_000;
  expect(await driver.show('db')).toEqual({
    status: 'ENABLED',
    scheduledDeleteTime: null,
    versions: [
      { id: 'v1', createTime: time, stages: ['SYSPREVIOUS'] },
      { id: 'v2', createTime: time, stages: ['blue'] },
      { id: 'v3', createTime: time, stages: ['SYSCURRENT'] },
    ],
    stages: [
      { name: 'SYSPREVIOUS', versionId: 'v1', updateTime: time },
      { name: 'blue', versionId: 'v2', updateTime: time },
      { name: 'SYSCURRENT', versionId: 'v3', updateTime: time },
    ],
    latest: 'v3',
  });
  expect(await driver.act('db', { type: 'scheduleDeletion', at: 0, recoveryWindowInDays: 7 })).toEqual({ ok: true });
  expect(await driver.show('db')).toMatchObject({
    status: 'PENDING_DELETE',
    scheduledDeleteTime: time + 7 * 86_400_000,
    latest: undefined,
  });
  expect(await driver.act('db', { type: 'removeStage', stage: 'blue', at: 0 })).toEqual({
    ok: false,
    reasons: ['SECRET_NOT_ENABLED'],
    said: expect.stringContaining('CSMS.0103'),
  });
  expect(await driver.act('db', { type: 'restore', at: 0 })).toEqual({ ok: true });
  await driver.remove('db');
  expect(emulator.world.projects).toEqual({});
  expect(new Set(sent.map(({ url }) => new URL(url).pathname.split('/')[2]))).toEqual(new Set(['my%20project']));
  expect(new Set(sent.map(({ headers }) => headers.get('x-auth-token')))).toEqual(new Set(['any']));
});

test('checkConformance refuses a fetchDriver of another dialect', async () => {
  const { driver, sent, fetch } = csms();
  const code = 'WRONG_DIALECT';
  await expect(checkConformance(driver, { dialect: awsSecretsManager })).rejects.toMatchObject({
    refusal: { code, stateDialect: 'huawei-csms', dialect: 'aws-secrets-manager' },
  });
  const dialect = defineDialect(huaweiCsms, { id: 'our-vault' });
  const ours = fetchDriver('http://csms', { project: 'p', token: 'any', fetch, dialect });
  await expect(checkConformance(ours)).rejects.toMatchObject({ refusal: { code, stateDialect: 'our-vault' } });
  expect(sent).toEqual([]);
  expect(await checkConformance(ours, { dialect, runs: 1 })).toMatchObject({ ok: true });
});

test('fetchDriver does not touch a secret that it did not create', async () => {
  const { driver, fetch, emulator } = csms();
  await fetchDriver('http://csms', { project: 'my project', token: 'any', fetch }).create('theirs', 0);
  const why = 'Secret "theirs" was not created by this driver, so the driver does not touch it.';
  await expect(driver.act('theirs', { type: 'createVersion', at: 0 })).rejects.toThrow(why);
  await expect(driver.show('theirs')).rejects.toThrow(why);
  await expect(driver.remove('theirs')).rejects.toThrow(why);
  expect(await driver.create('theirs', 0)).toMatchObject({ ok: false });
  await expect(driver.remove('theirs')).rejects.toThrow(why);
  expect(Object.keys(emulator.world.projects['my project']?.secrets ?? {})).toEqual(['theirs']);
});

test('act rejects an action that the API has no call for', async () => {
  const { driver } = csms();
  await driver.create('db', 0);
  await expect(driver.act('db', { type: 'pruneDeprecated' })).rejects.toThrow(
    'The API has no call for pruneDeprecated.',
  );
});

test('fetchDriver refuses an invalid project', () => {
  expect(() => fetchDriver('http://csms', { project: '' })).toThrow(
    'project must be 1 to 64 printable characters; got "".',
  );
});

test('fetchDriver sends no token if none is given, so that `fetch` can sign', async () => {
  const seen: (string | null)[] = [];
  const { emulator } = csms();
  const driver = fetchDriver('http://csms', {
    project: 'p',
    fetch: async (request) => {
      seen.push(request.headers.get('x-auth-token'));
      request.headers.set('x-auth-token', 'added');
      return emulator.fetch(request);
    },
  });
  expect(await driver.create('db', 0)).toEqual({ ok: true });
  expect(seen).toEqual([null]);
});

test('fetchDriver uses the global fetch if none is given', async () => {
  await expect(fetchDriver('http://127.0.0.1:9', { project: 'p' }).create('db', 0)).rejects.toThrow(
    /^POST \/v1\/p\/secrets got no response from http:\/\/127\.0\.0\.1:9: fetch failed \(.+\)\.$/,
  );
});

group('fetchDriver rejects a response that does not match the API', () => {
  const answering = (...answers: readonly (() => Response)[]) => {
    const left = [...answers];
    return fetchDriver('http://csms', {
      project: 'p',
      token: 'any',
      fetch: async () => (left.length > 1 ? left.shift() : left[0])?.() ?? Response.error(),
    });
  };
  const json =
    (body: unknown, status = 200) =>
    () =>
      new Response(JSON.stringify(body), { status });

  test.each([
    [
      () => new Response('<html>Bad gateway</html>', { status: 502 }),
      'The response to POST /v1/p/secrets has status 502 but no error_code: "<html>Bad gateway</html>".',
    ],
    [
      () => new Response(null, { status: 404 }),
      'The response to POST /v1/p/secrets has status 404 but no error_code: "".',
    ],
    [
      json({ error_code: 'CSMS.0301', error_msg: 'Invalid X-Auth-Token.' }, 400),
      'http://csms rejected the credentials of POST /v1/p/secrets: CSMS.0301 "Invalid X-Auth-Token.".',
    ],
  ])('%#', async (answer, why) => {
    await expect(answering(answer).create('db', 0)).rejects.toThrow(why);
  });

  test('a fetch that rejects with a string', async () => {
    const driver = fetchDriver('http://csms', { project: 'p', fetch: () => Promise.reject('no reason') });
    await expect(driver.create('db', 0)).rejects.toThrow('got no response from http://csms: no reason.');
  });

  test.each([
    [
      { error_code: 'APIG.0308', error_msg: 'too many' },
      429,
      'has status 429 and APIG.0308 "too many", which is not a documented refusal.',
    ],
    [
      { error_code: 'CSMS.0002', error_msg: 'oh' },
      500,
      'has status 500 and CSMS.0002 "oh", which is not a documented refusal.',
    ],
  ])('an error that is not a documented refusal: %j', async (body, status, why) => {
    await expect(answering(json(body, status)).create('db', 0)).rejects.toThrow(why);
  });

  test('an error hides the token, as text and in JSON', async () => {
    const token = 'a-long-token-with-"signs"-in-it';
    for (const body of [`denied: ${token}`, JSON.stringify({ error_code: 'X.1', error_msg: token })]) {
      const fetch = async () => new Response(body, { status: 400 });
      const why = await fetchDriver('http://csms', { project: 'p', token, fetch })
        .create('db', 0)
        .catch((error: unknown) => `${error}`);
      expect(why).toContain('(the token)');
      expect(why).not.toContain('a-long-token');
    }
  });

  test('a secret that still exists after its removal', async () => {
    const driver = answering(
      json({}),
      () => new Response(null, { status: 204 }),
      json({ secret: { state: 'ENABLED' } }),
    );
    await driver.create('db', 0);
    await expect(driver.remove('db')).rejects.toThrow(
      'DELETE /v1/p/secrets/db succeeded, but the secret still exists.',
    );
  });

  test('a response without the assigned stage', async () => {
    const driver = answering(json({}), json({}));
    await driver.create('db', 0);
    await expect(driver.act('db', { type: 'assignStage', stage: 'a', versionId: 'v1', at: 0 })).rejects.toThrow(
      'body.stage is required',
    );
    await expect(driver.act('db', { type: 'restore', at: 0 })).rejects.toThrow('body.secret is required');
  });

  test('a response with a new version without an id', async () => {
    const driver = answering(json({ secret: {} }), json({ version_metadata: {} }));
    await driver.create('db', 0);
    await expect(driver.act('db', { type: 'createVersion', at: 0 })).rejects.toThrow(
      'The response to POST /v1/p/secrets/db/versions does not match the API: body.version_metadata.id is required.',
    );
  });

  test('a response with a new version without stages is accepted', async () => {
    const driver = answering(json({ secret: {} }), json({ version_metadata: { id: 'v2', version_stages: null } }));
    await driver.create('db', 0);
    expect(await driver.act('db', { type: 'createVersion', at: 0 })).toEqual({ ok: true, versionId: 'v2' });
  });

  test('a body that is not JSON', async () => {
    const driver = answering(json({}), () => new Response('done'));
    await driver.create('db', 0);
    await expect(driver.act('db', { type: 'createVersion', at: 0 })).rejects.toThrow(
      'The response to POST /v1/p/secrets/db/versions is not JSON: "done".',
    );
  });

  test('a read that is refused', async () => {
    const driver = answering(json({}), json({ error_code: 'CSMS.0106', error_msg: 'not found' }, 400));
    await driver.create('db', 0);
    await expect(driver.show('db')).rejects.toThrow(
      'GET /v1/p/secrets/db was refused, but must succeed: CSMS.0106 "not found".',
    );
    await expect(driver.remove('db')).rejects.toThrow(
      'DELETE /v1/p/secrets/db was refused, so the secret still exists: CSMS.0106 "not found".',
    );
  });

  const listing = async (page: (count: number) => unknown) => {
    let pages = 0;
    const driver = fetchDriver('http://csms', {
      project: 'p',
      fetch: async ({ method, url }) => {
        if (method === 'POST') return Response.json({});
        const isList = new URL(url).pathname.endsWith('/versions');
        return Response.json(isList ? page(++pages) : { secret: { state: 'ENABLED' } });
      },
    });
    await driver.create('db', 0);
    const why = await driver.show('db').catch((error: unknown) => `${error}`);
    return { why, pages };
  };
  const version = { id: 'v1', create_time: 0 };

  test('a next_marker that is returned twice', async () => {
    const page = { version_metadatas: [], page_info: { next_marker: 'v1'.repeat(100) } };
    const { why, pages } = await listing(() => page);
    expect(why).toMatch(
      /^Error: GET \/v1\/p\/secrets\/db\/versions returned the next_marker "(v1){39}v…" twice\. Each page must lead to the versions after it\.$/,
    );
    expect(pages).toBe(2);
  });

  test('endless pages', async () => {
    const { why, pages } = await listing((next_marker) => ({
      version_metadatas: [version],
      page_info: { next_marker: `${next_marker}` },
    }));
    expect(why).toBe(
      'Error: GET /v1/p/secrets/db/versions has more than 100 pages, far more than the created versions need.',
    );
    expect(pages).toBe(100);
  });

  test.each([
    ['versions', { version_metadatas: Array.from({ length: 10_001 }, () => version) }],
    ['stages', { version_metadatas: [{ ...version, version_stages: Array.from({ length: 10_000 }, () => 'a') }] }],
  ])('more %s than the limit', async (_, page) => {
    expect((await listing(() => page)).why).toBe(
      'Error: GET /v1/p/secrets/db/versions lists more than 10000 versions and stages, far more than the check created.',
    );
  });

  test('different stages in each list, more than the limit', async () => {
    let listed = 0;
    const names = () => Array.from({ length: listed === 0 ? 2 : 9999 }, () => `s${listed++}`);
    const driver = fetchDriver('http://csms', {
      project: 'p',
      fetch: async ({ method, url }) => {
        if (method === 'POST') return Response.json({});
        if (url.endsWith('/versions'))
          return Response.json({ version_metadatas: [{ ...version, version_stages: names() }] });
        const isStage = url.includes('/stages/');
        const none = { error_code: 'CSMS.0005', error_msg: 'none' };
        return isStage ? Response.json(none, { status: 400 }) : Response.json({ secret: { state: 'FROZEN' } });
      },
    });
    await driver.create('db', 0);
    expect((await driver.show('db')).versions[0]?.stages).toHaveLength(2);
    await expect(driver.show('db')).rejects.toThrow(
      'GET /v1/p/secrets/db has listed more than 10000 different stages, far more than the check created.',
    );
  });

  test('a list of other data, with its first problem only', async () => {
    expect((await listing(() => ({ version_metadatas: Array(100_000).fill(1) }))).why).toBe(
      'Error: The response to GET /v1/p/secrets/db/versions does not match the API: body.version_metadatas[0] must be an object.',
    );
  });
});

group('fetchDriver limits a response', () => {
  const limit = 4 * 1024 * 1024;

  /** A driver that gets a body made chunk by chunk, and what was read of it. */
  const streaming = (chunk: () => unknown, timeout?: number) => {
    const seen = { chunks: 0, isCancelled: false };
    const body = () =>
      new ReadableStream({
        pull: (controller) => {
          const next = chunk();
          if (next === undefined) return new Promise(() => {});
          seen.chunks++;
          controller.enqueue(next);
          return undefined;
        },
        // The driver must not wait for this.
        cancel: () => {
          seen.isCancelled = true;
          return new Promise(() => {});
        },
      });
    const driver = fetchDriver('http://csms', { project: 'p', fetch: async () => new Response(body()), timeout });
    return { driver, seen };
  };

  test('an endless body is cancelled after 4 MiB', async () => {
    const { driver, seen } = streaming(() => new Uint8Array(64 * 1024));
    await expect(driver.create('db', 0)).rejects.toThrow(
      `The response to POST /v1/p/secrets has more than ${limit} bytes, far more than any response of the API.`,
    );
    expect(seen.chunks).toBeLessThan(limit / (64 * 1024) + 5);
    expect(seen.isCancelled).toBe(true);
  });

  test('a body of exactly 4 MiB is read', async () => {
    const json = '{"a":1}';
    const fetch = async () => new Response(json + ' '.repeat(limit - json.length));
    expect(await fetchDriver('http://csms', { project: 'p', fetch }).create('db', 0)).toEqual({ ok: true });
  });

  test('a body that stalls is cancelled at the timeout', async () => {
    let left = 2;
    const { driver, seen } = streaming(() => (left-- > 0 ? new Uint8Array(8) : undefined), 20);
    const error = await driver.create('db', 0).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'TimeoutError' });
    expect(`${error}`).toContain(
      'POST /v1/p/secrets got no complete response from http://csms within the timeout of 20 ms. If it is only slow, pass a longer `timeout`.',
    );
    expect(seen.isCancelled).toBe(true);
  });

  test('a fetch that ignores the signal fails at the timeout', async () => {
    const driver = fetchDriver('http://csms', { project: 'p', fetch: () => new Promise(() => {}), timeout: 20 });
    await expect(driver.create('db', 0)).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('a late response is cancelled unread', async () => {
    let isCancelled = () => {};
    const cancelled = new Promise<void>((resolve) => {
      isCancelled = resolve;
    });
    const late = new Response(new ReadableStream({ cancel: isCancelled }));
    let answer: (response: Response) => void = () => {};
    const fetch = () =>
      new Promise<Response>((resolve) => {
        answer = resolve;
      });
    const driver = fetchDriver('http://csms', { project: 'p', fetch, timeout: 20 });
    await expect(driver.create('db', 0)).rejects.toMatchObject({ name: 'TimeoutError' });
    answer(late);
    await cancelled;
  });

  test('a timeout of your own fetch is a TimeoutError', async () => {
    const fetch = () => Promise.reject(new DOMException('too slow', 'TimeoutError'));
    const error = await fetchDriver('http://csms', { project: 'p', fetch })
      .create('db', 0)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      name: 'TimeoutError',
      message: 'POST /v1/p/secrets got no response from http://csms: too slow.',
    });
  });

  test.each([0, 1.5, Number.NaN, 2 ** 31])('a timeout of %s is refused', (timeout) => {
    expect(() => fetchDriver('http://csms', { project: 'p', timeout })).toThrow(
      `timeout must be a whole number of milliseconds from 1 to 2147483647; got ${timeout}.`,
    );
  });
});

test('show returns as latest the version whose value was read, whatever its metadata says', async () => {
  const { driver, emulator } = csms();
  const liar = fetchDriver('http://csms', {
    project: 'my project',
    token: 'any',
    fetch: async (request) => {
      if (!request.url.endsWith('/latest')) return emulator.fetch(request);
      const [told, read] = await Promise.all(
        ['v3', 'v2'].map(async (id) =>
          JSON.parse(await (await emulator.fetch(new Request(request.url.replace('latest', id), request))).text()),
        ),
      );
      return Response.json({ version: { ...told.version, secret_string: read.version.secret_string } });
    },
  });
  await expect(driver.show('db')).rejects.toThrow('was not created by this driver');
  await liar.create('db', 0);
  await liar.act('db', { type: 'createVersion', at: 0 });
  await liar.act('db', { type: 'createVersion', at: 0 });
  expect((await liar.show('db')).latest).toBe('v2');
});

test('show reads every page of versions, and null stages as none', async () => {
  const version = (id: string, version_stages: readonly string[] | null) => ({ id, create_time: 1e12, version_stages });
  const driver = fetchDriver('http://csms', {
    project: 'p',
    fetch: async ({ url, method }) => {
      const { pathname, search } = new URL(url);
      if (method === 'POST') return Response.json({});
      if (pathname.endsWith('/latest'))
        return Response.json({ error_code: 'CSMS.0005', error_msg: 'none' }, { status: 400 });
      if (pathname.includes('/stages/'))
        return Response.json({ stage: { name: 'canary', version_id: 'v2', update_time: 1e12 } });
      if (!pathname.endsWith('/versions')) return Response.json({ secret: { state: 'ENABLED' } });
      return search === '?marker=v%201'
        ? Response.json({ version_metadatas: [version('v2', ['canary'])], page_info: { next_marker: null } })
        : Response.json({ version_metadatas: [version('v 1', null)], page_info: { next_marker: 'v 1' } });
    },
  });
  await driver.create('db', 0);
  expect(await driver.show('db')).toEqual({
    status: 'ENABLED',
    scheduledDeleteTime: null,
    versions: [
      { id: 'v 1', createTime: 1e12, stages: [] },
      { id: 'v2', createTime: 1e12, stages: ['canary'] },
    ],
    stages: [{ name: 'canary', versionId: 'v2', updateTime: 1e12 }],
    latest: null,
  });
});
