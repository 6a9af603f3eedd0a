import type { MemoryEmulator, RotationEvent } from '../../src/emulator/index.ts';
import { call } from './aws-client.ts';

/** The ARN of a rotation function. */
export const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:rotate';

type Answer = Readonly<Record<string, unknown>>;

/** Sends a call to an emulator, and returns the answer or the error. */
export async function send(emulator: Pick<MemoryEmulator, 'answer'>, operation: string, body: object): Promise<Answer> {
  const { body: text } = await emulator.answer(call(operation, body));
  return text ? JSON.parse(text) : {};
}

/** A rotation function of the documented shape: each step can run again. `value` is the new one. */
export async function rotateWith(
  emulator: Pick<MemoryEmulator, 'answer'>,
  { SecretId, ClientRequestToken: VersionId, Step }: RotationEvent,
  value = `of ${VersionId}`,
): Promise<void> {
  const versions = Object((await send(emulator, 'DescribeSecret', { SecretId }))['VersionIdsToStages']);
  if (!versions[VersionId]) throw new Error(`${VersionId} is not a version for rotation.`);
  if (versions[VersionId].includes('AWSCURRENT')) return;
  if (!versions[VersionId].includes('AWSPENDING')) throw new Error(`${VersionId} does not have AWSPENDING.`);
  if (Step === 'createSecret') {
    await send(emulator, 'GetSecretValue', { SecretId, VersionStage: 'AWSCURRENT' });
    const pending = await send(emulator, 'GetSecretValue', { SecretId, VersionId, VersionStage: 'AWSPENDING' });
    if ('SecretString' in pending) return;
    const put = { SecretId, ClientRequestToken: VersionId, SecretString: value, VersionStages: ['AWSPENDING'] };
    await send(emulator, 'PutSecretValue', put);
  } else if (Step === 'finishSecret') {
    const [from] = Object.keys(versions).filter((id) => versions[id].includes('AWSCURRENT'));
    const move = { VersionStage: 'AWSCURRENT', MoveToVersionId: VersionId, RemoveFromVersionId: from };
    await send(emulator, 'UpdateSecretVersionStage', { SecretId, ...move });
  }
}
