import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { version } from '../../package.json';
import { run } from '../../src/cli/main.ts';
import { call, hostWith, runCli } from './host.ts';

const rotation = 'test/transcripts/rotation.jsonl';

test('--version and -v print the version, with and without a command', async () => {
  for (const args of [['--version'], ['-v'], ['check', '--version'], ['-v', 'replay', '--help']])
    expect(await runCli(args)).toEqual({ code: 0, out: `${version}\n`, err: '' });
});

test('options can come before the command', async () => {
  const after = await runCli(['plan', rotation, '--assign', 'canary=v1', '--format', 'json']);
  expect(after.code).toBe(0);
  expect(await runCli(['--format', 'json', 'plan', '--assign=canary=v1', rotation])).toEqual(after);
  expect((await runCli(['--no-color', '--quiet', 'replay', rotation])).out).toBe(
    (await runCli(['replay', '--quiet', rotation])).out,
  );
  expect(await runCli(['--format', 'sarif', 'check', rotation])).toEqual(
    await runCli(['check', '--format', 'sarif', rotation]),
  );
});

const commandList = 'Use one of check, plan, replay, dialects, serve, conform, vectors, completion, manual, help.';

test.each([
  [['play'], '"play" is not a command. Did you mean plan?'],
  [['__proto__'], `"__proto__" is not a command. ${commandList}`],
  [['--policy', 'check'], ''],
  [['--formt', 'json', 'check'], '--formt is not an option of secret-stages. Did you mean --format?'],
  [['--json', 'replay'], '--json is not an option of secret-stages. Use --format json.'],
  [['replay', '--json'], '--json is not an option of replay. Use --format json.'],
  [['--bogus'], '--bogus is not an option of secret-stages. Use one of --cloud, --policy, '],
  [['play', '--help'], '"play" is not a command. Did you mean plan?'],
  [['replay', 'a', 'b'], 'replay takes one FILE; got 2.'],
  [
    ['replay', '--format', 'json', '--quiet'],
    '--format json cannot be combined with --quiet, --html or --svg. Omit one of them.',
  ],
  [['replay', '--loud'], '--loud is not an option of replay. Did you mean --cloud?'],
  [['replay', 'no-such-file'], 'no-such-file does not exist. Check the path.'],
  [['replay', 'src'], 'src is a folder. Pass a file.'],
])('%j prints an error and the usage of the command', async (args, message) => {
  const { code, out, err } = await runCli(args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  if (message === '') expect(err).toMatch(/^Usage: secret-stages COMMAND/);
  else expect(err).toContain(`secret-stages: ${message}`);
  const name = args[0] === 'replay' ? 'replay' : undefined;
  expect(err).toContain(name ? `secret-stages help ${name}` : 'secret-stages help');
  expect(err.match(/^Usage:/gm)?.length ?? 0).toBeLessThanOrEqual(1);
  if (name) expect(err).toContain('\nUsage: secret-stages replay [FILE] [OPTION…]\nHelp: secret-stages help replay\n');
});

test('run does not wait for an output that has room', async () => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const argv = ['node', 'secret-stages', '--version'];
  expect(await run({ ...hostWith(), argv, stdout, stderr })).toBe(0);
  expect(String(stdout.read())).toBe(`${version}\n`);
});

test('run escapes what is typed and what is in files', async () => {
  expect((await runCli(['\u001b[31mplay'])).err).toContain('"\\u001b[31mplay" is not a command');
  const { out } = await runCli(['replay', '--format', 'json'], {
    input: [call(0, 'POST', '', { name: '\u009b\u202e' })],
  });
  expect(out).toContain('\\u009b\\u202e');
  expect(JSON.parse(out.split('\n')[0] ?? '').secret).toBe('\u009b\u202e');
});

test('a bug in secret-stages is not reported as a usage error', async () => {
  const input = {
    *[Symbol.iterator](): Generator<string> {
      yield '\n';
      throw new Error('our fault');
    },
  };
  await expect(runCli(['replay'], { input })).rejects.toThrow('our fault');
});

test('--color and --no-color override the terminal and the environment, and the last one wins', async () => {
  const isColored = async (args: readonly string[], options?: Parameters<typeof runCli>[1]) =>
    (await runCli(['replay', rotation, ...args], options)).out.includes('\u001b[');
  expect(await isColored([])).toBe(false);
  expect(await isColored(['--color'], { env: { NO_COLOR: '1' } })).toBe(true);
  expect(await isColored(['--no-color'], { tty: true })).toBe(false);
  expect(await isColored(['--no-color', '--color'])).toBe(true);
  expect(await isColored(['--color', '--no-color'])).toBe(false);
});

test('replay --quiet prints only the last board of each secret and the summary', async () => {
  const input = [
    call(0, 'POST', '', { name: 'one' }),
    call(0, 'POST', '', { name: 'two' }),
    call(1, 'POST', '/one/versions', {}),
    'x',
  ];
  expect(await runCli(['replay', '--quiet'], { input })).toEqual({
    code: 2,
    err: '',
    out: `one   ENABLED   2 of 12 stages, 2 of 20 versions
v1   SYSPREVIOUS   1970-01-01 00:00:00Z
v2   SYSCURRENT    1970-01-01 00:00:00.001Z

two   ENABLED   1 of 12 stages, 1 of 20 versions
v1   SYSCURRENT   1970-01-01 00:00:00Z

3 calls played: 3 done, 0 refused, 0 without effect on stages.
1 line cannot be played:
  line 4: The line must be a JSON object. Example: {"at": 1581507580000, "method": "PUT", "path": "/v1/…"}.
`,
  });
});

test('replay counts one call in the singular', async () => {
  const { out } = await runCli(['replay', '--quiet'], { input: [call(0, 'GET', '')] });
  expect(out).toBe('1 call played: 0 done, 0 refused, 1 without effect on stages.\n');
});

test('replay reads lines with any line ends, in any pieces, empty, and after a byte order mark', async () => {
  const text = `\uFEFF${call(0, 'POST', '', { name: 'db' })}\r\n\n${call(1, 'POST', '/db/versions', {}).trimEnd()}`;
  const bytes = Buffer.from(text.replace('}\n\r', '}\r'));
  for (const size of [1, 7, bytes.length]) {
    const input = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
    const { code, out } = await runCli(['replay', '-', '--format', 'json'], { input });
    expect(code).toBe(0);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).line),
    ).toEqual([1, 3, undefined]);
  }
});
