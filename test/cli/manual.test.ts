import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { readCredentials } from '../../src/api/csms/index.ts';
import { readCloud } from '../../src/cli/cloud.ts';
import { commands } from '../../src/cli/main.ts';
import { manualOf } from '../../src/cli/manual.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { hostWith, runCli, startCli } from './host.ts';

const page = resolve('src/cli/README.md');
const manual = manualOf(commands);
const blocks = [...manual.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', code = '']) => ({
  language,
  code,
}));
const [policy = '', dialect = '', call = '', awsCall = '', awsEvent = '', action = '', credentials = ''] = blocks
  .filter(({ language }) => language === 'json')
  .map(({ code }) => code);
const examples = commands.flatMap((command) => command.examples.map((line) => [line] as const));

/** The rules in the manual, with the library of this repository. */
const rules = (blocks.find(({ language }) => language === 'js')?.code ?? '').replace(
  "'secret-stages/policy'",
  JSON.stringify(pathToFileURL('src/policy/index.ts').href),
);

// The examples run in a folder that has the files that they name.
const home = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'manual-'));
beforeAll(() => {
  const transcript = readFileSync('test/transcripts/rotation.jsonl', 'utf8');
  const responses = readFileSync('test/policy/recordings/aws-versions.json', 'utf8');
  const state = readFileSync('test/policy/recordings/state.json', 'utf8');
  process.chdir(folder);
  mkdirSync('recordings');
  for (const [file, text] of Object.entries({
    'rotation.jsonl': transcript,
    'responses.json': responses,
    'recordings/db.json': state,
    'policy.json': policy,
    'credentials.json': credentials,
    'rules.mjs': rules,
    'baseline.json': JSON.stringify({ version: 1, secrets: [] }),
  }))
    writeFileSync(file, text);
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

test('the manual in the repository matches the commands', async () => {
  await expect(manual).toMatchFileSnapshot(page);
  expect(await runCli(['manual'])).toEqual({ code: 0, out: manual, err: '' });
});

test('manual COMMAND prints the part about a command', async () => {
  for (const { name } of commands) {
    const { out } = await runCli(['manual', name]);
    expect(out).toMatch(new RegExp(`^## secret-stages ${name}\n`));
    expect(manual).toContain(out);
  }
  expect((await runCli(['manual', 'chek'])).err).toContain('"chek" is not a command. Did you mean check?');
});

test('the manual describes every option of every command', () => {
  for (const { name, options } of commands) {
    const [, chapter = ''] = manual.split(`## secret-stages ${name}\n`);
    for (const option of Object.keys(options)) expect(chapter.split('\n## ')[0]).toContain(`- \`--${option}`);
  }
});

test.each(examples)('the example runs: secret-stages %s', async (line) => {
  // The shell removes the redirection.
  const args = (line.split(' > ')[0] ?? '').split(' ');
  if (args[0] === 'serve' || args[0] === 'conform') {
    const cloud = args.indexOf('--cloud');
    const server = startCli([
      'serve',
      ...(args[0] === 'serve' ? args.slice(1).filter((arg) => !/^(--port|8080|4566)$/.test(arg)) : []),
      ...(args[0] === 'conform' && cloud > 0 ? args.slice(cloud, cloud + 2) : []),
    ]);
    const [url = ''] = /http:\S+/.exec(await server.sees(/Ctrl-C/)) ?? [];
    if (args[0] === 'conform') {
      const conform = args.map((arg) => arg.replace(/^http:.*/, url));
      expect(await runCli(conform, { env: { CSMS_TOKEN: 'any' } })).toMatchObject({ code: 0, err: '' });
    }
    server.signal('SIGTERM');
    expect((await server.ended).code).toBe(0);
    return;
  }
  const { code, out, err } = await runCli(args);
  expect(err).toBe('');
  expect([0, 1]).toContain(code);
  expect(out).not.toBe('');
});

/** The commands in the snippets for CI, without `npx secret-stages`. */
const inCi = [...manual.matchAll(/npx secret-stages (check .*) > (\S+)$/gm)].map(([, line = '', file = '']) => [
  line,
  file,
]);

test('the commands for GitHub Actions and GitLab CI run on recordings of both clouds', async () => {
  expect(inCi.map(([, file]) => file)).toEqual(['baseline.json', 'secrets.sarif', 'secrets.xml']);
  const added = ['recordings/aws.json', 'recordings/stuck.jsonl'] as const;
  onTestFinished(() => {
    for (const file of added) rmSync(file);
  });
  writeFileSync(added[0], readFileSync('responses.json'));
  writeFileSync(added[1], readFileSync(join(home, 'test/transcripts/stuck-rotation.jsonl')));
  const written: string[] = [];
  for (const [line = '', file = ''] of inCi) {
    const { code, out, err } = await runCli(line.split(' '));
    // The findings of the first run are the baseline of the others.
    expect([code, err]).toEqual([written.length === 0 ? 1 : 0, '']);
    writeFileSync(file, out);
    written.push(out);
  }
  const [report = '', sarif = '', junit = ''] = written;
  const { secrets } = JSON.parse(report);
  expect(new Set(secrets.map(({ dialect }: { dialect: string }) => dialect))).toEqual(
    new Set(['aws-secrets-manager', 'huawei-csms']),
  );
  expect(JSON.parse(sarif).runs[0].results).toEqual([]);
  expect(junit).toMatch(/^<\?xml .* failures="0" /);
});

test('the rules in the manual find an old version in both clouds', async () => {
  const args = ['check', '--rules', './rules.mjs', '--format', 'json'];
  for (const file of ['recordings/db.json', 'responses.json']) {
    const { out } = await runCli([...args, file]);
    const [{ findings }] = JSON.parse(out).secrets;
    expect(findings).toContainEqual(expect.objectContaining({ rule: 'fresh-current', severity: 'error' }));
  }
});

test('the policy, the dialect and the credentials in the manual are valid', async () => {
  expect(parsePolicy(JSON.parse(policy))).toMatchObject({ ok: true });
  expect(readCredentials(JSON.parse(credentials), 'credentials.json')).toMatchObject({ tokens: [{ projects: ['p'] }] });
  writeFileSync('vault.json', dialect);
  expect(await readCloud(hostWith(), './vault.json')).toMatchObject({ id: 'huawei-csms', stages: { limit: 5 } });
});

test('the transcript lines in the manual can be played', async () => {
  const created = '{"at": 0, "method": "POST", "path": "/v1/p/secrets", "body": {"name": "db"}}\n';
  const calls = await runCli(['replay', '--quiet'], { input: [created, call.replace('"v2"', '"v1"')] });
  expect(calls).toMatchObject({ code: 0, out: expect.stringContaining('v1   SYSCURRENT, canary') });
  const awsCreated =
    '{"at": 0, "target": "secretsmanager.CreateSecret", "body": {"Name": "db", "SecretString": "x"}}\n';
  const awsCalls = await runCli(['replay', '--quiet'], { input: [awsCreated, awsCall] });
  expect(awsCalls).toMatchObject({ code: 0, out: expect.stringMatching(/ AWSCURRENT .*\n.* AWSPENDING /) });
  const awsEvents = await runCli(['replay', '--quiet'], { input: [awsCreated, awsEvent] });
  expect(awsEvents).toMatchObject({ code: 0, out: expect.stringMatching(/ AWSPREVIOUS .*\n.* AWSCURRENT /) });
  expect(await runCli(['replay', '--quiet'], { input: [action] })).toMatchObject({ code: 0 });
});

test('the manual has no other code blocks', () => {
  expect(new Set(blocks.map(({ language }) => language))).toEqual(new Set(['js', 'json', 'sh', 'text', 'yaml']));
  expect(blocks.filter(({ language }) => language === 'json')).toHaveLength(7);
});
