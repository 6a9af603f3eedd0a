import { once } from 'node:events';
import { asJson } from '../text.ts';

/** What the command line takes of its process. */
export type Host = Pick<NodeJS.Process, 'argv' | 'env'> & {
  readonly once: (signal: NodeJS.Signals, listener: () => void) => unknown;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Whether to use colours. If omitted, the terminal and the environment decide. */
  readonly color?: boolean | undefined;
};

type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** A command: its usage, and what it does with the arguments after its name. It returns the exit code. */
export interface Command {
  readonly usage: string;
  readonly run: (host: Host, args: readonly string[]) => Promise<number>;
}

/** The user must change the input or the options; the details are a line each. */
export class UsageError extends Error {
  readonly details: readonly string[];

  constructor(message: string, details: readonly string[] = []) {
    super(message);
    this.details = details;
  }
}

export async function print({ stdout }: Host, text: string): Promise<void> {
  if (!stdout.write(text)) await once(stdout, 'drain');
}

export async function printJson(host: Host, value: unknown): Promise<void> {
  await print(host, `${asJson(value)}\n`);
}

/** The first lines, and how many more there are. */
export function atMost(most: number, lines: readonly string[]): readonly string[] {
  const more = lines.length - most;
  return more > 0 ? [...lines.slice(0, most), `and ${more} more`] : lines;
}
