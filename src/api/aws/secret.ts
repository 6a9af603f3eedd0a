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
  /** How the secret is rotated. Null if rotation was never turned on, and for a replica. */
  readonly rotation: SecretRotation | null;
  /** The region of the primary secret if this is a replica. Otherwise null. */
  readonly primaryRegion: string | null;
  /** The replicas of this secret in other regions of the account. */
  readonly replicas: readonly Replica[];
  /** Its versions, stages and status. */
  readonly state: SecretState;
  /** By version id: the keys that are not the default key. */
  readonly kmsKeyIds: Readonly<Record<string, string>>;
  /** By version id: the day on which the value was last read, as the epoch milliseconds of its start. */
  readonly accessTimes: Readonly<Record<string, number>>;
  /** By version id. A version that awaits its value, or from a snapshot without values, does not have one. */
  readonly values: Readonly<Record<string, Value>>;
}

/** The rotation of a secret. */
export interface SecretRotation {
  /** Whether rotation is turned on. */
  readonly isOn: boolean;
  /** The function that rotates the secret. */
  readonly functionArn: string;
  /** The schedule. */
  readonly rules: RotationRules;
  /** When the last rotation succeeded, in epoch milliseconds. Null if none has. */
  readonly lastTime: number | null;
  /** When the next scheduled rotation can start, and the last moment for it, in epoch milliseconds. Null without a schedule. */
  readonly window: { readonly opens: number; readonly closes: number } | null;
  /** The rotation that has begun and has not succeeded. Null if every rotation has ended. */
  readonly attempt: RotationAttempt | null;
}

/** The schedule of a rotation, with the names of the API. */
export interface RotationRules {
  /** The days from one rotation to the next. With a ScheduleExpression, they are calculated once a rotation has succeeded. */
  readonly AutomaticallyAfterDays?: number | undefined;
  /** The length of the rotation window in hours, such as `3h`. */
  readonly Duration?: string | undefined;
  /** A `rate(…)` or `cron(…)` expression, in UTC. */
  readonly ScheduleExpression?: string | undefined;
}

/** A rotation that has begun and has not succeeded, with its retries. */
export interface RotationAttempt {
  /** The version that the rotation makes. */
  readonly token: string;
  /** The step that runs now or next. */
  readonly step: RotationStep;
  /** Whether the rotation only tests the function, which is one step: `testSecret`. */
  readonly isTest: boolean;
  /** Whether the step runs now. */
  readonly isRunning: boolean;
  /** How often the rotation has failed. */
  readonly failures: number;
  /**
   * When the step can run, in epoch milliseconds. While it runs, this is when it counts as failed, because its emulator has stopped. Null
   * if the rotation has failed so often that it is not retried.
   */
  readonly due: number | null;
}

/** A step of a rotation. Each is one call of the function. */
export type RotationStep = 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';

/** A replica of a secret. */
export interface Replica {
  /** Its region. */
  readonly region: string;
  /** The key that was asked for. Null for the default key of the account. */
  readonly kmsKeyId: string | null;
  /** Why the replica was not created. Null if it was: then it is a secret of its region. */
  readonly failure: string | null;
}

/** A tag of a secret. */
export interface Tag {
  /** The key. */
  readonly Key: string;
  /** The value. */
  readonly Value: string;
}
