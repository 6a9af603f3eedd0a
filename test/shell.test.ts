import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import {
  alibabaKms,
  awsSecretsManager,
  createSecret,
  createVersion,
  huaweiCsms,
  type SecretAction,
  type SecretState,
} from '../src/index.ts';
import { check, defineRule } from '../src/policy/index.ts';
import { commandsFor } from '../src/shell.ts';
import { shellWord } from '../src/text.ts';
import { AwsClient, token } from './emulator/aws-client.ts';
import { clientOfDb } from './emulator/client.ts';

/** The words that a command gets from a shell. */
const wordsOf = (command: string, env: Readonly<Record<string, string>> = {}): readonly string[] => {
  const [name = ''] = command.split(' ');
  const script = `${name}() { printf '%s\\0' "$@"; }\n${command}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8', env }).split('\0').slice(0, -1);
};

const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-a1b2c3';
const aws = { name: 'db', project: null, dialect: awsSecretsManager };
const csms = { name: 'db', project: 'p', dialect: huaweiCsms };
const assign = (fields: Partial<SecretAction<'assignStage'>> = {}): SecretAction => {
  return { type: 'assignStage', stage: 'blue', versionId: 'v1', at: 5, ...fields };
};

test('shellWord quotes what a shell would change', () => {
  expect(['a-b/c.d', '=a', "it's", '$a', ''].map(shellWord)).toEqual(['a-b/c.d', "'=a'", "'it'\\''s'", "'$a'", "''"]);
});

test('the command for AWS moves and removes stages in the emulator', () => {
  const client = new AwsClient();
  client.send('CreateSecret', { Name: 'db', SecretString: 'x' });
  client.send('PutSecretValue', { SecretId: 'db', SecretString: 'y', VersionStages: ["it's $blue"] });
  const run = (action: SecretAction) => {
    const [command = ''] = commandsFor([action], aws);
    expect(command).toMatch(/^aws secretsmanager update-secret-version-stage --secret-id db /);
    const given = new Map<string, string>();
    const [, , ...words] = wordsOf(command);
    for (let index = 0; index < words.length; index += 2) given.set(words[index] ?? '', words[index + 1] ?? '');
    return client.send('UpdateSecretVersionStage', {
      SecretId: given.get('--secret-id'),
      VersionStage: given.get('--version-stage'),
      MoveToVersionId: given.get('--move-to-version-id'),
      RemoveFromVersionId: given.get('--remove-from-version-id'),
    });
  };
  const stages = () => client.send('DescribeSecret', { SecretId: 'db' })['VersionIdsToStages'];
  expect(run(assign({ stage: "it's $blue", versionId: token(1), from: token(2) }))).not.toHaveProperty('__type');
  expect(stages()).toMatchObject({ [token(1)]: expect.arrayContaining(["it's $blue"]) });
  expect(run({ type: 'removeStage', stage: "it's $blue", at: 5, from: token(1) })).not.toHaveProperty('__type');
  expect(JSON.stringify(stages())).not.toContain('blue');
  expect(run(assign({ versionId: token(2), from: null }))).not.toHaveProperty('__type');
  expect(stages()).toMatchObject({ [token(2)]: ['blue'] });
});

test('the command for AWS names the ARN and its region, if they are known', () => {
  const commandFor = (target: Partial<Parameters<typeof commandsFor>[1]>) =>
    commandsFor([assign()], { ...aws, ...target })[0];
  const rest = '--version-stage blue --move-to-version-id v1';
  const command = 'aws secretsmanager update-secret-version-stage';
  expect(commandFor({ arn })).toBe(`${command} --region eu-west-1 --secret-id ${arn} ${rest}`);
  expect(commandFor({ project: arn })).toBe(`${command} --region eu-west-1 --secret-id ${arn} ${rest}`);
  expect(commandFor({ project: '123456789012/us-east-1' })).toBe(
    `${command} --region us-east-1 --secret-id db ${rest}`,
  );
  expect(commandFor({ project: 'p' })).toBe(`${command} --secret-id db ${rest}`);
});

test('the command for AWS passes a value that begins with a hyphen so that it is not an option', () => {
  const [command = ''] = commandsFor([assign({ stage: '-x' })], aws);
  expect(wordsOf(command)).toContain('--version-stage=-x');
});

test.each(['file://x', 'fileb://x', 'https://x'])('the AWS CLI would read %s, so it gets no command', (stage) => {
  expect(commandsFor([assign({ stage })], aws)).toEqual([expect.stringMatching(/^\{"at":5,"dialect":"aws-/)]);
});

test('the command for CSMS does the action in the emulator', () => {
  const client = clientOfDb();
  client.send('POST', '/db/versions', { secret_string: 'y' });
  const run = (action: SecretAction) => {
    const [command = ''] = commandsFor([action], { ...csms, project: null });
    const words = wordsOf(command, { CSMS_ENDPOINT: 'https://csms', PROJECT_ID: 'p', CSMS_TOKEN: 'any' });
    const [, , method = '', url = ''] = words;
    expect(words.slice(4, 6)).toEqual(['-H', 'X-Auth-Token: any']);
    const body = words.includes('-d') ? JSON.parse(words.at(-1) ?? '') : undefined;
    return client.send(method, url.replace('https://csms/v1/p/secrets', ''), body)[0];
  };
  expect(run(assign())).toBe(200);
  // It cannot be in a path.
  expect(run(assign({ stage: '..' }))).toBe(400);
  expect(client.state()?.stages).toContainEqual(expect.objectContaining({ name: 'blue', versionId: 'v1' }));
  expect(run({ type: 'removeStage', stage: 'blue', at: 5 })).toBe(204);
  expect(client.state()?.stages).toHaveLength(2);
  expect(commandsFor([assign({ stage: 'a!' })], csms)[0]).toContain('"$CSMS_ENDPOINT/v1/p/secrets/db/stages/a%21"');
});

test('actions without a command are lines of a transcript, and actions with a pruning have no commands', () => {
  const creation: SecretAction = { type: 'createVersion', at: 5 };
  const json = (action: SecretAction, target: Parameters<typeof commandsFor>[1]) =>
    commandsFor([action], target).map((line) => JSON.parse(line));
  const line = { at: 5, secret: 'db', action: creation };
  expect(json(creation, csms)).toEqual([{ ...line, dialect: 'huawei-csms', project: 'p' }]);
  expect(json(creation, aws)).toEqual([{ ...line, dialect: 'aws-secrets-manager' }]);
  expect(json(assign({ from: 'v2' }), { ...aws, dialect: alibabaKms })).toEqual([
    { at: 5, dialect: 'alibaba-kms', secret: 'db', action: assign() },
  ]);
  expect(json(assign({ stage: 'a\u202e' }), aws)).toMatchObject([{ action: { stage: 'a\u202e' } }]);
  expect(json({ type: 'setStatus', status: 'FROZEN', at: 5 }, { ...csms, project: 'x'.repeat(65) })).toMatchObject([
    { action: { status: 'FROZEN' } },
  ]);
  const move = { type: 'assignStage', stage: 'canary', versionId: 'v1', at: 0 } as const;
  expect(commandsFor([move], csms)).toHaveLength(1);
  // The move alone would be a part of the remedy.
  expect(commandsFor([move, { type: 'pruneDeprecated' }], csms)).toEqual([]);
});

test('a remedy of a rule of your own gets a command, too', () => {
  const two: SecretState = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1, stages: ['blue'] });
  const rule = defineRule({
    id: 'no-blue',
    title: 'No stage is blue.',
    why: 'Blue is out.',
    advice: 'Remove it.',
    severity: 'error',
    thresholds: {},
    find: ({ stagesOf, at }) =>
      stagesOf('v2').map((stage) => ({
        sentence: 'Blue.',
        remedies: [[{ type: 'removeStage', stage, at, from: 'v2' }]],
      })),
  });
  const [finding] = check(two, { at: 5, policy: [rule] }).findings;
  expect(commandsFor(finding?.remedy ?? [], csms)).toEqual([
    'curl --fail-with-body -X DELETE "$CSMS_ENDPOINT/v1/p/secrets/db/stages/blue" -H "X-Auth-Token: $CSMS_TOKEN"',
  ]);
});
