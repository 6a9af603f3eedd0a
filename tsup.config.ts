import { writeFileSync } from 'node:fs';
import { defineConfig } from 'tsup';
import { llmsText } from './test/project/llms.ts';

export default defineConfig([
  {
    entry: {
      index: 'src/index.ts',
      evidence: 'src/evidence/index.ts',
      history: 'src/history/index.ts',
      policy: 'src/policy/index.ts',
      emulator: 'src/emulator/index.ts',
      server: 'src/server/index.ts',
      testing: 'src/testing/index.ts',
    },
    format: ['esm', 'cjs'],
    target: 'es2022',
    dts: {
      compilerOptions: { ignoreDeprecations: '6.0', lib: ['ES2022', 'WebWorker'] },
    },
    splitting: true,
  },
  {
    entry: { cli: 'src/cli/bin.ts' },
    format: 'esm',
    target: 'node20',
    banner: { js: '#!/usr/bin/env node' },
    // The package has it as an optional peer, but the `conform` command must work without installing it.
    noExternal: ['fast-check'],
    onSuccess: async () => writeFileSync('dist/llms.txt', llmsText()),
  },
]);
