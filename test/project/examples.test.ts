import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claimsOf } from './examples.ts';

/** The code below each `@example` in the source. */
const examples = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => {
    const text = readFileSync(join('src', file), 'utf8');
    return [...text.matchAll(/ \* @example\n((?: \* .*\n)+?)(?= \*\/| \* @)/g)].map((match, index) => ({
      name: `${file} ${index + 1}`,
      code: (match[1] ?? '').replaceAll(/^ \* /gm, ''),
    }));
  });

test('every operation, and what else takes more than a word, has an example', () => {
  expect(examples.length).toBeGreaterThanOrEqual(15);
});

test.each(examples)('the example in $name does what its comments say', async ({ code }) => {
  const claims = await claimsOf(code);
  expect(claims.length).toBeGreaterThan(0);
  for (const { found, claimed } of claims) expect(found).toEqual(claimed);
});
