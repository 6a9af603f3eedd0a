import type { SecretState } from '../../state.ts';
import type { Value } from '../value.ts';

/** A secret of the service: its state in the model, and the fields that the model does not have. */
export interface Secret {
  /** The id that the API shows. It is made from project, name and time. */
  readonly id: string;
  /** The description; empty if none was given. */
  readonly description: string;
  /** The id of the key for new versions. */
  readonly kmsKeyId: string;
  /** In epoch milliseconds. */
  readonly createTime: number;
  /** When the secret last changed, in epoch milliseconds. */
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
