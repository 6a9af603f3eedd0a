import { basename } from 'node:path';
import { drawSecret } from '../drawing/draw-secret.ts';
import { asJson, grouped } from '../text.ts';
import { type Event, startPlay } from '../transcript/index.ts';
import { cloudOption, readCloud } from './cloud.ts';
import { type Command, formatOption, type Options } from './command.ts';
import { countIn, drawEvent, drawSummary, eventAsJson, type Summary } from './draw/draw-event.ts';
import { expectedOn } from './files/json-problem.ts';
import { inputName, linesOf, notJson } from './files/read-file.ts';
import { checkOutputs, writeFile } from './files/write-file.ts';
import { atMost, print, UsageError } from './host.ts';
import { readOptions } from './options.ts';
import { startProgress } from './terminal/progress.ts';
import { terminalOf } from './terminal/terminal.ts';

const options = {
  cloud: cloudOption,
  quiet: { about: 'print only the final state of each secret, and a summary' },
  html: { value: 'FILE', about: 'write an HTML page to FILE that shows each secret over time' },
  svg: { value: 'FILE', about: 'write an SVG picture to FILE that shows each secret over time' },
  format: {
    ...formatOption('json'),
    more: 'With `json`, one JSON object per line, then a summary. It cannot be combined with `--quiet`, `--html` or `--svg`.',
  },
} as const satisfies Options;

export const replay: Command = {
  name: 'replay',
  takes: '[FILE]',
  summary: 'play a transcript and show the secret after each line',
  about: 'A transcript is a file of recorded calls and actions. If FILE is omitted or -, replay reads standard input.',
  options,
  failure: 'a refused call or action',
  examples: ['replay rotation.jsonl', 'replay --quiet rotation.jsonl', 'replay rotation.jsonl --html rotation.html'],
  details: `### Transcripts

A transcript has one JSON object per line. A line can be a call of the CSMS API:

\`\`\`json
{"at": 1581507580000, "method": "PUT", "path": "/v1/p/secrets/db/stages/canary", "body": {"version_id": "v2"}}
\`\`\`

or a call of AWS Secrets Manager:

\`\`\`json
{"at": 1581507580000, "target": "secretsmanager.PutSecretValue", "body": {"SecretId": "db", "VersionStages": ["AWSPENDING"]}}
\`\`\`

or an event of AWS, as CloudTrail records it or as EventBridge delivers it:

\`\`\`json
{"eventSource": "secretsmanager.amazonaws.com", "eventName": "PutSecretValue", "eventTime": "2026-03-02T09:00:00Z", "awsRegion": "eu-west-1", "recipientAccountId": "123456789012", "requestParameters": {"secretId": "db"}}
\`\`\`

\`at\` is the time of the call in epoch milliseconds. A line can also have the recorded \`response\`, which sets the id of a new version.
A call with a recorded error changes nothing. Values can be omitted, and are not kept.

In AWS, a new version has the \`VersionId\` of the response, otherwise the \`ClientRequestToken\`, otherwise an invented id such as \`00000000-0000-4000-8000-000000000001\`. A \`CreateSecret\` or \`UpdateSecret\` without a
value creates a version only if the response has its \`VersionId\`. The project is \`ACCOUNT/REGION\`: that of \`"project"\`, or of the ARN in
the call or its response. \`RotateSecret\` creates a version with AWSPENDING and without a value, unless \`RotateImmediately\` is false. The calls
of the rotation function are lines of their own.

\`serve --events FILE\` writes such events. To make lines of a file of CloudTrail, use \`jq -c '.Records[]'\`, and of the output of
\`aws cloudtrail lookup-events\`, \`jq -c '.Events[].CloudTrailEvent | fromjson'\`. Events contain no values. A \`PutSecretValue\` is played with
a value, and so is a \`CreateSecret\` or \`UpdateSecret\` whose \`responseElements\` has a \`versionId\`. \`RotationSucceeded\` removes AWSPENDING,
and \`RotationStarted\` creates the version of a rotation on schedule.
A transcript must create its secrets: begin a log that starts later with a \`createSecret\` action.

For other clouds, or if the API has no such call, a line is an action:

\`\`\`json
{"at": 1581507590000, "dialect": "aws-secrets-manager", "secret": "db", "action": {"type": "createSecret"}}
\`\`\`

| action | fields |
| --- | --- |
| \`createSecret\` | \`versionId\`, \`fingerprint\` |
| \`createVersion\` | \`versionId\`, \`stages\`, \`fingerprint\`, \`withoutValue\` |
| \`assignStage\` | \`stage\`, \`versionId\`, \`from\` |
| \`removeStage\` | \`stage\`, \`from\` |
| \`pruneDeprecated\` | \`keep\`, \`createdBefore\` |
| \`scheduleDeletion\` | \`recoveryWindowInDays\` |
| \`restore\` | |
| \`setStatus\` | \`status\` |

If \`--cloud\` is omitted, the first line must be a call or have a \`dialect\`. Later lines must be of the same cloud. \`project\`
is optional unless earlier lines have several projects.

The exit code is 1 if a call is refused, and 2 if a line cannot be played. With \`--html\` or \`--svg\`, only the summary is printed. A page
or a picture shows at most 100 secrets and 2,000 steps, and says what it omits.`,

  run: async (host, args) => {
    const { values, positionals } = readOptions('replay', args, options);
    const [file = '-', ...others] = positionals;
    if (others.length > 0) throw new UsageError(`replay takes one FILE; got ${positionals.length}.`);
    const { html, svg } = values;
    const isJson = values.format === 'json';
    const dialect = values.cloud === undefined ? undefined : await readCloud(host, values.cloud);
    const written = [html, svg].filter((path) => path !== undefined);
    const isDrawn = written.length > 0;
    const quiet = values.quiet || isDrawn;
    if (isJson && quiet)
      throw new UsageError('--format json cannot be combined with --quiet, --html or --svg. Omit one of them.');
    checkOutputs([file, ...(values.cloud === undefined ? [] : [values.cloud])], written);

    const terminal = terminalOf(host);
    // Without --quiet, each line is printed as it is played, and a progress line would garble the screen of a pager.
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
        if (isJson) await print(host, `${eventAsJson(event)}\n`);
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
    await print(host, isJson ? `${asJson({ summary })}\n` : drawSummary(summary, terminal));
    const title = file === '-' ? 'Transcript from standard input' : basename(file);
    // Imported here, so that only a run that draws loads it.
    if (html !== undefined) writeFile(html, (await import('./picture/page.ts')).drawPage(events, title));
    if (svg !== undefined) writeFile(svg, (await import('./picture/svg.ts')).drawSvg(events, title));
    if (summary.unusable.length > 0) return 2;
    return summary.refused.length > 0 ? 1 : 0;
  },
};

const nothingPlayed = (name: string, { unusable }: Summary): UsageError => {
  const lines = unusable.map(({ line, expected }) => `line ${line}: ${expected}.`);
  return lines.length === 0
    ? new UsageError(notJson(name, ''))
    : new UsageError(`No line of ${name} can be played:`, atMost(20, lines));
};
