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

const imported = (answers: readonly unknown[]): readonly ImportedSecret[] => {
  const outcome = importCsms(answers);
  return outcome.ok ? outcome.secrets : expect.fail(outcome.problems.map(explainProblem).join('\n'));
};

/** A state as far as the ids of the versions that are there tell how many there were. */
const asTold = (state: SecretState): SecretState => {
  const lastNumber = Math.max(...Object.keys(state.versions).map((id) => Number(id.slice(1))));
  return { ...state, versionsMade: lastNumber, lastNumber };
};

property([life, fc.integer({ min: 1, max: 50 }), fc.infiniteStream(fc.nat())])(
  'what the emulator answers is imported as the state that it has, in whatever pages and order',
  async (life, limit, chance) => {
    const emulator = await live(life);
    const answers: unknown[] = [];
    for (const { state } of secretsOf(emulator)) {
      const { name } = state;
      answers.push(...(await pagesOf(emulator, name, limit)), await get(emulator, `/${name}`));
      for (const stage of state.stages) answers.push(await get(emulator, `/${name}/stages/${stage.name}`));
    }
    const shuffled = answers
      .map((answer) => ({ answer, place: Number(chance.next().value) }))
      .sort((one, other) => one.place - other.place)
      .map(({ answer }) => answer);

    const secrets = imported(shuffled);
    expectFrozen(secrets);
    expect(secrets).toHaveLength(names.length);
    for (const { state, expireTimes } of secretsOf(emulator)) {
      const secret = secrets.find((secret) => secret.state.name === state.name);
      expect(secret).toMatchObject({ project: null, dialect: huaweiCsms, expireTimes, state: asTold(state) });
      expect(JSON.stringify(secret?.state)).toBe(JSON.stringify(asTold(state)));
      const ids = versionsByAge(state).map(({ id }) => id);
      const ends = ids.filter((_, index) => (index + 1) % limit === 0 && index + 1 < ids.length);
      const gaps = ends.filter((id) => ids[ids.indexOf(id) + 1] !== `v${Number(id.slice(1)) + 1}`);
      expect(secret?.unknown).toEqual([{ what: 'issued' }, ...gaps.map((after) => ({ what: 'versions', after }))]);
    }
  },
);

property([life, fc.func(fc.boolean())])(
  'what was not asked is listed as unknown, and something stands in its place',
  async (life, isAsked) => {
    const emulator = await live(life);
    for (const { state } of secretsOf(emulator)) {
      const { name } = state;
      const told = state.stages.filter((stage) => isAsked(name, stage.name));
      const answers = [...(await pagesOf(emulator, name, 50))];
      for (const stage of told) answers.push(await get(emulator, `/${name}/stages/${stage.name}`));
      const silent = state.stages.filter((stage) => !told.includes(stage));
      expect(imported(answers)).toMatchObject([
        {
          state: {
            ...asTold(state),
            status: 'ENABLED',
            scheduledDeleteTime: null,
            stages: state.stages.map((stage) =>
              told.includes(stage) ? stage : { ...stage, updateTime: state.versions[stage.versionId]?.createTime },
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
  'a page that was left out is missed at the end, and listed as unknown in the middle',
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
          path: 'answers[0].page_info.next_marker',
          expected: `followed by another page: call ListSecretVersions again with the marker "${marker}", and give that answer too`,
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

/** What is wrong with answers, in words. */
const complaints = (...answers: readonly unknown[]): readonly string[] => {
  const outcome = importCsms(answers);
  return outcome.ok ? [] : outcome.problems.map(explainProblem);
};
const again = '(the answers were taken at different times: record them again)';

test('a recorded page is imported', () => {
  expect(imported([recorded, { secret: { ...secret, name: 'db-password' } }])).toMatchObject([
    { state: { name: 'db-password', versions: { v1: {}, v2: {}, v3: {} } } },
  ]);
});

test('a marker that could steer a terminal, or is long, is quoted in the problem that asks for the next page', () => {
  const next_marker = `v1\u001b[2J\u202e${'x'.repeat(100)}`;
  const outcome = importCsms([{ ...versionsOf(v1), page_info: { next_marker } }]);
  expect(outcome.ok || outcome.problems.map(({ expected }) => expected)).toEqual([
    'null or the id of the last version of the page',
    'followed by another page: call ListSecretVersions again with the marker ' +
      `"v1\\u001b[2J\\u{202e}${'x'.repeat(72)}…", and give that answer too`,
  ]);
});

test('no answers are no secrets', () => {
  expect(importCsms([])).toEqual({ ok: true, secrets: [] });
  expect(importCsms([{ secrets: [] }])).toEqual({ ok: true, secrets: [] });
});

test('an answer given twice, or in pages that overlap, tells no more than once', () => {
  const once = imported([page, { secret }, { stage: canary }]);
  expect(imported([page, page, { secret }, { secrets: [secret] }, { stage: canary }, { stage: canary }])).toEqual(once);
  const part = { version_metadatas: [v1], page_info: { next_marker: 'v1' } };
  expect(imported([part, { secret }, page, { stage: canary }])).toEqual(once);
  const [bridged] = imported([pageOf('v3', 'v1', 'v3'), pageOf(null, 'v1', 'v3', 'v9')]);
  expect(bridged?.unknown).toEqual([{ what: 'issued' }, { what: 'status' }]);
});

test('stages may be listed in any order and more than once, and null is none', () => {
  const odd = versionsOf(v1, { ...v2, version_stages: ['canary', 'SYSCURRENT', 'canary'] });
  expect(imported([odd, page])).toEqual(imported([page]));
  const [bare] = imported([versionsOf(v1, { ...v2, version_stages: null })]);
  expect(bare && stagesOf(bare.state, 'v2')).toEqual([]);
});

test('a scheduled deletion is imported with its time, and other statuses without', () => {
  const pending = { ...secret, state: 'PENDING_DELETE', scheduled_delete_time: born + 9000 };
  expect(imported([page, { secret: pending }])[0]?.state).toMatchObject({
    status: 'PENDING_DELETE',
    scheduledDeleteTime: born + 9000,
  });
  const { scheduled_delete_time: _, ...frozen } = { ...secret, state: 'FROZEN' };
  expect(imported([page, { secret: frozen }])[0]?.state).toMatchObject({ status: 'FROZEN', scheduledDeleteTime: null });
});

test('a version expires, never does, or nobody tells', () => {
  const [secret] = imported([versionsOf({ ...v1, expire_time: 0 }, { ...v2, expire_time: born + 7 })]);
  expect(secret?.expireTimes).toEqual({ v1: 0, v2: born + 7 });
  expect(secret?.unknown).not.toContainEqual({ what: 'expireTimes' });
  const { expire_time: _, ...silent } = v2;
  expect(imported([versionsOf(v1, silent)])[0]).toMatchObject({
    expireTimes: {},
    unknown: expect.arrayContaining([{ what: 'expireTimes' }]),
  });
});

group('ids that are not of the series', () => {
  const at = (id: string, after: number) => ({ ...v1, id, create_time: born + after, version_stages: [] });

  test('stand where their time says, and count as chosen', () => {
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

  test('of the same millisecond as others have an order that nobody told', () => {
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

  test('may be hostile, and a number may be the last of the series', () => {
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
      'answers[0].version_metadatas must be a whole number from 0 to 1e15; got 1000000000000001',
    ]);
    expect(complaints(versionsOf(at('v9007199254740993', 0)))).toEqual([
      'answers[0].version_metadatas[0].id must be at most v1000000000000000, where the series of ids ends',
    ]);
  });

  test('are as many as the dialect has them', () => {
    const limit = { most: 1, whenFull: 'drop-oldest-deprecated' } as const;
    const dialect = defineDialect(huaweiCsms, { versions: { idPrefix: 'r-', limit } });
    expect(importCsms([versionsOf(at('r-7', 0))], { dialect })).toMatchObject({
      secrets: [{ dialect, state: { versionsMade: 7, lastNumber: 7 } }],
    });
    expect(importCsms([versionsOf(at('v1', 0), at('v2', 1))], { dialect })).toMatchObject({
      problems: [{ path: 'answers[0].version_metadatas', law: 'version-limit' }],
    });
  });
});

test.each<[string, readonly unknown[], readonly string[]]>([
  [
    'no answer',
    [page, 5, null, [], {}, { hello: 'hunter2' }],
    [1, 2, 3, 4, 5].map(
      (index) =>
        `answers[${index}] must be an answer of ListSecretVersions, ShowSecret, ListSecrets or ShowSecretStage`,
    ),
  ],
  [
    'an answer about one version alone',
    [{ version_metadata: v1 }],
    ['answers[0] must be an answer of ListSecretVersions, not of a call that tells of one version alone'],
  ],
  [
    'an answer with a value',
    [{ version: { version_metadata: v1, secret_string: 'hunter2' } }],
    [
      'answers[0] must be an answer of ListSecretVersions, not of ShowSecretVersion, which tells of one version alone. That holds ' +
        'the value of the secret: delete it where it was recorded',
    ],
  ],
  [
    'an error',
    [{ error_code: 'CSMS.XXXX', error_msg: 'hunter2' }],
    ['answers[0] must be an answer to a call that was done, not an error'],
  ],
  ['a list that is none', [{ version_metadatas: 'hunter2' }], ['answers[0].version_metadatas must be a list']],
  [
    'fields of another type',
    [{ ...versionsOf(v1, { ...v2, id: 5, version_stages: ['hunter 2'] }), page_info: { current_count: '2' } }],
    [
      'answers[0].version_metadatas[1].id must be a string',
      'answers[0].version_metadatas[1].version_stages[0] must be text that matches /^[\\w-]{1,64}$/',
      'answers[0].page_info.current_count must be a number',
    ],
  ],
  [
    'fields that are not there',
    [
      { version_metadatas: [{ id: 'v1' }] },
      { stage: { name: 'canary' } },
      { secret: {} },
      { secret: { ...secret, state: 'hunter2' } },
    ],
    [
      'answers[0].version_metadatas[0].create_time is required',
      'answers[0].version_metadatas[0].secret_name is required',
      'answers[0].version_metadatas[0].version_stages is required',
      'answers[1].stage.version_id is required',
      'answers[1].stage.secret_name is required',
      'answers[1].stage.update_time is required',
      'answers[2].secret.id is required',
      'answers[2].secret.name is required',
      'answers[2].secret.state is required',
      'answers[3].secret.state must be one of ENABLED, DISABLED, FROZEN, PENDING_DELETE',
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
      'answers[1].stage.update_time must be epoch milliseconds as a number; this looks like seconds',
      'answers[2].secret.scheduled_delete_time must be epoch milliseconds as a number; this looks like seconds',
    ],
  ],
  [
    'times that are none',
    [versionsOf({ ...v1, create_time: -5 }, { ...v2, create_time: 100_000_000_000, expire_time: 1.5 })],
    [
      'answers[0].version_metadatas[0].create_time must be epoch milliseconds as a number',
      'answers[0].version_metadatas[1].expire_time must be epoch milliseconds as a number',
    ],
  ],
  ['a page of nothing', [versionsOf()], ['answers[0].version_metadatas must be omitted where it has no version']],
  [
    'a page of two secrets',
    [versionsOf(v1, { ...v2, secret_name: 'other' })],
    ['answers[0].version_metadatas must be of one secret alone, as every page of ListSecretVersions is'],
  ],
  [
    'secrets without their versions',
    [
      { secrets: [secret, { ...secret, name: 'b' }] },
      page,
      { stage: { ...canary, secret_name: 'c' } },
      { stage: { ...canary, secret_name: 'c' } },
    ],
    [
      'answers[0].secrets[1] must be given together with all pages of the ListSecretVersions of "b"',
      'answers[2].stage must be given together with all pages of the ListSecretVersions of "c"',
    ],
  ],
  [
    'a page that was cut',
    [{ ...page, page_info: { current_count: 3, next_marker: 'v1' } }, pageOf(null, 'v3')],
    [
      'answers[0].page_info.current_count must be 2, the versions of the page',
      'answers[0].page_info.next_marker must be null or the id of the last version of the page',
    ],
  ],
  [
    'two last pages',
    [pageOf(null, 'v1'), pageOf(null, 'v2')],
    [`answers[1].page_info.next_marker must be of the last page, but there are versions after it ${again}`],
  ],
  [
    'a last page that another goes on after',
    [pageOf(null, 'v1'), pageOf('v2', 'v1', 'v2')],
    [`answers[0].page_info.next_marker must be of the last page, but there are versions after it ${again}`],
  ],
  [
    'a last page that is not the last',
    [pageOf('v2', 'v2'), pageOf(null, 'v2')],
    [`answers[1].page_info.next_marker must be of the last page, but there are versions after it ${again}`],
  ],
  [
    'one version told in two ways',
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
      `answers[1].version_metadatas[0] must be as answers[0].version_metadatas[0] has it ${again}`,
      `answers[1].version_metadatas[1] must be as answers[0].version_metadatas[1] has it ${again}`,
    ],
  ],
  [
    'one secret told in two ways',
    [{ secret }, page, { secrets: [{ ...secret, state: 'DISABLED' }] }],
    [`answers[2].secrets[0] must be as answers[0].secret has it ${again}`],
  ],
  [
    'one stage told in two ways',
    [page, { stage: canary }, { stage: { ...canary, update_time: born } }],
    [`answers[2].stage must be as answers[1].stage has it ${again}`],
  ],
  [
    'a stage elsewhere than it is listed',
    [{ stage: { ...canary, version_id: 'v1' } }, { stage: { ...canary, name: 'blue' } }, page],
    [
      `answers[0].stage.version_id must be "v2", as answers[2].version_metadatas[1] has it ${again}; got the string "v1"`,
      `answers[1].stage.version_id must be of a version that lists the stage ${again}; got the string "v2"`,
    ],
  ],
  [
    'two secrets of one name',
    [{ secret }, { secret: { ...secret, id: 'b', state: 'DISABLED' } }, page],
    [
      'answers[1].secret.id must be the one in answers[0].secret, for two secrets of one name are of two projects: import these one by one',
    ],
  ],
  [
    'a stage on two versions',
    [
      versionsOf({ ...v1, version_stages: ['canary', 'blue'] }, v2),
      versionsOf({ ...v2, id: 'v3', version_stages: ['blue'] }),
    ].map((page, index) => (index === 0 ? { ...page, page_info: { next_marker: 'v2' } } : page)),
    [
      'answers[0].version_metadatas[1].version_stages must be of a secret that obeys the law one-version-a-stage: A stage marks at most one version, but ' +
        '"canary" is in answers[0].version_metadatas[0] too (if these are of two pages, the answers were taken at different times: record them again)',
      'answers[1].version_metadatas[0].version_stages must be of a secret that obeys the law one-version-a-stage: A stage marks at most one version, but ' +
        '"blue" is in answers[0].version_metadatas[0] too (if these are of two pages, the answers were taken at different times: record them again)',
    ],
  ],
  [
    'too many stages',
    [{ secret }, versionsOf({ ...v1, version_stages: Array.from({ length: 13 }, (_, index) => `stage-${index}`) })],
    [
      'answers[1].version_metadatas must be of a secret that obeys the law stage-limit: A secret never has more stages than its dialect allows',
    ],
  ],
  [
    'a deletion without a time',
    [page, { secret: { ...secret, state: 'PENDING_DELETE' } }],
    [
      'answers[1].secret.scheduled_delete_time must be of a secret that obeys the law deletion-has-a-time: A secret has a time of deletion exactly when it is PENDING_DELETE',
    ],
  ],
])('%s: every problem has its place and says what belongs there', (_, answers, expected) => {
  expect(complaints(...answers)).toEqual(expected);
  expect(JSON.stringify(importCsms(answers))).not.toContain('hunter');
});

test('of a secret with an answer that cannot be read, no more is missed', () => {
  const bad = (answer: unknown) => complaints({ secret }, { stage: canary }, answer).length;
  expect(bad({ version_metadatas: [{ ...v1, create_time: 'x' }] })).toBe(1);
  expect(bad({ version_metadatas: [5] })).toBe(2);
  expect(bad({ version_metadatas: [] })).toBe(2);
  expect(bad({ secret: { ...secret, state: 'x' } })).toBe(1);
  expect(bad({ secrets: [{ ...secret, state: 'x' }] })).toBe(1);
  expect(bad({ stage: { ...canary, update_time: 'x' } })).toBe(1);
  expect(bad({ stage: { ...canary, secret_name: 'other', name: 'db', update_time: 'x' } })).toBe(2);
});

test('what is wrong with one secret hides nothing of another', () => {
  const other = versionsOf(
    { ...v1, secret_name: 'other', version_stages: ['blue'] },
    { ...v2, secret_name: 'other', version_stages: ['blue'] },
  );
  expect(complaints({ secret }, other, { version_metadatas: [{ ...v1, secret_name: 'third', id: 5 }] })).toEqual([
    'answers[2].version_metadatas[0].id must be a string',
    'answers[0].secret must be given together with all pages of the ListSecretVersions of "db"',
    expect.stringMatching(
      /^answers\[1\]\.version_metadatas\[1\]\.version_stages must be of a secret that obeys the law/,
    ),
  ]);
});

test('a time of deletion counts only while a deletion is pending', () => {
  const page = versionsOf(v1);
  const shown = (state: string) =>
    imported([page, { secret: { id: 'a', name: 'db', state, scheduled_delete_time: born } }]);
  expect(shown('ENABLED')[0]?.state.scheduledDeleteTime).toBeNull();
  expect(shown('PENDING_DELETE')[0]?.state.scheduledDeleteTime).toBe(born);
});

group('large imports', () => {
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

  test('many ShowSecretStage of one secret with many versions take linear work', () => {
    expectLinear((size) => {
      const answers = [page(size), ...shown(size, (index) => `v${index + 1}`)];
      return () => expect(importCsms(answers, { dialect: roomy }).ok).toBe(true);
    }, 100);
  });

  test('so do those that contradict the versions, and the first problems are listed', () => {
    const answers = (size: number) => [page(size), ...shown(size, () => 'v1')];
    expectLinear((size) => () => importCsms(answers(size), { dialect: roomy }), 100);
    const outcome = importCsms(answers(30), { dialect: roomy });
    const problems = outcome.ok ? [] : outcome.problems.map(explainProblem);
    expect(problems).toHaveLength(21);
    expect(problems[0]).toContain('"v2", as answers[0].version_metadatas[1] has it');
    expect(problems[20]).toBe('answers must be free of 9 more problems');
  });

  test('many versions that repeat one with many stages take linear work', () => {
    expectLinear((size) => {
      const stages = Array.from({ length: size }, (_, index) => `s${index}`);
      const versions = Array.from({ length: size }, () => ({ ...v1, version_stages: [] }));
      return () => importCsms([{ version_metadatas: [{ ...v1, version_stages: stages }, ...versions] }]);
    }, 100);
  });

  test('what is no answer takes linear work', () => {
    expectLinear((size) => () => importCsms(new Array(size).fill({})), 1000);
  });

  test('more than two million values are too many', () => {
    expect(complaints(new Array(2_000_000).fill(0))).toEqual([
      'answers must be at most 2,000,000 JSON values; split it into parts',
    ]);
  });
});

test('importCsms refuses what is not a list', () => {
  const problems = [{ path: 'answers', expected: 'a list', found: 'a string of 2 characters' }];
  expect(Reflect.apply(importCsms, null, ['{}'])).toEqual({ ok: false, problems });
});
