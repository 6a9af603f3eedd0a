import * as v from 'valibot';
import type { AwsSecret } from '../api/aws/index.ts';
import { type CallRefusal, explainRefusal, type Mistake, mistakeOf, type Secret } from '../api/csms/index.ts';
import { projectId, projectRule } from '../api/http.ts';
import type { Dialect } from '../dialects/index.ts';
import { timeRule, wrongUnit } from '../limits.ts';
import { time } from '../schema.ts';
import type { CallResult, Directory } from '../service/index.ts';

/** A secret of a transcript. Those of AWS are an {@link AwsSecret}, those of all other clouds a secret of CSMS. */
export type PlayedSecret = Secret | AwsSecret;

/** A call of a cloud, with what its recorded response says. */
export interface CallLine {
  readonly at: number;
  readonly operation: string;
  /** If undefined, the project in the ARN or the only project of the transcript. */
  readonly project: string | undefined;
  /** The project in the ARN of the secret, which other lines may not name. */
  readonly arnProject?: string | undefined;
  /** Empty if the call is not about a single secret. */
  readonly secret: string;
  /** The outcome in the recorded response, if there is one. */
  readonly recorded: 'done' | 'refused' | undefined;
  /** Whether the call can change versions, stages, or the status of the secret. */
  readonly changes: boolean;
  /** Does the call on the service. Undefined for a call that the service need not do, because it changes no stage. */
  readonly play: ((context: Context) => CallResult<PlayedSecret> | Refusing) | undefined;
}

/** What a call is played on. */
export interface Context {
  readonly dialect: Dialect;
  readonly project: string;
  readonly secrets: ReadonlyMap<string, PlayedSecret>;
  readonly directory: () => Directory;
}

/** Why a call was refused. An error of AWS that is not a refusal of the model has its type as the code. */
export interface Refusing {
  readonly refusal: CallRefusal | { readonly code: string; readonly message: string };
  readonly sentence: string;
}

/** Refuses with the usual sentence. */
export function refuse(refusal: CallRefusal): Refusing {
  return { refusal, sentence: explainRefusal(refusal) };
}

/** Why a line cannot be read: one or more sentences without the last period. */
export type Unread = Pick<Mistake, 'expected'>;

/** Reads the fields of a line. What is wrong with them shows no value, because it could be a secret value. */
export function readFields<Fields>(
  schema: v.GenericSchema<unknown, Fields>,
  json: unknown,
  example: string,
): Fields | Unread {
  const line = v.safeParse(schema, json);
  return line.success ? line.output : { expected: `${mistakeOf(line.issues[0]).expected}. Example: ${example}` };
}

/** The schema of the time of a line. */
export const recordedTime = v.pipe(
  time,
  v.check(
    (at) => wrongUnit(at) === undefined,
    ({ input }) => `${timeRule}; this looks like ${wrongUnit(input)}`,
  ),
);

/** The schema of the project of a line. */
export const recordedProject = v.optional(v.pipe(v.string(), v.regex(projectId, projectRule)));
