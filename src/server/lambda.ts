import { setTimeout } from 'node:timers/promises';
import { bytesOf } from '../api/http.ts';
import type { RotationEvent } from '../emulator/index.ts';
import { fieldOf, parseJson } from '../json.ts';
import { cut, foundText, printable, quote } from '../text.ts';

/** The functions of a Lambda endpoint: two options of `createAwsEmulator`. */
export interface LambdaEndpoint {
  /** Calls a function with a step of a rotation. Rejects with an Error that says why it failed. */
  readonly rotate: (event: RotationEvent, functionArn: string) => Promise<unknown>;
  /** Whether a function exists, as far as the endpoint says so. */
  readonly canInvoke: (functionArn: string) => Promise<boolean>;
}

/**
 * Returns the rotation functions behind an endpoint of Lambda's Invoke API, such as `sam local start-lambda` or the runtime interface emulator.
 * The name of a function is the part of its ARN after `:function:`, without a version or an alias. An aborted `signal` ends the calls in progress.
 *
 * Source: API reference, Invoke and GetFunction (documented). SAM local and the runtime interface emulator do not have GetFunction, so
 * each function is assumed to exist. The latter reports errors only in the body, and a timeout as text (observed).
 *
 * @throws {RangeError} if `url` is not a URL that begins with http:// or https://, or has credentials or a query.
 *
 * @example
 * const { rotate, canInvoke } = lambdaEndpoint('http://127.0.0.1:3001');
 * createAwsEmulator({ rotate, canInvoke }).isOpen; // true
 */
export function lambdaEndpoint(
  url: string,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): LambdaEndpoint {
  if (!/^https?:\/\/[^/?#@]+(\/[^?#]*)?$/.test(url) || !URL.canParse(url))
    throw new RangeError(`The endpoint must be a URL such as http://127.0.0.1:3001; got ${foundText(url)}.`);
  const base = url.replace(/\/+$/, '');

  const send = async (functionArn: string, path: string, init: RequestInit): Promise<Answered> => {
    const name = encodeURIComponent(nameOf(functionArn));
    const target = `${base}/2015-03-31/functions/${name}${path}`;
    try {
      const response = await fetch(target, { ...init, redirect: 'manual', signal: signal ?? null });
      const bytes = response.body ? await bytesOf(response.body, payloadLimit) : new Uint8Array();
      if (bytes === undefined) throw new Error(`the response is larger than ${payloadLimit} bytes`);
      return { status: response.status, headers: response.headers, text: new TextDecoder().decode(bytes) };
    } catch (error) {
      throw new Error(`${target} cannot be used: ${reasonOf(error)}.`, { cause: error });
    }
  };

  return {
    rotate: async (event, functionArn) => {
      const headers = { 'content-type': 'application/json' };
      const answered = await send(functionArn, '/invocations', {
        method: 'POST',
        headers,
        body: JSON.stringify(event),
      });
      const failure = failureIn(answered);
      if (failure !== undefined) throw new Error(`${nameOf(functionArn)}: ${failure}`);
      return parseJson(answered.text);
    },
    canInvoke: async (functionArn) => {
      const answered = await Promise.race([
        send(functionArn, '', { method: 'GET' }).catch(() => undefined),
        setTimeout(lookUpTimeout, undefined, { ref: false }),
      ]);
      const type = answered?.headers.get('x-amzn-errortype') ?? '';
      return !(answered?.status === 404 && type.startsWith('ResourceNotFoundException'));
    },
  };
}

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** How long RotateSecret waits for GetFunction, in milliseconds. An endpoint that is starting may answer much later. */
const lookUpTimeout = 1000;

/** The maximum size of a payload. Source: quotas of Lambda (documented). */
const payloadLimit = 6 * 1024 * 1024;

/** The name in an ARN; another text is a name. */
function nameOf(functionArn: string): string {
  return /^arn:[^:]*:lambda:[^:]*:[^:]*:function:([^:]+)/.exec(functionArn)?.[1] ?? functionArn;
}

/** Says how a function failed; undefined if it did not. */
function failureIn({ status, headers, text }: Answered): string | undefined {
  const payload = parseJson(text);
  const [type, message] = [fieldOf(payload, 'errorType'), fieldOf(payload, 'errorMessage')];
  const isError = headers.has('x-amz-function-error') || (typeof type === 'string' && typeof message === 'string');
  if (status < 300 && !isError && (text === '' || payload !== undefined)) return undefined;
  const what = fieldOf(payload, 'Message') ?? fieldOf(payload, 'message');
  const known = isError ? [type, message] : [what];
  const shown = known.filter((part) => typeof part === 'string').join(': ');
  if (shown !== '') return printable(cutLong(shown));
  if (isError) return 'the function failed';
  return status < 300 ? `the payload is not JSON: ${quote(text)}` : `the status is ${status}: ${quote(text)}`;
}

function cutLong(text: string): string {
  return text.length > 1000 ? `${text.slice(0, 999)}…` : text;
}

/** Undici hides the reason in the cause. */
function reasonOf(error: unknown): string {
  const { cause, message } = Object(error);
  return cut(`${cause?.message || cause?.code || message}`);
}
