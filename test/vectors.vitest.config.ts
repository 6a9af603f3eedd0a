import { configDefaults, defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

// What the vectors alone find: for the mutation run that asks whether they carry the meaning.
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/vectors.test.ts', 'test/generated-vectors.test.ts'],
    exclude: configDefaults.exclude,
  },
});
