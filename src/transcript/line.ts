import * as v from 'valibot';
import {
  type Call,
  callFor,
  creationOf,
  type Mistake,
  mistakeOf,
  projectId,
  projectRule,
  readCall,
} from '../api/csms/index.ts';
import { type Dialect, huaweiCsms, type Refusal, type SecretAction } from '../index.ts';
import { isObject } from '../json.ts';
import { timeRule, wrongUnit } from '../limits.ts';
import { type Creation, parseActionOrCreation } from '../parse-action.ts';
import { time } from '../schema.ts';
import { asJson } from '../text.ts';

/** A line of a transcript: a call of the API or an action of the model, with its time. */
export type Line = CallLine | ActionLine;

interface CallLine {
  readonly at: number;
  readonly call: Call;
  /** The version id in the recorded response, if it has one. */
  readonly answeredId: string | undefined;
  /** The outcome in the recorded response, if there is one. */
  readonly recorded: 'done' | 'refused' | undefined;
}

/** An action of the model on a secret. Clouds other than CSMS have only these lines. */
interface ActionLine {
  readonly at: number;
  /** If undefined, the only project of the transcript, or none. */
  readonly project: string | undefined;
  readonly secret: string;
  readonly action: SecretAction | Creation;
}

export type ActionName = ActionLine['action']['type'];

/** Whether transcripts of a dialect can contain calls. Only the calls of CSMS can be read. */
export function hasCalls({ id }: Dialect): boolean {
  return id === huaweiCsms.id;
}

/** Returns the dialect id of a line, or undefined if it does not have one. A call belongs to CSMS. */
export function dialectIdIn(json: unknown): string | undefined {
  if (isCall(json)) return huaweiCsms.id;
  return isObject(json) && typeof json['dialect'] === 'string' ? json['dialect'] : undefined;
}

export function isCall(json: unknown): boolean {
  return isObject(json) && ('method' in json || 'path' in json);
}

const recordedTime = v.pipe(
  time,
  v.check(
    (at) => wrongUnit(at) === undefined,
    ({ input }) => `${timeRule}; this looks like ${wrongUnit(input)}`,
  ),
);

const lineSchema = v.object({
  at: recordedTime,
  method: v.string(),
  path: v.string(),
  body: v.optional(v.unknown()),
  response: v.optional(v.unknown()),
});

const callExample = '{"at": 1581507580000, "method": "PUT", "path": "/v1/…"}';
const actionExample = '{"at": 1581507580000, "secret": "db", "action": {"type": "createSecret"}}';
const namedExample = actionExample.replace('"secret"', '"dialect": "aws-secrets-manager", "secret"');

/** The problem of an action while the dialect is unknown. */
export const dialectMissing = `The dialect is unknown. Pass --cloud, or add "dialect" to the line. Example: ${namedExample}`;

const answerSchema = v.object({ version_metadata: v.object({ id: v.string() }) });

/**
 * Reads one line that was parsed as JSON; undefined if it is not JSON. Without a dialect it reads lines of any dialect.
 *
 * `expected` is one or more sentences without the last period. It shows no value from the line, because it could be a secret value.
 */
export function readLine(json: unknown, dialect: Dialect | undefined): Line | Pick<Mistake, 'expected'> {
  const mayCall = dialect === undefined || hasCalls(dialect);
  if (json === undefined)
    return { expected: `The line must be a JSON object. Example: ${mayCall ? callExample : actionExample}` };
  if (isObject(json) && 'action' in json && !isCall(json)) return readAction(json);
  if (!mayCall) return { expected: `The line must be an action. Example: ${actionExample}` };
  const line = v.safeParse(lineSchema, json);
  if (!line.success) return { expected: `${mistakeOf(line.issues[0]).expected}. Example: ${callExample}` };

  const { at, method, path, body, response } = line.output;
  const call = readCall(method.toUpperCase(), path, body);
  if ('expected' in call) return call;
  const answer = v.safeParse(answerSchema, response);
  const answeredId = answer.success ? answer.output.version_metadata.id : undefined;
  const isRefused = isObject(response) && Object.hasOwn(response, 'error_code');
  return { at, call, answeredId, recorded: response === undefined ? undefined : isRefused ? 'refused' : 'done' };
}

const actionLineSchema = v.object({
  at: recordedTime,
  project: v.optional(v.pipe(v.string(), v.regex(projectId, projectRule))),
  dialect: v.optional(v.string()),
  secret: v.string(),
  action: v.custom<Readonly<Record<string, unknown>>>(isObject, 'an object'),
});

const readAction = (json: Readonly<Record<string, unknown>>): ActionLine | Pick<Mistake, 'expected'> => {
  const line = v.safeParse(actionLineSchema, json);
  if (!line.success) return { expected: `${mistakeOf(line.issues[0]).expected}. Example: ${actionExample}` };
  const { at, project, secret, action } = line.output;
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
