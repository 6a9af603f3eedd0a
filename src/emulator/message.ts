/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  /** The path with its query, still encoded. */
  readonly target: string;
  /** By lower-case name: a `Headers`, or a `Map`. */
  readonly headers: { get(name: string): string | null | undefined };
  readonly body?: string | Uint8Array | undefined;
}

/** An answer, ready for the wire. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or null for an answer without a body. */
  readonly body: string | null;
}

/** The path of a request, without its query. */
export const pathOf = ({ target }: WireRequest): string => target.split('?', 1)[0] ?? '';
