import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { comparison, rulesTable } from '../../src/cli/rules-table.ts';
import { dialects } from '../../src/dialects/index.ts';

// UPDATE=1 writes what is generated from the data of the dialects; otherwise it must be there as it is.
const page = 'src/dialects/README.md';
const clouds = Object.values(dialects);
const table = comparison(clouds);

const whole = `# Dialects

What four clouds allow, as data. This page is generated from the files beside it (\`UPDATE=1 npx vitest run --config test/vitest.config.ts test/dialects\`),
and a test holds it to them.

## In what they differ

${table}

${clouds.map((dialect) => `## ${dialect.name}\n\n${rulesTable(dialect)}\n`).join('\n')}`;

const between = (text: string): string => {
  const start = '<!-- comparison -->';
  const end = '<!-- end of comparison -->';
  const [before, rest = ''] = text.split(start);
  return `${before}${start}\n\n${table}\n\n${end}${rest.split(end)[1]}`;
};

test('the page of the dialects, and the comparison in the README, are what their data says', () => {
  const readme = readFileSync('README.md', 'utf8');
  if (process.env['UPDATE']) {
    writeFileSync(page, whole);
    writeFileSync('README.md', between(readme));
  }
  expect(readFileSync(page, 'utf8')).toBe(whole);
  expect(readFileSync('README.md', 'utf8')).toBe(between(readme));
});
