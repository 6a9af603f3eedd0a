import { defineConfig } from 'vitest/config';

// Apart from the others, for these need a browser.
export default defineConfig({ test: { root: '.', include: ['test/browser/*.browser.ts'], testTimeout: 60_000 } });
