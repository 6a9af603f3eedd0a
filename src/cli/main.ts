import { version } from '../../package.json';
import { CredentialsError } from '../emulator/index.ts';
import { nearest } from '../nearest.ts';
import { StoreDamagedError } from '../server/index.ts';
import { printable } from '../text.ts';
import { TranscriptError } from '../transcript/index.ts';
import { check } from './check.ts';
import { conform } from './conform.ts';
import { dialects } from './dialects.ts';
import { atMost, type Command, type Host, print, UsageError } from './host.ts';
import { plan } from './plan.ts';
import { replay } from './replay.ts';
import { serve } from './serve.ts';

const commands: Readonly<Record<string, Command>> = { check, conform, dialects, plan, replay, serve };
const names = Object.keys(commands);
const usages = Object.values(commands).map((command) => command.usage);

const usage = `secret-stages ${version}: stages on secret versions, as Huawei Cloud CSMS and other clouds keep them

Usage: secret-stages ${names.join(' | ')}, with --help for that command alone

${usages.join('\n\n')}

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
    const theirs = [UsageError, CredentialsError, StoreDamagedError, TranscriptError];
    if (!(error instanceof Error && (theirs.some((kind) => error instanceof kind) || 'code' in error))) throw error;
    const details = error instanceof UsageError ? atMost(100, error.details) : [];
    const lines = [
      // parseArgs breaks its lines, and each of ours is one.
      `secret-stages: ${error.message.replaceAll('\n', ' ')}`,
      ...details.map((detail) => `  ${detail}`),
      'Try: secret-stages --help',
    ];
    host.stderr.write(`${lines.map(printable).join('\n')}\n`);
    return 2;
  }
}

const main = async (host: Host): Promise<number> => {
  const [name = 'nothing', ...args] = host.argv.slice(2);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const asksFor = (...flags: readonly string[]) => [name, ...args].some((arg) => flags.includes(arg));
  if (asksFor('--version')) await print(host, `${version}\n`);
  else if (asksFor('--help', '-h')) await print(host, command ? `${command.usage}\n` : usage);
  else if (command) return command.run(host, args);
  else throw new UsageError(`${name} is not a command; ${nearest(name, names)}`);
  return 0;
};
