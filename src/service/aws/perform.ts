import {
  type AwsError,
  type AwsSecret,
  arnOf,
  type Call,
  described,
  errorOf,
  errors,
  listedVersion,
  named,
  nameIn,
  type Operation,
  type Request,
  seconds,
  shownValue,
  type Tag,
  valueIn,
} from '../../api/aws/index.ts';
import type { Random } from '../../api/hash.ts';
import { randomPassword } from '../../api/password.ts';
import type { Value } from '../../api/value.ts';
import { type Dialect, fits, patternRule } from '../../dialects/index.ts';
import { type SecretAction, stagesOf, tryCreateSecret, versionsByAge } from '../../index.ts';
import { entryOf } from '../../json.ts';
import type { Place } from '../entries.ts';
import { addSecret, listedWrites, livingIn, readDirectory, readSecret, secretWrite } from '../steps.ts';
import { act, addValue, change, keyIn, readValue, withKey, withValue } from './change.ts';
import {
  type AwsDone,
  type AwsRefused,
  type AwsRules,
  answer,
  type Context,
  findFor,
  findSecret,
  refuse,
  type Steps,
  type Use,
} from './context.ts';
import { answerKeeping, withRotation } from './keep.ts';
import { isPublic, statementsIn } from './policy.ts';
import {
  removeRegionsFromReplication,
  replicate,
  replicateSecretToRegions,
  replicationStatus,
  stopReplicationToReplica,
  withReplicas,
} from './replicas.ts';
import { cancelRotateSecret, rotateSecret } from './rotation.ts';
import { matching, pageOf, positionOf, sorted } from './search.ts';

/** Returns the places that a call locks: the secret, then its project. */
export function placesOfAws({ operation, project, request }: Call): readonly Place[] {
  const inProject = changesDirectory(operation) ? [{ project }] : [];
  const secretId = 'Name' in request ? request.Name : 'SecretId' in request ? request.SecretId : undefined;
  const secret = typeof secretId === 'string' ? nameIn(secretId, project) : undefined;
  return secret === undefined ? inProject : [{ project, secret }, ...inProject];
}

function changesDirectory(operation: Operation): boolean {
  return ['CreateSecret', 'DeleteSecret', 'RestoreSecret'].includes(operation);
}

/** Does a call. It is a pure function of the time, the entries that it reads, and the random numbers of an ARN or a password. */
export function* performAws(call: Call, now: number, rules: AwsRules): Steps {
  const wrong = wrongIn(call, rules.dialect);
  if (wrong) return refuse(wrong);
  if (call.operation === 'GetRandomPassword') return getRandomPassword(call.request, rules.random);
  const context = { ...rules, project: call.project, now };
  const result = yield* perform(call, context);
  return 'error' in result ? result : yield* withReplicas(result, context);
}

type OnSecrets = Exclude<Operation, 'GetRandomPassword'>;
type Perform<Name extends OnSecrets> = (request: Request<Name>, context: Context) => Steps;

function perform<Name extends OnSecrets>(call: Call<Name>, context: Context): Steps {
  const operation: Perform<Name> = operations[call.operation];
  return operation(call.request, context);
}

/** What is wrong with a request before any secret is looked up. Source: service model and user guide (documented), recordings. */
function wrongIn({ operation, request }: Call, dialect: Dialect): AwsError | undefined {
  if (operation === 'PutSecretValue' && !valueIn(request)) return errors.noValue;
  if (operation === 'RotateSecret' && !request.ClientRequestToken) return errors.noTokenToRotate;
  const { id } = dialect.versions;
  if ('ClientRequestToken' in request && !fits(request.ClientRequestToken, id))
    return errors.invalidToken(patternRule(id));
  if (operation === 'RotateSecret' && (request.ExternalSecretRotationMetadata || request.ExternalSecretRotationRoleArn))
    return errors.notEmulated('the rotation of managed external secrets');
  if ('Type' in request && request.Type) return errors.notEmulated('Type, which makes a managed external secret');
  if ('RotationToken' in request && request.RotationToken) return errors.notEmulated('RotationToken');
  if ('SecretString' in request && typeof request.SecretString === 'string' && typeof request.SecretBinary === 'string')
    return errors.twoValues;
  return undefined;
}

function* createSecret(request: Request<'CreateSecret'>, context: Context): Steps {
  const { Name: name, ClientRequestToken: token, Description, KmsKeyId, Tags, AddReplicaRegions: regions } = request;
  const { project, now, dialect, secretsARegion } = context;
  const existing = fits(name, dialect.secret.name)
    ? yield* readSecret<AwsSecret>({ project, secret: name }, now)
    : undefined;
  const value = valueIn(request);
  if (existing) return yield* createAgain(existing, token, value, context);
  const directory = yield* readDirectory<AwsSecret>(project);
  if (Object.keys(livingIn(directory, now)).length >= secretsARegion) return refuse(errors.secretLimit(secretsARegion));
  const made = { name, at: now, versionId: value ? token : null, ...(value && { fingerprint: token }) };
  const outcome = tryCreateSecret(made, dialect);
  const arn = arnOf(project, name, context.random);
  if (!outcome.ok) return refuse(errorOf(outcome.refusal, { ...dialect, arn }), outcome.refusal);
  const tags = withTags(null, Tags ?? []);
  if (tags && 'error' in tags) return tags;
  const none = Object.freeze({});
  const secret: AwsSecret = Object.freeze({
    arn,
    description: Description ?? null,
    kmsKeyId: keyIn(KmsKeyId),
    createTime: now,
    updateTime: now,
    accessTime: null,
    tags,
    policy: null,
    rotation: null,
    primaryRegion: null,
    replicas: Object.freeze([]),
    state: outcome.state,
    kmsKeyIds: none,
    accessTimes: none,
    values: none,
  });
  const created = value ? withValue(secret, token, value) : secret;
  const replicated = yield* replicate(created, regions ?? [], request.ForceOverwriteReplicaSecret === true, context);
  if ('error' in replicated) return replicated;
  const writes = [...(yield* addSecret(project, replicated.secret, directory, now)), ...replicated.writes];
  const ReplicationStatus = yield* replicationStatus(replicated.secret, context, writes);
  return { body: { ...named(created), VersionId: value && token, ReplicationStatus }, writes };
}

/**
 * Creating a secret again with the same token and value changes nothing, also with other replicas. Source: CreateSecret (documented;
 * verified by moto). A replica is never created again (assumed).
 */
function* createAgain(secret: AwsSecret, token: string, value: Value | undefined, context: Context): Steps {
  const { status, name, versions } = secret.state;
  if (status === 'PENDING_DELETE') return refuse(errors.nameIsScheduled);
  if (!value || !entryOf(versions, token) || secret.primaryRegion !== null) return refuse(errors.nameExists(name));
  const next = addValue(secret, { token, value }, context);
  if ('error' in next) return next;
  const ReplicationStatus = yield* replicationStatus(next, context);
  return answerKeeping(next, secret, context, { ...named(next), VersionId: token, ReplicationStatus });
}

function* deleteSecret(request: Request<'DeleteSecret'>, context: Context): Steps {
  const { SecretId, RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: isForced } = request;
  const { project, now, dialect } = context;
  const window = dialect.secret.deletionDays;
  if (typeof days === 'number' && window && (days < window.least || days > window.most))
    return refuse(errors.window(window));
  if (isForced && typeof days === 'number') return refuse(errors.windowAndForce);
  const found = yield* findSecret(SecretId, context);
  if ('error' in found) {
    // The forced deletion of a missing secret succeeds. Source: DeleteSecret (documented). The ARN is made up, as in AWS.
    if (!isForced || found.error !== errors.noSecret) return found;
    const ARN = SecretId.startsWith('arn:') ? SecretId : arnOf(project, SecretId, context.random);
    return answer({ ARN, Name: SecretId, DeletionDate: seconds(now) });
  }
  if (found.primaryRegion !== null) return refuse(errors.onReplica);
  // Assumed: a region in which replication failed counts, too.
  if (found.replicas.length > 0)
    return refuse(
      errors.hasReplicas(
        found.arn,
        found.replicas.map(({ region }) => region),
      ),
    );
  const { name, scheduledDeleteTime } = found.state;
  const directory = yield* readDirectory<AwsSecret>(project);
  if (isForced) {
    const writes = listedWrites<AwsSecret>(project, name, undefined, directory);
    return { body: { ...named(found), DeletionDate: seconds(now) }, writes };
  }
  // Assumed: a second call shows the day that the first one chose.
  if (scheduledDeleteTime !== null) return answer({ ...named(found), DeletionDate: seconds(scheduledDeleteTime) });
  const scheduled = act(found, { type: 'scheduleDeletion', at: now, recoveryWindowInDays: days ?? undefined }, context);
  if ('error' in scheduled) return scheduled;
  const next = withRotation(scheduled, { attempt: null });
  return {
    body: { ...named(next), DeletionDate: seconds(next.state.scheduledDeleteTime) },
    writes: listedWrites(project, name, next, directory),
  };
}

/** Assumed: restoring a secret that is not scheduled changes nothing. */
function* restoreSecret({ SecretId }: Request<'RestoreSecret'>, context: Context): Steps {
  const found = yield* findSecret(SecretId, context);
  if ('error' in found) return found;
  if (found.primaryRegion !== null) return refuse(errors.onReplica);
  const next = act(found, { type: 'restore', at: context.now }, context);
  if ('error' in next) return answer(named(found));
  const directory = yield* readDirectory<AwsSecret>(context.project);
  return { body: named(next), writes: listedWrites(context.project, next.state.name, next, directory) };
}

function* describeSecret({ SecretId }: Request<'DescribeSecret'>, context: Context): Steps {
  const secret = yield* findFor('describes it', SecretId, context);
  if ('error' in secret) return secret;
  const ReplicationStatus = yield* replicationStatus(secret, context);
  return answer({ ...described(secret, 'VersionIdsToStages'), ReplicationStatus });
}

/** Omits secrets whose deletion is scheduled, unless IncludePlannedDeletion is set. */
function* listSecrets(request: Request<'ListSecrets'>, context: Context): Steps {
  const secrets = (yield* readAll(context)).filter(
    ({ state }) => request.IncludePlannedDeletion || state.status !== 'PENDING_DELETE',
  );
  const found = sorted(matching(secrets, request.Filters), request);
  const page = pageOf(found, (secret) => positionOf(secret, request.SortBy), request, { of: 'secrets', usual: 100 });
  if ('error' in page) return page;
  const { items, NextToken } = page;
  return answer({ SecretList: items.map((secret) => described(secret, 'SecretVersionsToStages')), NextToken });
}

/** Reads all secrets of a project. */
function* readAll({ project, now }: Context): Steps<readonly AwsSecret[]> {
  const secrets: (AwsSecret | undefined)[] = [];
  for (const name of Object.keys(livingIn(yield* readDirectory<AwsSecret>(project), now))) {
    secrets.push(yield* readSecret<AwsSecret>({ project, secret: name }, now));
  }
  // One may have been deleted since the directory was read.
  return secrets.filter((secret) => secret !== undefined);
}

/** A secret that cannot be read is an entry of `Errors`. Source: BatchGetSecretValue (documented; the message is reported). */
function* batchGetSecretValue(request: Request<'BatchGetSecretValue'>, context: Context): Steps {
  const { SecretIdList: ids, Filters, MaxResults } = request;
  if (Boolean(ids) === Boolean(Filters)) return refuse(errors.idsOrFilters);
  if (ids && typeof MaxResults === 'number') return refuse(errors.maxResultsNeedsFilters);
  const found: (readonly [secretId: string, secret: AwsSecret | AwsRefused])[] = [];
  for (const id of ids ?? []) found.push([id, yield* findSecret(id, context)]);
  let next: string | undefined;
  if (!ids) {
    const secrets = (yield* readAll(context)).filter(({ state }) => state.status !== 'PENDING_DELETE');
    const page = pageOf(
      sorted(matching(secrets, Filters), {}),
      (secret) => positionOf(secret, 'created-date'),
      request,
      { of: 'values', usual: 20 },
    );
    if ('error' in page) return page;
    next = page.NextToken;
    found.push(...page.items.map((secret) => [secret.arn, secret] as const));
  }

  const values: object[] = [];
  const failed: object[] = [];
  // By name, because a store refuses two writes of one entry.
  const changed = new Map<string, AwsSecret>();
  for (const [SecretId, secret] of found) {
    const read = 'error' in secret ? secret : readValue(secret, {}, context);
    if ('error' in read) failed.push({ SecretId, ErrorCode: read.error.type, Message: read.error.message });
    else {
      values.push(shownValue(read.secret, read.version));
      if (read.secret !== secret) changed.set(read.secret.state.name, read.secret);
    }
  }
  const writes = [...changed].map(([name, secret]) => secretWrite(context.project, name, secret));
  return { body: { SecretValues: values, Errors: failed, NextToken: next }, writes };
}

/** Checks only that the text is a policy, not who it allows. */
function* validateResourcePolicy(request: Request<'ValidateResourcePolicy'>, context: Context): Steps {
  if (typeof request.SecretId === 'string') {
    const found = yield* findSecret(request.SecretId, context);
    if ('error' in found) return found;
  }
  return statementsIn(request.ResourcePolicy)
    ? answer({ PolicyValidationPassed: true, ValidationErrors: [] })
    : refuse(errors.malformedPolicy);
}

function getRandomPassword(request: Request<'GetRandomPassword'>, random: Random): AwsDone | AwsRefused {
  const made = randomPassword(
    {
      length: request.PasswordLength ?? 32,
      excluded: request.ExcludeCharacters ?? '',
      types: {
        lowercase: request.ExcludeLowercase !== true,
        uppercase: request.ExcludeUppercase !== true,
        numbers: request.ExcludeNumbers !== true,
        punctuation: request.ExcludePunctuation !== true,
      },
      space: request.IncludeSpace === true,
      requiresEach: request.RequireEachIncludedType !== false,
    },
    random,
  );
  // The messages are reported.
  if (made === 'ALL_EXCLUDED') return refuse(errors.allExcluded);
  if (made === 'TYPE_EXCLUDED') return refuse(errors.classExcluded);
  return made === 'TOO_SHORT' ? refuse(errors.shortPassword) : answer({ RandomPassword: made.password });
}

/** An operation on a secret that exists. */
function onSecret<Asked extends { readonly SecretId: string }>(
  perform: (secret: AwsSecret, request: Asked, context: Context) => AwsDone | AwsRefused,
  use: Use = 'changes it',
) {
  return function* (request: Asked, context: Context): Steps {
    const secret = yield* findFor(use, request.SecretId, context);
    return 'error' in secret ? secret : perform(secret, request, context);
  };
}

/** Built in a function, so that a bundle without AWS omits all of it. */
const operations = /* @__PURE__ */ operationsOnSecrets();

function operationsOnSecrets(): { readonly [Name in OnSecrets]: Perform<Name> } {
  return {
    CreateSecret: createSecret,
    DeleteSecret: deleteSecret,
    RestoreSecret: restoreSecret,
    DescribeSecret: describeSecret,
    ListSecrets: listSecrets,
    BatchGetSecretValue: batchGetSecretValue,
    ValidateResourcePolicy: validateResourcePolicy,
    ReplicateSecretToRegions: replicateSecretToRegions,
    RemoveRegionsFromReplication: removeRegionsFromReplication,
    StopReplicationToReplica: stopReplicationToReplica,

    PutSecretValue: onSecret((secret, request, context) => {
      const { ClientRequestToken: token, VersionStages } = request;
      const next = addValue(secret, { token, value: valueIn(request), stages: VersionStages ?? undefined }, context);
      if ('error' in next) return next;
      return answerKeeping(next, secret, context, {
        ...named(next),
        VersionId: token,
        VersionStages: stagesOf(next.state, token),
      });
    }),

    UpdateSecret: onSecret((secret, request, context) => {
      const { ClientRequestToken: token, Description, KmsKeyId } = request;
      const value = valueIn(request);
      const changesKeyOnly = typeof KmsKeyId === 'string' && typeof Description !== 'string' && !value;
      // A replica has a key of its own. Source: the page on promoting a replica (documented).
      if (secret.primaryRegion !== null && !changesKeyOnly) return refuse(errors.onReplica);
      const changed = change(secret, context, {
        ...(typeof Description === 'string' && { description: Description }),
        ...(typeof KmsKeyId === 'string' && withKey(secret, keyIn(KmsKeyId), context.dialect)),
      });
      const next = addValue(changed, { token, value }, context);
      return 'error' in next
        ? next
        : answerKeeping(next, secret, context, { ...named(next), VersionId: value && token });
    }, 'reads it'),

    UpdateSecretVersionStage: onSecret((secret, request, context) => {
      const { VersionStage: stage, MoveToVersionId: versionId, RemoveFromVersionId } = request;
      const from = RemoveFromVersionId ?? undefined;
      if (!versionId && !from) return refuse(errors.noStageChange);
      const at = context.now;
      const action: SecretAction = versionId
        ? { type: 'assignStage', stage, versionId, from, at }
        : { type: 'removeStage', stage, from, at };
      const next = act(secret, action, context);
      return 'error' in next ? next : answerKeeping(next, secret, context, named(next));
    }),

    GetSecretValue: onSecret((secret, request, context) => {
      const read = readValue(secret, request, context);
      return 'error' in read
        ? read
        : answerKeeping(read.secret, secret, context, shownValue(read.secret, read.version));
    }, 'reads it'),

    ListSecretVersionIds: onSecret((secret, request) => {
      const versions = versionsByAge(secret.state).filter(
        ({ id }) => request.IncludeDeprecated || stagesOf(secret.state, id).length > 0,
      );
      const page = pageOf(versions, ({ createTime, ordinal }) => [createTime, ordinal], request, {
        of: `versions of ${secret.arn}`,
        usual: 100,
      });
      if ('error' in page) return page;
      const Versions = page.items.map((version) => listedVersion(secret, version));
      return answer({ ...named(secret), Versions, NextToken: page.NextToken });
    }, 'describes it'),

    TagResource: onSecret((secret, { Tags }, context) => {
      const tags = withTags(secret.tags, Tags);
      return tags && 'error' in tags
        ? tags
        : answerKeeping(change(secret, context, { tags }), secret, context, undefined);
    }),

    UntagResource: onSecret((secret, { TagKeys }, context) => {
      const tags = secret.tags && Object.freeze(secret.tags.filter(({ Key }) => !TagKeys.includes(Key)));
      return answerKeeping(change(secret, context, { tags }), secret, context, undefined);
    }),

    PutResourcePolicy: onSecret((secret, { ResourcePolicy: policy, BlockPublicPolicy }, context) => {
      const statements = statementsIn(policy);
      if (!statements) return refuse(errors.malformedPolicy);
      if (BlockPublicPolicy && statements.some(isPublic)) return refuse(errors.publicPolicy);
      return answerKeeping(change(secret, context, { policy }), secret, context, named(secret));
    }),

    GetResourcePolicy: onSecret(
      (secret) => answer({ ...named(secret), ResourcePolicy: secret.policy ?? undefined }),
      'reads it',
    ),

    RotateSecret: onSecret(rotateSecret),
    CancelRotateSecret: onSecret((secret, _, context) => cancelRotateSecret(secret, context)),
    DeleteResourcePolicy: onSecret((secret, _, context) =>
      answerKeeping(change(secret, context, { policy: null }), secret, context, named(secret)),
    ),
  };
}

/** Adds tags. A known key keeps its place and gets the new value (recorded). */
function withTags(tags: readonly Tag[] | null, added: readonly Tag[]): readonly Tag[] | null | AwsRefused {
  if (added.length === 0) return tags;
  const reserved = added.find(({ Key }) => Key.startsWith('aws:'));
  if (reserved) return refuse(errors.reservedTag(reserved.Key));
  const byKey = new Map([...(tags ?? []), ...added].map(({ Key, Value }) => [Key, Object.freeze({ Key, Value })]));
  return byKey.size > mostTags ? refuse(errors.tooManyTags(mostTags)) : Object.freeze([...byKey.values()]);
}

/** Source: TagResource (documented). */
const mostTags = 50;
