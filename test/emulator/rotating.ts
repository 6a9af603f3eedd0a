import {
  type AwsEmulatorOptions,
  createAwsEmulator,
  type MemoryEmulator,
  type RotationEvent,
} from '../../src/emulator/index.ts';
import { born, call, token } from './aws-client.ts';

/** The ARN of a rotation function. */
export const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:rotate';

type Answer = Readonly<Record<string, unknown>>;

/** Sends a call to an emulator, and returns the answer or the error. */
export async function send(
  emulator: Pick<MemoryEmulator, 'answer'>,
  operation: string,
  body: object,
  region = 'us-east-1',
): Promise<Answer> {
  const { body: text } = await emulator.answer(call(operation, body, region));
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

/** A step of a rotation that a test replaces. Undefined does what {@link rotateWith} does. */
export type Step = (event: RotationEvent, honest: () => Promise<void>) => unknown;

/**
 * An emulator with a secret, `db`, whose version is `token(1)`, and a clock. `steps` replaces steps of its rotation function. It
 * records the steps that were called, the events of the service, and why rotations failed.
 */
export async function rotatingDb(options: AwsEmulatorOptions = {}) {
  const time = { now: born };
  const called: string[] = [];
  const events: string[] = [];
  const reasons: (string | undefined)[] = [];
  const steps: Partial<Record<RotationEvent['Step'], Step | undefined>> = {};
  const start = (more: AwsEmulatorOptions = {}) => {
    const emulator = createAwsEmulator({
      clock: () => time.now,
      onEvent: ({ detail }) => {
        if (!('additionalEventData' in detail)) return;
        events.push(detail.eventName);
        if (detail.eventName === 'RotationFailed') reasons.push(detail.errorMessage);
      },
      rotate: async (event) => {
        called.push(event.Step);
        const honest = () => rotateWith(emulator, event);
        await (steps[event.Step] ?? honest)(event, honest);
      },
      ...options,
      ...more,
    });
    return emulator;
  };
  const emulator = start();
  const sendTo = (operation: string, body: object = {}, region = 'us-east-1') =>
    send(emulator, operation, { SecretId: 'db', ...body }, region);
  const secret = async (region = 'us-east-1') =>
    (await emulator.snapshot({ values: true })).projects[`123456789012/${region}`]?.secrets['db'];
  await send(emulator, 'CreateSecret', { Name: 'db', SecretString: 'hunter2', ClientRequestToken: token(1) });
  return {
    emulator,
    time,
    called,
    events,
    reasons,
    steps,
    start,
    secret,
    send: sendTo,
    /** Begins a rotation. */
    rotate: (number: number, more: object = {}) =>
      sendTo('RotateSecret', { ClientRequestToken: token(number), RotationLambdaARN: functionArn, ...more }),
    /** The stages by version. */
    stages: async () => (await sendTo('DescribeSecret'))['VersionIdsToStages'],
  };
}
