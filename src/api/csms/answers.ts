import { type SecretVersion, type Stage, stagesOf } from '../../index.ts';
import { entryOf } from '../../json.ts';
import type { Secret } from '../../service/index.ts';

/** The objects of the API. Source: CSMS API reference, the pages that answer with them. Times are epoch milliseconds. */

export function stageOnWire({ state }: Secret, { name, versionId, updateTime }: Stage): object {
  return {
    name,
    version_id: versionId,
    secret_name: state.name,
    update_time: updateTime,
  };
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

/** `secret_type` is COMMON, for no other is kept. */
export function secretOnWire({ id, state, description, kmsKeyId, createTime, updateTime }: Secret): object {
  return {
    id,
    name: state.name,
    state: state.status,
    kms_key_id: kmsKeyId,
    description,
    create_time: createTime,
    update_time: updateTime,
    scheduled_delete_time: state.scheduledDeleteTime,
    secret_type: 'COMMON',
  };
}

/** A page of a list. Source: PageInfo (documented: the last of this page, the first of it, and how many it has). */
export function pageOnWire(ids: readonly string[], isLast: boolean, count: number): object {
  return {
    next_marker: isLast ? null : ids.at(-1),
    previous_marker: ids[0] ?? null,
    current_count: count,
  };
}
