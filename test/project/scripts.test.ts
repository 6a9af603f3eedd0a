import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { scripts } from '../../package.json';

const guide = readFileSync('src/README.md', 'utf8');

test('src/README.md lists exactly the scripts of package.json', () => {
  const listed = [...guide.matchAll(/^\| `npm (?:run )?([\w:]+)[^`]*` \|/gm)].map(([, name]) => name);
  // npm runs `prepack` before it packs, and `postbuild` after `build`.
  expect([...new Set(listed), 'prepack', 'postbuild'].sort()).toEqual(Object.keys(scripts).sort());
});

test('CI runs npm test and npm run verify', () => {
  const lines = readFileSync('.ci/run', 'utf8').trimEnd().split('\n');
  expect(lines.slice(-2)).toEqual(['npm install && npm test', 'npm run verify']);
});
