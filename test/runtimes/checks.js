// @ts-check
// What is checked in every runtime, also in a page and in a worker. `run.js` bundles this file.
import fc from 'fast-check';
import {
  alibabaKms,
  awsSecretsManager,
  createSecret,
  defineDialect,
  explain,
  googleSecretManager,
  huaweiCsms,
  parseAction,
  parseSecretState,
  plan,
  tryCreateSecret,
  tryReduce,
  violations,
} from 'secret-stages';
import { createAwsEmulator, createCsmsEmulator, memoryStore } from 'secret-stages/emulator';
import { evidenceOf } from 'secret-stages/evidence';
import {
  applyPatch,
  diff,
  parseHistory,
  record,
  redo,
  since,
  startHistory,
  tryRecord,
  undo,
} from 'secret-stages/history';
import { check, explainProblem, explainUnknown, importAll, pack, parsePolicy } from 'secret-stages/policy';
import {
  awsDriver,
  checkConformance,
  drawBoard,
  fetchDriver,
  modelDriver,
  secret,
  secretActions,
  secretState,
  stageMatchers,
  storeContract,
} from 'secret-stages/testing';
import { runCase } from '../run-case.ts';

/**
 * Adds a line to the transcript of a check, which must be the same in every runtime.
 *
 * @typedef {(...line: readonly unknown[]) => void} Note
 *
 * @typedef {{ only: readonly string[], vectors: readonly import('../run-case.ts').VectorCase[], recordings: readonly { name: string, json: unknown }[] }} Data
 *
 * @typedef {{ check: string, ok: boolean, detail: string, lines: readonly string[] }} Result
 *
 * @typedef {(note: Note, data: Data) => string | Promise<string>} Check
 */

const dialects = [huaweiCsms, awsSecretsManager, alibabaKms, googleSecretManager];
const seed = 22;
const at = Date.UTC(2026, 10, 24, 9, 30);

/** @type {Readonly<Record<string, Check>>} */
const checks = {
  laws: async (note) => {
    let secrets = 0;
    for (const dialect of dialects) {
      const { ok, calls, laws } = await checkConformance(modelDriver({ dialect }), { runs: 25, seed, dialect });
      note(dialect.id, calls, laws);
      mustBe(`the conformance of the model in ${dialect.id}`, ok, true);
      for (const state of fc.sample(secretState({ dialect }), { seed, numRuns: 100 })) {
        secrets++;
        mustBe(`the broken laws of ${JSON.stringify(state)}`, violations(state, dialect), []);
        const parsed = parseSecretState(JSON.parse(JSON.stringify(state)), dialect);
        mustBe('a state read from its JSON', parsed, { ok: true, state });
        note(state);
        note(drawBoard(state));
      }
    }
    const driver = modelDriver();
    const forgetful = {
      ...driver,
      show: async (/** @type {string} */ name) => ({ ...(await driver.show(name)), stages: [] }),
    };
    const broken = await checkConformance(forgetful, { runs: 25, seed });
    note(broken);
    mustBe('the conformance of a driver that shows no stage', broken.ok, false);
    return `${secrets} secrets`;
  },

  histories: (note) => {
    const counts = { done: 0, refused: 0 };
    for (const dialect of dialects) {
      for (const hostile of [false, true]) {
        const lists = fc.sample(secretActions({ dialect, hostile, maxLength: 40 }), { seed, numRuns: 60 });
        for (const [index, actions] of lists.entries()) {
          let state = createSecret({ name: 'db', at: 0 }, dialect);
          for (const action of actions) {
            const planned = plan(state, action, dialect);
            const outcome = tryReduce(state, action, dialect);
            mustBe('whether a plan is allowed', planned.allowed, outcome.ok);
            counts[outcome.ok ? 'done' : 'refused']++;
            if (!outcome.ok) {
              note(dialect.id, hostile, index, action, outcome.refusal.code, explain(outcome.refusal));
              continue;
            }
            const effects = planned.allowed ? [...planned.asked, ...planned.follows] : [];
            note(dialect.id, hostile, index, action, effects.map(explain));
            mustBe('the broken laws after an action', violations(outcome.state, dialect), []);
            state = outcome.state;
          }
          note(state);
          note(drawBoard(state));
        }
      }
    }
    if (Math.min(counts.done, counts.refused) < 1000) throw new Error(`Too few actions: ${JSON.stringify(counts)}.`);
    return `${counts.done} actions done, ${counts.refused} refused`;
  },

  vectors: (_, { vectors }) => {
    const failed = vectors.flatMap((vector) => {
      const why = runCase(vector);
      return why === undefined ? [] : [`${vector.id}: ${why}`];
    });
    if (failed.length > 0) throw new Error(`${failed.length} of ${vectors.length} vectors fail. ${failed[0]}`);
    if (vectors.length < 500) throw new Error(`There are only ${vectors.length} vectors.`);
    return `${vectors.length} vectors`;
  },

  // Engines know different versions of Unicode.
  characters: (note) => {
    const stage = (/** @type {string} */ name) =>
      explain({ code: 'UNKNOWN_STAGE', stage: name, stages: [{ name, versionId: 'v1', updateTime: 0 }] });
    const board = createSecret({ name: 'db', at: 0 });
    /** @type {string[]} */
    const plain = [];
    for (let code = 0; code < 0x110000; code++) {
      // Most planes are empty.
      if (code === 0x20000) code = 0xe0000;
      if (code === 0xe1000) code = 0x10ff00;
      const name = String.fromCodePoint(code);
      const stages = [{ name, versionId: 'v1', updateTime: 0 }];
      const isPlain = stage(name).includes(name) && drawBoard({ ...board, stages }).includes(name);
      plain.push(isPlain ? 'p' : 'e');
      if (plain.length === 256) note((code - 255).toString(16), plain.splice(0).join(''));
    }
    return 'the characters of three planes, quoted';
  },

  evidence: (note) => {
    let rows = 0;
    for (const dialect of dialects) {
      for (const row of evidenceOf(dialect)) note(dialect.id, row, ++rows);
    }
    return `${rows} rows`;
  },

  history: (note) => {
    let changes = 0;
    for (const dialect of dialects) {
      for (const actions of fc.sample(secretActions({ dialect, maxLength: 20 }), { seed, numRuns: 20 })) {
        const born = startHistory(createSecret({ name: 'db', at: 0 }, dialect), { at: 0, length: 50, dialect });
        let history = born;
        for (const action of actions) {
          const outcome = tryRecord(history, action, { dialect });
          if (outcome.ok) history = outcome.history;
        }
        const read = parseHistory(JSON.parse(JSON.stringify(history)), { dialect });
        mustBe('a history read from its JSON', read.ok && read.history, history);
        const patch = since(history, 1);
        const patched = applyPatch(born.present, patch, { dialect });
        mustBe('a patched replica', patched.ok && patched.state, history.present);
        note(patch, diff(born.present, history.present).map(explain));
        let back = history;
        for (let before = undo(back); before !== back; before = undo(back)) {
          back = before;
          changes++;
        }
        mustBe('the first state', back.present, born.present);
        for (let after = redo(back); after !== back; after = redo(back)) back = after;
        mustBe('all changes undone and redone', back, history);
      }
    }
    for (const input of [...junk, { present: {} }]) {
      const read = parseHistory(input);
      note(read.ok || explain(read.refusal));
    }
    return `${changes} changes undone and redone`;
  },

  policy: (note, { recordings }) => {
    const imported = importAll(recordings);
    if (!imported.ok) throw new Error(imported.problems.map(explainProblem).join('\n'));
    for (const found of imported.secrets) {
      const { findings, unchecked } = check(found.state, { ...found, at });
      note(found.state.name, findings);
      note(unchecked.map(({ rules, unknown }) => [rules, explainUnknown(unknown, found.dialect)]));
    }
    let count = 0;
    for (const dialect of dialects) {
      for (const state of fc.sample(secretState({ dialect }), { seed, numRuns: 40 })) {
        const { findings } = check(state, { at, dialect });
        count += findings.length;
        note(state.name, findings);
      }
    }
    if (count < 100) throw new Error(`There are only ${count} findings.`);
    const lowered = {
      rules: { rollbak: 'error', Rollback: 'off', 'stuck-stage': { day: 1, days: -0, severity: 'loud' } },
    };
    for (const input of [...junk, lowered, { others: 'of' }, { rules: { rollback: 'off' } }]) {
      const parsed = parsePolicy(input);
      note(parsed.ok ? parsed.policy.length : parsed.problems.map(explainProblem));
    }
    for (const time of times) {
      const version = {
        VersionId: '5f1e0d9c-1b7a-4a55-9c55-0f6f3c5b1a01',
        CreatedDate: time,
        VersionStages: ['AWSCURRENT'],
      };
      const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf';
      const read = importAll([{ name: 'db.json', json: { Name: 'db', ARN, Versions: [version] } }]);
      note(time, read.ok ? read.secrets.map(({ state }) => state.versions) : read.problems.map(explainProblem));
    }
    return `${imported.secrets.length} recorded secrets, ${pack.length} rules, ${count} findings`;
  },

  emulator: async (note) => {
    let now = at;
    const emulator = createCsmsEmulator({ clock: () => ++now });
    const headers = { 'x-auth-token': 'any', 'content-type': 'application/json' };
    const url = 'https://csms.example.com/v1/p/secrets';
    /** @type {(path: string, init?: RequestInit) => Promise<Response>} */
    const send = async (path, init = {}) => {
      const response = await emulator.fetch(new Request(`${url}${path}`, { headers, ...init }));
      note(init.method, path, response.status, response.headers.get('content-type'), await response.clone().text());
      return response;
    };
    const post = (/** @type {string} */ path, /** @type {string | Uint8Array<ArrayBuffer>} */ body) =>
      send(path, { method: 'POST', body });
    const created = await post('', '{"name": "db", "secret_string": "hunter2", "description": "ß → \u{1f511}"}');
    mustBe('the status of CreateSecret', created.status, 200);
    await post('/db/versions', '{"secret_string": "\\ud800", "version_stages": ["canary", "Canary"]}');
    await send('/db/stages/SYSPREVIOUS', { method: 'PUT', body: '{"version_id": "v1"}' });
    for (const path of [
      '',
      '?limit=1',
      '?limit=0',
      '?marker=%ff',
      '/db',
      '/db/versions',
      '/db/versions/latest',
      '/nope',
      '/%zz',
    ])
      await send(path);
    for (const body of [
      '',
      '{',
      '{"name": 1e400}',
      '[]',
      'null',
      '{"name": "a", "name": "b"}',
      '{"name": "\u2028"}',
      '\u{feff}{}',
    ])
      await post('', body);
    await post('', new Uint8Array([0x7b, 0xff, 0x7d]));
    await post('', 'x'.repeat(300_000));
    await post('', JSON.stringify({ name: 'big', secret_string: 'x'.repeat(70_000) }));
    await send('/db', { method: 'PATCH', body: '{}' });
    await send('/db', { headers: {} });
    const streamed = new ReadableStream({
      start: (controller) => {
        for (const part of ['{"name": "streamed",', ' "secret_string": "x"}'])
          controller.enqueue(new TextEncoder().encode(part));
        controller.close();
      },
    });
    mustBe('the status of a streamed body', (await send('', streaming(streamed))).status, 200);
    await send('', streaming(new ReadableStream({ start: (controller) => controller.error(new Error('lost')) })));
    const used = new Request(url, { method: 'POST', headers, body: '{}' });
    await used.text();
    note(await thrownBy(() => emulator.fetch(used)));

    const keys = [{ access: 'the-access-key', secret: 'the-secret-key', projects: ['p'] }];
    const closed = createCsmsEmulator({ clock: () => at, credentials: { keys } });
    for (const key of ['the-secret-key', 'another']) {
      const request = await signed(key, 'POST', `${url}?a=%C3%A9+b`, '{"name": "db", "secret_string": "ß"}');
      const response = await closed.fetch(request);
      note(response.status, await response.text());
      mustBe(`whether a signature with ${key} is accepted`, response.ok, key === 'the-secret-key');
    }

    const snapshot = await emulator.snapshot({ values: true });
    note(snapshot);
    await emulator.restore(JSON.parse(JSON.stringify(snapshot)));
    mustBe('a restored snapshot', await emulator.snapshot({ values: true }), snapshot);
    for (const input of junk) note(await thrownBy(() => emulator.restore(input)));
    await send('/db', { method: 'DELETE' });

    const driver = fetchDriver('https://csms.example.com', {
      project: 'p',
      token: 'any',
      fetch: createCsmsEmulator().fetch,
    });
    const conforms = await checkConformance(driver, { runs: 10, seed });
    note(conforms.laws, conforms.calls);
    mustBe('the conformance of the emulator', conforms.ok, true);
    return `${conforms.calls} calls compared with the model`;
  },

  'emulator of AWS': async (note) => {
    let now = at;
    const { fetch, snapshot } = createAwsEmulator({ clock: () => ++now });
    const credential = 'AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/secretsmanager/aws4_request';
    /** An ARN ends with six random characters. @type {(text: string) => string} */
    const withoutRandom = (text) => text.replaceAll(/(?<=:secret:db-)\w{6}/g, '??????');
    /** @type {(operation: string, body: object | string) => Promise<any>} */
    const send = async (operation, body) => {
      const response = await fetch('https://aws.test/', {
        method: 'POST',
        headers: { 'x-amz-target': `secretsmanager.${operation}`, authorization: credential },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      const text = await response.text();
      // A password is random.
      if (operation !== 'GetRandomPassword') note(operation, response.status, withoutRandom(text));
      return text === '' ? {} : JSON.parse(text);
    };
    const tokens = [1, 2].map((number) => `4e34025e-0b5f-4f5e-9d5c-00000000000${number}`);
    const [one, two] = tokens;
    await send('CreateSecret', { Name: 'db', SecretString: 'ß → \u{1f511}', ClientRequestToken: one, Tags: [] });
    const stages = { VersionStages: ['AWSPENDING', 'ß'] };
    await send('PutSecretValue', { SecretId: 'db', SecretBinary: '3q0=', ClientRequestToken: two, ...stages });
    const move = { SecretId: 'db', VersionStage: 'AWSCURRENT', MoveToVersionId: two };
    await send('UpdateSecretVersionStage', move);
    await send('UpdateSecretVersionStage', { ...move, RemoveFromVersionId: one });
    for (const operation of [
      'GetSecretValue',
      'DescribeSecret',
      'ListSecretVersionIds',
      'RotateSecret',
      'DeleteSecret',
    ])
      await send(operation, { SecretId: 'db', ClientRequestToken: one });
    for (const body of ['', '{', '[]', '{"SecretId": "no blanks"}', '{"SecretId": "\\ud800"}', '{"MaxResults": 1e400}'])
      for (const operation of ['ListSecrets', 'GetSecretValue', 'Nothing']) await send(operation, body);
    mustBe('the length of a password', (await send('GetRandomPassword', {})).RandomPassword.length, 32);
    note(withoutRandom(JSON.stringify(await snapshot({ values: true }))));

    const driver = awsDriver('https://aws.test', { fetch: createAwsEmulator().fetch });
    const conforms = await checkConformance(driver, { runs: 10, seed });
    note(conforms.laws, conforms.calls);
    mustBe('the conformance of the emulator', conforms.ok, true);
    return `${conforms.calls} calls compared with the model`;
  },

  errors: async (note) => {
    const db = createSecret({ name: 'db', at: 0 });
    for (const input of junk) {
      const parsed = parseSecretState(input);
      note(parsed.ok || explain(parsed.refusal));
      const action = parseAction(input);
      note(action.ok || explain(action.refusal));
      const born = tryCreateSecret(Object(input));
      note(born.ok || explain(born.refusal));
    }
    const history = startHistory(db, { at: 0, length: 5 });
    /** @type {readonly (() => unknown)[]} */
    const wrong = [
      () => record(history, { type: 'restore', at: 1 }),
      () => startHistory(db, { at: -1, length: 1e9 }),
      () => createSecret({ name: 'no blanks', at: 0.1 }),
      () => secret('db').version('v1').build(),
      () => secretState({ status: /** @type {never} */ ('AWAKE') }),
      () => fetchDriver('https://csms.example.com', { project: '' }),
      () => fetchDriver('https://csms.example.com', { project: 'p', timeout: 2 ** 40 }),
      () => checkConformance(modelDriver(), { runs: 0 }),
      () => checkConformance(modelDriver(), { prefix: 'no blanks' }),
      () =>
        createCsmsEmulator({ clock: () => Number.NaN })
          .snapshot()
          .then((world) => world),
      () => createCsmsEmulator({ clock: () => 1e30 }).fetch('https://csms.example.com/'),
      () => createCsmsEmulator({ secretsAProject: -1 }),
      () => createCsmsEmulator({ credentials: {} }),
      () => createCsmsEmulator({ credentials: { tokens: [{ token: '' }] } }),
      () => check(db, { at: 1e18 }),
      () => check(db, { at, dialect: googleSecretManager }),
    ];
    for (const work of wrong) note(await thrownBy(work));
    for (const name of patterns) {
      note(
        name,
        await thrownBy(() =>
          defineDialect(huaweiCsms, { title: 'patterns', stages: { name: /** @type {never} */ (name) } }),
        ),
      );
    }
    const broken = { ...db, stages: [{ name: 'SYSCURRENT', versionId: 'v9', updateTime: 0 }] };
    note(stageMatchers.toMark(db, 'canary', 'v9').message());
    note(stageMatchers.toObeyTheLaws(broken).message());
    for (const { sentence, check: keeps } of storeContract) {
      note(sentence, await thrownBy(() => keeps(() => memoryStore())));
    }
    const forgetful = { ...memoryStore(), read: () => undefined };
    for (const { check: keeps } of storeContract) note(await thrownBy(() => keeps(() => forgetful, { timeout: 200 })));
    return `${wrong.length + patterns.length} errors`;
  },
};

/**
 * Runs all checks.
 *
 * @param {Data} data
 * @returns {Promise<readonly Result[]>}
 */
export async function runChecks(data) {
  return runAll(checks, data);
}

/**
 * Runs checks one after another.
 *
 * @param {Readonly<Record<string, Check>>} checks
 * @param {Data} data
 * @returns {Promise<readonly Result[]>}
 */
export async function runAll(checks, data) {
  const results = [];
  const asked = Object.entries(checks).filter(([name]) => data.only.length === 0 || data.only.includes(name));
  for (const [name, run] of asked) {
    /** @type {string[]} */
    const lines = [];
    // JSON, because half a character would be lost on the way out of a runtime.
    const note = (/** @type {readonly unknown[]} */ ...line) => void lines.push(JSON.stringify(line));
    try {
      results.push({ check: name, ok: true, detail: await run(note, data), lines });
    } catch (error) {
      results.push({ check: name, ok: false, detail: textOf(error), lines });
    }
  }
  return results;
}

/**
 * @param {string} what
 * @param {unknown} found
 * @param {unknown} expected
 */
export function mustBe(what, found, expected) {
  const [one, other] = [found, expected].map((value) => JSON.stringify(value));
  if (one !== other) throw new Error(`${what} must be ${other}; found ${one}`);
}

/**
 * The name and the message of what work throws.
 *
 * @param {() => unknown} work
 */
export async function thrownBy(work) {
  try {
    await work();
  } catch (error) {
    return textOf(error);
  }
  return 'nothing thrown';
}

const textOf = (/** @type {unknown} */ error) =>
  error instanceof Error ? `${error.name}: ${error.message}` : `thrown: ${error}`;

const junk = [
  undefined,
  null,
  -0,
  Number.NaN,
  1e21,
  0.1 + 0.2,
  123_456_789,
  2n ** 64n,
  Symbol('a'),
  '',
  '\ud800 half, \u202e reversed, \u0000, \u2028',
  'x'.repeat(200),
  [],
  {},
  { type: 'createVersion', at: 1e3, stages: ['\ud800', 'a', 'a'] },
  { type: 'creatVersion' },
  { type: 'scheduleDeletion', at: 5, recoveryWindowInDays: 1e6 },
  { name: 'db', dialect: 'huawei-csms', status: 'AWAKE', versions: [], stages: {}, extra: 1 },
  { projects: { p: { secrets: { db: { state: 1 } } } } },
  new Date(0),
  new Map([[1, 2]]),
  () => 1,
];

const patterns = [
  '[a-z]+',
  'a(',
  'a)|(b',
  '[z-a]',
  '(?<a>x)\\k<b>',
  '(?<=a)b',
  '*',
  '\\p{L}',
  'x{2,1}',
  '(a+)+$',
  '\\',
  '',
  'a'.repeat(2000),
];

const times = [
  1_700_000_000,
  1_523_477_145.713,
  1e21,
  -1,
  '2023-11-14T22:13:20Z',
  '2023-11-14T22:13:20.1Z',
  '2023-11-14T22:13:20.1234567+05:30',
  '2023-11-14T22:13:20-00:00',
  '2023-11-14T22:13:20+24:00',
  '2023-11-14T24:00:00Z',
  '2023-11-14T23:59:60Z',
  '2023-02-30T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '2023-11-14t22:13:20z',
  '2023-11-14 22:13:20Z',
  '2023-11-14',
  'Tue, 14 Nov 2023 22:13:20 GMT',
  '',
];

/** @param {ReadableStream} body */
const streaming = (body) => ({ method: 'POST', body, duplex: /** @type {const} */ ('half') });

/**
 * A request that is signed by Huawei Cloud's rules, with the hashes of the runtime.
 *
 * @param {string} secret
 * @param {string} method
 * @param {string} url
 * @param {string} body
 */
async function signed(secret, method, url, body) {
  const encode = (/** @type {string} */ text) => new TextEncoder().encode(text);
  const hex = (/** @type {ArrayBuffer} */ bytes) =>
    [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const sha256 = async (/** @type {string} */ text) => hex(await crypto.subtle.digest('SHA-256', encode(text)));
  const key = await crypto.subtle.importKey('raw', encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);

  const date = new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const { pathname, host } = new URL(url);
  const query = 'a=%C3%A9%2Bb';
  const lines = `host:${host}\nx-sdk-date:${date}\n`;
  const canonical = [method, `${pathname}/`, query, lines, 'host;x-sdk-date', await sha256(body)].join('\n');
  const text = ['SDK-HMAC-SHA256', date, await sha256(canonical)].join('\n');
  const signature = hex(await crypto.subtle.sign('HMAC', key, encode(text)));
  const authorization = `SDK-HMAC-SHA256 Access=the-access-key, SignedHeaders=host;x-sdk-date, Signature=${signature}`;
  return new Request(url, { method, body, headers: { authorization, 'x-sdk-date': date } });
}
