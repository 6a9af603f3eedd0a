import * as v from 'valibot';
import { type Call, type Mistake, mistakeOf, readCall } from '../emulator/calls.ts';
import { time } from '../issue.ts';
import { isObject } from '../parse.ts';
import { parseJson } from './json.ts';

/** A line of a transcript: a call of the API, when it was made, and the version id in the recorded answer, if there is one. */
export interface Line {
  readonly at: number;
  readonly call: Call;
  readonly answeredId: string | undefined;
  /** Whether the recorded answer is an error: the call came to nothing. */
  readonly isFailed: boolean;
}

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
  const line = v.safeParse(lineSchema, json);
  if (!line.success) return mistakeOf(line.issues[0]);

  const { at, method, path, body, response } = line.output;
  const call = readCall(method.toUpperCase(), path, body);
  if ('expected' in call) return call;
  const answer = v.safeParse(answerSchema, response);
  const answeredId = answer.success ? answer.output.version_metadata.id : undefined;
  return { at, call, answeredId, isFailed: isObject(response) && Object.hasOwn(response, 'error_code') };
};
