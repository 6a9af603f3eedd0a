import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { expect, onTestFinished, test } from 'vitest';

const rotation = 'test/transcripts/rotation.jsonl';
// The permissions of files do not bind root.
const uid = process.getuid?.() === 0 ? 65_534 : undefined;

/** Runs the built command as a process of its own. */
const runBuilt = async (args: readonly string[], input: Iterable<Buffer> = []) => {
  const child = spawn(process.execPath, ['dist/cli.js', ...args], { ...(uid && { uid }) });
  const outputs = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  // A command that refuses its input does not read the rest of it.
  await pipeline(Readable.from(input), child.stdin).catch(() => undefined);
  const [out, err, [code]] = await outputs;
  return { code, out, err };
};

const freshFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'files-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  if (uid) chownSync(folder, uid, uid);
  return folder;
};

const mebibytes = function* (count: number) {
  for (let index = 0; index < count; index++) yield Buffer.alloc(2 ** 20, 'x');
};

test('a line of 600 MB and a file of 300 MB are refused in one sentence', async () => {
  expect(await runBuilt(['replay'], mebibytes(600))).toEqual({
    code: 2,
    out: '',
    err: 'secret-stages: standard input:1 is longer than 64 MiB. Put each call on a separate line.\nUsage: secret-stages replay [FILE] [OPTION…]\nHelp: secret-stages help replay\n',
  });
  const { code, err } = await runBuilt(['check'], mebibytes(300));
  expect(code).toBe(2);
  expect(err).toContain('secret-stages: standard input is larger than 256 MiB. Pass a smaller file.\n');
});

test('a picture goes to /dev/stdout after what is printed, whether that is a pipe or a file', async () => {
  const file = join(freshFolder(), 'out.txt');
  const command = `"$0" dist/cli.js replay ${rotation} --svg /dev/stdout`;
  const written = [`${command} | cat > "$1"`, `${command} > "$1"`].map(async (line) => {
    const output = `${file}${line.length}`;
    await once(spawn('sh', ['-c', line, process.execPath, output]), 'close');
    return readFileSync(output, 'utf8');
  });
  const [piped, redirected] = await Promise.all(written);
  expect(piped).toMatch(/^13 calls played: .*\n.*\n<svg .*<\/svg>\n$/s);
  expect(redirected).toBe(piped);
});

test('the command names a file without permission, and does nothing else', async () => {
  const folder = freshFolder();
  const file = join(folder, 'locked');
  writeFileSync(file, '{}');
  chmodSync(file, 0);
  const refused = (path: string) =>
    `${path} cannot be accessed, because you do not have permission. Change its permissions or those of its folder.\n`;
  expect((await runBuilt(['check', file])).err).toContain(refused(file));
  expect((await runBuilt(['replay', file])).err).toContain(refused(file));
  expect(await runBuilt(['replay', rotation, '--svg', file])).toMatchObject({ code: 2, out: '' });
  chmodSync(folder, 0o555);
  onTestFinished(() => chmodSync(folder, 0o755));
  const page = join(folder, 'page.html');
  const unwritten = await runBuilt(['replay', rotation, '--html', page]);
  expect(unwritten).toMatchObject({ code: 2, out: '', err: expect.stringContaining(refused(page)) });
  const unkept = await runBuilt(['serve', '--data', folder]);
  expect(unkept).toMatchObject({ code: 2, out: '', err: expect.stringContaining(refused(folder)) });
  chmodSync(folder, 0o111);
  expect((await runBuilt(['check', folder])).err).toContain(refused(folder));
});

test('an output that the shell opened as standard input is refused, and stays as it was', async () => {
  const file = join(freshFolder(), 'rotation.jsonl');
  const transcript = readFileSync(rotation, 'utf8');
  writeFileSync(file, transcript);
  chmodSync(file, 0o666);
  const child = spawn('sh', ['-c', '"$0" dist/cli.js replay --svg "$1" < "$1"', process.execPath, file], {
    ...(uid && { uid }),
  });
  const outputs = Promise.all([text(child.stderr), once(child, 'close')]);
  const [err, [code]] = await outputs;
  expect({ code, err }).toMatchObject({
    code: 2,
    err: expect.stringContaining(`${file} cannot be written: it is the input standard input. Pass another path.`),
  });
  expect(readFileSync(file, 'utf8')).toBe(transcript);
});

test('a subfolder that cannot be listed is named, and a pipe in a folder is not waited for', async () => {
  const folder = freshFolder();
  mkdirSync(join(folder, 'locked'));
  chmodSync(join(folder, 'locked'), 0);
  onTestFinished(() => chmodSync(join(folder, 'locked'), 0o755));
  expect(await runBuilt(['check', folder])).toMatchObject({
    code: 2,
    err: expect.stringContaining(`${folder}/locked/ cannot be accessed, because you do not have permission.`),
  });
  const pipes = freshFolder();
  await once(spawn('mkfifo', [join(pipes, 'pipe.json')]), 'close');
  expect(await runBuilt(['check', pipes])).toMatchObject({
    code: 2,
    err: expect.stringContaining(
      `${join(pipes, 'pipe.json')} is not a regular file. Move it out of the folder, or pass the files by name.`,
    ),
  });
});

test('a file that takes only the beginning of the output gives exit code 141', async () => {
  const file = join(freshFolder(), 'manual.md');
  const line = 'ulimit -f 1; trap "" XFSZ; "$0" dist/cli.js manual > "$1"';
  const child = spawn('bash', ['-c', line, process.execPath, file], { ...(uid && { uid }) });
  const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect({ code, err }).toEqual({
    code: 141,
    err: 'secret-stages: The output could not be written (EFBIG). Is the disk full?\n',
  });
  const whole = join(freshFolder(), 'manual.md');
  await once(spawn('bash', ['-c', '"$0" dist/cli.js manual > "$1"', process.execPath, whole]), 'close');
  expect(readFileSync(whole, 'utf8')).toBe(readFileSync('src/cli/README.md', 'utf8'));
});
