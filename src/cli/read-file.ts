import { createReadStream } from 'node:fs';
import { text } from 'node:stream/consumers';
import { parseJson } from '../json.ts';
import { type Host, UsageError } from './host.ts';

/** What a file is called: - is standard input. */
export function inputName(file: string): string {
  return file === '-' ? 'standard input' : file;
}

/** The text of a file, without the byte order mark that some editors begin it with: `text` drops it. */
export async function readText({ stdin }: Host, file: string): Promise<string> {
  try {
    return await text(file === '-' ? stdin : createReadStream(file));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new UsageError(`${inputName(file)} cannot be read: ${error.message}`);
  }
}

export async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  let line = '';
  for await (const chunk of input.setEncoding('utf8')) {
    const [head = '', ...others] = String(chunk).split('\n');
    line += head;
    for (const next of others) {
      yield line;
      line = next;
    }
  }
  yield line;
}

/** Reads a file as JSON. */
export async function readJson(host: Host, file: string): Promise<unknown> {
  const json = parseJson(await readText(host, file));
  if (json === undefined) throw new UsageError(`${inputName(file)} is not valid JSON`);
  return json;
}
