import * as v from 'valibot';
import { callFor, creationOf } from '../api/csms/index.ts';
import { projectId } from '../api/http.ts';
import { awsSecretsManager, type Dialect, huaweiCsms, type Refusal, type SecretAction } from '../index.ts';
import { isObject } from '../json.ts';
import { type Creation, parseActionOrCreation } from '../parse-action.ts';
import { asJson } from '../text.ts';
import { awsExample, readAws } from './aws.ts';
import { isAwsEvent, readAwsEvent } from './aws-event.ts';
import { type CallLine, readFields, recordedProject, recordedTime, type Unread } from './call.ts';
import { csmsExample, readCsms } from './csms.ts';

/** A line of a transcript: a call of the API or an action of the model, with its time. */
export type Line = CallLine | ActionLine;

/** An action of the model on a secret. Clouds other than CSMS and AWS have only these lines. */
interface ActionLine {
  readonly at: number;
  /** If undefined, the only project of the transcript, or none. */
  readonly project: string | undefined;
  readonly secret: string;
  readonly action: SecretAction | Creation;
}

/** Whether {@link writeLine} writes actions of a dialect as calls. Only CSMS has a project in every call. */
export function hasCalls({ id }: Dialect): boolean {
  return id === huaweiCsms.id;
}

/** Returns the dialect id of a line, or undefined if it does not have one. A call belongs to its cloud. */
export function dialectIdIn(json: unknown): string | undefined {
  if (!isObject(json)) return undefined;
  if (isCall(json)) return 'target' in json || isAwsEvent(json) ? awsSecretsManager.id : huaweiCsms.id;
  return typeof json['dialect'] === 'string' ? json['dialect'] : undefined;
}

export function isCall(json: unknown): boolean {
  return isObject(json) && ('target' in json || 'method' in json || 'path' in json || isAwsEvent(json));
}

const actionExample = '{"at": 1581507580000, "secret": "db", "action": {"type": "createSecret"}}';
const namedExample = actionExample.replace('"secret"', '"dialect": "aws-secrets-manager", "secret"');

/** The problem of an action while the dialect is unknown. */
export const dialectMissing = `The dialect is unknown. Pass --cloud, or add "dialect" to the line. Example: ${namedExample}`;

/** Reads one line that was parsed as JSON; undefined if it is not JSON. Without a dialect it reads lines of CSMS. */
export function readLine(json: unknown, dialect: Dialect | undefined): Line | Unread {
  const call = calls.get((dialect ?? huaweiCsms).id);
  if (json === undefined)
    return { expected: `The line must be a JSON object. Example: ${call?.example ?? actionExample}` };
  if (isObject(json) && 'action' in json && !isCall(json)) return readAction(json);
  return call ? call.read(json) : { expected: `The line must be an action. Example: ${actionExample}` };
}

/** The calls that can be read. */
const calls = new Map([
  [huaweiCsms.id, { read: readCsms, example: csmsExample }],
  [
    awsSecretsManager.id,
    { read: (json: unknown) => (isAwsEvent(json) ? readAwsEvent(json) : readAws(json)), example: awsExample },
  ],
]);

const actionLineSchema = v.object({
  at: recordedTime,
  project: recordedProject,
  dialect: v.optional(v.string()),
  secret: v.string(),
  action: v.custom<Readonly<Record<string, unknown>>>(isObject, 'an object'),
});

const readAction = (json: Readonly<Record<string, unknown>>): ActionLine | Unread => {
  const line = readFields(actionLineSchema, json, actionExample);
  if ('expected' in line) return line;
  const { at, project, secret, action } = line;
  const given = action['type'] === 'createSecret' ? { ...action, name: secret } : action;
  const parsed = parseActionOrCreation(action['type'] === 'pruneDeprecated' ? given : { at, ...given });
  if (!parsed.ok) return { expected: problemIn(parsed.refusal) };
  if ('at' in parsed.action && parsed.action.at !== at)
    return { expected: 'action.at must be omitted, or the same as at' };
  return { at, project, secret, action: parsed.action };
};

/** What is wrong with an action, without showing it. */
function problemIn(refusal: Refusal<'INVALID_VALUE' | 'UNKNOWN_ACTION'>): string {
  if (refusal.code === 'UNKNOWN_ACTION') return `action.type must be one of ${refusal.known.join(', ')}`;
  const { field, rule } = refusal;
  return `action${field.startsWith('"') ? `[${field}]` : `.${field}`} must be ${rule}`;
}

/** The argument of {@link writeLine}. */
export interface Written {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly dialect: Dialect;
  readonly project: string | null;
  readonly secret: string;
  readonly action: SecretAction | { readonly type: 'createSecret' };
  /** The id of the version that was created; null if the secret was created without a version. */
  readonly versionId?: string | null | undefined;
}

/**
 * Writes an action as a line of a transcript: as a call of CSMS if a call can express all of it, otherwise as an action with its
 * dialect.
 */
export function writeLine({ at, dialect, project, secret, action, versionId }: Written): string {
  const isGuarded = 'from' in action && action.from !== undefined;
  const isMore = versionId === null || isGuarded || ('fingerprint' in action && action.fingerprint !== undefined);
  const isCall = hasCalls(dialect) && !isMore;
  const call =
    isCall && (action.type === 'createSecret' ? creationOf(project, secret) : callFor(action, project, secret));
  if (!call) {
    const named = project !== null && projectId.test(project) ? project : undefined;
    const done = { ...action, ...(versionId !== undefined && { versionId }) };
    return asJson({ at, dialect: dialect.id, project: named, secret, action: done });
  }
  const isAnswered = action.type === 'createVersion' && versionId !== undefined;
  return asJson({ at, ...call, ...(isAnswered && { response: { version_metadata: { id: versionId } } }) });
}
