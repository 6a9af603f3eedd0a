import { pageOnWire, secretOnWire, stageOnWire, valueOnWire, versionOnWire } from '../api/csms/answers.ts';
import { type Acting, actionOf, type Call, type Operation, type Page } from '../api/csms/calls.ts';
import type { CallRefusal } from '../api/csms/errors.ts';
import { sha256 } from '../api/csms/hash.ts';
import { fits, patternRule } from '../dialects/index.ts';
import {
  type Dialect,
  latestVersion,
  nextVersionId,
  type SecretVersion,
  stageOf,
  tryCreateSecret,
  tryReduce,
  versionsByAge,
} from '../index.ts';
import { invalidValue } from '../refusal.ts';
import { entryOf, isPast, ofVersions, type Secret, withEntry } from './world.ts';

/** What the service goes by. */
export interface Rules {
  readonly dialect: Dialect;
  readonly secretsAProject: number;
}

/** The secrets of a project by name, and when each is deleted, in epoch milliseconds; null never. */
export type Directory = Readonly<Record<string, number | null>>;

/** What a call sees of its project, and when. */
export interface Context {
  readonly now: number;
  readonly rules: Rules;
  /** Empty for a call that has no need of it. */
  readonly directory: Directory;
  /** Those of {@link secretsFor} that are there. */
  readonly secrets: ReadonlyMap<string, Secret>;
}

/** What came of a call: the answer, and what is kept from now on where that changes. */
export interface Done {
  readonly status: 200 | 204;
  readonly body?: object;
  readonly directory?: Directory;
  /** By name; null is deleted. */
  readonly secrets?: ReadonlyMap<string, Secret | null>;
}

export interface Refused {
  readonly refusal: CallRefusal;
}

/** Whether a call must see the directory of its project. It is read for these alone, for a project may have many secrets. */
export function needsDirectory({ operation }: Call): boolean {
  return (
    operation === 'ListSecrets' ||
    operation === 'CreateSecret' ||
    operation === 'DeleteSecret' ||
    operation === 'DeleteSecretForSchedule' ||
    operation === 'RestoreSecret'
  );
}

/** The names of the secrets that a call must see. */
export function secretsFor(call: Call, directory: Directory, now: number): readonly string[] {
  switch (call.operation) {
    case 'ListSecrets':
      return pageOf(namesAfter(call.page.marker, directory, now), call.page).ids;
    case 'CreateSecret':
      // Those that fell due go for good now, values and all.
      return [...new Set([call.secret, ...dueIn(directory, now)])];
    default:
      return [call.secret];
  }
}

/** Does a call: a pure function of what it sees and of the time. */
export function perform(call: Call, context: Context): Done | Refused {
  if (call.operation === 'ListSecrets') return listSecrets(call, context);
  if (call.operation === 'CreateSecret') return createSecret(call, context);
  const secret = context.secrets.get(call.secret);
  if (secret !== undefined) return performOn(secret, call, context);
  const { name } = context.rules.dialect.secret;
  return fits(call.secret, name)
    ? refuse({ code: 'UNKNOWN_SECRET', secret: call.secret })
    : refuse(invalidValue('secret_name', call.secret, patternRule(name)));
}

type OnSecret = Exclude<Operation, 'ListSecrets' | 'CreateSecret'>;

const performOn = <Name extends OnSecret>(secret: Secret, call: Call<Name>, context: Context): Done | Refused => {
  const operation: (secret: Secret, call: Call<Name>, context: Context) => Done | Refused = operations[call.operation];
  return operation(secret, call, context);
};

const createSecret = (call: Call<'CreateSecret'>, { now, rules, directory, secrets }: Context): Done | Refused => {
  const { project, secret: name, description, kmsKeyId, value } = call;
  if (secrets.has(name)) return refuse({ code: 'SECRET_EXISTS', secret: name });
  const living = Object.entries(directory).filter(([other]) => !isDue(directory, other, now));
  if (living.length >= rules.secretsAProject) return refuse({ code: 'SECRET_LIMIT', limit: rules.secretsAProject });
  if (value === undefined) return refuse(noValue);
  const outcome = tryCreateSecret({ name, at: now }, rules.dialect);
  if (!outcome.ok) return refuse(outcome.refusal);

  const { state } = outcome;
  const secret: Secret = Object.freeze({
    id: idOf(project, name, now),
    description,
    kmsKeyId,
    createTime: now,
    updateTime: now,
    state,
    kmsKeyIds: Object.freeze({}),
    expireTimes: Object.freeze({}),
    values: Object.freeze(Object.fromEntries(Object.keys(state.versions).map((id) => [id, Object.freeze(value)]))),
  });
  return {
    status: 200,
    body: { secret: secretOnWire(secret) },
    directory: withEntry(Object.fromEntries(living), name, null),
    secrets: new Map([...dueIn(directory, now).map((other) => [other, null] as const), [name, secret]]),
  };
};

const listSecrets = ({ page }: Call<'ListSecrets'>, { now, directory, secrets }: Context): Done => {
  const { ids, isLast } = pageOf(namesAfter(page.marker, directory, now), page);
  // One of them may have gone since the directory was read.
  const found = ids.flatMap((name) => secrets.get(name) ?? []);
  return answer({ secrets: found.map(secretOnWire), page_info: pageOnWire(ids, isLast, found.length) });
};

const operations: {
  readonly [Name in OnSecret]: (secret: Secret, call: Call<Name>, context: Context) => Done | Refused;
} = {
  ShowSecret: (secret) => answer({ secret: secretOnWire(secret) }),

  // Older versions keep their key. Source: UpdateSecret (documented); that the secret must be ENABLED is assumed.
  UpdateSecret: (secret, { description, kmsKeyId }, { now }) => {
    const { status, versions } = secret.state;
    if (status !== 'ENABLED') return refuse({ code: 'SECRET_NOT_ENABLED', status });
    const keyBefore = (id: string) => entryOf(secret.kmsKeyIds, id) ?? secret.kmsKeyId;
    const next: Secret = Object.freeze({
      ...secret,
      description: description ?? secret.description,
      kmsKeyId: kmsKeyId ?? secret.kmsKeyId,
      kmsKeyIds: Object.freeze(Object.fromEntries(Object.keys(versions).map((id) => [id, keyBefore(id)]))),
      updateTime: now,
    });
    return keep(next, { secret: secretOnWire(next) });
  },

  // In any status (assumed).
  DeleteSecret: (_, { secret: name }, { directory }) => ({
    status: 204,
    directory: withEntry(directory, name, undefined),
    secrets: new Map([[name, null]]),
  }),

  CreateSecretVersion: (secret, call, context) => {
    const id = nextVersionId(secret.state, context.rules.dialect);
    const { value, expireTime } = call;
    if (value === undefined) return refuse(noValue);
    const acted = act(secret, call, context);
    if ('refusal' in acted) return acted;
    const next = Object.freeze({
      ...acted,
      values: withEntry(acted.values, id, value),
      expireTimes: withEntry(acted.expireTimes, id, expireTime),
    });
    return keep(next, { version_metadata: versionOnWire(next, { id, createTime: context.now }) });
  },

  ListSecretVersions: (secret, { page }) => {
    const versions = versionsByAge(secret.state);
    const start = 1 + versions.findIndex(({ id }) => id === page.marker);
    if (start === 0 && page.marker !== undefined) {
      return refuse({ code: 'BAD_FIELD', expected: 'marker to be the id of a version, such as a page before gave it' });
    }
    const { ids, isLast } = pageOf(
      versions.slice(start).map(({ id }) => id),
      page,
    );
    return answer({
      version_metadatas: versions.slice(start, start + ids.length).map((version) => versionOnWire(secret, version)),
      page_info: pageOnWire(ids, isLast, ids.length),
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

  UpdateVersion: (secret, { versionId, expireTime }, { now }) => {
    const version = usable(secret, versionId);
    if ('code' in version) return refuse(version);
    const expireTimes = withEntry(secret.expireTimes, versionId, expireTime);
    const next = Object.freeze({ ...secret, updateTime: now, expireTimes });
    return keep(next, { version_metadata: versionOnWire(next, version) });
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
    return 'refusal' in next ? next : { status: 204, ...keeping(next) };
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
  return keep(next, { stage: held && stageOnWire(next, held) });
};

const changeDeletion = (
  secret: Secret,
  call: Call<'DeleteSecretForSchedule' | 'RestoreSecret'>,
  context: Context,
): Done | Refused => {
  const next = act(secret, call, context);
  if ('refusal' in next) return next;
  const directory = withEntry(context.directory, call.secret, next.state.scheduledDeleteTime);
  return { ...keep(next, { secret: secretOnWire(next) }), directory };
};

/** The secret after an action of the model. What went with a pruned version is gone with it. */
const act = (secret: Secret, call: Call<Acting>, { now, rules }: Context): Secret | Refused => {
  const outcome = tryReduce(secret.state, actionOf(call, now), rules.dialect);
  if (!outcome.ok) return refuse(outcome.refusal);
  const { state } = outcome;
  const { id, description, kmsKeyId, createTime } = secret;
  const kmsKeyIds = ofVersions(secret.kmsKeyIds, state);
  const values = ofVersions(secret.values, state);
  const expireTimes = ofVersions(secret.expireTimes, state);
  const kept = { kmsKeyIds, expireTimes, values };
  return Object.freeze({ id, description, kmsKeyId, createTime, updateTime: now, state, ...kept });
};

/** A version whose value may be read, and whose expiry may be set: of an ENABLED secret. Source: ShowSecretVersion (documented); for UpdateVersion assumed. */
const usable = ({ state }: Secret, versionId: string): SecretVersion | CallRefusal => {
  if (state.status !== 'ENABLED') return { code: 'SECRET_NOT_ENABLED', status: state.status };
  const { versions } = state;
  return entryOf(versions, versionId) ?? { code: 'UNKNOWN_VERSION', versionId, versions };
};

const noValue: CallRefusal = {
  code: 'BAD_FIELD',
  expected: 'body.secret_string to be there, or body.secret_binary',
};

const answer = (body: object): Done => ({ status: 200, body });
const keeping = (secret: Secret) => ({ secrets: new Map([[secret.state.name, secret]]) });
const keep = (secret: Secret, body: object): Done => ({ status: 200, body, ...keeping(secret) });
const refuse = (refusal: CallRefusal): Refused => ({ refusal });

const isDue = (directory: Directory, name: string, now: number): boolean =>
  isPast(entryOf(directory, name) ?? null, now);

const dueIn = (directory: Directory, now: number): readonly string[] =>
  Object.keys(directory).filter((name) => isDue(directory, name, now));

/** In the order of the names (assumed), of which the marker of a page is one. */
const namesAfter = (marker: string | undefined, directory: Directory, now: number): readonly string[] =>
  Object.keys(directory)
    .filter((name) => !isDue(directory, name, now) && (marker === undefined || name > marker))
    .sort();

const pageOf = (ids: readonly string[], { limit }: Page) => ({
  ids: ids.slice(0, limit),
  isLast: ids.length <= limit,
});

/** An id in the form of a UUID. The same call at the same time gives the same, for nothing here is left to chance. */
const idOf = (...facts: readonly (string | number)[]): string =>
  sha256(JSON.stringify(facts)).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
