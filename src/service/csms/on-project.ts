import {
  type Call,
  type CallRefusal,
  instanceOnWire,
  pageOnWire,
  type Secret,
  type Settings,
  secretOnWire,
  type Tag,
  valueOnWire,
  versionOnWire,
} from '../../api/csms/index.ts';
import { uuidOf } from '../../api/hash.ts';
import type { Value } from '../../api/value.ts';
import { latestVersion, type SecretState, tryCreateSecret } from '../../index.ts';
import type { Directory } from '../entries.ts';
import { addSecret, type CallSteps, livingIn, readSecret, secretWrite } from '../steps.ts';
import { recordOf } from '../world.ts';
import {
  answer,
  type Context,
  type Done,
  noRotation,
  noValue,
  type Rules,
  refuse,
  refuseUnknown,
  type Steps,
  usable,
} from './result.ts';
import { allTags, changedTags, isSelected, withoutTag } from './tags.ts';

/** The operations on a project: those that create, list or find secrets. */
export type OnProject =
  | 'CreateSecret'
  | 'ListSecrets'
  | 'BatchShowSecretVersion'
  | 'CreateSecretTag'
  | 'BatchCreateOrDeleteTags'
  | 'DeleteSecretTag'
  | 'ListSecretTags'
  | 'ListProjectSecretsTags'
  | 'ListResourceInstances';

export const onProject: { readonly [Name in OnProject]: (call: Call<Name>, context: Context) => Steps } = {
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

  CreateSecretTag: addOrRemoveTags,
  BatchCreateOrDeleteTags: addOrRemoveTags,
  DeleteSecretTag: (call, context) => changeTags(call, context, (tags) => withoutTag(tags, call.tagKey)),

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

function* createSecret(call: Call<'CreateSecret'>, { directory, now, rules }: Context): Steps {
  const { project, secret: name, settings, autoRotation, value } = call;
  const exists = (yield* readSecret({ project, secret: name }, now)) !== undefined;
  const refusal = whyNotCreated(name, exists, Object.keys(livingIn(directory, now)).length, rules);
  if (refusal) return refuse(refusal);
  if (value === undefined) return refuse(noValue);
  if (autoRotation) return refuse(noRotation);
  const outcome = tryCreateSecret({ name, at: now }, rules.dialect);
  if (!outcome.ok) return refuse(outcome.refusal);

  // The same call at the same time gets the same id.
  const id = uuidOf(project, name, now);
  const secret = newSecret(outcome.state, now, { id, value, ...settings });
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

/** Returns a new secret. Its first version, if there is one, has the given value. */
export function newSecret(
  state: SecretState,
  now: number,
  { value, ...settings }: Settings & { readonly id: string; readonly value: Value },
): Secret {
  const empty = Object.freeze({});
  const values = recordOf(Object.keys(state.versions).map((id) => [id, Object.freeze(value)]));
  return Object.freeze({
    ...settings,
    tags: Object.freeze([]),
    createTime: now,
    updateTime: now,
    state,
    kmsKeyIds: empty,
    expireTimes: empty,
    values,
  });
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

/** Returns the names after a marker, sorted (assumed). A marker is a name. */
const namesAfter = (marker: string | undefined, directory: Directory): readonly string[] =>
  Object.keys(directory)
    .filter((name) => marker === undefined || name > marker)
    .sort();

function addOrRemoveTags(call: Call<'CreateSecretTag' | 'BatchCreateOrDeleteTags'>, context: Context): Steps {
  return changeTags(call, context, (tags) => changedTags(tags, call.added, call.removed));
}

/** Changes the tags of a secret, in any status and without a new update_time (assumed). */
function* changeTags(
  { project, secretId }: Pick<Call, 'project' | 'secretId'>,
  context: Context,
  change: (tags: readonly Tag[]) => readonly Tag[] | CallRefusal,
): Steps {
  const secret = yield* secretWithId(project, secretId, context);
  if (!secret) return refuse({ code: 'UNKNOWN_ID', id: secretId });
  const tags = change(secret.tags);
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
