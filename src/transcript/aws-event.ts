import * as v from 'valibot';
import { lowerCamel, readArn } from '../api/aws/index.ts';
import { hasVersion } from '../index.ts';
import { fieldOf } from '../json.ts';
import { time } from '../schema.ts';
import { type ActionFor, act, changing, readAws, rotationBy, textIn } from './aws.ts';
import { type CallLine, readFields, type Unread } from './call.ts';

/** Whether this is an event of AWS Secrets Manager, as CloudTrail records it or as EventBridge delivers it. */
export function isAwsEvent(json: unknown): boolean {
  return fieldOf(recordIn(json), 'eventSource') === 'secretsmanager.amazonaws.com';
}

/**
 * Reads an event as the call that it records. Source: user guide, CloudTrail entries (documented); fields of events in public
 * repositories (observed).
 */
export function readAwsEvent(json: unknown): CallLine | Unread {
  const event = readFields(eventSchema, recordIn(json), example);
  if ('expected' in event) return event;
  const { eventName, eventTime: at, requestParameters, responseElements, errorCode, additionalEventData } = event;
  // Lines before it may have been played without a project, as for the project of an ARN.
  const where = { project: undefined, arnProject: `${event.recipientAccountId}/${event.awsRegion}` };
  if (changing.test(eventName)) {
    const response = errorCode ? { __type: errorCode } : { VersionId: textIn(responseElements, 'versionId') };
    const body = bodyFrom(requestParameters);
    const call = readAws({ at, target: `secretsmanager.${eventName}`, body, response });
    return 'expected' in call ? call : { ...call, ...where };
  }
  const id = textIn(requestParameters, 'secretId') || textIn(additionalEventData, 'SecretId');
  const secret = readArn(id)?.name ?? id;
  const action = actionAt(event);
  return {
    at,
    operation: eventName,
    ...where,
    secret,
    recorded: errorCode ? 'refused' : 'done',
    changes: action !== undefined,
    // The service has no call for it.
    play: action && ((context) => act(secret, at, context, action)),
  };
}

/** What the service does without a call. Source: `evidenceOf` (a rotation begins with a version: documented; its end: observed). */
function actionAt({ eventName, eventTime: at, requestID, additionalEventData }: AwsEventRecord): ActionFor | undefined {
  if (eventName === 'RotationSucceeded')
    return ({ stages }, dialect) => {
      const held = stages.find(({ name }) => name === dialect.stages.pending);
      return held && { type: 'removeStage', stage: held.name, at };
    };
  // The form of the id is observed in an event in a public repository.
  const prefix = `Rotation-${textIn(additionalEventData, 'SecretId')}-`;
  if (eventName !== 'RotationStarted' || !requestID?.startsWith(prefix)) return undefined;
  const token = requestID.slice(prefix.length);
  // RotateSecret, or an earlier attempt, may have created the version.
  return (state, dialect) => (hasVersion(state, token) ? undefined : rotationBy(token, at)(state, dialect));
}

/** The record of CloudTrail in an event of EventBridge, or the record itself. */
const recordIn = (json: unknown): unknown =>
  fieldOf(json, 'source') === 'aws.secretsmanager' ? fieldOf(json, 'detail') : json;

const example =
  '{"eventSource": "secretsmanager.amazonaws.com", "eventName": "PutSecretValue", "eventTime": "2026-03-02T09:00:00Z", "awsRegion": "eu-west-1", "recipientAccountId": "123456789012", "requestParameters": {"secretId": "db"}}';

const plain = v.pipe(v.string(), v.regex(/^[a-z\d-]{1,32}$/, 'lower-case letters, digits or hyphens'));
const eventSchema = v.object({
  eventName: v.pipe(v.string(), v.regex(/^[A-Za-z]{1,64}$/, 'letters')),
  eventTime: v.pipe(v.string(), v.isoTimestamp('a time such as 2026-03-02T09:00:00Z'), v.transform(Date.parse), time),
  awsRegion: plain,
  recipientAccountId: plain,
  requestParameters: v.optional(v.unknown()),
  responseElements: v.optional(v.unknown()),
  additionalEventData: v.optional(v.unknown()),
  requestID: v.optional(v.string()),
  errorCode: v.optional(v.string()),
});
type AwsEventRecord = v.InferOutput<typeof eventSchema>;

/** The members of a request that matter to stages, by their names in the API. Events have them with a lower-case first letter. */
const members = [
  'Name',
  'SecretId',
  'ClientRequestToken',
  'VersionStages',
  'VersionStage',
  'MoveToVersionId',
  'RemoveFromVersionId',
  'RecoveryWindowInDays',
  'ForceDeleteWithoutRecovery',
  'RotateImmediately',
];

const bodyFrom = (parameters: unknown) =>
  Object.fromEntries(members.map((name) => [name, fieldOf(parameters, lowerCamel(name))]));
