import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { inputName, linesOf, notJson, readJson, readRegularFile, readText } from '../../../src/cli/files/read-file.ts';
import { type Host, UsageError } from '../../../src/cli/host.ts';
import { hostWith } from '../host.ts';

const folder = mkdtempSync(join(tmpdir(), 'read-file-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fileOf = (content: string | Buffer): string => {
  const file = join(folder, 'file');
  writeFileSync(file, content);
  return file;
};
/** A process with this standard input. */
const inputHost = (input: Iterable<string | Buffer>): Host => ({
  ...hostWith(),
  stdin: Readable.from(input, { objectMode: false }),
});
const linesIn = async (input: Iterable<string | Buffer>, most?: number) => {
  const lines: string[] = [];
  for await (const line of linesOf(inputHost(input), '-', most)) lines.push(line);
  return lines;
};
const none = inputHost([]);

test('inputName calls - standard input', () => {
  expect([inputName('-'), inputName('x.json')]).toEqual(['standard input', 'x.json']);
});

test('readText and linesOf refuse an empty path, which some runtimes read as a folder', async () => {
  const refusal = new UsageError('An empty path does not exist. Check the path.');
  await expect(readText(none, '')).rejects.toEqual(refusal);
  await expect(linesOf(none, '').next()).rejects.toEqual(refusal);
});

test('readText reads a file or standard input, without a byte order mark', async () => {
  expect(await readText(none, fileOf('\uFEFFdbé\n'))).toBe('dbé\n');
  const bytes = Buffer.from('dbé\n');
  expect(await readText(inputHost([bytes.subarray(0, 3), bytes.subarray(3)]), '-')).toBe('dbé\n');
});

test.each([
  ['src', 'src is a folder. Pass a file.'],
  ['no-such-file', 'no-such-file does not exist. Check the path.'],
  [
    'package.json/x',
    'package.json/x does not exist, because a part of the path is a file, not a folder. Check the path.',
  ],
])('readText and linesOf refuse %s with a sentence', async (file, message) => {
  await expect(readText(none, file)).rejects.toThrow(new UsageError(message));
  await expect(linesOf(none, file).next()).rejects.toThrow(new UsageError(message));
});

test('readText reads a file of more than 64 KiB', async () => {
  for (const size of [65_535, 65_536, 65_537, 200_000]) {
    expect(await readText(none, fileOf('x'.repeat(size)))).toHaveLength(size);
  }
});

test('readText refuses a regular file that is larger than the limit', async () => {
  const file = fileOf('xxx');
  await expect(readText(none, file, 2)).rejects.toThrow(
    new UsageError(`${file} is larger than 2 bytes. Pass a smaller file.`),
  );
});

test('readText explains why a file cannot be read', async () => {
  await expect(readText(none, 'package.json/x')).rejects.toThrow(
    /^package\.json\/x does not exist, because a part of /,
  );
  expect(() => readRegularFile('no-such-file')).toThrow(new UsageError('no-such-file does not exist. Check the path.'));
});

test('readText refuses a file that is larger than the limit, without reading all of it', async () => {
  let given = 0;
  const long = {
    *[Symbol.iterator]() {
      while (given < 5000) {
        given++;
        yield Buffer.alloc(1024, 'x');
      }
    },
  };
  await expect(readText(inputHost(long), '-', 10_240)).rejects.toThrow(
    new UsageError('standard input is larger than 10,240 bytes. Pass a smaller file.'),
  );
  expect(given).toBeLessThan(100);
  await expect(readText(inputHost(long), '-', 2 ** 21)).rejects.toThrow('standard input is larger than 2 MiB. ');
  expect(await readText(none, fileOf('x'.repeat(10_240)), 10_240)).toHaveLength(10_240);
});

test('linesOf refuses a line that is longer than the limit, without reading all of it', async () => {
  let given = 0;
  const long = {
    *[Symbol.iterator]() {
      yield 'one\n';
      while (given < 5000) {
        given++;
        yield 'x'.repeat(1024);
      }
    },
  };
  await expect(linesIn(long, 10_240)).rejects.toThrow(
    new UsageError('standard input:2 is longer than 10,240 bytes. Put each call on a separate line.'),
  );
  expect(given).toBeLessThan(100);
  const short = Array.from({ length: 100 }, () => `\n${'x'.repeat(1023)}`);
  expect(await linesIn(short, 1023)).toHaveLength(101);
});

test('linesOf reads the same lines in whatever pieces they come', async () => {
  const bytes = Buffer.from('\uFEFFone\r\n\ntwo é\u{1F511}\nthree');
  for (const size of [1, 2, 7, bytes.length]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    );
    expect(await linesIn(pieces)).toEqual(['\uFEFFone\r', '', 'two é\u{1F511}', 'three']);
  }
});

test('linesOf names the line that is not UTF-8', async () => {
  const input = ['one\ntwo\n', 'th', Buffer.from('r\xe9e\n', 'latin1'), 'four'];
  await expect(linesIn(input)).rejects.toThrow('standard input cannot be read: line 3 is not valid UTF-8. ');
  await expect(linesIn([Buffer.from('{"at": 1}\n', 'utf16le')])).rejects.toThrow(
    'line 1 is UTF-16. Save the file as UTF-8.',
  );
});

test('readJson returns the value of a file, or says where it is not JSON', async () => {
  expect(await readJson(none, fileOf('\uFEFF{"a": [1]}'))).toEqual({ a: [1] });
  expect(await readJson(none, fileOf('null'))).toBeNull();
  const file = fileOf('{\n  "hunter2": 1\n  "b": 2}');
  await expect(readJson(none, file)).rejects.toThrow(
    new UsageError(`${file} is not valid JSON: line 3, column 3: expected a comma.`),
  );
});

test('notJson omits the place if it is unknown', () => {
  expect(notJson('x.json', '{}')).toBe('x.json is not valid JSON.');
  expect(notJson('x.json', 'x', 5)).toBe('x.json is not valid JSON: line 5, column 1: unexpected word or character.');
});

test('an error that is not of the system is thrown as it is', async () => {
  const failing = {
    *[Symbol.iterator](): Generator<string> {
      yield 'x';
      throw new Error('our fault');
    },
  };
  await expect(readText(inputHost(failing), '-')).rejects.toThrow(new Error('our fault'));
});

test('readText and linesOf refuse a text that is nested more than 1,000 levels deep', async () => {
  for (const opening of ['[', '{"a":\n']) {
    const text = opening.repeat(1000);
    expect(await readText(inputHost([text]), '-')).toBe(text);
    await expect(readText(inputHost([text, opening]), '-')).rejects.toThrow(
      new UsageError('standard input is nested more than 1,000 levels deep. Pass a file with less nesting.'),
    );
  }
  await expect(linesIn(['{}\n', '[{}'.repeat(1001)])).rejects.toThrow('standard input:2 is nested more than 1,000');
  await expect(linesIn(['{}\n', '[{}'.repeat(1001), '\n'])).rejects.toThrow('standard input:2 is nested more than');
});

test('readText counts no bracket in a string, which ends with its line', async () => {
  for (const text of [`"${'['.repeat(2000)}"`, `"\\"${'['.repeat(2000)}"`, '[]'.repeat(2000), '{}[]'.repeat(2000)])
    expect(await readText(inputHost([text]), '-')).toBe(text);
  await expect(readText(inputHost([`"\n${'['.repeat(1001)}`]), '-')).rejects.toThrow('1,000 levels');
});

test('readJson refuses an object that has a name twice', async () => {
  await expect(readJson(none, fileOf('{"rules": {},\n"rules": {}}'))).rejects.toThrow(
    /file has a duplicate name: line 2, column 1: "rules" appears twice\. Remove one of them\.$/,
  );
});

test('readText says on a terminal that it reads standard input', async () => {
  const stderr = new PassThrough();
  const host = inputHost(['x']);
  await readText({ ...host, stderr, stdin: Object.assign(host.stdin, { isTTY: true }) }, '-');
  expect(String(stderr.read())).toBe('Reading standard input. Press Ctrl-D to end it.\n');
});

test('readText counts brackets anew after closing ones and after a line break that is escaped', async () => {
  const deep = '['.repeat(1001);
  for (const before of [']'.repeat(2000), '"\\'])
    await expect(readText(inputHost([`${before}\n${deep}`]), '-')).rejects.toThrow('1,000 levels');
});
