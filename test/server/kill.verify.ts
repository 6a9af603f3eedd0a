import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createAwsEmulator, createCsmsEmulator, type WireRequest } from '../../src/emulator/index.ts';
import { awsSecretsManager, stageOf, violations } from '../../src/index.ts';
import { openStore } from '../../src/server/index.ts';
import { call, token } from '../emulator/aws-client.ts';
import { functionArn, rotateWith, send } from '../emulator/rotating.ts';
import { callAt, freshFolder, type Serving, startServing } from './serving.ts';

const names = ['one', 'two', 'three'];
const pins = ['pin-0', 'pin-1', 'pin-2', 'pin-3'];

/** What the clients of a secret know for certain, because they were told. */
interface Known {
  /** Of each version that was created, its value. */
  readonly values: Map<string, string>;
  /** Where the one client that moves the stage `walking` had it last, and where it wanted it next. */
  walking: { readonly on: string; readonly next: string; readonly at: number };
}

/** Does the same until the server is gone, and only notes what it was answered. */
const untilKilled = async (work: () => Promise<void>): Promise<void> => {
  for (;;) {
    try {
      await work();
    } catch (error) {
      // What fetch throws where nobody answers; all else is a failure of the test.
      if (error instanceof TypeError) return;
      throw error;
    }
  }
};

const create = async (url: string, name: string, value: string, stages: readonly string[], known: Known['values']) => {
  const body = { secret_string: value, version_stages: stages };
  const created = await callAt(url, 'POST', `/${name}/versions`, body);
  expect(created.status).toBe(200);
  const [, id = ''] = /"id":"(\w+)"/.exec(JSON.stringify(created.body)) ?? [];
  expect(known.has(id), `${id} was issued twice`).toBe(false);
  known.set(id, value);
};

/** Moves a stage, and answers with the time that it was moved at. */
const move = async (url: string, name: string, stage: string, versionId: string): Promise<number> => {
  const moved = await callAt(url, 'PUT', `/${name}/stages/${stage}`, { version_id: versionId });
  expect(moved).toMatchObject({ status: 200, body: { stage: { version_id: versionId } } });
  return Number(/"update_time":(\d+)/.exec(JSON.stringify(moved.body))?.[1]);
};

/** Three clients a secret: one after another moves a stage over the pinned versions, and two create versions. */
const storm = (url: string, round: number, known: ReadonlyMap<string, Known>): readonly Promise<void>[] =>
  [...known].flatMap(([name, knows]) => {
    const walk = async () => {
      const { next } = knows.walking;
      const at = await move(url, name, 'walking', next);
      knows.walking = { on: next, next: after(next), at };
    };
    const creates = [0, 1].map((client) => () => {
      const value = `${name} ${round} ${client} ${knows.values.size}`;
      return create(url, name, value, [`newest-${client}`], knows.values);
    });
    return [walk, ...creates].map(untilKilled);
  });

const after = (versionId: string): string => `v${1 + (Number(versionId.slice(1)) % pins.length)}`;

const expectAllKept = async (folder: string, known: ReadonlyMap<string, Known>): Promise<void> => {
  const store = await openStore(folder);
  const { projects } = await createCsmsEmulator({ store }).snapshot({ values: true });
  store.close();
  expect(Object.keys(projects['p']?.secrets ?? {}).sort()).toEqual([...names].sort());
  for (const [name, { values, walking }] of known) {
    const secret = projects['p']?.secrets[name];
    if (!secret) throw new Error(`${name} is lost.`);
    const { state } = secret;
    expect(violations(state)).toEqual([]);
    for (const [id, value] of values) {
      expect(state.lastNumber, `${name} has lost ${id}`).toBeGreaterThanOrEqual(Number(id.slice(1)));
      if (state.versions[id]) expect(secret.values[id]).toEqual({ kind: 'string', text: value });
    }
    const stage = stageOf(state, 'walking');
    // The move that nobody was told of any more may have been made.
    expect([walking.on, walking.next]).toContain(stage?.versionId);
    if (stage?.versionId === walking.on) expect(stage.updateTime).toBe(walking.at);
  }
};

const countVersions = (known: ReadonlyMap<string, Known>): number =>
  [...known.values()].reduce((sum, { values }) => sum + values.size, 0);

test('every change with a response survives when the server is killed', { timeout: 60_000 }, async () => {
  const folder = freshFolder();
  const first = await startServing('--data', folder);
  const known = new Map<string, Known>();
  for (const name of names) {
    const values = new Map([['v1', 'first']]);
    await callAt(first.url, 'POST', '', { name, secret_string: 'first' });
    for (const id of ['v2', 'v3', 'v4']) await create(first.url, name, id, [], values);
    // A pinned version is never pruned, and so is always there to be walked to.
    for (const [index, stage] of pins.entries()) await move(first.url, name, stage, `v${index + 1}`);
    const at = await move(first.url, name, 'walking', 'v1');
    known.set(name, { values, walking: { on: 'v1', next: 'v2', at } });
  }
  await first.end('SIGTERM');

  for (let kill = 0; kill < 12; kill++) {
    const { url, end } = await startServing('--data', folder);
    const before = countVersions(known);
    const clients = storm(url, kill, known);
    // However slow the disk is, something is answered before the end.
    await vi.waitUntil(() => countVersions(known) > before, { timeout: 10_000, interval: 5 });
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 350));
    await end('SIGKILL');
    await Promise.all(clients);
    await expectAllKept(folder, known);
  }
});

test('every change of AWS with a response survives when the server is killed', { timeout: 60_000 }, async () => {
  const folder = freshFolder();
  const args = ['--cloud', 'aws-secrets-manager', '--data', folder];
  const ask = async (url: string, operation: string, body: object) => {
    const { headers, body: sent } = call(operation, body);
    const named = ['x-amz-target', 'authorization'].map((name) => [name, headers.get(name) ?? '']);
    const request = { method: 'POST', headers: Object.fromEntries(named), body: String(sent) };
    const response = await fetch(url, request);
    expect(response.status, await response.text()).toBe(200);
  };
  const first = await startServing(...args);
  const db = { SecretId: 'db', Name: 'db', SecretString: 'first' };
  await ask(first.url, 'CreateSecret', { ...db, ClientRequestToken: token(1) });
  for (const number of [2, 3])
    await ask(first.url, 'PutSecretValue', {
      ...db,
      ClientRequestToken: token(number),
      VersionStages: [`pin-${number}`],
    });
  await ask(first.url, 'UpdateSecretVersionStage', {
    SecretId: 'db',
    VersionStage: 'pin-1',
    MoveToVersionId: token(1),
  });
  await first.end('SIGTERM');

  const created = new Map<string, string>();
  let current = 1;
  for (let kill = 0; kill < 8; kill++) {
    const { url, end } = await startServing(...args);
    const before = created.size;
    const walk = async () => {
      const next = 1 + (current % 3);
      await ask(url, 'UpdateSecretVersionStage', {
        SecretId: 'db',
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: token(next),
        RemoveFromVersionId: token(current),
      });
      current = next;
    };
    const creates = [0, 1].map((client) => async () => {
      const Name = `${kill}-${client}-${created.size}`;
      await ask(url, 'CreateSecret', { Name, SecretString: `value of ${Name}`, ClientRequestToken: token(1) });
      created.set(Name, `value of ${Name}`);
    });
    const clients = [walk, ...creates].map(untilKilled);
    await vi.waitUntil(() => created.size > before, { timeout: 10_000, interval: 5 });
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 350));
    await end('SIGKILL');
    await Promise.all(clients);

    const store = await openStore(join(folder, 'aws-secrets-manager'));
    const { projects } = await createAwsEmulator({ store }).snapshot({ values: true });
    store.close();
    const secrets = projects['123456789012/us-east-1']?.secrets ?? {};
    for (const [name, value] of created) expect(secrets[name]?.values[token(1)]?.text).toBe(value);
    const state = secrets['db']?.state;
    if (!state) throw new Error('db is lost.');
    expect(violations(state, awsSecretsManager)).toEqual([]);
    // The last move, which was not answered, may have been made.
    const next = 1 + (current % 3);
    const holder = stageOf(state, 'AWSCURRENT')?.versionId;
    expect([token(current), token(next)]).toContain(holder);
    if (holder === token(next)) current = next;
  }
});

test.each(['createSecret', 'setSecret', 'testSecret', 'finishSecret'])(
  'a rotation succeeds although the server was killed at %s',
  { timeout: 60_000 },
  async (step) => {
    let served: Serving | undefined;
    const post = async (path: string, body: string, headers: Record<string, string> = {}) => {
      const response = await fetch(`${served?.url}${path}`, { method: 'POST', headers, body });
      return { status: response.status, headers: {}, body: await response.text() };
    };
    const client = {
      answer: ({ headers, body }: WireRequest) => {
        const named = ['x-amz-target', 'authorization'].map((name) => [name, headers.get(name) ?? '']);
        return post('/', `${body}`, Object.fromEntries(named));
      },
    };
    let isKilled = false;
    const lambda = createServer(async (request, response) => {
      const body = await text(request);
      // RotateSecret asks first whether the function exists.
      if (body === '') return response.end();
      const event = JSON.parse(body);
      await rotateWith(client, event);
      if (event.Step !== step || isKilled) return response.end('null');
      await served?.end('SIGKILL');
      isKilled = true;
      return response.destroy();
    });
    await once(lambda.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => {
      lambda.close();
    });
    const endpoint = `http://127.0.0.1:${Object(lambda.address()).port}`;
    const cloud = ['--cloud', 'aws-secrets-manager', '--data', freshFolder()];
    const start = () => startServing(...cloud, '--lambda-endpoint', endpoint, '--control');

    served = await start();
    await send(client, 'CreateSecret', { Name: 'db', SecretString: 'one', ClientRequestToken: token(1) });
    const rotation = { SecretId: 'db', ClientRequestToken: token(2), RotationLambdaARN: functionArn };
    expect(await send(client, 'RotateSecret', rotation)).toMatchObject({ VersionId: token(2) });
    await vi.waitUntil(() => isKilled, { timeout: 20_000 });

    served = await start();
    // The step has timed out, and then the rotation is tried again.
    for (const minutes of [2, 4]) {
      const controlled = await post('/_control', JSON.stringify({ clock: Date.now() + minutes * 60_000, tick: true }));
      expect(controlled).toMatchObject({ status: 200 });
    }
    expect(await send(client, 'DescribeSecret', { SecretId: 'db' })).toMatchObject({
      VersionIdsToStages: { [token(1)]: ['AWSPREVIOUS'], [token(2)]: ['AWSCURRENT'] },
    });
  },
);

test('an incomplete commit of a killed process is undone', async () => {
  const folder = freshFolder();
  const file = join(folder, 'secret-stages.sqlite');
  const data = { project: 'p', directory: { db: null } };
  const first = await openStore(folder);
  first.commit(['a', 'b', 'c'].map((key) => ({ key, revision: 0, data })));
  first.close();
  const before = readFileSync(file);
  // So little room that a part of the change is in the file before its end.
  const script = `
    const database = new (require('libsql'))(${JSON.stringify(file)});
    database.exec("PRAGMA cache_size = 1; BEGIN; UPDATE kept SET json = hex(randomblob(99999)), digest = ''");
    console.log('half done');
    setInterval(() => {}, 1000);
  `;
  const other = spawn('node', ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(other.stdout, 'data');
  other.kill('SIGKILL');
  await once(other, 'exit');
  expect(readFileSync(file).equals(before)).toBe(false);
  expect(existsSync(`${file}-journal`)).toBe(true);
  const store = await openStore(folder);
  for (const key of ['a', 'b', 'c']) expect((await store.read(key))?.data).toEqual(data);
  store.close();
  expect(readFileSync(file).equals(before)).toBe(true);
});
