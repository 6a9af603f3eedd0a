import {
  bodyLimit,
  headLimit,
  jsonIn,
  notJson,
  partsOf,
  sizeOf,
  type WireRequest,
  type WireResponse,
} from '../http.ts';
import { projectOf } from './arn.ts';
import { type Call, readCall } from './calls.ts';
import { type AwsError, errors } from './errors.ts';

/** Reads a request as a call, or returns the error. Any signature is accepted. */
export function readRequest(request: WireRequest, account: string): Call | AwsError {
  const { method, target, headers, body } = request;
  if (sizeOf(body) > bodyLimit) return errors.serialization(`The body must have at most ${bodyLimit} bytes`);
  const operation = /^secretsmanager\.(\w{1,64})$/.exec(headers.get('x-amz-target') ?? '')?.[1];
  if (method !== 'POST' || partsOf(target)[0] !== '/' || operation === undefined) return errors.unknownOperation;
  const project = signedProject(headers.get('authorization') ?? '', account);
  if (typeof project === 'object') return project;
  const json = jsonIn(body);
  if (json === notJson) return errors.serialization('The body must be a JSON object in UTF-8');
  return readCall(operation, project, json);
}

/** An access key of 12 digits is the account, as in other emulators. */
function signedProject(authorization: string, account: string): string | AwsError {
  if (authorization === '') return errors.noCredentials;
  const scope = /Credential=([^/,\s]{1,128})\/\d{8}\/([a-z\d-]{1,40})\/secretsmanager\/aws4_request/.exec(
    authorization.slice(0, headLimit),
  );
  if (!scope) return errors.badCredentials;
  const [, key = '', region = ''] = scope;
  return projectOf(/^\d{12}$/.test(key) ? key : account, region);
}

/** Returns the response to a call that was done. Without a body it is empty, as AWS answers changes of tags (observed in a public log). */
export function answerOf(body: object | undefined): WireResponse {
  return { status: 200, headers: { 'content-type': contentType }, body: body ? JSON.stringify(body) : '' };
}

/**
 * Returns the response to a call that was refused. Errors outside the service model have `message` in lower case. That is assumed, because
 * the recordings of these errors show no `Message`.
 */
export function refusalOf({ type, message, status = 400 }: AwsError): WireResponse {
  const isModelled =
    !/^(?:Validation|Serialization|UnknownOperation|MissingAuthenticationToken|IncompleteSignature)/.test(type);
  return {
    status,
    headers: { 'content-type': contentType, 'x-amzn-errortype': type },
    body: JSON.stringify({ __type: type, [isModelled ? 'Message' : 'message']: message }),
  };
}

const contentType = 'application/x-amz-json-1.1';
