import { expect, test } from 'vitest';
import { type Package, packageProblems } from './package-problems.js';

const manifest = {
  version: '1.2.3',
  main: './dist/cjs/index.js',
  types: './dist/cjs/index.d.ts',
  bin: { tool: './dist/cli.js' },
  exports: { '.': { import: './dist/index.js', require: './dist/cjs/index.js' } },
  typesVersions: { '*': { other: ['./dist/cjs/index.d.ts'] } },
  files: ['dist', 'test/laws.ts'],
};
const texts: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify(manifest),
  'CHANGELOG.md': '# Changelog\n\n## [1.2.3] - 2026-11-30\n\n## [1.2.2] - 2026-11-01\n',
  LICENSE: 'MIT: @noble/hashes (Copyright (c) 2022 Paul Miller), leven.',
  'dist/index.js': 'export {};',
  'dist/index.d.ts': '',
  'dist/cjs/index.js': '',
  'dist/cjs/index.d.ts': '',
  'dist/cjs/npm-install-leven.js': '',
  'dist/cli.js': '',
  'dist/chunk-ABCD1234.js': '',
  'dist/llms.txt': '',
  'dist/vectors.json.br': '',
  'dist/check-report.schema.json': '',
  'test/laws.ts': '',
  'README.md': '[the laws](test/laws.ts#laws), [elsewhere](https://example.com)',
};

/** The problems of that package with other files. A file that is `undefined` is missing. */
const problemsWith = (files: Readonly<Record<string, string | undefined>>, others: Partial<Package> = {}) =>
  packageProblems({
    files: Object.entries({ ...texts, ...files }).flatMap(([path, text]) =>
      text === undefined ? [] : [{ path, text }],
    ),
    packed: 450_000,
    unpacked: 1_800_000,
    bundled: ['@noble/hashes', 'leven'],
    secrets: ['/srv/clone'],
    ...others,
  });

test('packageProblems accepts a package without problems', () => {
  expect(problemsWith({})).toEqual([]);
});

test.each([
  ['CHANGELOG.md', '# Changelog\n\n## Unreleased\n\n## 1.2.3\n', 'The newest heading of CHANGELOG.md is "Unreleased"'],
  ['CHANGELOG.md', '# Changelog\n\n## [1.2.30]\n', 'The newest heading of CHANGELOG.md is "1.2.30"'],
  ['CHANGELOG.md', undefined, 'The newest heading of CHANGELOG.md is "undefined"'],
  ['test/other.ts', '', 'test/other.ts is not expected in the package.'],
  ['dist/metafile-esm.json', '{}', 'dist/metafile-esm.json is not expected in the package.'],
  ['dist/index-ABCD1234.js', '//# sourceMappingURL=x.map', 'dist/index-ABCD1234.js is or names a source map.'],
  ['dist/index.js', 'export {};\n//# sourceMappingURL=index.js.map\n', 'dist/index.js is or names a source map.'],
  ['dist/cli.js', "import '/srv/clone/src/x.ts'", 'dist/cli.js contains "/srv/clone", which tells'],
  ['dist/cli.js', '/home/ann/project', 'dist/cli.js contains "/home/ann/", which tells'],
  ['dist/cli.js', 'C:\\Users\\ann', 'dist/cli.js contains "C:\\Users\\", which tells'],
  ['dist/cli.js', undefined, 'dist/cli.js is not in the package.'],
  ['dist/index.js', undefined, 'dist/index.js is not in the package.'],
  ['dist/cjs/index.d.ts', undefined, 'dist/cjs/index.d.ts is not in the package.'],
  ['test/laws.ts', undefined, 'test/laws.ts is not in the package.'],
  ['dist/llms.txt', undefined, 'dist/llms.txt is not in the package.'],
  ['README.md', '[a manual](src/x/README.md)', 'src/x/README.md is not in the package.'],
  ['LICENSE', 'MIT: @noble/hashes-more, leven', 'LICENSE does not name @noble/hashes, which is bundled.'],
])('packageProblems reports %s with the text %j', (path, text, problem) => {
  expect(problemsWith({ [path]: text })).toEqual([expect.stringContaining(problem)]);
});

test('packageProblems reports a package that is too large', () => {
  expect(problemsWith({}, { packed: 450_001, unpacked: 1_800_001 })).toEqual([
    'The tarball has 450001 bytes. The limit is 450000.',
    'The unpacked files have 1800001 bytes. The limit is 1800000.',
  ]);
});

test('packageProblems reports an empty list of bundled packages, because then nothing was compared', () => {
  expect(problemsWith({}, { bundled: [] })).toEqual(['The list of bundled packages is empty.']);
});
