import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { awsSecretsManager, huaweiCsms } from '../../src/index.ts';
import { born, did, named, outcomes, playUnder, pruned } from '../transcript/lines.ts';
import { call, runCli, usageOf } from './host.ts';

const transcripts = readdirSync('test/transcripts');

test.each(transcripts)('replay prints the board of %s after each line', async (file) => {
  const { code, out } = await runCli(['replay', `test/transcripts/${file}`]);
  expect(code).toBe(out.includes('     refused: ') ? 1 : 0);
  await expect(out).toMatchFileSnapshot(`boards/${file.replace('.jsonl', '.txt')}`);
});

test('replay sets the stage that the example of the documentation shows', async () => {
  const { out } = await runCli(['replay', 'test/transcripts/founding-example.jsonl', '--format', 'json']);
  const last = JSON.parse(out.trimEnd().split('\n').at(-2) ?? '');
  const { stage } = JSON.parse(
    readFileSync('test/transcripts/founding-example.jsonl', 'utf8').trimEnd().split('\n').at(-1) ?? '',
  ).response;
  expect(last.effects).toEqual([
    { type: 'stageAdded', stage: stage.name, to: stage.version_id, at: stage.update_time },
    { type: 'versionRevived', versionId: stage.version_id },
  ]);
  expect([last.secret, last.at]).toEqual([stage.secret_name, stage.update_time]);
});

test('replay says that a secret is created without a version', async () => {
  const input = [did(0, 'createSecret', { versionId: null }), did(1, 'pruneDeprecated')];
  const { out } = await runCli(['replay', '--cloud', 'google-secret-manager'], { input });
  expect(out).toMatch(/createSecret {2}db\n {5}The secret is created without a version\.\n/);
  expect(out.match(/nothing changed/g)).toHaveLength(1);
});

test('replay refuses a transcript of another cloud than --cloud says, and says what to do', async () => {
  const line = named(did(0, 'createSecret'), 'aws-secrets-manager');
  const refused = (its: string, given: string) => ({
    code: 2,
    err:
      `secret-stages: standard input:1 cannot be played. The secret belongs to "${its}", but --cloud is "${given}". ` +
      `Omit --cloud, or pass --cloud ${its}.\n${usageOf('replay')}`,
  });
  expect(await runCli(['replay', '--quiet', '--cloud', 'huawei-csms'], { input: [line] })).toMatchObject(
    refused('aws-secrets-manager', 'huawei-csms'),
  );
  expect(await runCli(['replay', '--cloud', 'alibaba-kms'], { input: [born] })).toMatchObject(
    refused('huawei-csms', 'alibaba-kms'),
  );
  expect(outcomes(named(did(0, 'createSecret'), 5))).toEqual(['unusable']);
});

test('replay plays no action before a line names the dialect, and says how to name it', async () => {
  const create = did(0, 'createSecret');
  const wanted =
    'The dialect is unknown. Pass --cloud, or add "dialect" to the line. Example: {"at": 1581507580000, ' +
    '"dialect": "aws-secrets-manager", "secret": "db", "action": {"type": "createSecret"}}';
  const [event] = playUnder(undefined, [create]);
  expect(event).toEqual({ outcome: 'unusable', line: 1, expected: wanted });
  const { code, err } = await runCli(['replay'], { input: [create] });
  expect([code, err]).toEqual([2, expect.stringContaining(`line 1: ${wanted}.\n`)]);
  const [, example = ''] = /Example: (\{.*\}\})$/.exec(wanted) ?? [];
  expect(playUnder(undefined, [create, example, did(1, 'createVersion')])).toMatchObject([
    { outcome: 'unusable' },
    { outcome: 'done', dialect: awsSecretsManager },
    { outcome: 'done', dialect: awsSecretsManager },
  ]);
});

test('replay refuses a line of another cloud than the lines before it, and an unknown dialect', async () => {
  const aws = named(did(0, 'createSecret', {}, 'other'), 'aws-secrets-manager');
  expect(await runCli(['replay', '--quiet'], { input: [born, aws] })).toMatchObject({
    code: 2,
    err:
      'secret-stages: standard input:2 cannot be played. The secret belongs to "aws-secrets-manager", but the lines before it ' +
      `belong to "huawei-csms". Use a separate file for each cloud.\n${usageOf('replay')}`,
  });
  expect(() => playUnder(undefined, [aws, born])).toThrow(
    'transcript:2 cannot be played. The secret belongs to "huawei-csms"',
  );
  const unknown =
    'transcript:1 cannot be played. "our-vault" is not a dialect; use one of huawei-csms, aws-secrets-manager, alibaba-kms, ' +
    'google-secret-manager';
  for (const given of [undefined, huaweiCsms])
    expect(() => playUnder(given, [named(did(0, 'createSecret'), 'our-vault')])).toThrow(unknown);
});

test('replay --cloud draws the boards of another cloud, and refuses an unknown cloud', async () => {
  const transcript = 'test/transcripts/aws-rotation.jsonl';
  const { code, out } = await runCli(['replay', transcript, '--quiet'], { tty: true });
  expect(code).toBe(1);
  expect(out).toContain('2 of 20 stages, 3 of about 100 versions');
  expect(out).toContain('\u001b[32mAWSCURRENT\u001b[39m');
  expect(out).toContain('\u001b[33mAWSPREVIOUS\u001b[39m');
  const google = { input: [did(0, 'createSecret')] };
  expect((await runCli(['replay', '--quiet', '--cloud=google-secret-manager'], google)).out).toContain(
    'db   ENABLED   Google Secret Manager, 0 of 50 stages, 1 version\n1   deprecated',
  );
  expect(await runCli(['replay', transcript, '--cloud', 'aws'])).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('"aws" is not a cloud. Did you mean aws-secrets-manager?'),
  });
});

test('replay, check and plan read calls of AWS', async () => {
  const transcript = 'test/transcripts/aws-calls.jsonl';
  const { code, out } = await runCli(['replay', transcript, '--format', 'json']);
  expect(code).toBe(1);
  const events = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events[3]).toMatchObject({
    operation: 'UpdateSecretVersionStage',
    project: '123456789012/eu-west-1',
    secret: 'shop/db',
    refusal: { code: 'HOLDER_NOT_NAMED', stage: 'AWSCURRENT' },
  });
  expect(events.at(-1).summary).toMatchObject({
    calls: 11,
    done: 8,
    unmoved: 1,
    refused: [
      { line: 4, code: 'HOLDER_NOT_NAMED' },
      { line: 9, code: 'InvalidRequestException' },
    ],
    unusable: [],
  });
  const checked = await runCli(['check', transcript]);
  expect(checked).toMatchObject({ code: 0, err: '' });
  const planned = await runCli(['plan', transcript, '--new-version', '--format', 'state']);
  expect(planned).toMatchObject({ code: 0, err: '' });
  expect(Object.keys(JSON.parse(planned.out).state.versions)).toHaveLength(5);
});

test('check keeps the history of an AWS secret that is created again with the same token', async () => {
  const versionId = '3b7c1f52-0d7e-4a39-9c41-6f2f5a1d0001';
  const body = { Name: 'db', ClientRequestToken: versionId, SecretString: 'hunter2' };
  const creation = (at: number) => `${JSON.stringify({ at, target: 'secretsmanager.CreateSecret', body })}\n`;
  const pending = { SecretId: 'db', ClientRequestToken: versionId.replace(/1$/, '2'), VersionStages: ['AWSPENDING'] };
  const start = Date.UTC(2026, 0);
  const put = `${JSON.stringify({ at: start + 1, target: 'secretsmanager.PutSecretValue', body: pending })}\n`;
  const at = ['--at', '2026-01-20T00:00:00Z', '--format', 'sarif'];
  const { out } = await runCli(['check', ...at], { input: [creation(start), put, creation(start + 2)] });
  const [found] = JSON.parse(out).runs[0].results;
  expect(found).toMatchObject({
    ruleId: 'stuck-stage',
    locations: [{ physicalLocation: { region: { startLine: 2 } } }],
  });
});

test('check and plan read a transcript that prunes', async () => {
  const input = [born, call(1, 'POST', '/db/versions', {}), call(2, 'POST', '/db/versions', {}), pruned(3)];
  const { code, out, err } = await runCli(['plan', '-', '--new-version', '--format', 'state'], { input });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(Object.keys(JSON.parse(out).state.versions)).toEqual(['v2', 'v3', 'v4']);
  expect((await runCli(['check'], { input })).out).toContain('1 secret checked as of 1970-01-01 00:00:00.003Z');
  const drawn = await runCli(['replay'], { input });
  expect(drawn.out).toContain('  4  1970-01-01 00:00:00.003Z  pruneDeprecated  db\n     Version "v1" is deleted');
});

test('replay --format json prints one event per line with the board, then the summary', async () => {
  const input = [born, call(1, 'DELETE', '/db/stages/SYSCURRENT'), 'x\n', call(2, 'DELETE', '/db')];
  const { out } = await runCli(['replay', '--format', 'json'], { input });
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const board = {
    project: 'p',
    secret: 'db',
    status: 'ENABLED',
    scheduledDeleteTime: null,
    versions: [{ id: 'v1', createTime: 0, stages: ['SYSCURRENT'], deprecated: false }],
  };
  expect(lines).toEqual([
    {
      line: 1,
      operation: 'CreateSecret',
      at: 0,
      project: 'p',
      secret: 'db',
      outcome: 'done',
      effects: [
        { type: 'versionCreated', versionId: 'v1', at: 0 },
        { type: 'stageAdded', stage: 'SYSCURRENT', to: 'v1', at: 0 },
      ],
      board,
    },
    {
      line: 2,
      operation: 'DeleteSecretStage',
      at: 1,
      project: 'p',
      secret: 'db',
      outcome: 'refused',
      refusal: { code: 'BUILT_IN_STAGE', stage: 'SYSCURRENT', versionId: 'v1' },
      sentence: 'Stage "SYSCURRENT" is built in, so it can move but not be removed. It is on version "v1".',
      board,
    },
    { line: 3, outcome: 'unusable', expected: expect.stringMatching(/^The line must be a JSON object\. Example: /) },
    {
      line: 4,
      operation: 'DeleteSecret',
      at: 2,
      project: 'p',
      secret: 'db',
      outcome: 'done',
      effects: [{ type: 'secretDeleted' }],
      board: null,
    },
    {
      summary: {
        calls: 3,
        done: 2,
        unmoved: 0,
        refused: [{ line: 2, code: 'BUILT_IN_STAGE' }],
        unusable: [{ line: 3, expected: expect.any(String) }],
      },
    },
  ]);
});

test('replay has a sentence for each effect, and makes control characters visible', async () => {
  const answer = { version_metadata: { id: 'v\u001b[31m\u202E2' } };
  const { code, out } = await runCli(['replay'], {
    input: [
      born,
      call(1, 'POST', '/db/versions', { version_stages: [] }, answer),
      call(2, 'PUT', '/db/stages/SYSCURRENT', { version_id: 'v1' }),
      call(2, 'PUT', '/db/stages/SYSCURRENT', { version_id: 'v1' }),
      call(3, 'PUT', '/db/stages/canary', { version_id: answer.version_metadata.id }),
      call(4, 'PUT', '/db/stages/canary', { version_id: 'v1' }),
      call(5, 'DELETE', '/db/stages/canary'),
      call(6, 'GET', '/db?limit=5'),
      call(6, 'PUT', '/db/stages/canary', { version_id: '\u0007' }),
      'x\n',
      call(7, 'DELETE', '/db'),
    ],
  });
  expect(code).toBe(2);
  expect([...out].filter((sign) => sign !== '\n' && (sign < ' ' || sign === '\u202E'))).toEqual([]);
  await expect(out).toMatchFileSnapshot('boards/every-effect.txt');
});

test('replay --html writes a page, --svg writes pictures, and only the summary is printed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'secret-stages-pictures-'));
  const [html, svg] = [join(folder, 'report.html'), join(folder, 'report.svg')];
  const { code, out } = await runCli(['replay', 'test/transcripts/rotation.jsonl', '--html', html, '--svg', svg]);
  expect([code, out]).toEqual([1, expect.stringMatching(/^\d+ calls played: /)]);
  expect(readFileSync(html, 'utf8')).toContain('<title>rotation.jsonl');
  await expect(readFileSync(svg, 'utf8')).toMatchFileSnapshot('boards/rotation.svg');

  await runCli(['replay', '--svg', svg], { input: [born] });
  expect(readFileSync(svg, 'utf8')).toContain('Transcript from standard input');
  const itself = await runCli(['replay', html, '--html', join(folder, '.', 'report.html')]);
  expect(itself).toMatchObject({ code: 2, out: '', err: expect.stringContaining(`it is the input ${html}`) });
  expect(readFileSync(html, 'utf8')).toContain('<title>rotation.jsonl');
  const twice = await runCli(['replay', '--html', svg, '--svg', `${folder}/./report.svg`], { input: [born] });
  expect(twice).toMatchObject({ code: 2, out: '', err: expect.stringContaining(`the same file as the output ${svg}`) });
  const unwritten = await runCli(['replay', '--html', join(folder, 'no', 'such', 'folder.html')], { input: [born] });
  expect(unwritten).toMatchObject({ code: 2, out: '', err: expect.stringContaining('its folder does not exist') });
  expect(readdirSync(folder).sort()).toEqual(['report.html', 'report.svg']);
  rmSync(folder, { recursive: true });
});

test('replay refuses a transcript without a line that it can play, and writes nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'secret-stages-unplayed-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const html = join(folder, 'report.html');
  const err = (text: string) => `secret-stages: standard input ${text}\n${usageOf('replay')}`;
  for (const input of [[], ['\n\uFEFF \n']]) {
    expect(await runCli(['replay', '--html', html], { input })).toEqual({
      code: 2,
      out: '',
      err: err('is empty. Check the command that wrote it.'),
    });
  }
  const lines = Array.from({ length: 22 }, (_, index) => `hunter${index}\n`);
  const unplayed = await runCli(['replay', '--html', html], { input: lines });
  expect(unplayed).toMatchObject({ code: 2, out: '' });
  expect(unplayed.err).toMatch(
    /^secret-stages: No line of standard input can be played:\n {2}line 1: The line must be a JSON object\. Example/,
  );
  expect(unplayed.err).toContain(`\n  and 2 more\n${usageOf('replay')}`);
  expect(unplayed.err).not.toContain('hunter');
  expect(readdirSync(folder)).toEqual([]);
});

test('replay refuses a transcript whose times look like seconds', async () => {
  const { code, err } = await runCli(['replay'], { input: [call(1_581_507_580, 'POST', '', { name: 'db' })] });
  expect(code).toBe(2);
  expect(err).toContain('line 1: at must be epoch milliseconds as a number; this looks like seconds. Example: {');
});

test('replay lists the first hundred refusals, and how many more there are', async () => {
  const refused = Array.from({ length: 103 }, (_, index) => call(index, 'DELETE', '/db/stages/SYSCURRENT'));
  const { code, out } = await runCli(['replay', '--quiet'], { input: [born, ...refused] });
  expect(code).toBe(1);
  expect(out.match(/^ {2}line \d+ refused/gm)).toHaveLength(100);
  expect(out).toContain('\nand 3 more\n');
});

test('replay says where a line stops being JSON', async () => {
  const { code, out } = await runCli(['replay'], { input: [born, '{"at": 5,}\n'] });
  expect(code).toBe(2);
  expect(out).toContain('Line 2 cannot be played. The line is not JSON (column 10: expected a name in double quotes).');
});

test('replay refuses to write over the dialect that it reads', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'secret-stages-vault-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const vault = join(folder, 'vault.json');
  writeFileSync(vault, '{"base": "huawei-csms"}');
  const { code, err } = await runCli(['replay', '--cloud', vault, '--svg', vault], { input: [born] });
  expect(code).toBe(2);
  expect(err).toContain(`${vault} cannot be written: it is the input ${vault}. Pass another path.`);
  expect(readFileSync(vault, 'utf8')).toBe('{"base": "huawei-csms"}');
});
