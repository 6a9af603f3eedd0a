import { resolve } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';

// A mutation run reads src with all mutants in it, so the tests that take src for text, and those of the built package
// and the command line, sit it out, and so do the slow ones of the emulator: a part's own tests must kill its mutants.
const sittingOut = [
  'test/architecture.test.ts',
  'test/bench.test.ts',
  'test/examples.test.ts',
  'test/package.test.ts',
  'test/readme.test.ts',
  'test/cli/**',
  'test/server/**',
  'test/rotation/**',
  'test/gallery/**',
  'test/generated-vectors.test.ts',
  'test/vectors-python.test.ts',
  'test/emulator/bad-input.test.ts',
  'test/emulator/model.test.ts',
  'test/emulator/sdk.test.ts',
];
const isMutated = process.env['STRYKER_MUTATOR_WORKER'] !== undefined;

// The tests that stand for somebody else's name the package as they would.
const alias = [
  { find: /^secret-stages$/, replacement: resolve('src/index.ts') },
  { find: /^secret-stages\/(\w+)$/, replacement: resolve('src/$1/index.ts') },
];

export default defineConfig({
  resolve: { alias },
  test: {
    root: '.',
    include: ['test/**/*.test.ts'],
    // A busy machine is no fault of the code: five seconds, which is usual, would be one for the long ones.
    testTimeout: 60_000,
    exclude: [...configDefaults.exclude, ...(isMutated ? sittingOut : [])],
    // One module graph for all files of a run: a thousand runs load fast-check once each instead of twelve times.
    isolate: !isMutated,
    setupFiles: isMutated ? ['test/fixed-seed.ts'] : [],
    coverage: {
      include: ['src/**/*.ts'],
      thresholds: { 100: true },
      reporter: [['text', { skipFull: true }]],
    },
  },
});
