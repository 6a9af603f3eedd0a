import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { call, runCli, usageOf } from './host.ts';

const stuck = 'test/transcripts/stuck-rotation.jsonl';
const recording = (name: string) => `test/policy/recordings/${name}.json`;
const textOf = (file: string) => readFileSync(file, 'utf8');
const jsonOf = (name: string) => JSON.parse(textOf(recording(name)));
const soon = '1581907820000';
const bom = '\uFEFF';

const folder = mkdtempSync(join(tmpdir(), 'check-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fileOf = (name: string, content: string | object): string => {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

/** What is checked, as data. */
const read = async (args: readonly string[], input: readonly string[] = []) => {
  const { out, err, code } = await runCli(['check', ...args, '--format', 'json'], { input });
  expect(err).toBe('');
  return { code, ...JSON.parse(out) };
};
interface Told {
  readonly project: string | null;
  readonly name: string;
  readonly source: string;
  readonly file: string;
  readonly dialect: string;
  readonly findings: readonly { readonly rule: string }[];
}
const nothing = 'No secret exists at the end of';
const secretsIn = async (args: readonly string[], input?: readonly string[]) => {
  const { secrets } = await read(args, input);
  return secrets.map(({ project, name, source, findings }: Told) => [
    project,
    name,
    source,
    ...findings.map(({ rule }) => rule),
  ]);
};

test('check reports a stuck rotation with its stage, its version and the call that fixes it', async () => {
  const { code, out, err } = await runCli(['check', stuck]);
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out).toContain('Stage "pending" has been on version "v3" for 7 days');
  await expect(out).toMatchFileSnapshot('boards/check-stuck-rotation.txt');
  expect(out).toMatch(
    /Fix:\n *curl .* -X PUT "\$CSMS_ENDPOINT\/v1\/demo\/secrets\/db-password\/stages\/pending" .* '\{"version_id":"v2"\}'\n/,
  );
  const remedy = call(1_582_284_780_000, 'PUT', '/db-password/stages/pending', { version_id: 'v2' });
  const fixed = await runCli(['check'], { input: [textOf(stuck), remedy.replace('/v1/p/', '/v1/demo/')] });
  expect(fixed).toMatchObject({ code: 0, err: '' });
  expect(fixed.out).toContain(
    '1 secret checked as of 2020-02-21 11:33:00Z: 0 errors, 0 warnings, 0 notes; 1 rule could not be checked.\n',
  );
});

test('the preview command of a finding shows the remedy, and the next state has no findings', async () => {
  const { out } = await runCli(['check', stuck]);
  const [, options = ''] = /Preview: secret-stages (plan .*)\n/.exec(out) ?? [];
  const planned = await runCli([...options.split(' '), '--format', 'state']);
  expect(planned).toMatchObject({ code: 0, err: '' });
  const again = await runCli(['check', '-', '--at', '1582284780000'], { input: [planned.out] });
  expect(again).toMatchObject({ code: 0, err: '' });
});

test.each([
  ['a state', [recording('state')], [[null, 'db-password', recording('state')]]],
  ['a snapshot', [recording('snapshot')], [['my-project', 'db-password', recording('snapshot')]]],
  [
    'answers in several files',
    ['secret', 'versions-2', 'stage', 'versions-1'].map(recording),
    [[null, 'db-password', recording('versions-2')]],
  ],
  [
    'several at once',
    [stuck, recording('versions'), recording('snapshot'), recording('state')],
    [
      ['demo', 'db-password', stuck, 'stuck-stage'],
      [null, 'db-password', recording('versions')],
      ['my-project', 'db-password', recording('snapshot')],
      [null, 'db-password', recording('state')],
    ],
  ],
  ['a file that is given twice', [recording('state'), recording('state')], [[null, 'db-password', recording('state')]]],
])('check reads %s', async (_, files, expected) => {
  const at = files.includes(stuck) ? '1582284780000' : soon;
  expect(await secretsIn([...files, '--at', at])).toEqual(expected);
});

test('check reads a snapshot that has secrets of the same name in two projects', async () => {
  const { secrets } = jsonOf('snapshot').projects['my-project'];
  const file = fileOf('two.json', { projects: { one: { secrets }, other: { secrets } } });
  const { out } = await runCli(['check', file, '--at', '2021-01-01T00:00Z']);
  expect(await secretsIn([file, '--at', soon])).toEqual([
    ['one', 'db-password', file],
    ['other', 'db-password', file],
  ]);
  expect(out).toContain('--secret db-password --project other --at 2021-01-01T00:00Z --prune --created-before ');
});

test('check reads a list of responses, and one document per line', async () => {
  const answers = ['secret', 'versions-2', 'versions-1'].map(jsonOf);
  const array = JSON.stringify(answers, null, 2);
  expect(await secretsIn(['--at', soon], [array])).toEqual([[null, 'db-password', 'standard input[1]']]);
  const lines = ['', ...answers.map((answer) => JSON.stringify(answer)), ' '].join('\r\n');
  expect(await secretsIn(['-', '--at', soon], [bom, lines])).toEqual([[null, 'db-password', 'standard input:3']]);
  const states = [jsonOf('state'), [{ ...jsonOf('state'), name: 'other' }]];
  const file = fileOf('a[0]', states.map((state) => JSON.stringify(state)).join('\n'));
  expect(await secretsIn([file, '--at', soon])).toEqual([
    [null, 'db-password', `${file}:1`],
    [null, 'other', `${file}:2[0]`],
  ]);
});

test.each([recording('state'), stuck])('check ignores a byte order mark before %s', async (file) => {
  const plain = await read([file, '--at', '2021-01-01']);
  const marked = await read(['--at', '2021-01-01'], [bom, textOf(file)]);
  expect(marked.summary).toEqual(plain.summary);
  expect(marked.secrets).toMatchObject(plain.secrets.map(({ source, file, ...told }: Told) => told));
});

test('check distinguishes a file from a list element of the same name', async () => {
  const file = fileOf('b[0]', jsonOf('state'));
  const list = fileOf('list.json', [jsonOf('state')]);
  expect(await secretsIn([file, list, '--at', soon])).toEqual([
    [null, 'db-password', file],
    [null, 'db-password', `${list}[0]`],
  ]);
  const { out } = await runCli(['check', file, list, '--at', '1700000000000', '--format', 'sarif']);
  const uris = [...out.matchAll(/"uri":"([^"]*)"/g)].map(([, uri = '']) => decodeURIComponent(uri));
  expect([...new Set(uris)]).toEqual([file, list].map((name) => pathToFileURL(name).href).map(decodeURIComponent));
});

test('check reads a transcript of one line, in which refused calls change nothing', async () => {
  const born = call(5, 'POST', '', { name: 'db' });
  expect(await read([], [born.trim()])).toMatchObject({
    code: 0,
    secrets: [{ at: 5, project: 'p', name: 'db' }],
  });
  const refused = [
    call(6, 'PUT', '/db/stages/SYSCURRENT', { version_id: 'v9' }),
    call(7, 'POST', '', { name: 'db' }),
    call(9, 'GET', '/db'),
  ];
  expect(await read([], [born, ...refused])).toMatchObject({
    code: 0,
    secrets: [{ at: 9 }],
    summary: { secrets: 1, note: 0 },
  });
});

test('check skips a deleted secret, and forgets the past of one that was created again', async () => {
  const put = (at: number, versionId: string) => call(at, 'PUT', '/db/stages/SYSCURRENT', { version_id: versionId });
  const rolledBack = [call(0, 'POST', '', { name: 'db' }), call(1, 'POST', '/db/versions', {}), put(2, 'v1')];
  expect(await secretsIn([], rolledBack)).toEqual([
    ['p', 'db', 'standard input', 'previous-is-not-current', 'rollback'],
  ]);
  const gone = [...rolledBack, call(3, 'DELETE', '/db')];
  expect(await runCli(['check'], { input: gone })).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining(nothing),
  });
  const again = [...gone, call(4, 'POST', '', { name: 'db' })];
  expect(await secretsIn([], again)).toEqual([['p', 'db', 'standard input']]);
});

test('check deletes a secret when its scheduled deletion is due', async () => {
  const day = 86_400_000;
  const scheduled = [
    call(0, 'POST', '', { name: 'db' }),
    call(0, 'POST', '/db/scheduled-deleted-tasks/create', { recovery_window_in_days: 7 }),
  ];
  const list = (at: number) => call(at, 'GET', '');
  expect(await secretsIn([], [...scheduled, list(7 * day - 1)])).toHaveLength(1);
  const due = await runCli(['check'], { input: [...scheduled, list(7 * day)] });
  expect(due).toMatchObject({ code: 2, err: expect.stringContaining(nothing) });
});

test.each([
  ['error', 'note', 0],
  ['warning', 'note', 0],
  ['note', 'note', 1],
  ['error', 'warning', 0],
  ['warning', 'warning', 1],
  ['note', 'warning', 1],
  ['error', 'error', 1],
  ['warning', 'error', 1],
  ['note', 'error', 1],
])('--fail-on %s with a finding of severity %s gives exit code %i', async (failOn, severity, code) => {
  const policy = fileOf('severity.json', { rules: { 'stuck-stage': severity } });
  expect((await runCli(['check', stuck, '--policy', policy, '--fail-on', failOn])).code).toBe(code);
});

test('check --policy sets rules, severities and thresholds', async () => {
  const rules = async (policy: object) => {
    const file = fileOf('policy.json', `${bom}${JSON.stringify(policy)}`);
    const { secrets } = await read([stuck, '--policy', file]);
    return secrets[0].findings.map((one: { rule: string; severity: string }) => `${one.severity} ${one.rule}`);
  };
  expect(await rules({})).toEqual(['warning stuck-stage']);
  expect(await rules({ rules: { 'stuck-stage': 'off' } })).toEqual([]);
  expect(await rules({ rules: { 'stuck-stage': 'error' } })).toEqual(['error stuck-stage']);
  expect(await rules({ rules: { 'stuck-stage': { days: 8 } } })).toEqual([]);
  expect(await rules({ rules: { rollback: 'note' }, others: 'off' })).toEqual([]);
});

test.each([
  [
    '{"rules": {"stuk-stage": "error"}}',
    'is not a valid policy:\n  policy.rules["stuk-stage"] must be a known rule; did you mean stuck-stage?\n',
  ],
  [
    '{"rule": {}, "others": "of"}',
    'is not a valid policy:\n  policy["rule"] must be a known field; did you mean rules?\n  policy.others must be one of on, off; got the string "of"\n',
  ],
  ['rules', 'is not valid JSON: line 1, column 1: unexpected word or character.\n'],
  ['', 'is empty. Check the command that wrote it.\n'],
])('check refuses the policy %s and checks nothing', async (content, message) => {
  const policy = fileOf('policy.json', content);
  expect(await runCli(['check', stuck, '--policy', policy])).toEqual({
    code: 2,
    out: '',
    err: `secret-stages: ${policy} ${message}${usageOf('check')}`,
  });
});

test('check names a policy file that is a folder', async () => {
  const { code, err } = await runCli(['check', stuck, '--policy', 'src']);
  expect({ code, err }).toEqual({
    code: 2,
    err: `secret-stages: src is a folder. Pass a file.\n${usageOf('check')}`,
  });
});

test.each([
  ['1582284780000', 1_582_284_780_000],
  ['0', 0],
  ['2020-02-21', Date.UTC(2020, 1, 21)],
  ['2020-02-21T11:33Z', Date.UTC(2020, 1, 21, 11, 33)],
  // As a board shows it.
  ['2020-02-21 11:33:00.001Z', Date.UTC(2020, 1, 21, 11, 33, 0, 1)],
  ['2020-02-21T11:33:00+02:00', Date.UTC(2020, 1, 21, 9, 33)],
])('check --at %s checks as of that time', async (given, at) => {
  expect((await read([stuck, '--at', given])).secrets[0].at).toBe(at);
});

test.each(['', 'now', 'v1', '-5', '1.5', '2020-02-21T11:33:00', '2020-13-01', 'Feb 21 2020'])(
  'check refuses --at %j',
  async (given) => {
    expect(await runCli(['check', stuck, `--at=${given}`])).toEqual({
      code: 2,
      out: '',
      err: `secret-stages: --at must be epoch milliseconds or a date such as 2026-11-24T12:00:00Z; got ${JSON.stringify(given)}.\n${usageOf('check')}`,
    });
  },
);

test.each([
  ['1582284780', 'epoch seconds'],
  ['1582284780000000', 'epoch microseconds'],
  ['2020', 'a year'],
])('check refuses --at %s instead of reading it as milliseconds', async (given, unit) => {
  const { code, err } = await runCli(['check', stuck, '--at', given]);
  expect(code).toBe(2);
  expect(err).toContain(`got "${given}", which looks like ${unit}.\n`);
});

test('check reports nothing as of a time before the secret was created', async () => {
  const { code, out } = await runCli(['check', stuck, '--at', '2019-01-01']);
  expect(code).toBe(0);
  expect(out).toContain('1 secret checked as of 2019-01-01 00:00:00Z: 0 errors, 0 warnings, 0 notes; ');
  expect(out).not.toMatch(/-\d+ (day|hour|second)/);
});

test('check without --at uses the current time, or the end of a transcript', async () => {
  const before = Date.now();
  const [{ at }] = (await read([recording('state')])).secrets;
  expect(at).toBeGreaterThanOrEqual(before);
  expect(at).toBeLessThanOrEqual(Date.now());
  // Each is checked as of its own end, whatever the other files are.
  const rotation = 'test/transcripts/rotation.jsonl';
  const both = await read([recording('state'), stuck, rotation]);
  const [third, first, second] = both.secrets.map((secret: { at: number }) => secret.at);
  expect([first, second]).toEqual([1_582_284_780_000, (await read([rotation])).secrets[0].at]);
  expect(third).toBeGreaterThanOrEqual(before);
  expect((await runCli(['check', stuck, rotation])).out).toContain('2 secrets checked, each as of its own time: ');
});

test('--format json prints one document', async () => {
  const { code, out, err } = await runCli(['check', stuck, '--format', 'json'], { tty: true });
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out).toMatch(/^\{.*\}\n$/);
  expect(JSON.parse(out)).toEqual({
    $schema: expect.stringMatching(/check-report\.schema\.json$/),
    version: 1,
    rules: expect.arrayContaining([expect.objectContaining({ id: 'stuck-stage', thresholds: { days: 7 } })]),
    secrets: [
      {
        at: 1_582_284_780_000,
        project: 'demo',
        name: 'db-password',
        dialect: 'huawei-csms',
        source: stuck,
        file: stuck,
        line: 1,
        findings: [
          {
            rule: 'stuck-stage',
            severity: 'warning',
            sentence: expect.stringMatching(/^Stage "pending" has been on version "v3" for 7 days/),
            stage: 'pending',
            versionId: 'v3',
            since: 1_581_593_980_000,
            line: 3,
            remedy: [{ type: 'assignStage', stage: 'pending', versionId: 'v2', at: 1_582_284_780_000, from: 'v3' }],
            commands: [expect.stringMatching(/^curl /)],
            fingerprint: '["stuck-stage","huawei-csms","demo","db-password","pending","v3"]',
          },
        ],
        unchecked: [
          {
            unknown: { what: 'expireTimes' },
            rules: ['expired-version'],
            sentence: expect.stringMatching(/^Expiry is unknown/),
          },
        ],
        remarks: [],
        board: expect.objectContaining({ cloud: 'Huawei Cloud CSMS', status: 'ENABLED', stageCount: [3, 12] }),
      },
    ],
    remarks: [],
    summary: { secrets: 1, error: 0, warning: 1, note: 0, unchecked: 1, notChecked: 0 },
  });
});

test('check prints every severity, unchecked rules, and the totals', async () => {
  const snapshot = jsonOf('snapshot');
  const { secrets } = snapshot.projects['my-project'];
  const healthy = structuredClone(secrets['db-password']);
  healthy.state.name = 'healthy';
  healthy.state.versions = { v1: { id: 'v1', createTime: 1_581_507_640_000, ordinal: 1 } };
  healthy.state.stages = [{ name: 'SYSCURRENT', versionId: 'v1', updateTime: 1_581_507_640_000 }];
  healthy.state.lastNumber = 1;
  healthy.expireTimes = {};
  const input = [
    { projects: { 'my-project': { secrets: { ...secrets, healthy } } } },
    jsonOf('versions'),
    jsonOf('secret'),
  ];
  const { code, out } = await runCli(['check', '--at', '2021-01-01'], { input: [JSON.stringify(input)] });
  expect(code).toBe(1);
  await expect(out).toMatchFileSnapshot('boards/check-recordings.txt');
});

test('check reports the time of a rollback, and that pruning has no API call', async () => {
  const files = ['rotation', 'version-limit'].map((name) => `test/transcripts/${name}.jsonl`);
  const { out } = await runCli(['check', ...files]);
  await expect(out).toMatchFileSnapshot('boards/check-transcripts.txt');
});

test('colours are printed only on terminals', async () => {
  const isColored = async (options: Parameters<typeof runCli>[1]) =>
    (await runCli(['check', stuck], options)).out.includes('\u001b[');
  expect(await isColored({})).toBe(false);
  expect(await isColored({ tty: true })).toBe(true);
  expect(await isColored({ tty: true, env: { NO_COLOR: '1' } })).toBe(false);
  for (const format of ['json', 'sarif']) {
    expect((await runCli(['check', stuck, '--format', format], { tty: true })).out).not.toContain('\u001b');
  }
});

test('check escapes hostile names, and prints no command that could not be typed', async () => {
  const evil = '\u001b[31m\u202E\n';
  const { state } = jsonOf('snapshot').projects['my-project'].secrets['db-password'];
  const named = JSON.parse(JSON.stringify(state).replaceAll('"v3"', JSON.stringify(`v3${evil}`)));
  named.stages[2] = { name: '__proto__', versionId: 'v1', updateTime: 1_581_507_820_000 };
  named.lastNumber = 2;
  const file = fileOf('\u001b[32m\u202E.json', { project: `p${evil}`, state: named });
  for (const format of ['pretty', 'json', 'sarif']) {
    const { code, out, err } = await runCli(['check', file, '--at', '1582284780000', '--format', format]);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect([...out].filter((sign) => sign !== '\n' && (sign < ' ' || sign === '\u202E'))).toEqual([]);
    if (format !== 'pretty') continue;
    expect(out).toContain('Stage "__proto__" has been on version "v1"');
    expect(out).toContain('p\\u{1b}[31m\\u{202e}\\u{a}');
    expect(out).toMatch(/Fix:\n *curl .*\/stages\/__proto__" .*"v3\\u001b\[31m\\u202e\\n"/);
    expect(out).not.toContain('Preview');
  }
  const { err } = await runCli(['check', `nope${evil}`, 'LICENSE']);
  expect([...err].filter((sign) => sign !== '\n' && (sign < ' ' || sign === '\u202E'))).toEqual([]);
  expect(err.split('\n')).toHaveLength(6);
});

test('check prints no command for a secret that no option can select', async () => {
  const state = { ...jsonOf('state'), name: 'twin' };
  const [one, other] = [fileOf('one.json', state), fileOf('other.json', { project: 'p', state })];
  const { out } = await runCli(['check', one, other, '--at', '2021-01-01']);
  expect(out.match(/What to do: Prune/g)).toHaveLength(2);
  expect(out).not.toContain('Fix:');
  expect(out.match(/Preview: .*/g)).toEqual([
    expect.stringMatching(/ --secret twin --project p --at 2021-01-01 --prune /),
  ]);
});

test('check reports every problem of every file, one per line', async () => {
  const lines = fileOf('lines.jsonl', '{"a": 1}\nhunter2\n\n[]\nhunter3');
  const transcript = fileOf(
    'transcript.jsonl',
    `${call(0, 'POST', '', { name: 'db' })}hunter2\n${call(1, 'PUT', '/x/y')}`,
  );
  const broken = fileOf('broken.json', '{\n  "a": 1,\n  "hunter2": 2,,\n}');
  const empty = fileOf('empty.json', ' \n');
  const wrong = fileOf('wrong.json', [{ hello: 1 }, { ...jsonOf('state'), versions: 5 }]);
  const files = [lines, transcript, 'no-such-file', broken, empty, wrong, 'src/cli', 'no/*.json'];
  const { code, out, err } = await runCli(['check', ...files]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).not.toContain('hunter');
  expect(err.replaceAll(`${folder}/`, '').split('\n')).toEqual([
    'secret-stages: The input is invalid:',
    '  lines.jsonl is not valid JSON: line 2, column 1: unexpected word or character.',
    '  lines.jsonl is not valid JSON: line 5, column 1: unexpected word or character.',
    expect.stringMatching(/^ {2}transcript.jsonl:2 cannot be played\. The line must be a JSON object/),
    expect.stringMatching(/^ {2}transcript.jsonl:3 cannot be played\. The path must be one of the API/),
    '  no-such-file does not exist. Check the path.',
    '  broken.json is not valid JSON: line 3, column 16: expected a name in double quotes.',
    '  empty.json is empty. Check the command that wrote it.',
    '  src/cli contains no *.json, *.jsonl or *.ndjson file. Pass another folder, or a file.',
    expect.stringMatching(/^ {2}No file matches no\/\*\.json\. /),
    expect.stringMatching(/^ {2}wrong.json: \[0\] must be a state, a snapshot/),
    expect.stringMatching(/^ {2}wrong.json: \[1\].versions must be an object/),
    ...usageOf('check').trimEnd().split('\n'),
    '',
  ]);
});

test('check refuses an empty standard input, because an earlier command may have failed', async () => {
  const { code, err } = await runCli(['check']);
  expect(code).toBe(2);
  expect(err).toContain('secret-stages: standard input is empty. Check the command that wrote it.\n');
});

test('a bug in secret-stages is not reported as a usage error', async () => {
  const input = {
    *[Symbol.iterator](): Generator<string> {
      yield '\n';
      throw new Error('our fault');
    },
  };
  await expect(runCli(['check'], { input })).rejects.toThrow('our fault');
});

test('check reads a long transcript to its end', async () => {
  const calls = Array.from({ length: 130_000 }, (_, at) => `{"at":${at},"method":"GET","path":"/v1/p/secrets"}\n`);
  const born = call(0, 'POST', '', { name: 'db' });
  expect(await read([], [born, calls.join('')])).toMatchObject({ secrets: [{ at: 129_999 }] });
});

test.each([
  ['--format', 'jsn', '--format cannot be "jsn". Did you mean json?'],
  ['--format', 'state', '--format cannot be "state". Use one of pretty, json, sarif, junit.'],
  ['--fail-on', 'warn', '--fail-on cannot be "warn". Did you mean warning?'],
  [
    '--secret',
    'db',
    '--secret is not an option of check. Use one of --cloud, --policy, --rules, --at, --fail-on, --fail-on-unchecked, --baseline, --format, --color, --no-color, --help, --version.',
  ],
])('check refuses %s %s', async (flag, value, message) => {
  const { code, err } = await runCli(['check', stuck, flag, value]);
  expect({ code, err }).toEqual({ code: 2, err: `secret-stages: ${message}\n${usageOf('check')}` });
});

test('check refuses input without a secret', async () => {
  for (const [input, message] of [
    ['[]', 'Found no versions of a secret in standard input.'],
    ['{"projects": {}}', 'Found no versions of a secret in standard input.'],
    ['{"secrets": []}', 'Found no versions of a secret in standard input.'],
    [call(0, 'GET', ''), 'No secret exists at the end of standard input.'],
  ] as const)
    expect(await runCli(['check'], { input: [input] })).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining(message),
    });
});

test('check refuses a transcript that does not create its secrets, or has times in seconds', async () => {
  const late = [call(0, 'POST', '', { name: 'db' }), call(1, 'PUT', '/other/stages/canary', { version_id: 'v1' })];
  expect((await runCli(['check'], { input: late })).err).toContain(
    'standard input:2: Secret "other" does not exist, because the transcript does not create it.\n',
  );
  const seconds = await runCli(['check'], { input: [call(1_581_507_580, 'POST', '', { name: 'db' })] });
  expect(seconds).toMatchObject({ code: 2, err: expect.stringContaining('this looks like seconds') });
});

test('check changes nothing for a call with a recorded error', async () => {
  const failed = { error_code: 'CSMS.0005', error_msg: 'x' };
  const born = [call(0, 'POST', '', { name: 'db' }), call(1, 'POST', '/db/versions', {})];
  const moved = call(2, 'PUT', '/db/stages/SYSCURRENT', { version_id: 'v1' }, failed);
  expect(await secretsIn([], [...born, moved])).toEqual([['p', 'db', 'standard input']]);
});

test('check does not report a rollback that was undone', async () => {
  const put = (at: number, versionId: string) => call(at, 'PUT', '/db/stages/SYSCURRENT', { version_id: versionId });
  const born = [call(0, 'POST', '', { name: 'db' }), call(1, 'POST', '/db/versions', {})];
  expect(await secretsIn([], [...born, put(2, 'v1'), put(3, 'v2')])).toEqual([['p', 'db', 'standard input']]);
});

test('check --fail-on-unchecked fails if a rule could not be checked', async () => {
  const policy = fileOf('policy.json', { rules: { 'expired-version': 'error' }, others: 'off' });
  const checked = (...args: readonly string[]) => runCli(['check', recording('state'), '--policy', policy, ...args]);
  expect((await checked()).code).toBe(0);
  expect((await checked('--fail-on-unchecked')).code).toBe(1);
  const plan = ['plan', recording('state'), '--prune', '--policy', policy];
  expect((await runCli(plan)).code).toBe(0);
  expect((await runCli([...plan, '--fail-on-unchecked'])).code).toBe(1);
});

test('check refuses --at 2026-02-30', async () => {
  const { code, err } = await runCli(['check', stuck, '--at', '2026-02-30']);
  expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('got "2026-02-30"') });
});

test('check lists the first problems, and counts the others', async () => {
  const { err } = await runCli(['check'], { input: [JSON.stringify(Array.from({ length: 102 }, () => 5))] });
  expect(err.split('\n')).toHaveLength(1 + 20 + 1 + 2 + 1);
  expect(err).toContain(`\n  and 82 more\n${usageOf('check')}`);
});

test('check reads a transcript with a refused call on a deleted secret', async () => {
  const born = (at: number, name: string) => call(at, 'POST', '', { name });
  const gone = [
    born(0, 'db'),
    born(0, 'other'),
    call(1, 'DELETE', '/db'),
    call(2, 'PUT', '/db/stages/x', { version_id: 'v1' }),
  ];
  expect(await secretsIn([], gone)).toEqual([['p', 'other', 'standard input']]);
});

const token = (number: number) => `bb6a3d22-dc93-47ac-b5bd-88df7ad35f1${number}`;
const did = (at: number, type: string, fields: object = {}) =>
  `${JSON.stringify({ at, secret: 'db', action: { type, ...fields } })}\n`;
const stuckInAws = [
  did(0, 'createSecret', { versionId: token(1) }),
  did(1, 'createVersion', { versionId: token(2), stages: ['blue'] }),
];
const inAws = ['--cloud', 'aws-secrets-manager', '--at', '864000000'];

test('check of AWS prints remedies as commands of the AWS CLI, and preview commands with the dialect and the holder', async () => {
  const { code, out } = await runCli(['check', ...inAws], { input: stuckInAws });
  expect(code).toBe(1);
  expect(out).toContain('2 of 20 stages, 2 of about 100 versions\n');
  const words = `--secret-id db --version-stage blue --move-to-version-id ${token(1)} --remove-from-version-id ${token(2)}`;
  expect(out).toContain(`Fix:\n    aws secretsmanager update-secret-version-stage ${words}\n`);
  const [, options = ''] = /Preview: secret-stages (plan .*)\n/.exec(out) ?? [];
  expect(options).toBe(`plan - ${inAws.join(' ')} --assign blue=${token(1)} --from ${token(2)}`);
  const planned = await runCli(options.split(' '), { input: stuckInAws });
  expect([planned.code, planned.out]).toEqual([0, expect.stringContaining('Fixed findings')]);
});

test('check reports a rollback that leaves the pending stage behind, until its version is current again', async () => {
  const start = Date.UTC(2026, 0);
  const line = (hours: number, action: object) =>
    `${JSON.stringify({ at: start + hours * 3_600_000, dialect: 'aws-secrets-manager', secret: 'db', action })}\n`;
  const move = (hours: number, to: number, from: number) =>
    line(hours, { type: 'assignStage', stage: 'AWSCURRENT', versionId: token(to), from: token(from) });
  const rotated = [
    line(0, { type: 'createSecret', versionId: token(1) }),
    line(1, { type: 'createVersion', versionId: token(2), stages: ['AWSPENDING'] }),
    move(2, 2, 1),
  ];
  const rulesAt = (at: string, ...lines: readonly string[]) => secretsIn(['--at', at], [...rotated, ...lines]);
  const found = [[null, 'db', 'standard input', 'stuck-stage', 'rollback']];
  expect(await rulesAt('2026-01-02T00:00:00Z', move(3, 1, 2))).toEqual(found);
  expect(await rulesAt('2026-02-02T00:00:00Z', move(3, 1, 2))).toEqual(found);
  expect(await rulesAt('2026-01-02T00:00:00Z', move(3, 1, 2), move(4, 2, 1))).toEqual([found[0]?.slice(0, 3)]);
});

test('check checks changes by the rules of the dialect', async () => {
  const swapped = 'test/transcripts/aws-rotation.jsonl';
  const { secrets } = await read([swapped]);
  expect(secrets).toMatchObject([
    { project: null, name: 'db', dialect: 'aws-secrets-manager', findings: [{ rule: 'rollback' }] },
  ]);
});

test('check reads states and responses by the rules of the dialect', async () => {
  const { out } = await runCli(['plan', ...inAws, '--new-version', '--format', 'state'], { input: stuckInAws });
  expect(await secretsIn([...inAws], [out])).toEqual([[null, 'db', 'standard input', 'stuck-stage']]);
  const answer = {
    ARN: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-a1b2c3',
    Name: 'db',
    Versions: [{ VersionId: token(1), VersionStages: ['AWSCURRENT'], CreatedDate: 1523477145.713 }],
  };
  expect(await secretsIn([...inAws], [JSON.stringify(answer)])).toMatchObject([[null, 'db', 'standard input']]);
  const wrong = await runCli(['check', '--cloud', 'alibaba-kms'], { input: [out] });
  expect([wrong.code, wrong.err]).toEqual([
    2,
    expect.stringContaining(
      `standard input.state cannot be read. ${wrongDialect('aws-secrets-manager', 'alibaba-kms')}\n`,
    ),
  ]);
  const emulated = {
    version_metadatas: [
      { id: token(1), create_time: 0, expire_time: null, secret_name: 'db', version_stages: ['AWSCURRENT'] },
    ],
  };
  const unnamed = await runCli(['check'], { input: [JSON.stringify(emulated)] });
  expect([unnamed.code, unnamed.err]).toEqual([
    2,
    expect.stringContaining(
      'standard input cannot be read. The secret belongs to "aws-secrets-manager", but is read as "huawei-csms". ' +
        'Pass --cloud aws-secrets-manager.\n',
    ),
  ]);
  expect(await secretsIn(inAws, [JSON.stringify(emulated)])).toMatchObject([[null, 'db', 'standard input']]);
});

test('check detects the cloud of each secret, and applies its rules', async () => {
  const { out } = await runCli(['plan', ...inAws, '--new-version', '--format', 'state'], { input: stuckInAws });
  const state = fileOf('aws.json', JSON.parse(out));
  const both = await secretsIn([stuck, state, '--at', '864000000']);
  expect(both).toEqual([
    ['demo', 'db-password', stuck],
    [null, 'db', state, 'stuck-stage'],
  ]);
  const { secrets } = await read([stuck, state]);
  expect(secrets.map(({ dialect }: Told) => dialect)).toEqual(['huawei-csms', 'aws-secrets-manager']);
  const { out: told } = await runCli(['check', state, '--at', '864000000']);
  expect(told).toContain('db   ENABLED   AWS Secrets Manager, ');
  expect(told).toContain('of about 100 versions');
  const named = stuckInAws.map((line) => line.replace('{', '{"dialect":"aws-secrets-manager",'));
  expect(await secretsIn(['--at', '864000000'], named)).toEqual([[null, 'db', 'standard input', 'stuck-stage']]);
});

const wrongDialect = (its: string, given: string) =>
  `The secret belongs to "${its}", but --cloud is "${given}". Omit --cloud, or pass --cloud ${its}.`;

test.each(['check', 'plan'])('%s refuses a transcript of another cloud, and names both dialects', async (command) => {
  const action = command === 'plan' ? ['--prune'] : [];
  const calls = await runCli([command, stuck, ...action, '--cloud', 'google-secret-manager']);
  const refused = wrongDialect('huawei-csms', 'google-secret-manager');
  expect([calls.code, calls.err]).toEqual([2, expect.stringContaining(`${stuck}:1 cannot be played. ${refused}\n`)]);
  const [born = '', second = ''] = stuckInAws;
  const name = (line: string, id: string) => line.replace('{', `{"dialect":"${id}",`);
  const saidOf = async (...input: readonly string[]) => (await runCli([command, ...action], { input })).err;
  expect(await saidOf(name(born, 'aws-secrets-manager'), name(second, 'alibaba-kms'))).toContain(
    'standard input:2 cannot be played. The secret belongs to "alibaba-kms", but the lines before it belong to "aws-secrets-manager".',
  );
  expect(await saidOf(name(born, 'our-vault'))).toContain(
    'standard input:1 cannot be played. "our-vault" is not a dialect; use one of huawei-csms, aws-secrets-manager, ',
  );
});

test.each(['check', 'plan'])('%s refuses an action without a dialect', async (command) => {
  const { code, err } = await runCli([command, ...(command === 'plan' ? ['--prune'] : [])], { input: stuckInAws });
  expect([code, err]).toEqual([
    2,
    expect.stringContaining(
      'standard input:1 cannot be played. The dialect is unknown. Pass --cloud, or add "dialect" to the line.',
    ),
  ]);
});

test('check reads a transcript of one action', async () => {
  const [born = ''] = stuckInAws;
  expect(await secretsIn([...inAws], [born.trim()])).toEqual([[null, 'db', 'standard input']]);
});

test('check says once why a secret does not exist, and on how many lines', async () => {
  const input = [
    call(1, 'POST', '', { name: 'a/b' }),
    call(2, 'POST', '', { name: 'db', secret_string: 5 }),
    call(3, 'POST', '/db/versions', {}),
    call(4, 'POST', '/db/versions', {}),
    call(5, 'POST', '/db/versions', {}),
    '{"at": 6,\n',
    'x\n',
    'y\n',
  ];
  const { code, err } = await runCli(['check'], { input });
  expect(code).toBe(2);
  expect(err).toContain(
    'standard input:6 cannot be played. The line is not JSON (column 10: expected a name in double quotes).\n',
  );
  expect(err).toMatch(
    /standard input:7 cannot be played\. The line must be a JSON object.* The same is true of 1 more line\.\n/,
  );
});

test('check names a creation that was refused', async () => {
  const line = (at: number, type: string) =>
    `${JSON.stringify({ at, dialect: 'aws-secrets-manager', secret: 'a b', action: { type } })}\n`;
  const input = [line(1, 'createSecret'), line(2, 'createVersion'), line(3, 'createVersion')];
  expect((await runCli(['check'], { input })).err).toContain(
    'standard input:2: Secret "a b" does not exist, because its creation on line 1 was refused (INVALID_VALUE). The same is true of 1 more line.\n',
  );
});

test('check reads a file once that is given in two ways', async () => {
  const { out } = await runCli(['check', stuck, `./${stuck}`, `${process.cwd()}/${stuck}`]);
  expect(out).toContain('1 secret checked');
});

test('check refuses a JSON file that has a name and a version but is not a secret', async () => {
  const { err } = await runCli(['check', 'package.json']);
  expect(err).toContain('package.json must be a state, a snapshot of the emulator, a response of CSMS ');
  const value = { version: { version_metadata: { id: 'v1', secret_name: 'db' }, secret_string: 'hunter2' } };
  const shown = await runCli(['check'], { input: [JSON.stringify(value)] });
  expect(shown.err).toContain('standard input contains the value of a secret, which was neither kept nor shown.');
  expect(shown.err).not.toContain('hunter2');
});

test('check reads standard input and a file called - as two inputs', async () => {
  const home = process.cwd();
  const made = mkdtempSync(join(tmpdir(), 'check-'));
  onTestFinished(() => {
    process.chdir(home);
    rmSync(made, { recursive: true });
  });
  const text = readFileSync(stuck, 'utf8');
  process.chdir(made);
  writeFileSync('-', text);
  const { out } = await runCli(['check', '-', './-'], { input: [text.replaceAll('db-password', 'other')] });
  expect(out).toContain('2 secrets checked');
});

test('check names the right document if the name of one file begins that of another', async () => {
  const files = ['db', 'db.json', 'db.json.old'].map((name) => fileOf(name, '{"versions": 5, "stages": []}'));
  const { code, err } = await runCli(['check', ...files]);
  expect(code).toBe(2);
  const [, ...lines] = err.split('\n');
  expect(lines.slice(0, 3).map((line) => line.trim().split(': ')[0])).toEqual(files);
});

test('check --baseline reports and fails only on new findings', async () => {
  const baseline = fileOf('baseline.json', (await runCli(['check', stuck, '--format', 'json'])).out);
  const known = await runCli(['check', stuck, '--baseline', baseline]);
  expect(known).toMatchObject({ code: 0, err: '' });
  expect(known.out).not.toContain('warning  stuck-stage');
  expect(known.out).toContain(
    ': 0 errors, 0 warnings, 0 notes; 1 rule could not be checked.\n' +
      'Not shown: 1 finding of the baseline. 0 findings of the baseline are gone.\n',
  );
  const full = 'test/transcripts/twelve-stages.jsonl';
  const { code, summary, baseline: counts } = await read([stuck, full, '--baseline', baseline]);
  expect([code, summary.warning, counts]).toEqual([1, 1, { known: 1, gone: 0 }]);
  expect((await read([full, '--baseline', baseline])).baseline).toEqual({ known: 0, gone: 1 });
  const { runs } = JSON.parse((await runCli(['check', stuck, '--baseline', baseline, '--format', 'sarif'])).out);
  expect(runs[0].results).toEqual([]);
});

test.each([
  ['{"version": 2, "secrets": []}', 'The baseline must be a report of version 1; got 2. '],
  ['{}', 'The baseline must be a report of check --format json.\n'],
  ['x', 'is not valid JSON: '],
])('check refuses the baseline %s', async (content, message) => {
  const baseline = fileOf('baseline.json', content);
  const { code, out, err } = await runCli(['check', stuck, '--baseline', baseline]);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(message);
});

test('check --format junit writes a failure for each finding that fails, and the exit code is the same', async () => {
  const junit = (...args: readonly string[]) => runCli(['check', stuck, '--format', 'junit', ...args], { tty: true });
  const { code, out } = await junit();
  expect(code).toBe(1);
  expect(out).toMatch(/^<\?xml .* tests="2" failures="1" errors="0" skipped="1">.*<\/testsuites>\n$/s);
  const lenient = await junit('--fail-on', 'error');
  expect(lenient.code).toBe(0);
  expect(lenient.out).toContain('tests="2" failures="0" errors="0" skipped="2"');
});

test('check prints what importers remark, and --fail-on-unchecked fails on a secret that could not be checked', async () => {
  const arn = (name: string) => `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}-a1b2c3`;
  const listed = [{ VersionId: token(1), VersionStages: ['AWSCURRENT'], CreatedDate: 1523477145.713 }];
  const versions = { ARN: arn('db'), Name: 'db', Versions: listed };
  const entry = (Name: string) => ({ ARN: arn(Name), Name, LastChangedDate: 1523477145.713 });
  const input = [JSON.stringify([versions, { SecretList: [{ ...entry('other') }] }])];
  const checked = (...args: readonly string[]) => runCli(['check', '--at', '2018-04-12', ...args], { input });
  const { code, out, err } = await checked();
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/Remarks on the input\n {2}Secret "other" was not checked\. .*\n\n1 secret checked/);
  expect(out).toContain('; 1 secret could not be checked.\n');
  expect((await checked('--fail-on-unchecked')).code).toBe(1);
  const { remarks, summary } = JSON.parse((await checked('--format', 'json')).out);
  expect([remarks, summary.notChecked]).toMatchObject([[{ kind: 'not-checked' }], 1]);
});
