import type { Host } from './host.ts';

/** A command as data. The parser, help, completion and the manual all read it, so they cannot disagree. */
export interface Command {
  readonly name: string;
  /** The arguments besides options, such as `[FILE…]`; empty for a command without arguments. */
  readonly takes: string;
  /** Arguments that completion suggests; others are possible. */
  readonly suggested?: readonly string[];
  /** What it does, in one line that begins with an imperative verb in lower case. */
  readonly summary: string;
  /** More for the help, in one or two sentences. */
  readonly about?: string;
  readonly options: Options;
  /** What exit code 1 means. If omitted, the command never exits with it. */
  readonly failure?: string;
  /** Example command lines, without `secret-stages`. */
  readonly examples: readonly string[];
  /** More for the manual, in Markdown: file formats and details. */
  readonly details?: string;
  /** Runs the command and returns the exit code. `args` are the arguments without its name, and `commands` all commands. */
  readonly run: (host: Host, args: readonly string[], commands: readonly Command[]) => Promise<number>;
}

/** Options by name, without hyphens. */
export type Options = Readonly<Record<string, Option>>;

/** An option. It can be given only once, unless it `repeats`. */
export interface Option {
  /** The name of its value in the help, such as `FILE`. If omitted, the option takes no value. */
  readonly value?: string;
  /** What it does, in a few words that begin with an imperative verb in lower case. */
  readonly about: string;
  /** More for the manual, in sentences. */
  readonly more?: string;
  /** The values that it takes, if others are refused. */
  readonly choices?: readonly string[];
  /** Its default value. */
  readonly usual?: string;
  /** Values that completion suggests; others are possible. */
  readonly suggested?: readonly string[];
  readonly repeats?: boolean;
  /** Its one-letter name. */
  readonly short?: string;
}

/** The option that chooses the output format: `pretty` by default, or one for other programs. */
export function formatOption<const Format extends string>(...others: readonly Format[]) {
  return {
    value: 'FORMAT',
    choices: ['pretty', ...others],
    usual: 'pretty',
    about: 'print in this format',
  } as const;
}

/** The options of every command. They can also come before its name. */
export const commonOptions = {
  color: { about: 'use colours, even in a pipe or a file' },
  'no-color': { about: 'use no colours' },
  help: { short: 'h', about: 'print the help of the command' },
  version: { short: 'v', about: 'print the version' },
} as const satisfies Options;

/** The exit codes of one command, or of all. */
export function exitCodesOf(commands: readonly Command[]): readonly (readonly [code: string, meaning: string])[] {
  const failures = commands.flatMap(({ name, failure }) => {
    if (failure === undefined) return [];
    return commands.length > 1 ? `${name}: ${failure}` : failure;
  });
  return [
    ['0', 'success'],
    ...(failures.length > 0 ? [['1', failures.join('; ')] as const] : []),
    ['2', 'invalid options or input, a system error, or interrupted'],
    ['70', 'a bug in secret-stages'],
    ['141', 'the command succeeded, but its output could not be written'],
  ];
}
