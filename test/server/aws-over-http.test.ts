import { ResourceNotFoundException, SecretsManager } from '@aws-sdk/client-secrets-manager';
import { createAwsEmulator } from 'secret-stages/emulator';
import { serve } from 'secret-stages/server';
import { afterAll, expect, test } from 'vitest';

const day = 24 * 60 * 60 * 1000;
let now = Date.parse('2026-01-01T00:00:00Z');
const { url, close } = await serve(createAwsEmulator({ clock: () => now }));
const client = new SecretsManager({
  endpoint: url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
});
afterAll(close);

test('a secret can be restored until its recovery window ends, without waiting', async () => {
  const db = { SecretId: 'db' };
  await client.createSecret({ Name: 'db', SecretString: 'password' });
  const { DeletionDate } = await client.deleteSecret({ ...db, RecoveryWindowInDays: 7 });
  expect(DeletionDate).toEqual(new Date('2026-01-08T00:00:00Z'));

  now += 7 * day - 1;
  await expect(client.getSecretValue(db)).rejects.toThrow('it was marked for deletion');
  await client.restoreSecret(db);
  expect((await client.getSecretValue(db)).SecretString).toBe('password');

  await client.deleteSecret({ ...db, RecoveryWindowInDays: 7 });
  now += 7 * day;
  await expect(client.restoreSecret(db)).rejects.toThrow(ResourceNotFoundException);
});
