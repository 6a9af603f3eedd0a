import * as v from 'valibot';
import { type Call, type Mistake, mistakeOf, projectId, readCall } from '../emulator/calls.ts';
import type { SecretAction } from '../index.ts';
import { time } from '../issue.ts';
import { parseJson } from '../json.ts';
import { isObject } from '../parse.ts';
import { asText } from '../refusal.ts';

/** A line of a transcript: a call of the API, or what befell a secret without one, and when. */
export type Line = CallLine | ActionLine;

interface CallLine {
  readonly at: number;
  readonly call: Call;
  /** The version id in the recorded answer, if there is one. */
  readonly answeredId: string | undefined;
  /** Whether the recorded answer is an error: the call came to nothing. */
  readonly isFailed: boolean;
}

/** What the API has no call for: the service does it, so a transcript tells it as an action of the model. */
interface ActionLine {
  readonly at: number;
  /** Undefined: the only one that the transcript has. */
  readonly project: string | undefined;
  readonly secret: string;
  readonly action: SecretAction<Uncalled>;
}

export type Uncalled = 'pruneDeprecated' | 'setStatus';

const lineSchema = v.object({
  at: time,
  method: v.string(),
  path: v.string(),
  body: v.optional(v.unknown()),
  response: v.optional(v.unknown()),
});

const answerSchema = v.object({ version_metadata: v.object({ id: v.string() }) });

/** Reads one line; what is wrong with it is said without a word of its content, which may hold a secret's value. */
export const readLine = (text: string): Line | Pick<Mistake, 'expected'> => {
  const json = parseJson(text);
  if (json === undefined) {
    return { expected: 'one JSON object a line, such as {"at": 1581507580000, "method": "PUT", "path": "/v1/…"}' };
  }
  if (isObject(json) && 'action' in json && !('method' in json || 'path' in json)) return readAction(json);
  const line = v.safeParse(lineSchema, json);
  if (!line.success) return mistakeOf(line.issues[0]);

  const { at, method, path, body, response } = line.output;
  const call = readCall(method.toUpperCase(), path, body);
  if ('expected' in call) return call;
  const answer = v.safeParse(answerSchema, response);
  const answeredId = answer.success ? answer.output.version_metadata.id : undefined;
  return { at, call, answeredId, isFailed: isObject(response) && Object.hasOwn(response, 'error_code') };
};

/** Strict, for a `keep` that is mistyped would otherwise let too much go. */
const actionSchema = v.variant('type', [
  v.strictObject({
    type: v.literal('pruneDeprecated'),
    keep: v.optional(v.number()),
    createdBefore: v.optional(v.number()),
  }),
  v.strictObject({
    type: v.literal('setStatus'),
    at: v.optional(time),
    status: v.picklist(['ENABLED', 'DISABLED', 'FROZEN']),
  }),
]);

const actionLineSchema = v.object({
  at: time,
  project: v.optional(v.pipe(v.string(), v.regex(projectId, 'a project_id of 1 to 64 characters that can be read'))),
  secret: v.string(),
  action: actionSchema,
});

/** The calls that do the other actions. Source: CSMS API reference, the pages of these names (documented). */
const callsFor: Readonly<Record<string, string>> = {
  createVersion: 'CreateSecretVersion, POST …/{secret_name}/versions',
  assignStage: 'UpdateSecretStage, PUT …/{secret_name}/stages/{stage_name}',
  removeStage: 'DeleteSecretStage, DELETE …/{secret_name}/stages/{stage_name}',
  scheduleDeletion: 'DeleteSecretForSchedule, POST …/{secret_name}/scheduled-deleted-tasks/create',
  restore: 'RestoreSecret, POST …/{secret_name}/scheduled-deleted-tasks/cancel',
};

const readAction = (json: Readonly<Record<string, unknown>>): ActionLine | Pick<Mistake, 'expected'> => {
  const type = isObject(json['action']) ? asText(json['action']['type']) : '';
  if (Object.hasOwn(callsFor, type)) return { expected: `the call that does this action: ${callsFor[type]}` };
  const line = v.safeParse(actionLineSchema, json);
  if (!line.success) return mistakeOf(line.issues[0]);

  const { at, project, secret, action } = line.output;
  if (action.type === 'pruneDeprecated') return { at, project, secret, action };
  if (action.at !== undefined && action.at !== at) return { expected: 'action.at to be left out, or that of the line' };
  return { at, project, secret, action: { ...action, at } };
};
