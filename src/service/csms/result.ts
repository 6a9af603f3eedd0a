import type { CallRefusal, Secret } from '../../api/csms/index.ts';
import type { Random } from '../../api/hash.ts';
import { type Dialect, fits, patternRule } from '../../dialects/index.ts';
import type { SecretVersion } from '../../index.ts';
import { entryOf } from '../../json.ts';
import { invalidValue } from '../../refusal.ts';
import type { Directory } from '../entries.ts';
import { type CallResult, type CallSteps, secretWrite } from '../steps.ts';

/** The rules of the service. */
export interface Rules {
  readonly dialect: Dialect;
  readonly secretsAProject: number;
  /** Draws the characters of passwords. If omitted, they depend only on the call and the time. */
  readonly random?: Random | undefined;
}

/** Source: CSMS API reference, CreateSecret (documented). */
export const secretLimit = 500;

/** A call that was done: its response, and the entries that it writes. */
export interface Done extends CallResult<Secret> {
  readonly status: 200 | 204;
  readonly body?: object;
}

export interface Refused extends CallResult<Secret> {
  readonly refusal: CallRefusal;
}

/** What a call needs besides its names and fields. */
export interface Context {
  readonly now: number;
  readonly rules: Rules;
  /** Empty if the call does not use it. */
  readonly directory: Directory;
}

/** The steps of a call that reads entries. */
export type Steps = CallSteps<Done | Refused, Secret>;

export function answer(body: object): Done {
  return { status: 200, body };
}

/** Stores a secret. */
export function answerKeeping(project: string, secret: Secret, body: object): Done {
  return { status: 200, body, writes: [secretWrite(project, secret.state.name, secret)] };
}

export function refuse(refusal: CallRefusal): Refused {
  return { refusal };
}

/** Refuses a call on a secret that does not exist. */
export function refuseUnknown(secret: string, { dialect }: Rules): Refused {
  const { name } = dialect.secret;
  return fits(secret, name)
    ? refuse({ code: 'UNKNOWN_SECRET', secret })
    : refuse(invalidValue('secret_name', secret, patternRule(name)));
}

/** Returns a version of an ENABLED secret, or why it cannot be used. Source: ShowSecretVersion (documented); for UpdateVersion assumed. */
export function usable({ state }: Secret, versionId: string): SecretVersion | CallRefusal {
  const { status, versions } = state;
  if (status !== 'ENABLED') return { code: 'SECRET_NOT_ENABLED', status };
  return entryOf(versions, versionId) ?? { code: 'UNKNOWN_VERSION', versionId, versions };
}

export const noValue: CallRefusal = {
  code: 'BAD_FIELD',
  expected: 'body.secret_string or body.secret_binary is required',
};

/** A client that asks for rotation would wait for versions that never come. Source: RotateSecret (documented: not for COMMON); for others assumed. */
export const noRotation: CallRefusal = {
  code: 'BAD_FIELD',
  expected: 'body.auto_rotation must be false, because this emulator does not rotate secrets',
};
