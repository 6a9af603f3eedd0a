import {
  type AwsSecret,
  errors,
  isReplicaRegion,
  projectIn,
  type Replica,
  type Request,
  regionIn,
  regionOf,
  replicaArn,
  shownReplica,
} from '../../api/aws/index.ts';
import { entryOf } from '../../json.ts';
import { type Directory, keyOf } from '../entries.ts';
import {
  addSecret,
  type EntryWrite,
  listedWrites,
  livingIn,
  readDirectory,
  readSecret,
  secretWrite,
} from '../steps.ts';
import { ofVersions, recordOf } from '../world.ts';
import { change, keyIn } from './change.ts';
import { type AwsDone, type AwsRefused, type Context, findFor, refuse, type Steps } from './context.ts';
import { answerKeeping } from './keep.ts';

/**
 * Adds to what is written the replicas of each primary secret in it, so that one commit changes all of them. Everything that writes a
 * secret goes through here: each call, and what runs between calls.
 *
 * Source: the page on replication (documented): values, tags, resource policies and rotations reach the replicas. That they do so at once is
 * assumed.
 */
export function* withReplicas(done: AwsDone, { now }: Pick<Context, 'now'>): Steps<AwsDone> {
  const writes = [...(done.writes ?? [])];
  const written = new Set(writes.map(keyOf));
  for (const { project, entry } of done.writes ?? []) {
    if (!entry || !('secret' in entry)) continue;
    const primary = entry.secret;
    for (const { region } of primary.replicas) {
      const place = { project: projectIn(project, region), secret: primary.state.name };
      if (written.has(keyOf(place))) continue;
      const found = yield* readSecret<AwsSecret>(place, now);
      if (found && isReplicaOf(found, primary, project))
        writes.push(secretWrite(place.project, place.secret, following(found, primary)));
    }
  }
  return writes.length > written.size ? { ...done, writes } : done;
}

/** Adds replicas. A region in which the replica cannot be created is listed as failed. Source: DescribeSecret (documented). */
export function* replicateSecretToRegions(
  { SecretId, AddReplicaRegions, ForceOverwriteReplicaSecret }: Request<'ReplicateSecretToRegions'>,
  context: Context,
): Steps {
  const secret = yield* findFor('changes it', SecretId, context);
  if ('error' in secret) return secret;
  const replicated = yield* replicate(secret, AddReplicaRegions, ForceOverwriteReplicaSecret === true, context);
  if ('error' in replicated) return replicated;
  return yield* answerWithStatus(replicated.secret, secret, replicated.writes, context);
}

/** Deletes replicas at once. That a region without a replica is ignored is assumed. Source: RemoveRegionsFromReplication (documented). */
export function* removeRegionsFromReplication(
  { SecretId, RemoveReplicaRegions }: Request<'RemoveRegionsFromReplication'>,
  context: Context,
): Steps {
  const secret = yield* findFor('changes it', SecretId, context);
  if ('error' in secret) return secret;
  const regions = new Set(RemoveReplicaRegions);
  const { name } = secret.state;
  const writes: EntryWrite<AwsSecret>[] = [];
  for (const { region } of secret.replicas.filter((replica) => regions.has(replica.region))) {
    const project = projectIn(context.project, region);
    const found = yield* readSecret<AwsSecret>({ project, secret: name }, context.now);
    if (!found || !isReplicaOf(found, secret, context.project)) continue;
    const directory = yield* readDirectory<AwsSecret>(project);
    writes.push(...listedWrites<AwsSecret>(project, name, undefined, directory));
  }
  return yield* answerWithStatus(withoutReplicas(secret, regions, context), secret, writes, context);
}

/**
 * Makes a replica a secret of its own, even if its primary secret does not exist. Source: StopReplicationToReplica (documented); that the
 * primary secret no longer lists the region is assumed.
 */
export function* stopReplicationToReplica({ SecretId }: Request<'StopReplicationToReplica'>, context: Context): Steps {
  const secret = yield* findFor('reads it', SecretId, context);
  if ('error' in secret) return secret;
  if (secret.primaryRegion === null) return refuse(errors.notAReplica);
  const { project, now } = context;
  const { name } = secret.state;
  const writes = [secretWrite(project, name, change(secret, context, { primaryRegion: null }))];
  const home = projectIn(project, secret.primaryRegion);
  const primary = yield* readSecret<AwsSecret>({ project: home, secret: name }, now);
  if (primary && isReplicaOf(secret, primary, home)) {
    writes.push(secretWrite(home, name, withoutReplicas(primary, new Set([regionOf(project)]), context)));
  }
  return { body: { ARN: secret.arn }, writes };
}

/** Returns a secret with more replicas, and the writes of the replicas. */
export function* replicate(
  secret: AwsSecret,
  regions: Request<'ReplicateSecretToRegions'>['AddReplicaRegions'],
  isForced: boolean,
  context: Context,
): Steps<{ readonly secret: AwsSecret; readonly writes: readonly EntryWrite<AwsSecret>[] } | AwsRefused> {
  const known = new Set(secret.replicas.filter(({ failure }) => failure === null).map(({ region }) => region));
  const asked = new Map<string, string | null>();
  for (const { Region: region, KmsKeyId } of regions) {
    if (!region || !isReplicaRegion(region, context.project)) return refuse(errors.invalidReplicaRegion);
    if (known.has(region) || asked.has(region)) return refuse(errors.alreadyReplicated(region));
    asked.set(region, keyIn(KmsKeyId));
  }
  if (asked.size === 0) return { secret, writes: [] };

  const { name } = secret.state;
  const replicas: Replica[] = [];
  const writes: EntryWrite<AwsSecret>[] = [];
  for (const [region, kmsKeyId] of asked) {
    const project = projectIn(context.project, region);
    const existing = yield* readSecret<AwsSecret>({ project, secret: name }, context.now);
    const directory = yield* readDirectory<AwsSecret>(project);
    const replica = newReplica(secret, project, kmsKeyId, context);
    const failure = whyNotReplicated(existing, replica, directory, isForced, context);
    replicas.push(Object.freeze({ region, kmsKeyId, failure }));
    if (failure === null) writes.push(...(yield* addSecret(project, replica, directory, context.now)));
  }
  const others = secret.replicas.filter(({ region }) => !asked.has(region));
  return { secret: change(secret, context, { replicas: Object.freeze([...others, ...replicas]) }), writes };
}

/** Returns the ReplicationStatus of a secret; undefined without replicas. `writes` are those of the call. */
export function* replicationStatus(
  secret: AwsSecret,
  { project, now }: Context,
  writes: readonly EntryWrite<AwsSecret>[] = [],
): Steps<readonly object[] | undefined> {
  const shown: object[] = [];
  for (const replica of secret.replicas) {
    const place = { project: projectIn(project, replica.region), secret: secret.state.name };
    const written = writes.find((write) => keyOf(write) === keyOf(place))?.entry;
    const found = written && 'secret' in written ? written.secret : yield* readSecret<AwsSecret>(place, now);
    shown.push(shownReplica(replica, found && isReplicaOf(found, secret, project) ? found : undefined));
  }
  return shown.length > 0 ? shown : undefined;
}

function* answerWithStatus(
  next: AwsSecret,
  before: AwsSecret,
  writes: readonly EntryWrite<AwsSecret>[],
  context: Context,
): Steps<AwsDone> {
  const ReplicationStatus = (yield* replicationStatus(next, context, writes)) ?? [];
  const done = answerKeeping(next, before, context, { ARN: next.arn, ReplicationStatus });
  return done.writes ? { ...done, writes: [...done.writes, ...writes] } : done;
}

/** Whether a secret is the replica of another one, which is in `project`. */
function isReplicaOf(secret: AwsSecret, primary: AwsSecret, project: string): boolean {
  const region = regionIn(secret.arn);
  return (
    secret.primaryRegion === regionOf(project) && secret.arn === replicaArn(primary.arn, projectIn(project, region))
  );
}

/**
 * Why a replica cannot be created. The reported sentences are those for a name that exists, and for a replica of another secret, which is
 * not overwritten. The others are assumed.
 */
function whyNotReplicated(
  existing: AwsSecret | undefined,
  replica: AwsSecret,
  directory: Directory,
  isForced: boolean,
  { now, secretsARegion }: Context,
): string | null {
  const region = regionIn(replica.arn);
  const { name } = replica.state;
  const failed = (problem: string) => `Replication failed: ${problem}`;
  if (!existing) {
    const isFull = Object.keys(livingIn(directory, now)).length >= secretsARegion;
    return isFull ? failed(errors.secretLimit(secretsARegion).message) : null;
  }
  const isOwn = existing.primaryRegion === replica.primaryRegion && existing.arn === replica.arn;
  if (existing.primaryRegion !== null && !isOwn)
    return failed(`Secret name ${name} is currently replicated to ${region} with a different arn.`);
  if (!isForced) return failed(`Secret name ${name} already exists in region ${region}.`);
  const regions = existing.replicas.map((each) => each.region);
  return regions.length > 0 ? failed(errors.hasReplicas(existing.arn, regions).message) : null;
}

function newReplica(
  primary: AwsSecret,
  project: string,
  kmsKeyId: string | null,
  { project: home, now }: Context,
): AwsSecret {
  const none = Object.freeze({});
  const bare = { accessTime: null, accessTimes: none, kmsKeyId, kmsKeyIds: none, values: none };
  const arn = replicaArn(primary.arn, project);
  const alone = { arn, primaryRegion: regionOf(home), replicas: Object.freeze([]), rotation: null };
  return following({ ...primary, ...bare, ...alone, createTime: now, updateTime: now }, primary);
}

/** Returns a replica with what it has in common with its primary secret. Its ARN, keys and access times are its own. */
function following(replica: AwsSecret, { state, values, description, tags, policy, updateTime }: AwsSecret): AwsSecret {
  const { kmsKeyId } = replica;
  const added = Object.keys(values).filter((id) => kmsKeyId && !entryOf(replica.values, id));
  return Object.freeze({
    ...replica,
    state,
    values,
    description,
    tags,
    policy,
    updateTime: Math.max(updateTime, replica.updateTime),
    kmsKeyIds: recordOf([
      ...Object.entries(ofVersions(replica.kmsKeyIds, state)),
      ...added.map((id) => [id, `${kmsKeyId}`] as const),
    ]),
    accessTimes: ofVersions(replica.accessTimes, state),
  });
}

function withoutReplicas(secret: AwsSecret, regions: ReadonlySet<string>, context: Context): AwsSecret {
  const replicas = secret.replicas.filter(({ region }) => !regions.has(region));
  return replicas.length === secret.replicas.length
    ? secret
    : change(secret, context, { replicas: Object.freeze(replicas) });
}
