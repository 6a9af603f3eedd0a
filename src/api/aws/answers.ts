import { type SecretVersion, stagesOf, versionsByAge } from '../../index.ts';
import { entryOf } from '../../json.ts';
import { regionIn } from './arn.ts';
import type { AwsSecret, Replica } from './secret.ts';

/**
 * The objects in the responses of the API, in the order of the service model. A field without a value is omitted. Times are epoch
 * seconds with fractions. Source: the service model (documented), and answers recorded by LocalStack.
 */

/** ARN and name, the response to most changes. */
export function named({ arn, state }: AwsSecret): { readonly ARN: string; readonly Name: string } {
  return { ARN: arn, Name: state.name };
}

/** What DescribeSecret and ListSecrets show. They name the versions differently. */
export function described(secret: AwsSecret, versions: 'VersionIdsToStages' | 'SecretVersionsToStages'): object {
  const { description, kmsKeyId, createTime, updateTime, accessTime, tags, rotation, state } = secret;
  const marked = versionsByAge(state)
    .map(({ id }) => [id, stagesOf(state, id)] as const)
    .filter(([, stages]) => stages.length > 0);
  return {
    ...named(secret),
    Description: description || undefined,
    KmsKeyId: kmsKeyId ?? undefined,
    RotationEnabled: rotation?.isOn,
    RotationLambdaARN: rotation?.functionArn,
    RotationRules: rotation && Object.keys(rotation.rules).length > 0 ? rotation.rules : undefined,
    LastRotatedDate: seconds(rotation?.lastTime ?? null),
    LastChangedDate: seconds(updateTime),
    LastAccessedDate: seconds(accessTime),
    DeletedDate: seconds(state.scheduledDeleteTime),
    NextRotationDate: seconds(rotation?.window?.closes ?? null),
    Tags: tags ?? undefined,
    [versions]: marked.length > 0 ? Object.fromEntries(marked) : undefined,
    CreatedDate: seconds(createTime),
    PrimaryRegion: primaryRegionOf(secret),
  };
}

/** The region of the primary secret. A secret without replicas shows none (observed in the examples of the AWS CLI). */
export function primaryRegionOf({ arn, primaryRegion, replicas }: AwsSecret): string | undefined {
  return primaryRegion ?? (replicas.length > 0 ? regionIn(arn) : undefined);
}

/**
 * A replica in ReplicationStatus. `secret` is the replica in its region; undefined if it was not created. Source: service model, and the
 * examples of the AWS CLI (documented). That a replica is never InProgress is assumed, because copies are made at once.
 */
export function shownReplica({ region, kmsKeyId, failure }: Replica, secret: AwsSecret | undefined): object {
  return {
    Region: region,
    KmsKeyId: (secret ? secret.kmsKeyId : kmsKeyId) ?? 'alias/aws/secretsmanager',
    Status: secret ? 'InSync' : 'Failed',
    StatusMessage: secret ? 'Replication succeeded' : (failure ?? 'Replication failed: The replica does not exist.'),
    LastAccessedDate: seconds(secret?.accessTime ?? null),
  };
}

/** A version in ListSecretVersionIds. A deprecated version has no VersionStages. */
export function listedVersion(secret: AwsSecret, { id, createTime }: SecretVersion): object {
  const stages = stagesOf(secret.state, id);
  return {
    VersionId: id,
    VersionStages: stages.length > 0 ? stages : undefined,
    LastAccessedDate: seconds(entryOf(secret.accessTimes, id) ?? null),
    CreatedDate: seconds(createTime),
    KmsKeyIds: [entryOf(secret.kmsKeyIds, id) ?? 'DefaultEncryptionKey'],
  };
}

/** The value of a version. A version from a snapshot without values shows neither field. */
export function shownValue(secret: AwsSecret, { id, createTime }: SecretVersion): object {
  const value = entryOf(secret.values, id);
  const stages = stagesOf(secret.state, id);
  return {
    ...named(secret),
    VersionId: id,
    SecretBinary: value?.kind === 'binary' ? value.text : undefined,
    SecretString: value?.kind === 'string' ? value.text : undefined,
    VersionStages: stages.length > 0 ? stages : undefined,
    CreatedDate: seconds(createTime),
  };
}

/** Returns a time as AWS shows it. */
export function seconds(time: number | null): number | undefined {
  return time === null ? undefined : time / 1000;
}
