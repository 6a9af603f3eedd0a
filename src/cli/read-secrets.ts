import { resolve } from 'node:path';
import type { Dialect, Moment, Problem } from '../index.ts';
import { isObject, parseJson } from '../json.ts';
import { type ImportedSecret, importAll, type JsonDocument } from '../policy/index.ts';
import { explainListed, isDue } from '../service/index.ts';
import { counted, grouped, printable, quote } from '../text.ts';
import { startPlay, TranscriptError, wrongDialect } from '../transcript/index.ts';
import { findFiles } from './files/find-files.ts';
import { expectedOn } from './files/json-problem.ts';
import { inputName, notJson, readText } from './files/read-file.ts';
import { type Host, UsageError } from './host.ts';
import { type Progress, startProgress } from './terminal/progress.ts';

/** A secret from a file. */
export interface ReadSecret extends ImportedSecret {
  readonly file: string;
  /** The line of the file that it begins on, from 1. */
  readonly line: number;
  /** The time of the last line, in epoch milliseconds, if the file is a transcript. */
  readonly recordedAt?: number;
  /** Its past states with their times and lines. Empty if the file is not a transcript. */
  readonly moments: readonly RecordedMoment[];
}

type RecordedMoment = Moment & { readonly line: number };

/** What one file contains. */
interface Content {
  readonly documents?: readonly Document[];
  readonly secrets?: readonly ReadSecret[];
  readonly problems?: readonly string[];
}

interface Document extends JsonDocument {
  readonly file: string;
  readonly line: number;
}

/**
 * Reads secrets from files, folders and globs: transcripts, and JSON that the importers know, one document per file or per line.
 *
 * @throws {UsageError} with every problem in every file, or if the files contain no secret.
 */
export async function readSecrets(
  host: Host,
  paths: readonly string[],
  dialect?: Dialect,
): Promise<readonly ReadSecret[]> {
  const contents: Content[] = [];
  const progress = startProgress(host);
  try {
    const files = await filesIn(paths, (error) => contents.push(asProblem(error)));
    for (const [index, file] of files.entries()) {
      progress.show(`read ${grouped(index)} of ${counted(files.length, 'file')}`);
      contents.push(await contentOf(host, file, dialect, progress).catch(asProblem));
    }
  } finally {
    progress.end();
  }
  const documents = contents.flatMap((content) => content.documents ?? []);
  const imported = importAll(documents, { dialect });
  const problems = contents.flatMap((content) => content.problems ?? []);
  const allProblems = imported.ok
    ? problems
    : [...problems, ...imported.problems.map((one) => problemText(one, documents, dialect))];
  if (!imported.ok || allProblems.length > 0) throw invalid(allProblems);

  const placeOf = placesIn(documents);
  const secrets = [
    ...contents.flatMap((content) => content.secrets ?? []),
    ...imported.secrets.map((secret) => ({ ...secret, ...placeOf(secret), moments: [] })),
  ];
  if (secrets.length === 0)
    throw new UsageError(
      `No secret found in ${paths.map(inputName).join(', ')}. Pass a recorded response, a transcript, a snapshot or a state.`,
    );
  return secrets;
}

function invalid(problems: readonly string[]): UsageError {
  const [one = '', ...others] = problems;
  return others.length === 0 ? new UsageError(one) : new UsageError('The input is invalid:', problems);
}

/** The files that paths stand for, each once. */
async function filesIn(paths: readonly string[], report: (error: unknown) => void): Promise<readonly string[]> {
  const files = new Map<string, string>();
  for (const path of paths) {
    try {
      for (const file of await findFiles(path)) {
        const place = file === '-' ? file : resolve(file);
        if (!files.has(place)) files.set(place, file);
      }
    } catch (error) {
      report(error);
    }
  }
  return [...files.values()];
}

const problemText = (problem: Problem, documents: readonly Document[], given: Dialect | undefined): string => {
  if ('belongsTo' in problem)
    return `${problem.path} cannot be read. ${wrongDialect(`${problem.belongsTo}`, undefined, given)}`;
  const names = documents.map(({ name }) => name).filter((name) => isWithin(problem.path, name));
  // The longest, because one file can be called like the beginning of another.
  const [name = ''] = names.sort((one, other) => other.length - one.length);
  const place = problem.path.slice(name.length).replace(/^\./, '');
  return explainListed(name === '' ? problem : { ...problem, path: `${name}: ${place}` });
};

const isWithin = (path: string, name: string): boolean =>
  path.startsWith(name) && /^[.[]/.test(path.slice(name.length));

const asProblem = (error: unknown): Content => {
  if (!(error instanceof UsageError || error instanceof TranscriptError)) throw error;
  return { problems: [error.message] };
};

const contentOf = async (
  host: Host,
  file: string,
  dialect: Dialect | undefined,
  progress: Progress,
): Promise<Content> => {
  const name = inputName(file);
  const text = await readText(host, file);
  // A failed command earlier in a pipe writes nothing. That must not pass for a secret without findings.
  if (text.trim() === '') return { problems: [notJson(name, text)] };
  const whole = parseJson(text);
  if (whole !== undefined && !isPlayed(whole)) return { documents: [{ name, file: name, line: 1, json: whole }] };

  const lines = text.split('\n');
  if (lines.some((line) => isPlayed(parseJson(line)))) return playAll(name, lines, dialect, progress);
  const documents = lines
    .map((json, index) => ({ name: `${name}:${index + 1}`, file: name, line: index + 1, json: parseJson(json) }))
    .filter(({ line }) => lines[line - 1]?.trim() !== '');
  // In a broken document of several lines, each line would be wrong.
  if (!documents.some(({ json }) => typeof json === 'object')) {
    return { problems: [notJson(name, text)] };
  }
  const broken = documents.filter(({ json }) => json === undefined);
  return broken.length > 0
    ? { problems: broken.map(({ line }) => notJson(name, `${lines[line - 1]}`, line)) }
    : { documents };
};

/** The file and line of a secret. Its source is a document, or an element of one. */
const placesIn = (documents: readonly Document[]) => {
  const names = new Set(documents.map(({ name }) => name));
  // Any other document is a whole file, and has the name of the file.
  const onLines = new Map(documents.filter(({ name, file }) => name !== file).map((one) => [one.name, one]));
  return ({ source }: ImportedSecret) => {
    const name = names.has(source) ? source : source.replace(/\[\d+\]$/, '');
    const { file = name, line = 1 } = onLines.get(name) ?? {};
    return { file, line };
  };
};

/** Whether this is a line of a transcript: a call or an action. */
const isPlayed = (json: unknown): boolean =>
  isObject(json) &&
  [['method', 'path'], ['target'], ['action']].some((fields) => fields.every((field) => Object.hasOwn(json, field)));

/** Plays a transcript, and returns the secrets that exist at its end. */
const playAll = (file: string, lines: readonly string[], given: Dialect | undefined, progress: Progress): Content => {
  const play = startPlay(given, file);
  const found = new Map<string, Pick<ReadSecret, 'project' | 'dialect'> & { readonly moments: RecordedMoment[] }>();
  /** Why a secret does not exist, by its key. */
  const uncreated = new Map<string, string>();
  /** Each problem, and the number of its lines. */
  const problems = new Map<string, { readonly text: string; lines: number }>();
  const report = (kind: string, text: string) => {
    const known = problems.get(kind);
    if (known) known.lines++;
    else problems.set(kind, { text, lines: 1 });
  };
  let end = 0;
  for (const [index, text] of lines.entries()) {
    const line = index + 1;
    progress.show(`read ${grouped(index)} of ${grouped(lines.length)} lines of ${printable(file)}`);
    const event = play(text, line);
    if (event === undefined) continue;
    if (event.outcome === 'unusable') {
      const expected = expectedOn(event, text);
      report(expected, `${file}:${line} cannot be played. ${expected}.`);
      continue;
    }
    const { at, dialect, project, secret, state, outcome, operation } = event;
    end = Math.max(end, at);
    const key = JSON.stringify([project, secret]);
    const isCreation = /^createSecret$/i.test(operation);
    if (outcome === 'refused' && isCreation)
      uncreated.set(key, `its creation on line ${line} was refused (${event.refusal.code})`);
    if (outcome === 'refused' && 'deletedAt' in event.refusal && event.refusal.deletedAt === null) {
      const why = uncreated.get(key) ?? 'the transcript does not create it';
      report(key, `${file}:${line}: Secret ${quote(secret)} does not exist, because ${why}.`);
    }
    // Creating an AWS secret again with the same token changes nothing.
    if (isCreation && outcome === 'done' && event.effects.length > 0)
      found.set(key, { project: project || null, dialect, moments: [] });
    if (state === undefined) found.delete(key);
    else if (outcome === 'done') found.get(key)?.moments.push({ at, line, state });
  }
  if (problems.size > 0) return { problems: [...problems.values()].map(problemOf) };
  const secrets = [...found.values()].flatMap(({ moments, ...secret }) => {
    const state = moments.at(-1)?.state;
    if (state === undefined || isDue(state.scheduledDeleteTime, end)) return [];
    return [{ ...secret, source: file, file, line: 1, state, recordedAt: end, moments }];
  });
  return secrets.length > 0 ? { secrets } : { problems: [`No secret exists at the end of ${file}.`] };
};

const problemOf = ({ text, lines }: { readonly text: string; readonly lines: number }): string =>
  lines === 1 ? text : `${text} The same is true of ${counted(lines - 1, 'more line')}.`;
