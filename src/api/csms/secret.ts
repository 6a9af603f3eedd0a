import type { SecretState } from '../../state.ts';
import type { Value } from '../value.ts';

/** The fields of a secret that a request can set, apart from tags. */
export interface Settings {
  /** The description; empty if none was given. */
  readonly description: string;
  /** The id of the key for new versions. */
  readonly kmsKeyId: string;
  /** `COMMON`, `RDS-FG` or `GaussDB-FG`. */
  readonly secretType: string;
  /** The enterprise project; `0` is the default one. */
  readonly enterpriseProjectId: string;
  /** The event that the secret subscribes to, if any. */
  readonly eventSubscriptions: readonly string[];
  /** Such as `30d`. Null if none was given. The emulator never rotates a secret. */
  readonly rotationPeriod: string | null;
  /** The database of the secret, as JSON text. Null if none was given. */
  readonly rotationConfig: string | null;
  /** The function that rotates the secret. Null if none was given. The emulator never calls it. */
  readonly rotationFuncUrn: string | null;
}

/** A secret of the service: its state in the model, and the fields that the model does not have. */
export interface Secret extends Settings {
  /** The id that the API shows. It is made from project, name and time. */
  readonly id: string;
  /** The tags, in the order in which their keys were added. */
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  /** In epoch milliseconds. */
  readonly createTime: number;
  /** When the secret last changed, in epoch milliseconds. Tags do not count. */
  readonly updateTime: number;
  /** Its versions, stages and status. */
  readonly state: SecretState;
  /** By version id: the keys of versions from before the last UpdateSecret, which may have changed the key. */
  readonly kmsKeyIds: Readonly<Record<string, string>>;
  /** By version id: when the version expires, in epoch milliseconds. Expired versions can still be read (assumed). */
  readonly expireTimes: Readonly<Record<string, number>>;
  /** By version id. A version from a snapshot without values does not have one. */
  readonly values: Readonly<Record<string, Value>>;
}

export type Tag = Secret['tags'][number];

/**
 * The settings of a secret if nothing else is given. Source: CreateSecret (documented: the type and the name of the default key; example:
 * the enterprise project 0). Assumed: the default key shows its name instead of an id.
 */
export const defaultSettings: Settings = /* @__PURE__ */ Object.freeze({
  description: '',
  kmsKeyId: 'csms/default',
  secretType: 'COMMON',
  enterpriseProjectId: '0',
  eventSubscriptions: /* @__PURE__ */ Object.freeze([]),
  rotationPeriod: null,
  rotationConfig: null,
  rotationFuncUrn: null,
});
