import { fieldOf, isObject } from '../../json.ts';
import { isRead } from '../http.ts';
import { partsOf } from './arn.ts';
import type { Call } from './calls.ts';
import { type AwsError, lowerCamel } from './errors.ts';

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

/**
 * An event, as EventBridge delivers what CloudTrail records. Source: user guides of EventBridge and Secrets Manager (documented), and events in
 * public repositories (observed).
 */
export interface AwsEvent {
  /** Always `0`. */
  readonly version: '0';
  /** A UUID. */
  readonly id: string;
  /** `AWS API Call via CloudTrail` for a call, `AWS Service Event via CloudTrail` for what the service did. */
  readonly 'detail-type': string;
  /** The service. */
  readonly source: 'aws.secretsmanager';
  /** The account of the secret. */
  readonly account: string;
  /** In ISO 8601, without milliseconds. */
  readonly time: string;
  /** The region of the secret. */
  readonly region: string;
  /** Always empty. */
  readonly resources: readonly string[];
  /** The record of CloudTrail. */
  readonly detail: AwsEventDetail;
}

/** The record of CloudTrail in an event. It never contains a secret value. */
export interface AwsEventDetail {
  /** The version of the format. */
  readonly eventVersion: string;
  /** Who made the call: the root user (assumed), or the service. */
  readonly userIdentity: Readonly<Record<string, string>>;
  /** In ISO 8601, without milliseconds. */
  readonly eventTime: string;
  /** The service. */
  readonly eventSource: 'secretsmanager.amazonaws.com';
  /** The operation, such as `PutSecretValue`, or what the service did, such as `RotationFailed`. */
  readonly eventName: string;
  /** The region of the secret. */
  readonly awsRegion: string;
  /** 127.0.0.1 (assumed), or the service. */
  readonly sourceIPAddress: string;
  /** The User-Agent of the request, or the service. */
  readonly userAgent: string;
  /** The error type, if the call was refused. */
  readonly errorCode?: string | undefined;
  /** The error message, if the call was refused, or why a rotation failed. */
  readonly errorMessage?: string | undefined;
  /** The request without values. Null for what the service did. */
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  /** The ARN, the name and the version of a change. Null for a read. */
  readonly responseElements: {
    readonly arn: string | undefined;
    readonly name: string | undefined;
    readonly versionId: string | undefined;
  } | null;
  /** The ARN of the secret, for what the service did. */
  readonly additionalEventData?: { readonly SecretId: string } | undefined;
  /** The id of the request. For what the service did, it contains the ARN and the version. */
  readonly requestID: string;
  /** A UUID. */
  readonly eventID: string;
  /** Whether the operation changes nothing. */
  readonly readOnly: boolean;
  /** What the event is about: a call, or what the service did. */
  readonly eventType: 'AwsApiCall' | 'AwsServiceEvent';
  /** Always true. */
  readonly managementEvent: true;
  /** The account of the secret. */
  readonly recipientAccountId: string;
  /** Always `Management`. */
  readonly eventCategory: 'Management';
}

/** How a call was answered. */
export interface Answer {
  readonly body?: object | undefined;
  readonly error?: AwsError | undefined;
  /** The ARN of the secret that the call changed. The response to a change of tags does not have it. */
  readonly arn?: string | undefined;
}

/** When and how a call was made. */
export interface Occasion {
  /** In epoch milliseconds. */
  readonly at: number;
  readonly requestId: string;
  /** The User-Agent of the request. */
  readonly userAgent: string;
}

/**
 * Returns the event of a call. Source of the fields: as for {@link AwsEvent}. Assumed: the identity, which is always the root user, because
 * the emulator has no other, and the address. Events had `aRN` before February 2024 (documented); these have `arn`.
 */
export function eventOfCall(
  { operation, project, request }: Call,
  { body, error, arn }: Answer,
  { at, requestId, userAgent }: Occasion,
  drawId: () => string,
): AwsEvent {
  const text = (field: string) => {
    const value = fieldOf(body, field);
    return typeof value === 'string' ? value : undefined;
  };
  const readOnly = isRead(operation);
  const { account: accountId } = partsOf(project);
  return eventOf(project, at, drawId, {
    userIdentity: { type: 'Root', principalId: accountId, arn: `arn:aws:iam::${accountId}:root`, accountId },
    eventName: operation,
    sourceIPAddress: '127.0.0.1',
    userAgent,
    ...(error && { errorCode: error.type, errorMessage: error.message }),
    requestParameters: parametersIn(request),
    responseElements:
      error || readOnly ? null : { arn: text('ARN') ?? arn, name: text('Name'), versionId: text('VersionId') },
    requestID: requestId,
    readOnly,
    eventType: 'AwsApiCall',
  });
}

/** Returns the event of what the service did. Assumed: `requestID` has the same parts for SecretVersionDeletion. */
export function eventOfService(
  { name, project, arn, versionId, reason }: ServiceEvent,
  at: number,
  drawId: () => string,
): AwsEvent {
  const { account: accountId } = partsOf(project);
  const kind = name.replace(/^(?:Test)?Rotation.*/, 'Rotation');
  return eventOf(project, at, drawId, {
    userIdentity: { accountId, invokedBy: eventSource },
    eventName: name,
    sourceIPAddress: eventSource,
    userAgent: eventSource,
    ...(reason !== undefined && { errorMessage: reason }),
    requestParameters: null,
    responseElements: null,
    additionalEventData: { SecretId: arn },
    requestID: `${kind}-${arn}-${versionId}`,
    readOnly: false,
    eventType: 'AwsServiceEvent',
  });
}

const eventSource = 'secretsmanager.amazonaws.com';

/** What all events of a project at one time have in common. */
type Common =
  | 'eventVersion'
  | 'eventTime'
  | 'eventSource'
  | 'awsRegion'
  | 'eventID'
  | 'managementEvent'
  | 'recipientAccountId'
  | 'eventCategory';

function eventOf(project: string, at: number, drawId: () => string, detail: Omit<AwsEventDetail, Common>): AwsEvent {
  const { account, region } = partsOf(project);
  const time = new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
  const kind = detail.eventType === 'AwsApiCall' ? 'API Call' : 'Service Event';
  return {
    version: '0',
    id: drawId(),
    'detail-type': `AWS ${kind} via CloudTrail`,
    source: 'aws.secretsmanager',
    account,
    time,
    region,
    resources: [],
    detail: {
      eventVersion: '1.08',
      eventTime: time,
      eventSource,
      awsRegion: region,
      ...detail,
      eventID: drawId(),
      managementEvent: true,
      recipientAccountId: account,
      eventCategory: 'Management',
    },
  };
}

/** The members of requests that an event shows. A new member is not shown until it is listed here, because it could hold a value. */
const shown: readonly string[] = [
  'AddReplicaRegions',
  'BlockPublicPolicy',
  'ClientRequestToken',
  'Description',
  'ForceDeleteWithoutRecovery',
  'ForceOverwriteReplicaSecret',
  'IncludeDeprecated',
  'IncludePlannedDeletion',
  'KmsKeyId',
  'MaxResults',
  'MoveToVersionId',
  'Name',
  'RecoveryWindowInDays',
  'RemoveFromVersionId',
  'RemoveReplicaRegions',
  'RotateImmediately',
  'RotationLambdaARN',
  'RotationRules',
  'SecretId',
  'SecretIdList',
  'TagKeys',
  'VersionId',
  'VersionStage',
  'VersionStages',
];

function parametersIn(request: object): Readonly<Record<string, unknown>> {
  const members = Object.entries(request).filter(([name, value]) => shown.includes(name) && (value ?? null) !== null);
  return Object.fromEntries(members.map(([name, value]) => [lowerCamel(name), withLowerCamel(value)]));
}

/** JSON with the names of CloudTrail. */
function withLowerCamel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withLowerCamel);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [lowerCamel(name), withLowerCamel(inner)]));
}
