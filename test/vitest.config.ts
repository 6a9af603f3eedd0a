import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: '.',
    include: ['test/**/*.test.ts'],
    coverage: {
      include: ['src/**'],
      exclude: ['src/**/tsconfig.json'],
      thresholds: { 100: true },
      reporter: [['text', { skipFull: true }]],
    },
  },
});
