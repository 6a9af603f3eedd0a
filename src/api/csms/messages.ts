import { bodyLimit, headLimit, jsonIn, notJson, sizeOf, type WireRequest, type WireResponse } from '../http.ts';
import { type Call, readCall } from './calls.ts';
import { type Credentials, whyUnauthorized } from './credentials.ts';
import { type CallRefusal, errorOf, explainRefusal } from './errors.ts';

/** Reads a request as an authorized call, or refuses it. `now` is the time of the service in epoch milliseconds. */
export function readRequest(
  request: WireRequest,
  now: number,
  credentials: Credentials | undefined,
): Call | { readonly refusal: CallRefusal } {
  const refuse = (refusal: CallRefusal) => ({ refusal });
  if (sizeOf(request.body) > bodyLimit)
    return refuse({ code: 'BAD_BODY', expected: `The body must have at most ${bodyLimit} bytes` });
  if (request.target.length > headLimit)
    return refuse({ code: 'NOT_A_CALL', expected: `The path and query must have at most ${headLimit} characters` });
  const why = whyUnauthorized(request, credentials, now);
  if (why !== undefined) return refuse({ code: 'NO_CREDENTIALS', why });
  const body = jsonIn(request.body);
  if (body === notJson) return refuse({ code: 'BAD_BODY', expected: 'The body must be a JSON object in UTF-8' });
  const call = readCall(request.method, request.target, body);
  return 'expected' in call ? refuse(call) : call;
}

/** Returns the response to a call that was done. */
export function answerOf(status: number, body?: object): WireResponse {
  return body
    ? { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    : { status, headers: {}, body: null };
}

/** Returns the response to a call that was refused. Source: CSMS API reference, Error Codes (documented: at most 512 characters in a message). */
export function refusalOf(refusal: CallRefusal, missingStatus: 400 | 404): WireResponse {
  const { error_code, message, status, isMissing } = errorOf(refusal);
  const error_msg = `${message} ${explainRefusal(refusal)}`;
  return answerOf(isMissing ? missingStatus : status, {
    error_code,
    error_msg: error_msg.length > 512 ? `${error_msg.slice(0, 511)}…` : error_msg,
  });
}
