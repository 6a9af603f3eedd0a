import { parseJson } from '../json.ts';
import { inputName, notJson, readText } from './files/read-file.ts';
import { type Host, invalidInput } from './host.ts';
import { isPlayed } from './play-transcript.ts';

/** What a file contains: JSON documents, or the lines of a transcript. */
type Content = { readonly documents: readonly Document[] } | { readonly lines: readonly string[] };

/** A JSON document in a file. */
interface Document {
  /** The line that it is on, from 1; 0 if it is the whole file. */
  readonly line: number;
  readonly json: unknown;
}

/**
 * Reads the documents in a file: one per line, or the whole file.
 *
 * @throws {UsageError} if the file cannot be read, or names each line that is not JSON.
 */
export async function readDocuments(host: Host, file: string): Promise<Content> {
  const name = inputName(file);
  const text = await readText(host, file);
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
