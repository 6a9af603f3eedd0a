// @ts-check
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

/**
 * A package as it is in its tarball.
 *
 * @typedef {object} Package
 * @property {readonly { readonly path: string, readonly text: string }[]} files
 * @property {number} packed The size of the tarball, in bytes.
 * @property {number} unpacked The size of its files, in bytes.
 * @property {readonly string[]} bundled The names of the packages whose code is in dist.
 * @property {readonly string[]} secrets Texts that name the machine of the build, and that no file may contain.
 */

/** The most that the package may have, in bytes. */
const limits = { packed: 450_000, unpacked: 1_800_000 };

/** Files that the package must contain, besides those that package.json names and those that the README links to. */
const required = ['LICENSE', 'dist/llms.txt', 'dist/vectors.json.br', 'dist/check-report.schema.json'];

const entries = 'index|evidence|history|policy|emulator|server|testing';
const expected = [
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
  /^bench\/(README\.md|\w+\.svg)$/,
  /^src\/\w+\/(README\.md|\w+\.svg)$/,
  /^dist\/(cli\.js|llms\.txt|vectors\.json\.br|check-report\.schema\.json|cjs\/package\.json)$/,
  /^dist\/(cjs\/)?policy-(import|report)\.d\.ts$/,
  new RegExp(`^dist/(cjs/)?(${entries})\\.(js|d\\.ts)$`),
  /^dist\/(cjs\/)?npm-install-[\w-]+\.js$/,
  /^dist\/(cjs\/)?[\w-]+-[\w-]{8}\.(js|d\.ts)$/,
];

/**
 * Returns what is wrong with a package, in sentences.
 *
 * @param {Package} tarball
 * @returns {readonly string[]}
 */
export function packageProblems({ files, packed, unpacked, bundled, secrets }) {
  const textOf = (/** @type {string} */ path) => files.find((file) => file.path === path)?.text ?? '';
  const manifest = JSON.parse(textOf('package.json'));
  // The files of tests that package.json names.
  const named = manifest.files.filter((/** @type {string} */ path) => path.startsWith('test/'));
  const linked = [...textOf('README.md').matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = '']) => path);
  const isExpected = (/** @type {string} */ path) =>
    expected.some((pattern) => pattern.test(path)) || named.includes(path);
  const newest = /^## \[?([^\]\s]+)/m.exec(textOf('CHANGELOG.md'))?.[1];
  const licence = new Set(textOf('LICENSE').match(/[\w@/.-]*\w/g));

  return [
    ...(newest === manifest.version
      ? []
      : [`The newest heading of CHANGELOG.md is "${newest}", but package.json has the version ${manifest.version}.`]),
    ...(packed > limits.packed ? [`The tarball has ${packed} bytes. The limit is ${limits.packed}.`] : []),
    ...(unpacked > limits.unpacked
      ? [`The unpacked files have ${unpacked} bytes. The limit is ${limits.unpacked}.`]
      : []),
    ...files
      .filter(({ path }) => !isExpected(path))
      .map(
        ({ path }) =>
          `${path} is not expected in the package. Leave it out, or add it to test/release/package-problems.js.`,
      ),
    ...files.flatMap(({ path, text }) => {
      const found = [/\/(?:home|Users)\/\w+\//, /[A-Z]:\\+Users\\/].map((pattern) => pattern.exec(text)?.[0]);
      const names = [
        ...secrets.filter((secret) => text.includes(secret)),
        ...found.filter((name) => name !== undefined),
      ];
      return [
        ...(path.endsWith('.map') || /^\/[/*][#@] sourceMappingURL=/m.test(text)
          ? [`${path} is or names a source map.`]
          : []),
        ...names.map((name) => `${path} contains "${name}", which tells where it was built.`),
      ];
    }),
    ...[...new Set([...targetsOf(manifest), ...named, ...linked, ...required])]
      .filter((target) => !files.some(({ path }) => path === target))
      .map((target) => `${target} is not in the package.`),
    ...(bundled.length > 0 ? [] : ['The list of bundled packages is empty.']),
    ...bundled
      .filter((name) => !licence.has(name))
      .map((name) => `LICENSE does not name ${name}, which is bundled. Add its licence.`),
  ];
}

/**
 * The files of an unpacked tarball, with their texts. The archive of vectors is decompressed.
 *
 * @param {string} folder
 * @returns {Package['files']}
 */
export function filesIn(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const bytes = readFileSync(path);
      return { path: relative(folder, path), text: `${path.endsWith('.br') ? brotliDecompressSync(bytes) : bytes}` };
    });
}

/**
 * The files that package.json names, with the types that compilers find next to them.
 *
 * @param {{ readonly [field: string]: unknown }} manifest
 */
function targetsOf({ main, types, bin, exports, typesVersions }) {
  const exported = stringsIn(exports);
  const typed = exported.filter((target) => target.endsWith('.js')).map((target) => target.replace(/js$/, 'd.ts'));
  return [main, types, bin, typesVersions]
    .flatMap(stringsIn)
    .concat(exported, typed)
    .map((path) => path.slice(2));
}

/**
 * @param {unknown} value
 * @returns {readonly string[]}
 */
function stringsIn(value) {
  if (typeof value === 'string') return [value];
  return Object.values(Object(value)).flatMap(stringsIn);
}
