import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import pico from 'picocolors';
import { version } from '../../package.json';
import { type Board, boardOf, drawBoard, printable } from './board.ts';
import { startReplay } from './replay.ts';
import { asJson, countIn, drawEvent, drawSummary, emptySummary, eventAsJson } from './report.ts';

/** What the command line takes of its process. */
export type Host = Pick<NodeJS.Process, 'argv' | 'env'> & {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream;
};

const usage = `secret-stages ${version}: stages on secret versions, as Huawei Cloud CSMS keeps them

Usage
  secret-stages replay [FILE] [--json | --quiet]

  Plays a transcript of CSMS API calls, one JSON object a line, and draws the board of the secret after each call.
  Without FILE, or with -, it reads standard input. A line looks like this:

  {"at": 1581507580000, "method": "PUT", "path": "/v1/p/secrets/db/stages/canary", "body": {"version_id": "v2"}}

  "at" is in epoch milliseconds. A line may also carry the recorded "response": a version gets the id found there.

Options
  --json     one JSON object a line: an event for each call, then the summary
  --quiet    the last board of each secret and the summary alone
  --help     this text
  --version  the version

Exit code
  0  every line could be played (a refused call is played: the transcript shows what CSMS would say)
  1  some line could not be played: no JSON, or no call of the API
  2  nothing was played: wrong usage, or the file cannot be read
`;

class UsageError extends Error {}

const options = {
  json: { type: 'boolean', default: false },
  quiet: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options'];

/** Runs the command line; the exit code is its answer. */
export const run = async (host: Host): Promise<number> => {
  try {
    return await main(host);
  } catch (error) {
    // parseArgs and the file system mark their errors with a code; any other is a fault of ours and shows itself whole.
    if (!(error instanceof Error && (error instanceof UsageError || 'code' in error))) throw error;
    host.stderr.write(`secret-stages: ${printable(error.message)}\nTry: secret-stages --help\n`);
    return 2;
  }
};

const main = async (host: Host): Promise<number> => {
  const { values, positionals } = parseArgs({ args: host.argv.slice(2), allowPositionals: true, options });
  if (values.help || values.version) {
    await print(host, values.help ? usage : `${version}\n`);
    return 0;
  }
  const [command, file = '-', ...others] = positionals;
  if (command !== 'replay') throw new UsageError(`${command ?? 'nothing'} is not a command; replay is`);
  if (others.length > 0) throw new UsageError(`replay takes one FILE, not ${others.length + 1}`);
  if (values.json && values.quiet) throw new UsageError('--json and --quiet exclude each other');
  return replay(host, file === '-' ? host.stdin : createReadStream(file), values);
};

const replay = async (
  host: Host,
  input: NodeJS.ReadableStream,
  { json, quiet }: { json: boolean; quiet: boolean },
): Promise<number> => {
  const hasColors = host.stdout.isTTY === true || Number(host.env['FORCE_COLOR']) > 0;
  const colors = pico.createColors(hasColors && !host.env['NO_COLOR']);
  const play = startReplay();
  const summary = emptySummary();
  const lastBoards = new Map<string, Board>();

  let line = 0;
  for await (const text of linesOf(input)) {
    line++;
    const event = play(text, line);
    if (event === undefined) continue;
    countIn(summary, event);
    if (json) await print(host, `${eventAsJson(event)}\n`);
    else if (!quiet) await print(host, `${drawEvent(event, colors)}\n`);
    else if (event.outcome !== 'unusable' && event.state) {
      const board = boardOf(event.project, event.state);
      lastBoards.set(JSON.stringify([board.project, board.secret]), board);
    }
  }
  for (const board of lastBoards.values()) await print(host, `${drawBoard(board, colors)}\n\n`);
  await print(host, json ? `${asJson({ summary })}\n` : drawSummary(summary, colors));
  return summary.unusable.length > 0 ? 1 : 0;
};

async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
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

const print = async ({ stdout }: Host, text: string): Promise<void> => {
  if (!stdout.write(text)) await once(stdout, 'drain');
};
