import * as v from 'valibot';
import { type Call, isActing, readCall } from '../api/csms/index.ts';
import { isObject } from '../json.ts';
import { isOnSecret, perform, runCall, secretLimit } from '../service/index.ts';
import { type CallLine, type Context, readFields, recordedTime, refuse, type Unread } from './call.ts';

export const csmsExample = '{"at": 1581507580000, "method": "PUT", "path": "/v1/…"}';

/** The value of every version. Transcripts can omit values, so none is stored. */
export const unrecorded = { kind: 'string', text: '' } as const;

/** Reads a line as a call of CSMS. */
export function readCsms(json: unknown): CallLine | Unread {
  const line = readFields(lineSchema, json, csmsExample);
  if ('expected' in line) return line;
  const { at, method, path, body, response } = line;
  const call = readCall(method.toUpperCase(), path, body);
  if ('expected' in call) return call;
  const { operation, project, secret } = call;
  const answer = v.safeParse(answerSchema, response);
  const played = withoutValue(call, answer.success ? answer.output.version_metadata.id : undefined);
  const isRefused = isObject(response) && Object.hasOwn(response, 'error_code');
  return {
    at,
    operation,
    project,
    secret,
    recorded: response === undefined ? undefined : isRefused ? 'refused' : 'done',
    changes: isActing(call) || operation === 'CreateSecret' || operation === 'DeleteSecret',
    play: isOnSecret(call) || operation === 'CreateSecret' ? (context) => play(played, at, context) : undefined,
  };
}

const lineSchema = v.object({
  at: recordedTime,
  method: v.string(),
  path: v.string(),
  body: v.optional(v.unknown()),
  response: v.optional(v.unknown()),
});

const answerSchema = v.object({ version_metadata: v.object({ id: v.string() }) });

/** Returns the call with the id in its recorded response, without its value and without rotation, which is for the cloud to do. */
const withoutValue = (call: Call, recordedId: string | undefined): Call => {
  if (call.operation === 'CreateSecret') return { ...call, value: unrecorded, autoRotation: false };
  if (call.operation === 'UpdateSecret') return { ...call, autoRotation: false };
  return call.operation === 'CreateSecretVersion' ? { ...call, value: unrecorded, recordedId } : call;
};

const play = (call: Call, at: number, { dialect, secrets, directory }: Context) => {
  const rules = { dialect, secretsAProject: secretLimit };
  const result = runCall(perform(call, at, rules), ({ project, secret: name }) => {
    if (name === undefined) return { project, directory: directory() };
    const secret = secrets.get(name);
    return secret && 'id' in secret ? { project, secret } : undefined;
  });
  return 'refusal' in result ? refuse(result.refusal) : result;
};
