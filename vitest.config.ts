import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// `npm test` runs `*.test.ts`. `npm run verify` also runs `*.verify.ts`: tests that need the built package, a browser, Python, a
// long-running process of their own, or many seconds. `npm run mutate` names the tests it needs.
const { MUTATION_TESTS: asked } = process.env;

/** A mutant is killed by the first test that fails, so the slowest files run last. */
const lastForMutants = ['laws', 'vectors', 'generated-vectors'].map((name) => resolve(`test/${name}.test.ts`));

/** Mutation runs put the slowest files last. Other runs start `*.verify.ts` first, so that no worker waits for one at the end. */
class Order extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) =>
      asked ? lastForMutants.indexOf(moduleId) : -Number(moduleId.endsWith('.verify.ts'));
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
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
    // One worker per core. The files of a worker share one module graph, so each worker loads a module once.
    maxWorkers: '100%',
    isolate: false,
    sequence: { sequencer: Order },
    // Long enough that a busy machine never fails a test.
    testTimeout: 60_000,
    // The AWS SDK would print a warning for Node 20.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    restoreMocks: true,
    // Sets the seeds and run counts, also for tests that call fast-check themselves.
    setupFiles: ['test/property.ts'],
    coverage: {
      include: ['src/**/*.ts'],
      thresholds: { 100: true },
      reporter: [['text', { skipFull: true }]],
    },
  },
});
