import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

test.each([
  ['createAwsEmulator', 'ClientRequestToken', 'CSMS.0', 45_000],
  ['createCsmsEmulator', 'CSMS.0', 'ClientRequestToken', 32_000],
])('%s brings the wire of its own cloud only, and is small', async (name, own, other, limit) => {
  const { outputFiles } = await build({
    stdin: { contents: `export { ${name} } from './dist/emulator.js';`, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  const text = outputFiles[0]?.text ?? '';
  expect(text).toContain(own);
  expect(text).not.toContain(other);
  expect(gzipSync(text).length).toBeLessThan(limit);
});
