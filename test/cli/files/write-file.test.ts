import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { checkOutputs, writeFile, writeFolder } from '../../../src/cli/files/write-file.ts';
import { UsageError } from '../../../src/cli/host.ts';

let folder = '';
const at = (name: string): string => join(folder, name);
beforeEach(() => {
  const made = realpathSync(mkdtempSync(join(tmpdir(), 'write-file-')));
  folder = made;
  onTestFinished(() => rmSync(made, { recursive: true }));
});

test('writeFile writes a new file, and nothing else', () => {
  writeFile(at('a.html'), 'one é');
  expect(readFileSync(at('a.html'), 'utf8')).toBe('one é');
  expect(readdirSync(folder)).toEqual(['a.html']);
});

test('writeFile puts a new file in the place of the old one, with its permissions', () => {
  writeFileSync(at('a.html'), 'one');
  chmodSync(at('a.html'), 0o666);
  linkSync(at('a.html'), at('old.html'));
  writeFile(at('a.html'), 'two');
  expect(readFileSync(at('a.html'), 'utf8')).toBe('two');
  expect(readFileSync(at('old.html'), 'utf8')).toBe('one');
  expect(statSync(at('a.html')).mode & 0o777).toBe(0o666);
});

test('writeFolder leaves nothing behind if a file cannot be written', () => {
  const files = [
    ['a', 'one'],
    ['a/b', 'the file a is in the way'],
  ] as const;
  expect(() => writeFolder(at('new'), files)).toThrow(UsageError);
  expect(readdirSync(folder)).toEqual([]);
});

test('writeFile leaves a symbolic link, and writes the file that it leads to', () => {
  mkdirSync(at('sub'));
  writeFileSync(at('sub/a.html'), 'one');
  symlinkSync('sub/a.html', at('link.html'));
  writeFile(at('link.html'), 'two');
  expect(lstatSync(at('link.html')).isSymbolicLink()).toBe(true);
  expect(readFileSync(at('sub/a.html'), 'utf8')).toBe('two');
  expect(readdirSync(at('sub'))).toEqual(['a.html']);
});

test('writeFile writes to a device directly', () => {
  const before = statSync('/dev/null');
  writeFile('/dev/null', 'two');
  expect(statSync('/dev/null').ino).toBe(before.ino);
});

test('writeFile keeps the old file and no draft if it cannot write the new one, and names the file', () => {
  mkdirSync(at('sub'));
  const long = at(`${'x'.repeat(250)}.html`);
  writeFileSync(long, 'one');
  writeFile(long, 'two');
  expect(readFileSync(long, 'utf8')).toBe('two');
  expect(() => writeFile(at(`${'x'.repeat(256)}`), 'two')).toThrow(/x is too long for a path\. Pass a shorter path\.$/);
  expect(() => writeFile(at('no/a.html'), 'two')).toThrow(
    new UsageError(`${at('no/a.html')} does not exist. Check the path.`),
  );
  // Only the renaming of the draft fails.
  expect(() => writeFile(`${at('new.html')}/`, 'two')).toThrow(UsageError);
  symlinkSync(at('sub'), at('a.html'));
  expect(() => writeFile(at('a.html'), 'two')).toThrow(new UsageError(`${at('a.html')} is a folder. Pass a file.`));
  expect(readdirSync(folder).sort()).toEqual(['a.html', 'sub', `${'x'.repeat(250)}.html`]);
});

test('checkOutputs accepts files that are new or exist, and devices more than once', () => {
  writeFileSync(at('in.jsonl'), '');
  writeFileSync(at('a.html'), '');
  checkOutputs([at('in.jsonl')], [at('a.html'), at('b.svg')]);
  checkOutputs(['-'], [at('a.html')]);
  checkOutputs(['/dev/null'], ['/dev/null', '/dev/null']);
  expect(readdirSync(folder).sort()).toEqual(['a.html', 'in.jsonl']);
});

test('checkOutputs refuses an output that is an input, also through a link', () => {
  writeFileSync(at('in.jsonl'), '');
  symlinkSync('in.jsonl', at('symbolic'));
  linkSync(at('in.jsonl'), at('hard'));
  symlinkSync('.', at('here'));
  const same = ['in.jsonl', './in.jsonl', 'symbolic', 'hard', 'here/in.jsonl'].map((name) => `${folder}/${name}`);
  for (const path of [...same, relative('', at('in.jsonl'))]) {
    expect(() => checkOutputs([at('in.jsonl')], [path])).toThrow(
      new UsageError(`${path} cannot be written: it is the input ${at('in.jsonl')}. Pass another path.`),
    );
    expect(() => checkOutputs([path], [at('in.jsonl')])).toThrow(`it is the input ${path}. `);
  }
  // The reader reports that the input does not exist.
  expect(() => checkOutputs([at('new')], [at('here/new')])).toThrow('it is the input');
});

test('checkOutputs refuses an output that is given twice, also through a link', () => {
  symlinkSync('.', at('here'));
  for (const path of [at('a.svg'), `${folder}/./a.svg`, at('here/a.svg')]) {
    expect(() => checkOutputs([], [at('a.svg'), path])).toThrow(
      new UsageError(`${path} cannot be written: it is the same file as the output ${at('a.svg')}. Pass another path.`),
    );
  }
});

test('checkOutputs refuses a folder, a file in no folder, and what the system refuses', () => {
  writeFileSync(at('a.html'), '');
  const refuses = (path: string) => expect(() => checkOutputs([], [path]));
  refuses(folder).toThrow(new UsageError(`${folder} is a folder. Pass a file.`));
  refuses(at('no/a.html')).toThrow(
    new UsageError(
      `${at('no/a.html')} cannot be written: its folder does not exist. Create the folder, or pass another path.`,
    ),
  );
  refuses(at('a.html/b')).toThrow('a part of the path is a file, not a folder');
  refuses(at('x'.repeat(300))).toThrow('is too long for a path');
});

test('checkOutputs refuses an empty path, -, and a broken link', () => {
  symlinkSync('nowhere', at('dangling.svg'));
  const refuses = (path: string, message: string) =>
    expect(() => checkOutputs([], [path])).toThrow(new UsageError(message));
  refuses('', 'The path of an output is empty. Pass the path of a file.');
  refuses('-', '- cannot be used as an output. Pass a file, or /dev/stdout.');
  refuses(at('dangling.svg'), `${at('dangling.svg')} is a broken symbolic link. Pass the path of a file.`);
});

test('checkOutputs refuses a path that ends like a folder', () => {
  expect(() => checkOutputs([], [`${at('a.svg')}/`])).toThrow(
    new UsageError(`${at('a.svg')}/ is a folder. Pass a file.`),
  );
});

test('writeFile replaces a file in /dev that is not an output of the process', () => {
  if (!existsSync('/dev/shm')) return;
  const file = join(mkdtempSync('/dev/shm/write-file-'), 'a.svg');
  onTestFinished(() => rmSync(dirname(file), { recursive: true }));
  for (const text of ['first', 'second']) writeFile(file, text);
  expect(readFileSync(file, 'utf8')).toBe('second');
});
