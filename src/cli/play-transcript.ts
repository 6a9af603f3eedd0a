import type { Dialect, Moment } from '../index.ts';
import { isObject } from '../json.ts';
import type { ImportedSecret } from '../policy/index.ts';
import { isDue } from '../service/index.ts';
import { counted, grouped, printable, quote } from '../text.ts';
import { isAwsEvent, startPlay } from '../transcript/index.ts';
import { expectedOn } from './files/json-problem.ts';
import { invalidInput } from './host.ts';
import type { Progress } from './terminal/progress.ts';

/** A secret from a file. */
export interface ReadSecret extends ImportedSecret {
  /** Its path, as a report shows it. */
  readonly file: string;
  /** The line of the file that it begins on, from 1. */
  readonly line: number;
  /** The time of the last line, in epoch milliseconds, if the file is a transcript. */
  readonly recordedAt?: number;
  /** Its past states with their times and lines. Empty if the file is not a transcript. */
  readonly moments: readonly RecordedMoment[];
}

type RecordedMoment = Moment & { readonly line: number };

/** Whether this is a line of a transcript: a call, an event or an action. */
export function isPlayed(json: unknown): boolean {
  return (
    isAwsEvent(json) ||
    (isObject(json) &&
      [['method', 'path'], ['target'], ['action']].some((fields) =>
        fields.every((field) => Object.hasOwn(json, field)),
      ))
  );
}

/**
 * Plays a transcript, and returns the secrets that exist at its end.
 *
 * @throws {UsageError} with what cannot be played, or if no secret exists.
 */
export function playTranscript(
  file: string,
  lines: readonly string[],
  given: Dialect | undefined,
  progress: Progress,
): readonly ReadSecret[] {
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
  if (problems.size > 0) throw invalidInput([...problems.values()].map(problemOf));
  const secrets = [...found.values()].flatMap(({ moments, ...secret }) => {
    const state = moments.at(-1)?.state;
    if (state === undefined || isDue(state.scheduledDeleteTime, end)) return [];
    return [{ ...secret, source: file, file, line: 1, state, recordedAt: end, moments }];
  });
  if (secrets.length === 0) throw invalidInput([`No secret exists at the end of ${file}.`]);
  return secrets;
}

const problemOf = ({ text, lines }: { readonly text: string; readonly lines: number }): string =>
  lines === 1 ? text : `${text} The same is true of ${counted(lines - 1, 'more line')}.`;
