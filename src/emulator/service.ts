import { type Call, readCall } from '../api/csms/calls.ts';
import { type Credentials, readCredentials, whyBarred } from '../api/csms/credentials.ts';
import { describeRefusal, errorOf } from '../api/csms/errors.ts';
import type { WireRequest, WireResponse } from '../api/http.ts';
import { type Dialect, huaweiCsms } from '../index.ts';
import { isObject } from '../json.ts';
import { countRule, isCount, isTime, timeRule } from '../limits.ts';
import { asText } from '../text.ts';

import type { Done, Refused, Rules } from './csms-operations.ts';

/** What a service goes by. Whatever is omitted is as in CSMS. */
export interface ServiceOptions {
  /** The dialect of its secrets. If omitted, CSMS. */
  readonly dialect?: Dialect | undefined;
  /** Who may call. Left out: whoever brings a token or a signature, whatever it is. */
  readonly credentials?: Credentials | undefined;
  /** How many secrets a project may have: 500 if left out. Source: CSMS API reference, CreateSecret (documented). */
  readonly secretsAProject?: number | undefined;
  /** The status of an answer about something that does not exist: 400 if left out, as the table of error codes says; some pages say 404. */
  readonly missingStatus?: 400 | 404 | undefined;
}

/** What a service goes by, with nothing left out. */
export interface Service extends Rules {
  readonly credentials: Credentials | undefined;
  readonly missingStatus: 400 | 404;
}

/** Source: CSMS API reference, CreateSecret (documented). */
export const secretsAProject = 500;

/** @throws {RangeError | CredentialsError} for an option that makes no sense, before it does harm. */
export function serviceOf(options: ServiceOptions): Service {
  const limit = options.secretsAProject ?? secretsAProject;
  const missingStatus = options.missingStatus ?? 400;
  if (!isCount(limit)) throw new RangeError(`secretsAProject must be ${countRule}, not ${asText(limit)}.`);
  if (![400, 404].includes(missingStatus)) {
    throw new RangeError(`missingStatus must be 400 or 404, not ${asText(missingStatus)}.`);
  }
  return {
    dialect: options.dialect ?? huaweiCsms,
    credentials: options.credentials && readCredentials(options.credentials, 'credentials'),
    secretsAProject: limit,
    missingStatus,
  };
}

/** The time that a clock gives: if it is none, no client is to blame. */
export function soundTime(now: number): number {
  if (!isTime(now)) throw new RangeError(`The clock must give ${timeRule}, not ${asText(now)}.`);
  return now;
}

/**
 * The most bytes that a body may have: room for a value of 32 KiB, every byte of it escaped in JSON, and what goes with it. An
 * assumption: CSMS says no limit of its own.
 */
export const bodyLimit: number = 256 * 1024;

/** Reads a request as a call that may be done, or refuses it. */
export function admit(request: WireRequest, now: number, { credentials }: Service): Call | Refused {
  if (sizeOf(request.body) > bodyLimit) {
    return { refusal: { code: 'BAD_BODY', expected: `a body of at most ${bodyLimit} bytes` } };
  }
  const why = whyBarred(request, credentials, now);
  if (why !== undefined) return { refusal: { code: 'NO_CREDENTIALS', why } };
  const body = parseBody(request.body);
  if (body === notJson) return { refusal: { code: 'BAD_BODY', expected: 'the body to be a JSON object in UTF-8' } };
  const call = readCall(request.method, request.target, body);
  return 'expected' in call ? { refusal: call } : call;
}

/** What came of a call, for the wire. Source: CSMS API reference, Error Codes (documented): at most 512 characters. */
export function respond(result: Done | Refused, { missingStatus }: Service): WireResponse {
  if (!('refusal' in result)) return wire(result.status, result.body);
  const { refusal } = result;
  const { error_code, message, status, isMissing } = errorOf(refusal);
  const error_msg = `${message} ${describeRefusal(refusal)}`;
  return wire(isMissing ? missingStatus : status, {
    error_code,
    error_msg: error_msg.length > 512 ? `${error_msg.slice(0, 511)}…` : error_msg,
  });
}

/** An answer that no call led to, such as one to a request that is no HTTP. */
export function refuseRequest(expected: string, status: number): WireResponse & { readonly body: string } {
  const { error_code, message } = errorOf({ code: 'NOT_A_CALL', expected });
  const body = JSON.stringify({ error_code, error_msg: `${message} Expected ${expected}.` });
  return { status, headers: jsonHeaders, body };
}

const wire = (status: number, body?: object): WireResponse => ({
  status,
  headers: body ? jsonHeaders : {},
  body: body ? JSON.stringify(body) : null,
});

const jsonHeaders = Object.freeze({ 'content-type': 'application/json' });

const sizeOf = (body: WireRequest['body'] = ''): number =>
  typeof body === 'string' ? new TextEncoder().encode(body).length : body.length;

const notJson = Symbol('not JSON');

/** Every body of the API is an object. */
const parseBody = (body: WireRequest['body']): unknown => {
  if (body === undefined || body.length === 0) return undefined;
  try {
    const parsed: unknown = JSON.parse(typeof body === 'string' ? body : utf8.decode(body));
    return isObject(parsed) ? parsed : notJson;
  } catch {
    return notJson;
  }
};

const utf8 = new TextDecoder('utf-8', { fatal: true });
