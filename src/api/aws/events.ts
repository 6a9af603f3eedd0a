/** Something that the service reports besides calls. Source: user guide, CloudTrail entries (documented). */
export interface ServiceEvent {
  readonly name:
    | 'RotationStarted'
    | 'RotationSucceeded'
    | 'RotationFailed'
    | 'RotationAbandoned'
    | 'TestRotationStarted'
    | 'TestRotationSucceeded'
    | 'TestRotationFailed'
    | 'SecretVersionDeletion';
  /** The account and the region of the secret. */
  readonly project: string;
  readonly arn: string;
  /** The version that it is about. */
  readonly versionId: string;
  /** Why a rotation failed. It never contains a secret value. */
  readonly reason?: string | undefined;
}
