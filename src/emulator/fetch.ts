import { bodyLimit, bytesOf, type WireRequest, type WireResponse } from '../api/http.ts';

/** Returns a `fetch` that gets its responses from `answer`. */
export function fetchBy(answer: (request: WireRequest) => Promise<WireResponse>) {
  return async (input: Request | string | URL, init?: RequestInit): Promise<Response> => {
    const request = input instanceof Request && init === undefined ? input : new Request(input, init);
    if (request.bodyUsed)
      throw new TypeError('The body of this Request has already been read. Pass a clone() of the Request.');
    const { host, pathname, search } = new URL(request.url);
    const { method, headers } = request;
    const { status, ...answered } = await answer({
      method,
      target: pathname + search,
      // In process there is no Host header, so the host comes from the URL.
      headers: { get: (name) => headers.get(name) ?? (name === 'host' ? host : null) },
      body: await bodyOf(request).catch(() => cutOff),
    });
    return new Response(answered.body, { status, headers: answered.headers });
  };
}

/** Replaces a body that could not be read completely: incomplete JSON, which every call refuses. */
const cutOff = '{';

/** Returns the body. A body that is too long becomes one byte more than the limit, which is refused. */
const bodyOf = async ({ body }: Request): Promise<Uint8Array | undefined> =>
  body === null ? undefined : ((await bytesOf(body, bodyLimit)) ?? new Uint8Array(bodyLimit + 1));
