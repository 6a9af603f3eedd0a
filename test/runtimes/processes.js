// @ts-check
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/**
 * The runtimes with processes, each with its package of npm and the command that runs a script. `node` is the Node that runs this.
 *
 * @type {Readonly<Record<string, { readonly from?: string, readonly run: readonly [string, ...string[]] }>>}
 */
export const processes = {
  node: { run: [process.execPath] },
  node20: { from: 'node@20.20.2', run: ['node'] },
  node22: { from: 'node@22.23.3', run: ['node'] },
  node24: { from: 'node@24.21.0', run: ['node'] },
  node26: { from: 'node@26.10.0', run: ['node'] },
  bun: { from: 'bun@1.4.5', run: ['bun'] },
  deno: { from: 'deno@2.9.6', run: ['deno', 'run', '--allow-all', '--quiet'] },
};

/**
 * The command that runs a script in a runtime, which is installed first if it is not in the folder.
 *
 * @param {string} name
 * @param {string} folder
 * @returns {Promise<readonly [string, ...string[]]>}
 */
export async function commandOf(name, folder) {
  const { from, run } = processes[name] ?? { run: [name] };
  if (from === undefined) return run;
  const home = resolve(folder, from.replace('@', '-'));
  if (!existsSync(home)) await install(from, home);
  const [command, ...args] = run;
  return [join(home, 'node_modules/.bin', command), ...args];
}

/**
 * Installs a package in a folder, which exists only once the package is complete.
 *
 * @param {string} from
 * @param {string} home
 */
async function install(from, home) {
  const draft = `${home}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  // Without it, npm installs in a folder above.
  writeFileSync(join(draft, 'package.json'), '{ "private": true }');
  const options = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts=false'];
  try {
    await promisify(execFile)('npm', ['install', ...options, from], { cwd: draft });
    renameSync(draft, home);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
