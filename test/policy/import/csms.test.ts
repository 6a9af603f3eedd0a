import fc from 'fast-check';
import { expect, describe as group, test } from 'vitest';
import { createCsmsEmulator, type MemoryEmulator } from '../../../src/emulator/index.ts';
import { defineDialect, huaweiCsms, type SecretState, stagesOf, versionsByAge } from '../../../src/index.ts';
import { type ImportedSecret, importCsms } from '../../../src/policy/import/index.ts';
import { explainProblem } from '../../../src/sentences.ts';
import { expectFrozen } from '../../expect-frozen.ts';
import { property } from '../../property.ts';
import { expectLinear } from '../../work.ts';
import recorded from '../recordings/versions.json' with { type: 'json' };

const born = 1_581_507_580_000;
const value = { secret_string: 'hunter2' };

const get = async (emulator: MemoryEmulator, path: string): Promise<Record<string, unknown>> => {
  const headers = { 'x-auth-token': 'any' };
  const response = await emulator.fetch(`http://csms/v1/p/secrets${path}`, { headers });
  expect(response.status).toBe(200);
  return Object(await response.json());
};

const send = async (emulator: MemoryEmulator, method: string, path: string, body: object): Promise<void> => {
  const headers = { 'x-auth-token': 'any' };
  await emulator.fetch(`http://csms/v1/p/secrets${path}`, { method, headers, body: JSON.stringify(body) });
};

/** Every page of ListSecretVersions. */
const pagesOf = async (emulator: MemoryEmulator, name: string, limit: number): Promise<readonly unknown[]> => {
  const pages: unknown[] = [];
  let marker: unknown = '';
  while (typeof marker === 'string') {
    const page = await get(emulator, `/${name}/versions?limit=${limit}${marker && `&marker=${marker}`}`);
    pages.push(page);
    marker = Object(page['page_info']).next_marker;
  }
  return pages;
};

const names = ['db', '__proto__', 'constructor'];
const stage = fc.constantFrom('SYSCURRENT', 'SYSPREVIOUS', 'canary', '__proto__', 'constructor', 'toString');
const version = fc.integer({ min: 1, max: 8 }).map((number) => `v${number}`);

const request = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .record({
        stages: fc.option(fc.array(stage, { maxLength: 3 })),
        expire: fc.option(fc.integer({ min: born, max: born + 50 })),
      })
      .map(({ stages, expire }) => ['POST', '/versions', { version_stages: stages, expire_time: expire, ...value }]),
  },
  {
    weight: 5,
    arbitrary: fc
      .record({ stage, version })
      .map(({ stage, version }) => ['PUT', `/stages/${stage}`, { version_id: version }]),
  },
  { weight: 1, arbitrary: stage.map((stage) => ['DELETE', `/stages/${stage}`, {}]) },
  { weight: 1, arbitrary: fc.constant(['POST', '/scheduled-deleted-tasks/create', {}]) },
  { weight: 1, arbitrary: fc.constant(['POST', '/scheduled-deleted-tasks/cancel', {}]) },
) as fc.Arbitrary<[method: string, path: string, body: object]>;

const life = fc.array(fc.record({ name: fc.constantFrom(...names), request, step: fc.integer({ min: -2, max: 20 }) }), {
  maxLength: 60,
  size: 'max',
});

const live = async (life: readonly { name: string; request: [string, string, object]; step: number }[]) => {
  let now = born;
  const emulator = createCsmsEmulator({ clock: () => now });
  for (const name of names) await send(emulator, 'POST', '', { name, ...value });
  for (const { name, request, step } of life) {
    now += step;
    const [method, path, body] = request;
    await send(emulator, method, `/${name}${path}`, body);
  }
  return emulator;
};

const secretsOf = (emulator: MemoryEmulator) => Object.values(emulator.world.projects['p']?.secrets ?? {});

const imported = (responses: readonly unknown[]): readonly ImportedSecret[] => {
  const outcome = importCsms(responses);
  return outcome.ok ? outcome.secrets : expect.fail(outcome.problems.map(explainProblem).join('\n'));
};

/** A state with the numbers that the ids of its existing versions show. */
const asShown = (state: SecretState): SecretState => {
  const lastNumber = Math.max(...Object.keys(state.versions).map((id) => Number(id.slice(1))));
  return { ...state, versionsMade: lastNumber, lastNumber };
};

property([life, fc.integer({ min: 1, max: 50 }), fc.infiniteStream(fc.nat())])(
  'importCsms restores the state of the emulator from its responses, in any pages and any order',
  async (life, limit, chance) => {
    const emulator = await live(life);
    const responses: unknown[] = [];
    for (const { state } of secretsOf(emulator)) {
      const { name } = state;
      responses.push(...(await pagesOf(emulator, name, limit)), await get(emulator, `/${name}`));
      for (const stage of state.stages) responses.push(await get(emulator, `/${name}/stages/${stage.name}`));
    }
    const shuffled = responses
      .map((response) => ({ response, place: Number(chance.next().value) }))
      .sort((one, other) => one.place - other.place)
      .map(({ response }) => response);

    const secrets = imported(shuffled);
    expectFrozen(secrets);
    expect(secrets).toHaveLength(names.length);
    for (const { state, expireTimes } of secretsOf(emulator)) {
      const secret = secrets.find((secret) => secret.state.name === state.name);
      expect(secret).toMatchObject({ project: null, dialect: huaweiCsms, expireTimes, state: asShown(state) });
      expect(JSON.stringify(secret?.state)).toBe(JSON.stringify(asShown(state)));
      const ids = versionsByAge(state).map(({ id }) => id);
      const ends = ids.filter((_, index) => (index + 1) % limit === 0 && index + 1 < ids.length);
      const gaps = ends.filter((id) => ids[ids.indexOf(id) + 1] !== `v${Number(id.slice(1)) + 1}`);
      expect(secret?.unknown).toEqual([{ what: 'issued' }, ...gaps.map((after) => ({ what: 'versions', after }))]);
    }
  },
);

property([life, fc.func(fc.boolean())])(
  'importCsms lists what was not recorded as unknown, and assumes something instead',
  async (life, isAsked) => {
    const emulator = await live(life);
    for (const { state } of secretsOf(emulator)) {
      const { name } = state;
      const shown = state.stages.filter((stage) => isAsked(name, stage.name));
      const responses = [...(await pagesOf(emulator, name, 50))];
      for (const stage of shown) responses.push(await get(emulator, `/${name}/stages/${stage.name}`));
      const silent = state.stages.filter((stage) => !shown.includes(stage));
      expect(imported(responses)).toMatchObject([
        {
          state: {
            ...asShown(state),
            status: 'ENABLED',
            scheduledDeleteTime: null,
            stages: state.stages.map((stage) =>
              shown.includes(stage) ? stage : { ...stage, updateTime: state.versions[stage.versionId]?.createTime },
            ),
          },
          unknown: [
            ...silent.map((stage) => ({ what: 'stageTime', stage: stage.name })),
            { what: 'issued' },
            { what: 'status' },
          ],
        },
      ]);
    }
  },
);

property([life, fc.integer({ min: 1, max: 5 })])(
  'importCsms refuses a missing last page, and lists one in the middle as unknown',
  async (life, limit) => {
    const emulator = await live(life.map(({ step, ...each }) => ({ ...each, step: Math.abs(step) })));
    const pages = await pagesOf(emulator, 'db', limit);
    fc.pre(pages.length > 2);
    const last = pages.length - 2;
    const marker = Object(pages[last]).page_info.next_marker;
    expect(importCsms(pages.slice(0, -1).reverse())).toEqual({
      ok: false,
      problems: [
        {
          path: 'responses[0].page_info.next_marker',
          expected: `followed by another page: call ListSecretVersions with the marker "${marker}", and add the response`,
        },
      ],
    });
    const after = Object(pages[0]).page_info.next_marker;
    const [secret] = imported(pages.filter((_, index) => index !== 1));
    expect(secret?.unknown).toContainEqual({ what: 'versions', after });
  },
);

const v1 = { id: 'v1', create_time: born, expire_time: null, secret_name: 'db', version_stages: ['SYSPREVIOUS'] };
const v2 = { ...v1, id: 'v2', create_time: born + 1000, version_stages: ['SYSCURRENT', 'canary'] };
const page = { version_metadatas: [v1, v2], page_info: { next_marker: null, previous_marker: 'v1', current_count: 2 } };
const secret = { id: 'a', name: 'db', state: 'ENABLED', scheduled_delete_time: null };
const canary = { name: 'canary', version_id: 'v2', secret_name: 'db', update_time: born + 5000 };
const versionsOf = (...versions: readonly object[]) => ({ version_metadatas: versions });
const pageOf = (next: string | null, ...ids: readonly string[]) => ({
  version_metadatas: ids.map((id) => ({ ...v1, id, version_stages: [], create_time: born + Number(id.slice(1)) })),
  page_info: { next_marker: next },
});

/** The problems with responses, as sentences. */
const complaints = (...responses: readonly unknown[]): readonly string[] => {
  const outcome = importCsms(responses);
  return outcome.ok ? [] : outcome.problems.map(explainProblem);
};
const again = '(the responses were recorded at different times; record them again)';

test('importCsms reads a recorded page', () => {
  expect(imported([recorded, { secret: { ...secret, name: 'db-password' } }])).toMatchObject([
    { state: { name: 'db-password', versions: { v1: {}, v2: {}, v3: {} } } },
  ]);
});

test('importCsms quotes and cuts the marker of a missing page', () => {
  const next_marker = `v1\u001b[2J\u202e${'x'.repeat(100)}`;
  const outcome = importCsms([{ ...versionsOf(v1), page_info: { next_marker } }]);
  expect(outcome.ok || outcome.problems.map(({ expected }) => expected)).toEqual([
    'null or the id of the last version on the page',
    'followed by another page: call ListSecretVersions with the marker ' +
      `"v1\\u001b[2J\\u{202e}${'x'.repeat(72)}…", and add the response`,
  ]);
});

test('importCsms imports no secret from no responses', () => {
  expect(importCsms([])).toEqual({ ok: true, secrets: [], remarks: [] });
  expect(importCsms([{ secrets: [] }])).toEqual({ ok: true, secrets: [], remarks: [] });
});

test('importCsms ignores repeated responses and overlapping pages', () => {
  const once = imported([page, { secret }, { stage: canary }]);
  expect(imported([page, page, { secret }, { secrets: [secret] }, { stage: canary }, { stage: canary }])).toEqual(once);
  const part = { version_metadatas: [v1], page_info: { next_marker: 'v1' } };
  expect(imported([part, { secret }, page, { stage: canary }])).toEqual(once);
  const [bridged] = imported([pageOf('v3', 'v1', 'v3'), pageOf(null, 'v1', 'v3', 'v9')]);
  expect(bridged?.unknown).toEqual([{ what: 'issued' }, { what: 'status' }]);
});

test('importCsms reads stages in any order, repeated, or null', () => {
  const odd = versionsOf(v1, { ...v2, version_stages: ['canary', 'SYSCURRENT', 'canary'] });
  expect(imported([odd, page])).toEqual(imported([page]));
  const [bare] = imported([versionsOf(v1, { ...v2, version_stages: null })]);
  expect(bare && stagesOf(bare.state, 'v2')).toEqual([]);
});

test('importCsms reads the time of a scheduled deletion, and other statuses without a time', () => {
  const pending = { ...secret, state: 'PENDING_DELETE', scheduled_delete_time: born + 9000 };
  expect(imported([page, { secret: pending }])[0]?.state).toMatchObject({
    status: 'PENDING_DELETE',
    scheduledDeleteTime: born + 9000,
  });
  const { scheduled_delete_time: _, ...frozen } = { ...secret, state: 'FROZEN' };
  expect(imported([page, { secret: frozen }])[0]?.state).toMatchObject({ status: 'FROZEN', scheduledDeleteTime: null });
});

test('importCsms reads expiry times, and reports missing ones as unknown', () => {
  const [secret] = imported([versionsOf({ ...v1, expire_time: 0 }, { ...v2, expire_time: born + 7 })]);
  expect(secret?.expireTimes).toEqual({ v1: 0, v2: born + 7 });
  expect(secret?.unknown).not.toContainEqual({ what: 'expireTimes' });
  const { expire_time: _, ...silent } = v2;
  expect(imported([versionsOf(v1, silent)])[0]).toMatchObject({
    expireTimes: {},
    unknown: expect.arrayContaining([{ what: 'expireTimes' }]),
  });
});

test('importCsms explains an expiry of 0', () => {
  const outcome = importCsms([versionsOf(v1, { ...v2, expire_time: 0 })]);
  expect(outcome.ok && outcome.remarks).toEqual([
    {
      kind: 'date',
      path: 'responses[0].version_metadatas[1].expire_time',
      sentence:
        'responses[0].version_metadatas[1].expire_time is 0, so version "v2" expired on 1 January 1970. If it never expires, ' +
        'replace the 0 by null.',
    },
  ]);
});

test('importCsms remarks on recorded values and on secrets whose versions are not listed', () => {
  const value = { version: { version_metadata: v1, secret_string: 'hunter2' } };
  const outcome = importCsms([
    { secrets: [secret, { ...secret, name: 'b' }] },
    page,
    { stage: { ...canary, secret_name: 'c' } },
    { stage: { ...canary, secret_name: 'c' } },
    value,
    { version: { version_metadata: { ...v1, secret_name: 'd' }, secret_string: null } },
  ]);
  const unlisted = (name: string, path: string) => ({
    kind: 'not-checked',
    path,
    sentence: `Secret "${name}" was not checked. Add every page of ListSecretVersions for "${name}".`,
  });
  expect(outcome.ok && outcome.remarks).toEqual([
    unlisted('b', 'responses[0].secrets[1]'),
    unlisted('c', 'responses[2].stage'),
    unlisted('d', 'responses[5]'),
    expect.objectContaining({ kind: 'value', path: 'responses[4]' }),
  ]);
  expect(outcome.ok && outcome.secrets.map(({ state }) => state.name)).toEqual(['db']);
  expect(JSON.stringify(outcome)).not.toContain('hunter');
});

group('importCsms with ids that are not part of the series', () => {
  const at = (id: string, after: number) => ({ ...v1, id, create_time: born + after, version_stages: [] });

  test('orders them by time, and counts them as chosen', () => {
    const [secret] = imported([versionsOf(at('late', 9), at('v2', 5), at('early', 3), at('v4', 7), at('v01', 1))]);
    expect(secret?.state).toMatchObject({ versionsMade: 7, lastNumber: 4 });
    const ordinals = Object.values(secret?.state.versions ?? {}).map(({ id, ordinal }) => [id, ordinal]);
    expect(ordinals).toEqual([
      ['v01', 1],
      ['early', 2],
      ['v2', 4],
      ['v4', 6],
      ['late', 7],
    ]);
    expect(secret?.unknown).toEqual([{ what: 'issued' }, { what: 'status' }]);
  });

  test('reports the order within one millisecond as unknown', () => {
    const [secret] = imported([
      versionsOf(at('a', 5), at('v1', 5), at('b', 5), at('v2', 6), at('v3', 6), at('c', 7), at('v4', 7)),
    ]);
    expect(secret && versionsByAge(secret.state).map(({ id }) => id)).toEqual(['a', 'v1', 'b', 'v2', 'v3', 'c', 'v4']);
    expect(secret?.unknown).toEqual([
      { what: 'issued' },
      ...['a', 'v1', 'b', 'c', 'v4'].map((versionId) => ({ what: 'order', versionId })),
      { what: 'status' },
    ]);
  });

  test('accepts hostile ids, and refuses numbers past the series', () => {
    const ids = ['__proto__', 'constructor', 'v0', 'v', 'v1e3'];
    const [secret] = imported([versionsOf(...ids.map((id, index) => ({ ...at(id, index), expire_time: born })))]);
    expect(Object.keys(secret?.state.versions ?? {})).toEqual(ids);
    expect(Object.keys(secret?.expireTimes ?? {})).toEqual(ids);
    expect(secret?.state).toMatchObject({ versionsMade: 5, lastNumber: 0 });
    expect(imported([versionsOf(at('v1000000000000000', 0))])[0]?.state).toMatchObject({
      versionsMade: 1e15,
      lastNumber: 1e15,
    });
    expect(complaints(versionsOf(at('v1000000000000000', 0), at('x', 1)))).toEqual([
      'responses[0].version_metadatas must be a whole number from 0 to 1e15; got 1000000000000001',
    ]);
    expect(complaints(versionsOf(at('v9007199254740993', 0)))).toEqual([
      'responses[0].version_metadatas[0].id must be at most v1000000000000000, where the series of ids ends',
    ]);
  });

  test('applies the id prefix and the limit of the dialect', () => {
    const limit = { most: 1, whenFull: 'drop-oldest-deprecated' } as const;
    const dialect = defineDialect(huaweiCsms, { versions: { idPrefix: 'r-', limit } });
    expect(importCsms([versionsOf(at('r-7', 0))], { dialect })).toMatchObject({
      secrets: [{ dialect, state: { versionsMade: 7, lastNumber: 7 } }],
    });
    expect(importCsms([versionsOf(at('v1', 0), at('v2', 1))], { dialect })).toMatchObject({
      problems: [{ path: 'responses[0].version_metadatas', law: 'version-limit' }],
    });
  });
});

const kinds = ['', 'a number', 'null', 'a list', 'an object', 'an object'];

test.each<[string, readonly unknown[], readonly string[]]>([
  [
    'data that is not a response',
    [page, 5, null, [], {}, { hello: 'hunter2' }],
    [1, 2, 3, 4, 5].map(
      (index) =>
        `responses[${index}] must be a response of ListSecretVersions, ShowSecret, ListSecrets or ShowSecretStage; got ${kinds[index]}`,
    ),
  ],
  [
    'a response about one version',
    [{ version_metadata: v1 }],
    ['responses[0] must be a response of ListSecretVersions, not a response about one version'],
  ],
  [
    'an error',
    [{ error_code: 'CSMS.XXXX', error_msg: 'hunter2' }],
    ['responses[0] must be a successful response, not an error'],
  ],
  ['a field that is not a list', [{ version_metadatas: 'hunter2' }], ['responses[0].version_metadatas must be a list']],
  [
    'fields of the wrong type',
    [{ ...versionsOf(v1, { ...v2, id: 5, version_stages: ['hunter 2'] }), page_info: { current_count: '2' } }],
    [
      'responses[0].version_metadatas[1].id must be a string',
      'responses[0].version_metadatas[1].version_stages[0] must be text that matches /^[\\w-]{1,64}$/',
      'responses[0].page_info.current_count must be a number',
    ],
  ],
  [
    'missing fields',
    [
      { version_metadatas: [{ id: 'v1' }] },
      { stage: { name: 'canary', version_id: 'v1' } },
      { secret: { name: 'db', state: 'ENABLED' } },
      { secret: { ...secret, state: 'hunter2' } },
    ],
    [
      'responses[0].version_metadatas[0].create_time is required',
      'responses[0].version_metadatas[0].secret_name is required',
      'responses[0].version_metadatas[0].version_stages is required',
      'responses[1].stage.secret_name is required',
      'responses[1].stage.update_time is required',
      'responses[2].secret.id is required',
      'responses[3].secret.state must be one of ENABLED, DISABLED, FROZEN, PENDING_DELETE',
    ],
  ],
  [
    'times in seconds',
    [
      page,
      { stage: { ...canary, update_time: 1_581_507_580 } },
      { secret: { ...secret, scheduled_delete_time: 99_999_999_999 } },
    ],
    [
      'responses[1].stage.update_time must be epoch milliseconds as a number; this looks like seconds',
      'responses[2].secret.scheduled_delete_time must be epoch milliseconds as a number; this looks like seconds',
    ],
  ],
  [
    'invalid times',
    [versionsOf({ ...v1, create_time: -5 }, { ...v2, create_time: 100_000_000_000, expire_time: 1.5 })],
    [
      'responses[0].version_metadatas[0].create_time must be epoch milliseconds as a number',
      'responses[0].version_metadatas[1].expire_time must be epoch milliseconds as a number',
    ],
  ],
  [
    'an empty page',
    [versionsOf()],
    ['responses[0].version_metadatas must be a list of at least one version; omit an empty response'],
  ],
  [
    'a page of two secrets',
    [versionsOf(v1, { ...v2, secret_name: 'other' })],
    ['responses[0].version_metadatas must be the versions of one secret, like every page of ListSecretVersions'],
  ],
  [
    'an incomplete page',
    [{ ...page, page_info: { current_count: 3, next_marker: 'v1' } }, pageOf(null, 'v3')],
    [
      'responses[0].page_info.current_count must be 2, the number of versions on the page',
      'responses[0].page_info.next_marker must be null or the id of the last version on the page',
    ],
  ],
  [
    'two last pages',
    [pageOf(null, 'v1'), pageOf(null, 'v2')],
    [
      `responses[1].page_info.next_marker must be the id of the last version on the page, because another response lists more ${again}`,
    ],
  ],
  [
    'a last page that another page continues',
    [pageOf(null, 'v1'), pageOf('v2', 'v1', 'v2')],
    [
      `responses[0].page_info.next_marker must be the id of the last version on the page, because another response lists more ${again}`,
    ],
  ],
  [
    'a page that is both last and not last',
    [pageOf('v2', 'v2'), pageOf(null, 'v2')],
    [
      `responses[1].page_info.next_marker must be the id of the last version on the page, because another response lists more ${again}`,
    ],
  ],
  [
    'contradictions about a version',
    [
      page,
      {
        version_metadatas: [
          { ...v1, version_stages: [] },
          { ...v2, expire_time: born },
        ],
      },
    ],
    [
      `responses[1].version_metadatas[0] must be the same as in responses[0].version_metadatas[0] ${again}`,
      `responses[1].version_metadatas[1] must be the same as in responses[0].version_metadatas[1] ${again}`,
    ],
  ],
  [
    'contradictions about a secret',
    [{ secret }, page, { secrets: [{ ...secret, state: 'DISABLED' }] }],
    [`responses[2].secrets[0] must be the same as in responses[0].secret ${again}`],
  ],
  [
    'contradictions about a stage',
    [page, { stage: canary }, { stage: { ...canary, update_time: born } }],
    [`responses[2].stage must be the same as in responses[1].stage ${again}`],
  ],
  [
    'a stage on another version than the listed one',
    [{ stage: { ...canary, version_id: 'v1' } }, { stage: { ...canary, name: 'blue' } }, page],
    [
      `responses[0].stage.version_id must be "v2", as in responses[2].version_metadatas[1] ${again}; got the string "v1"`,
      `responses[1].stage.version_id must be a version that lists the stage ${again}; got the string "v2"`,
    ],
  ],
  [
    'two secrets with one name',
    [{ secret }, { secret: { ...secret, id: 'b', state: 'DISABLED' } }, page],
    [
      'responses[1].secret.id must be the same as in responses[0].secret; two secrets with one name are in two projects, so import each project separately',
    ],
  ],
  [
    'a stage on two versions',
    [
      versionsOf({ ...v1, version_stages: ['canary', 'blue'] }, v2),
      versionsOf({ ...v2, id: 'v3', version_stages: ['blue'] }),
    ].map((page, index) => (index === 0 ? { ...page, page_info: { next_marker: 'v2' } } : page)),
    [
      'responses[0].version_metadatas[1].version_stages must be part of a secret that obeys the law one-version-a-stage: A stage marks at most one version, but ' +
        '"canary" is also in responses[0].version_metadatas[0] (if these are two pages, the responses were recorded at different times; record them again)',
      'responses[1].version_metadatas[0].version_stages must be part of a secret that obeys the law one-version-a-stage: A stage marks at most one version, but ' +
        '"blue" is also in responses[0].version_metadatas[0] (if these are two pages, the responses were recorded at different times; record them again)',
    ],
  ],
  [
    'too many stages',
    [{ secret }, versionsOf({ ...v1, version_stages: Array.from({ length: 13 }, (_, index) => `stage-${index}`) })],
    [
      'responses[1].version_metadatas must be part of a secret that obeys the law stage-limit: A secret never has more stages than its dialect allows',
    ],
  ],
  [
    'a deletion without a time',
    [page, { secret: { ...secret, state: 'PENDING_DELETE' } }],
    [
      'responses[1].secret.scheduled_delete_time must be part of a secret that obeys the law deletion-has-a-time: A secret has a time of deletion exactly when it is PENDING_DELETE',
    ],
  ],
])('importCsms refuses %s, and names each place', (_, responses, expected) => {
  expect(complaints(...responses)).toEqual(expected);
  expect(JSON.stringify(importCsms(responses))).not.toContain('hunter');
});

test('importCsms reports nothing else about a secret with an unreadable response', () => {
  const bad = (response: unknown) => complaints(pageOf('v1', 'v1'), { secret }, response).length;
  expect(bad({ version_metadatas: [{ ...v1, create_time: 'x' }] })).toBe(1);
  expect(bad({ version_metadatas: [5] })).toBe(2);
  expect(bad({ version_metadatas: [] })).toBe(2);
  expect(bad({ secret: { ...secret, state: 'x' } })).toBe(1);
  expect(bad({ secrets: [{ ...secret, state: 'x' }] })).toBe(1);
  expect(bad({ stage: { ...canary, update_time: 'x' } })).toBe(1);
  expect(bad({ stage: { ...canary, secret_name: 'other', name: 'db', update_time: 'x' } })).toBe(2);
});

test('importCsms reports the problems of every secret', () => {
  const other = versionsOf(
    { ...v1, secret_name: 'other', version_stages: ['blue'] },
    { ...v2, secret_name: 'other', version_stages: ['blue'] },
  );
  expect(
    complaints(pageOf('v1', 'v1'), other, { version_metadatas: [{ ...v1, secret_name: 'third', id: 5 }] }),
  ).toEqual([
    'responses[2].version_metadatas[0].id must be a string',
    expect.stringMatching(/^responses\[0\]\.page_info\.next_marker must be followed by another page/),
    expect.stringMatching(
      /^responses\[1\]\.version_metadatas\[1\]\.version_stages must be part of a secret that obeys the law/,
    ),
  ]);
});

test('importCsms ignores the deletion time unless a deletion is pending', () => {
  const page = versionsOf(v1);
  const shown = (state: string) =>
    imported([page, { secret: { id: 'a', name: 'db', state, scheduled_delete_time: born } }]);
  expect(shown('ENABLED')[0]?.state.scheduledDeleteTime).toBeNull();
  expect(shown('PENDING_DELETE')[0]?.state.scheduledDeleteTime).toBe(born);
});

group('importCsms with large data', () => {
  const roomy = defineDialect(huaweiCsms, {
    stages: { limit: 1e6 },
    versions: { limit: null, lists: { least: 0, most: 1e6 } },
  });
  const page = (size: number) => ({
    version_metadatas: Array.from({ length: size }, (_, index) => ({
      ...v1,
      id: `v${index + 1}`,
      create_time: born + index,
      version_stages: [`s${index}`],
    })),
  });
  const shown = (size: number, versionOf: (index: number) => string) =>
    Array.from({ length: size }, (_, index) => ({
      stage: { name: `s${index}`, version_id: versionOf(index), secret_name: 'db', update_time: born },
    }));

  test('reads many ShowSecretStage of one secret in linear time', () => {
    expectLinear((size) => {
      const responses = [page(size), ...shown(size, (index) => `v${index + 1}`)];
      return () => expect(importCsms(responses, { dialect: roomy }).ok).toBe(true);
    }, 100);
  });

  test('reads many that contradict the versions in linear time, and lists the first problems', () => {
    const responses = (size: number) => [page(size), ...shown(size, () => 'v1')];
    expectLinear((size) => () => importCsms(responses(size), { dialect: roomy }), 100);
    const outcome = importCsms(responses(30), { dialect: roomy });
    const problems = outcome.ok ? [] : outcome.problems.map(explainProblem);
    expect(problems).toHaveLength(21);
    expect(problems[0]).toContain('"v2", as in responses[0].version_metadatas[1]');
    expect(problems[20]).toBe('responses must be free of 9 more problems');
  });

  test('reads many repetitions of one version with many stages in linear time', () => {
    expectLinear((size) => {
      const stages = Array.from({ length: size }, (_, index) => `s${index}`);
      const versions = Array.from({ length: size }, () => ({ ...v1, version_stages: [] }));
      return () => importCsms([{ version_metadatas: [{ ...v1, version_stages: stages }, ...versions] }]);
    }, 100);
  });

  test('refuses many entries that are not responses in linear time', () => {
    expectLinear((size) => () => importCsms(new Array(size).fill({})), 1000);
  });

  test('refuses more than two million values', () => {
    expect(complaints(new Array(2_000_000).fill(0))).toEqual([
      'responses must be at most 2,000,000 JSON values; split it into parts',
    ]);
  });
});

test('importCsms refuses anything but a list', () => {
  const problems = [{ path: 'responses', expected: 'a list', found: 'a string of 2 characters' }];
  expect(Reflect.apply(importCsms, null, ['{}'])).toEqual({ ok: false, problems });
});
