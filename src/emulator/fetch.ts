import { bodyLimit, bytesOf, type WireRequest, type WireResponse } from '../api/http.ts';

/** Returns a `fetch` that gets its responses from `answer`. */
export function fetchBy(answer: (request: WireRequest) => Promise<WireResponse>) {
  return async (input: Request | string | URL, init?: RequestInit): Promise<Response> => {
    const request = input instanceof Request && init === undefined ? input : new Request(input, init);
    if (request.bodyUsed)
      throw new TypeError('The body of this Request has already been read. Pass a clone() of the Request.');
    const { host, pathname, search } = new URL(request.url);
    const { method, headers, signal } = request;
    const respond = async () =>
      answer({
        method,
        target: pathname + search,
        // In process there is no Host header, so the host comes from the URL.
        headers: { get: (name) => headers.get(name) ?? (name === 'host' ? host : null) },
        body: await bodyOf(request).catch(() => cutOff),
      });
    const { status, ...answered } = await untilAborted(signal, respond);
    return new Response(answered.body, { status, headers: answered.headers });
  };
}

/** Replaces a body that could not be read completely: incomplete JSON, which every call refuses. */
const cutOff = '{';

/** Does work, and rejects as soon as the signal is aborted. It does not start if the signal is already aborted. */
const untilAborted = <Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
    work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });

/** Returns the body. A body that is too long becomes one byte more than the limit, which is refused. */
const bodyOf = async ({ body, signal }: Request): Promise<Uint8Array | undefined> =>
  body === null ? undefined : ((await bytesOf(body, bodyLimit, signal)) ?? new Uint8Array(bodyLimit + 1));
