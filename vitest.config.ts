import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

// Two kinds of test, by the end of their names. What needs the built package, a process of its own, a browser or minutes is
// `*.verify.ts`, and `npm test` leaves it out. A mutation run says itself which tests it wants.
const { MUTATION_TESTS: asked } = process.env;

export default defineConfig({
  resolve: {
    // The tests that stand for somebody else's name the package as they would.
    alias: [
      { find: /^secret-stages$/, replacement: resolve('src/index.ts') },
      { find: /^secret-stages\/(\w+)$/, replacement: resolve('src/$1/index.ts') },
    ],
  },
  test: {
    include: asked?.split(',') ?? ['test/**/*.test.ts', 'test/**/*.verify.ts'],
    // A worker for each core, and one module graph for all the files of a worker: imports were a third of the time.
    maxWorkers: '100%',
    isolate: false,
    // A busy machine is no fault of the code: five seconds, which is usual, would be one for the long ones.
    testTimeout: 60_000,
    restoreMocks: true,
    coverage: {
      include: ['src/**/*.ts'],
      thresholds: { 100: true },
      reporter: [['text', { skipFull: true }]],
    },
  },
});
