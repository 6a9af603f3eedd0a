import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { text } from 'node:stream/consumers';
import pico from 'picocolors';
import type { Colors } from 'picocolors/types.js';

/** What the command line takes of its process. */
export type Host = Pick<NodeJS.Process, 'argv' | 'env'> & {
  readonly once: (signal: NodeJS.Signals, listener: () => void) => unknown;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream;
};

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

export function colorsFor({ stdout, env }: Host): Colors {
  const hasColors = stdout.isTTY === true || Number(env['FORCE_COLOR']) > 0;
  return pico.createColors(hasColors && !env['NO_COLOR']);
}

/** What a file is called: - is standard input. */
export function inputName(file: string): string {
  return file === '-' ? 'standard input' : file;
}

/** The text of a file, without the byte order mark that some editors begin it with: `text` drops it. */
export async function readText({ stdin }: Host, file: string): Promise<string> {
  try {
    return await text(file === '-' ? stdin : createReadStream(file));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new UsageError(`${inputName(file)} cannot be read: ${error.message}`);
  }
}

export async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  let line = '';
  for await (const chunk of input.setEncoding('utf8')) {
    const [head = '', ...others] = String(chunk).split('\n');
    line += head;
    for (const next of others) {
      yield line;
      line = next;
    }
  }
  yield line;
}
