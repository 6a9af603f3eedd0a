import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { commandNamed, synopsisOf } from '../../src/cli/help.ts';
import type { Host } from '../../src/cli/host.ts';
import { commands, run } from '../../src/cli/main.ts';
import { vectorsArchive } from '../vectors-archive.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command line while it runs. */
export interface Running {
  /** Resolves to all that is on standard output as soon as this is. */
  readonly sees: (pattern: RegExp) => Promise<string>;
  /** As the system would send it; whether anybody was listening. */
  readonly signal: (name: NodeJS.Signals) => boolean;
  readonly ended: Promise<Ran>;
}

interface Options {
  readonly input?: Iterable<string | Buffer>;
  readonly tty?: boolean;
  /** The width of the terminal. */
  readonly columns?: number;
  readonly env?: Host['env'];
}

const collect = () => {
  const chunks: string[] = [];
  const grown = new EventEmitter().setMaxListeners(0);
  // Full after every chunk, so that each line has to wait for the drain.
  const stream = new Writable({
    highWaterMark: 1,
    write: (chunk, _, done) => {
      chunks.push(String(chunk));
      grown.emit('grown');
      setImmediate(done);
    },
  });
  return { stream, grown, text: () => chunks.join('') };
};

/** What the command line takes of a process, made for a test. */
const start = (args: readonly string[], { input = [], tty = false, columns = 0, env = {} }: Options) => {
  const [out, err] = [collect(), collect()];
  const signals = new EventEmitter();
  const host: Host = {
    argv: ['node', 'secret-stages', ...args],
    env,
    stdin: Readable.from(input, { objectMode: false }),
    stdout: Object.assign(out.stream, { isTTY: tty, columns }),
    stderr: Object.assign(err.stream, { isTTY: tty, columns }),
    once: signals.once.bind(signals),
    off: signals.off.bind(signals),
    exit: (code) => signals.emit('exit', code),
    vectors: vectorsArchive,
  };
  return { host, out, err, signals };
};

export const hostWith = (options: Options = {}): Host => start([], options).host;

/** Starts the command line in this process, with its own streams and signals. */
export const startCli = (args: readonly string[], options: Options = {}): Running => {
  const { host, out, err, signals } = start(args, options);
  const ended = run(host).then(async (code) => {
    do await new Promise((resolve) => setImmediate(resolve));
    while (out.stream.writableLength + err.stream.writableLength > 0);
    return { code, out: out.text(), err: err.text() };
  });
  return {
    sees: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => pattern.test(out.text()) && resolve(out.text());
        out.grown.on('grown', look);
        look();
        ended.then(({ err }) => reject(new Error(`It ended without ${pattern}: ${err}`)), reject);
      }),
    signal: (name) => signals.emit(name),
    ended,
  };
};

/** Runs the command line in this process, with its own streams. */
export const runCli = (args: readonly string[], options?: Options): Promise<Ran> => startCli(args, options).ended;

/** The end of an error: how the command is used. */
export const usageOf = (name: string): string => {
  const command = commandNamed(name, commands);
  return `Usage: ${synopsisOf(command)}\nHelp: secret-stages help ${name}\n`;
};

/** A line of a transcript. */
export const call = (at: number, method: string, path: string, body?: unknown, response?: unknown): string =>
  `${JSON.stringify({ at, method, path: `/v1/p/secrets${path}`, body, response })}\n`;
