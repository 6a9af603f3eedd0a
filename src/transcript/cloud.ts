import * as v from 'valibot';
import {
  type CallRefusal,
  explainRefusal,
  type Mistake,
  mistakeOf,
  projectId,
  projectRule,
} from '../api/csms/index.ts';
import type { Dialect } from '../dialects/index.ts';
import { timeRule, wrongUnit } from '../limits.ts';
import { time } from '../schema.ts';
import type { CallResult, Entry, Place, StoredSecret } from '../service/index.ts';
import type { SecretState } from '../state.ts';

/** The part of a transcript that differs between clouds: its calls, and what is played of a secret. */
export interface PlayedCloud<Secret extends StoredSecret> {
  /** A line of a transcript. */
  readonly example: string;
  /** How many secrets a project can have. */
  readonly secretsAProject: number;
  /** Whether only a line that creates the first secret can omit its project. */
  readonly namesProjects: boolean;
  readonly newSecret: (state: SecretState, at: number) => Secret;
  readonly withState: (secret: Secret, state: SecretState, at: number) => Secret;
  /** Reads a line that is not an action. */
  readonly readCall: (json: unknown) => CallLine<Secret> | Unread;
}

/** Why a line cannot be read: one or more sentences without the last period. */
export type Unread = Pick<Mistake, 'expected'>;

/** A call of a cloud, with what a recorded response says about it. */
export interface CallLine<Secret extends StoredSecret> {
  readonly at: number;
  readonly operation: string;
  /** If undefined, the one of `arnProject` or else the only project of the transcript. */
  readonly project: string | undefined;
  /** The project in the ARN of the secret, which the transcript may not name. */
  readonly arnProject?: string | undefined;
  /** Empty if the call is not about a single secret. */
  readonly secret: string;
  /** The outcome in the recorded response, if there is one. */
  readonly recorded: 'done' | 'refused' | undefined;
  /** Whether the call is for changes of versions, stages, or the secret as a whole. */
  readonly changes: boolean;
  /** Does the call. Omitted if the service cannot do it, and it changes no stage. */
  readonly play?: ((context: Context<Secret>) => CallResult<Secret> | Refusing) | undefined;
}

/** What the calls of a transcript are done on. */
export interface Context<Secret extends StoredSecret> {
  readonly dialect: Dialect;
  readonly project: string;
  readonly before: Secret | undefined;
  readonly read: (place: Place) => Entry<Secret> | undefined;
}

/** A call that was refused. */
export interface Refusing {
  readonly refusal: CallRefusal | ServiceError;
  readonly sentence: string;
}

/** An error of AWS that is not a refusal of the model. The code is its type. */
interface ServiceError {
  readonly code: string;
  readonly message: string;
}

/** Refuses with the usual sentence. */
export function refuse(refusal: CallRefusal): Refusing {
  return { refusal, sentence: explainRefusal(refusal) };
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

/** Reads the fields of a line. What is wrong with them shows no value, because it could be a secret value. */
export function readFields<Fields>(
  schema: v.GenericSchema<unknown, Fields>,
  json: unknown,
  example: string,
): Fields | Unread {
  const line = v.safeParse(schema, json);
  return line.success ? line.output : { expected: `${mistakeOf(line.issues[0]).expected}. Example: ${example}` };
}
