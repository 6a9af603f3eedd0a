import { quote } from '../../text.ts';
import { bodyLimit, headLimit, jsonIn, notJson, sizeOf, type WireRequest, type WireResponse } from '../http.ts';
import { methodsAt, readCall } from './calls.ts';
import { type Credentials, whyUnauthorized } from './credentials.ts';
import { type CallRefusal, errorOf, explainRefusal } from './errors.ts';
import type { Call } from './operations.ts';

/**
 * Reads a request as an authorized call, or refuses it. `now` is the time of the service in epoch milliseconds. HEAD is read as GET.
 * OPTIONS only lists the methods of a path, so it needs no credentials (assumed).
 */
export function readRequest(
  request: WireRequest,
  now: number,
  credentials: Credentials | undefined,
): Call | { readonly refusal: CallRefusal } | { readonly allow: string } {
  const refuse = (refusal: CallRefusal) => ({ refusal });
  const { method, target, headers } = request;
  if (sizeOf(request.body) > bodyLimit)
    return refuse({ code: 'BAD_BODY', expected: `The body must have at most ${bodyLimit} bytes` });
  if (target.length > headLimit)
    return refuse({ code: 'NOT_A_CALL', expected: `The path and query must have at most ${headLimit} characters` });
  // In process, a target can be any text.
  if (/\p{Cs}/u.test(target))
    return refuse({ code: 'NOT_A_CALL', expected: 'The path and query must be well-formed Unicode' });
  if (method === 'OPTIONS') {
    const methods = methodsAt(target);
    const all = methods.includes('GET') ? [...methods, 'HEAD'] : methods;
    if (all.length > 0) return { allow: [...all, 'OPTIONS'].join(', ') };
  }
  const why = whyUnauthorized(request, credentials, now);
  if (why !== undefined) return refuse({ code: 'NO_CREDENTIALS', why });
  const coding = headers.get('content-encoding') ?? 'identity';
  if (coding.toLowerCase() !== 'identity') {
    const expected = `The body must not be compressed or encoded; got the Content-Encoding ${quote(coding)}`;
    return refuse({ code: 'BAD_BODY', expected });
  }
  const body = jsonIn(request.body);
  if (body === notJson) return refuse({ code: 'BAD_BODY', expected: 'The body must be a JSON object in UTF-8' });
  const call = readCall(method === 'HEAD' ? 'GET' : method, target, body);
  return 'expected' in call ? refuse(call) : call;
}

/** Returns the response to a call that was done. */
export function answerOf(status: number, body?: object): WireResponse {
  return body
    ? { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    : { status, headers: {}, body: null };
}

/** The statuses to choose from if something does not exist. The first one is the default. */
export const missingStatuses = [400, 404] as const;

/** The statuses to choose from if credentials are not accepted. The first one is the default. */
export const unauthorizedStatuses = [400, 401] as const;

/**
 * Returns the response to a call that was refused. Source: CSMS API reference, Error Codes (documented: at most 512 characters in a
 * message). The status 401 is documented by the pages of operations, and was observed in answers of the gateway (APIGW.0301).
 */
export function refusalOf(refusal: CallRefusal, missingStatus: 400 | 404, unauthorizedStatus: 400 | 401): WireResponse {
  const { error_code, message, status, isMissing } = errorOf(refusal);
  const error_msg = `${message} ${explainRefusal(refusal)}`.trim();
  const documented = isMissing ? missingStatus : status;
  return answerOf(refusal.code === 'NO_CREDENTIALS' ? unauthorizedStatus : documented, {
    error_code,
    error_msg: error_msg.length > 512 ? `${error_msg.slice(0, 511)}…` : error_msg,
  });
}
