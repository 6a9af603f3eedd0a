import {
  actionOf,
  type Call,
  type Operation,
  pageOnWire,
  type Secret,
  secretOnWire,
  stageOnWire,
  valueOnWire,
  versionOnWire,
} from '../../api/csms/index.ts';
import type { Dialect } from '../../dialects/index.ts';
import { latestVersion, nextVersionId, type SecretState, stageOf, tryReduce, versionsByAge } from '../../index.ts';
import { entryOf } from '../../json.ts';
import { numberInSeries } from '../../series.ts';
import { listedWrites, secretWrite } from '../steps.ts';
import { ofVersions, recordOf, withEntry } from '../world.ts';
import type { OnProject } from './on-project.ts';
import {
  answer,
  answerKeeping,
  type Context,
  type Done,
  noRotation,
  noValue,
  type Refused,
  refuse,
  usable,
} from './result.ts';

/** The operations on one existing secret. */
export type OnSecret = Exclude<Operation, OnProject | 'GenerateRandomPassword'>;

export const onSecret: {
  readonly [Name in OnSecret]: (secret: Secret, call: Call<Name>, context: Context) => Done | Refused;
} = {
  ShowSecret: (secret) => answer({ secret: secretOnWire(secret) }),

  // Older versions keep their key. Source: UpdateSecret (documented). Assumed: the secret must be ENABLED.
  UpdateSecret: (secret, { project, settings, autoRotation }, { now }) => {
    const { status, versions } = secret.state;
    if (status !== 'ENABLED') return refuse({ code: 'SECRET_NOT_ENABLED', status });
    if (autoRotation) return refuse(noRotation);
    const keyBefore = (id: string) => entryOf(secret.kmsKeyIds, id) ?? secret.kmsKeyId;
    const next: Secret = Object.freeze({
      ...secret,
      ...settings,
      kmsKeyIds: recordOf(Object.keys(versions).map((id) => [id, keyBefore(id)])),
      updateTime: now,
    });
    return answerKeeping(project, next, { secret: secretOnWire(next) });
  },

  // In any status (assumed).
  DeleteSecret: (_, { project, secret: name }, { directory }) => ({
    status: 204,
    writes: listedWrites<Secret>(project, name, undefined, directory),
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
  const writes = listedWrites(project, name, next, context.directory);
  return { status: 200, body: { secret: secretOnWire(next) }, writes };
};

/** Does an action of the model on a secret. */
const act = (secret: Secret, call: Parameters<typeof actionOf>[0], { now, rules }: Context): Secret | Refused => {
  const outcome = tryReduce(secret.state, actionOf(call, now), rules.dialect);
  return outcome.ok ? withState(secret, outcome.state, now) : refuse(outcome.refusal);
};

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
