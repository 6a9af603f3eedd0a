import type { SecretState } from '../../state.ts';

/** A secret as a service keeps it: the state of the model, and what the model leaves to the service. */
export interface Secret {
  readonly id: string;
  readonly description: string;
  /** The key that new versions are encrypted with. */
  readonly kmsKeyId: string;
  /** Epoch milliseconds. */
  readonly createTime: number;
  /** When anything of the secret last changed, in epoch milliseconds. */
  readonly updateTime: number;
  readonly state: SecretState;
  /** By version id: the keys of the versions that are older than the last UpdateSecret, which may have changed the key. */
  readonly kmsKeyIds: Readonly<Record<string, string>>;
  /** When a version expires, in epoch milliseconds, by version id. An expired version is read like any other (assumed). */
  readonly expireTimes: Readonly<Record<string, number>>;
  /** By version id. A version from a snapshot without values has none. */
  readonly values: Readonly<Record<string, Value>>;
}

/** The value of a version, opaque: text, or base64. */
export type Value =
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'binary'; readonly text: string };
