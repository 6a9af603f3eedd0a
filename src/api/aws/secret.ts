import type { SecretState } from '../../state.ts';
import type { Value } from '../value.ts';

/** A secret of AWS Secrets Manager: its state in the model, and the fields that the model does not have. */
export interface AwsSecret {
  /** The ARN with its six random characters. */
  readonly arn: string;
  /** Null if none was given. */
  readonly description: string | null;
  /** The key for new versions, and for those with a built-in stage. Null for the default key of the account. Nothing is encrypted. */
  readonly kmsKeyId: string | null;
  /** In epoch milliseconds. */
  readonly createTime: number;
  /** When the secret last changed, in epoch milliseconds. */
  readonly updateTime: number;
  /** The day on which a value was last read, as the epoch milliseconds of its start. Null if none was. */
  readonly accessTime: number | null;
  /** Null if the secret has never had tags. */
  readonly tags: readonly Tag[] | null;
  /** The resource policy as JSON text. Null if the secret has no policy. */
  readonly policy: string | null;
  /** Its versions, stages and status. */
  readonly state: SecretState;
  /** By version id: the keys that are not the default key. */
  readonly kmsKeyIds: Readonly<Record<string, string>>;
  /** By version id: the day on which the value was last read, as the epoch milliseconds of its start. */
  readonly accessTimes: Readonly<Record<string, number>>;
  /** By version id. A version that awaits its value, or from a snapshot without values, does not have one. */
  readonly values: Readonly<Record<string, Value>>;
}

/** A tag of a secret. */
export interface Tag {
  /** The key. */
  readonly Key: string;
  /** The value. */
  readonly Value: string;
}
