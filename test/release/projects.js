// @ts-check
import { readFileSync } from 'node:fs';

/**
 * A project of a user. The tarball is installed in it with these tools, and then its steps run.
 *
 * @typedef {object} Project
 * @property {string} name
 * @property {readonly string[]} tools The packages to install besides the tarball, with versions.
 * @property {Readonly<Record<string, unknown>>} [fields] Fields of its package.json.
 * @property {Readonly<Record<string, string>>} [files]
 * @property {readonly Step[]} steps The first one is what a new user sees first.
 * @property {Readonly<Record<string, Bundle>>} [bundles] The files that its steps write, to be measured.
 *
 * @typedef {object} Step
 * @property {string} run A shell command.
 * @property {string | RegExp} prints What it prints to stdout and stderr: exactly, or at least.
 * @property {number} [exits] Its exit code. If omitted, 0.
 * @property {string} [note] What readers of the table must know about it.
 *
 * @typedef {object} Bundle
 * @property {string} entry The source.
 * @property {string} use An expression that uses the bundle.
 * @property {string} result What that expression prints.
 * @property {number} limit Of the gzipped size, in bytes.
 */

const { version, 'size-limit': limits } = JSON.parse(readFileSync('package.json', 'utf8'));
// What a user gets today. The tests of the project use the versions of its lock file.
const peers = ['fast-check@4.11.0', 'immer@11.2.13', 'libsql@0.5.29'];
const nodeTypes = '@types/node@20.19.43';

// The README says what its examples print.
const blocks = [...readFileSync('README.md', 'utf8').matchAll(/^```(\w+)\n(.*?)^```$/gms)];
const blockOf = (/** @type {string} */ language, /** @type {string} */ part) =>
  blocks.find((block) => block[1] === language && block[2]?.includes(part))?.[2] ?? fail(`The README lost ${part}.`);
const shown = /^(.+); \/\/ '(.+)'$/gm;
const printing = (/** @type {string} */ code) => code.replace(shown, 'console.log($1);');
const printedBy = (/** @type {string} */ code) => [...code.matchAll(shown)].map((match) => `${match[2]}\n`).join('');
const command = blockOf('sh', 'npx secret-stages check');
const finding = blockOf('text', 'stuck-stage');
const model = blockOf('ts', 'tryReduce');
const readme = blockOf('ts', 'createCsmsEmulator') + model;
const required = (/** @type {string} */ code) => code.replace(/^import (.+) from (.+);$/gm, 'const $1 = require($2);');

const sixEntries = `
import { createSecret } from 'secret-stages';
import { evidenceOf } from 'secret-stages/evidence';
import { record, startHistory } from 'secret-stages/history';
import { check } from 'secret-stages/policy';
import { createCsmsEmulator } from 'secret-stages/emulator';
import { openStore, serve } from 'secret-stages/server';

const born = createSecret({ name: 'db', at: 0 });
const { lastRevision } = record(startHistory(born, { at: 0, length: 9 }), { type: 'createVersion', at: 1 });
console.log(typeof evidenceOf, lastRevision, check(born, { at: 3 }).findings.length);
const main = async () => {
  const { url, close } = await serve(createCsmsEmulator({ store: await openStore('store') }));
  const response = await fetch(\`\${url}/v1/p/secrets\`, { headers: { 'X-Auth-Token': 'any' } });
  console.log(response.status);
  await close();
};
main().then(() => process.exit());
`;
const everyEntry = `${sixEntries}
import { stageMatchers } from 'secret-stages/testing';
console.log(stageMatchers.toMark(born, 'SYSCURRENT', 'v1').pass);
`;
const everyEntryPrints = 'function 2 0\ntrue\n200\n';

/** @type {(typescript: string, flags: string, old: Partial<Step>) => Project} */
const typescript = (typescript, flags, old) => {
  const tsc = 'tsc --strict --target es2022 --types node';
  const node10 = `--module es2022 --moduleResolution node10 ${flags} --outDir node10`;
  // The types of fast-check do not compile under node10.
  const kit = [
    {
      run: `${tsc} ${node10} --skipLibCheck entries.ts`,
      prints: '',
      note: 'fast-check under node10 needs skipLibCheck',
    },
    { run: 'node node10/entries.js', prints: everyEntryPrints },
  ];
  return {
    name: `typescript-${typescript}`,
    tools: [`typescript@${typescript}`, nodeTypes, ...peers],
    fields: { type: 'module' },
    files: {
      'first.mts': printing(readme),
      'entries.mts': everyEntry,
      'entries.cts': everyEntry,
      'entries.ts': everyEntry,
      'six.ts': sixEntries,
    },
    steps: [
      { run: `${tsc} --module node16 --outDir out first.mts && node out/first.mjs`, prints: printedBy(readme) },
      { run: `${tsc} --module node16 --outDir out entries.mts entries.cts`, prints: '' },
      { run: 'node out/entries.mjs && node out/entries.cjs', prints: everyEntryPrints.repeat(2) },
      { run: `${tsc} --module es2022 --moduleResolution bundler --outDir bundler entries.ts`, prints: '' },
      { run: 'node bundler/entries.js', prints: everyEntryPrints },
      { run: `${tsc} ${node10} six.ts`, prints: '', ...old },
      ...(old.exits === undefined ? kit : []),
    ],
  };
};

/** A test of the matchers. Compilers check it too, because they check JavaScript. */
const matcherTest = (/** @type {string} */ imports) => `// @ts-check
${imports}
expect.extend(stageMatchers);
const db = secret('db').version('v1', 'SYSPREVIOUS').version('v2', 'SYSCURRENT').build();

test('the matchers pass', async () => {
  expect(db).toMark('SYSCURRENT', 'v2');
  expect(db).not.toBeDeprecated('v2');
  expect(db).toObeyTheLaws();
  expect(db).toRefuse({ type: 'removeStage', stage: 'SYSCURRENT', at: 9000 }, { code: 'BUILT_IN_STAGE' });
  await expect(Promise.resolve(db)).resolves.toMark('SYSCURRENT', 'v2');
});

test('a failure shows the board', () => {
  expect(() => expect(db).toMark('SYSCURRENT', 'v1')).toThrow('v2   SYSCURRENT');
});

test('a missing argument does not compile', () => {
  // @ts-expect-error The version is required.
  expect(() => expect(db).toMark('SYSCURRENT')).toThrow('toMark takes the id of a version');
});
`;
const kit = "import { secret, stageMatchers } from 'secret-stages/testing';";
const checkTypes = 'tsc --noEmit --strict --allowJs --checkJs --target es2022 --module nodenext';
const jest = {
  globals: matcherTest(kit),
  imported: matcherTest(`import { expect, test } from '@jest/globals';\n${kit}`),
};
const jestTools = ['jest@30.5.2', '@types/jest@30.0.0', nodeTypes, 'fast-check@4.11.0'];
/** @type {(types: string) => readonly Step[]} */
const jestTypes = (types) => [
  { run: `${checkTypes} --types jest,node globals.test.js`, prints: '' },
  { run: `${checkTypes} --types ${types} imported.test.js`, prints: '', note: '@jest/globals without @types/jest' },
];

/** @type {Readonly<Record<string, { readonly limit: string, readonly use: string, readonly result: string }>>} */
const uses = {
  'assign-stage': {
    limit: 'assignStage alone',
    use: "kept.assignStage(createSecret({ name: 'db', at: 0 }), { stage: 'blue', versionId: 'v1', at: 1 }).stages.length",
    result: '2',
  },
  'one-cloud': {
    limit: 'one cloud, bound',
    use: "kept.bind(kept.awsSecretsManager).createSecret({ name: 'db', at: 0 }).dialect",
    result: 'aws-secrets-manager',
  },
  core: {
    limit: 'the whole core',
    use: "kept.parseSecretState(kept.createSecret({ name: 'db', at: 0 })).ok",
    result: 'true',
  },
  emulator: {
    limit: 'an emulator of CSMS, for a browser',
    use: "(await kept.createCsmsEmulator().fetch('http://x/v1/p/secrets', { headers: { 'X-Auth-Token': 'any' } })).status",
    result: '200',
  },
};

/** @type {Readonly<Record<string, Bundle>>} */
const bundles = Object.fromEntries(
  Object.entries(uses).map(([name, { limit: title, ...use }]) => {
    const {
      path,
      import: names,
      limit,
    } = limits.find((/** @type {{ name: string }} */ { name }) => name === title) ??
    fail(`"size-limit" in package.json has no "${title}". Name it in test/release/projects.js as it is named there.`);
    const from = path.replace(/^dist\/(\w+)\.js$/, 'secret-stages/$1').replace(/\/index$/, '');
    const imports = names === '*' ? '* as everything' : names;
    const entry = `import ${imports} from '${from}';\nglobalThis.kept = ${names === '*' ? 'everything' : names};\n`;
    return [name, { ...use, entry, limit: 1000 * Number.parseFloat(limit) }];
  }),
);
const names = Object.keys(bundles);

/** @type {(name: string, tools: readonly string[], run: string, files?: Readonly<Record<string, string>>) => Project} */
const bundler = (name, tools, run, files = {}) => ({
  name,
  tools,
  fields: { type: 'module' },
  files: {
    ...Object.fromEntries(names.map((name) => [`entry/${name}.js`, bundles[name]?.entry ?? ''])),
    'use.js': [
      "import { createSecret } from 'secret-stages';",
      ...names.map((name) => `await import('./out/${name}.js');\nconsole.log(${bundles[name]?.use});`),
    ].join('\n'),
    ...files,
  },
  steps: [
    { run, prints: /^/ },
    { run: 'node use.js', prints: names.map((name) => `${bundles[name]?.result}\n`).join('') },
  ],
  bundles,
});
const forEach = (/** @type {string} */ run) => `for name in ${names.join(' ')}; do ${run} || exit; done`;

const without = (/** @type {string} */ call) => `import { ${call} } from 'secret-stages/`;

/** @type {readonly Project[]} */
export const projects = [
  {
    name: 'alone',
    tools: [],
    files: {
      'first.mjs': printing(readme),
      'others.mjs': `for (const entry of ['', '/evidence', '/policy', '/emulator', '/server'])
        console.log(Object.keys(await import(\`secret-stages\${entry}\`)).length > 0);`,
      'history.mjs': `${without('startHistory')}history'; startHistory;`,
      'history.cjs': "require('secret-stages/history');",
      'testing.mjs': `${without('secret')}testing'; secret;`,
      'testing.cjs': "require('secret-stages/testing');",
      'store.mjs': `${without('openStore')}server'; await openStore('store');`,
      'store.cjs': "require('secret-stages/server').openStore('store');",
    },
    steps: [
      { run: 'node first.mjs', prints: printedBy(readme) },
      { run: command, prints: containing(finding), exits: 1 },
      { run: 'secret-stages --version', prints: `${version}\n` },
      { run: 'npm ls --all --parseable', prints: /^.*\n.*\/node_modules\/secret-stages\n$/ },
      { run: 'node others.mjs', prints: 'true\n'.repeat(5) },
      // An ES module cannot catch that its import is missing: the name of the file says what to do.
      { run: 'node history.mjs', prints: /'immer' imported from \S+npm-install-immer\.js/, exits: 1 },
      { run: 'node testing.mjs', prints: /'fast-check' imported from \S+npm-install-fast-check\.js/, exits: 1 },
      {
        run: 'node history.cjs',
        prints: /requires immer, which is not installed\. Run `npm install immer`\./,
        exits: 1,
      },
      { run: 'node testing.cjs', prints: /requires fast-check, .* Run `npm install fast-check`\./, exits: 1 },
      ...['mjs', 'cjs'].map((end) => ({ run: `node store.${end}`, prints: /npm install libsql/, exits: 1 })),
      { run: 'secret-stages vectors vectors && ls vectors/runner.py', prints: /vectors\/runner\.py\n$/ },
    ],
  },
  {
    name: 'esm',
    tools: peers,
    fields: { type: 'module' },
    files: { 'first.js': printing(readme), 'entries.js': everyEntry },
    steps: [
      { run: 'node first.js', prints: printedBy(readme) },
      { run: 'node entries.js', prints: everyEntryPrints },
    ],
  },
  {
    name: 'commonjs',
    tools: peers,
    files: { 'first.js': required(printing(model)), 'entries.js': required(everyEntry) },
    steps: [
      { run: 'node first.js', prints: printedBy(model) },
      { run: 'node entries.js', prints: everyEntryPrints },
    ],
  },
  typescript('5.4.5', '', {}),
  typescript('6.0.3', '--ignoreDeprecations 6.0', { note: 'node10 is deprecated: needs ignoreDeprecations' }),
  typescript('7.0.2', '', { prints: /has been removed/, exits: 2, note: 'TypeScript 7 has no node10' }),
  {
    name: 'jest',
    tools: [...jestTools, 'typescript@6.0.3'],
    files: { 'globals.test.js': required(jest.globals), 'imported.test.js': required(jest.imported) },
    steps: [{ run: 'jest', prints: /^Tests: +6 passed, 6 total$/m }, ...jestTypes('node')],
  },
  {
    name: 'jest-esm',
    tools: [...jestTools, 'typescript@7.0.2'],
    fields: { type: 'module', jest: { transform: {} } },
    files: { 'globals.test.js': jest.globals, 'imported.test.js': jest.imported },
    steps: [
      { run: 'NODE_OPTIONS=--experimental-vm-modules jest', prints: /^Tests: +6 passed, 6 total$/m },
      ...jestTypes('node'),
    ],
  },
  {
    name: 'vitest',
    tools: ['vitest@4.1.12', nodeTypes, 'fast-check@4.11.0', 'typescript@6.0.3'],
    fields: { type: 'module' },
    files: { 'imported.test.js': matcherTest(`import { expect, test } from 'vitest';\n${kit}`) },
    steps: [
      { run: 'vitest run', prints: /^ *Tests +3 passed \(3\)$/m },
      { run: `${checkTypes} --types node imported.test.js`, prints: '' },
    ],
  },
  bundler('esbuild', ['esbuild@0.28.2'], 'esbuild entry/*.js --bundle --minify --format=esm --outdir=out'),
  bundler(
    'rollup',
    ['rollup@4.68.8', '@rollup/plugin-node-resolve@16.0.3', '@rollup/plugin-terser@1.0.2'],
    forEach('rollup -i entry/$name.js -p node-resolve -p terser -o out/$name.js --silent'),
  ),
  bundler('webpack', ['webpack@5.113.0', 'webpack-cli@7.3.1'], 'webpack', {
    'webpack.config.js': `export default ${JSON.stringify(names)}.map((name) => ({
      mode: 'production',
      entry: \`./entry/\${name}.js\`,
      output: { path: import.meta.dirname + '/out', filename: \`\${name}.js\` },
    }));`,
  }),
  bundler('vite', ['vite@8.4.0'], forEach('ENTRY=$name vite build'), {
    'vite.config.js': `export default {
      build: {
        outDir: 'out',
        emptyOutDir: false,
        modulePreload: { polyfill: false },
        rolldownOptions: { input: \`entry/\${process.env.ENTRY}.js\`, output: { entryFileNames: '[name].js' } },
      },
    };`,
  }),
];

/** @param {string} text */
function containing(text) {
  return new RegExp(text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&'));
}

/** @type {(why: string) => never} */
function fail(why) {
  throw new Error(why);
}
