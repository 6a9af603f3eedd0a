import * as v from 'valibot';
import { bytesOf } from '../../api/http.ts';
import type { RefusalCode } from '../../index.ts';
import { parseJson } from '../../json.ts';
import { problemOf } from '../../schema.ts';
import { explainProblem } from '../../sentences.ts';
import { quote } from '../../text.ts';
import { checkTimeout, isTimeout, TimeoutError, within } from '../within.ts';
import { shownLimit } from './driver.ts';

/** A response of an API: the body of a success, or the possible reasons of a refusal. */
export type Answer = Done | { readonly ok: false; readonly reasons: readonly RefusalCode[]; readonly said: string };
interface Done {
  readonly ok: true;
  readonly asked: string;
  readonly body: unknown;
}

/** The value of the first version. Later values begin with it and have a suffix, so that a value identifies its version. */
export const firstValue = 'made by a conformance test';

/** The endpoint that a driver sends its requests to. */
interface Endpoint {
  readonly url: string;
  readonly fetch: (request: Request) => Promise<Response>;
  /** The time limit of a response with its body, in milliseconds. */
  readonly timeout: number;
  /** Removes what must not be shown from the text of a response. */
  readonly censored?: (text: string) => string;
}

/** A request. Without a body, none is sent. */
interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: object | undefined;
}

/** An error of an API, as a driver reads it. */
interface ApiError {
  /** Its code and its text. */
  readonly said: string;
  readonly isNotLetIn: boolean;
  /** The refusals that it can mean. Undefined for an error that the API does not document. */
  readonly reasons: readonly RefusalCode[] | undefined;
}

/**
 * Makes a function that sends a request and reads at most 4 MiB of the response. `asked` names the request in messages. `readError`
 * reads the body of a response that is not a success, and returns the missing field if it is not an error of the API.
 *
 * @throws {RangeError} if `timeout` is invalid.
 * @throws {Error} from the function, if the server cannot be reached or rejects the credentials, or if its response is late, too large
 * or does not match the API.
 */
export function sender(
  { url, fetch, timeout, censored = (text) => text }: Endpoint,
  readError: (body: unknown) => ApiError | string,
): (asked: string, sent: Sent) => Promise<Answer> {
  checkTimeout(timeout);
  const base = url.replace(/\/+$/, '');
  return async (asked, { method, path, headers, body }) => {
    const abort = new AbortController();
    const { signal } = abort;
    const init = { method, headers, body: body ? JSON.stringify(body) : null, signal };
    const answered = async () => {
      // A redirect would send the credentials to another server.
      const response = await fetch(new Request(base + path, { ...init, redirect: 'error' }));
      const bytes = response.body === null ? new Uint8Array() : await bytesOf(response.body, answerLimit, signal);
      return { response, text: bytes && censored(new TextDecoder().decode(bytes)) };
    };
    const { response, text } = await within(timeout, `${asked} got no complete response from ${base}`, answered)
      .catch((cause: unknown) => {
        if (cause instanceof TimeoutError) throw cause;
        const why = `${asked} got no response from ${base}: ${reasonOf(cause)}.`;
        throw isTimeout(cause) ? new TimeoutError(why, { cause }) : new Error(why, { cause });
      })
      // Your `fetch` may ignore the signal. The body is cancelled anyway.
      .finally(() => abort.abort());
    const failure = (why: string) => new Error(`The response to ${asked} ${why}.`);
    if (text === undefined) throw failure(`has more than ${answerLimit} bytes, far more than any response of the API`);
    const json = parseJson(text);
    if (response.ok) {
      if (json === undefined && text !== '') throw failure(`is not JSON: ${quote(text)}`);
      return { ok: true, asked, body: json };
    }
    const error = readError(json);
    if (typeof error === 'string') throw failure(`has status ${response.status} but no ${error}: ${quote(text)}`);
    const { said, isNotLetIn, reasons } = error;
    if (isNotLetIn) throw new Error(`${base} rejected the credentials of ${asked}: ${said}.`);
    if (!reasons || response.status >= 500)
      throw failure(`has status ${response.status} and ${said}, which is not a documented refusal`);
    return { ok: false, reasons, said };
  };
}

/** Reads the body of a success. The error names the first field that does not match. */
export function bodyOf<Schema extends v.GenericSchema>({ asked, body }: Done, schema: Schema): v.InferOutput<Schema> {
  // The first problem is enough. A long list of other data would have one for each item.
  const parsed = v.safeParse(schema, body, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const problem = explainProblem(problemOf(parsed.issues[0], 'body'));
  throw new Error(`The response to ${asked} does not match the API: ${problem}.`);
}

/** Reads the body of the response to a request that must succeed. */
export async function readBody<Schema extends v.GenericSchema>(
  asked: string,
  answering: Promise<Answer>,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  const answer = await answering;
  if (!answer.ok) throw new Error(`${asked} was refused, but must succeed: ${answer.said}.`);
  return bodyOf(answer, schema);
}

/** What a driver knows of a secret. A driver touches only secrets that it created. */
export function madeIn<Known>(made: ReadonlyMap<string, Known>, secret: string): Known {
  const found = made.get(secret);
  if (found === undefined)
    throw new Error(`Secret ${quote(secret)} was not created by this driver, so the driver does not touch it.`);
  return found;
}

/** A page of versions, each with its stages. */
interface Page<Version> {
  readonly versions: readonly Version[];
  /** The marker of the next page. Empty or missing on the last page. */
  readonly next: string | null | undefined;
}

/** Reads every page of the versions of a secret. `markerName` is the name of the field with the next marker. */
export async function readPages<Version extends { readonly stages: readonly string[] }>(
  asked: string,
  markerName: string,
  readPage: (marker: string | undefined) => Promise<Page<Version>>,
): Promise<readonly Version[]> {
  const all: Version[] = [];
  const markers = new Set<string>();
  let marker: string | undefined;
  let shown = 0;
  for (let page = 0; page < mostPages; page++) {
    const { versions, next } = await readPage(marker);
    for (const version of versions) {
      shown += 1 + version.stages.length;
      if (shown > shownLimit)
        throw new Error(`${asked} lists more than ${shownLimit} versions and stages, far more than the check created.`);
      all.push(version);
    }
    if (!next) return all;
    if (markers.has(next))
      throw new Error(
        `${asked} returned the ${markerName} ${quote(next)} twice. Each page must lead to the versions after it.`,
      );
    markers.add(next);
    marker = next;
  }
  throw new Error(`${asked} has more than ${mostPages} pages, far more than the created versions need.`);
}

/** The limit of the bytes of a response: more than ten times the longest page of a list. */
const answerLimit = 4 * 1024 * 1024;

/** The limit of the pages of versions of one secret. */
const mostPages = 100;

/** The messages of an error and of its cause: `fetch` itself only says that it failed. */
function reasonOf(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : new Error(`${error}`);
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}
