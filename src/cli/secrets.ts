import { createReadStream } from 'node:fs';
import { describeProblem } from '../describe.ts';
import { isPast } from '../emulator/world.ts';
import { isObject } from '../parse.ts';
import { type ImportedSecret, importAll, type JsonDocument, type Moment } from '../policy/index.ts';
import { type Host, linesOf, UsageError } from './host.ts';
import { parseJson } from './json.ts';
import { startPlay } from './play.ts';

/** A secret that was read from a file. */
export interface ReadSecret extends ImportedSecret {
  readonly file: string;
  /** The line of the file that it begins on, from 1. */
  readonly line: number;
  /** What it was and when, if the file is a transcript. */
  readonly moments: readonly RecordedMoment[];
}

/** A moment of a secret, and the line of the transcript from which it was so. */
export interface RecordedMoment extends Moment {
  readonly line: number;
}

/** What files hold: secrets, and when the last line of a transcript among them was recorded, in epoch milliseconds. */
export interface Read {
  readonly secrets: readonly ReadSecret[];
  readonly recordedAt: number | undefined;
}

/**
 * Reads secrets from files: transcripts, and JSON that the importers know, one document a file or one a line.
 *
 * @throws {UsageError} that names every problem in every file.
 */
export const readSecrets = async (host: Host, files: readonly string[]): Promise<Read> => {
  const problems: string[] = [];
  const documents: Document[] = [];
  const secrets: ReadSecret[] = [];
  const times: number[] = [];

  for (const file of files) {
    const lines: string[] = [];
    for await (const line of linesOf(file === '-' ? host.stdin : createReadStream(file))) lines.push(line);
    const name = file === '-' ? 'standard input' : file;
    const whole = parseJson(lines.join('\n').replace(/^\uFEFF/, ''));
    if (whole !== undefined && !isCall(whole)) documents.push({ name, file: name, line: 1, json: whole });
    else if (lines.some((line) => isCall(parseJson(line.trim())))) {
      const played = playAll(name, lines);
      secrets.push(...played.secrets);
      times.push(...played.times);
      problems.push(...played.problems);
    } else {
      for (const [index, line] of lines.entries()) {
        if (line.trim() === '') continue;
        const json = parseJson(line);
        if (json === undefined) problems.push(`${name}:${index + 1} must be JSON, one document a line or one a file`);
        else documents.push({ name: `${name}:${index + 1}`, file: name, line: index + 1, json });
      }
    }
  }
  const imported = importAll(documents);
  if (!imported.ok) problems.push(...imported.problems.map(describeProblem));
  if (problems.length > 0) throw new UsageError('the input is of no use', problems);
  if (imported.ok)
    secrets.push(...imported.secrets.map((secret) => ({ ...secret, ...placeOf(secret, documents), moments: [] })));
  return { secrets, recordedAt: times.length > 0 ? Math.max(...times) : undefined };
};

interface Document extends JsonDocument {
  readonly file: string;
  readonly line: number;
}

/** Where a secret was read: its source is a document, or one of those that a document lists. */
const placeOf = ({ source }: ImportedSecret, documents: readonly Document[]) => {
  const [{ file, line } = { file: source, line: 1 }] = documents.filter(
    ({ name }) => source === name || source.startsWith(`${name}[`),
  );
  return { file, line };
};

const isCall = (json: unknown): boolean =>
  isObject(json) && Object.hasOwn(json, 'method') && Object.hasOwn(json, 'path');

/** Plays a transcript, and takes what there is at its end. */
const playAll = (file: string, lines: readonly string[]) => {
  const play = startPlay();
  const found = new Map<string, { readonly project: string; readonly moments: RecordedMoment[] }>();
  const problems: string[] = [];
  const times: number[] = [];
  for (const [index, text] of lines.entries()) {
    const line = index + 1;
    const event = play(text, line);
    if (event === undefined) continue;
    if (event.outcome === 'unusable') {
      problems.push(`${file}:${line} cannot be played: expected ${event.expected}`);
      continue;
    }
    const { at, project, secret, state, outcome, operation } = event;
    times.push(at);
    const key = JSON.stringify([project, secret]);
    if (operation === 'CreateSecret' && outcome === 'done') found.set(key, { project, moments: [] });
    if (state === undefined) found.delete(key);
    else if (outcome === 'done') found.get(key)?.moments.push({ at, line, state });
  }
  const end = Math.max(0, ...times);
  const secrets = [...found.values()].flatMap(({ project, moments }): readonly ReadSecret[] => {
    const state = moments.at(-1)?.state;
    return state === undefined || isPast(state.scheduledDeleteTime, end)
      ? []
      : [{ project, source: file, file, line: 1, state, moments }];
  });
  return { secrets, times, problems };
};
