import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import type { Host } from '../../src/cli/host.ts';
import { run } from '../../src/cli/main.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const collect = (): { readonly stream: Writable; readonly text: () => string } => {
  const chunks: string[] = [];
  // Full after every chunk, so that each line has to wait for the drain.
  const stream = new Writable({
    highWaterMark: 1,
    write: (chunk, _, done) => {
      chunks.push(String(chunk));
      setImmediate(done);
    },
  });
  return { stream, text: () => chunks.join('') };
};

/** Runs the command line in this process, with its own streams. */
export const runCli = async (
  args: readonly string[],
  { input = [], tty = false, env = {} }: { input?: Iterable<string | Buffer>; tty?: boolean; env?: Host['env'] } = {},
): Promise<Ran> => {
  const [out, err] = [collect(), collect()];
  const stdout = Object.assign(out.stream, { isTTY: tty });
  const stdin = Readable.from(input, { objectMode: false });
  const code = await run({ argv: ['node', 'secret-stages', ...args], env, stdin, stdout, stderr: err.stream });
  await new Promise((resolve) => setImmediate(resolve));
  return { code, out: out.text(), err: err.text() };
};

/** A line of a transcript. */
export const call = (at: number, method: string, path: string, body?: unknown, response?: unknown): string =>
  `${JSON.stringify({ at, method, path: `/v1/p/secrets${path}`, body, response })}\n`;
