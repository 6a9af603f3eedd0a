import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import process from 'node:process';
import type { Duplex } from 'node:stream';
import * as v from 'valibot';
import { bodyLimit, partsOf } from '../api/http.ts';
import type { Emulator, WireResponse } from '../emulator/index.ts';
import { fieldOf, parseJson } from '../json.ts';
import { cut, foundText } from '../text.ts';

/** Options of {@link serve}. */
export interface ServeOptions {
  /** The port to listen on. If 0 or omitted, any free port. */
  readonly port?: number | undefined;
  /**
   * The address to listen on. If omitted, 127.0.0.1, so that only this machine can connect. Pass credentials to the emulator before you
   * open it to others.
   */
  readonly host?: string | undefined;
  /** How long a request can take to arrive, in milliseconds. If omitted, 30,000. */
  readonly requestTimeout?: number | undefined;
  /** Called after every response. If it throws, the error becomes a warning of the process. */
  readonly onAnswer?: ((answered: Answered) => void) | undefined;
}

/** A request and its response, for a log. It contains no secret value. */
export interface Answered {
  /** When the request arrived, in epoch milliseconds. */
  readonly at: number;
  /** The method and the path are empty if the input was not a request. */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The operation that the request names in a header, as in AWS: `secretsmanager.GetSecretValue`. At most 80 characters. */
  readonly operation: string | undefined;
  /** The status code of the response. */
  readonly status: number;
  /** The error code of the cloud, such as `CSMS.0105` or `ResourceNotFoundException`, if the request was refused. */
  readonly errorCode: string | undefined;
  /** The error message, if the request was refused. */
  readonly errorMessage: string | undefined;
  /** How long the response took, in milliseconds. */
  readonly milliseconds: number;
}

/** A running server. */
export interface Served {
  /** The address, such as `http://127.0.0.1:8080`, without a slash at the end. */
  readonly url: string;
  /** Stops listening, finishes the requests in progress, and closes all connections. */
  readonly close: () => Promise<void>;
}

const addressSchema = v.object({ address: v.string(), family: v.string(), port: v.number() });

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Settles when the response is sent. */
  readonly answered: Promise<void>;
}

/**
 * Serves an emulator over HTTP.
 *
 * All input gets a response in the format of the emulated cloud, even if it is not HTTP. If the store or the clock fails, the response
 * is a 500 with the error.
 *
 * @throws {RangeError} if `port` is not a whole number from 0 to 65535.
 * @throws {Error} if it cannot listen there.
 *
 * @example
 * const { url, close } = await serve(createCsmsEmulator());
 * (await fetch(`${url}/v1/p/secrets`, { headers: { 'X-Auth-Token': 'any' } })).status; // 200
 * await close();
 */
export async function serve(
  emulator: Pick<Emulator, 'answer' | 'refuse'>,
  { port = 0, host = '127.0.0.1', requestTimeout = 30_000, onAnswer }: ServeOptions = {},
): Promise<Served> {
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new RangeError(`\`port\` must be a whole number from 0 to 65535; got ${foundText(port)}.`);
  }
  let isClosing = false;
  const connections = new Set<Socket>();
  /** The last request of each connection. */
  const last = new WeakMap<Duplex, Exchange>();

  const report = (
    { method, path, operation }: Pick<Answered, 'method' | 'path' | 'operation'>,
    { status, body }: WireResponse,
    at: number,
    milliseconds: number,
  ) => {
    if (!onAnswer) return;
    const [errorCode, errorMessage] = status < 400 ? [] : errorIn(`${body}`);
    try {
      onAnswer({ at, method, path: partsOf(path)[0], operation, status, errorCode, errorMessage, milliseconds });
    } catch (thrown) {
      // A failing log must not stop the server.
      process.emitWarning(thrown instanceof Error ? thrown : String(thrown));
    }
  };

  const failed = (error: unknown): WireResponse => {
    const why = error instanceof Error ? error.message : String(error);
    return emulator.refuse(`The emulator failed, and the request is not the cause: ${why.replace(/\.$/, '')}`, 500);
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const at = Date.now();
    const start = performance.now();
    const { method = '', url = '/' } = request;
    // A client that uses this as a proxy sends the whole URL.
    const target = url.replace(/^https?:\/\/[^/?]*/i, '');
    const headers = namedHeaders(request.rawHeaders);
    const body = await bodyOf(request);
    const answered = await emulator.answer({ method, target, headers, body }).catch(failed);
    send(response, answered, isClosing);
    const operation = headers.get('x-amz-target');
    report({ method, path: url, operation: operation && cut(operation) }, answered, at, performance.now() - start);
  };

  /** Refuses input that is not a request, after the earlier requests on the same connection. */
  const refuse = async (socket: Duplex, method: string, answer: WireResponse): Promise<void> => {
    socket.on('error', socket.destroy).resume();
    const { request, response, answered } = last.get(socket) ?? {};
    if (request?.complete) await answered;
    // If the rest of a request is malformed after its response was sent, there is no second response.
    else if (response?.writableEnded) socket.destroy();
    if (!socket.writable) return;
    sendRaw(socket, answer);
    report({ method, path: '', operation: undefined }, answer, Date.now(), 0);
    // The client needs time to read the response. Closing a socket with unread input discards its output.
    setTimeout(() => socket.destroy(), 500).unref();
  };

  const server = createServer({
    requestTimeout,
    headersTimeout: requestTimeout,
    connectionsCheckingInterval: Math.min(requestTimeout, 1000),
    requireHostHeader: false,
  });
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    last.set(request.socket, { request, response, answered: answer(request, response) });
  });
  server.on('checkExpectation', ({ method = '', url = '' }: IncomingMessage, response: ServerResponse) => {
    const refusal = emulator.refuse('The Expect header must be 100-continue', 417);
    send(response, refusal, isClosing);
    report({ method, path: url, operation: undefined }, refusal, Date.now(), 0);
  });
  server.on('connect', ({ method = '' }, socket: Duplex) =>
    refuse(socket, method, emulator.refuse('The API does not have the method CONNECT', 405)),
  );
  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket: Duplex) => {
    const [problem, status] = clientErrors[code] ?? ['This is not HTTP', 400];
    return refuse(socket, '', emulator.refuse(problem, status));
  });

  await new Promise<void>((resolve, reject) => {
    // Not every runtime names the address in its error.
    server.once('error', (error) => reject(Object.assign(error, { address: host, port })));
    server.listen(port, host, resolve);
  });
  const { address, family, port: taken } = v.parse(addressSchema, server.address());
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`,
    close: () =>
      new Promise((resolve) => {
        isClosing = true;
        server.close(() => resolve());
        for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
        // Do not wait longer for clients that have not sent the rest of a request.
        setTimeout(() => server.closeAllConnections(), 5000).unref();
      }),
  };
}

const clientErrors: Readonly<Record<string, readonly [problem: string, status: number]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['The request did not arrive in time', 408],
  HPE_HEADER_OVERFLOW: ['The headers are too long', 431],
};

/** Returns the headers by lower-case name, and joins repeated ones. Node's `headers` drops some of them. */
const namedHeaders = (rawHeaders: readonly string[]): ReadonlyMap<string, string> => {
  const named = new Map<string, string>();
  rawHeaders.forEach((value, index) => {
    if (index % 2 === 0) return;
    const name = `${rawHeaders[index - 1]}`.toLowerCase();
    const before = named.get(name);
    named.set(name, before === undefined ? value : `${before}, ${value}`);
  });
  return named;
};

/** Returns the body. Stops reading once it is too long, and discards the rest. */
const bodyOf = (request: IncomingMessage): Promise<Uint8Array> =>
  new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    const collect = (chunk: Uint8Array) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > bodyLimit) finish();
    };
    const finish = () => {
      request.off('data', collect).resume();
      resolve(Buffer.concat(chunks));
    };
    request.on('data', collect).once('end', finish);
  });

const send = (response: ServerResponse, answer: WireResponse, isLast: boolean): void => {
  response.writeHead(answer.status, headersOf(answer, isLast)).end(answer.body);
};

/** Sends a response on a socket for which Node has no `ServerResponse`. */
const sendRaw = (socket: Duplex, answer: WireResponse): void => {
  const lines = Object.entries(headersOf(answer, true)).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${answer.status} Refused`, ...lines, '', answer.body].join('\r\n'));
};

const headersOf = ({ headers, body }: WireResponse, isLast: boolean) => ({
  ...headers,
  ...(body === null ? {} : { 'content-length': Buffer.byteLength(body) }),
  ...(isLast ? { connection: 'close' } : {}),
});

/** The code and the message of an error of any emulated cloud. */
const errorIn = (body: string): readonly (string | undefined)[] => {
  const json = parseJson(body);
  const text = (...fields: readonly string[]) =>
    fields.map((field) => fieldOf(json, field)).find((value) => typeof value === 'string');
  return [text('error_code', '__type'), text('error_msg', 'Message', 'message')];
};
