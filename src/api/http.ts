import { isObject } from '../json.ts';

/** The maximum size of a body in bytes. A value of 64 KiB fits, even with every byte escaped in JSON. Assumed: no cloud documents a limit. */
export const bodyLimit: number = 512 * 1024;

/** The maximum length of a target, or of a header that is read, in characters: the default of Node's server for all headers (assumed). */
export const headLimit: number = 16 * 1024;

/** An HTTP request. */
export interface WireRequest {
  /** In upper case, such as `GET`. */
  readonly method: string;
  /** The path with its query, still percent-encoded. */
  readonly target: string;
  /** The headers by lower-case name: a `Headers` or a `Map`. */
  readonly headers: {
    /** Returns the value of a header, or null or undefined if it is missing. */
    get(name: string): string | null | undefined;
  };
  /** The body as text or as bytes. If omitted, empty. */
  readonly body?: string | Uint8Array | undefined;
}

/** An HTTP response. */
export interface WireResponse {
  /** The status code. */
  readonly status: number;
  /** The headers by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as JSON. Null for a response without a body. */
  readonly body: string | null;
}

/** Returns the size of a body in bytes. */
export function sizeOf(body: WireRequest['body'] = ''): number {
  return typeof body === 'string' ? new TextEncoder().encode(body).length : body.length;
}

/** Whether an operation of any emulated API changes nothing. Their names begin alike. */
export function isRead(operation: string): boolean {
  return /^(?:Batch)?(?:Get|Show|List|Describe|Validate|Generate)/.test(operation);
}

/** Stands for a body that is not JSON, or not an object. */
export const notJson: unique symbol = Symbol('not JSON');

/** Parses a body. In the emulated APIs, every body is an object. Returns undefined for an empty body. */
export function jsonIn(body: WireRequest['body']): unknown {
  if (body === undefined || body.length === 0) return undefined;
  try {
    const parsed: unknown = JSON.parse(typeof body === 'string' ? body : utf8.decode(body));
    return isObject(parsed) ? parsed : notJson;
  } catch {
    return notJson;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Projects belong to another service, so any printable name is accepted. */
export const projectRule = '1 to 64 printable characters';
export const projectId: RegExp = /^\P{C}{1,64}$/u;

/** Splits a target into its path and its query, without the question mark. */
export function partsOf(target: string): readonly [path: string, query: string] {
  const end = target.indexOf('?');
  return end < 0 ? [target, ''] : [target.slice(0, end), target.slice(end + 1)];
}

/** Returns the path of a target without a slash at its end. Source: API Request Signing Guide (documented: a signature ignores it). */
export function pathOf(target: string): string {
  return partsOf(target)[0].replace(/([^/])\/$/, '$1');
}

/**
 * Reads the parameters of a query. A plus is not a space: clients encode that as %20. Source: API Request Signing Guide (documented),
 * and the official SDKs for Go, Node and Python (example).
 */
export function parametersOf(query: string): readonly (readonly [name: string, value: string])[] {
  return [...new URLSearchParams(query.replaceAll('+', '%2B'))];
}

/** Decodes a part of a path. In a part with invalid percent-encoding, it decodes only the characters beyond ASCII. */
export function decoded(part: string): string {
  return decodedOr(part, beyondAsciiDecoded);
}

/** Decodes only the characters beyond ASCII. */
export function beyondAsciiDecoded(part: string): string {
  return part.replace(beyondAscii, (character) => decodedOr(character, () => character));
}

/** A percent-encoded character beyond ASCII: two to four bytes of UTF-8. */
const beyondAscii = /%[CD][\dA-F]%[89AB][\dA-F]|%E[\dA-F](?:%[89AB][\dA-F]){2}|%F[0-7](?:%[89AB][\dA-F]){3}/gi;

const decodedOr = (part: string, otherwise: (part: string) => string): string => {
  if (!part.includes('%')) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    return otherwise(part);
  }
};

/**
 * Reads the bytes of a stream. Returns undefined if there are more than `limit`.
 *
 * Cancels the stream if there are more, if the signal aborts, or if a chunk is not bytes. It does not wait for the cancellation.
 *
 * @throws the error of the stream, the reason of the signal if it aborts first, or a TypeError if a chunk is not bytes.
 */
export async function bytesOf(
  stream: ReadableStream<Uint8Array>,
  limit: number,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  const reader = stream.getReader();
  const cancel = () => {
    reader.cancel().catch(() => undefined);
  };
  signal?.addEventListener('abort', cancel);
  if (signal?.aborted) cancel();
  try {
    // One buffer that doubles. In a list, each chunk of one byte would take about a hundred.
    let bytes = new Uint8Array(1024);
    let length = 0;
    for (let reads = 1; ; reads++) {
      const { done, value } = await reader.read();
      // A cancelled stream ends as if it were complete.
      signal?.throwIfAborted();
      if (done) return bytes.subarray(0, length);
      // Not `instanceof`, because the bytes may come from another realm.
      if (Object.prototype.toString.call(value) !== '[object Uint8Array]') {
        cancel();
        throw new TypeError('A body must consist of bytes.');
      }
      // Empty chunks count too. Otherwise a stream of them would never end.
      if (length + value.length > limit || reads > limit) {
        cancel();
        return undefined;
      }
      if (length + value.length > bytes.length) {
        const larger = new Uint8Array(Math.max(2 * bytes.length, length + value.length));
        larger.set(bytes);
        bytes = larger;
      }
      bytes.set(value, length);
      length += value.length;
    }
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}
