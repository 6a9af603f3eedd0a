import { version } from '../../package.json';
import { drawTable } from '../drawing/table.ts';
import { indented, type Terminal } from '../drawing/terminal.ts';
import { wrap } from '../drawing/wrap.ts';
import { quote } from '../text.ts';
import { type Command, commonOptions, exitCodesOf, type Option, type Options } from './command.ts';
import { type Host, print, UsageError } from './host.ts';
import { readOptions, suggestion } from './options.ts';
import { terminalOf } from './terminal/terminal.ts';

export const help: Command = {
  name: 'help',
  takes: '[COMMAND]',
  summary: 'print an overview, or the help of a command',
  options: {},
  examples: ['help check'],

  run: async (host, args, commands) => {
    const { positionals } = readOptions('help', args, {});
    const command = commandIn('help', positionals, commands);
    await print(host, command ? drawHelp(command, host) : drawWhole(commands, host));
    return 0;
  },
};

/** The command that the argument of `help` or `manual` names; undefined if there is no argument. */
export function commandIn(
  name: string,
  [about, ...others]: readonly string[],
  commands: readonly Command[],
): Command | undefined {
  if (others.length > 0) throw new UsageError(`${name} takes one COMMAND; got ${others.length + 1}.`);
  return about === undefined ? undefined : commandNamed(about, commands);
}

/** @throws {UsageError} if the name is not a command. */
export function commandNamed(name: string, commands: readonly Command[]): Command {
  const command = commands.find((one) => one.name === name);
  if (command) return command;
  const names = commands.map((one) => one.name);
  throw new UsageError(`${quote(name)} is not a command. ${suggestion(name, names)}`);
}

/** All commands, one per line. */
export function drawOverview(commands: readonly Command[], host: Host): string {
  return [
    'Usage: secret-stages COMMAND [OPTION…]',
    '',
    ...section(
      'Commands',
      commands.map(({ name, summary }) => [name, summary]),
      host,
    ),
    'Run "secret-stages help COMMAND" for the options and examples of a command.',
    '',
  ].join('\n');
}

/** All commands, and the options and exit codes that they share. */
export function drawWhole(commands: readonly Command[], host: Host): string {
  const title = `secret-stages ${version}: check, plan and emulate the stages of cloud secrets`;
  const about = 'A stage is a label on one version of a secret, such as SYSCURRENT, AWSPENDING or canary.';
  return [
    wrap(`${title}\n\n${about}`, pageOf(host)),
    '',
    drawOverview(commands, host),
    ...section('Options of every command', rowsOf(commonOptions), host),
    ...section('Exit codes', exitCodesOf(commands), host),
  ].join('\n');
}

/** The help of a command. */
export function drawHelp(command: Command, host: Host): string {
  const { name, takes, summary, about, options, examples } = command;
  return [
    wrap(`${capitalized(summary)}.`, pageOf(host)),
    '',
    `Usage: ${synopsisOf({ name, takes })}`,
    `Manual: secret-stages manual ${name}`,
    '',
    ...(about === undefined ? [] : [wrap(about, pageOf(host)), '']),
    ...section('Options', rowsOf(options), host),
    'Examples:',
    ...examples.map((line) => `  secret-stages ${line}`),
    '',
    ...section('Exit codes', exitCodesOf([command]), host),
  ].join('\n');
}

/** How a command is called. */
export function synopsisOf({ name, takes }: Pick<Command, 'name' | 'takes'>): string {
  return ['secret-stages', name, ...(takes === '' ? [] : [takes]), '[OPTION…]'].join(' ');
}

/** Each option: how to type it, and what it does. */
export function rowsOf(options: Options): readonly (readonly [usage: string, about: string])[] {
  return Object.entries(options).map(([name, option]) => [usageOf(name, option), aboutOf(option)]);
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function usageOf(name: string, { value, short }: Option): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

function aboutOf({ about, choices, usual }: Option): string {
  const listed = choices === undefined ? '' : `: ${choices.join(', ')}`;
  return `${about}${listed}${usual === undefined ? '' : ` (default: ${usual})`}`;
}

function section(title: string, rows: readonly (readonly string[])[], host: Host): readonly string[] {
  if (rows.length === 0) return [];
  return [`${title}:`, indented(2, pageOf(host), (inner) => drawTable(rows, inner)), ''];
}

/** Help is easiest to read in lines of at most 100 columns. */
function pageOf(host: Host): Terminal {
  const terminal = terminalOf(host);
  return { ...terminal, width: Math.min(100, terminal.width ?? 100) };
}
