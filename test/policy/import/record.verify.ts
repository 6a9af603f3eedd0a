import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { createAwsEmulator, createCsmsEmulator } from '../../../src/emulator/index.ts';
import { importAll } from '../../../src/policy/import/index.ts';
import { serve } from '../../../src/server/index.ts';

/** Runs a command in a new folder, with the address of a served emulator, and returns what it prints and the JSON files that it writes. */
const run = async (emulator: Parameters<typeof serve>[0], command: string, args: readonly string[]) => {
  const folder = mkdtempSync(join(tmpdir(), 'record-'));
  const { url, close } = await serve(emulator);
  const of = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_DEFAULT_REGION: 'eu-west-1', AWS_PAGER: '' };
  const csms = { CSMS_ENDPOINT: url, PROJECT_ID: 'p', CSMS_TOKEN: 'any' };
  const config = {
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
  };
  try {
    const child = spawn(command, args, {
      cwd: folder,
      env: { ...process.env, ...of, ...csms, ...config },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    for await (const chunk of child.stdout) printed += chunk;
    const written = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
    return {
      printed,
      files: written.map((name) => ({ name, json: JSON.parse(readFileSync(join(folder, name), 'utf8')) })),
    };
  } finally {
    rmSync(folder, { recursive: true });
    await close();
  }
};

const [aws = '', csms = ''] = [...readFileSync('src/policy/README.md', 'utf8').matchAll(/```sh\n(#!.*?)```/gs)].map(
  ([, script]) => `${script}`,
);
const whyNot = (command: string, ...args: readonly string[]) =>
  spawnSync(command, args).status === 0 ? '' : ` (skipped: there is no ${command} for it here)`;

/** An emulator with a secret that has two versions, and a name with slashes. Another one is scheduled for deletion. */
const awsAccount = async () => {
  const emulator = createAwsEmulator();
  const authorization =
    'AWS4-HMAC-SHA256 Credential=a/20260101/eu-west-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=c';
  const call = async (operation: string, body: object) => {
    const headers = {
      authorization,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `secretsmanager.${operation}`,
    };
    const response = await emulator.fetch('http://aws/', { method: 'POST', headers, body: JSON.stringify(body) });
    expect(response.status).toBe(200);
  };
  for (const Name of ['../team/db', '.hidden'])
    await call('CreateSecret', { Name, SecretString: 'hunter2', ClientRequestToken: '1'.repeat(32) });
  await call('PutSecretValue', { SecretId: '../team/db', SecretString: 'hunter3', ClientRequestToken: '2'.repeat(32) });
  await call('DeleteSecret', { SecretId: '.hidden' });
  return emulator;
};

const awsSecrets = [
  {
    state: {
      name: '../team/db',
      status: 'ENABLED',
      stages: [
        { name: 'AWSCURRENT', versionId: '2'.repeat(32) },
        { name: 'AWSPREVIOUS', versionId: '1'.repeat(32) },
      ],
    },
    rotation: { isEnabled: false },
  },
  { state: { name: '.hidden', status: 'PENDING_DELETE' }, rotation: { isEnabled: false } },
];

const noAws = whyNot('aws', '--version');
test.skipIf(noAws)(`the script of the manual records a whole account of AWS without values${noAws}`, async () => {
  const { files } = await run(await awsAccount(), 'sh', ['-c', aws]);
  expect(files).toHaveLength(4);
  expect(JSON.stringify(files)).not.toContain('hunter');
  expect(importAll(files)).toMatchObject({ secrets: awsSecrets, remarks: [] });
});

const boto3 = `
import boto3, json, sys
client = boto3.client('secretsmanager')
secrets = client.list_secrets(IncludePlannedDeletion=True)
arns = [secret['ARN'] for secret in secrets['SecretList']]
answers = [client.describe_secret(SecretId=arn) for arn in arns]
pages = [client.list_secret_version_ids(SecretId=arn, IncludeDeprecated=True) for arn in arns]
value = client.get_secret_value(SecretId=arns[0])
print(json.dumps([secrets, value] + answers + pages, default=str))
`;
const noPython = whyNot('python3', '-c', 'import boto3');
test.skipIf(noPython)(`importAll reads what boto3 returns${noPython}`, async () => {
  const { printed } = await run(await awsAccount(), 'python3', ['-c', boto3]);
  expect(printed).toContain('hunter3');
  const imported = importAll([{ name: 'boto3.json', json: JSON.parse(printed) }]);
  expect(imported).toMatchObject({ secrets: awsSecrets, remarks: [{ kind: 'value', path: 'boto3.json' }] });
  expect(JSON.stringify(imported)).not.toContain('hunter');
});

const noCurl = whyNot('curl', '--version');
test.skipIf(noCurl)(`the script of the manual records secrets of CSMS without values${noCurl}`, async () => {
  const emulator = createCsmsEmulator();
  const headers = { 'x-auth-token': 'any' };
  for (const name of ['db', 'orders'])
    await emulator.fetch('http://csms/v1/p/secrets', {
      method: 'POST',
      headers,
      body: JSON.stringify({ name, secret_string: 'hunter2' }),
    });
  const { files } = await run(emulator, 'sh', ['-c', csms]);
  expect(files.map(({ name }) => name).sort()).toEqual(
    ['db', 'db.versions', 'orders', 'orders.versions'].map((name) => join('recordings', `${name}.json`)),
  );
  expect(JSON.stringify(files)).not.toContain('hunter');
  expect(importAll(files)).toMatchObject({
    secrets: [{ state: { name: 'db', status: 'ENABLED' } }, { state: { name: 'orders' } }],
    remarks: [],
  });
});
