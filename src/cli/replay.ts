import { basename } from 'node:path';
import { asJson, grouped } from '../text.ts';
import { type Event, startPlay } from '../transcript/index.ts';
import { cloudOption, readCloud } from './cloud.ts';
import type { Command, Options } from './command.ts';
import { countIn, drawEvent, drawSummary, eventAsJson, type Summary } from './draw/draw-event.ts';
import { drawSecret } from './draw/draw-secret.ts';
import { expectedOn } from './files/json-problem.ts';
import { inputName, linesOf } from './files/read-file.ts';
import { checkOutputs, writeFile } from './files/write-file.ts';
import { atMost, print, UsageError } from './host.ts';
import { readOptions } from './options.ts';
import { startProgress } from './terminal/progress.ts';
import { terminalOf } from './terminal/terminal.ts';

const options = {
  cloud: cloudOption,
  json: { about: 'prints one JSON object per line, then a summary' },
  quiet: { about: 'prints only the final state of each secret, and a summary' },
  html: { value: 'FILE', about: 'writes a page that shows each secret over time' },
  svg: { value: 'FILE', about: 'writes a picture of each secret over time' },
} as const satisfies Options;

export const replay: Command = {
  name: 'replay',
  takes: '[FILE]',
  summary: 'plays a transcript, and shows the secret after each line',
  about: 'Without FILE, or with -, it reads standard input.',
  options,
  examples: ['replay rotation.jsonl', 'replay --quiet rotation.jsonl', 'replay rotation.jsonl --html rotation.html'],
  details: `### Transcripts

A transcript has one JSON object per line. A line is a call of the CSMS API:

\`\`\`json
{"at": 1581507580000, "method": "PUT", "path": "/v1/p/secrets/db/stages/canary", "body": {"version_id": "v2"}}
\`\`\`

\`at\` is in epoch milliseconds. A line can also have the recorded \`response\`, which sets the id of a new version.

For other clouds, or where the API has no call, a line is an action:

\`\`\`json
{"at": 1581507590000, "dialect": "aws-secrets-manager", "secret": "db", "action": {"type": "createSecret"}}
\`\`\`

| action | fields |
| --- | --- |
| \`createSecret\` | \`versionId\`, \`fingerprint\` |
| \`createVersion\` | \`versionId\`, \`stages\`, \`fingerprint\` |
| \`assignStage\` | \`stage\`, \`versionId\`, \`from\` |
| \`removeStage\` | \`stage\`, \`from\` |
| \`pruneDeprecated\` | \`keep\`, \`createdBefore\` |
| \`scheduleDeletion\` | \`recoveryWindowInDays\` |
| \`restore\` | |
| \`setStatus\` | \`status\` |

Without \`--cloud\`, the first line must have a \`dialect\` or be a call (\`huawei-csms\`). Later lines must be of the same cloud. \`project\` is
optional unless earlier lines have several projects.

The exit code is 1 if a call is refused, and 2 if a line cannot be played. With \`--html\` or \`--svg\`, only the summary is printed. A page
shows at most 100 secrets and 2,000 steps, and says what it omits.`,

  run: async (host, args) => {
    const { values, positionals } = readOptions('replay', args, options);
    const [file = '-', ...others] = positionals;
    if (others.length > 0) throw new UsageError(`replay takes one FILE; got ${positionals.length}`);
    const { json, html, svg } = values;
    const dialect = values.cloud === undefined ? undefined : await readCloud(host, values.cloud);
    const written = [html, svg].filter((path) => path !== undefined);
    const isDrawn = written.length > 0;
    const quiet = values.quiet || isDrawn;
    if (json && quiet) throw new UsageError('--json excludes --quiet, --html and --svg');
    checkOutputs([file, ...(values.cloud === undefined ? [] : [values.cloud])], written);

    const terminal = terminalOf(host);
    // Without --quiet, each line is printed as it is played. A progress line would also garble the screen of a pager.
    const progress = quiet ? startProgress(host) : undefined;
    const play = startPlay(dialect, inputName(file));
    const summary: Summary = { calls: 0, done: 0, unmoved: 0, refused: [], unusable: [] };
    const boards = new Map<string, () => string>();
    const events: Event[] = [];

    let line = 0;
    try {
      for await (const content of linesOf(host, file)) {
        line++;
        progress?.show(`played ${grouped(line)} lines`);
        const played = play(content, line);
        if (played === undefined) continue;
        const event = played.outcome === 'unusable' ? { ...played, expected: expectedOn(played, content) } : played;
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
    if (summary.calls === 0) throw nothingPlayed(inputName(file), summary);
    for (const draw of boards.values()) await print(host, `${draw()}\n\n`);
    await print(host, json ? `${asJson({ summary })}\n` : drawSummary(summary, terminal));
    // Imported only here, because the libraries that draw are nearly all of this program.
    const title = file === '-' ? 'A transcript' : basename(file);
    if (html !== undefined) writeFile(html, (await import('./picture/page.ts')).drawPage(events, title));
    if (svg !== undefined) writeFile(svg, (await import('./picture/svg.ts')).drawSvg(events, title));
    if (summary.unusable.length > 0) return 2;
    return summary.refused.length > 0 ? 1 : 0;
  },
};

const nothingPlayed = (name: string, { unusable }: Summary): UsageError => {
  const lines = unusable.map(({ line, expected }) => `line ${line}: ${expected}.`);
  return lines.length === 0
    ? new UsageError(`${name} is empty.`)
    : new UsageError(`${name} has no line that can be played.`, atMost(20, lines));
};
