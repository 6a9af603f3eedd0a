import { version } from '../../package.json';
import { CredentialsError } from '../emulator/index.ts';
import { BaselineError } from '../policy/index.ts';
import { StoreDamagedError } from '../server/index.ts';
import { TranscriptError } from '../transcript/index.ts';
import { check } from './check.ts';
import { cloudOption } from './cloud.ts';
import { type Command, commonOptions, formatOption, type Options } from './command.ts';
import { completion } from './completion.ts';
import { conform } from './conform.ts';
import { dialects } from './dialects.ts';
import { isSystemError, systemErrorText } from './files/system-error.ts';
import { commandNamed, drawHelp, drawOverview, drawWhole, help, synopsisOf } from './help.ts';
import { atMost, complain, type Host, print, UsageError } from './host.ts';
import { manual } from './manual.ts';
import { readOptions, tokensOf } from './options.ts';
import { plan } from './plan.ts';
import { replay } from './replay.ts';
import { RuleError } from './rules-file.ts';
import { serve } from './serve.ts';
import { warn } from './terminal/warn.ts';
import { vectors } from './vectors.ts';

/** All commands, in the order in which the help lists them. */
export const commands: readonly Command[] = [
  check,
  plan,
  replay,
  dialects,
  serve,
  conform,
  vectors,
  completion,
  manual,
  help,
];

/** Runs the command line, and returns the exit code. */
export async function run(process: Host): Promise<number> {
  const { argv, env, stdin, stdout, stderr, vectors } = process;
  const { name, before, args, color, asksFor } = commandLineOf(argv.slice(2));
  const once: Host['once'] = (signal, listener) => process.once(signal, listener);
  const off: Host['off'] = (signal, listener) => process.off(signal, listener);
  const exit: Host['exit'] = (code) => process.exit(code);
  const host: Host = { argv, env, once, off, exit, stdin, stdout, stderr, color, vectors };
  const command = commands.find((one) => one.name === name);
  try {
    readOptions('secret-stages', before, known);
    if (name !== undefined) commandNamed(name, commands);
    if (asksFor('version')) await print(host, `${version}\n`);
    else if (asksFor('help')) await print(host, command ? drawHelp(command, host) : drawWhole(commands, host));
    else if (command) return await command.run(host, args, commands);
    else {
      complain(host, drawOverview(commands, host));
      return 2;
    }
    return 0;
  } catch (error) {
    const lines = linesOf(error);
    // A bug in secret-stages: bin.ts prints the whole stack.
    if (lines === undefined) throw error;
    const [message = '', ...details] = lines;
    const use = command
      ? [`Usage: ${synopsisOf(command)}`, `Help: secret-stages help ${command.name}`]
      : ['Help: secret-stages help'];
    warn(host, [`secret-stages: ${message}`, ...details.map((detail) => `  ${detail}`), ...use]);
    return 2;
  }
}

const formats = new Set(commands.flatMap(({ options }) => options['format']?.choices ?? []));

/** The options of all commands. They differ in the choices of a format and of a cloud. */
const known: Options = Object.assign({}, ...commands.map(({ options }) => options), commonOptions, {
  cloud: cloudOption,
  format: { ...formatOption(), choices: [...formats] },
});

/** The command and its arguments. Options can come before the command. */
function commandLineOf(argv: readonly string[]) {
  const tokens = tokensOf(argv, known);
  const first = tokens.find(({ kind }) => kind === 'positional');
  const options = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
  const colors = options.filter((name) => name === 'color' || name === 'no-color');
  return {
    name: first && argv[first.index],
    before: argv.slice(0, first?.index),
    args: argv.filter((_, index) => index !== first?.index),
    color: colors.length > 0 ? colors.at(-1) === 'color' : undefined,
    asksFor: (name: keyof typeof commonOptions) => options.includes(name),
  };
}

/** The lines of an error that the user can fix; undefined for a bug in secret-stages. */
function linesOf(error: unknown): readonly string[] | undefined {
  if (error instanceof UsageError) return [error.message, ...atMost(100, error.details)];
  const fixable = [BaselineError, CredentialsError, RuleError, StoreDamagedError, TranscriptError];
  if (error instanceof Error && fixable.some((kind) => error instanceof kind)) return [error.message];
  return isSystemError(error) ? [systemErrorText(error)] : undefined;
}
