import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOMParser } from 'linkedom';
import { afterAll, afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { createCsmsEmulator, type Emulator, type MemoryEmulator } from '../../src/emulator/index.ts';
import { type ServeOptions, serve } from '../../src/server/index.ts';
import { runs } from '../property.ts';
import { runCli, startCli, usageOf } from './host.ts';

const folder = mkdtempSync(join(tmpdir(), 'conform-'));
afterAll(() => rmSync(folder, { recursive: true }));

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** An endpoint of this machine, for one test. */
const endpoint = async (emulator: Pick<Emulator, 'answer'>, options?: ServeOptions): Promise<string> => {
  const { url, close } = await serve({ ...createCsmsEmulator(), ...emulator }, options);
  open.push(close);
  return url;
};

type Request = Parameters<Emulator['answer']>[0];
type Response = Awaited<ReturnType<Emulator['answer']>>;

/** An emulator that is asked itself only where nothing else is answered. */
const wrong = (
  emulator: Emulator,
  answer: (request: Request) => Response | undefined | Promise<Response | undefined>,
): Pick<Emulator, 'answer'> => ({
  answer: async (request) => (await answer(request)) ?? emulator.answer(request),
});
const json = (body: unknown, status = 200): Response => ({ status, headers: {}, body: JSON.stringify(body) });

/** Answers the move of SYSCURRENT as it should, and has moved it back by then. */
const lazy = (emulator: Emulator) =>
  wrong(emulator, async (request) => {
    if (request.method !== 'PUT' || !request.target.endsWith('/stages/SYSCURRENT')) return undefined;
    const before = await emulator.answer({ ...request, method: 'GET', body: undefined });
    const moved = await emulator.answer(request);
    const { stage } = JSON.parse(before.body ?? '');
    if (moved.status === 200 && stage) {
      await emulator.answer({ ...request, body: JSON.stringify({ version_id: stage.version_id }) });
    }
    return moved;
  });

const conform = (url: string, ...args: readonly string[]) => {
  const usual = { '--project': 'p', '--token': 'any' };
  const others = Object.entries(usual).filter(([name]) => !args.includes(name));
  return runCli(['conform', url, ...others.flat(), ...args]);
};
const namesIn = ({ world }: MemoryEmulator): readonly string[] => Object.keys(world.projects['p']?.secrets ?? {});
const create = (emulator: Emulator, name: string) =>
  emulator.fetch('http://x/v1/p/secrets', {
    method: 'POST',
    headers: { 'x-auth-token': 'any' },
    body: JSON.stringify({ name, secret_string: 'hunter2' }),
  });

test('conform prints one line per law and leaves no secrets if no law is broken', async () => {
  const secrets = runs(15, 40);
  const emulator = createCsmsEmulator();
  await create(emulator, 'db');
  await create(emulator, 'conform-db');
  const before = emulator.world;
  const paths: string[] = [];
  const url = await endpoint(emulator, { onAnswer: ({ method, path }) => paths.push(`${method} ${path}`) });
  const { code, out, err } = await conform(`${url}/`, '--runs', `${secrets}`, '--seed', '1');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const [, prefix = ''] = /begin with (conform-[\da-f]{8})\.\n\n/.exec(out) ?? [];
  expect(out.split('\n')[0]).toBe(
    `Comparing ${url} with the model. The names of the test secrets begin with ${prefix}.`,
  );
  expect(out).toMatch(
    /^held {7}moves-one-stage {5}.* calls {2}Assigning a stage moves it to that version\. Every other/m,
  );
  expect(out).toMatch(/^held {7}ids-issued-once .* Assumed: CreateSecretVersion counts up\.$/m);
  expect(out).toMatch(/^held {7}times .* last assignment\.$/m);
  expect(out).toMatch(
    new RegExp(
      `\n\nNo law was broken\\. ${secrets} secrets, \\d+ calls, seed 1\\.( 1 law was not tried\\.| [2-9] laws were not tried\\.)?\n$`,
    ),
  );
  expect(out.match(/^held/gm)?.length).toBeGreaterThan(12);

  expect(emulator.world).toEqual(before);
  const isOurs = (path: string) => path === 'POST /v1/p/secrets' || path.includes(` /v1/p/secrets/${prefix}-`);
  expect(paths.filter((path) => !isOurs(path))).toEqual([]);
  expect(paths.slice(0, 2)).toEqual(['POST /v1/p/secrets', `GET /v1/p/secrets/${prefix}-probe`]);
  expect(paths.filter((path) => path.startsWith('POST /v1/p/secrets/')).length).toBeGreaterThan(40);
  const { out: again } = await conform(url, '--runs', '1');
  expect(again).not.toContain(prefix);
}, 60_000);

test('conform reports laws that no call tried as not tried', async () => {
  const url = await endpoint(createCsmsEmulator());
  const file = join(folder, 'untried.xml');
  // A token this short is a placeholder, and this one is a word of the report.
  const { code, out } = await conform(url, '--token', 'law', '--runs', '1', '--junit', file);
  expect(code).toBe(0);
  const untried = out.match(/^not tried {2}\S+ +0 calls {2}/gm) ?? [];
  expect(untried.length).toBeGreaterThan(0);
  expect(out).toMatch(
    new RegExp(
      `\n\nNo law was broken\\. 1 secret, .* ${untried.length} ${untried.length === 1 ? 'law was' : 'laws were'} not tried\\.\n$`,
    ),
  );
  const cases = [...casesIn(file)];
  expect(cases.filter(({ outcome }) => outcome === 'skipped')).toHaveLength(untried.length);
  expect(cases.find(({ outcome }) => outcome === 'skipped')?.message).toBe('No call of this run could break this law.');
});

const casesIn = (file: string) =>
  [...new DOMParser().parseFromString(readFileSync(file, 'utf8'), 'text/xml').querySelectorAll('testcase')].map(
    (one) => {
      const [child] = one.children;
      return {
        law: one.getAttribute('name')?.split(':')[0],
        outcome: child?.tagName ?? 'passed',
        message: child?.getAttribute('message'),
        report: child?.textContent,
      };
    },
  );

test('conform reports a broken law with both boards, calls for replay, and the command that repeats it', async () => {
  const emulator = createCsmsEmulator();
  const url = await endpoint(lazy(emulator));
  const file = join(folder, 'broken.xml');
  const { code, out, err } = await conform(url, '--seed', '5', '--junit', file);
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out).toMatch(/^broken {5}moves-one-stage +\d+ calls? {2}Assigning a stage/m);
  const report = out.slice(out.indexOf('Law '));
  const steady = report
    .replaceAll(url, 'URL')
    .replace(/\d+ secrets?, \d+ calls?/, 'N secrets, N calls')
    .replace(/ \d+ laws? not tried\./, '')
    .replace(/--path=[\d:]+/, '--path=PATH');
  await expect(steady).toMatchFileSnapshot('boards/conform-moves-one-stage.txt');
  expect(namesIn(emulator)).toEqual([]);

  const transcript = out.match(/^ *\{.*\}$/gm)?.join('\n') ?? '';
  const replayed = await runCli(['replay', '--format', 'json'], { input: [transcript] });
  expect(replayed.code).toBe(0);
  expect(JSON.parse(replayed.out.trimEnd().split('\n').at(-1) ?? '').summary.refused).toEqual([]);

  const [, again = ''] = /^To reproduce: secret-stages (conform .*)$/m.exec(out) ?? [];
  expect(again).not.toContain('token');
  const repeated = await runCli([...again.split(' '), '--format', 'json'], { env: { CSMS_TOKEN: 'any' } });
  expect({ code: repeated.code, err: repeated.err }).toEqual({ code: 1, err: '' });
  const found = JSON.parse(repeated.out);
  expect(found).toMatchObject({ ok: false, law: { id: 'moves-one-stage' }, seed: 5 });
  expect(found.transcript.join('\n')).toBe(transcript.replaceAll(/^ +/gm, ''));

  const cases = casesIn(file);
  expect(cases.map(({ law }) => law)).toEqual(found.laws.map(({ id }: { id: string }) => id));
  expect(cases.filter(({ outcome }) => outcome === 'failure')).toEqual([
    {
      law: 'moves-one-stage',
      outcome: 'failure',
      message: found.why,
      report: report.trimEnd().split('\n\n').slice(1).join('\n\n'),
    },
  ]);
}, 60_000);

test('conform --format json prints the whole result and nothing else', async () => {
  const url = await endpoint(createCsmsEmulator());
  const { code, out } = await conform(url, '--runs=3', '--seed=-7', '--format', 'json');
  expect(code).toBe(0);
  expect(out.trimEnd()).not.toContain('\n');
  const found = JSON.parse(out);
  expect(found).toMatchObject({ ok: true, runs: 3, seed: -7 });
  expect(found.laws[0]).toMatchObject({ id: expect.any(String), grade: expect.any(String), tried: expect.any(Number) });
});

test('conform escapes text of the endpoint for the terminal and for XML', async () => {
  const emulator = createCsmsEmulator();
  const hostile = '\u001b[31m\u0000\u202e';
  const lister = wrong(emulator, async (request) => {
    if (!request.target.endsWith('/versions')) return undefined;
    const answered = await emulator.answer(request);
    return { ...answered, body: `${answered.body}`.replaceAll('"v2"', JSON.stringify(`v${hostile}`)) };
  });
  const file = join(folder, 'hostile.xml');
  const { code, out } = await conform(await endpoint(lister), '--project', "it's p", '--runs=20', '--junit', file);
  expect(code).toBe(1);
  expect(out).toContain('v\\u001b[31m\\u0000\\u202e');
  for (const text of [out, readFileSync(file, 'utf8')]) {
    expect(text.match(/[^\n\P{C}]/u)).toBe(null);
  }
  expect(out).toContain(" --project='it'\\''s p' --runs=20 --seed=");
  expect(casesIn(file).find(({ outcome }) => outcome === 'failure')?.report).toContain('v\\u001b[31m\\u0000\\u202e');
}, 60_000);

const shown = 'that the token (CSMS_TOKEN) is valid for the project and may create, change and delete secrets.';

test('conform reports an endpoint that cannot be reached', async () => {
  const { url, close } = await serve(createCsmsEmulator());
  await close();
  const { code, out, err } = await conform(url);
  expect({ code, out }).toEqual({ code: 2, out: expect.stringMatching(/^Comparing http.* with the model\. .*\n\n$/) });
  expect(err).toContain(
    `secret-stages: ${url} could not be compared with the model.\n  POST /v1/p/secrets got no response from `,
  );
  expect(err).toContain('ECONNREFUSED');
  expect(err).toContain(shown);
});

test('conform follows no redirect, which would receive the token', async () => {
  let strangers = 0;
  const elsewhere = await endpoint(wrong(createCsmsEmulator(), () => void strangers++));
  const moved = {
    answer: async (): Promise<Response> => ({ status: 307, headers: { location: elsewhere }, body: '' }),
  };
  const { code, err } = await conform(await endpoint(moved));
  expect({ code, strangers }).toEqual({ code: 2, strangers: 0 });
  expect(err).toContain('unexpected redirect');
});

test('conform reports an endpoint that is not CSMS', async () => {
  const page = { answer: async (): Promise<Response> => ({ status: 200, headers: {}, body: '<html>' }) };
  const { code, out, err } = await conform(await endpoint(page), '--format', 'json');
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/\n {2}The response to (POST|GET) \/v1\/p\/secrets\b.* is not JSON: "<html>"\./);
});

const sesame = 'open-sesame-open-sesame';

test('conform takes the token from the command line or the environment, and never prints it', async () => {
  const url = await endpoint(createCsmsEmulator({ credentials: { tokens: [{ token: sesame, projects: ['p'] }] } }));
  const at = (args: readonly string[], env: Record<string, string>) =>
    runCli(['conform', url, '--project', 'p', '--runs', '1', ...args], { env });
  expect((await at([], { CSMS_TOKEN: sesame })).code).toBe(0);
  const given = await at(['--token', sesame], { CSMS_TOKEN: 'another' });
  expect(given.code).toBe(0);
  expect(given.out).not.toContain('sesame');

  const mistaken = await at(['--token', `${sesame}-2`], {});
  expect(mistaken).toMatchObject({
    code: 2,
    err: expect.stringContaining('rejected the credentials of POST /v1/p/secrets: '),
  });
  expect(mistaken.err).not.toContain('sesame');
  expect(mistaken.err).not.toContain('It is not known');
  const none = await at([], { CSMS_TOKEN: '' });
  expect(none).toMatchObject({ code: 2, out: '' });
  expect(none.err).toContain('The token is missing. Set CSMS_TOKEN, or pass --token TOKEN.\n');
  const broken = await at([], { CSMS_TOKEN: `${sesame}\n` });
  expect(broken).toMatchObject({ code: 2, out: '' });
  expect(broken.err).toContain(
    'The token (CSMS_TOKEN or --token) has a character that is invalid in a header, such as a space or a line break at its end. Remove it.\n',
  );
  expect(broken.err).not.toContain('sesame');
});

test('conform hides the token if the endpoint repeats it', async () => {
  const file = join(folder, 'token.xml');
  const emulator = createCsmsEmulator();
  const echo = (from: RegExp) =>
    wrong(emulator, ({ method, target, headers }) =>
      from.test(`${method} ${target}`) ? json(`not for ${headers.get('x-auth-token')}`, 418) : undefined,
    );
  const at = async (from: RegExp, ...args: readonly string[]) =>
    runCli(['conform', await endpoint(echo(from)), '--project=p', ...args], { env: { CSMS_TOKEN: sesame } });
  const probed = await at(/^POST/);
  expect(probed).toMatchObject({ code: 2, err: expect.stringContaining('not for (the token)') });
  const played = await at(/^POST .*\/versions$/, '--junit', file);
  expect(played).toMatchObject({ code: 1, out: expect.stringContaining('not for (the token)') });
  const asJson = await at(/^POST .*\/versions$/, '--format', 'json');
  expect(asJson).toMatchObject({ code: 1, out: expect.stringContaining('not for (the token)') });
  const all = [probed, played, asJson].flatMap(({ out, err }) => [out, err]);
  expect([...all, readFileSync(file, 'utf8')].join()).not.toContain(sesame);
});

test('conform makes no further call if the name of its first secret exists', async () => {
  const paths: string[] = [];
  const full = wrong(createCsmsEmulator(), ({ method, target }) => {
    paths.push(`${method} ${target}`);
    return json({ error_code: 'CSMS.0002', error_msg: 'Secret exists.' }, 400);
  });
  const { code, err } = await conform(await endpoint(full));
  expect(code).toBe(2);
  expect(err).toMatch(/\n {2}The endpoint refused to create the secret conform-[\da-f]{8}-probe: .*\.\n/);
  expect(err).not.toContain('It is not known');
  expect(paths).toEqual(['POST /v1/p/secrets']);
  const silent = wrong(createCsmsEmulator(), () => json({ error_code: 'CSMS.9999', error_msg: 'No.' }, 400));
  expect((await conform(await endpoint(silent))).err).toMatch(
    /has status 400 and CSMS\.9999 .*, which is not a documented refusal\.\n/,
  );
});

test('conform lists a secret that a failed call may have created', async () => {
  const failing = wrong(createCsmsEmulator(), ({ method }) => (method === 'POST' ? json('No.', 500) : undefined));
  const { code, err } = await conform(await endpoint(failing));
  expect(code).toBe(2);
  expect(err).toMatch(
    /^These secrets may still exist in project p\. If so, delete them:\n {2}conform-[\da-f]{8}-probe\nsecret-stages: /,
  );
});

test.each([429, 502, 503, 504])(
  'conform does not check an endpoint that responds with %i for a while, and leaves no secrets',
  async (busy) => {
    const emulator = createCsmsEmulator();
    let asked = 0;
    const throttled = wrong(emulator, () =>
      ++asked === 50
        ? json({ error_code: 'APIG.0308', error_msg: 'The throttling threshold is reached.' }, busy)
        : undefined,
    );
    const { code, out, err } = await conform(await endpoint(throttled));
    expect({ code, out }).toEqual({ code: 2, out: expect.not.stringContaining('broken') });
    expect(err).toContain(`The endpoint responded with status ${busy}.`);
    expect(namesIn(emulator)).toEqual([]);
  },
);

test('conform stops at the first secret that it cannot remove, and lists it', async () => {
  const emulator = createCsmsEmulator();
  const sticky = wrong(emulator, ({ method, target }) =>
    method === 'DELETE' && !target.includes('/stages/')
      ? json({ error_code: 'CSMS.0003', error_msg: 'No.' }, 400)
      : undefined,
  );
  const { code, err } = await conform(await endpoint(sticky));
  const [name = '', ...others] = namesIn(emulator);
  expect({ code, others }).toEqual({ code: 2, others: [] });
  expect(name).toMatch(/^conform-[\da-f]{8}-probe$/);
  expect(err).toMatch(
    new RegExp(`^These secrets may still exist in project p\\. If so, delete them:\n {2}${name}\nsecret-stages: `),
  );
  expect(err).toMatch(new RegExp(`\n {2}DELETE /v1/p/secrets/${name} was refused`));
});

test('conform reports no broken law if the endpoint stops responding, and lists the secrets that it may have kept', async () => {
  const emulator = createCsmsEmulator();
  const url: string = await endpoint(emulator, {
    onAnswer: ({ path }) => {
      if (/\/conform-[\da-f]{8}-3$/.test(path)) void open.shift()?.();
    },
  });
  const { code, out, err } = await conform(url);
  expect(code).toBe(2);
  expect(out).not.toContain('broken');
  expect(err).toContain(`${url} could not be compared with the model.`);
  expect(err).toMatch(/delete them:\n {2}conform-[\da-f]{8}-\d+\n/);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s stops conform, which removes its secrets', async (signal) => {
  const emulator = createCsmsEmulator();
  await create(emulator, 'db');
  const asked: string[] = [];
  const watched = wrong(emulator, ({ method, target }) => {
    if (asked.length > 0) asked.push(`${method} ${target}`);
    else if (/\/conform-[\da-f]{8}-4$/.test(target)) {
      asked.push('here');
      cli.signal(signal);
    }
    return undefined;
  });
  const url = await endpoint(watched);
  const cli = startCli(['conform', url, '--project=p', '--token=any']);
  const { code, out, err } = await cli.ended;
  expect(code).toBe(2);
  expect(out).toMatch(/^Comparing .* with the model\. .*\n\n$/);
  expect(err).toBe(
    `${signal}: deleting the secrets of this run. Send it again to exit without deleting them.\n` +
      `secret-stages: Stopped by ${signal} before the end. There is no result.\n`,
  );
  expect(namesIn(emulator)).toEqual(['db']);
  // What it was looking at is seen to its end, and then nothing is done but the removal.
  expect(asked.filter((request) => !request.startsWith('GET '))).toEqual([
    'here',
    expect.stringMatching(/^DELETE .*\/conform-[\da-f]{8}-4$/),
  ]);
  // A second one is for the system again.
  expect(cli.signal(signal)).toBe(false);
});

test('conform refuses a --path that does not belong to the seed', async () => {
  const url = await endpoint(createCsmsEmulator());
  for (const path of ['7:1:1:50', 'x']) {
    const { code, err } = await conform(url, '--seed=1', '--path', path);
    expect(code).toBe(2);
    expect(err).toContain(
      `secret-stages: --path ${path} does not belong to --seed 1. Take both from the same report.\n`,
    );
  }
});

test('conform makes no call if its report cannot be written', async () => {
  const paths: string[] = [];
  const url = await endpoint(createCsmsEmulator(), { onAnswer: ({ path }) => paths.push(path) });
  const file = join(folder, 'no', 'such', 'file.xml');
  const { code, out, err } = await conform(url, '--runs=1', '--junit', file);
  expect({ code, out, paths }).toEqual({ code: 2, out: '', paths: [] });
  expect(err).toContain(
    `secret-stages: ${file} cannot be written: its folder does not exist. Create the folder, or pass another path.\n`,
  );
});

test('conform prints what it found if its report can no longer be written', async () => {
  const gone = mkdtempSync(join(tmpdir(), 'conform-gone-'));
  const onAnswer = () => rmSync(gone, { recursive: true, force: true });
  const url = await endpoint(createCsmsEmulator(), { onAnswer });
  const file = join(gone, 'file.xml');
  const { code, out, err } = await conform(url, '--runs=1', '--junit', file);
  expect(code).toBe(2);
  expect(out).toContain('No law was broken.');
  expect(err).toContain(`secret-stages: ${file} does not exist. Check the path.\n`);
});

test('conform throws a bug of secret-stages unchanged, and leaves no secrets', async () => {
  const emulator = createCsmsEmulator();
  const url = await endpoint(emulator);
  vi.resetModules();
  // Test files share their modules. A later one must not find the mock in a module that imported it.
  onTestFinished(() => {
    vi.doUnmock('../../src/testing/index.ts');
    vi.resetModules();
  });
  vi.doMock('../../src/testing/index.ts', async (original) => ({
    ...(await original<object>()),
    checkConformance: async ({ create }: { create: (secret: string, at: number) => Promise<unknown> }) => {
      await create('conform-mine', 0);
      throw new Error('our fault');
    },
  }));
  const { run } = await import('./host.ts').then(({ runCli: run }) => ({ run }));
  await expect(run(['conform', url, '--project=p', '--token=any'])).rejects.toThrow('our fault');
  expect(namesIn(emulator)).toEqual([]);
});

const bare =
  'The URL must be an http or https endpoint without a user, query or fragment, such as http://127.0.0.1:8080.\n';
const there = 'http://127.0.0.1:1';
const aws = ['--cloud', 'aws-secrets-manager'];
test.each([
  [[], 'The URL is missing. Pass an endpoint, such as http://127.0.0.1:8080.\n'],
  [['a', 'b', '--project=p'], 'conform takes one URL; got 2.\n'],
  [[there], '--project is missing. Pass the id of the project to create secrets in.\n'],
  [[there, '--project='], '--project must be an id of 1 to 64 printable characters; got "".\n'],
  [[there, '--project=p\u0007'], '--project must be an id of 1 to 64 printable characters; got "p\\u0007".\n'],
  [['localhost:8080', '--project=p'], bare],
  [['127.0.0.1', '--project=p'], bare],
  [['http://opensesame@127.0.0.1', '--project=p'], bare],
  [['http://u:opensesame@127.0.0.1', '--project=p'], bare],
  [['http://127.0.0.1/?token=opensesame', '--project=p'], bare],
  [['http://127.0.0.1/#opensesame', '--project=p'], bare],
  [[there, '--project=p', '--runs=0'], '--runs must be a whole number from 1 to 999999999; got "0".\n'],
  [[there, '--project=p', '--runs=1e3'], '--runs must be a whole number from 1 to 999999999; got "1e3".\n'],
  [[there, '--project=p', '--seed=x'], '--seed must be a 32-bit whole number; got "x".\n'],
  [[there, '--project=p', '--seed=2147483648'], '--seed must be a 32-bit whole number; got "2147483648".\n'],
  [[there, '--project=p', '--path=1:1'], '--path needs --seed. Take both from the same report.\n'],
  [
    [there, '--project=p', '--region=eu-west-1'],
    '--region is an option of --cloud aws-secrets-manager. CSMS has none. Omit it.\n',
  ],
  [
    [there, '--project=p', '--cloud=alibaba-kms'],
    '--cloud cannot be "alibaba-kms". Use one of huawei-csms, aws-secrets-manager.\n',
  ],
  [
    [there, ...aws, '--project=p'],
    '--project is an option of --cloud huawei-csms. AWS Secrets Manager has none. Omit it.\n',
  ],
  [
    [there, ...aws, '--token=opensesame'],
    '--token is an option of --cloud huawei-csms. AWS Secrets Manager has none. Omit it.\n',
  ],
  [[there, ...aws, '--region=US East'], '--region must be a region, such as us-east-1; got "US East".\n'],
  [[there, ...aws, '--region='], '--region must be a region, such as us-east-1; got "".\n'],
  [['localhost:4566', ...aws], bare],
  [[there, '--tokn=x'], '--tokn is not an option of conform. Did you mean --token?\n'],
])('conform %j makes no request and explains why', async (args, message) => {
  const { code, out, err } = await runCli(['conform', ...args], { env: { CSMS_TOKEN: 'any' } });
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toBe(`secret-stages: ${message}${usageOf('conform')}`);
});
