import { connect } from 'node:net';
import { expect } from 'vitest';

/** The form of every refusal. */
export const refusal = {
  error_code: expect.stringMatching(/^CSMS\.\d{4}$/),
  error_msg: expect.stringMatching(/^.{2,512}$/s),
};

/** A request as text for a socket; after its answer the server hangs up, unless the headers say otherwise. */
export const rawRequest = (method: string, target: string, body = '', ...headers: readonly string[]): string =>
  [
    `${method} ${target} HTTP/1.1`,
    'host: localhost',
    'x-auth-token: any',
    ...(body === '' ? [] : [`content-length: ${Buffer.byteLength(body)}`]),
    ...(headers.length === 0 ? ['connection: close'] : headers),
    '',
    body,
  ].join('\r\n');

/** An answer as it came over a socket. */
export interface RawAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Reads answers one after another, and throws where there is anything else. */
export const answersIn = (text: string): readonly RawAnswer[] => {
  if (text === '') return [];
  const [, status, fields = '', rest = ''] =
    /^HTTP\/1\.1 (\d{3}) [^\r\n]+\r\n((?:[\w-]+: [^\r\n]*\r\n)*)\r\n(.*)$/s.exec(text) ?? [];
  const headers = new Map(
    [...fields.matchAll(/^([\w-]+): (.*)\r$/gm)].map(([, name = '', value = '']) => [name.toLowerCase(), value]),
  );
  const length = Number(headers.get('content-length') ?? 0);
  if (status === undefined || rest.length < length) throw new Error(`This is no answer: ${text.slice(0, 1000)}`);
  const body = Buffer.from(rest.slice(0, length), 'latin1').toString();
  return [{ status: Number(status), headers, body }, ...answersIn(rest.slice(length))];
};

/** A connection that sends bytes as they are. One that stays does not hang up when the server does. */
export const dial = (url: string, { stays = false } = {}) => {
  const { port, hostname } = new URL(url);
  const socket = connect({
    port: Number(port),
    host: hostname.replace(/[[\]]/g, ''),
    noDelay: true,
    allowHalfOpen: stays,
  });
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  const closed = new Promise<void>((resolve, reject) => {
    socket.once('error', reject).once('close', () => resolve());
  });
  // Whoever does not wait for the end does not care how it comes.
  closed.catch(() => undefined);
  return {
    socket,
    /** What has come so far. */
    heard: () => text,
    send: (piece: string | Uint8Array) => new Promise<void>((resolve) => socket.write(piece, () => resolve())),
    /** All answers, once the server has hung up. */
    answers: async (): Promise<readonly RawAnswer[]> => {
      await closed;
      return answersIn(text);
    },
  };
};

/** Sends pieces as they are, and gives all answers, once the server has hung up. */
export const exchange = async (url: string, ...pieces: readonly (string | Uint8Array)[]) => {
  const line = dial(url);
  for (const piece of pieces) await line.send(piece);
  return line.answers();
};

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
