import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { bodyLimit } from '../api/http.ts';
import type { WireResponse } from '../emulator/index.ts';

/** A connection. Its requests are executed in turn, so each one that is executed gets its response. */
export interface Connection {
  /** Executes a request after the earlier ones. Returns its response, or undefined if the request was not executed. */
  readonly execute: (
    request: IncomingMessage,
    response: ServerResponse,
    work: (body: Uint8Array) => Promise<WireResponse> | WireResponse,
  ) => Promise<WireResponse | undefined>;
  /** Refuses input that is not a request, after the earlier requests. Returns whether the refusal was sent. */
  readonly refuse: (refusal: WireResponse) => Promise<boolean>;
  /** From now on, a response that leaves no request waiting is the last one. Settles when all requests so far have their responses. */
  readonly end: () => Promise<unknown>;
}

/** How many requests can wait on a connection before the server stops reading from it. */
const mostWaiting = 100;

export function connectionOn(socket: Duplex): Connection {
  let turn: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let isEnding = false;
  let isRefused = false;
  let last: { readonly request: IncomingMessage; readonly response: ServerResponse } | undefined;
  /** Stops waiting for the body that is being read. */
  let giveUp = () => {};

  const executeNow: Connection['execute'] = async (request, response, work) => {
    const body = await new Promise<Uint8Array | undefined>((resolve) => {
      giveUp = () => !request.complete && resolve(undefined);
      readBody(request, resolve);
      if (isRefused) giveUp();
    });
    // After the last response, or after the client went away, nothing is executed.
    if (body === undefined || !socket.writable) return undefined;
    const answer = await work(body);
    // Node loses what follows a request that asks for an upgrade.
    const isLast = (isEnding && waiting === 1) || request.headers.upgrade !== undefined;
    response.writeHead(answer.status, headersOf(answer, isLast)).end(answer.body);
    return answer;
  };

  return {
    execute: async (request, response, work) => {
      last = { request, response };
      const sent = new Promise((resolve) => response.once('finish', resolve).once('close', resolve));
      waiting++;
      // Node starts to read again after each request.
      queueMicrotask(() => waiting > mostWaiting && socket.pause());
      const executed = turn.then(() => executeNow(request, response, work));
      turn = executed
        .then((answer) => answer && sent)
        .then(() => {
          if (--waiting === mostWaiting) socket.resume();
        });
      return executed;
    },

    refuse: async (refusal) => {
      // Node reports each further piece of the input.
      if (isRefused) return false;
      isRefused = true;
      // If the client closes its half now, Node would end the connection with the last response.
      socket.removeAllListeners('end');
      socket.on('error', () => socket.destroy()).resume();
      giveUp();
      await turn;
      // If the rest of a request is malformed after its response was sent, there is no second response.
      if (last?.response.writableEnded && !last.request.complete) socket.destroy();
      if (!socket.writable) return false;
      // Node has no `ServerResponse` for this.
      const lines = Object.entries(headersOf(refusal, true)).map(([name, value]) => `${name}: ${value}`);
      socket.end([`HTTP/1.1 ${refusal.status} Refused`, ...lines, '', refusal.body].join('\r\n'));
      // The client needs time to read the response. Closing a socket with unread input discards its output.
      setTimeout(() => socket.destroy(), 500).unref();
      return true;
    },

    end: () => {
      isEnding = true;
      return turn;
    },
  };
}

/** Reads the body. Stops reading once it is too long, and discards the rest. */
const readBody = (request: IncomingMessage, done: (body: Uint8Array) => void): void => {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const collect = (chunk: Uint8Array) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length > bodyLimit) finish();
  };
  const finish = () => {
    request.off('data', collect).resume();
    done(Buffer.concat(chunks));
  };
  request.on('data', collect).once('end', finish);
};

const headersOf = ({ headers, body }: WireResponse, isLast: boolean) => ({
  ...headers,
  ...(body === null ? {} : { 'content-length': Buffer.byteLength(body) }),
  ...(isLast ? { connection: 'close' } : {}),
});
