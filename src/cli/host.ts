import { asJson, grouped } from '../text.ts';

/** What the command line uses of its process. */
export type Host = Pick<NodeJS.Process, 'argv' | 'env'> & {
  readonly once: (signal: NodeJS.Signals, listener: () => void) => unknown;
  readonly off: (signal: NodeJS.Signals, listener: () => void) => unknown;
  /** Ends the process, even if output is still to be written. */
  readonly exit: (code: number) => void;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  /** Reads the archive of test vectors that the package contains. */
  readonly vectors: () => Buffer;
  /** Whether to use colours. If omitted, the terminal and the environment decide. */
  readonly color?: boolean | undefined;
};

type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** The input or the options are invalid. Each detail is one line. */
export class UsageError extends Error {
  readonly details: readonly string[];

  constructor(message: string, details: readonly string[] = []) {
    super(message);
    this.details = details;
  }
}

/** The error for at least one problem of the input. */
export function invalidInput(problems: readonly string[]): UsageError {
  const [one = '', ...others] = problems;
  return others.length === 0 ? new UsageError(one) : new UsageError('The input is invalid:', problems);
}

/** Prints a text. If the output is closed or full, the text is lost, and the command still computes its exit code. */
export async function print({ stdout }: Host, text: string): Promise<void> {
  if (stdout.writable) await new Promise((resolve) => stdout.write(inert(text), resolve));
}

/** Prints a text on standard error. */
export function complain({ stderr }: Pick<Host, 'stderr'>, text: string): void {
  stderr.write(inert(text));
}

/** Text without lines that a CI runner would run as commands. */
function inert(text: string): string {
  return text.replaceAll(/^(\s*):(?=:)/gm, '$1\\u{3a}');
}

export async function printJson(host: Host, value: unknown): Promise<void> {
  await print(host, `${asJson(value)}\n`);
}

/** The first lines, and the number of the others. */
export function atMost(most: number, lines: readonly string[]): readonly string[] {
  const more = lines.length - most;
  return more > 0 ? [...lines.slice(0, most), `and ${grouped(more)} more`] : lines;
}
