import { parseJson } from '../json.ts';
import { notJson } from './files/read-file.ts';
import { invalidInput } from './host.ts';
import { isPlayed } from './play-transcript.ts';

/** A JSON document in a file. */
export interface Document {
  /** The line that it is on, from 1; 0 if it is the whole file. */
  readonly line: number;
  readonly json: unknown;
}

/**
 * Returns the documents in a text: one per line, or the whole text. Of a transcript, returns the lines.
 *
 * @throws {UsageError} that names each line that is not JSON.
 */
export function documentsIn(
  text: string,
  name: string,
): { readonly documents: readonly Document[] } | { readonly lines: readonly string[] } {
  // A failed command earlier in a pipe writes nothing. That must not pass for a secret without findings.
  if (text.trim() === '') throw invalidInput([notJson(name, text)]);
  const whole = parseJson(text);
  if (whole !== undefined && !isPlayed(whole)) return { documents: [{ line: 0, json: whole }] };

  const lines = text.split('\n');
  const documents: Document[] = [];
  for (const [index, line] of lines.entries()) {
    const json = parseJson(line);
    if (isPlayed(json)) return { lines };
    if (line.trim() !== '') documents.push({ line: index + 1, json });
  }
  const broken = documents.filter(({ json }) => json === undefined);
  // In a broken document of several lines, each line would be wrong.
  if (!documents.some(({ json }) => typeof json === 'object')) throw invalidInput([notJson(name, text)]);
  if (broken.length > 0) throw invalidInput(broken.map(({ line }) => notJson(name, `${lines[line - 1]}`, line)));
  return { documents };
}
