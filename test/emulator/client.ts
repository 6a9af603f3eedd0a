import { expect } from 'vitest';
import { type CsmsOptions, emptyWorld, handleCsms, type WireRequest, type World } from '../../src/emulator/index.ts';
import { differencesOf } from './documented.ts';

export const anyToken: ReadonlyMap<string, string> = new Map([['x-auth-token', 'any']]);

/** A request about project p, with a token. */
export const request = (method: string, path: string, body?: unknown): WireRequest => ({
  method,
  target: `/v1/p/secrets${path}`,
  headers: anyToken,
  body: body === undefined ? undefined : JSON.stringify(body),
});

/** A client of `handleCsms`, which keeps the world and the time in its stead. */
export class Client {
  world: World = emptyWorld;
  now = 1_581_507_580_000;
  readonly options: CsmsOptions;

  constructor(options: CsmsOptions = {}) {
    this.options = options;
  }

  /** Sends a request a second after the one before; the answer is its status and its body. */
  send(method: string, path: string, body?: unknown): readonly [status: number, body: unknown] {
    return this.sendRaw(request(method, path, body));
  }

  sendRaw(raw: WireRequest): readonly [status: number, body: unknown] {
    this.now += 1000;
    const { world, response } = handleCsms(this.world, raw, this.now, this.options);
    this.world = world;
    const body: unknown = response.body === null ? null : JSON.parse(response.body);
    // HEAD and OPTIONS have no body, whatever the operation answers.
    if (!['HEAD', 'OPTIONS'].includes(raw.method))
      expect(differencesOf(raw.method, raw.target, response.status, body), `${raw.method} ${raw.target}`).toEqual([]);
    return [response.status, body];
  }

  /** The code and the status of an answer that is an error. */
  errorOf(method: string, path: string, body?: unknown): string {
    const [status, answer] = this.send(method, path, body);
    return `${status} ${Object(answer).error_code}`;
  }

  state(name = 'db') {
    return this.world.projects['p']?.secrets[name]?.state;
  }
}

/** A client of a project with one secret, `db`. */
export const clientOfDb = (options?: CsmsOptions): Client => {
  const client = new Client(options);
  client.send('POST', '', { name: 'db', secret_string: 'hunter2' });
  return client;
};
