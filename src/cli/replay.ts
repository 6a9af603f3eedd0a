import { createReadStream, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { asJson, grouped } from '../text.ts';
import { type Event, startPlay } from '../transcript/index.ts';
import { countIn, drawEvent, drawSummary, eventAsJson, type Summary } from './draw-event.ts';
import { drawSecret } from './draw-secret.ts';
import { type Command, print, UsageError } from './host.ts';
import { dialectIn, flag, readOptions, text } from './options.ts';
import { startProgress } from './progress.ts';
import { inputName, linesOf } from './read-file.ts';
import { terminalOf } from './terminal.ts';

const options = { json: flag, quiet: flag, html: text, svg: text, dialect: text };

export const replay: Command = {
  usage: `secret-stages replay [FILE] [--dialect NAME] [--json | --quiet] [--html PAGE] [--svg PICTURE]

  Plays a transcript, one JSON object a line, and draws the board of the secret after each line.
  Without FILE, or with -, it reads standard input. A line is a call of the CSMS API:

  {"at": 1581507580000, "method": "PUT", "path": "/v1/p/secrets/db/stages/canary", "body": {"version_id": "v2"}}

  "at" is in epoch milliseconds. A line may also carry the recorded "response": a version gets the id found there.
  Or it is an action, for other clouds and for what the API has no call for. "project" is optional if the secrets before it have
  one project or none. "dialect" names the cloud; the first line that names one, or is a call (of huawei-csms), does so for all
  that follow:

  {"at": 1581507590000, "dialect": "huawei-csms", "project": "p", "secret": "db", "action": {"type": "pruneDeprecated", "keep": 3}}

  createSecret      "versionId", "fingerprint"
  createVersion     "versionId", "stages", "fingerprint"
  assignStage       "stage", "versionId", "from"
  removeStage       "stage", "from"
  pruneDeprecated   "keep", "createdBefore"
  scheduleDeletion  "recoveryWindowInDays"
  restore
  setStatus         "status"

  --dialect NAME the cloud: huawei-csms, aws-secrets-manager, alibaba-kms or google-secret-manager; if omitted, the transcript
                 must name it
  --json         one JSON object a line: an event for each call, then the summary
  --quiet        the last board of each secret and the summary alone
  --html PAGE    writes a page with a picture of each secret over time, and prints the summary alone; it draws at most 100
                 secrets and 2,000 steps, and says what it does not draw
  --svg PICTURE  writes the pictures alone, as SVG

  Exit code: 0 every line could be played (a refused call is played: it shows what the cloud would say); 1 some could not; 2 none was`,

  run: async (host, args) => {
    const { values, positionals } = readOptions('replay', args, options);
    const [file = '-', ...others] = positionals;
    if (others.length > 0) throw new UsageError(`replay takes one FILE, not ${positionals.length}`);
    const { json, html, svg } = values;
    const dialect = values.dialect === undefined ? undefined : dialectIn(values.dialect);
    const written = [html, svg].filter((path) => path !== undefined);
    const isDrawn = written.length > 0;
    const quiet = values.quiet || isDrawn;
    if (written.some((path) => resolve(path) === resolve(file))) {
      throw new UsageError(`${file} is read, so it cannot be written as well`);
    }
    if (json && quiet) throw new UsageError('--json excludes --quiet, --html and --svg');

    const terminal = terminalOf(host);
    // What is printed line by line shows the progress by itself, and a pager must not be disturbed.
    const progress = quiet ? startProgress(host) : undefined;
    const play = startPlay(dialect, inputName(file));
    const summary: Summary = { calls: 0, done: 0, unmoved: 0, refused: [], unusable: [] };
    const boards = new Map<string, () => string>();
    const events: Event[] = [];

    let line = 0;
    try {
      for await (const content of linesOf(file === '-' ? host.stdin : createReadStream(file))) {
        line++;
        progress?.show(`played ${grouped(line)} lines`);
        const event = play(content, line);
        if (event === undefined) continue;
        countIn(summary, event);
        if (json) await print(host, `${eventAsJson(event)}\n`);
        else if (!quiet) await print(host, `${drawEvent(event, terminal)}\n`);
        else if (isDrawn) events.push(event);
        else if (event.outcome !== 'unusable' && event.state) {
          const { project, secret, state, dialect } = event;
          boards.set(JSON.stringify([project, secret]), () => drawSecret(state, dialect, terminal));
        }
      }
    } finally {
      progress?.end();
    }
    for (const draw of boards.values()) await print(host, `${draw()}\n\n`);
    await print(host, json ? `${asJson({ summary })}\n` : drawSummary(summary, terminal));
    // Imported only here, because the libraries that draw are nearly all of this program.
    const title = file === '-' ? 'A transcript' : basename(file);
    if (html !== undefined) writeFileSync(html, (await import('./page.ts')).drawPage(events, title));
    if (svg !== undefined) writeFileSync(svg, (await import('./svg.ts')).drawSvg(events, title));
    return summary.unusable.length > 0 ? 1 : 0;
  },
};
