// @ts-check
// npm run release:check                    builds, packs, checks the package, and tries it in every project of projects.js
// npm run release:check -- jest vitest     tries it in these projects only
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { filesIn, packageProblems } from './package-problems.js';
import { projects } from './projects.js';

/** @import { Project, Step } from './projects.js' */

/** A new user waits at most this long for the first output, in seconds. */
const patience = 120;
/** How much larger than its limit in package.json a bundle of any bundler may be. */
const slack = 1.1;

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !projects.some((project) => project.name === name));
if (unknown !== undefined) {
  const names = projects.map(({ name }) => name).join(', ');
  console.error(`"${unknown}" is not a project. Pass one or more of ${names}, or nothing to try all.`);
  process.exit(2);
}

const home = mkdtempSync(join(tmpdir(), 'secret-stages-release-'));
const { tarball, problems } = checkPackage();
for (const problem of problems) console.log(`package: ${problem}`);

const chosen = projects.filter(({ name }) => asked.length === 0 || asked.includes(name));
const tried = chosen.map((project) => {
  process.stderr.write(`${project.name} …\n`);
  return { project, ...tryProject(project) };
});

console.log(
  table([
    ['project', 'tools', 'result', 'first output', 'total'],
    ...tried.map(({ project, failures, first, all }) => [
      project.name,
      project.tools.join(' '),
      failures.length > 0 ? 'FAILS' : ['passes', ...notesOf(project)].join('; '),
      `${first.toFixed(0)} s`,
      `${all.toFixed(0)} s`,
    ]),
  ]),
);
const measured = tried.flatMap(({ project, sizes }) => sizes.map((size) => [project.name, ...size]));
if (measured.length > 0) console.log(table([['bundler', 'bundle', 'bytes, gzipped', 'limit'], ...measured]));
const failed = [...problems, ...tried.flatMap(({ failures }) => failures)];
for (const failure of tried.flatMap(({ failures }) => failures)) console.log(`\n${failure}`);
if (failed.length === 0) rmSync(home, { recursive: true });
else {
  console.log(`\nFailed: ${failed.length}. The projects are kept in ${home}.`);
  process.exitCode = 1;
}

/** Builds and packs, and returns the tarball and what is wrong with it. */
function checkPackage() {
  const pack = ['pack', '--json', '--pack-destination', home];
  const [packed] = JSON.parse(execFileSync('npm', pack, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
  const tarball = join(home, packed.filename);
  execFileSync('tar', ['-xzf', tarball, '-C', home]);
  const files = filesIn(join(home, 'package'));
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  console.log(`The tarball has ${files.length} files: ${packed.size} bytes packed, ${packed.unpackedSize} unpacked.`);
  const problems = packageProblems({
    files,
    packed: packed.size,
    unpacked: packed.unpackedSize,
    bundled: JSON.parse(readFileSync('reports/bundled.json', 'utf8')),
    // These name this machine.
    secrets: [process.cwd(), `${homedir()}/`, hostname(), new URL(registry).hostname].filter(
      (name) => name.length > 5 && name !== 'localhost',
    ),
  });
  return { tarball, problems };
}

/**
 * Installs the tarball and the tools in an empty folder, and runs the steps.
 *
 * @param {Project} project
 */
function tryProject({ name, tools, fields = {}, files = {}, steps, bundles = {} }) {
  const folder = join(home, 'projects', name);
  /** @type {string[]} */
  const failures = [];
  for (const [file, text] of Object.entries({
    'package.json': JSON.stringify({ private: true, ...fields }),
    ...files,
  })) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const install = `npm install --no-audit --no-fund --prefer-offline ${[tarball, ...tools].join(' ')}`;
  let first = Number.NaN;
  for (const step of [{ run: install, prints: /^/ }, ...steps]) {
    const failure = failureOf(step, folder);
    if (failure !== undefined) failures.push(`${name}: ${failure}`);
    if (step === steps[0]) first = seconds();
  }
  if (first > patience)
    failures.push(`${name}: the first output took ${first.toFixed(0)} s. The limit is ${patience} s.`);
  const sizes = Object.entries(bundles).flatMap(([bundle, { limit }]) => {
    const file = join(folder, `out/${bundle}.js`);
    // The failed step says why.
    if (!existsSync(file)) return [];
    const size = gzipSync(readFileSync(file), { level: 9 }).length;
    if (size > slack * limit)
      failures.push(
        `${name}: ${bundle} has ${size} bytes gzipped, more than ${slack} times its limit of ${limit} in package.json.`,
      );
    return [[bundle, `${size}`, `${limit}`]];
  });
  return { failures, first, all: seconds(), sizes };
}

/**
 * Runs a step. Returns what differs from what is expected.
 *
 * @param {Step} step
 * @param {string} folder
 */
function failureOf({ run, prints, exits = 0 }, folder) {
  const { FORCE_COLOR, NODE_OPTIONS, ...env } = process.env;
  const path = [resolve(folder, 'node_modules/.bin'), env['PATH']].join(delimiter);
  const { status, stdout } = spawnSync('sh', ['-c', `exec 2>&1; ${run}`], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...env, PATH: path, NO_COLOR: '1' },
    timeout: 300_000,
  });
  const matches = typeof prints === 'string' ? stdout === prints : prints.test(stdout);
  if (status === exits && matches) return undefined;
  return [
    run,
    `expected: exit code ${exits}, and ${prints || 'no output'}`,
    `found: ${status === null ? 'no end within 300 s' : `exit code ${status}`}, and ${stdout}`,
  ].join('\n');
}

/** @param {Project} project */
function notesOf({ steps }) {
  return steps.flatMap(({ note }) => note ?? []);
}

/** @param {readonly (readonly string[])[]} rows */
function table(rows) {
  const [head = []] = rows;
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |`;
  return ['', line(head), line(head.map(() => '---')), ...rows.slice(1).map(line)].join('\n');
}
