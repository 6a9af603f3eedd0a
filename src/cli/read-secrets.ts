import { relative, resolve, sep } from 'node:path';
import type { Dialect, Problem } from '../index.ts';
import { type JsonDocument, type Place, type Remark, startImport } from '../policy/index.ts';
import { explainListed } from '../service/index.ts';
import { counted, grouped } from '../text.ts';
import { TranscriptError, wrongDialect } from '../transcript/index.ts';
import { type FoundFile, findFiles } from './files/find-files.ts';
import { inputName, readRegularFile, readText } from './files/read-file.ts';
import { type Host, invalidInput, UsageError } from './host.ts';
import { playTranscript, type ReadSecret } from './play-transcript.ts';
import { type Document, documentsIn } from './read-documents.ts';
import { startProgress } from './terminal/progress.ts';

export type { ReadSecret };

/** Where a document is. The line is 0 if it is the whole file. It holds a document that cannot be read again. */
interface Origin extends Partial<Document> {
  readonly file: string;
  readonly line: number;
}

/**
 * Reads secrets from files and folders: transcripts, and JSON that the importers know, one document per file or per line. Passes each
 * secret on as soon as everything about it is read, and returns the results in the order of the files and lines: a folder can have more
 * secrets than fit into the memory.
 *
 * @throws {UsageError} with every problem in every file, or if the files contain no secret.
 */
export async function readSecrets<Result>(
  host: Host,
  paths: readonly string[],
  dialect: Dialect | undefined,
  resultOf: (secret: ReadSecret) => Result,
): Promise<{ readonly results: readonly Result[]; readonly remarks: readonly Remark[] }> {
  const origins: Origin[] = [];
  let results: { readonly place: Place; readonly result: Result }[] = [];
  const problems: string[] = [];
  const remarks: Remark[] = [];
  const progress = startProgress(host);
  const keep = (secret: ReadSecret, place: Place) => {
    results.push({ place, result: resultOf(secret) });
    if (results.length % 100 === 0) progress.show(`checked ${grouped(results.length)} secrets`);
  };
  const recall = startRecall(origins);
  const importing = startImport(
    (secret, place) => {
      for (const { file, line } of origins.slice(place[0], place[0] + 1))
        keep({ ...secret, file: shownPath(file), line: line || 1, moments: none }, place);
    },
    {
      dialect,
      // The documents about a secret usually follow each other.
      limits: {
        most: 20,
        again: 10_000,
        recall,
        forget: (places) => {
          results = results.filter(({ place }) => !places.has(`${place}`));
        },
      },
    },
  );
  const report = (error: unknown) => {
    if (!(error instanceof UsageError || error instanceof TranscriptError)) throw error;
    const details = error instanceof UsageError ? error.details : [];
    problems.push(...(details.length > 0 ? details : [error.message]));
  };

  try {
    let files = 0;
    for (const { path, isRegular } of filesIn(paths, report)) {
      if (files++ % 100 === 0) progress.show(`read ${counted(files, 'file')}`);
      try {
        const file = inputName(path);
        const content = documentsIn(isRegular ? readRegularFile(path) : await readText(host, path), file);
        if ('documents' in content) {
          for (const document of content.documents) {
            const { line, json } = document;
            const origin = { file, line };
            origins.push(isRegular ? origin : { file, ...document });
            importing.add({ name: nameOf(origin), json });
          }
        } else {
          // Its place among the documents.
          const document = origins.length;
          origins.push({ file, line: 0 });
          importing.add({ name: file, json: [] });
          const secrets = playTranscript(file, content.lines, dialect, progress);
          for (const [index, secret] of secrets.entries())
            keep({ ...secret, file: shownPath(file) }, [document, 0, index]);
        }
      } catch (error) {
        report(error);
      }
    }
    const imported = importing.end();
    if (imported.ok) remarks.push(...imported.remarks);
    else problems.push(...imported.problems.map((one) => problemText(one, origins, dialect)));
  } finally {
    progress.end();
  }
  if (problems.length > 0) throw invalidInput(problems);
  if (results.length === 0)
    throw new UsageError(
      `Found no versions of a secret in ${paths.map(inputName).join(', ')}. Pass a response that lists them, a transcript, a snapshot or a state.`,
      remarks.map(({ sentence }) => sentence),
    );
  const ordered = results.sort((one, other) => byPlace(one.place, other.place)).map(({ result }) => result);
  return { results: ordered, remarks };
}

/** Reads documents again. */
function startRecall(origins: readonly Origin[]): (number: number) => JsonDocument {
  let known: { readonly file: string; readonly jsons: ReadonlyMap<number, unknown> } | undefined;
  return (number) => {
    const origin: Origin = { file: '', line: 0, ...origins[number] };
    const { file, line } = origin;
    if ('json' in origin) return { name: nameOf(origin), json: origin.json };
    if (known?.file !== file) {
      const content = documentsIn(readRegularFile(file), file);
      const documents = 'documents' in content ? content.documents : [];
      known = { file, jsons: new Map(documents.map(({ line, json }) => [line, json])) };
    }
    const json = known.jsons.get(line);
    if (json === undefined) throw new UsageError(`${file} was changed while it was read. Run the command again.`);
    return { name: nameOf(origin), json };
  };
}

/** The path of a file as a report shows it: relative to the current folder, or absolute if it is outside of it. */
function shownPath(file: string): string {
  const path = relative('', file);
  const shown = (path.startsWith('..') ? resolve(file) : path).replaceAll(sep, '/');
  // Most are equal, and there can be many.
  return shown === file ? file : shown;
}

const none: readonly never[] = [];

const byPlace = (one: Place, other: Place): number => one[0] - other[0] || one[1] - other[1] || one[2] - other[2];

/** The files that paths stand for, each once. */
function* filesIn(paths: readonly string[], report: (error: unknown) => void): Generator<FoundFile> {
  const known = new Set<string>();
  for (const path of paths) {
    try {
      for (const file of findFiles(path)) {
        // The files of one path differ.
        const { path } = file;
        const place = paths.length === 1 || path === '-' ? path : resolve(path);
        if (known.has(place)) continue;
        if (paths.length > 1) known.add(place);
        yield file;
      }
    } catch (error) {
      report(error);
    }
  }
}

const nameOf = ({ file, line }: Origin): string => (line === 0 ? file : `${file}:${line}`);

const problemText = (problem: Problem, origins: readonly Origin[], given: Dialect | undefined): string => {
  if ('belongsTo' in problem)
    return `${problem.path} cannot be read. ${wrongDialect(`${problem.belongsTo}`, undefined, given)}`;
  const names = origins.map(nameOf).filter((name) => isWithin(problem.path, name));
  // The longest, because one file can be called like the beginning of another.
  const [name = ''] = names.sort((one, other) => other.length - one.length);
  const place = problem.path.slice(name.length).replace(/^\./, '');
  return explainListed(name === '' ? problem : { ...problem, path: `${name}: ${place}` });
};

const isWithin = (path: string, name: string): boolean =>
  path.startsWith(name) && /^[.[]/.test(path.slice(name.length));
