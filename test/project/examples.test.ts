import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claimsOf } from './examples.ts';

/** The code of each `@example` in the source. */
const examples = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => {
    const text = readFileSync(join('src', file), 'utf8');
    return [...text.matchAll(/ \* @example\n((?: \* .*\n)+?)(?= \*\/| \* @)/g)].map((match, index) => ({
      name: `${file} ${index + 1}`,
      code: (match[1] ?? '').replaceAll(/^ \* /gm, ''),
    }));
  });

test('the source has examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(15);
});

test.each(examples)('the example in $name gives the values in its comments', async ({ code }) => {
  const claims = await claimsOf(code);
  expect(claims.length).toBeGreaterThan(0);
  for (const { found, claimed } of claims) expect(found).toEqual(claimed);
});
