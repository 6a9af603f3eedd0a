import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// `npm test` runs `*.test.ts`. `npm run verify` also runs `*.verify.ts`: tests that need the built package, a second process, a
// browser, or minutes. `npm run mutate` names the tests it needs.
const { MUTATION_TESTS: asked } = process.env;

/** Starts the slow files first, so that no worker is left with one of them at the end. */
class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isSlow = ({ moduleId }: TestSpecification) => moduleId.endsWith('.verify.ts');
    const sorted = await super.sort(files);
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}

export default defineConfig({
  resolve: {
    // Some tests stand for a user's project and import the package by its name.
    alias: [
      { find: /^secret-stages$/, replacement: resolve('src/index.ts') },
      { find: /^secret-stages\/(\w+)$/, replacement: resolve('src/$1/index.ts') },
    ],
  },
  test: {
    include: asked?.split(' ') ?? ['test/**/*.test.ts', 'test/**/*.verify.ts'],
    // One worker per core. The files of a worker share one module graph: importing everything for each file took half the time.
    maxWorkers: '100%',
    isolate: false,
    sequence: { sequencer: SlowFirst },
    // Long enough that a busy machine never fails a test.
    testTimeout: 60_000,
    restoreMocks: true,
    coverage: {
      include: ['src/**/*.ts'],
      thresholds: { 100: true },
      reporter: [['text', { skipFull: true }]],
    },
  },
});
