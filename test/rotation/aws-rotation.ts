import type { SecretsManager } from '@aws-sdk/client-secrets-manager';

/** Code of an application: changes a password in AWS Secrets Manager, and makes the new password current only if it works. */
export async function changePassword(
  client: SecretsManager,
  secret: string,
  password: string,
  works: (password: string) => Promise<boolean>,
): Promise<'changed' | 'kept the old password'> {
  const pending = await client.putSecretValue({
    SecretId: secret,
    SecretString: password,
    VersionStages: ['AWSPENDING'],
  });
  const isChanged = await works(password);
  if (isChanged) {
    const current = await client.getSecretValue({ SecretId: secret });
    await client.updateSecretVersionStage({
      SecretId: secret,
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: pending.VersionId,
      RemoveFromVersionId: current.VersionId,
    });
  }
  await client.updateSecretVersionStage({
    SecretId: secret,
    VersionStage: 'AWSPENDING',
    RemoveFromVersionId: pending.VersionId,
  });
  return isChanged ? 'changed' : 'kept the old password';
}
