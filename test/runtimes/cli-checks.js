// @ts-check
// What the command line prints in a runtime. `run.js` calls it, and compares the lines with those of the running Node.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs the commands in a runtime, and returns for each its arguments, exit code, standard output and standard error.
 *
 * @param {readonly string[]} runtime The command that runs a script.
 * @param {string} bin The script of the package.
 * @returns {Promise<readonly string[]>}
 */
export async function cliLines(runtime, bin) {
  const folder = filledFolder();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const busy = address !== null && typeof address === 'object' ? `${address.port}` : '';
  const [command = '', ...before] = runtime;
  /** @type {(text: string) => string} */
  const plain = (text) =>
    text
      .replaceAll(folder, 'FOLDER')
      .replaceAll(busy, 'BUSY')
      .replaceAll(/conform-[\da-f]{8}/g, 'conform-PREFIX');

  /** @type {(args: readonly string[], input?: string) => Promise<readonly unknown[]>} */
  const run = (args, input = '') =>
    new Promise((resolve) => {
      const options = { cwd: folder, env, maxBuffer: 2 ** 26, timeout: 60_000 };
      const child = execFile(command, [...before, bin, ...args], options, (error, stdout, stderr) => {
        resolve([args.map(plain), error?.code ?? 0, plain(stdout), plain(stderr)]);
      });
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input);
    });

  const lines = [];
  try {
    for (let first = 0; first < commands.length; first += atOnce)
      lines.push(...(await Promise.all(commands.slice(first, first + atOnce).map((args) => run(args)))));
    lines.push(await run(['serve', '--port', busy]));
    lines.push(
      await run(
        ['check', '-', '--at', '2026-01-01'],
        readFileSync(join(folder, 'recorded/csms-versions.json'), 'utf8'),
      ),
    );
    lines.push(await run(['check', '-'], ''));
    lines.push(await run(['replay', '-'], '{"at": 1}\n'));
    for (const file of ['life.html', 'life.svg', 'vectors/README.md', 'vectors/assign-stage.json']) {
      lines.push([file, existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : 'is missing']);
    }
    lines.push(await intoFile(command, [...before, bin, 'dialects', '--format', 'json'], folder));
    lines.push(...(await served(command, [...before, bin], folder, run)));
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
  const texts = lines.map((line) => JSON.stringify(line));
  // The other lines are compared with those of the running Node, which must not be wrong itself.
  for (const part of mustContain) {
    if (!texts.some((text) => part.test(text))) throw new Error(`No command printed ${part}.`);
  }
  return texts;
}

const mustContain = [
  /^\[\["--version"\],0,"\d+\.\d+\.\d+\\n",""\]$/,
  /^\[\["vectors","vectors"\],0,"Wrote \d+ files\./,
  /^\["life\.svg","<svg /,
  /^\[0,"Comparing URL with the model\..*No law was broken/,
  /^\["after SIGTERM",0,null\]$/,
];

const { HOME = tmpdir(), PATH = '' } = process.env;
const env = { HOME, PATH, NO_COLOR: '1', CSMS_TOKEN: 'any', DENO_NO_UPDATE_CHECK: '1' };
const at = ['--at', '2026-01-01'];

/** How many commands run at the same time. */
const atOnce = 4;

const commands = [
  [],
  ['--version'],
  ['help'],
  ['help', 'check'],
  ['manual', 'replay'],
  ['completion', 'bash'],
  ['completion', 'fish'],
  ['dialects'],
  ['dialects', 'aws', '--format', 'json'],
  ['dialects', '--format', 'markdown'],
  ['replay', 'rotation.jsonl', '--html', 'life.html', '--svg', 'life.svg'],
  ['replay', 'twelve-stages.jsonl'],
  ['replay', 'version-limit.jsonl', '--quiet'],
  ['replay', 'aws-rotation.jsonl', '--format', 'json'],
  ['replay', 'nameless.jsonl'],
  ['check', 'stuck-rotation.jsonl', ...at],
  ['check', 'recorded', ...at],
  ['check', '*-rotation.jsonl', ...at],
  ['check', 'recorded', ...at, '--format', 'json'],
  ['check', 'recorded', ...at, '--format', 'sarif'],
  ['check', 'names.json', ...at],
  ['plan', 'stuck-rotation.jsonl', '--assign', 'SYSCURRENT=v1', ...at],
  ['plan', 'rotation.jsonl', '--remove', 'SYSCURRENT', ...at],
  ['plan', 'rotation.jsonl', '--prune', '--keep', '-1', ...at],
  ['vectors', 'vectors'],
  // Invalid input.
  ['chek'],
  ['check'],
  ['check', '--wrng'],
  ['check', '--at'],
  ['check', '--at=never', 'recorded'],
  ['check', '--at', '2026-02-30', 'recorded'],
  ['check', '--color=always', 'recorded'],
  ['check', '-x', 'recorded'],
  ['check', '--format', 'xml', 'recorded'],
  ['check', 'missing.json'],
  ['check', 'missing/*.json'],
  ['check', 'rotation.jsonl/x'],
  ['check', 'x'.repeat(300)],
  ['check', ''],
  ['check', 'empty'],
  ['check', 'loop.json'],
  ['check', 'bad/empty.json'],
  ['check', 'bad/latin-1.json'],
  ['check', 'bad/utf-16.json'],
  ['check', 'bad/binary.json'],
  ['check', 'bad/deep.json'],
  ['check', 'bad/broken.json'],
  ['check', 'bad/twice.json'],
  ['check', 'bad/number.json'],
  ['check', 'recorded', '--policy', 'bad/policy.json'],
  ['check', 'recorded', '--policy', 'recorded'],
  ['replay', 'recorded'],
  ['replay', 'bad/broken.json'],
  ['replay', 'rotation.jsonl', '--html', 'missing/x.html'],
  ['replay', 'rotation.jsonl', '--html', 'recorded'],
  ['replay', 'rotation.jsonl', '--html', './rotation.jsonl'],
  ['replay', 'rotation.jsonl', '--svg', 'loop.json'],
  ['serve', '--port', '70000'],
  ['serve', '--port', '0', '--data', 'rotation.jsonl'],
  ['serve', '--credentials', 'bad/policy.json'],
  ['conform', 'http://127.0.0.1:1', '--project', 'p'],
  ['conform', 'ftp://127.0.0.1', '--project', 'p'],
  ['conform', 'http://127.0.0.1:1', '--project', 'p', '--token', 'a b'],
];

/** A folder with good and bad input. */
function filledFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'secret-stages-cli-'));
  cpSync('test/transcripts', folder, { recursive: true });
  cpSync('test/policy-checker/recorded', join(folder, 'recorded'), { recursive: true });
  for (const name of ['bad', 'empty']) mkdirSync(join(folder, name));
  symlinkSync('loop.json', join(folder, 'loop.json'));
  const version = { create_time: 0, expire_time: null, secret_name: 'db' };
  const strange = ['ß\u{1f511}', '\u202ereversed', 'e\u0301', '\u{1f1e9}\u{1f1ea}', '漢字', '::error::x', '\u{16d40}'];
  const files = {
    'names.json': JSON.stringify({
      version_metadatas: [{ ...version, id: 'v1', version_stages: ['SYSCURRENT', ...strange] }],
    }),
    'nameless.jsonl': strange
      .map((name) =>
        JSON.stringify({
          at: 1_581_507_580_000,
          method: 'PUT',
          path: `/v1/p/secrets/${name}/stages/${name}`,
          body: {},
        }),
      )
      .join('\n'),
    'bad/empty.json': '',
    'bad/latin-1.json': Buffer.from('{"name": "\u00fc"}', 'latin1'),
    'bad/utf-16.json': Buffer.from('\ufeff{}', 'utf16le'),
    'bad/binary.json': '{"a": "\u0000"}',
    'bad/deep.json': '['.repeat(2000),
    'bad/broken.json': '{"a": 1,\n"b": [1 2],\n}',
    'bad/twice.json': '{"a": 1, "a": 2}',
    'bad/number.json': '{"Name": 1e400}',
    'bad/policy.json': '{"rules": {"rollbak": "of"}}',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/**
 * Runs a command with a file as its standard output, which some systems write in part.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} folder
 */
async function intoFile(command, args, folder) {
  const file = join(folder, 'out.txt');
  const out = openSync(file, 'w');
  const child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', out, 'pipe'] });
  const [code] = await once(child, 'close');
  closeSync(out);
  return ['into a file', code, readFileSync(file, 'utf8')];
}

/**
 * Serves an emulator, compares it with the model, and stops it.
 *
 * @param {string} command
 * @param {readonly string[]} before
 * @param {string} folder
 * @param {(args: readonly string[]) => Promise<readonly unknown[]>} run
 */
async function served(command, before, folder, run) {
  const server = spawn(command, [...before, 'serve', '--port', '0', '--data', 'kept'], {
    cwd: folder,
    env,
    timeout: 120_000,
  });
  const closed = once(server, 'close');
  const texts = { stdout: '', stderr: '' };
  for (const name of /** @type {const} */ (['stdout', 'stderr'])) {
    server[name].setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      texts[name] += text;
    });
  }
  const isUp = async () => {
    while (!/http:\S+\s/.test(texts.stdout))
      await Promise.race([once(server.stdout, 'data'), closed.then(() => Promise.reject(new Error('ended')))]);
  };
  /** @type {(text: string, url: string) => string} */
  const same = (text, url) => text.replaceAll(url, 'URL');
  const lines = [];
  try {
    await isUp();
    const [url = ''] = /http:\S+/.exec(texts.stdout) ?? [];
    for (const format of [[], ['--format', 'json']]) {
      const line = await run(['conform', url, '--project', 'p', '--runs', '3', '--seed', '22', ...format]);
      lines.push(line.map((part) => (typeof part === 'string' ? same(part, url) : part)).slice(1));
    }
    const [greeting = ''] = texts.stdout.split(/^(?=\d{4}-)/m);
    lines.push(['serve', same(greeting, url), texts.stderr]);
    server.kill('SIGTERM');
    lines.push(['after SIGTERM', ...(await closed)]);
  } catch (error) {
    lines.push(['serve', `${error}`, texts]);
    server.kill('SIGKILL');
  }
  return lines;
}
