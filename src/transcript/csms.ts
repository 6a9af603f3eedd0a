import * as v from 'valibot';
import { type Call, isActing, readCall, type Secret } from '../api/csms/index.ts';
import { isObject } from '../json.ts';
import { newSecret, perform, runCall, secretLimit, withState } from '../service/index.ts';
import { type PlayedCloud, readFields, recordedTime, refuse } from './cloud.ts';

/** CSMS. Its secrets have no values. */
export const csms: PlayedCloud<Secret> = {
  example: '{"at": 1581507580000, "method": "PUT", "path": "/v1/…"}',
  secretsAProject: secretLimit,
  namesProjects: true,
  newSecret: (state, at) => newSecret(state, at, withoutFacts),
  withState,
  readCall: (json) => {
    const line = readFields(lineSchema, json, csms.example);
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
      ...(operation !== 'ListSecrets' && {
        play: ({ dialect, read }) => {
          const result = runCall(perform(played, at, { dialect, secretsAProject: secretLimit }), read);
          return 'refusal' in result ? refuse(result.refusal) : result;
        },
      }),
    };
  },
};

const lineSchema = v.object({
  at: recordedTime,
  method: v.string(),
  path: v.string(),
  body: v.optional(v.unknown()),
  response: v.optional(v.unknown()),
});

const answerSchema = v.object({ version_metadata: v.object({ id: v.string() }) });

/** The value of every version. Transcripts can omit values, so none is stored. */
const unrecorded = { kind: 'string', text: '' } as const;
const withoutFacts = { id: '', description: '', kmsKeyId: '', value: unrecorded };

/** Returns the call with the id in its recorded response, and without its value. */
const withoutValue = (call: Call, recordedId: string | undefined): Call => {
  if (call.operation === 'CreateSecret') return { ...call, value: unrecorded };
  return call.operation === 'CreateSecretVersion' ? { ...call, value: unrecorded, recordedId } : call;
};
