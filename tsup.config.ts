import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { defineConfig, type Options } from 'tsup';
import { commonJsOf } from './test/common-js.ts';
import { llmsText } from './test/project/llms.ts';
import { vectorsArchive } from './test/vectors-archive.ts';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

const entries = {
  index: 'src/index.ts',
  evidence: 'src/evidence/index.ts',
  history: 'src/history/index.ts',
  policy: 'src/policy/index.ts',
  emulator: 'src/emulator/index.ts',
  server: 'src/server/index.ts',
  testing: 'src/testing/index.ts',
};

/**
 * Parts that get a chunk of their own. npm packs both forms of a file next to each other, and gzip finds a repetition within 32 kB only:
 * with smaller chunks the package is a tenth smaller. A bundler drops the chunk of a cloud that is not used.
 */
const parts = [
  'api/csms/credentials.ts',
  'api/csms/index.ts',
  'api/aws/index.ts',
  'policy/report/to-text.ts',
  'service/index.ts',
  'service/aws/schedule.ts',
  'service/aws/rotation.ts',
  'service/aws/perform.ts',
  'policy/import/index.ts',
  'policy/import/join.ts',
  'policy/rules/index.ts',
  'policy/report/index.ts',
  'testing/arbitraries/index.ts',
  'testing/conformance/index.ts',
  'testing/drivers/index.ts',
];

/** The peers that an entry imports when it is loaded. (`openStore` imports libsql when it is called.) */
const peers = { immer: 'history', 'fast-check': 'testing' };
/** Node and bundlers name the file that imports a missing package, so the name of this file says what to do. */
const fileOf = (peer: string): string => `npm-install-${peer}.js`;

/**
 * The command line must run `conform` without an installed fast-check, which is an optional peer of `secret-stages/testing`. So the
 * modules of src/testing that may use fast-check are built twice: for users, and with a suffix and fast-check inside for the command
 * line. All other modules are shared.
 */
const resolvePeers: Plugin = {
  name: 'resolve-peers',
  setup(build) {
    const suffix = '?with-fast-check';
    const isShared = /src.testing.(drivers|within|words|conformance.(?!index|check|steps))/;
    build.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, importer, pluginData }) => {
      const file = resolve(dirname(importer), path);
      const isAsked = /src.cli/.test(importer) && /src.testing.index\.ts$/.test(file);
      if (!isAsked && !(pluginData === suffix && /src.testing/.test(file) && !isShared.test(file))) return undefined;
      return { path: file, suffix, pluginData: suffix, sideEffects: false };
    });
    build.onLoad({ filter: /src.testing.*\.ts$/ }, async ({ path, pluginData }) =>
      pluginData === suffix ? { contents: await readFile(path, 'utf8'), loader: 'ts', pluginData } : undefined,
    );
    build.onResolve({ filter: new RegExp(`^(${Object.keys(peers).join('|')})$`) }, ({ path, pluginData }) =>
      pluginData === suffix ? undefined : { path: `./${fileOf(path)}`, external: true },
    );
  },
};

/** Writes the names of all packages of which dist has a part. A test compares them with LICENSE. */
const listBundled: Plugin = {
  name: 'list-bundled',
  setup(build) {
    build.onEnd(async ({ metafile }) => {
      const inputs = Object.values(metafile?.outputs ?? {}).flatMap(({ inputs }) => Object.entries(inputs));
      const names = inputs.flatMap(([path, { bytesInOutput }]) => {
        const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
        return name !== undefined && bytesInOutput > 0 ? [name] : [];
      });
      await mkdir('reports', { recursive: true });
      await writeFile('reports/bundled.json', JSON.stringify([...new Set(names)].sort()));
    });
  },
};

/** Writes the CommonJS form of a module of dist, and of all that it imports. */
const writeCommonJs = async (file: string, written: Set<string>): Promise<void> => {
  if (written.has(file)) return;
  written.add(file);
  const code = commonJsOf(await readFile(`dist/${file}`, 'utf8'));
  await writeFile(`dist/cjs/${file}`, code);
  for (const [, imported = ''] of code.matchAll(/require\("\.\/([^"]+)"\)/g)) await writeCommonJs(imported, written);
};

const writePeer = async (peer: string, entry: string): Promise<void> => {
  const advice = `secret-stages/${entry} requires ${peer}, which is not installed. Run \`npm install ${peer}\`.`;
  await writeFile(`dist/${fileOf(peer)}`, `// ${advice}\nexport * from '${peer}';\n`);
  await writeFile(
    `dist/cjs/${fileOf(peer)}`,
    `try {
  module.exports = require('${peer}');
} catch (error) {
  throw error.code === 'MODULE_NOT_FOUND' ? new Error('${advice}', { cause: error }) : error;
}
`,
  );
};

export default defineConfig({
  entry: {
    ...entries,
    ...Object.fromEntries(parts.map((part, index) => [`part-${index}`, `src/${part}`])),
    cli: 'src/cli/bin.ts',
  },
  format: 'esm',
  target: 'es2022',
  splitting: true,
  // esbuild would drop the annotations that let bundlers leave out what is unused. Lines stay short, because Node prints the line
  // of an uncaught error.
  minify: 'terser',
  terserOptions: {
    module: true,
    // Inlining would drop the annotations, and joined declarations make a bundle larger once it is compressed.
    compress: {
      defaults: false,
      booleans: true,
      comparisons: true,
      conditionals: true,
      if_return: true,
      properties: true,
    },
    format: { preserve_annotations: true, max_line_len: 160, semicolons: false },
  },
  removeNodeProtocol: false,
  noExternal: Object.keys(peers),
  esbuildPlugins: [resolvePeers, listBundled],
  dts: {
    // The types of the command line are not public. Those of the policy are cut for the same reason as the parts.
    entry: {
      ...entries,
      'policy-import': 'src/policy/import/index.ts',
      'policy-report': 'src/policy/report/index.ts',
    },
    compilerOptions: { ignoreDeprecations: '6.0', lib: ['ES2022', 'WebWorker'], types: ['node', 'expect'] },
  },
  onSuccess: async () => {
    // Their chunks stay; nothing imports these.
    for (const index of parts.keys()) await rm(`dist/part-${index}.js`);
    await mkdir('dist/cjs', { recursive: true });
    await writeFile('dist/cjs/package.json', '{ "type": "commonjs" }\n');
    for (const [peer, entry] of Object.entries(peers)) await writePeer(peer, entry);
    const written = new Set(Object.keys(peers).map(fileOf));
    for (const entry of Object.keys(entries)) await writeCommonJs(`${entry}.js`, written);
    const schema = await readFile('src/policy/report/check-report.schema.json', 'utf8');
    await writeFile('dist/check-report.schema.json', JSON.stringify(JSON.parse(schema)));
    await writeFile('dist/vectors.json.br', vectorsArchive());
    await writeFile('dist/llms.txt', llmsText());
  },
});
