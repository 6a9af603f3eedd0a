import { createReadStream, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { asJson } from '../json.ts';
import { type Board, boardOf, drawBoard } from './board.ts';
import { type Command, colorsFor, linesOf, nameOf, print, UsageError } from './host.ts';
import { dialectIn, readOptions } from './options.ts';
import { type Event, startPlay } from './play.ts';
import { countIn, drawEvent, drawSummary, emptySummary, eventAsJson } from './report.ts';

const options = {
  json: { type: 'boolean', default: false },
  quiet: { type: 'boolean', default: false },
  html: { type: 'string' },
  svg: { type: 'string' },
  dialect: { type: 'string', default: 'huawei-csms' },
} as const;

export const replay: Command = {
  usage: `secret-stages replay [FILE] [--dialect NAME] [--json | --quiet] [--html PAGE] [--svg PICTURE]

  Plays a transcript of CSMS API calls, one JSON object a line, and draws the board of the secret after each call.
  Without FILE, or with -, it reads standard input. A line looks like this:

  {"at": 1581507580000, "method": "PUT", "path": "/v1/p/secrets/db/stages/canary", "body": {"version_id": "v2"}}

  "at" is in epoch milliseconds. A line may also carry the recorded "response": a version gets the id found there.
  A line may also hold an action in place of a call, which is the only way to tell of another cloud than CSMS, or of what its
  API has no call for. "project" may be omitted where the secrets before are of one alone, or of none; "dialect" may name the cloud:

  {"at": 1581507590000, "project": "p", "secret": "db", "action": {"type": "pruneDeprecated", "keep": 3}}

  createSecret      "versionId", "fingerprint"
  createVersion     "versionId", "stages", "fingerprint"
  assignStage       "stage", "versionId", "from"
  removeStage       "stage", "from"
  pruneDeprecated   "keep", "createdBefore"
  scheduleDeletion  "recoveryWindowInDays"
  restore
  setStatus         "status"

  --dialect NAME the cloud: huawei-csms (the default), aws-secrets-manager, alibaba-kms or google-secret-manager
  --json         one JSON object a line: an event for each call, then the summary
  --quiet        the last board of each secret and the summary alone
  --html PAGE    writes a page with a picture of each secret over time, and prints the summary alone
  --svg PICTURE  writes the pictures alone, as SVG

  Exit code: 0 every line could be played (a refused call is played: it shows what the cloud would say); 1 some could not; 2 none was`,

  run: async (host, args) => {
    const { values, positionals } = readOptions('replay', args, options);
    const [file = '-', ...others] = positionals;
    if (others.length > 0) throw new UsageError(`replay takes one FILE, not ${positionals.length}`);
    const { json, html, svg } = values;
    const dialect = dialectIn(values.dialect);
    const isDrawn = html !== undefined || svg !== undefined;
    const quiet = values.quiet || isDrawn;
    if ([html, svg].some((written) => written !== undefined && resolve(written) === resolve(file))) {
      throw new UsageError(`${file} is read, so it cannot be written as well`);
    }
    if (json && quiet) throw new UsageError('--json excludes --quiet, --html and --svg');

    const colors = colorsFor(host);
    const play = startPlay(dialect, nameOf(file));
    const summary = emptySummary();
    const lastBoards = new Map<string, Board>();
    const events: Event[] = [];

    let line = 0;
    for await (const text of linesOf(file === '-' ? host.stdin : createReadStream(file))) {
      line++;
      const event = play(text, line);
      if (event === undefined) continue;
      countIn(summary, event);
      if (json) await print(host, `${eventAsJson(event)}\n`);
      else if (!quiet) await print(host, `${drawEvent(event, dialect, colors)}\n`);
      else if (isDrawn) events.push(event);
      else if (event.outcome !== 'unusable' && event.state) {
        const board = boardOf(event.project, event.state);
        lastBoards.set(JSON.stringify([board.project, board.secret]), board);
      }
    }
    for (const board of lastBoards.values()) await print(host, `${drawBoard(board, dialect, colors)}\n\n`);
    await print(host, json ? `${asJson({ summary })}\n` : drawSummary(summary, colors));
    // Only here, for what draws is nearly all of this program.
    const title = file === '-' ? 'A transcript' : basename(file);
    if (html !== undefined) writeFileSync(html, (await import('./page.ts')).drawPage(events, title));
    if (svg !== undefined) writeFileSync(svg, (await import('./draw.ts')).drawSvg(events, title));
    return summary.unusable.length > 0 ? 1 : 0;
  },
};
