import { createReadStream } from 'node:fs';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import pico from 'picocolors';
import { version } from '../../package.json';
import { CredentialsError } from '../emulator/index.ts';
import { StoreDamagedError } from '../server/index.ts';
import { type Board, boardOf, drawBoard, printable } from './board.ts';
import { type Host, print, UsageError } from './host.ts';
import { asJson } from './json.ts';
import { startReplay } from './replay.ts';
import { countIn, drawEvent, drawSummary, emptySummary, eventAsJson } from './report.ts';
import { serveUntilStopped } from './serve.ts';

const usage = `secret-stages ${version}: stages on secret versions, as Huawei Cloud CSMS keeps them

Usage
  secret-stages replay [FILE] [--json | --quiet]

  Plays a transcript of CSMS API calls, one JSON object a line, and draws the board of the secret after each call.
  Without FILE, or with -, it reads standard input. A line looks like this:

  {"at": 1581507580000, "method": "PUT", "path": "/v1/p/secrets/db/stages/canary", "body": {"version_id": "v2"}}

  "at" is in epoch milliseconds. A line may also carry the recorded "response": a version gets the id found there.

  --json     one JSON object a line: an event for each call, then the summary
  --quiet    the last board of each secret and the summary alone

  secret-stages serve [--port N] [--host ADDRESS] [--data DIR] [--credentials FILE]

  Emulates CSMS over HTTP until it is stopped, and logs one line a request.

  --port N            0, the default, takes any port that is free
  --host ADDRESS      127.0.0.1 unless told otherwise; any other than this machine's own needs --credentials
  --data DIR          keeps everything there, on the disk before it is answered; needs libsql: npm install libsql
  --credentials FILE  lets in only whom the file names; "projects" may be left out:
                      {"tokens": [{"token": "…", "projects": ["…"]}], "keys": [{"access": "…", "secret": "…"}]}

Options
  --help     this text
  --version  the version

Exit code
  0  every line could be played (a refused call is played: the transcript shows what CSMS would say), or serving was stopped
  1  some line could not be played: no JSON, or no call of the API
  2  nothing was played or served: wrong usage, a file that cannot be read, a port that is taken, a damaged store
`;

const options = {
  json: { type: 'boolean', default: false },
  quiet: { type: 'boolean', default: false },
  port: { type: 'string', default: '0' },
  host: { type: 'string', default: '127.0.0.1' },
  data: { type: 'string' },
  credentials: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options'];

/** The options that each command takes. */
const commands: Readonly<Record<string, readonly string[]>> = {
  replay: ['json', 'quiet'],
  serve: ['port', 'host', 'data', 'credentials'],
};

/** Runs the command line; the exit code is its answer. */
export const run = async (host: Host): Promise<number> => {
  try {
    return await main(host);
  } catch (error) {
    // parseArgs and the file system mark their errors with a code; any other is a fault of ours and shows itself whole.
    const theirs = [UsageError, CredentialsError, StoreDamagedError];
    if (!(error instanceof Error && (theirs.some((kind) => error instanceof kind) || 'code' in error))) throw error;
    host.stderr.write(`secret-stages: ${printable(error.message)}\nTry: secret-stages --help\n`);
    return 2;
  }
};

const main = async (host: Host): Promise<number> => {
  const { values, positionals, tokens } = parseArgs({
    args: host.argv.slice(2),
    allowPositionals: true,
    tokens: true,
    options,
  });
  if (values.help || values.version) {
    await print(host, values.help ? usage : `${version}\n`);
    return 0;
  }
  const [command = 'nothing', file = '-', ...others] = positionals;
  const taken = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (!taken) throw new UsageError(`${command} is not a command; ${Object.keys(commands).join(' and ')} are`);
  for (const token of tokens) {
    if (token.kind === 'option' && !taken.includes(token.name)) {
      throw new UsageError(
        `${token.rawName} is not an option of ${command}; ${taken.map((name) => `--${name}`).join(', ')} are`,
      );
    }
  }
  if (command === 'serve') {
    if (positionals.length > 1) throw new UsageError(`serve takes no FILE, such as ${file}; --data takes a folder`);
    return serveUntilStopped(host, values);
  }
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
