import * as v from 'valibot';
import { statusesOf } from '../../dialects/index.ts';
import { type Dialect, type SecretStatus, type SecretVersion, type Stage, stagesOf } from '../../index.ts';
import { entryOf } from '../../json.ts';
import type { Secret } from './secret.ts';

/** The objects in the responses of the API. Times are epoch milliseconds. Source: CSMS API reference, the pages of the operations. */

export function stageOnWire({ state }: Secret, { name, versionId, updateTime }: Stage): object {
  return { name, version_id: versionId, secret_name: state.name, update_time: updateTime };
}

export function versionOnWire(secret: Secret, { id, createTime }: Pick<SecretVersion, 'id' | 'createTime'>): object {
  return {
    id,
    create_time: createTime,
    expire_time: entryOf(secret.expireTimes, id) ?? null,
    kms_key_id: entryOf(secret.kmsKeyIds, id) ?? secret.kmsKeyId,
    secret_name: secret.state.name,
    version_stages: stagesOf(secret.state, id),
  };
}

export function valueOnWire({ values }: Secret, versionId: string): object {
  const value = entryOf(values, versionId);
  return {
    secret_string: value?.kind === 'string' ? value.text : null,
    secret_binary: value?.kind === 'binary' ? value.text : null,
  };
}

/** A secret without versions and tags. `auto_rotation` is always false, so no rotation has a time. */
export function secretOnWire(secret: Secret): object {
  const { state } = secret;
  return {
    id: secret.id,
    name: state.name,
    state: state.status,
    kms_key_id: secret.kmsKeyId,
    description: secret.description,
    create_time: secret.createTime,
    update_time: secret.updateTime,
    scheduled_delete_time: state.scheduledDeleteTime,
    secret_type: secret.secretType,
    auto_rotation: false,
    rotation_period: secret.rotationPeriod,
    rotation_config: secret.rotationConfig,
    rotation_time: null,
    next_rotation_time: null,
    event_subscriptions: secret.eventSubscriptions,
    enterprise_project_id: secret.enterpriseProjectId,
    rotation_func_urn: secret.rotationFuncUrn,
  };
}

/** A secret in a list by tags. The emulator has no tags of the system. */
export function instanceOnWire(secret: Secret): object {
  return {
    resource_id: secret.id,
    resource_detail: secretOnWire(secret),
    resource_name: secret.state.name,
    tags: secret.tags,
    sys_tags: [],
  };
}

/** Information about a page. Source: PageInfo (documented: the last id on this page, the first one, and their number). */
export function pageOnWire(ids: readonly string[], isLast: boolean, count: number): object {
  return { next_marker: isLast ? null : ids.at(-1), previous_marker: ids[0] ?? null, current_count: count };
}

/**
 * Schemas of the objects in recorded responses, with the names and times that the caller allows. Unknown fields are ignored.
 * expire_time and page_info are optional, because only newer pages of the documentation have them. Assumed: version_stages may be null.
 */
export function answerSchemas(
  dialect: Dialect,
  {
    secretName,
    versionId,
    stageName,
  }: Readonly<Record<'secretName' | 'versionId' | 'stageName', v.GenericSchema<string>>>,
  time: v.GenericSchema<number>,
) {
  const statuses = statusesOf(dialect);
  return {
    secret: v.object({
      id: v.string(),
      name: secretName,
      state: v.custom<SecretStatus>(
        (value) => statuses.some((status) => status === value),
        `one of ${statuses.join(', ')}`,
      ),
      scheduled_delete_time: v.nullish(time, null),
    }),
    version: v.object({
      id: versionId,
      create_time: time,
      expire_time: v.optional(v.nullable(time)),
      secret_name: secretName,
      version_stages: v.nullable(v.array(stageName)),
    }),
    stage: v.object({ name: stageName, version_id: versionId, secret_name: secretName, update_time: time }),
    pageInfo: v.nullish(
      v.object({
        next_marker: v.nullish(v.string(), null),
        // Not used: the documentation does not say whether it is the first id of this page or the last id of the page before.
        previous_marker: v.nullish(v.string()),
        current_count: v.nullish(v.number()),
      }),
    ),
  };
}
