import { bodyLimit, bytesOf, type WireRequest, type WireResponse } from '../api/http.ts';

/** Makes what answers a request of the wire into what answers one of the Web, as `fetch` itself does. */
export function fetchBy(answer: (request: WireRequest) => Promise<WireResponse>) {
  return async (input: Request | string | URL, init?: RequestInit): Promise<Response> => {
    const request = input instanceof Request && init === undefined ? input : new Request(input, init);
    if (request.bodyUsed) throw new TypeError('The body of this Request was read before: give fetch a clone() of it.');
    const { host, pathname, search } = new URL(request.url);
    const { method, headers } = request;
    const { status, ...answered } = await answer({
      method,
      target: pathname + search,
      // In process nobody has put the host of the URL into a header.
      headers: { get: (name) => headers.get(name) ?? (name === 'host' ? host : null) },
      body: await bodyOf(request).catch(() => cutOff),
    });
    return new Response(answered.body, { status, headers: answered.headers });
  };
}

/** What stands for a body that did not arrive whole: JSON that is cut off, which no call takes. */
const cutOff = '{';

/** The body; of one that is too long, as many bytes as are refused. */
const bodyOf = async ({ body }: Request): Promise<Uint8Array | undefined> =>
  body === null ? undefined : ((await bytesOf(body, bodyLimit)) ?? new Uint8Array(bodyLimit + 1));
