import { type AwsError, type AwsSecret, errors, fitsArn, nameIn, type ServiceEvent } from '../../api/aws/index.ts';
import type { Random } from '../../api/hash.ts';
import { type Dialect, fits } from '../../dialects/index.ts';
import type { Refusal } from '../../index.ts';
import { type CallResult, type CallSteps, readSecret } from '../steps.ts';

/** The rules of the service. */
export interface AwsRules {
  readonly dialect: Dialect;
  readonly secretsARegion: number;
  readonly random: Random;
  /** How rotations run. Undefined if the rotation function cannot be called. */
  readonly rotations?: RotationSettings | undefined;
}

export interface RotationSettings {
  /** How often a rotation is tried before it waits for its next window. */
  readonly tries: number;
  /** After how many milliseconds a rotation is retried. */
  readonly retryAfter: number;
  /** After how many milliseconds a step counts as failed. */
  readonly timeout: number;
}

/** A call that was done: its response, and the entries that it writes. Without a body, the response is empty. */
export interface AwsDone extends CallResult<AwsSecret> {
  readonly body: object | undefined;
  readonly events?: readonly ServiceEvent[] | undefined;
}

export interface AwsRefused extends CallResult<AwsSecret> {
  readonly error: AwsError;
  /** The refusal of the model, if the error is one. */
  readonly refusal?: Refusal | undefined;
}

export type Steps<Result = AwsDone | AwsRefused> = CallSteps<Result, AwsSecret>;

/** What a call on a secret needs. */
export interface Context extends AwsRules {
  readonly project: string;
  readonly now: number;
}

/** Finds a secret by its name or ARN, or refuses. */
export function* findSecret(secretId: string, { project, now, dialect }: Context): Steps<AwsSecret | AwsRefused> {
  const name = nameIn(secretId, project);
  if (name === undefined) return refuse(errors.noSecret);
  if (!fits(name, dialect.secret.name)) return refuse(errors.invalidName);
  const secret = yield* readSecret<AwsSecret>({ project, secret: name }, now);
  return secret && fitsArn(secretId, secret.arn) ? secret : refuse(errors.noSecret);
}

/** What a call does with a secret. UpdateSecret and StopReplicationToReplica read it, because they check for a replica themselves. */
export type Use = 'describes it' | 'reads it' | 'changes it';

/**
 * Finds a secret for a call, or refuses. While its deletion is scheduled, a secret can only be described, and its versions listed. A
 * replica can only be read.
 *
 * Source: the errors that the service model declares, and the page on promoting a replica (documented). Reports show the error for
 * PutResourcePolicy and DeleteSecret of a replica. That the other changes have it too, and that GetResourcePolicy reads, is assumed.
 */
export function* findFor(use: Use, secretId: string, context: Context): Steps<AwsSecret | AwsRefused> {
  const secret = yield* findSecret(secretId, context);
  if ('error' in secret || use === 'describes it') return secret;
  if (secret.state.status === 'PENDING_DELETE') return refuse(errors.markedForDeletion);
  return use === 'changes it' && secret.primaryRegion !== null ? refuse(errors.onReplica) : secret;
}

export function answer(body: object): AwsDone {
  return { body };
}

export function refuse(error: AwsError, refusal?: Refusal): AwsRefused {
  return { error, refusal };
}

/** Returns an event of the service about a version of a secret. */
export function serviceEvent(
  name: ServiceEvent['name'],
  { arn }: AwsSecret,
  versionId: string,
  { project }: Context,
  reason?: string,
): ServiceEvent {
  return { name, project, arn, versionId, reason };
}
