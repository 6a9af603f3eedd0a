/**
 * The most bytes that a body may have: room for a value of 32 KiB, every byte of it escaped in JSON, and what goes with it. An
 * assumption: no cloud names a limit of its own.
 */
export const bodyLimit: number = 256 * 1024;

/** The most characters that a target, or a header that is read, may have: what the server of Node takes for all of them (assumed). */
export const headLimit: number = 16 * 1024;

/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  /** The path with its query, still encoded. */
  readonly target: string;
  /** By lower-case name: a `Headers`, or a `Map`. */
  readonly headers: {
    /** The value of a header, null or undefined if it is not there. */
    get(name: string): string | null | undefined;
  };
  readonly body?: string | Uint8Array | undefined;
}

/** An answer, ready for the wire. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or null for an answer without a body. */
  readonly body: string | null;
}

/** The path and the query of a target, the query without its question mark. */
export function partsOf(target: string): readonly [path: string, query: string] {
  const end = target.indexOf('?');
  return end < 0 ? [target, ''] : [target.slice(0, end), target.slice(end + 1)];
}

/** A part of a path, decoded; as it came if it is not well encoded. */
export function decoded(part: string): string {
  if (!part.includes('%')) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * Reads the bytes of a stream, or returns undefined if there are more than `limit`.
 *
 * Cancels the stream if there are more, if the signal aborts, or if a chunk is not bytes. It does not wait for the cancellation.
 *
 * @throws the error of the stream, the reason of the signal if it aborts first, or a TypeError for a chunk that is not bytes.
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
    // One buffer that doubles: chunks of one byte would each take a hundred in a list.
    let bytes = new Uint8Array(1024);
    let length = 0;
    for (let reads = 1; ; reads++) {
      const { done, value } = await reader.read();
      // A stream that was cancelled ends as if it were whole.
      signal?.throwIfAborted();
      if (done) return bytes.subarray(0, length);
      // Not `instanceof`: the bytes may come from another realm.
      if (Object.prototype.toString.call(value) !== '[object Uint8Array]') {
        cancel();
        throw new TypeError('A body must consist of bytes.');
      }
      // Empty chunks count as well, or a stream of them would never end.
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
