import { execFile, spawnSync } from 'node:child_process';
import { devNull } from 'node:os';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createAwsEmulator } from '../../src/emulator/index.ts';
import { type Served, serve } from '../../src/server/index.ts';

// Clients of others, where the machine has them. They run in processes of their own.

const run = promisify(execFile);
const has = (command: string, ...args: readonly string[]) => spawnSync(command, args).status === 0;
const hasCli = has('aws', '--version');
const hasBoto3 = has('python3', '-c', 'import boto3');

const emulator = createAwsEmulator();
let served: Served;
beforeAll(async () => {
  served = await serve(emulator);
});
afterAll(() => served.close());
beforeEach(() => emulator.reset());

/** With this environment, a client finds the emulator, and neither other servers nor the settings of the machine. */
const environment = () => ({
  env: {
    ...process.env,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: served.url,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
    AWS_MAX_ATTEMPTS: '1',
    NO_PROXY: '127.0.0.1',
  },
});

/** Runs a command of the AWS CLI, and returns what it printed as JSON, or the error that it printed. */
async function aws(command: string, ...args: readonly string[]): Promise<unknown> {
  try {
    const { stdout } = await run('aws', ['secretsmanager', command, '--output', 'json', ...args], environment());
    return stdout === '' ? '' : JSON.parse(stdout);
  } catch (error) {
    return String(Object(error).stderr).trim();
  }
}

test.skipIf(!hasCli)(
  `the AWS CLI ${hasCli ? '' : '(skipped: there is no aws here) '}takes a secret through its whole life`,
  { timeout: 600_000 },
  async () => {
    const one = '11111111-1111-4111-8111-111111111111';
    const two = '22222222-2222-4222-8222-222222222222';
    const db = ['--secret-id', 'db'];
    const named = { ARN: expect.stringMatching(/:us-east-1:123456789012:secret:db-[A-Za-z\d]{6}$/), Name: 'db' };
    const refused = (type: string, operation: string, message: string) =>
      expect.stringMatching(new RegExp(`\\(${type}\\) when calling the ${operation} operation: ${message}`));

    const create = ['--name', 'db', '--secret-string', 'one', '--client-request-token', one];
    expect(await aws('create-secret', ...create)).toEqual({ ...named, VersionId: one });
    const put = ['--secret-string', 'two', '--client-request-token', two, '--version-stages', 'AWSPENDING'];
    expect(await aws('put-secret-value', ...db, ...put)).toEqual({
      ...named,
      VersionId: two,
      VersionStages: ['AWSPENDING'],
    });
    const move = [...db, '--version-stage', 'AWSCURRENT', '--move-to-version-id', two];
    expect(await aws('update-secret-version-stage', ...move)).toEqual(
      refused(
        'InvalidParameterException',
        'UpdateSecretVersionStage',
        "The parameter RemoveFromVersionId can't be empty",
      ),
    );
    expect(await aws('update-secret-version-stage', ...move, '--remove-from-version-id', one)).toEqual(named);
    expect(await aws('get-secret-value', ...db)).toMatchObject({ SecretString: 'two', VersionId: two });
    expect(await aws('get-secret-value', ...db, '--version-stage', 'AWSPREVIOUS')).toMatchObject({
      SecretString: 'one',
    });
    expect(await aws('list-secret-version-ids', ...db)).toMatchObject({
      Versions: [
        { VersionId: one, VersionStages: ['AWSPREVIOUS'] },
        { VersionId: two, VersionStages: ['AWSCURRENT', 'AWSPENDING'] },
      ],
    });
    expect(await aws('tag-resource', ...db, '--tags', 'Key=team,Value=shop')).toBe('');
    const policy = '{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*"}}';
    expect(await aws('put-resource-policy', ...db, '--resource-policy', policy, '--block-public-policy')).toEqual(
      named,
    );
    expect(await aws('get-resource-policy', ...db)).toEqual({ ...named, ResourcePolicy: policy });
    expect(await aws('describe-secret', ...db)).toMatchObject({
      ...named,
      Tags: [{ Key: 'team', Value: 'shop' }],
      VersionIdsToStages: { [one]: ['AWSPREVIOUS'], [two]: ['AWSCURRENT', 'AWSPENDING'] },
    });
    expect(await aws('batch-get-secret-value', '--secret-id-list', 'db', 'missing')).toMatchObject({
      SecretValues: [{ SecretString: 'two' }],
      Errors: [{ SecretId: 'missing', ErrorCode: 'ResourceNotFoundException' }],
    });
    expect(await aws('delete-secret', ...db, '--recovery-window-in-days', '7')).toMatchObject(named);
    expect(await aws('get-secret-value', ...db)).toEqual(
      refused('InvalidRequestException', 'GetSecretValue', '.* it was marked for deletion\\.'),
    );
    expect(await aws('restore-secret', ...db)).toEqual(named);
    expect(await aws('list-secrets', '--filters', 'Key=name,Values=db')).toMatchObject({ SecretList: [named] });
    expect(await aws('delete-secret', ...db, '--force-delete-without-recovery')).toMatchObject(named);
    expect(await aws('describe-secret', ...db)).toEqual(
      refused('ResourceNotFoundException', 'DescribeSecret', "Secrets Manager can't find the specified secret\\."),
    );
  },
);

test.skipIf(!hasBoto3)(
  `boto3 ${hasBoto3 ? '' : '(skipped: there is no boto3 here) '}takes a secret through its whole life`,
  { timeout: 600_000 },
  async () => {
    const { stdout } = await run('python3', ['test/emulator/aws-boto3.py'], environment());
    expect(stdout).toBe('The secret went through its whole life.\n');
    expect(emulator.world).toEqual({ projects: { '123456789012/us-east-1': expect.anything() } });
  },
);
