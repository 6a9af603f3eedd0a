import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { optionsFor } from '../../src/cli/plan-command.ts';
import {
  assignStage,
  awsSecretsManager,
  createSecret,
  createVersion,
  removeStage,
  type SecretAction,
  type SecretState,
} from '../../src/index.ts';
import { property, runs } from '../property.ts';
import { call, runCli, usageOf } from './host.ts';

const stuck = 'test/transcripts/stuck-rotation.jsonl';
const state = JSON.parse(readFileSync('test/policy/recordings/state.json', 'utf8'));
const at = 1_582_284_780_000;
const aws = ['test/transcripts/aws-rotation.jsonl', '--cloud', 'aws-secrets-manager'];
const token = (number: number) => `3b7c1f52-0d7e-4a39-9c41-6f2f5a1d000${number}`;

const folder = mkdtempSync(join(tmpdir(), 'plan-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fileOf = (name: string, content: unknown): string => {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
};

const plan = async (args: readonly string[], input?: readonly string[]) => {
  const { code, out, err } = await runCli(['plan', ...args, '--format', 'json'], input && { input });
  expect(err).toBe('');
  return { code, ...JSON.parse(out) };
};
const actionsOf = async (...args: readonly string[]) => (await plan([stuck, ...args])).actions;
const isQuiet = (text: string) => [...text].every((sign) => sign === '\n' || (sign >= ' ' && sign !== '\u202E'));

test('plan prints the boards before and after, the changes, the side effects, and the fixed findings', async () => {
  const { code, out, err } = await runCli(['plan', stuck, '--assign', 'pending=v2']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  await expect(out).toMatchFileSnapshot('boards/plan-stuck-rotation.txt');
});

test('plan prints the findings that the actions cause, with a preview of the remedy after them', async () => {
  const args = [stuck, '--assign', 'SYSCURRENT=v1', '--new-version', '--stages', '', '--prune', '--keep', '1'];
  const { code, out } = await runCli(['plan', ...args]);
  expect(code).toBe(1);
  await expect(out).toMatchFileSnapshot('boards/plan-rollback.txt');
  const [, options = ''] = /Preview: secret-stages (plan .*)\n/.exec(out) ?? [];
  const words = options.split(' ').map((word) => (word === "''" ? '' : word));
  const fixed = await plan(words.slice(1));
  expect(fixed).toMatchObject({ causes: [{ rule: 'rollback' }] });
  expect(fixed.actions.slice(0, -1)).toEqual((await plan(args)).actions);
});

test('plan runs actions in the order given', async () => {
  expect(await actionsOf('--prune', '--remove', 'pending', '--new-version', '--assign', 'pending=v3')).toEqual([
    { type: 'pruneDeprecated' },
    { type: 'removeStage', stage: 'pending', at },
    { type: 'createVersion', at },
    { type: 'assignStage', stage: 'pending', versionId: 'v3', at },
  ]);
});

test('an option after an action applies to it', async () => {
  expect(await actionsOf('--assign', 'pending=v2', '--from', 'v3', '--remove', 'pending', '--from=v2')).toEqual([
    { type: 'assignStage', stage: 'pending', versionId: 'v2', at, from: 'v3' },
    { type: 'removeStage', stage: 'pending', at, from: 'v2' },
  ]);
  expect(await actionsOf('--assign', 'new=v2', '--from', '', '--new-version', '--version-id', 'mine')).toEqual([
    { type: 'assignStage', stage: 'new', versionId: 'v2', at, from: null },
    { type: 'createVersion', at, versionId: 'mine' },
  ]);
  expect(await actionsOf('--new-version', '--without-value', '--new-version')).toEqual([
    { type: 'createVersion', at, withoutValue: true },
    { type: 'createVersion', at },
  ]);
  expect(await actionsOf('--new-version', '--stages', 'a,b', '--new-version', '--new-version', '--stages=')).toEqual([
    { type: 'createVersion', at, stages: ['a', 'b'] },
    { type: 'createVersion', at },
    { type: 'createVersion', at, stages: [] },
  ]);
  expect(
    await actionsOf(
      '--prune',
      '--keep',
      '2',
      '--at',
      `${at}`,
      '--created-before',
      '5',
      '--prune',
      '--created-before',
      '2020-02-12',
    ),
  ).toEqual([
    { type: 'pruneDeprecated', keep: 2, createdBefore: 5 },
    { type: 'pruneDeprecated', createdBefore: Date.UTC(2020, 1, 12) },
  ]);
});

test.each([
  [['--stages', 'a'], '--stages must come after --new-version.'],
  [['--prune', '--stages', 'a'], '--stages must come after --new-version.'],
  [['--new-version', '--prune', '--stages', 'a'], '--stages must come after --new-version.'],
  [['--keep', '1'], '--keep must come after --prune.'],
  [['--new-version', '--keep', '1'], '--keep must come after --prune.'],
  [['--assign', 'a=v1', '--created-before', '1'], '--created-before must come after --prune.'],
  [['--from', 'v1'], '--from must come after --assign or --remove.'],
  [['--new-version', '--from', 'v1'], '--from must come after --assign or --remove.'],
  [['--prune', '--from', 'v1'], '--from must come after --assign or --remove.'],
  [['--assign', 'a=v1', '--version-id', 'v9'], '--version-id must come after --new-version.'],
  [['--new-version', '--created-before', '1'], '--created-before must come after --prune.'],
  [['--remove', 'a', '--stages', 'a'], '--stages must come after --new-version.'],
  [['--prune', '--without-value'], '--without-value must come after --new-version.'],
  [
    ['--cloud', 'aws', '--prune'],
    '"aws" is not a cloud. Did you mean aws-secrets-manager?\n  To use a dialect file, pass its path, such as ./dialect.json.',
  ],
  [['--prune', '--keep', 'all'], '--keep must be a whole number from 0; got "all".'],
  [['--prune', '--keep=-1'], '--keep must be a whole number from 0; got "-1".'],
  [
    ['--prune', '--created-before', 'v1'],
    '--created-before must be epoch milliseconds or a date such as 2026-11-24T12:00:00Z; got "v1".',
  ],
  [['--assign', 'pending'], '--assign must be STAGE=VERSION; got "pending".'],
  [[], 'plan needs an action, such as --assign STAGE=VERSION.'],
  [['--promote', 'v3', '--from', 'v2'], '--from must come after --assign or --remove.'],
  [['--prune', '--rollback', '--keep', '1'], '--keep must come after --prune.'],
  [['--promote', 'v9', '--keep', '1'], '--keep must come after --prune.'],
  [['--asign', 'a=v1'], '--asign is not an option of plan. Did you mean --assign?'],
  [['--prune', '--format', 'sarif'], '--format cannot be "sarif". Use one of pretty, json, state.'],
  [['--remove', '-x'], '--remove needs a value. Write --remove STAGE. If "-x" is the value, write --remove=-x.'],
])('plan refuses %j', async (args, message) => {
  expect(await runCli(['plan', stuck, ...args])).toEqual({
    code: 2,
    out: '',
    err: `secret-stages: ${message}\n${usageOf('plan')}`,
  });
});

test('--promote and --rollback stand for the moves that the cloud needs, in the order of all actions', async () => {
  expect(await actionsOf('--promote', 'v3', '--remove', 'pending', '--from', 'v3', '--rollback')).toEqual([
    { type: 'assignStage', stage: 'SYSPREVIOUS', versionId: 'v2', at, from: 'v1' },
    { type: 'assignStage', stage: 'SYSCURRENT', versionId: 'v3', at, from: 'v2' },
    { type: 'removeStage', stage: 'pending', at, from: 'v3' },
    { type: 'assignStage', stage: 'SYSCURRENT', versionId: 'v2', at, from: 'v3' },
    { type: 'assignStage', stage: 'SYSPREVIOUS', versionId: 'v3', at, from: 'v2' },
  ]);
  const onNew = ['--new-version', '--version-id', token(4), '--stages', 'AWSPENDING', '--promote', token(4)];
  expect((await plan([...aws, ...onNew])).actions[1]).toMatchObject({ versionId: token(4), from: token(2) });
});

const idle = removeStage(
  createVersion(
    createSecret({ name: 'db', at: at - 3000, versionId: token(1) }, awsSecretsManager),
    { at: at - 2000, versionId: token(2), stages: ['AWSPENDING'] },
    awsSecretsManager,
  ),
  { stage: 'AWSPENDING', at: at - 1000 },
  awsSecretsManager,
);

test('plan --rotate stands for the calls of a rotation that succeeds', async () => {
  const { code, out } = await runCli(['plan', '-', '--rotate', '--at', `${at}`], { input: [JSON.stringify(idle)] });
  expect(code).toBe(0);
  await expect(out).toMatchFileSnapshot('boards/plan-rotate.txt');
});

test('plan --rotate is refused while AWSPENDING is on a version that is not current', async () => {
  const pending = { stage: 'AWSPENDING', versionId: token(2), at: at - 500 };
  const input = [JSON.stringify(assignStage(idle, pending, awsSecretsManager))];
  const { code, out } = await runCli(['plan', '-', '--rotate', '--at', `${at}`], { input });
  expect(code).toBe(1);
  await expect(out).toMatchFileSnapshot('boards/plan-rotate-refused.txt');
  const done = await plan(['-', '--remove', 'AWSPENDING', '--rotate', '--at', `${at}`], input);
  expect(done).toMatchObject({ code: 0, allowed: true, causes: [] });
});

test('plan --rotate is refused in a cloud without such rotations', async () => {
  expect(await plan([stuck, '--rotate'])).toMatchObject({
    code: 1,
    allowed: false,
    sentence: expect.stringMatching(/^Huawei Cloud CSMS has no rotations/),
  });
});

test('plan --rollback reports a rollback as a note', async () => {
  const { code, out } = await runCli(['plan', stuck, '--rollback']);
  expect(code).toBe(0);
  await expect(out).toMatchFileSnapshot('boards/plan-rollback-option.txt');
});

test('plan says why a promotion or a rollback is refused, and does none of the actions', async () => {
  const { code, out, err } = await runCli(['plan', stuck, '--promote', 'v2']);
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out).toMatch(/\n\nRefused\n {2}Version "v2" is already current\.\n\n$/);
  expect(await plan([stuck, '--prune', '--promote', 'v9', '--new-version', '--promote', 'v8'])).toEqual({
    code: 1,
    version: 1,
    at,
    project: 'demo',
    secret: 'db-password',
    dialect: 'huawei-csms',
    source: stuck,
    actions: [{ type: 'pruneDeprecated' }],
    allowed: false,
    index: 1,
    sentence: 'Version "v9" does not exist: create it first. The secret has "v1", "v2", "v3".',
  });
  // The first refusal is reported.
  const removal = ['--remove', 'SYSCURRENT', '--promote', 'v9'];
  expect(await plan([stuck, ...removal])).toMatchObject({ index: 0, refusal: { code: 'BUILT_IN_STAGE' } });
});

test('plan explains a refusal of the model', async () => {
  const { code, out, err } = await runCli(['plan', stuck, '--prune', '--remove', 'SYSCURRENT']);
  expect({ code, err }).toEqual({ code: 1, err: '' });
  await expect(out).toMatchFileSnapshot('boards/plan-refused.txt');
  expect(await plan([stuck, '--prune', '--remove', 'SYSCURRENT'])).toMatchObject({
    code: 1,
    version: 1,
    allowed: false,
    index: 1,
    sentence: 'Stage "SYSCURRENT" is built in, so it can move but not be removed. It is on version "v2".',
    refusal: { code: 'BUILT_IN_STAGE', stage: 'SYSCURRENT', versionId: 'v2' },
  });
});

test('plan --format state prints nothing on standard output if an action is refused', async () => {
  const { code, out, err } = await runCli(['plan', stuck, '--remove', 'SYSCURRENT', '--format', 'state'], {
    tty: true,
    env: { NO_COLOR: '1' },
  });
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain(
    'Refused at action 1: BUILT_IN_STAGE\n  Stage "SYSCURRENT" is built in, so it can move but not be removed. It is on version "v2".',
  );
  expect(isQuiet(err)).toBe(true);
});

test('plan draws the board of a secret without a project', async () => {
  const { out } = await runCli(['plan', 'test/policy/recordings/state.json', '--assign', 'canary=v3']);
  expect(out).toContain('  v3   SYSCURRENT, canary   2020-02-12 11:42:40Z\n');
});

test('plan says that an action changes nothing', async () => {
  const { code, out } = await runCli(['plan', stuck, '--prune']);
  expect(code).toBe(0);
  expect(out).toMatch(
    /\n\nRequested changes\n {2}Nothing changes\.\n\nCould not be checked\n {2}expired-version: Expiry is unknown; .*\n\n$/,
  );
});

test('plan uses --fail-on and --policy', async () => {
  const codeOf = async (...args: readonly string[]) =>
    (await runCli(['plan', stuck, '--assign', 'SYSCURRENT=v1', ...args])).code;
  const rollbackAlone = fileOf('rollback.json', { rules: { rollback: 'note' }, others: 'off' });
  expect(await codeOf()).toBe(1);
  expect(await codeOf('--fail-on', 'error')).toBe(0);
  expect(await codeOf('--policy', rollbackAlone)).toBe(0);
  expect(await codeOf('--policy', rollbackAlone, '--fail-on', 'note')).toBe(1);
});

test('--format json prints one document', async () => {
  const { out } = await runCli(['plan', stuck, '--assign', 'pending=v2', '--format', 'json'], { tty: true });
  expect(out).toMatch(/^\{.*\}\n$/);
  expect(JSON.parse(out)).toEqual({
    version: 1,
    at,
    project: 'demo',
    secret: 'db-password',
    dialect: 'huawei-csms',
    source: stuck,
    actions: [{ type: 'assignStage', stage: 'pending', versionId: 'v2', at }],
    commands: [expect.stringMatching(/^curl .*stages\/pending" .*'\{"version_id":"v2"\}'$/)],
    allowed: true,
    state: expect.objectContaining({ name: 'db-password' }),
    asked: [
      {
        type: 'stageMoved',
        stage: 'pending',
        from: 'v3',
        to: 'v2',
        at,
        sentence: 'Stage "pending" moves from version "v3" to version "v2".',
      },
    ],
    follows: [
      {
        type: 'versionDeprecated',
        versionId: 'v3',
        sentence: 'Version "v3" is deprecated: no stage marks it.',
      },
    ],
    loses: [
      {
        versionId: 'v3',
        isDeleted: false,
        sentence: 'Version "v3" has no stage any more. Its value may be deleted at any time.',
      },
    ],
    remarks: [],
    causes: [],
    fixes: [expect.objectContaining({ rule: 'stuck-stage' })],
    unchecked: [
      {
        rules: ['expired-version'],
        unknown: { what: 'expireTimes' },
        sentence: 'Expiry is unknown; assuming that versions never expire. ListSecretVersions reports it.',
      },
    ],
  });
});

test('plan --format state prints a secret that can be read again, with its knowns and unknowns', async () => {
  const files = ['versions', 'secret'].map((name) => `test/policy/recordings/${name}.json`);
  const args = ['--assign', 'canary=v3', '--prune', '--at', `${at}`];
  const { out } = await runCli(['plan', ...files, ...args, '--format', 'state']);
  const { state: next } = await plan([...files, ...args]);
  expect(JSON.parse(out)).toEqual({
    project: null,
    state: next,
    expireTimes: { v3: 1_590_000_000_000 },
    unknown: [
      { what: 'stageTime', stage: 'SYSCURRENT' },
      { what: 'stageTime', stage: 'SYSPREVIOUS' },
      { what: 'issued' },
    ],
  });
  const again = await plan(['-', '--remove', 'canary', '--at', `${at}`], [out]);
  expect(again).toMatchObject({ code: 0, allowed: true, asked: [{ type: 'stageRemoved', stage: 'canary' }] });
});

test('plan keeps the unknowns of a transcript', async () => {
  const { out } = await runCli(['plan', stuck, '--assign', 'pending=v2', '--format', 'state']);
  const { expireTimes, project } = JSON.parse(out);
  expect({ expireTimes, project }).toEqual({ expireTimes: undefined, project: 'demo' });
  const checked = await runCli(['check', '-', '--format', 'json'], { input: [out] });
  expect(JSON.parse(checked.out).secrets[0].unchecked).toContainEqual({
    sentence: expect.any(String),
    rules: ['expired-version'],
    unknown: { what: 'expireTimes' },
  });
});

test('plan drops the expiry of a deleted version', async () => {
  const file = fileOf('expiring.json', { state, expireTimes: { v1: at + 1, v3: at + 2 } });
  const { out } = await runCli(['plan', file, '--prune', '--at', `${at}`, '--format', 'state']);
  expect(JSON.parse(out)).toMatchObject({ expireTimes: { v3: at + 2 }, unknown: [] });
  expect(JSON.parse(out).expireTimes).not.toHaveProperty('v1');
});

test('plan requires --secret if the input has several secrets, and --project if names repeat', async () => {
  const born = (project: string, name: string) => call(0, 'POST', '', { name }).replace('/v1/p/', `/v1/${project}/`);
  const input = [born('one', 'db'), born('one', 'other'), born('two', 'db')];
  const planned = (...args: readonly string[]) => runCli(['plan', '--new-version', ...args], { input });
  const several =
    'The input has several secrets. Choose one with --secret NAME, and with --project ID if names repeat:';
  const all = ['db in project one', 'other in project one', 'db in project two'];
  const refusal = (message: string, secrets: readonly string[]) => ({
    code: 2,
    out: '',
    err: `secret-stages: ${message}\n${secrets.map((name) => `  ${name}, from standard input\n`).join('')}${usageOf('plan')}`,
  });
  expect(await planned()).toEqual(refusal(several, all));
  expect(await planned('--secret', 'db')).toEqual(refusal(several, ['db in project one', 'db in project two']));
  expect(await planned('--secret', 'nope')).toEqual(refusal('The input has no secret with name "nope". It has:', all));
  expect(await planned('--secret', 'other', '--project', 'two')).toEqual(
    refusal('The input has no secret with name "other" and project "two". It has:', all),
  );
  for (const args of [
    ['--secret', 'other'],
    ['--project', 'two'],
    ['--secret', 'db', '--project', 'one'],
  ]) {
    expect((await planned(...args)).code).toBe(0);
  }
});

test('plan lists the first 20 secrets, and counts the others', async () => {
  const input = [JSON.stringify(Array.from({ length: 22 }, (_, index) => ({ ...state, name: `s${index}` })))];
  const { err } = await runCli(['plan', '--prune'], { input });
  expect(err.split('\n')).toHaveLength(1 + 20 + 1 + 2 + 1);
  expect(err).toContain('\n  s0, from standard input[0]\n  s1, from standard input[1]\n');
  expect(err).toContain(`\n  s19, from standard input[19]\n  and 2 more\n${usageOf('plan')}`);
});

test('plan refuses input without a secret', async () => {
  const { code, err } = await runCli(['plan', '--prune'], { input: ['[]'] });
  expect({ code, err }).toEqual({
    code: 2,
    err: `secret-stages: Found no versions of a secret in standard input. Pass a response that lists them, a transcript, a snapshot or a state.\n${usageOf('plan')}`,
  });
});

/** The words that a shell makes of what stands behind the name of the command. */
const wordsOf = (options: string): readonly string[] =>
  execFileSync('sh', ['-c', `printf '%s\\0' ${options}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

test.each(['a=b', 'two words', "it's", '"$HOME"', '`id`', '-v', '--prune', 'é😀', '*', '\\', '__proto__', ';', "'"])(
  'the preview command for version %j is read by a shell as its remedy',
  async (versionId) => {
    const chosen = createVersion(createSecret({ name: '-db', at: 0 }), { at: 1, versionId });
    const lost = createVersion(chosen, { at: 2, stages: ['-stuck'] });
    const [one, other] = [
      fileOf(`it's ${'$1'}.json`, { project: '-p', state: lost }),
      fileOf('-.json', { project: 'q', state: lost }),
    ];
    const { out } = await runCli(['check', one, other, '--at', '864000000']);
    const [, told = ''] = /Preview: secret-stages plan (.*)\n/.exec(out) ?? [];
    const planned = await plan(wordsOf(told));
    expect(planned).toMatchObject({ code: 0, allowed: true, project: '-p', secret: '-db' });
    expect(planned.actions[0]).toEqual({ type: 'assignStage', stage: '-stuck', versionId, at: 864_000_000 });
    expect(planned.fixes).toMatchObject([{ rule: 'stuck-stage' }]);
  },
);

test('a preview command passes a file that is named like an option by its path', async () => {
  const { out } = await runCli(['check', '-', 'test/policy/recordings/state.json', '--at', '2021-01-01'], {
    input: [JSON.stringify({ ...state, name: 'other' })],
  });
  expect(out).toContain(
    'secret-stages plan - test/policy/recordings/state.json --secret other --at 2021-01-01 --prune',
  );
  const { err } = await runCli(['check', '--', '-x.json']);
  expect(err).toContain('-x.json does not exist. Check the path.');
});

test('a preview command names the policy', async () => {
  const policy = fileOf('a policy.json', { rules: { 'stuck-stage': { days: 1 } } });
  const { out } = await runCli(['check', stuck, '--policy', policy]);
  expect(out).toContain(`secret-stages plan ${stuck} --policy '${policy}' --assign pending=v2\n`);
});

const name = fc.oneof(fc.stringMatching(/^[\w-]{1,8}$/), fc.constantFrom('__proto__', '-x', '--'));
const versionId = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
const action: fc.Arbitrary<SecretAction> = fc.oneof(
  fc.record(
    {
      type: fc.constant('assignStage' as const),
      stage: name,
      versionId,
      at: fc.constant(at),
      from: fc.option(versionId),
    },
    { requiredKeys: ['type', 'stage', 'versionId', 'at'] },
  ),
  fc.record(
    { type: fc.constant('removeStage' as const), stage: name, at: fc.constant(at), from: versionId },
    { requiredKeys: ['type', 'stage', 'at'] },
  ),
  fc.record(
    {
      type: fc.constant('createVersion' as const),
      at: fc.constant(at),
      versionId,
      stages: fc.array(name, { maxLength: 3 }),
    },
    { requiredKeys: ['type', 'at'] },
  ),
  fc.record(
    { type: fc.constant('pruneDeprecated' as const), keep: fc.nat(5), createdBefore: fc.nat(999_999) },
    { requiredKeys: ['type'] },
  ),
);

property([fc.array(action, { minLength: 1, maxLength: 4 })], { numRuns: runs(25) })(
  'the options of actions are read back as the same actions',
  async (actions) => {
    const words = wordsOf(actions.flatMap(optionsFor).join(' '));
    expect((await plan([stuck, ...words])).actions).toEqual(actions);
  },
);

test('plan accepts hostile ids', async () => {
  let secret: SecretState = createSecret({ name: '__proto__', at: 0, versionId: '__proto__' });
  secret = createVersion(secret, { at: 1, versionId: 'constructor' });
  secret = createVersion(secret, { at: 2, versionId: '\u001b[31m\u202E', stages: ['toString'] });
  const file = fileOf('hostile.json', {
    project: '__proto__',
    state: secret,
    expireTimes: JSON.parse('{"__proto__": 9}'),
  });
  const args = ['--secret', '__proto__', '--project', '__proto__', '--assign', '__proto__=__proto__', '--at', '5'];
  const { code, out } = await runCli(['plan', file, ...args]);
  expect(code).toBe(0);
  expect(isQuiet(out)).toBe(true);
  expect(out).toContain('Stage "__proto__" is added to version "__proto__".');
  const next = await runCli(['plan', file, ...args, '--format', 'state']);
  expect(Object.keys(JSON.parse(next.out).expireTimes)).toEqual(['__proto__']);
  expect(await plan(['-', '--remove', '__proto__', '--at', '6'], [next.out])).toMatchObject({ code: 0, allowed: true });
});

test('colours are printed only on terminals', async () => {
  const { out } = await runCli(['plan', stuck, '--prune'], { tty: true });
  expect(out).toContain('\u001b[1mBefore');
});

test('plan prints the command that names the holder, if the cloud requires it', async () => {
  const before = ['--new-version', '--version-id', token(4), '--assign', `green=${token(4)}`];
  const args = [...aws, ...before, '--assign', `AWSCURRENT=${token(2)}`];
  const { code, out, err } = await runCli(['plan', ...args, '--prune']);
  expect({ code, err }).toEqual({ code: 1, err: '' });
  await expect(out).toMatchFileSnapshot('boards/plan-holder-not-named.txt');
  const [, options = ''] = / {2}Run: secret-stages (plan .*)\n/.exec(out) ?? [];
  expect(options).toContain(
    `plan ${[...aws, ...before].join(' ')} --assign AWSCURRENT=${token(2)} --from ${token(4)} --prune`,
  );
  const typed = await plan(wordsOf(options).slice(1));
  expect(typed).toMatchObject({
    allowed: true,
    follows: [{ stage: 'AWSPREVIOUS' }, { type: 'versionDeprecated' }, {}],
  });
});

test('plan begins a rotation of AWS with a version without a value', async () => {
  const begins = ['--new-version', '--version-id', token(4), '--stages', 'AWSPENDING', '--without-value'];
  const { code, out } = await runCli(['plan', ...aws, ...begins]);
  expect(code).toBe(0);
  expect(out).toContain(`Version "${token(4)}" is created without a value.`);
  expect(out).toContain(`${token(4)}   AWSPENDING (no value yet)`);
  const value = ['--new-version', '--version-id', token(4), '--stages', 'AWSPENDING'];
  expect((await runCli(['plan', ...aws, ...begins, ...value])).out).toContain(`Version "${token(4)}" gets its value.`);
  const misplaced = await runCli(['plan', ...aws, ...begins, '--assign', `blue=${token(4)}`]);
  expect(misplaced.out).toContain(`Stage "blue" is on version "${token(4)}", which has no value.`);
  const refused = await runCli(['plan', ...aws, ...begins, '--assign', `AWSCURRENT=${token(4)}`]);
  expect(refused.out).toMatch(/Run: secret-stages plan .* --stages AWSPENDING --without-value --assign .* --from /);
});

test('plan prints no command that cannot be typed', async () => {
  const planned = async (versionId: string) => {
    const actions = [
      { type: 'createSecret', versionId: token(1) },
      { type: 'createVersion', versionId, stages: ['blue'] },
    ];
    const input = actions.map((action, at) => `${JSON.stringify({ at, secret: 'db', action })}\n`);
    const args = ['plan', '--cloud', 'aws-secrets-manager', '--assign', `blue=${token(1)}`];
    return (await runCli(args, { input })).out;
  };
  expect(await planned(token(2))).toContain('  Run: secret-stages plan - --cloud aws-secrets-manager --assign');
  expect(await planned('\u001b'.repeat(32))).toMatch(/Refused at action 1: HOLDER_NOT_NAMED\n(?!.*Run:)/s);
});

const did = (at: number, type: string, fields: object) =>
  `${JSON.stringify({ at, secret: 'db', action: { type, ...fields } })}\n`;
const rivals = [
  did(0, 'createSecret', { versionId: token(1) }),
  did(1, 'createVersion', { versionId: token(2), stages: ['a=b', 'c,d'] }),
];

test('a preview command moves a stage that has a = in its name', async () => {
  const file = join(folder, 'rivals.jsonl');
  writeFileSync(file, rivals.join(''));
  const files = [file, '--cloud', 'aws-secrets-manager'];
  for (const stage of ['a=b', 'c,d']) {
    const { out } = await runCli(['plan', ...files, '--assign', `${stage}=${token(1)}`]);
    const [, options = ''] = / {2}Run: secret-stages plan (.*)\n/.exec(out) ?? [];
    expect(await plan(wordsOf(options))).toMatchObject({
      allowed: true,
      actions: [{ type: 'assignStage', stage, versionId: token(1), from: token(2) }],
    });
  }
  const onNew = ['--new-version', '--version-id', token(3), '--assign', `new=er=${token(3)}`];
  expect((await plan([...files, ...onNew])).actions[1]).toMatchObject({ stage: 'new=er', versionId: token(3) });
  const toNone = await plan([...files, '--assign', `x=y=${token(9)}`]);
  expect(toNone.actions).toMatchObject([{ stage: 'x', versionId: `y=${token(9)}` }]);
});

test('plan prints no command that would be read differently', async () => {
  const input = [
    did(0, 'createSecret', { versionId: `b=${token(1)}` }),
    did(1, 'createVersion', { versionId: token(1) }),
    did(2, 'createVersion', { versionId: token(2), stages: ['a=b', 'c,d'] }),
  ];
  const { out } = await runCli(['check', '--cloud', 'aws-secrets-manager', '--at', '2020-01-01'], { input });
  expect(out).toContain('--version-stage a=b --move-to-version-id ');
  expect(out).toMatch(/Preview: .* --assign c,d=/);
  expect(out).not.toContain('--assign a=b=');
});

test('a preview command names the dialect and all options', async () => {
  const args = [
    ...aws,
    '--assign',
    `AWSCURRENT=${token(3)}`,
    '--from',
    token(2),
    '--new-version',
    '--version-id',
    token(4),
  ];
  const { out } = await runCli(['plan', ...args, '--stages', 'AWSCURRENT,AWSPREVIOUS']);
  expect(out).toContain(`Preview: secret-stages plan ${args.join(' ')} --stages AWSCURRENT,AWSPREVIOUS --assign `);
});

const rotated = {
  ARN: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-a1B2c3',
  Name: 'shop/db',
  Versions: [
    { VersionId: token(1), VersionStages: ['AWSPREVIOUS'], CreatedDate: 1_582_000_000 },
    { VersionId: token(2), VersionStages: ['AWSCURRENT', 'AWSPENDING'], CreatedDate: 1_582_200_000 },
  ],
};

test('plan fails if a rollback leaves a pending stage that blocks the next rotation', async () => {
  const input = [JSON.stringify(rotated)];
  const when = ['--at', `${at}`];
  const blocking = {
    rule: 'stuck-stage',
    stage: 'AWSPENDING',
    versionId: token(2),
    sentence: expect.stringContaining('The next rotation will be refused'),
    remedy: [{ type: 'assignStage', stage: 'AWSPENDING', versionId: token(1), at, from: token(2) }],
  };
  const byHand = ['--assign', `AWSCURRENT=${token(1)}`, '--from', token(2)];
  for (const back of [['--rollback'], ['--promote', token(1)], byHand]) {
    const planned = await plan(['-', ...back, ...when], input);
    expect(planned).toMatchObject({ code: 1, allowed: true, causes: [blocking, { rule: 'rollback' }] });
    const fixed = await plan(['-', ...back, '--remove', 'AWSPENDING', ...when], input);
    expect(fixed).toMatchObject({ code: 0, causes: [{ rule: 'rollback' }] });
  }
});

test('plan refuses to change a replica, and says where to change it', async () => {
  const replica = { ...createSecret({ name: 'db', at: 0 }) };
  const input = [JSON.stringify({ state: replica, replicaOf: 'eu-central-1' })];
  const { code, out } = await runCli(['plan', '-', '--new-version', '--at', '5'], { input });
  expect(code).toBe(1);
  expect(out).toMatch(
    /\n\nRefused\n {2}The secret is a replica\. Change it in eu-central-1, its primary region\.\n\n$/,
  );
});

test('plan says which service manages a secret', async () => {
  const input = [JSON.stringify({ state: createSecret({ name: 'db', at: 0 }), managedBy: 'rds' })];
  const { code, out } = await runCli(['plan', '-', '--new-version', '--at', '5'], { input });
  expect(code).toBe(0);
  expect(out).toContain('\nRemarks\n  The secret is managed by rds. Change it through that service.\n');
});
