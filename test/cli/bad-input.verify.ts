import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';

// Each command of the built package with each kind of bad input. The last test writes down what each printed, for people.

interface Row {
  readonly command: string;
  readonly kind: string;
  readonly args: readonly string[];
  readonly code: number;
  /** What the shell adds, such as a reader exits early. */
  readonly shell?: string;
}

/** The files that stand for each kind of input. */
const files = {
  missing: 'missing.json',
  empty: 'empty.json',
  folder: 'folder',
  binary: 'binary.json',
  huge: 'huge.json',
  deep: 'deep.json',
  'UTF-16': 'utf-16.json',
  'invalid UTF-8': 'latin-1.json',
  'not JSON': 'broken.json',
  'not a secret': 'list.json',
} as const;

/** How a command reads a file. */
const readers: readonly (readonly [command: string, argsFor: (file: string) => readonly string[]])[] = [
  ['check', (file) => [file]],
  ['check --policy', (file) => ['good.jsonl', '--policy', file]],
  ['check --cloud', (file) => ['good.jsonl', '--cloud', `./${file}`]],
  ['plan', (file) => [file, '--prune']],
  ['plan --policy', (file) => ['good.jsonl', '--prune', '--policy', file]],
  ['plan --cloud', (file) => ['good.jsonl', '--prune', '--cloud', `./${file}`]],
  ['replay', (file) => [file]],
  ['replay --cloud', (file) => ['good.jsonl', '--cloud', `./${file}`]],
  ['dialects', (file) => [`./${file}`]],
  ['serve --credentials', (file) => ['--credentials', file]],
];

const nothingListening = ['http://127.0.0.1:49151', '--project', 'p', '--token', 't'] as const;
/** What a shell does to stop a server. */
const stopped = (output: string) => `${output} & sleep 2; kill $!; wait $!`;

const whole: readonly Row[] = [
  ...['check', 'plan', 'replay', 'dialects', 'serve', 'conform', 'completion', 'manual', 'help'].map(
    (command): Row => ({ command, kind: 'wrong option', args: ['--wrng'], code: 2 }),
  ),
  ...['check', 'plan', 'dialects'].map(
    (command): Row => ({ command, kind: 'wrong value', args: ['--format', 'xml'], code: 2 }),
  ),
  ...['check', 'plan', 'replay'].flatMap((command): readonly Row[] => [
    { command, kind: 'missing value', args: ['--cloud'], code: 2 },
    { command, kind: 'option given twice', args: ['--cloud', 'a', '--cloud', 'b'], code: 2 },
  ]),
  { command: 'plan', kind: 'no action', args: ['good.jsonl'], code: 2 },
  { command: 'serve', kind: 'port in use', args: ['--port', '49152'], code: 2 },
  { command: 'serve --data', kind: 'read-only', args: ['--data', 'read-only'], code: 2 },
  { command: 'serve --data', kind: 'file, not folder', args: ['--data', 'good.jsonl'], code: 2 },
  { command: 'serve', kind: 'invalid port', args: ['--port', 'http'], code: 2 },
  { command: 'conform', kind: 'missing', args: [], code: 2 },
  { command: 'conform', kind: 'not a URL', args: ['folder', '--project', 'p', '--token', 't'], code: 2 },
  {
    command: 'conform',
    kind: 'nothing listening',
    args: ['http://127.0.0.1:49151', '--project', 'p', '--token', 't'],
    code: 2,
  },
  { command: 'completion', kind: 'missing', args: [], code: 2 },
  { command: 'completion', kind: 'unknown name', args: ['tcsh'], code: 2 },
  { command: 'manual', kind: 'unknown name', args: ['chek'], code: 2 },
  { command: 'help', kind: 'unknown name', args: ['chek'], code: 2 },
  { command: 'replay --html', kind: 'folder', args: ['good.jsonl', '--html', 'folder'], code: 2 },
  { command: 'replay --html', kind: 'missing folder', args: ['good.jsonl', '--html', 'none/x.html'], code: 2 },
  { command: 'replay --html', kind: 'read-only', args: ['good.jsonl', '--html', 'read-only/x.html'], code: 2 },
  { command: 'replay --html', kind: 'its input', args: ['good.jsonl', '--html', './good.jsonl'], code: 2 },
  {
    command: 'replay --html',
    kind: 'two outputs, one path',
    args: ['good.jsonl', '--html', 'x', '--svg', './x'],
    code: 2,
  },
  {
    command: 'conform --junit',
    kind: 'read-only',
    args: ['http://127.0.0.1:49151', '--project=p', '--token=t', '--junit', 'read-only/x.xml'],
    code: 2,
  },
];

// The verdict of each, and what its output is led to.
const verdicts: readonly (readonly [command: string, args: readonly string[], code: number])[] = [
  ['check', ['stuck.jsonl'], 1],
  ['plan', ['good.jsonl', '--remove', 'SYSCURRENT'], 1],
  ['replay', ['good.jsonl'], 1],
  ['dialects', [], 0],
  ['completion', ['bash'], 0],
  ['manual', [], 0],
  ['help', [], 0],
];

const rows: readonly Row[] = [
  ...readers.flatMap(([command, argsFor]) =>
    Object.entries(files).map(([kind, file]): Row => ({ command, kind, args: argsFor(file), code: 2 })),
  ),
  ...whole,
  ...['check', 'replay'].flatMap((command) =>
    Object.entries(files)
      .filter(([kind]) => kind !== 'missing' && kind !== 'folder')
      .map(([kind, file]): Row => ({ command: `${command} <`, kind, args: [], code: 2, shell: `< ${file}` })),
  ),
  { command: 'serve', kind: 'full disk', args: [], code: 141, shell: stopped('> /dev/full') },
  { command: 'serve', kind: 'reader exits early', args: [], code: 0, shell: stopped('> >(true)') },
  { command: 'conform', kind: 'full disk', args: [...nothingListening], code: 2, shell: '> /dev/full' },
  { command: 'conform', kind: 'full disk on stderr', args: [...nothingListening], code: 2, shell: '2> /dev/full' },
  ...verdicts.flatMap(([command, args, code]): readonly Row[] => [
    { command, kind: 'reader exits early', args, code, shell: '| true; exit $PIPESTATUS' },
    { command, kind: 'closed output', args, code, shell: '>&-' },
    { command, kind: 'full disk', args, code: code || 141, shell: '> /dev/full' },
    { command, kind: 'full disk on stderr', args, code, shell: '> /dev/null 2> /dev/full' },
  ]),
];

const folder = mkdtempSync(join(tmpdir(), 'bad-input-'));
// The permissions of files do not bind root.
const uid = process.getuid?.() === 0 ? 65_534 : undefined;
const printed = new Map<Row, string>();

beforeAll(() => {
  cpSync('test/transcripts/rotation.jsonl', join(folder, 'good.jsonl'));
  cpSync('test/transcripts/stuck-rotation.jsonl', join(folder, 'stuck.jsonl'));
  const contents = {
    empty: '',
    binary: Buffer.from([0x7b, 0, 1, 2, 0xff]),
    deep: '['.repeat(100_000),
    'UTF-16': Buffer.from('{"name": "db"}', 'utf16le'),
    'invalid UTF-8': Buffer.from('{"name": "dbé"}', 'latin1'),
    'not JSON': '{\n "name": "db",\n}\n',
    'not a secret': '[]',
  };
  for (const [kind, content] of Object.entries(contents))
    writeFileSync(join(folder, Object.entries(files).find(([one]) => one === kind)?.[1] ?? ''), content);
  writeFileSync(join(folder, files.huge), '');
  // A file with a hole: it takes no room on the disk.
  truncateSync(join(folder, files.huge), 600_000_000);
  for (const name of [files.folder, 'read-only']) mkdirSync(join(folder, name));
  if (uid) for (const file of [folder, join(folder, 'good.jsonl')]) chownSync(file, uid, uid);
  chmodSync(join(folder, 'read-only'), 0o555);
});
const busy = createServer();
beforeAll(() => new Promise<void>((resolve) => busy.listen(49_152, '127.0.0.1', resolve)));
afterAll(() => {
  busy.close();
  rmSync(folder, { recursive: true });
});

const hasFullDisk = existsSync('/dev/full');
const tried = hasFullDisk ? rows : rows.filter(({ kind }) => !kind.startsWith('full disk'));

test.each(tried)('$command refuses or survives: $kind', (row) => {
  const { command, args, code, shell = '' } = row;
  const line = ['"$0"', '"$@"', shell].join(' ');
  const words = ['-c', line, process.execPath, resolve('dist/cli.js'), ...command.split(' ').slice(0, 1)];
  const { status, stderr } = spawnSync('bash', [...words, ...args], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 50_000,
    input: '',
    ...(uid && { uid }),
  });
  expect({ code: status, stderr }).toEqual({
    code,
    stderr: expect.not.stringMatching(/\n {4}at |\b(ENOENT|EISDIR|EACCES|EPERM|EADDRINUSE)\b/),
  });
  if (shell === '' || shell.startsWith('<')) {
    expect(stderr).toMatch(/^secret-stages: .+\n( {2}.+\n)*Usage: secret-stages .+\nHelp: secret-stages help \w+\n$/m);
  }
  printed.set(row, (stderr.split('\nUsage:')[0] ?? '').replace(/conform-[\da-f]{8}/, 'conform-…'));
});

test.skipIf(!hasFullDisk)('bad-input.md has what the commands print', async () => {
  const cells = rows.map((row) => {
    const text = (printed.get(row) ?? '')
      .replaceAll(/\s*\n\s*/g, '<br>')
      .replace(/^secret-stages: /, '')
      .replaceAll('|', '\\|')
      .trim();
    return [row.command, row.kind, `${row.code}`, text === '' ? '–' : text];
  });
  const lines = cells.map((row) => `| ${row.join(' | ')} |`).join('\n');
  const page = `# Bad input

What each command prints for each kind of bad input. \`bad-input.verify.ts\` runs each row on the built package and writes this page.

| command | bad input | exit code | standard error |
| --- | --- | --- | --- |
${lines}
`;
  await expect(page).toMatchFileSnapshot('bad-input.md');
});
