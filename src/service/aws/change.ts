import { type AwsSecret, errorOf, errors, type Request } from '../../api/aws/index.ts';
import type { Value } from '../../api/value.ts';
import { builtIns, type Dialect } from '../../dialects/index.ts';
import {
  latestVersion,
  type SecretAction,
  type SecretState,
  type SecretVersion,
  tryReduce,
  versionOf,
  versionsByAge,
} from '../../index.ts';
import { entryOf } from '../../json.ts';
import { millisecondsADay } from '../../limits.ts';
import { ofVersions, recordOf, withEntry } from '../world.ts';
import { type AwsRefused, type Context, refuse } from './context.ts';

/** A value that a call brings, its token, and the stages that it lists. */
export interface NewValue {
  readonly token: string;
  /** If undefined, nothing is added. */
  readonly value: Value | undefined;
  readonly stages?: readonly string[] | undefined;
}

/** Adds a version with its value, or gives a version its value. A repeated call changes nothing. */
export function addValue(
  secret: AwsSecret,
  { token, value, stages }: NewValue,
  context: Context,
): AwsSecret | AwsRefused {
  if (!value) return secret;
  const fingerprint = fingerprintOf(secret, token, value);
  const next = act(secret, { type: 'createVersion', at: context.now, versionId: token, stages, fingerprint }, context);
  // A version from a snapshot without values gets its value back.
  if ('error' in next || (next === secret && entryOf(secret.values, token))) return next;
  return withValue(next, token, value);
}

/** The model compares fingerprints. A digest would give away a short value, so the token stands for the value that came with it. */
function fingerprintOf({ values }: AwsSecret, token: string, value: Value): string {
  const known = entryOf(values, token);
  return !known || (known.kind === value.kind && known.text === value.text) ? token : 'another value';
}

export function withValue(secret: AwsSecret, token: string, value: Value): AwsSecret {
  const { kmsKeyId, kmsKeyIds, values } = secret;
  return Object.freeze({
    ...secret,
    values: withEntry(values, token, value),
    kmsKeyIds: withEntry(kmsKeyIds, token, kmsKeyId ?? undefined),
  });
}

/** Does an action of the model on a secret. */
export function act(secret: AwsSecret, action: SecretAction, { now, dialect }: Context): AwsSecret | AwsRefused {
  const outcome = tryReduce(secret.state, action, dialect);
  if (!outcome.ok) return refuse(errorOf(outcome.refusal, { ...dialect, arn: secret.arn }), outcome.refusal);
  return outcome.state === secret.state ? secret : withAwsState(secret, outcome.state, now);
}

/** Returns a secret with its next state. What belongs to deleted versions is removed. */
export function withAwsState(secret: AwsSecret, state: SecretState, now: number): AwsSecret {
  return Object.freeze({
    ...secret,
    updateTime: now,
    state,
    kmsKeyIds: ofVersions(secret.kmsKeyIds, state),
    accessTimes: ofVersions(secret.accessTimes, state),
    values: ofVersions(secret.values, state),
  });
}

export function change(secret: AwsSecret, { now }: Context, changes: Partial<AwsSecret>): AwsSecret {
  return Object.freeze({ ...secret, updateTime: now, ...changes });
}

/** Finds the version to read, and records the day of the access. Source: GetSecretValue (documented; errors recorded by LocalStack). */
export function readValue(
  secret: AwsSecret,
  { VersionId, VersionStage }: Partial<Request<'GetSecretValue'>>,
  { now, dialect }: Context,
): { readonly secret: AwsSecret; readonly version: SecretVersion } | AwsRefused {
  const { state } = secret;
  if (state.status === 'PENDING_DELETE') return refuse(errors.markedForDeletion);
  const stage = VersionStage ?? `${dialect.stages.current}`;
  const marked = VersionStage ? versionOf(state, VersionStage) : latestVersion(state, dialect);
  const version = entryOf(state.versions, VersionId ?? marked ?? '');
  if (!version || version.withoutValue)
    return refuse(VersionId ? errors.noVersion(VersionId) : errors.noValueAt(stage));
  if (VersionId && VersionStage && marked !== VersionId) return refuse(errors.stageElsewhere);
  const today = now - (now % millisecondsADay);
  if (entryOf(secret.accessTimes, version.id) === today && secret.accessTime === today) return { secret, version };
  const accessTimes = withEntry(secret.accessTimes, version.id, today);
  return { secret: Object.freeze({ ...secret, accessTime: today, accessTimes }), version };
}

/** A new key also encrypts the versions with built-in stages. Source: UpdateSecret (documented). */
export function withKey(
  { state, kmsKeyIds }: AwsSecret,
  kmsKeyId: string | null,
  dialect: Dialect,
): Partial<AwsSecret> {
  const holders = builtIns(dialect).map((stage) => versionOf(state, stage));
  const ids = versionsByAge(state).map(
    ({ id }) => [id, holders.includes(id) ? kmsKeyId : entryOf(kmsKeyIds, id)] as const,
  );
  return { kmsKeyId, kmsKeyIds: recordOf(ids.flatMap(([id, key]) => (key ? [[id, key] as const] : []))) };
}

/** The key that the secret shows: the default key of the account has no name. Source: DescribeSecret (documented). */
export function keyIn(keyId: string | null | undefined): string | null {
  return keyId && keyId !== 'alias/aws/secretsmanager' ? keyId : null;
}
