import type { Host } from './host.ts';

/** A command, as data. Parsing, help, completion and the manual read it, so that they cannot disagree. */
export interface Command {
  readonly name: string;
  /** What it takes besides options, such as `[FILE…]`; empty if nothing. */
  readonly takes: string;
  /** Words that are worth offering to who types, among others. */
  readonly suggested?: readonly string[];
  /** What it does, in one line that begins with a verb. */
  readonly summary: string;
  /** What else the help says, in one or two sentences. */
  readonly about?: string;
  readonly options: Options;
  /** Command lines that show how it is used, without `secret-stages`. */
  readonly examples: readonly string[];
  /** What else the manual says: formats of files, and details. In Markdown. */
  readonly details?: string;
  /** Does it, and returns the exit code. `args` are the arguments other than its name, and `commands` all commands. */
  readonly run: (host: Host, args: readonly string[], commands: readonly Command[]) => Promise<number>;
}

/** Options by their names, without the hyphens. */
export type Options = Readonly<Record<string, Option>>;

/** An option. It can be given once, unless it `repeats`. */
export interface Option {
  /** What the help calls its value, such as `FILE`. If omitted, the option takes no value. */
  readonly value?: string;
  /** What it does, in a few words that follow its name. */
  readonly about: string;
  /** What the manual says besides, in sentences. */
  readonly more?: string;
  /** The only values that it takes. */
  readonly choices?: readonly string[];
  /** Its value if it is omitted. */
  readonly usual?: string;
  /** Values that are worth offering to who types, among others. */
  readonly suggested?: readonly string[];
  readonly repeats?: boolean;
  /** Its one-letter name. */
  readonly short?: string;
}

/** The option that chooses a format: `pretty`, if it is omitted, or one for other programs. */
export function formatOption<const Format extends string>(...others: readonly Format[]) {
  return {
    value: 'FORMAT',
    choices: ['pretty', ...others],
    usual: 'pretty',
    about: 'the format of the output',
  } as const;
}

/** The options of every command. They can also stand before its name. */
export const commonOptions = {
  color: { about: 'colours the output, even in a pipe or a file' },
  'no-color': { about: 'prints no colours' },
  help: { short: 'h', about: 'prints the help of the command' },
  version: { short: 'v', about: 'prints the version' },
} as const satisfies Options;

/** The exit codes of every command. */
export const exitCodes: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'success: no refusal, and no finding that counts'],
  ['1', 'findings that count, a refusal, or a broken law'],
  ['2', 'invalid options or input, a system error, or stopped early'],
  ['70', 'a bug in secret-stages'],
  ['141', '0, but writing the output failed'],
];
