import {
  actionOf,
  type Call,
  type CallRefusal,
  type Facts,
  instanceOnWire,
  type Operation,
  pageOnWire,
  type Secret,
  secretOnWire,
  stageOnWire,
  valueOnWire,
  versionOnWire,
} from '../api/csms/index.ts';
import { drawsFrom, type Random, uuidOf } from '../api/hash.ts';
import { randomPassword } from '../api/password.ts';
import type { Value } from '../api/value.ts';
import { type Dialect, fits, patternRule } from '../dialects/index.ts';
import {
  latestVersion,
  nextVersionId,
  type SecretState,
  type SecretVersion,
  stageOf,
  tryCreateSecret,
  tryReduce,
  versionsByAge,
} from '../index.ts';
import { entryOf } from '../json.ts';
import { invalidValue } from '../refusal.ts';
import { numberInSeries } from '../series.ts';
import type { Directory, Place } from './entries.ts';
import {
  addSecret,
  type CallResult,
  type CallSteps,
  directoryWrite,
  livingIn,
  readDirectory,
  readSecret,
  secretWrite,
} from './steps.ts';
import { allTags, changedTags, isSelected } from './tags.ts';
import { ofVersions, recordOf, withEntry } from './world.ts';

/** The rules of the service. */
export interface Rules {
  readonly dialect: Dialect;
  readonly secretsAProject: number;
  /** Draws the characters of passwords. If omitted, the same call at the same time gets the same password. */
  readonly random?: Random | undefined;
}

/** Source: CSMS API reference, CreateSecret (documented). */
export const secretLimit = 500;

/** A call that was done: its response, and the entries that it writes. */
export interface Done extends CallResult<Secret> {
  readonly status: 200 | 204;
  readonly body?: object;
}

export interface Refused extends CallResult<Secret> {
  readonly refusal: CallRefusal;
}

/** What a call on an existing secret needs. */
interface Context {
  readonly now: number;
  readonly rules: Rules;
  /** Empty if the call does not use it. */
  readonly directory: Directory;
}

/** Whether a call is about one existing secret, and reads or changes nothing else. */
export function isOnSecret(call: Call): call is Call<OnSecret> {
  return Object.hasOwn(operations, call.operation);
}

/**
 * Returns the places that a call locks: the secret, then its project. The same order everywhere prevents deadlocks. A call that changes
 * tags does not know the name of its secret beforehand. It is done again if another call has changed the secret meanwhile.
 */
export function placesOf(call: Call): readonly Place[] {
  const { operation, project, secret } = call;
  const inProject = needsDirectory(call) ? [{ project }] : [];
  return isOnSecret(call) || operation === 'CreateSecret' ? [{ project, secret }, ...inProject] : inProject;
}

/** Does a call. It is a pure function of the time and the entries that it reads. */
export function* perform(call: Call, now: number, rules: Rules): CallSteps<Done | Refused, Secret> {
  if (call.operation === 'GenerateRandomPassword') return generatePassword(call, now, rules);
  const { project, secret: name } = call;
  const directory = needsDirectory(call) ? yield* readDirectory(project) : {};
  if (!isOnSecret(call)) return yield* performOnProject(call, { now, rules, directory });
  const secret = yield* readSecret<Secret>({ project, secret: name }, now);
  return secret === undefined ? refuseUnknown(name, rules) : performOn(secret, call, { now, rules, directory });
}

/** Whether a call needs the directory of its project. Other calls do not read it, because it can be large. */
const needsDirectory = (call: Call): boolean =>
  isOnSecret(call)
    ? ['DeleteSecret', 'DeleteSecretForSchedule', 'RestoreSecret'].includes(call.operation)
    : !['BatchShowSecretVersion', 'GenerateRandomPassword'].includes(call.operation);

const refuseUnknown = (secret: string, { dialect }: Rules): Refused => {
  const { name } = dialect.secret;
  return fits(secret, name)
    ? refuse({ code: 'UNKNOWN_SECRET', secret })
    : refuse(invalidValue('secret_name', secret, patternRule(name)));
};

type OnProject =
  | 'CreateSecret'
  | 'ListSecrets'
  | 'BatchShowSecretVersion'
  | 'CreateSecretTag'
  | 'BatchCreateOrDeleteTags'
  | 'DeleteSecretTag'
  | 'ListSecretTags'
  | 'ListProjectSecretsTags'
  | 'ListResourceInstances';
type OnSecret = Exclude<Operation, OnProject | 'GenerateRandomPassword'>;
type Steps = CallSteps<Done | Refused, Secret>;

const performOn = <Name extends OnSecret>(secret: Secret, call: Call<Name>, context: Context): Done | Refused => {
  const operation: (secret: Secret, call: Call<Name>, context: Context) => Done | Refused = operations[call.operation];
  return operation(secret, call, context);
};

const performOnProject = <Name extends OnProject>(call: Call<Name>, context: Context): Steps => {
  const operation: (call: Call<Name>, context: Context) => Steps = onProject[call.operation];
  return operation(call, context);
};

function* createSecret(call: Call<'CreateSecret'>, { directory, now, rules }: Context): Steps {
  const { project, secret: name, facts, autoRotation, value } = call;
  const exists = (yield* readSecret({ project, secret: name }, now)) !== undefined;
  const refusal = whyNotCreated(name, exists, Object.keys(livingIn(directory, now)).length, rules);
  if (refusal) return refuse(refusal);
  if (value === undefined) return refuse(noValue);
  if (autoRotation) return refuse(noRotation);
  const outcome = tryCreateSecret({ name, at: now }, rules.dialect);
  if (!outcome.ok) return refuse(outcome.refusal);

  // The same call at the same time gets the same id.
  const id = uuidOf(project, name, now);
  const secret = newSecret(outcome.state, now, { id, value, ...facts });
  const writes = yield* addSecret(project, secret, directory, now);
  return { status: 200, body: { secret: secretOnWire(secret) }, writes };
}

/** Returns why a secret of this name cannot be created in a project, or undefined if it can. */
export function whyNotCreated(
  secret: string,
  exists: boolean,
  secrets: number,
  { secretsAProject }: Rules,
): CallRefusal | undefined {
  if (exists) return { code: 'SECRET_EXISTS', secret };
  return secrets >= secretsAProject ? { code: 'SECRET_LIMIT', limit: secretsAProject } : undefined;
}

function* listSecrets({ project, page, eventName }: Call<'ListSecrets'>, { directory, now }: Context): Steps {
  const secrets: Secret[] = [];
  for (const name of namesAfter(page.marker, livingIn(directory, now))) {
    const secret = yield* readSecret<Secret>({ project, secret: name }, now);
    // It may have been deleted since the directory was read.
    if (!secret || (eventName !== undefined && !secret.eventSubscriptions.includes(eventName))) continue;
    if (secrets.length === page.limit) return pageOf(secrets, false);
    secrets.push(secret);
  }
  return pageOf(secrets, true);
}

const pageOf = (secrets: readonly Secret[], isLast: boolean): Done => {
  const names = secrets.map(({ state }) => state.name);
  return answer({ secrets: secrets.map(secretOnWire), page_info: pageOnWire(names, isLast, names.length) });
};

const onProject: { readonly [Name in OnProject]: (call: Call<Name>, context: Context) => Steps } = {
  CreateSecret: createSecret,
  ListSecrets: listSecrets,

  // Assumed: one secret that cannot be read refuses the whole call, as in ShowSecretVersion.
  *BatchShowSecretVersion({ project, secretNames }, { now, rules }) {
    const versions: object[] = [];
    for (const name of secretNames) {
      const secret = yield* readSecret<Secret>({ project, secret: name }, now);
      if (secret === undefined) return refuseUnknown(name, rules);
      const shown = usable(secret, latestVersion(secret.state, rules.dialect) ?? 'latest');
      if ('code' in shown) return refuse(shown);
      versions.push({ version_metadata: versionOnWire(secret, shown), ...valueOnWire(secret, shown.id) });
    }
    return answer({ versions, total_count: versions.length });
  },

  CreateSecretTag: changeTags,
  BatchCreateOrDeleteTags: changeTags,
  DeleteSecretTag: changeTags,

  *ListSecretTags({ project, secretId }, context) {
    const secret = yield* secretWithId(project, secretId, context);
    return secret ? answer({ tags: secret.tags, sys_tags: [] }) : refuse({ code: 'UNKNOWN_ID', id: secretId });
  },

  *ListProjectSecretsTags({ project }, context) {
    return answer({ tags: allTags(yield* allSecrets(project, context)) });
  },

  // Source: Terraform's provider (example: a count lists no resources).
  *ListResourceInstances({ project, filter }, context) {
    const { offset, limit, onlyCounts } = filter;
    const secrets = (yield* allSecrets(project, context)).filter((secret) => isSelected(secret, filter));
    const total_count = secrets.length;
    return answer(
      onlyCounts
        ? { total_count }
        : { resources: secrets.slice(offset, offset + limit).map(instanceOnWire), total_count },
    );
  },
};

const generatePassword = ({ project, password }: Call<'GenerateRandomPassword'>, now: number, rules: Rules) => {
  const { random = drawsFrom(JSON.stringify([project, password, now])) } = rules;
  const made = randomPassword(password, random);
  return typeof made === 'string' ? refuse({ code: 'BAD_FIELD', expected: noPassword[made] }) : answer(made);
};

const noPassword = {
  ALL_EXCLUDED: 'body must not exclude all characters',
  TYPE_EXCLUDED: 'body.exclude_characters must leave a character of each included type',
  TOO_SHORT: 'body.length must be at least the number of included types, because each is required',
};

/**
 * Changes the tags of a secret, in any status and without a new update_time (assumed). Of the keys that a batch removes, some may be
 * missing; DeleteSecretTag refuses a missing one (assumed, as in other services of the cloud).
 */
function* changeTags(
  call: Call<'CreateSecretTag' | 'BatchCreateOrDeleteTags' | 'DeleteSecretTag'>,
  context: Context,
): Steps {
  const { project, secretId, tagKey } = call;
  const secret = yield* secretWithId(project, secretId, context);
  if (!secret) return refuse({ code: 'UNKNOWN_ID', id: secretId });
  const isDelete = call.operation === 'DeleteSecretTag';
  if (isDelete && !secret.tags.some(({ key }) => key === tagKey)) return refuse({ code: 'UNKNOWN_TAG', key: tagKey });
  const tags = isDelete ? changedTags(secret.tags, [], [tagKey]) : changedTags(secret.tags, call.added, call.removed);
  if ('code' in tags) return refuse(tags);
  return { status: 204, writes: [secretWrite(project, secret.state.name, Object.freeze({ ...secret, tags }))] };
}

/** Reads all secrets of a project, sorted by name. */
function* allSecrets(project: string, { directory, now }: Context): CallSteps<readonly Secret[], Secret> {
  const secrets: Secret[] = [];
  for (const name of namesAfter(undefined, livingIn(directory, now))) {
    const secret = yield* readSecret<Secret>({ project, secret: name }, now);
    if (secret) secrets.push(secret);
  }
  return secrets;
}

/** Reads secrets until one has the id. The directory has no ids. */
function* secretWithId(
  project: string,
  id: string,
  { directory, now }: Context,
): CallSteps<Secret | undefined, Secret> {
  for (const name of Object.keys(livingIn(directory, now))) {
    const secret = yield* readSecret<Secret>({ project, secret: name }, now);
    if (secret?.id === id) return secret;
  }
  return undefined;
}

const operations: {
  readonly [Name in OnSecret]: (secret: Secret, call: Call<Name>, context: Context) => Done | Refused;
} = {
  ShowSecret: (secret) => answer({ secret: secretOnWire(secret) }),

  // Older versions keep their key. Source: UpdateSecret (documented). Assumed: the secret must be ENABLED.
  UpdateSecret: (secret, { project, facts, autoRotation }, { now }) => {
    const { status, versions } = secret.state;
    if (status !== 'ENABLED') return refuse({ code: 'SECRET_NOT_ENABLED', status });
    if (autoRotation) return refuse(noRotation);
    const keyBefore = (id: string) => entryOf(secret.kmsKeyIds, id) ?? secret.kmsKeyId;
    const next: Secret = Object.freeze({
      ...secret,
      ...facts,
      kmsKeyIds: recordOf(Object.keys(versions).map((id) => [id, keyBefore(id)])),
      updateTime: now,
    });
    return answerKeeping(project, next, { secret: secretOnWire(next) });
  },

  // In any status (assumed).
  DeleteSecret: (_, { project, secret: name }, { directory }) => ({
    status: 204,
    writes: [
      secretWrite<Secret>(project, name, undefined),
      directoryWrite(project, withEntry(directory, name, undefined)),
    ],
  }),

  CreateSecretVersion: (secret, call, context) => {
    const { project, value, expireTime } = call;
    const id = call.recordedId ?? nextVersionId(secret.state, context.rules.dialect);
    if (value === undefined) return refuse(noValue);
    const acted = act(secret, call, context);
    if ('refusal' in acted) return acted;
    const next = Object.freeze({
      ...acted,
      values: withEntry(acted.values, id, value),
      expireTimes: withEntry(acted.expireTimes, id, expireTime),
    });
    return answerKeeping(project, next, { version_metadata: versionOnWire(next, { id, createTime: context.now }) });
  },

  ListSecretVersions: (secret, { page }, { rules }) => {
    const versions = versionsByAge(secret.state);
    const start = startAfter(page.marker, secret.state, rules.dialect);
    if (start === undefined) {
      return refuse({
        code: 'BAD_FIELD',
        expected: 'marker must be the id of a version, such as next_marker of the page before',
      });
    }
    const onPage = versions.slice(start, start + page.limit);
    const ids = onPage.map(({ id }) => id);
    return answer({
      version_metadatas: onPage.map((version) => versionOnWire(secret, version)),
      page_info: pageOnWire(ids, start + page.limit >= versions.length, ids.length),
    });
  },

  ShowSecretVersion: (secret, { versionId }, { rules }) => {
    const id = versionId === 'latest' ? latestVersion(secret.state, rules.dialect) : versionId;
    const version = usable(secret, id ?? versionId);
    if ('code' in version) return refuse(version);
    return answer({
      version: { version_metadata: versionOnWire(secret, version), ...valueOnWire(secret, version.id) },
    });
  },

  UpdateVersion: (secret, { project, versionId, expireTime }, { now }) => {
    const version = usable(secret, versionId);
    if ('code' in version) return refuse(version);
    const expireTimes = withEntry(secret.expireTimes, versionId, expireTime);
    const next = Object.freeze({ ...secret, updateTime: now, expireTimes });
    return answerKeeping(project, next, { version_metadata: versionOnWire(next, version) });
  },

  CreateSecretStage: (secret, call, context) => putStage(secret, call, context),
  UpdateSecretStage: (secret, call, context) => putStage(secret, call, context),

  ShowSecretStage: (secret, { stage }) => {
    const held = stageOf(secret.state, stage);
    return held
      ? answer({ stage: stageOnWire(secret, held) })
      : refuse({ code: 'UNKNOWN_STAGE', stage, stages: secret.state.stages });
  },

  DeleteSecretStage: (secret, call, context) => {
    const next = act(secret, call, context);
    return 'refusal' in next ? next : { status: 204, writes: [secretWrite(call.project, call.secret, next)] };
  },

  DeleteSecretForSchedule: (secret, call, context) => changeDeletion(secret, call, context),
  RestoreSecret: (secret, call, context) => changeDeletion(secret, call, context),
};

const putStage = (
  secret: Secret,
  call: Call<'CreateSecretStage' | 'UpdateSecretStage'>,
  context: Context,
): Done | Refused => {
  const next = act(secret, call, context);
  if ('refusal' in next) return next;
  const held = stageOf(next.state, call.stage);
  return answerKeeping(call.project, next, { stage: held && stageOnWire(next, held) });
};

const changeDeletion = (
  secret: Secret,
  call: Call<'DeleteSecretForSchedule' | 'RestoreSecret'>,
  context: Context,
): Done | Refused => {
  const { project, secret: name } = call;
  const next = act(secret, call, context);
  if ('refusal' in next) return next;
  const directory = withEntry(context.directory, name, next.state.scheduledDeleteTime);
  const writes = [secretWrite(project, name, next), directoryWrite(project, directory)];
  return { status: 200, body: { secret: secretOnWire(next) }, writes };
};

/** Does an action of the model on a secret. */
const act = (secret: Secret, call: Parameters<typeof actionOf>[0], { now, rules }: Context): Secret | Refused => {
  const outcome = tryReduce(secret.state, actionOf(call, now), rules.dialect);
  return outcome.ok ? withState(secret, outcome.state, now) : refuse(outcome.refusal);
};

/** Returns a version of an ENABLED secret, or why it cannot be used. Source: ShowSecretVersion (documented); for UpdateVersion assumed. */
const usable = ({ state }: Secret, versionId: string): SecretVersion | CallRefusal => {
  const { status, versions } = state;
  if (status !== 'ENABLED') return { code: 'SECRET_NOT_ENABLED', status };
  return entryOf(versions, versionId) ?? { code: 'UNKNOWN_VERSION', versionId, versions };
};

const noValue: CallRefusal = {
  code: 'BAD_FIELD',
  expected: 'body.secret_string or body.secret_binary is required',
};

/** A client that asks for rotation would wait for versions that never come. Source: RotateSecret (documented: not for COMMON); for others assumed. */
const noRotation: CallRefusal = {
  code: 'BAD_FIELD',
  expected: 'body.auto_rotation must be false, because this emulator does not rotate secrets',
};

const answer = (body: object): Done => ({ status: 200, body });
const answerKeeping = (project: string, secret: Secret, body: object): Done => ({
  status: 200,
  body,
  writes: [secretWrite(project, secret.state.name, secret)],
});
const refuse = (refusal: CallRefusal): Refused => ({ refusal });

/** Returns the names after a marker, sorted (assumed). A marker is a name. */
const namesAfter = (marker: string | undefined, directory: Directory): readonly string[] =>
  Object.keys(directory)
    .filter((name) => marker === undefined || name > marker)
    .sort();

/**
 * Returns the index of the version after a marker, by age. If the marker is a numbered version that was deleted, the page continues after
 * the last version with a lower number (assumed). Returns undefined if the marker was never the id of a version.
 */
const startAfter = (marker: string | undefined, state: SecretState, dialect: Dialect): number | undefined => {
  if (marker === undefined) return 0;
  const ids = versionsByAge(state).map(({ id }) => id);
  if (ids.includes(marker)) return 1 + ids.indexOf(marker);
  const number = numberInSeries(marker, dialect);
  if (number === 0 || number > state.lastNumber) return undefined;
  const numbers = ids.map((id) => numberInSeries(id, dialect));
  return 1 + numbers.map((each) => 0 < each && each < number).lastIndexOf(true);
};

/** Returns a new secret. Its first version, if there is one, has the given value. */
export function newSecret(
  state: SecretState,
  now: number,
  { value, ...facts }: Facts & { readonly id: string; readonly value: Value },
): Secret {
  const empty = Object.freeze({});
  const values = recordOf(Object.keys(state.versions).map((id) => [id, Object.freeze(value)]));
  return Object.freeze({
    ...facts,
    tags: Object.freeze([]),
    createTime: now,
    updateTime: now,
    state,
    kmsKeyIds: empty,
    expireTimes: empty,
    values,
  });
}

/** Returns a secret with its next state. What belongs to deleted versions is removed. */
export function withState(secret: Secret, state: SecretState, now: number): Secret {
  return Object.freeze({
    ...secret,
    updateTime: now,
    state,
    kmsKeyIds: ofVersions(secret.kmsKeyIds, state),
    expireTimes: ofVersions(secret.expireTimes, state),
    values: ofVersions(secret.values, state),
  });
}
