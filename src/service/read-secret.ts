import * as v from 'valibot';
import { type Secret as CsmsSecret, csmsValue } from '../api/csms/index.ts';
import { time } from '../schema.ts';
import { record, type SecretTools } from './parse-world.ts';

/** Reads a secret of an emulated CSMS. */
export function readCsmsSecret(
  input: unknown,
  path: string,
  { read, readState, readByVersion }: SecretTools,
): CsmsSecret | undefined {
  const schema = v.strictObject({
    id: v.string(),
    description: v.string(),
    kmsKeyId: v.string(),
    createTime: time,
    updateTime: time,
    state: v.unknown(),
    kmsKeyIds: v.optional(record, {}),
    expireTimes: record,
    values: v.optional(record, {}),
  });
  const secret = read(schema, input, path);
  const state = secret && readState(secret.state, path);
  if (!state) return undefined;
  return Object.freeze({
    ...secret,
    state,
    kmsKeyIds: readByVersion(state, secret.kmsKeyIds, `${path}.kmsKeyIds`, v.string()),
    expireTimes: readByVersion(state, secret.expireTimes, `${path}.expireTimes`, time),
    values: readByVersion(state, secret.values, `${path}.values`, csmsValue),
  });
}
