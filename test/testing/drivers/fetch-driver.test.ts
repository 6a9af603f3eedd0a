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

test('it creates, acts, shows and removes by the calls of the API', async () => {
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

test('it touches no secret that it did not make', async () => {
  const { driver, fetch, emulator } = csms();
  await fetchDriver('http://csms', { project: 'my project', token: 'any', fetch }).create('theirs', 0);
  const why = 'Secret "theirs" was not made here, so it is not touched.';
  await expect(driver.act('theirs', { type: 'createVersion', at: 0 })).rejects.toThrow(why);
  await expect(driver.show('theirs')).rejects.toThrow(why);
  await expect(driver.remove('theirs')).rejects.toThrow(why);
  expect(await driver.create('theirs', 0)).toMatchObject({ ok: false });
  await expect(driver.remove('theirs')).rejects.toThrow(why);
  expect(Object.keys(emulator.world.projects['my project']?.secrets ?? {})).toEqual(['theirs']);
});

test('what the API has no call for is said', async () => {
  const { driver } = csms();
  await driver.create('db', 0);
  await expect(driver.act('db', { type: 'pruneDeprecated' })).rejects.toThrow(
    'The API has no call for pruneDeprecated.',
  );
});

test('a project that is none is refused at once', () => {
  expect(() => fetchDriver('http://csms', { project: '' })).toThrow(
    'The project must be a project_id of 1 to 64 characters that can be read, not "".',
  );
});

test('without a token none is sent, for what signs adds its own', async () => {
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

test('the platform’s own fetch is used unless another is given', async () => {
  await expect(fetchDriver('http://127.0.0.1:9', { project: 'p' }).create('db', 0)).rejects.toThrow(
    /^POST \/v1\/p\/secrets got no answer from http:\/\/127\.0\.0\.1:9: fetch failed \(.+\)\.$/,
  );
});

group('an endpoint that is none is said to be so', () => {
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
      'POST /v1/p/secrets was answered with 502, and no error_code: "<html>Bad gateway</html>".',
    ],
    [() => new Response(null, { status: 404 }), 'POST /v1/p/secrets was answered with 404, and no error_code: "".'],
    [
      json({ error_code: 'CSMS.0301', error_msg: 'Invalid X-Auth-Token.' }, 400),
      'POST /v1/p/secrets was not let in: CSMS.0301 "Invalid X-Auth-Token.".',
    ],
  ])('%#', async (answer, why) => {
    await expect(answering(answer).create('db', 0)).rejects.toThrow(why);
  });

  test('also where it fails with something that is no error', async () => {
    const driver = fetchDriver('http://csms', { project: 'p', fetch: () => Promise.reject('no reason') });
    await expect(driver.create('db', 0)).rejects.toThrow('got no answer from http://csms: no reason.');
  });

  test.each([
    [
      { error_code: 'APIG.0308', error_msg: 'too many' },
      429,
      'with 429 and APIG.0308 "too many", which refuses nothing.',
    ],
    [{ error_code: 'CSMS.0002', error_msg: 'oh' }, 500, 'with 500 and CSMS.0002 "oh", which refuses nothing.'],
  ])('an error that is no refusal: %j', async (body, status, why) => {
    await expect(answering(json(body, status)).create('db', 0)).rejects.toThrow(why);
  });

  test('a token is not shown, however it comes back', async () => {
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

  test('a secret that was removed and is still there', async () => {
    const driver = answering(
      json({}),
      () => new Response(null, { status: 204 }),
      json({ secret: { state: 'ENABLED' } }),
    );
    await driver.create('db', 0);
    await expect(driver.remove('db')).rejects.toThrow(
      'DELETE /v1/p/secrets/db was done, and the secret is still there.',
    );
  });

  test('a stage that was put, and is not answered', async () => {
    const driver = answering(json({}), json({}));
    await driver.create('db', 0);
    await expect(driver.act('db', { type: 'assignStage', stage: 'a', versionId: 'v1', at: 0 })).rejects.toThrow(
      'body.stage must be there',
    );
    await expect(driver.act('db', { type: 'restore', at: 0 })).rejects.toThrow('body.secret must be there');
  });

  test('a new version without an id', async () => {
    const driver = answering(json({ secret: {} }), json({ version_metadata: {} }));
    await driver.create('db', 0);
    await expect(driver.act('db', { type: 'createVersion', at: 0 })).rejects.toThrow(
      'POST /v1/p/secrets/db/versions was answered with what is no answer of the API: body.version_metadata.id must be there.',
    );
  });

  test('a new version that tells no stages is none of these', async () => {
    const driver = answering(json({ secret: {} }), json({ version_metadata: { id: 'v2', version_stages: null } }));
    await driver.create('db', 0);
    expect(await driver.act('db', { type: 'createVersion', at: 0 })).toEqual({ ok: true, versionId: 'v2' });
  });

  test('a body that is no JSON', async () => {
    const driver = answering(json({}), () => new Response('done'));
    await driver.create('db', 0);
    await expect(driver.act('db', { type: 'createVersion', at: 0 })).rejects.toThrow(
      'POST /v1/p/secrets/db/versions was answered with what is no JSON: "done".',
    );
  });

  test('a read that is refused', async () => {
    const driver = answering(json({}), json({ error_code: 'CSMS.0106', error_msg: 'not found' }, 400));
    await driver.create('db', 0);
    await expect(driver.show('db')).rejects.toThrow(
      'GET /v1/p/secrets/db was refused, and must not be: CSMS.0106 "not found".',
    );
    await expect(driver.remove('db')).rejects.toThrow(
      'DELETE /v1/p/secrets/db was refused, so the secret is still there: CSMS.0106 "not found".',
    );
  });

  test('pages that lead round in a circle', async () => {
    const page = json({ version_metadatas: [], page_info: { next_marker: 'v1' } });
    const driver = answering(json({}), json({ secret: { state: 'ENABLED' } }), page);
    await driver.create('db', 0);
    await expect(driver.show('db')).rejects.toThrow(
      'GET /v1/p/secrets/db/versions has more than 1000 pages: does next_marker lead round in a circle?',
    );
  });
});

test('the latest is the version whose value is read, whatever is told beside it', async () => {
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
  await expect(driver.show('db')).rejects.toThrow('was not made here');
  await liar.create('db', 0);
  await liar.act('db', { type: 'createVersion', at: 0 });
  await liar.act('db', { type: 'createVersion', at: 0 });
  expect((await liar.show('db')).latest).toBe('v2');
});

test('every page of versions is read, and null stages are none', async () => {
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
