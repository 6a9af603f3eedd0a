import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import process from 'node:process';
import type { Duplex } from 'node:stream';
import * as v from 'valibot';
import { bodyLimit, partsOf } from '../api/http.ts';
import type { Emulator, WireResponse } from '../emulator/index.ts';

/** What {@link serve} takes beside the emulator. */
export interface ServeOptions {
  /** If 0 or omitted, any free port. */
  readonly port?: number | undefined;
  /**
   * The address to listen on. If omitted, 127.0.0.1, so that only this machine can connect. Give the emulator credentials before you open it
   * to others.
   */
  readonly host?: string | undefined;
  /** How long a request may take to arrive, in milliseconds. If omitted, half a minute. */
  readonly requestTimeout?: number | undefined;
  /** Told of every answer. What it throws becomes a warning of the process. */
  readonly onAnswer?: ((answered: Answered) => void) | undefined;
}

/** A request that was answered, for a log. No secret value is in it. */
export interface Answered {
  /** When the request arrived, in epoch milliseconds. */
  readonly at: number;
  /** Empty, as the path is, for what was no request. */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
  readonly errorCode: string | undefined;
  readonly errorMessage: string | undefined;
  readonly milliseconds: number;
}

/** A server that listens. */
export interface Served {
  readonly url: string;
  /** Stops listening, answers what is in flight, and lets go. */
  readonly close: () => Promise<void>;
}

const addressSchema = v.object({ address: v.string(), family: v.string(), port: v.number() });

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Settles when the answer is sent. */
  readonly answered: Promise<void>;
}

/**
 * Puts an emulator on a port of this machine.
 *
 * Everything that arrives gets an answer in the form of the emulated cloud, also if it is not HTTP. If the store fails, the answer
 * is a 500 that says how.
 */
export async function serve(
  emulator: Pick<Emulator, 'answer' | 'refuse'>,
  { port = 0, host = '127.0.0.1', requestTimeout = 30_000, onAnswer }: ServeOptions = {},
): Promise<Served> {
  let isClosing = false;
  const connections = new Set<Socket>();
  /** By connection, the last request on it. */
  const last = new WeakMap<Duplex, Exchange>();

  const report = (method: string, target: string, { status, body }: WireResponse, at: number, milliseconds: number) => {
    if (!onAnswer) return;
    const error: Partial<Record<'error_code' | 'error_msg', string>> = status < 400 ? {} : JSON.parse(`${body}`);
    const { error_code: errorCode, error_msg: errorMessage } = error;
    try {
      onAnswer({ at, method, path: partsOf(target)[0], status, errorCode, errorMessage, milliseconds });
    } catch (thrown) {
      // A log that fails is no reason to stop answering.
      process.emitWarning(thrown instanceof Error ? thrown : String(thrown));
    }
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const at = Date.now();
    const start = performance.now();
    const { method = '', url = '/' } = request;
    // A client that takes this for a proxy sends the whole URL.
    const target = url.replace(/^https?:\/\/[^/?]*/i, '');
    const headers = namedHeaders(request.rawHeaders);
    const body = await bodyOf(request);
    const answered = await emulator.answer({ method, target, headers, body }).catch(failed);
    send(response, answered, isClosing);
    report(method, url, answered, at, performance.now() - start);
  };

  /** Refuses what never became a request, after what was asked before it on the same connection. */
  const refuse = async (socket: Duplex, method: string, answer: WireResponse): Promise<void> => {
    socket.on('error', socket.destroy).resume();
    const { request, response, answered } = last.get(socket) ?? {};
    if (request?.complete) await answered;
    // A request may have its answer before the rest of it goes wrong, and gets no second one.
    else if (response?.writableEnded) socket.destroy();
    if (!socket.writable) return;
    sendRaw(socket, answer);
    report(method, '', answer, Date.now(), 0);
    // Time to read the answer; a socket that is closed on what it has not read loses what it has written.
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
    const refusal = emulator.refuse('no Expect but 100-continue', 417);
    send(response, refusal, isClosing);
    report(method, url, refusal, Date.now(), 0);
  });
  server.on('connect', ({ method = '' }, socket: Duplex) =>
    refuse(socket, method, emulator.refuse('a method of the API', 405)),
  );
  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket: Duplex) => {
    const [expected, status] = complaints[code] ?? ['an HTTP request', 400];
    return refuse(socket, '', emulator.refuse(expected, status));
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
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
        // Whoever has not sent the rest of a request by then is not waited for.
        setTimeout(() => server.closeAllConnections(), 5000).unref();
      }),
  };
}

const complaints: Readonly<Record<string, readonly [expected: string, status: number]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['the whole request in time', 408],
  HPE_HEADER_OVERFLOW: ['shorter headers', 431],
};

/** The headers by their lower-case names, joined where one came several times. Node's own record drops some of these. */
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

/** The body, or as much of it as is enough to be refused; Node throws the rest away. */
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

/** An answer to what never became a request that Node would answer. */
const sendRaw = (socket: Duplex, answer: WireResponse): void => {
  const lines = Object.entries(headersOf(answer, true)).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${answer.status} Refused`, ...lines, '', answer.body].join('\r\n'));
};

const headersOf = ({ headers, body }: WireResponse, isLast: boolean) => ({
  'x-request-id': randomUUID(),
  ...headers,
  ...(body === null ? {} : { 'content-length': Buffer.byteLength(body) }),
  ...(isLast ? { connection: 'close' } : {}),
});

const failed = (error: unknown): WireResponse => ({
  status: 500,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    error_code: 'EMULATOR.0001',
    error_msg: `The emulator failed, not the request: ${error instanceof Error ? error.message : String(error)}`,
  }),
});
