import { isPast } from '../emulator/world.ts';
import { explainProblem } from '../explain.ts';
import type { Dialect, Moment, Problem } from '../index.ts';
import { isObject, parseJson } from '../json.ts';

import { type ImportedSecret, importAll, type JsonDocument } from '../policy/index.ts';
import { startPlay } from '../transcript/play.ts';
import { type Host, inputName, readText, UsageError } from './host.ts';
import { dialectIn, wrongDialect } from './options.ts';

/** A secret that was read from a file. */
export interface ReadSecret extends ImportedSecret {
  readonly file: string;
  /** The line of the file that it begins on, from 1. */
  readonly line: number;
  /** When the last line of it was recorded, in epoch milliseconds, if the file is a transcript. */
  readonly recordedAt?: number;
  /** What it was and when, if the file is a transcript. */
  readonly moments: readonly RecordedMoment[];
}

/** A moment of a secret, and the line of the transcript from which it was so. */
interface RecordedMoment extends Moment {
  readonly line: number;
}

/** What one file holds. */
type Content =
  | { readonly documents: readonly Document[] }
  | { readonly secrets: readonly ReadSecret[] }
  | { readonly problems: readonly string[] };

interface Document extends JsonDocument {
  readonly file: string;
  readonly line: number;
}

/**
 * Reads secrets from files: transcripts, and JSON that the importers know, one document a file or one a line.
 *
 * @throws {UsageError} that names every problem in every file.
 */
export async function readSecrets(
  host: Host,
  files: readonly string[],
  name: string | undefined,
): Promise<readonly ReadSecret[]> {
  const dialect = name === undefined ? undefined : dialectIn(name);
  const contents: Content[] = [];
  for (const file of files) contents.push(await contentOf(host, file, dialect).catch(asProblem));
  const documents = contents.flatMap((content) => ('documents' in content ? content.documents : []));
  const imported = importAll(documents, { dialect });
  const problems = [
    ...contents.flatMap((content) => ('problems' in content ? content.problems : [])),
    ...(imported.ok ? [] : imported.problems.map((problem) => sentenceOf(problem, dialect))),
  ];
  if (!imported.ok || problems.length > 0) throw new UsageError('the input is of no use', problems);

  const placeOf = placesIn(documents);
  return [
    ...contents.flatMap((content) => ('secrets' in content ? content.secrets : [])),
    ...imported.secrets.map((secret) => ({ ...secret, ...placeOf(secret), moments: [] })),
  ];
}

function sentenceOf(problem: Problem, given: Dialect | undefined): string {
  return 'belongsTo' in problem
    ? `${problem.path} cannot be read. ${wrongDialect(`${problem.belongsTo}`, undefined, given)}`
    : explainProblem(problem);
}

const asProblem = (error: unknown): Content => {
  if (!(error instanceof UsageError)) throw error;
  return { problems: [error.message] };
};

const contentOf = async (host: Host, file: string, dialect: Dialect | undefined): Promise<Content> => {
  const name = inputName(file);
  const text = await readText(host, file);
  // What a command before this one was to write and did not, must not pass for something without a finding.
  if (text.trim() === '') return { problems: [`${name} is empty`] };
  const whole = parseJson(text);
  if (whole !== undefined && !isPlayed(whole)) return { documents: [{ name, file: name, line: 1, json: whole }] };

  const lines = text.split('\n');
  if (lines.some((line) => isPlayed(parseJson(line)))) return playAll(name, lines, dialect);
  // Of a document that is broken somewhere, each line would be wrong.
  if (!lines.some((line) => typeof parseJson(line) === 'object')) {
    return { problems: [`${name} must be JSON: one document, or one a line`] };
  }
  const documents: Document[] = [];
  const problems: string[] = [];
  for (const [index, one] of lines.entries()) {
    if (one.trim() === '') continue;
    const line = index + 1;
    const place = `${name}:${line}`;
    const json = parseJson(one);
    if (json === undefined) problems.push(`${place} must be JSON`);
    else documents.push({ name: place, file: name, line, json });
  }
  return problems.length > 0 ? { problems } : { documents };
};

/** Tells where a secret was read: its source is a document, or one of those that a document lists. */
const placesIn = (documents: readonly Document[]) => {
  const names = new Set(documents.map(({ name }) => name));
  // Any other document is a whole file, and has its name.
  const onLines = new Map(documents.filter(({ name, file }) => name !== file).map((one) => [one.name, one]));
  return ({ source }: ImportedSecret) => {
    const name = names.has(source) ? source : source.replace(/\[\d+\]$/, '');
    const { file = name, line = 1 } = onLines.get(name) ?? {};
    return { file, line };
  };
};

/** Whether that is a line of a transcript: a call or an action. */
const isPlayed = (json: unknown): boolean =>
  isObject(json) && ((Object.hasOwn(json, 'method') && Object.hasOwn(json, 'path')) || Object.hasOwn(json, 'action'));

/** Plays a transcript, and takes what there is at its end. */
const playAll = (file: string, lines: readonly string[], given: Dialect | undefined): Content => {
  const play = startPlay(given, file);
  const found = new Map<string, Pick<ReadSecret, 'project' | 'dialect'> & { readonly moments: RecordedMoment[] }>();
  const problems: string[] = [];
  let end = 0;
  for (const [index, text] of lines.entries()) {
    const line = index + 1;
    const event = play(text, line);
    if (event === undefined) continue;
    if (event.outcome === 'unusable') {
      problems.push(`${file}:${line} cannot be played: expected ${event.expected}`);
      continue;
    }
    const { at, dialect, project, secret, state, outcome, operation } = event;
    end = Math.max(end, at);
    if (outcome === 'refused' && event.refusal.code === 'UNKNOWN_SECRET' && event.refusal.deletedAt === null) {
      problems.push(`${file}:${line} is of secret ${JSON.stringify(secret)}, whose creation is not in the transcript`);
    }
    const key = JSON.stringify([project, secret]);
    const isCreated = operation === 'CreateSecret' || operation === 'createSecret';
    if (isCreated && outcome === 'done') found.set(key, { project: project || null, dialect, moments: [] });
    if (state === undefined) found.delete(key);
    else if (outcome === 'done') found.get(key)?.moments.push({ at, line, state });
  }
  // As of the year 1970 there would be nothing to find.
  if (1e9 <= end && end < 1e11)
    problems.push(`${file} must have its times in epoch milliseconds; these look like seconds`);
  if (problems.length > 0) return { problems };
  const secrets = [...found.values()].flatMap(({ moments, ...secret }) => {
    const state = moments.at(-1)?.state;
    return state === undefined || isPast(state.scheduledDeleteTime, end)
      ? []
      : [{ ...secret, source: file, file, line: 1, state, recordedAt: end, moments }];
  });
  return { secrets };
};
