import fc from 'fast-check';
import { expect, describe as group, test, vi } from 'vitest';
import { explainRefusal } from '../../src/api/csms/errors.ts';
import { fits } from '../../src/dialects/pattern.ts';
import { createCsmsEmulator, type Emulator, memoryStore } from '../../src/emulator/index.ts';
import {
  defineDialect,
  huaweiCsms,
  type Refusal,
  type SecretAction,
  type SecretState,
  stagesOf,
  tryCreateSecret,
  tryReduce,
  versionsByAge,
} from '../../src/index.ts';
import { serve } from '../../src/server/index.ts';
import { hostileNames, stageName, versionId } from '../arbitraries.ts';
import { property, runs } from '../property.ts';

/** A client of project p, or another: what it asks for comes back as status and JSON. */
type Client = (method: string, path: string, body?: object, project?: string) => Promise<Answer>;
interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const clientOf =
  (url: string, send: (request: Request) => Promise<Response>): Client =>
  async (method, path, body, project = 'p') => {
    const headers = { 'x-auth-token': 'any' };
    const target = `${url}/v1/${encodeURIComponent(project)}/secrets${path}`;
    const response = await send(new Request(target, { method, headers, body: body ? JSON.stringify(body) : null }));
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
  };

type Use = <Result>(emulator: Emulator, work: (client: Client) => Promise<Result>) => Promise<Result>;

/** Both ways to an emulator, and how often a property is tried there. */
const ways: readonly (readonly [way: string, use: Use, often: { readonly numRuns?: number }])[] = [
  ['by fetch', (emulator, work) => work(clientOf('http://csms', emulator.fetch)), {}],
  [
    'over HTTP',
    async (emulator, work) => {
      const { url, close } = await serve(emulator);
      return work(clientOf(url, fetch)).finally(close);
    },
    { numRuns: runs(20) },
  ],
];

/** What the service is to do, told by the pure core alone: the state of each secret by its name. */
class Model {
  /** Also those whose deletion fell due, until another is created. */
  secrets: ReadonlyMap<string, SecretState> = new Map();

  /** All but those whose deletion fell due. */
  living(now: number): ReadonlyMap<string, SecretState> {
    return new Map([...this.secrets].filter(([, { scheduledDeleteTime: due }]) => due === null || due > now));
  }

  /** Does a call, or says why not; a refusal only where it is the core's. */
  do({ secret, action }: Call, now: number): { readonly isDone: boolean; readonly refusal?: Refusal } {
    const living = this.living(now);
    const state = living.get(secret);
    if (action === 'create' ? state : !state) return { isDone: false };
    if (action === 'delete') {
      this.secrets = new Map([...this.secrets].filter(([name]) => name !== secret));
      return { isDone: true };
    }
    const outcome =
      action === 'create' || !state ? tryCreateSecret({ name: secret, at: now }) : tryReduce(state, action(now));
    if (!outcome.ok) return { isDone: false, refusal: outcome.refusal };
    // A clock that goes back could show a secret again whose deletion fell due: for good it goes when another is created.
    this.secrets = new Map([...(action === 'create' ? living : this.secrets), [secret, outcome.state]]);
    return { isDone: true };
  }
}

interface Call {
  readonly secret: string;
  readonly action: 'create' | 'delete' | ((at: number) => SecretAction);
  readonly request: readonly [method: string, path: string, body?: object | undefined];
}

const inPath = (name: string) => /^(?!\.{0,2}$)\P{Cs}*$/u.test(name);
const secret = fc.constantFrom('db', '__proto__');
const value = { secret_string: 'hunter2' };

const ask = (secret: string, action: Call['action'], method: string, path: string, body?: object): Call => ({
  secret,
  action,
  request: [method, `/${secret}${path}`, body],
});

const creation = (name: string): Call => ({
  secret: name,
  action: 'create',
  request: ['POST', '', { name, ...value }],
});

const call: fc.Arbitrary<Call> = fc.oneof(
  {
    weight: 4,
    arbitrary: secret.map(
      (name): Call => ({ secret: name, action: 'create', request: ['POST', '', { name, ...value }] }),
    ),
  },
  {
    weight: 6,
    arbitrary: fc
      .record({ secret, stages: fc.option(fc.array(stageName, { maxLength: 4 }), { nil: undefined }) })
      .map(({ secret, stages }) =>
        ask(secret, (at) => ({ type: 'createVersion', at, stages }), 'POST', '/versions', {
          version_stages: stages,
          ...value,
        }),
      ),
  },
  {
    weight: 8,
    arbitrary: fc
      .record({ secret, stage: stageName, versionId, inBody: fc.boolean() })
      .map(({ secret, stage, versionId, inBody }) => {
        const action = (at: number): SecretAction => ({ type: 'assignStage', stage, versionId, at });
        const body = { version_id: versionId };
        return inBody || !inPath(stage)
          ? ask(secret, action, 'POST', '/stages', { name: stage, ...body })
          : ask(secret, action, 'PUT', `/stages/${encodeURIComponent(stage)}`, body);
      }),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({ secret, stage: stageName.filter(inPath) })
      .map(({ secret, stage }) =>
        ask(secret, (at) => ({ type: 'removeStage', stage, at }), 'DELETE', `/stages/${encodeURIComponent(stage)}`),
      ),
  },
  {
    weight: 5,
    arbitrary: fc
      .record({ secret, days: fc.constantFrom(undefined, 7, 7, 30, 31) })
      .map(({ secret, days }) =>
        ask(
          secret,
          (at) => ({ type: 'scheduleDeletion', recoveryWindowInDays: days, at }),
          'POST',
          '/scheduled-deleted-tasks/create',
          days === undefined ? undefined : { recovery_window_in_days: days },
        ),
      ),
  },
  {
    weight: 3,
    arbitrary: secret.map((secret) =>
      ask(secret, (at) => ({ type: 'restore', at }), 'POST', '/scheduled-deleted-tasks/cancel'),
    ),
  },
  { weight: 1, arbitrary: secret.map((secret) => ask(secret, 'delete', 'DELETE', '')) },
);

/** How long after the call before, in milliseconds: at once, soon, a little back, or to the very end of a recovery window. */
const day = 86_400_000;
const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.integer({ min: -3, max: 20 }) },
  { weight: 2, arbitrary: fc.constantFrom(day, 7 * day, 30 * day) },
);
const life = fc
  .array(fc.record({ step, call }), { maxLength: 30, size: 'max' })
  .map((later) => [{ step: 0, call: creation('db') }, { step: 0, call: creation('__proto__') }, ...later]);

/** What is said on the wire about the stages and the versions of a secret is what the core knows of them. */
const expectSame = async (client: Client, name: string, state: SecretState) => {
  const listed = await client('GET', `/${name}/versions`);
  expect(listed.body['version_metadatas']).toMatchObject(
    versionsByAge(state).map(({ id, createTime }) => ({
      id,
      create_time: createTime,
      version_stages: stagesOf(state, id),
    })),
  );
  for (const { name: stage, versionId, updateTime } of state.stages) {
    const shown = await client('GET', `/${name}/stages/${encodeURIComponent(stage)}`);
    expect(shown.body).toEqual({
      stage: { name: stage, version_id: versionId, secret_name: name, update_time: updateTime },
    });
  }
  expect(await client('GET', `/${name}/stages/on-no-version`)).toMatchObject({ status: 400 });
  expect(await client('GET', `/${name}`)).toMatchObject({
    body: { secret: { name, state: state.status, scheduled_delete_time: state.scheduledDeleteTime } },
  });
};

group.each(ways)('%s', (_, use, often) => {
  property([life], often)(
    'the emulator does what the core does, call by call',
    async (life) => {
      let now = 1_581_507_580_000;
      const emulator = createCsmsEmulator({ clock: () => now });
      const model = new Model();
      await use(emulator, async (client) => {
        for (const { step, call } of life) {
          now += step;
          const { status, body } = await client(...call.request);
          const { isDone, refusal } = model.do(call, now);
          expect(status < 300, call.request.join(' ')).toBe(isDone);
          if (refusal) expect(body['error_msg']).toContain(explainRefusal(refusal).slice(0, 400));
        }
        const living = model.living(now);
        const { projects } = await emulator.snapshot();
        expect(Object.keys(projects['p']?.secrets ?? {}).sort()).toEqual([...living.keys()].sort());
        const kept = new Map(Object.entries(emulator.world.projects['p']?.secrets ?? {}));
        expect([...kept.keys()].sort()).toEqual([...living.keys()].sort());
        const { body } = await client('GET', '');
        expect(body).toMatchObject({
          secrets: [...living.keys()].sort().map((name) => ({ name })),
          page_info: { current_count: living.size },
        });
        for (const [name, state] of living) {
          expect(kept.get(name)?.state).toEqual(state);
          await expectSame(client, name, state);
        }
      });
    },
    30_000,
  );

  const crowd = Array.from({ length: 100 }, (_, index) => `client-${index}`);
  const all = (ask: (name: string, index: number) => Promise<Answer>) => Promise.all(crowd.map(ask));
  const everyOne = (status: number) => crowd.map(() => expect.objectContaining({ status }));

  test('a hundred clients create versions at once: every id is unique, and no version is lost', async () => {
    const emulator = createCsmsEmulator();
    await use(emulator, async (client) => {
      await client('POST', '', { name: 'db', ...value });
      const answers = await all(() => client('POST', '/db/versions', value));
      const ids = answers.map(({ body }) => Object(body['version_metadata']).id);
      expect(new Set(ids)).toEqual(new Set(crowd.map((_, index) => `v${index + 2}`)));
    });
    const state = emulator.world.projects['p']?.secrets['db']?.state;
    expect(state).toMatchObject({ versionsMade: 101, lastNumber: 101 });
    expect(state && stagesOf(state, 'v101')).toEqual(['SYSCURRENT']);
  });

  test('a hundred clients add, move and remove stages of one secret at once: no change is lost', async () => {
    const emulator = createCsmsEmulator({ dialect: defineDialect(huaweiCsms, { stages: { limit: 101 } }) });
    const holders = () =>
      (emulator.world.projects['p']?.secrets['db']?.state.stages ?? [])
        .filter(({ name }) => name !== 'SYSCURRENT')
        .map(({ name, versionId }) => [name, versionId]);
    await use(emulator, async (client) => {
      await client('POST', '', { name: 'db', ...value });
      await client('POST', '/db/versions', { version_stages: [], ...value });
      expect(await all((name) => client('POST', '/db/stages', { name, version_id: 'v1' }))).toEqual(everyOne(200));
      expect(holders()).toEqual(crowd.toSorted().map((name) => [name, 'v1']));

      const idOf = (index: number) => `v${1 + (index % 2)}`;
      await all((name, index) => client('PUT', `/db/stages/${name}`, { version_id: idOf(index) }));
      expect(new Map(holders().map(([name, id]) => [name, id]))).toEqual(
        new Map(crowd.map((name, index) => [name, idOf(index)])),
      );

      expect(await all((name) => client('DELETE', `/db/stages/${name}`))).toEqual(everyOne(204));
      expect(holders()).toEqual([]);
    });
  });

  test('a hundred clients move one stage at once: each gets its own response, and one is the last', async () => {
    const emulator = createCsmsEmulator();
    await use(emulator, async (client) => {
      await client('POST', '', { name: 'db', ...value });
      await client('POST', '/db/versions', { version_stages: [], ...value });
      const idOf = (index: number) => `v${1 + (index % 2)}`;
      const answers = await all((_, index) => client('PUT', '/db/stages/canary', { version_id: idOf(index) }));
      expect(answers.map(({ body }) => Object(body['stage']).version_id)).toEqual(crowd.map((_, index) => idOf(index)));
      const { body } = await client('GET', '/db/stages/canary');
      expect(answers.map((answer) => answer.body)).toContainEqual(body);
    });
  });

  test('a hundred clients create the same secret at once: one succeeds', async () => {
    await use(createCsmsEmulator(), async (client) => {
      const answers = await all(() => client('POST', '', { name: 'db', ...value }));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    });
  });

  test('a hundred clients create and delete different secrets at once: the list is complete', async () => {
    await use(createCsmsEmulator(), async (client) => {
      const names = async () => {
        const { body } = await client('GET', '?limit=1000');
        return Object(body)['secrets'].map(({ name }: { name: string }) => name);
      };
      expect(await all((name) => client('POST', '', { name, ...value }))).toEqual(everyOne(200));
      expect(await names()).toEqual(crowd.toSorted());
      await all((name, index) =>
        index % 2 ? client('DELETE', `/${name}`) : client('POST', '', { name: `${name}b`, ...value }),
      );
      const left = crowd.flatMap((name, index) => (index % 2 ? [] : [name, `${name}b`]));
      expect(await names()).toEqual(left.toSorted());
    });
  });
});

test('two emulators on one store issue no id twice, and lose no change', async () => {
  const store = memoryStore();
  const clients = [1, 2].map(() => clientOf('http://csms', createCsmsEmulator({ store }).fetch));
  await clients[0]?.('POST', '', { name: 'db', ...value });
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => clients.map((client) => client('POST', '/db/versions', value))).flat(),
  );
  const ids = answers.map(({ body }) => Object(body['version_metadata']).id);
  expect(new Set(ids)).toEqual(new Set(Array.from({ length: 100 }, (_, index) => `v${index + 2}`)));
});

test('clients of one emulator cause no conflicts in its store', async () => {
  const store = memoryStore();
  const commit = vi.fn(store.commit);
  const client = clientOf('http://csms', createCsmsEmulator({ store: { ...store, commit } }).fetch);
  const creations = Array.from({ length: 100 }, (_, index) => client('POST', '', { name: `db-${index}`, ...value }));
  expect(await Promise.all(creations)).toEqual(creations.map(() => expect.objectContaining({ status: 200 })));
  // Where each tries again whenever another was faster, it is 5,050 times, and time grows with the cube of the number.
  expect(commit.mock.calls.length).toBeLessThanOrEqual(200);
});

const projectId = fc.constantFrom('p', 'q', '__proto__', 'constructor', 'p/secrets', '["p"]', '%2F', '..%2f', '😀');

property([projectId, projectId])('secrets with the same name in two projects are independent', async (one, other) => {
  fc.pre(one !== other);
  const emulator = createCsmsEmulator();
  const client = clientOf('http://csms', emulator.fetch);
  await client('POST', '', { name: 'db', secret_string: 'of one' }, one);
  expect(await client('GET', '/db', undefined, other)).toMatchObject({ status: 400 });
  expect(await client('GET', '', undefined, other)).toMatchObject({ body: { secrets: [] } });
  await client('POST', '', { name: 'db', secret_string: 'of the other' }, other);
  await client('PUT', '/db/stages/canary', { version_id: 'v1' }, other);
  expect(await client('GET', '/db/stages/canary', undefined, one)).toMatchObject({ status: 400 });
  expect(await client('GET', '/db/versions/v1', undefined, one)).toMatchObject({
    body: { version: { secret_string: 'of one' } },
  });
  await client('DELETE', '/db', undefined, one);
  expect(await client('GET', '/db/versions/v1', undefined, other)).toMatchObject({
    body: { version: { secret_string: 'of the other' } },
  });
  expect(Object.keys(emulator.world.projects)).toEqual([other]);
});

/** All pages of a list. */
const pages = async (client: Client, path: string, limit: number): Promise<readonly unknown[][]> => {
  const turned: unknown[][] = [];
  let marker: unknown = null;
  do {
    const from = typeof marker === 'string' ? `&marker=${encodeURIComponent(marker)}` : '';
    const { body } = await client('GET', `${path}?limit=${limit}${from}`);
    const items: unknown[] = Object(body['secrets'] ?? body['version_metadatas']);
    expect(body['page_info']).toMatchObject({ current_count: items.length });
    turned.push(items);
    marker = Object(body['page_info']).next_marker;
  } while (marker !== null && turned.length < 100);
  return turned;
};

const inPages = <Item>(items: readonly Item[], limit: number): readonly Item[][] =>
  items.length <= limit ? [[...items]] : [items.slice(0, limit), ...inPages(items.slice(limit), limit)];

const goodNames = hostileNames.filter((name) => fits(name, huaweiCsms.secret.name));
const secretName = fc.oneof(
  fc.constantFrom(...goodNames, 'Db', 'db', 'db.1', '10', '9'),
  fc.stringMatching(/^[\w.-]{1,64}$/),
);

property([fc.uniqueArray(secretName, { maxLength: 15, size: 'max' }), fc.integer({ min: 1, max: 16 })])(
  'the pages of ListSecrets contain each secret once and in order, for any limit',
  async (names, limit) => {
    const client = clientOf('http://csms', createCsmsEmulator().fetch);
    for (const name of names) expect(await client('POST', '', { name, ...value })).toMatchObject({ status: 200 });
    const inOrder = names.toSorted().map((name) => expect.objectContaining({ name }));
    expect(await pages(client, '', limit)).toEqual(inPages(inOrder, limit));
  },
);

property([fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 25, size: 'max' }), fc.integer({ min: 1, max: 26 })])(
  'the pages of ListSecretVersions contain each version once, the oldest first, for any limit',
  async (steps, limit) => {
    let now = 1000;
    const emulator = createCsmsEmulator({ clock: () => now });
    const client = clientOf('http://csms', emulator.fetch);
    await client('POST', '', { name: 'db', ...value });
    for (const step of steps) {
      now += step;
      await client('POST', '/db/versions', value);
    }
    const state = emulator.world.projects['p']?.secrets['db']?.state;
    const versions = state ? versionsByAge(state) : [];
    expect(versions).toHaveLength(Math.min(20, 1 + steps.length));
    const inOrder = versions.map(({ id }) => expect.objectContaining({ id }));
    expect(await pages(client, '/db/versions', limit)).toEqual(inPages(inOrder, limit));
  },
);
