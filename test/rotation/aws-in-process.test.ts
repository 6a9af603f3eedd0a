import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { createAwsEmulator } from 'secret-stages/emulator';
import { beforeEach, expect, test } from 'vitest';
import { changePassword } from './aws-rotation.ts';
import { inProcess } from './in-process.ts';

const aws = createAwsEmulator();
const client = new SecretsManager({
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  requestHandler: inProcess(aws),
});

const passwordAt = async (stage: string) =>
  (await client.getSecretValue({ SecretId: 'db', VersionStage: stage })).SecretString;

beforeEach(async () => {
  await aws.reset();
  await client.createSecret({ Name: 'db', SecretString: 'old password' });
});

test('changePassword makes the new password current and keeps the old one as previous', async () => {
  expect(await changePassword(client, 'db', 'new password', async () => true)).toBe('changed');
  expect(await passwordAt('AWSCURRENT')).toBe('new password');
  expect(await passwordAt('AWSPREVIOUS')).toBe('old password');
});

test('changePassword keeps the old password if the new one does not work', async () => {
  expect(await changePassword(client, 'db', 'bad password', async () => false)).toBe('kept the old password');
  expect(await passwordAt('AWSCURRENT')).toBe('old password');
  await expect(passwordAt('AWSPENDING')).rejects.toThrow('for staging label: AWSPENDING');
});
