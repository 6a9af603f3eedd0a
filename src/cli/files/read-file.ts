import { closeSync, createReadStream, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { parseJson } from '../../json.ts';
import { grouped } from '../../text.ts';
import { type Host, UsageError } from '../host.ts';
import { warn } from '../terminal/warn.ts';
import { decodeText } from './decode-text.ts';
import { jsonProblem, repeatedName } from './json-problem.ts';
import { isSystemError, systemErrorText } from './system-error.ts';

const mebibyte = 2 ** 20;
const mostInFile = 256 * mebibyte;
const mostInLine = 64 * mebibyte;
const deepestText = 1000;

/** The name of a file in messages: `-` is standard input. */
export function inputName(file: string): string {
  return file === '-' ? 'standard input' : file;
}

/**
 * The text of a file in UTF-8, without the byte order mark that some editors begin it with.
 *
 * @throws {UsageError} if the file cannot be read, is not UTF-8, is larger than `most` bytes or is nested too deeply.
 */
export async function readText(host: Host, file: string, most: number = mostInFile): Promise<string> {
  const name = inputName(file);
  const isRegular = file !== '-' && isRegularFile(file);
  return isRegular ? readRegularFile(file, most) : textOf(await all(chunksOf(host, file), most, name), name);
}

/** Whether a path is a regular file. Any other can be read only once. */
function isRegularFile(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    // Its reader reports the error.
    return false;
  }
}

/**
 * {@link readText} of a regular file, at once. A small file takes a fifth of the time of a stream.
 *
 * @throws {UsageError} as {@link readText} does.
 */
export function readRegularFile(file: string, most: number = mostInFile): string {
  return textOf(
    explaining(file, () => bytesOf(file, most)),
    file,
  );
}

function textOf(bytes: Buffer, name: string): string {
  return shallow(decodeText(bytes, name), name).replace(/^\uFEFF/, '');
}

async function all(chunks: AsyncIterable<Buffer>, most: number, name: string): Promise<Buffer> {
  const read: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    read.push(chunk);
    size += chunk.length;
    if (size > most) throw new UsageError(`${name} is larger than ${sizeText(most)}. Pass a smaller file.`);
  }
  return Buffer.concat(read);
}

/** The content of a regular file. That of a small one is valid until the next is read. */
function bytesOf(file: string, most: number): Buffer {
  const opened = openSync(file, 'r');
  try {
    let size = 0;
    for (let count = 1; count > 0; size += count) count = readSync(opened, small, size, small.length - size, null);
    if (size < small.length && size <= most) return small.subarray(0, size);
    if (Math.max(size, fstatSync(opened).size) > most)
      throw new UsageError(`${file} is larger than ${sizeText(most)}. Pass a smaller file.`);
  } finally {
    closeSync(opened);
  }
  return readFileSync(file);
}

function explaining<Result>(file: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw explained(error, file);
  }
}

const small = Buffer.alloc(2 ** 16);

/**
 * The value of a JSON file.
 *
 * @throws {UsageError} as {@link readText} does, and if the file is not JSON, or an object in it has a name twice.
 */
export async function readJson(host: Host, file: string): Promise<unknown> {
  const text = await readText(host, file);
  const json = parseJson(text);
  if (json === undefined) throw new UsageError(notJson(inputName(file), text));
  const repeated = repeatedName(text);
  if (repeated !== undefined)
    throw new UsageError(`${inputName(file)} has a duplicate name: ${repeated}. Remove one of them.`);
  return json;
}

/** The error for a text that is not JSON, with the place where it stops being JSON. */
export function notJson(name: string, text: string, firstLine = 1): string {
  if (text.trim() === '') return `${name} is empty. Check the command that wrote it.`;
  const problem = jsonProblem(text, firstLine);
  return `${name} is not valid JSON${problem === undefined ? '' : `: ${problem}`}.`;
}

/**
 * The lines of a file in UTF-8, one at a time: the file may be larger than the memory.
 *
 * @throws {UsageError} if the file cannot be read, is not UTF-8 or has a line of more than `most` bytes or that is nested too
 * deeply.
 */
export async function* linesOf(host: Host, file: string, most: number = mostInLine): AsyncGenerator<string> {
  const name = inputName(file);
  let line = 1;
  /** The pieces of a line whose end has not been read yet. */
  let begun: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunksOf(host, file)) {
    const end = chunk.lastIndexOf('\n');
    if (end >= 0) {
      const lines = decodeText(Buffer.concat([...begun, chunk.subarray(0, end)]), name, line).split('\n');
      for (const [index, text] of lines.entries()) yield shallow(text, `${name}:${line + index}`);
      line += lines.length;
      begun = [];
      size = 0;
    }
    begun.push(chunk.subarray(end + 1));
    size += chunk.length - end - 1;
    if (size > most)
      throw new UsageError(`${name}:${line} is longer than ${sizeText(most)}. Put each call on a separate line.`);
  }
  yield shallow(decodeText(Buffer.concat(begun), name, line), `${name}:${line}`);
}

/** Returns the text. Refuses a text so deep that JSON.parse would need minutes and gigabytes. */
function shallow(text: string, name: string): string {
  if (!isDeep(text)) return text;
  throw new UsageError(
    `${name} is nested more than ${grouped(deepestText)} levels deep. Pass a file with less nesting.`,
  );
}

/** Whether a text nests lists and objects too deeply, JSON or not. A string ends with its line. */
function isDeep(text: string): boolean {
  // Most texts have few brackets, which takes a fifth of the time to see.
  if (countOf('{', text) + countOf('[', text) <= deepestText) return false;
  let depth = 0;
  let isString = false;
  for (let index = 0; index < text.length && depth <= deepestText; index++) {
    const character = text[index];
    if (character === '"') isString = !isString;
    else if (character === '\n') isString = false;
    else if (isString) index += character === '\\' && text[index + 1] !== '\n' ? 1 : 0;
    else if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
  }
  return depth > deepestText;
}

function countOf(character: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0 && count <= deepestText; at = text.indexOf(character, at + 1)) count++;
  return count;
}

const sizeText = (bytes: number): string =>
  bytes < mebibyte ? `${grouped(bytes)} bytes` : `${grouped(bytes / mebibyte)} MiB`;

async function* chunksOf(host: Host, file: string): AsyncGenerator<Buffer> {
  const { stdin } = host;
  // Some runtimes read an empty path as the working directory.
  if (file === '') throw new UsageError('An empty path does not exist. Check the path.');
  if (file === '-' && stdin.isTTY) warn(host, ['Reading standard input. Press Ctrl-D to end it.']);
  try {
    for await (const chunk of file === '-' ? stdin : createReadStream(file)) yield Buffer.from(chunk);
  } catch (error) {
    throw explained(error, file);
  }
}

const explained = (error: unknown, file: string): unknown =>
  isSystemError(error) ? new UsageError(systemErrorText(error, inputName(file))) : error;
