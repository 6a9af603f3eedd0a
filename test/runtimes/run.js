// @ts-check
// npm run verify:runtimes                       checks the built package in every runtime
// npm run verify:runtimes -- bun deno           checks it in these, and in the Node that runs this
// npm run verify:runtimes -- --check cli        makes this check only
// npm run verify:runtimes -- --require-browser  fails if there is no browser for `page` and `worker`
// npm run verify:runtimes -- --tarball FILE     checks this package instead
// The runtimes come from npm, once. They are kept in node_modules/.cache/runtimes, or in the folder that RUNTIMES names.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { build } from 'esbuild';
import { findBrowser, noBrowser } from '../browser/find-browser.js';
import { browserResults, browsers } from './browsers.js';
import { cliLines } from './cli-checks.js';
import { knownDifferences } from './known-differences.js';
import { commandOf, processes } from './processes.js';

/** @typedef {import('./checks.js').Result} Result */

const names = [...Object.keys(processes), ...Object.keys(browsers)];
const { asked, only, isBrowserRequired, tarball } = readArguments();
const cache = process.env['RUNTIMES'] ?? 'node_modules/.cache/runtimes';
const home = mkdtempSync(join(tmpdir(), 'secret-stages-runtimes-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
const execute = promisify(execFile);

/** What the running Node prints, by the name of the check. @type {Map<string, readonly string[]>} */
const expected = new Map();
/** @type {string[]} */
const failures = [];
/** The known differences that were seen. */
const seen = new Set();
/** The names of the checks that were made. */
const made = new Set();
/** @type {Record<string, unknown>[]} */
const rows = [];
/** @type {string[]} */
const skipped = [];

await step('package', 'installed and bundled', async () => {
  await installPackage(tarball ?? (await pack()));
  await bundle();
});
for (const name of Object.keys(processes).filter((name) => name === 'node' || asked.includes(name))) {
  await judged(name, async () => {
    const run = await step(name, 'ready', () => commandOf(name, cache));
    const modules = [await inProcess(run, 'mjs'), await inProcess(run, 'cjs')];
    const cli = only.length === 0 || only.includes('cli') ? [await inShell(run)] : [];
    return { version: await versionOf(run), results: [...modules.flat(), ...cli] };
  });
}
for (const name of asked) {
  if (name !== 'page' && name !== 'worker') continue;
  const browser = findBrowser();
  if (browser !== undefined)
    await judged(name, async () => {
      const { version, results } = await browserResults(name, home, browser);
      return { version, results: JSON.parse(results) };
    });
  else if (isBrowserRequired) failures.push(`${name}: ${noBrowser}`);
  else {
    skipped.push(name);
    console.log(`${name}: skipped. ${noBrowser}`);
  }
}
for (const { runtime, check, line } of knownDifferences) {
  const isMade = only.length === 0 || only.includes(check);
  if (isMade && asked.includes(runtime) && !seen.has(line))
    failures.push(
      `${runtime}: ${check} no longer differs at ${line}. Remove it from test/runtimes/known-differences.js.`,
    );
}
for (const check of only.filter((check) => !made.has(check))) failures.push(`There is no check "${check}".`);
console.table(rows);
for (const failure of failures) console.error(`\n${failure}`);
if (failures.length > 0) process.exitCode = 1;
else {
  console.log(`All checks passed, with the same results in ${rows.map(({ runtime }) => runtime).join(', ')}.`);
  if (skipped.length > 0) console.log(`Skipped: ${skipped.join(', ')}.`);
  if (seen.size > 0) console.log(`Known differences: ${seen.size}; see test/runtimes/known-differences.js.`);
}

function readArguments() {
  /** @type {(message: string) => never} */
  const giveUp = (message) => {
    console.error(message);
    process.exit(2);
  };
  const read = () => {
    try {
      const options = /** @type {const} */ ({
        'require-browser': { type: 'boolean' },
        tarball: { type: 'string' },
        check: { type: 'string', multiple: true },
      });
      return parseArgs({ options, allowPositionals: true });
    } catch (error) {
      return giveUp(error instanceof Error ? error.message : `${error}`);
    }
  };
  const { values, positionals } = read();
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) giveUp(`Unknown runtime: ${unknown.join(', ')}. Known runtimes: ${names.join(', ')}.`);
  const { tarball } = values;
  if (tarball !== undefined && !existsSync(tarball))
    giveUp(`The file ${tarball} does not exist. Run \`npm pack\`, or omit --tarball.`);
  return {
    asked: positionals.length > 0 ? positionals : names,
    isBrowserRequired: values['require-browser'] === true,
    only: values.check ?? [],
    tarball,
  };
}

async function pack() {
  const { stdout } = await execute('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', home]);
  return join(home, JSON.parse(stdout)[0].filename);
}

/** @param {string} tarball */
async function installPackage(tarball) {
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const peers = ['fast-check', 'immer', 'libsql'].map((name) => `${name}@${devDependencies[name]}`);
  writeFileSync(join(home, 'package.json'), '{ "private": true }');
  const options = ['--no-audit', '--no-fund', '--prefer-offline'];
  await execute('npm', ['install', ...options, resolve(tarball), ...peers], { cwd: home });
}

/** Bundles the checks. Those for processes import the installed package and its peers; those for browsers contain them. */
async function bundle() {
  const vectors = readdirSync('test/vectors', { recursive: true, encoding: 'utf8' })
    .filter((path) => /^(?!(.*[\\/])?(generated|dialect|schema)).*\.json$/.test(path))
    .flatMap((path) => JSON.parse(readFileSync(join('test/vectors', path), 'utf8')).cases ?? []);
  const recorded = 'test/policy-checker/recorded';
  const recordings = readdirSync(recorded)
    .sort()
    .map((name) => ({ name, json: JSON.parse(readFileSync(join(recorded, name), 'utf8')) }));
  writeFileSync(join(home, 'data.json'), JSON.stringify({ only, vectors, recordings }));

  // The package and its peers stay outside, because they are those of `home`, and not those of this repository.
  const options = {
    bundle: true,
    tsconfigRaw: '{}',
    external: ['secret-stages', 'secret-stages/*', 'fast-check', 'immer', 'libsql'],
    logLevel: /** @type {const} */ ('error'),
  };
  const checks = {
    ...options,
    entryPoints: ['test/runtimes/process-checks.js'],
    platform: /** @type {const} */ ('node'),
  };
  await build({ ...checks, format: 'esm', outfile: join(home, 'process-checks.mjs') });
  await build({ ...checks, format: 'cjs', outfile: join(home, 'process-checks.cjs') });
  const entry = join(home, 'browser-entry.mjs');
  await build({ ...options, format: 'esm', entryPoints: ['test/runtimes/browser-checks.js'], outfile: entry });

  // For browsers, they are bundled from there.
  const { metafile } = await build({
    ...options,
    external: [],
    absWorkingDir: home,
    format: 'esm',
    entryPoints: [entry],
    outfile: join(home, 'browser-checks.js'),
    platform: 'browser',
    metafile: true,
  });
  const ours = Object.keys(metafile.inputs).filter((file) => file.startsWith('node_modules/secret-stages/'));
  if (ours.length === 0) failures.push('The bundle for browsers has no file of the installed package.');
  for (const file of ours) {
    const ofNode = /\b(?:process\.\w|Buffer\b|require\(|node:\w).*/.exec(readFileSync(join(home, file), 'utf8'));
    if (ofNode)
      failures.push(`${file} must run in browsers, but contains "${ofNode[0].slice(0, 100)}", which only Node has.`);
  }
}

/**
 * Runs the checks in a process.
 *
 * @param {readonly [string, ...string[]]} run
 * @param {'mjs' | 'cjs'} end
 * @returns {Promise<readonly Result[]>}
 */
async function inProcess([command, ...args], end) {
  const file = join(home, 'results.json');
  rmSync(file, { force: true });
  await execute(command, [...args, `process-checks.${end}`, 'data.json', file], { cwd: home, timeout: 300_000 });
  const results = JSON.parse(readFileSync(file, 'utf8'));
  return end === 'cjs'
    ? results.map((/** @type {Result} */ result) => ({ ...result, check: `${result.check} by require` }))
    : results;
}

/**
 * Runs the command line in a process.
 *
 * @param {readonly [string, ...string[]]} run
 * @returns {Promise<Result>}
 */
async function inShell(run) {
  const installed = join(home, 'node_modules/secret-stages');
  const { bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  const lines = await cliLines(run, join(installed, bin['secret-stages']));
  return { check: 'cli', ok: true, detail: `${lines.length} commands`, lines };
}

/** @param {readonly [string, ...string[]]} run */
async function versionOf([command]) {
  const { stdout } = await execute(command, ['--version']);
  return /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? stdout;
}

/**
 * Compares the results of a runtime with those of the running Node, which come first.
 *
 * @param {string} name
 * @param {() => Promise<{ version: string, results: readonly Result[] }>} run
 */
async function judged(name, run) {
  const start = performance.now();
  try {
    const { version, results } = await run();
    for (const { check } of results) made.add(check);
    const failed = results.flatMap((result) => {
      const why = result.ok ? differenceOf(name, result) : result.detail;
      return why === undefined ? [] : [`${name} ${version}, ${result.check}: ${why}`];
    });
    failures.push(...failed);
    const passed = `${results.length - failed.length} of ${results.length}`;
    rows.push({ runtime: name, version, passed, seconds: secondsSince(start) });
    console.log(`${name}: ${passed} checks passed, ${secondsSince(start)} s`);
  } catch (error) {
    failures.push(`${name}: the checks could not run. ${error instanceof Error ? error.message : error}`);
    rows.push({ runtime: name, passed: 'none', seconds: secondsSince(start) });
  }
}

/**
 * The first line that differs from the running Node, apart from known differences.
 *
 * @param {string} runtime
 * @param {Result} result
 */
function differenceOf(runtime, { check, lines }) {
  const plain = check.replace(' by require', '');
  const lead = expected.get(plain);
  if (lead === undefined) {
    expected.set(plain, lines);
    return undefined;
  }
  if (lines.length !== lead.length) return `there are ${lines.length} lines, not ${lead.length}`;
  const differing = lines.flatMap((found, index) => {
    const right = lead[index] ?? '';
    return found === right || isKnown(runtime, plain, right) ? [] : [{ number: index + 1, found, right }];
  });
  if (differing.length === 0) return undefined;
  const shown = differing.slice(0, 3).map(({ number, found, right }) => {
    // Lines can be long, and their beginnings equal.
    const same = [...found].findIndex((character, place) => character !== right[place]);
    const part = (/** @type {string} */ line) => line.slice(Math.max(0, same - 150)).slice(0, 400);
    return `\n  line ${number}\n    expected: ${part(right)}\n    found:    ${part(found)}`;
  });
  return `${differing.length} of ${lines.length} lines differ from Node ${process.version}.${shown.join('')}`;
}

/**
 * @param {string} runtime
 * @param {string} check
 * @param {string} lead
 */
function isKnown(runtime, check, lead) {
  const known = knownDifferences.filter((one) => one.runtime === runtime && one.check === check && one.line.test(lead));
  for (const { line } of known) seen.add(line);
  return known.length > 0;
}

/**
 * @template T
 * @param {string} name
 * @param {string} done
 * @param {() => Promise<T>} work
 */
async function step(name, done, work) {
  const start = performance.now();
  const result = await work();
  console.log(`${name}: ${done}, ${secondsSince(start)} s`);
  return result;
}

/** @param {number} start */
function secondsSince(start) {
  return Number(((performance.now() - start) / 1000).toFixed(1));
}
