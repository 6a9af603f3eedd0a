import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import type { Log, Run } from 'sarif';
import { afterAll, expect, test } from 'vitest';
import { version } from '../../../package.json';
import { awsSecretsManager, createSecret, createVersion } from '../../../src/index.ts';
import { checkAll, pack, type Remark, type SourcedSecret, toSarif } from '../../../src/policy/index.ts';
import { call, runCli } from '../../cli/host.ts';

// The validator that comes with the schema: the matcher around it wants Jest.
interface Validator {
  readonly validate: (schema: object, data: unknown) => boolean;
  readonly addMetaSchema: (schema: unknown) => void;
  readonly errors: unknown;
}
const requireTheirs = createRequire(createRequire(import.meta.url).resolve('@microsoft/jest-sarif'));
const Ajv: new (options: object) => Validator = requireTheirs('ajv');
const ajv = new Ajv({ schemaId: 'auto' });
ajv.addMetaSchema(requireTheirs('ajv/lib/refs/json-schema-draft-04.json'));
const complaintsOf = (log: unknown): unknown => (ajv.validate(schema, log) ? null : ajv.errors);

const sarif = async (args: readonly string[], options?: Parameters<typeof runCli>[1]) => {
  const { out, err } = await runCli(['check', ...args, '--format', 'sarif'], options);
  expect(err).toBe('');
  expect(out.endsWith('}\n')).toBe(true);
  const log: Log = JSON.parse(out);
  expect(complaintsOf(log)).toBeNull();
  const [run] = log.runs;
  const results = run?.results ?? [];
  // What GitHub asks beyond the schema.
  const rules = run?.tool.driver.rules ?? [];
  for (const { ruleId, ruleIndex = -1, level, message, locations, partialFingerprints } of results) {
    expect(rules[ruleIndex]?.id).toBe(ruleId);
    expect(['error', 'warning', 'note']).toContain(level);
    expect(message.text).toMatch(/./);
    const place = locations?.[0]?.physicalLocation;
    expect(place?.artifactLocation?.uri).toMatch(/^[\w/.:%!~*'()-]+$/);
    expect(place?.region?.startLine).toBeGreaterThanOrEqual(1);
    expect(partialFingerprints).toEqual({ 'secretStages/v1': expect.stringMatching(/^\[.+\]:\d+$/) });
  }
  const fingerprints = results.map((result) => result.partialFingerprints?.['secretStages/v1']);
  expect(new Set(fingerprints).size).toBe(fingerprints.length);
  for (const rule of rules) {
    const texts = [rule.shortDescription?.text, rule.fullDescription?.text, rule.help?.text];
    for (const text of texts) expect(text).toMatch(/./);
  }
  const notifications = run?.invocations?.[0]?.toolExecutionNotifications ?? [];
  const places = results.map(({ ruleId, locations }) => {
    const place = locations?.[0]?.physicalLocation;
    return [ruleId, place?.artifactLocation?.uri, place?.region?.startLine];
  });
  return { log, rules, results, fingerprints, notifications, places };
};

const stuck = 'test/transcripts/stuck-rotation.jsonl';
const snapshot = 'test/policy/recordings/snapshot.json';
const folder = mkdtempSync(join(realpathSync(tmpdir()), 'sarif-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the SARIF validator refuses invalid logs', () => {
  expect(complaintsOf({ version: '2.1.0' })).not.toBeNull();
  expect(complaintsOf({ version: '2.1.0', runs: [{}] })).not.toBeNull();
});

test('toSarif writes findings as results at their line, and unchecked rules as notifications', async () => {
  const { log, rules, results, notifications } = await sarif([stuck]);
  expect(log.$schema).toMatch(/sarif-2\.1\.0/);
  expect(log.runs[0]?.tool.driver).toMatchObject({ name: 'secret-stages', version });
  expect(rules.map(({ id }) => id)).toEqual(pack.map(({ id }) => id));
  expect(rules[5]).toMatchObject({
    defaultConfiguration: { level: 'warning' },
    properties: { thresholds: { days: 7 } },
  });
  expect(results).toEqual([
    {
      ruleId: 'stuck-stage',
      ruleIndex: 5,
      level: 'warning',
      message: { text: expect.stringMatching(/^db-password: Stage "pending" has been on version "v3" for 7 days/) },
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: stuck }, region: { startLine: 3 } },
          logicalLocations: [{ fullyQualifiedName: 'demo/db-password/pending/v3' }],
        },
      ],
      partialFingerprints: expect.any(Object),
      properties: {
        stage: 'pending',
        versionId: 'v3',
        since: 1_581_593_980_000,
        remedy: [{ type: 'assignStage', stage: 'pending', versionId: 'v2', at: 1_582_284_780_000, from: 'v3' }],
      },
    },
  ]);
  expect(notifications).toEqual([
    {
      level: 'note',
      associatedRule: { id: 'expired-version', index: 4 },
      message: { text: expect.stringMatching(/^db-password: Expiry is unknown/) },
      locations: [{ physicalLocation: { artifactLocation: { uri: stuck }, region: { startLine: 1 } } }],
    },
  ]);
});

test('toSarif writes fingerprints that are stable and unique', async () => {
  const [first, second] = [await sarif([stuck]), await sarif([stuck, '--at', '2021-01-01'])];
  expect(first.fingerprints).toEqual(second.fingerprints);
  const born = call(0, 'POST', '', { name: 'db' });
  const put = (at: number, versionId: string) => call(at, 'PUT', '/db/stages/SYSCURRENT', { version_id: versionId });
  // Two rollbacks to one version are two findings, each at its own line, also where the clock is coarse.
  const lines = [born, call(5, 'POST', '/db/versions', {}), put(5, 'v1'), put(6, 'v2'), put(7, 'v1')];
  const { places } = await sarif([], { input: lines });
  expect(places.filter(([rule]) => rule === 'rollback')).toEqual([
    ['rollback', 'standard%20input', 3],
    ['rollback', 'standard%20input', 5],
  ]);
});

test('toSarif distinguishes secrets of the same name in several files', async () => {
  const state = JSON.stringify({ ...JSON.parse(readFileSync('test/policy/recordings/state.json', 'utf8')) });
  const [one, other] = [join(folder, 'one.json'), join(folder, 'other.json')];
  for (const file of [one, other]) writeFileSync(file, state);
  const { results } = await sarif([one, other]);
  expect(results).toHaveLength(2);
});

test('toSarif puts a finding without a time at the last change of a transcript, or at the line of a document', async () => {
  const { places } = await sarif(['test/transcripts/twelve-stages.jsonl']);
  const { length } = readFileSync('test/transcripts/twelve-stages.jsonl', 'utf8').trimEnd().split('\n');
  expect(places).toEqual([['stage-budget', 'test/transcripts/twelve-stages.jsonl', length]]);
  const state = JSON.stringify(JSON.parse(readFileSync('test/policy/recordings/state.json', 'utf8')));
  const other = state.replaceAll('db-password', 'other');
  const given = await sarif(['-'], { input: [`${state}\n\n${other}\n`] });
  expect(given.places.map(([, , line]) => line)).toEqual([1, 3]);
  const lines = given.notifications.map((one) => one.locations?.[0]?.physicalLocation?.region?.startLine);
  expect(lines).toEqual([1, 3]);
});

test('toSarif writes relative URIs, and absolute ones only for files outside of the folder', async () => {
  const uri = async (file: string) => (await sarif([file, '--at', '1700000000000'])).places[0]?.[1];
  expect(await uri(resolve(snapshot))).toBe(snapshot);
  expect(await uri(`./test/../${snapshot}`)).toBe(snapshot);
  const text = readFileSync(snapshot);
  const names = ['a b', 'é#?%', '[x]', '😀'];
  for (const name of names) writeFileSync(join(folder, name), text);
  for (const name of names)
    expect(await uri(join(folder, name))).toBe(
      `file://${join(folder, name).split('/').map(encodeURIComponent).join('/')}`,
    );
});

test('toSarif escapes relative URIs', async () => {
  const near = mkdtempSync('node_modules/.sarif-');
  const file = join(near, 'nächtlich geprüft:[1].json');
  writeFileSync(file, readFileSync(snapshot));
  const { places } = await sarif([file, '--at', '1700000000000']);
  rmSync(near, { recursive: true });
  expect(places[0]?.[1]).toBe(`${near}/n%C3%A4chtlich%20gepr%C3%BCft%3A%5B1%5D.json`);
});

test('toSarif uses the severities of the policy, and omits rules that are off', async () => {
  mkdirSync(join(folder, 'p'));
  const policy = join(folder, 'p', 'policy.json');
  writeFileSync(policy, JSON.stringify({ rules: { 'stuck-stage': { severity: 'error', days: 3 } }, others: 'off' }));
  const { rules, results, notifications } = await sarif([stuck, '--policy', policy]);
  expect(rules).toMatchObject([{ id: 'stuck-stage', defaultConfiguration: { level: 'error' } }]);
  expect(results).toMatchObject([{ ruleIndex: 0, level: 'error' }]);
  expect(notifications).toEqual([]);
});

test('toSarif writes a valid log without findings', async () => {
  const healthy = { ...createSecret({ name: 'db', at: 0 }) };
  const { results } = await sarif(['-', '--at', '5'], { input: [JSON.stringify(healthy)] });
  expect(results).toEqual([]);
});

test('a SARIF message says what is wrong, and then the fix or the advice', async () => {
  const { results } = await sarif([stuck]);
  expect(results[0]?.message.text).toMatch(/^db-password: Stage "pending" .* Fix: curl .*'\{"version_id":"v2"\}'$/);
  const full = await sarif(['test/transcripts/twelve-stages.jsonl']);
  const budget = full.results.find(({ ruleId }) => ruleId === 'stage-budget');
  expect(budget?.message.text).toMatch(/ What to do: Remove stages that no reader uses\.$/);
});

test('a SARIF message contains no link, and no change of the reading order', async () => {
  const id = (number: number) => `${number}`.repeat(32);
  const stage = '[look](https://evil.example)\u202e';
  const input = [
    { type: 'createSecret', versionId: id(1) },
    { type: 'createVersion', versionId: id(2), stages: [stage] },
  ].map((action, at) => `${JSON.stringify({ at, secret: 'db', action })}\n`);
  const { results } = await sarif(['--cloud', 'aws-secrets-manager', '--at', '2020-01-01'], { input });
  const { text = '' } = results.find(({ ruleId }) => ruleId === 'stuck-stage')?.message ?? {};
  expect(text).toContain('Stage "[look]\\u0028https://evil.example)\\u{202e}"');
  expect(text).not.toMatch(/\]\(|\u202e/);
  const [, remedy = ''] = /Fix: (\{.*\})/.exec(text) ?? [];
  expect(JSON.parse(remedy)).toMatchObject({ action: { stage } });
});

test('a SARIF message under another dialect has the fix as an action', async () => {
  const did = (at: number, action: object) => `${JSON.stringify({ at, secret: 'db', action })}\n`;
  const input = [
    did(0, { type: 'createSecret', versionId: 'one' }),
    did(1, { type: 'createVersion', versionId: 'two', stages: ['blue'] }),
  ];
  const { results, places } = await sarif(['--cloud', 'alibaba-kms', '--at', '864000000'], { input });
  expect(results[0]?.message.text).toMatch(
    / Fix: \{"at":864000000,"dialect":"alibaba-kms","secret":"db","action":\{"type":"assignStage","stage":"blue","versionId":"one",.*\}\}$/,
  );
  expect(places).toEqual([['stuck-stage', 'standard%20input', 2]]);
});

const at = 1_600_000_000_000;
const secretOf = (fields: object, stage = 'canary'): SourcedSecret => ({
  state: createVersion(
    createSecret({ name: 'db', at: 0, versionId: id(1) }, awsSecretsManager),
    { at: 1000, stages: [stage], versionId: id(2) },
    awsSecretsManager,
  ),
  project: null,
  source: 'db.json',
  dialect: awsSecretsManager,
  expireTimes: {},
  ...fields,
});
const id = (number: number) => `${number}`.repeat(32);
const runOf = (secret: SourcedSecret, remarks: readonly Remark[] = []) => {
  const log = toSarif(checkAll([secret], { at, remarks }));
  expect(complaintsOf(JSON.parse(JSON.stringify(log)))).toBeNull();
  const [run]: readonly Run[] = JSON.parse(JSON.stringify(log.runs));
  return run ?? expect.fail('There is no run.');
};

test('toSarif writes no command in which a name looks like a link', () => {
  const text = (stage: string) => runOf(secretOf({}, stage)).results?.[0]?.message.text;
  expect(text('[look')).toMatch(/ Fix: aws secretsmanager update-secret-version-stage /);
  expect(text('[look](x)')).toMatch(/ What to do: /);
});

test('toSarif writes remarks as notifications', () => {
  const remarks: readonly Remark[] = [
    { kind: 'value', path: 'a.json', sentence: 'a.json has a value.' },
    { kind: 'date', path: 'b.json', sentence: 'It is [a](b).' },
  ];
  const { invocations = [] } = runOf(secretOf({ replicaOf: 'eu-central-1' }), remarks);
  expect(invocations[0]?.toolExecutionNotifications).toEqual([
    {
      level: 'note',
      message: { text: expect.stringMatching(/^db: .*eu-central-1/) },
      locations: [{ physicalLocation: { artifactLocation: { uri: 'db.json' }, region: { startLine: 1 } } }],
    },
    { level: 'warning', message: { text: 'a.json has a value.' } },
    { level: 'note', message: { text: 'It is [a]\\u0028b).' } },
  ]);
});

test.each([
  ['a b/c.json', 'a%20b/c.json'],
  ['/tmp/[x].json', 'file:///tmp/%5Bx%5D.json'],
  ['C:/tmp/x.json', 'file:///C:/tmp/x.json'],
  ['C:\\half \ud83d.json', 'file:///C:/half%20%EF%BF%BD.json'],
  ['\u{1f511}.json', '%F0%9F%94%91.json'],
])('toSarif writes the file %s as the URI %s', (file, uri) => {
  const [result] = runOf(secretOf({ file })).results ?? [];
  expect(result?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe(uri);
});

test('toSarif writes a finding whose rule is not in the report', () => {
  const { runs } = toSarif({ ...checkAll([secretOf({})], { at }), rules: [] });
  expect(runs).toMatchObject([{ results: [{ ruleId: 'stuck-stage', ruleIndex: -1 }] }]);
});
