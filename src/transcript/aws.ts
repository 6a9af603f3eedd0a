import * as v from 'valibot';
import {
  type AwsError,
  type AwsSecret,
  type Call,
  errors,
  type Operation,
  readArn,
  readCall,
  valueIn,
} from '../api/aws/index.ts';
import { sha256 } from '../api/hash.ts';
import type { Value } from '../api/value.ts';
import { entryOf, fieldOf, isObject } from '../json.ts';
import { idInSeries } from '../series.ts';
import { performAws, runCall, withAwsState } from '../service/index.ts';
import {
  type CallLine,
  type Context,
  type PlayedCloud,
  readFields,
  recordedProject,
  recordedTime,
  refuse,
} from './cloud.ts';

/** AWS Secrets Manager. Its secrets keep digests of the values that lines have. */
export const aws: PlayedCloud<AwsSecret> = {
  example: '{"at": 1772442000000, "target": "secretsmanager.DescribeSecret", "body": {"SecretId": "db"}}',
  secretsAProject: Number.POSITIVE_INFINITY,
  namesProjects: false,
  newSecret: (state, at) => ({ ...withoutFacts, arn: state.name, createTime: at, updateTime: at, state }),
  withState: withAwsState,
  readCall: (json) => {
    const line = readFields(lineSchema, json, aws.example);
    if ('expected' in line) return line;
    const { at, target, project, body, response } = line;
    const operation = /^secretsmanager\.(\w+)$/.exec(target)?.[1] ?? '';
    const arn = readArn(textIn(body, 'SecretId'));
    const answeredId = textIn(response, 'VersionId');
    const call = readCall(operation, '', {
      ...body,
      ...ignored,
      SecretId: arn?.name ?? body['SecretId'],
      ClientRequestToken: answeredId || textIn(body, 'ClientRequestToken'),
    });
    if ('type' in call) return { expected: problemOf(call) };
    const isRefused = isObject(response) && Object.hasOwn(response, '__type');
    if (operation === 'RotateSecret' && !isRefused) return { expected: rotation };

    const secret = textIn(call.request, operation === 'CreateSecret' ? 'Name' : 'SecretId');
    const bringsValue = operation === 'PutSecretValue' || answeredId !== '' || valueIn(body) !== undefined;
    return {
      at,
      operation,
      project,
      arnProject: (arn ?? readArn(textIn(response, 'ARN')))?.project,
      secret,
      recorded: response === undefined ? undefined : isRefused ? 'refused' : 'done',
      changes: changing.includes(call.operation) && (operation !== 'UpdateSecret' || bringsValue),
      ...(!unsupported.includes(call.operation) && {
        play: (context) =>
          playCall(isValued(call) ? withDigest(call, bringsValue, context) : call, at, secret, context),
      }),
    };
  },
};

const lineSchema = v.object({
  at: recordedTime,
  target: v.string(),
  project: recordedProject,
  body: v.optional(v.custom<Readonly<Record<string, unknown>>>(isObject, 'an object'), {}),
  response: v.optional(v.unknown()),
});

const textIn = (data: unknown, field: string): string => {
  const text = fieldOf(data, field);
  return typeof text === 'string' ? text : '';
};

/** Fields that change no stage, and that the service does not support or did not issue. */
const ignored = { AddReplicaRegions: undefined, NextToken: undefined, RotationToken: undefined, Type: undefined };

const changing: readonly Operation[] = [
  'CreateSecret',
  'PutSecretValue',
  'UpdateSecret',
  'UpdateSecretVersionStage',
  'DeleteSecret',
  'RestoreSecret',
];

/** Operations that the service does not support. */
const unsupported: readonly Operation[] = [
  'RotateSecret',
  'CancelRotateSecret',
  'ReplicateSecretToRegions',
  'RemoveRegionsFromReplication',
  'StopReplicationToReplica',
];

const rotation = 'RotateSecret cannot be played yet. Remove the line, and keep the calls of the rotation function';

/** What is wrong with a call, without showing a value. */
const problemOf = (error: AwsError): string =>
  error === errors.unknownOperation
    ? 'target must be an operation of the API, such as secretsmanager.PutSecretValue'
    : error.message.replace(/ '.*' at '/s, " at '").replace(/\.$/, '');

const withoutFacts = {
  description: null,
  kmsKeyId: null,
  accessTime: null,
  tags: null,
  policy: null,
  kmsKeyIds: {},
  accessTimes: {},
  values: {},
} as const;

type Valued = 'CreateSecret' | 'PutSecretValue' | 'UpdateSecret';

const isValued = (call: Call): call is Call<Valued> => 'ClientRequestToken' in call.request;

/** Returns a call with the id of its new version, and with a digest instead of its value. */
const withDigest = <Name extends Valued>(
  call: Call<Name>,
  bringsValue: boolean,
  { before, dialect }: Context<AwsSecret>,
): Call<Name> => {
  const { ClientRequestToken, SecretString, SecretBinary } = call.request;
  const token = ClientRequestToken || idInSeries((before?.state.lastNumber ?? 0) + 1, dialect);
  // The service refuses a call with two values.
  const isOne = bringsValue && !(SecretString && SecretBinary);
  const value = isOne ? digestOf(valueIn(call.request), entryOf(before?.values ?? {}, token)) : undefined;
  const fields = value && {
    SecretString: value.kind === 'string' ? value.text : undefined,
    SecretBinary: value.kind === 'binary' ? value.text : undefined,
  };
  return { ...call, request: { ...call.request, ...fields, ClientRequestToken: token } };
};

const unrecorded = { kind: 'string', text: '' } as const;

/** A value that the transcript omits counts as equal to any other, so that it is not refused. */
const digestOf = (given: Value | undefined, known: Value | undefined): Value =>
  given && known?.text !== unrecorded.text ? { ...given, text: sha256(given.text) } : (known ?? unrecorded);

const playCall = (
  call: Call,
  at: number,
  secret: string,
  { dialect, project, before, read }: Context<AwsSecret>,
): ReturnType<NonNullable<CallLine<AwsSecret>['play']>> => {
  const rules = { dialect, secretsARegion: aws.secretsAProject, random: () => 0 };
  const result = runCall(performAws({ ...call, project }, at, rules), read);
  if (!('error' in result)) return result;
  const { error, refusal } = result;
  if (error === errors.noSecret) return refuse({ code: 'UNKNOWN_SECRET', secret });
  const { type: code, message } = error;
  // The random characters of the real ARN are unknown.
  const sentence = `${code}: ${message.replaceAll(before?.arn ?? secret, secret)}`;
  return { refusal: refusal ?? { code, message }, sentence };
};
