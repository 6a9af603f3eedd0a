/**
 * The most bytes that a body may have: room for a value of 32 KiB, every byte of it escaped in JSON, and what goes with it. An
 * assumption: no cloud names a limit of its own.
 */
export const bodyLimit: number = 256 * 1024;

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
