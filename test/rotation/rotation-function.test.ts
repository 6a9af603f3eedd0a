import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { createAwsEmulator } from 'secret-stages/emulator';
import { expect, test } from 'vitest';
import { inProcess } from './in-process.ts';
import { type Database, rotatePassword } from './rotation-function.ts';

let now = Date.parse('2026-01-01T00:00:00Z');
const aws = createAwsEmulator({ clock: () => now, rotate: (event) => rotatePassword(client, database, event) });
const client: SecretsManager = new SecretsManager({
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  requestHandler: inProcess(aws),
});
let password: string | undefined = 'old password';
let isDown = false;
const database: Database = {
  setPassword: async (next) => {
    password = next;
  },
  logIn: async (tried) => {
    if (isDown || tried !== password) throw new Error('The database refused the password.');
  },
};

test('a rotation keeps the old password current until the new one works', async () => {
  const db = { SecretId: 'db' };
  await client.createSecret({ Name: 'db', SecretString: password });
  isDown = true;
  await client.rotateSecret({ ...db, RotationLambdaARN: 'arn:aws:lambda:us-east-1:123456789012:function:rotate' });
  const [failure] = await aws.tick();
  expect(failure?.error).toEqual(new Error('The database refused the password.'));
  expect((await client.getSecretValue(db)).SecretString).toBe('old password');
  await expect(client.rotateSecret(db)).rejects.toThrow("A previous rotation isn't complete.");
  isDown = false;
  now += 60_000; // A minute after a failure, the whole rotation is retried.
  await aws.tick();
  expect((await client.getSecretValue(db)).SecretString).toBe(password);
  await expect(client.getSecretValue({ ...db, VersionStage: 'AWSPENDING' })).rejects.toThrow('AWSPENDING');
});
