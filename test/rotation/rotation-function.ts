import { ResourceNotFoundException, type SecretsManager } from '@aws-sdk/client-secrets-manager';

/** A database that a user logs in to with a password. */
export interface Database {
  setPassword(password: string | undefined): Promise<void>;
  logIn(password: string | undefined): Promise<void>;
}

/** A rotation function. In AWS Lambda, a handler calls it with its event. */
export async function rotatePassword(
  client: SecretsManager,
  database: Database,
  { SecretId, ClientRequestToken, Step }: { SecretId: string; ClientRequestToken: string; Step: string },
): Promise<void> {
  const version = { SecretId, VersionId: ClientRequestToken, VersionStage: 'AWSPENDING' };
  const pending = async () => (await client.getSecretValue(version)).SecretString;

  if (Step === 'createSecret') {
    // A step can be called again. It must not make a second password.
    try {
      await pending();
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
      const { RandomPassword: SecretString } = await client.getRandomPassword({ ExcludePunctuation: true });
      await client.putSecretValue({ SecretId, ClientRequestToken, SecretString, VersionStages: ['AWSPENDING'] });
    }
  }
  if (Step === 'setSecret') await database.setPassword(await pending());
  if (Step === 'testSecret') await database.logIn(await pending());
  if (Step === 'finishSecret') {
    const { VersionId } = await client.getSecretValue({ SecretId });
    if (VersionId === ClientRequestToken) return;
    const move = { MoveToVersionId: ClientRequestToken, RemoveFromVersionId: VersionId };
    await client.updateSecretVersionStage({ SecretId, VersionStage: 'AWSCURRENT', ...move });
  }
}
