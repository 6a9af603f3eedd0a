import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import process from 'node:process';
import type { Duplex } from 'node:stream';
import * as v from 'valibot';
import { partsOf } from '../api/http.ts';
import type { Emulator, WireResponse } from '../emulator/index.ts';
import { fieldOf, parseJson } from '../json.ts';
import { cut, foundText } from '../text.ts';
import { type Connection, connectionOn } from './connection.ts';
import { type Control, controlOf, controlPath } from './control.ts';
import { foreignFor } from './foreign.ts';

/** Options of {@link serve}. */
export interface ServeOptions {
  /** The port to listen on. If 0 or omitted, any free port. */
  readonly port?: number | undefined;
  /**
   * The address to listen on. If omitted, 127.0.0.1, so that only this machine can connect. Pass credentials to the emulator before you
   * open it to others: without them, `allowHosts` keeps web pages out, but not other programs that can connect.
   */
  readonly host?: string | undefined;
  /**
   * Host names without a port, such as `csms.example.com`, that clients and web pages may use besides `localhost`, 127.0.0.0/8 and `::1`.
   * If the emulator accepts any credentials, a request with another Host gets a 403. A request whose Origin has another host always
   * gets one.
   */
  readonly allowHosts?: readonly string[] | undefined;
  /** How long a request can take to arrive, in milliseconds. If omitted, 30,000. */
  readonly requestTimeout?: number | undefined;
  /**
   * Lets clients on this machine set faults and the clock, delete all secrets, and run rotations, with `POST /_control`. Pass the emulator. They need
   * no credentials, and requests from other machines are refused. If omitted, it is off.
   */
  readonly control?: Control | undefined;
  /** Called after every response. If it throws or rejects, the error becomes a warning of the process. */
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
  /** Stops listening, finishes the requests in progress, and closes all connections. Waits at most 5 seconds for clients. */
  readonly close: () => Promise<void>;
}

const addressSchema = v.object({ address: v.string(), family: v.string(), port: v.number() });

/**
 * Serves an emulator over HTTP.
 *
 * All input gets a response in the format of the emulated cloud, even if it is not HTTP. If the store or the clock fails, the response
 * is a 500 with the error.
 *
 * Requests on a connection are executed one after another, and all that are executed get a response, in order.
 *
 * @throws {RangeError} if `port` is not a whole number from 0 to 65535, or an allowed host is not a host name without a port.
 * @throws {Error} if it cannot listen there.
 *
 * @example
 * const { url, close } = await serve(createCsmsEmulator());
 * (await fetch(`${url}/v1/p/secrets`, { headers: { 'X-Auth-Token': 'any' } })).status; // 200
 * await close();
 */
export async function serve(
  emulator: Pick<Emulator, 'answer' | 'refuse'> & Partial<Pick<Emulator, 'isOpen'>>,
  { port = 0, host = '127.0.0.1', allowHosts = [], requestTimeout = 30_000, onAnswer, control }: ServeOptions = {},
): Promise<Served> {
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new RangeError(`\`port\` must be a whole number from 0 to 65535; got ${foundText(port)}.`);
  }
  const foreign = foreignFor(allowHosts, emulator.isOpen !== false);
  // The control accepts any credentials.
  const foreignToControl = foreignFor(allowHosts, true);
  const controlNow = control && controlOf(emulator, control);
  let closed: Promise<void> | undefined;
  const sockets = new Set<Socket>();
  const connections = new WeakMap<Duplex, Connection>();

  const connectionOf = (socket: Duplex): Connection => {
    const connection = connections.get(socket) ?? connectionOn(socket);
    connections.set(socket, connection);
    return connection;
  };

  const report = async (
    { method, path, operation }: Pick<Answered, 'method' | 'path' | 'operation'>,
    { status, body }: WireResponse,
    at: number,
    milliseconds: number,
  ): Promise<void> => {
    if (!onAnswer) return;
    const [errorCode, errorMessage] = status < 400 ? [] : errorIn(`${body}`);
    try {
      // An async function is a valid `onAnswer`. Unhandled, its rejection would end the process.
      await onAnswer({ at, method, path: partsOf(path)[0], operation, status, errorCode, errorMessage, milliseconds });
    } catch (thrown) {
      // A failing log must not stop the server.
      process.emitWarning(thrown instanceof Error ? thrown : String(thrown));
    }
  };

  const failed = (error: unknown): WireResponse => {
    const why = error instanceof Error ? error.message : String(error);
    return emulator.refuse(`The emulator failed, and the request is not the cause: ${why.replace(/\.$/, '')}`, 500);
  };

  const take = async (request: IncomingMessage, response: ServerResponse, refusal?: WireResponse): Promise<void> => {
    const at = Date.now();
    const start = performance.now();
    const { method = '', url = '/' } = request;
    const headers = namedHeaders(request.rawHeaders);
    const work = (body: Uint8Array) => {
      if (refusal) return refusal;
      // A client that uses this as a proxy sends the whole URL.
      const target = url.replace(/^https?:\/\/[^/?]*/i, '');
      const isControl = controlNow !== undefined && partsOf(target)[0] === controlPath;
      const problem = (isControl ? foreignToControl : foreign)({ target: url, headers });
      if (problem !== undefined) return emulator.refuse(problem, 403);
      if (!isControl) return emulator.answer({ method, target, headers, body }).catch(failed);
      if (!isLoopback(request.socket.remoteAddress))
        return emulator.refuse(`${controlPath} takes only requests from the machine of the emulator`, 403);
      return controlNow(method, body).catch(failed);
    };
    const answered = await connectionOf(request.socket).execute(request, response, work);
    const operation = headers.get('x-amz-target');
    const asked = { method, path: url, operation: operation && cut(operation) };
    if (answered) report(asked, answered, at, performance.now() - start);
  };

  const refuse = async (socket: Duplex, method: string, refusal: WireResponse): Promise<void> => {
    const isSent = await connectionOf(socket).refuse(refusal);
    if (isSent) report({ method, path: '', operation: undefined }, refusal, Date.now(), 0);
  };

  const server = createServer({
    requestTimeout,
    headersTimeout: requestTimeout,
    connectionsCheckingInterval: Math.min(requestTimeout, 1000),
    requireHostHeader: false,
  });
  // A client that has sent everything may close its half of the connection, and still wait for responses.
  Object.assign(server, { httpAllowHalfOpen: true });
  // Node's own function treats a connection as idle before the end of a response is sent.
  const closeIdle = server.closeIdleConnections.bind(server);
  server.closeIdleConnections = () => {};
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => take(request, response));
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
    take(request, response, emulator.refuse('The Expect header must be 100-continue', 417)),
  );
  server.on('connect', ({ method = '' }, socket: Duplex) =>
    refuse(socket, method, emulator.refuse('The API does not have the method CONNECT', 405)),
  );
  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket: Duplex) => {
    const [problem, status] = clientErrors[code] ?? [
      'This is not valid HTTP (methods must be in upper-case letters)',
      400,
    ];
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
    close: () => {
      closed ??= new Promise((resolve) => {
        // Do not wait longer for clients that have not sent the rest of a request, or do not read a response. A socket whose client went away
        // does not keep the process running until then; this does.
        const timer = setTimeout(() => {
          for (const socket of sockets) socket.destroy();
        }, 5000);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        const end = () => Promise.all([...sockets].map((socket) => connectionOf(socket).end()));
        end();
        const endIdle = () => {
          for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
          end().then(closeIdle);
        };
        // After two turns of the event loop, every request that has already arrived is read.
        setImmediate(() => setImmediate(endIdle));
      });
      return closed;
    },
  };
}

/** Whether an address is of this machine. An IPv6 socket shows IPv4 addresses with a prefix. */
const isLoopback = (address: string | undefined): boolean => /^(::1|(::ffff:)?127(\.\d+){3})$/.test(`${address}`);

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

/** The code and the message of an error of any emulated cloud. */
const errorIn = (body: string): readonly (string | undefined)[] => {
  const json = parseJson(body);
  const text = (...fields: readonly string[]) =>
    fields.map((field) => fieldOf(json, field)).find((value) => typeof value === 'string');
  return [text('error_code', '__type'), text('error_msg', 'Message', 'message')];
};
