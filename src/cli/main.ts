import { version } from '../../package.json';
import { CredentialsError } from '../emulator/index.ts';
import { nearest } from '../nearest.ts';
import { StoreDamagedError } from '../server/index.ts';
import { printable } from '../text.ts';
import { check } from './check.ts';
import { conform } from './conform.ts';
import { dialects } from './dialects.ts';

import { type Command, type Host, print, UsageError } from './host.ts';
import { plan } from './plan.ts';
import { replay } from './replay.ts';
import { serve } from './serve.ts';

const commands: Readonly<Record<string, Command>> = { check, conform, dialects, plan, replay, serve };
const names = Object.keys(commands);

const usage = `secret-stages ${version}: stages on secret versions, as Huawei Cloud CSMS and other clouds keep them

Usage: secret-stages ${names.join(' | ')}, with --help for that command alone

${Object.values(commands)
  .map((command) => command.usage)
  .join('\n\n')}

Options of each command
  --help     this text
  --version  the version
`;

/** Runs the command line; the exit code is its answer. */
export async function run(host: Host): Promise<number> {
  try {
    return await main(host);
  } catch (error) {
    // parseArgs and the file system mark their errors with a code; any other is a fault of ours and shows itself whole.
    const theirs = [UsageError, CredentialsError, StoreDamagedError];
    if (!(error instanceof Error && (theirs.some((kind) => error instanceof kind) || 'code' in error))) throw error;
    const all = error instanceof UsageError ? error.details : [];
    const details = [...all.slice(0, 100), ...(all.length > 100 ? [`and ${all.length - 100} more`] : [])];
    const said = [
      // parseArgs breaks its lines, and each of ours is one.
      `secret-stages: ${error.message.replaceAll('\n', ' ')}`,
      ...details.map((detail) => `  ${detail}`),
      'Try: secret-stages --help',
    ];
    host.stderr.write(`${said.map(printable).join('\n')}\n`);
    return 2;
  }
}

const main = async (host: Host): Promise<number> => {
  const [name = 'nothing', ...args] = host.argv.slice(2);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const asksFor = (...flags: readonly string[]) => [name, ...args].some((arg) => flags.includes(arg));
  if (asksFor('--version')) return printed(host, `${version}\n`);
  if (asksFor('--help', '-h')) return printed(host, command ? `${command.usage}\n` : usage);
  if (command) return command.run(host, args);
  throw new UsageError(`${name} is not a command; ${nearest(name, names)}`);
};

const printed = async (host: Host, text: string): Promise<number> => {
  await print(host, text);
  return 0;
};
