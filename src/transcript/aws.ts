import * as v from 'valibot';
import { type AwsSecret, type Call, errors, readArn, readCall, valueIn } from '../api/aws/index.ts';
import { sha256 } from '../api/hash.ts';
import type { Value } from '../api/value.ts';
import type { Dialect } from '../dialects/index.ts';
import { entryOf, fieldOf, isObject } from '../json.ts';
import { type SecretAction, tryReduce } from '../operations/index.ts';
import { idInSeries } from '../series.ts';
import { performAws, runCall, withAwsState } from '../service/index.ts';
import type { SecretState } from '../state.ts';
import { type CallLine, type Context, readFields, recordedProject, recordedTime, refuse, type Unread } from './call.ts';
import { unrecorded } from './csms.ts';

export const awsExample =
  '{"at": 1772442000000, "target": "secretsmanager.PutSecretValue", "body": {"SecretId": "db"}}';

/** Returns a secret that an action created. `arn` is its name, because the random characters are unknown. */
export function newAwsSecret(state: SecretState, at: number): AwsSecret {
  return { ...bare, ...alone, ...bareVersions, arn: state.name, createTime: at, updateTime: at, state };
}

const bare = { description: null, kmsKeyId: null, accessTime: null, tags: null, policy: null };
const alone = { rotation: null, primaryRegion: null, replicas: [] };
const bareVersions = { kmsKeyIds: {}, accessTimes: {}, values: {} };

/** Reads a line as a call of AWS. */
export function readAws(json: unknown): CallLine | Unread {
  const line = readFields(lineSchema, json, awsExample);
  if ('expected' in line) return line;
  const { at, target, project, body, response } = line;
  const operation = /^secretsmanager\.(\w+)$/.exec(target)?.[1] ?? '';
  const arn = readArn(textIn(body, 'SecretId'));
  const answeredId = textIn(response, 'VersionId');
  const token = answeredId || textIn(body, 'ClientRequestToken');
  const ignored = operation === 'CreateSecret' ? { ...ignoredFields, AddReplicaRegions: undefined } : ignoredFields;
  const request = { ...body, ...ignored, SecretId: arn?.name ?? body['SecretId'], ClientRequestToken: token };
  const call = readCall(operation, '', request);
  if (call === errors.unknownOperation) return { expected: targetRule };
  // Without the value, because it could be secret.
  if ('type' in call) return { expected: call.message.replace(/ '.*' at '/s, " at '").replace(/\.$/, '') };
  const isRefused = isObject(response) && Object.hasOwn(response, '__type');

  const secret = textIn(call.request, operation === 'CreateSecret' ? 'Name' : 'SecretId');
  const bringsValue = operation === 'PutSecretValue' || answeredId !== '' || valueIn(body) !== undefined;
  const isTest = operation === 'RotateSecret' && body['RotateImmediately'] === false;
  const changes = changing.test(operation) && !isTest && (operation !== 'UpdateSecret' || bringsValue);
  return {
    at,
    operation,
    project,
    arnProject: (arn ?? readArn(textIn(response, 'ARN')))?.project,
    secret,
    recorded: response === undefined ? undefined : isRefused ? 'refused' : 'done',
    changes,
    play:
      changes && operation === 'RotateSecret'
        ? (context) => act(secret, at, context, rotationBy(token, at))
        : unplayed.test(operation)
          ? undefined
          : (context) => play(call, at, secret, bringsValue, context),
  };
}

/** Does what the service does to a secret on its own: an action of the model. */
export function act(name: string, at: number, { dialect, project, secrets }: Context, actionFor: ActionFor) {
  const secret = secretIn(secrets, name);
  if (!secret) return refuse({ code: 'UNKNOWN_SECRET', secret: name });
  const action = actionFor(secret.state, dialect);
  if (!action) return {};
  const outcome = tryReduce(secret.state, action, dialect);
  if (!outcome.ok) return refuse(outcome.refusal);
  return { writes: [{ project, secret: name, entry: { project, secret: withAwsState(secret, outcome.state, at) } }] };
}

/** A field of untrusted data that is text; empty for any other. */
export function textIn(data: unknown, field: string): string {
  const text = fieldOf(data, field);
  return typeof text === 'string' ? text : '';
}

/** Returns the action to do on a state; undefined if there is nothing to do. */
export type ActionFor = (state: SecretState, dialect: Dialect) => SecretAction | undefined;

/** The first action of a rotation. The rest are the calls of its function, and the end, which only an event records. */
export function rotationBy(token: string, at: number): ActionFor {
  return (_, { stages }) => ({
    type: 'createVersion',
    at,
    versionId: token || undefined,
    stages: [stages.pending].filter((stage) => stage !== null),
    withoutValue: true,
  });
}

const lineSchema = v.object({
  at: recordedTime,
  target: v.string(),
  project: recordedProject,
  body: v.optional(v.custom<Readonly<Record<string, unknown>>>(isObject, 'an object'), {}),
  response: v.optional(v.unknown()),
});

/** Fields that change no stage, and that the service does not support or did not issue. */
const ignoredFields = { NextToken: undefined, RotationToken: undefined, Type: undefined };

/** The operations that can change versions, stages, or the status of a secret. */
export const changing =
  /^(?:CreateSecret|PutSecretValue|UpdateSecret|UpdateSecretVersionStage|DeleteSecret|RestoreSecret|RotateSecret)$/;
/** Operations of rotations and replicas that change no stage. */
const unplayed = /Rotat|Replica/;

const targetRule = 'target must be an operation of the API, such as secretsmanager.PutSecretValue';

const play = (call: Call, at: number, name: string, bringsValue: boolean, { dialect, project, secrets }: Context) => {
  const before = secretIn(secrets, name);
  const played = isValued(call) ? withDigest(call, bringsValue, before, dialect) : call;
  const rules = { dialect, secretsARegion: Number.POSITIVE_INFINITY, random: () => 0 };
  const result = runCall(performAws({ ...played, project }, at, rules), (place) => {
    // Without a limit of secrets, the service does not need the directory of a project.
    const secret = secretIn(secrets, place.secret);
    return secret && { project, secret };
  });
  if (!('error' in result)) return result;
  const { error, refusal } = result;
  if (error === errors.noSecret) return refuse({ code: 'UNKNOWN_SECRET', secret: name });
  const { type: code, message } = error;
  // The random characters of the real ARN are unknown.
  const sentence = `${code}: ${message.replaceAll(before?.arn ?? name, name)}`;
  return { refusal: refusal ?? { code, message }, sentence };
};

const secretIn = (secrets: Context['secrets'], name = ''): AwsSecret | undefined => {
  const secret = secrets.get(name);
  return secret && 'arn' in secret ? secret : undefined;
};

type Valued = 'CreateSecret' | 'PutSecretValue' | 'UpdateSecret';

const isValued = (call: Call): call is Call<Valued> => 'ClientRequestToken' in call.request;

/** Returns a call with the id of its new version, and with a digest instead of its value. */
const withDigest = <Name extends Valued>(
  call: Call<Name>,
  bringsValue: boolean,
  before: AwsSecret | undefined,
  dialect: Dialect,
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

/** A value that the transcript omits counts as equal to any other, so that it is not refused. */
const digestOf = (given: Value | undefined, known: Value | undefined): Value =>
  given && known?.text !== unrecorded.text ? { ...given, text: sha256(given.text) } : (known ?? unrecorded);
