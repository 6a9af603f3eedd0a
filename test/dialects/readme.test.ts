import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { comparison, rulesTable } from '../../src/cli/draw/rules-table.ts';
import { clouds } from '../../src/dialects/index.ts';
import { alibabaKms } from '../../src/evidence/alibaba-kms.ts';
import { awsSecretsManager } from '../../src/evidence/aws-secrets-manager.ts';
import { type CloudEvidence, grades, type Sources } from '../../src/evidence/evidence.ts';
import { googleSecretManager } from '../../src/evidence/google-secret-manager.ts';
import { huaweiCsms } from '../../src/evidence/huawei-csms.ts';
import { leavesOf } from '../../src/evidence/leaves.ts';

// UPDATE=1 writes what is generated from the data of the dialects. Without it, the files must be up to date.
const page = 'src/dialects/README.md';
const table = comparison(clouds);

const whole = `# Dialects

The rules of four clouds, as data. This page is generated from the files in this folder and from \`src/evidence\`
(\`UPDATE=1 npx vitest run test/dialects\`). A test checks that it is up to date.

## Comparison

${table}

${clouds.map((dialect) => `## ${dialect.title}\n\n${rulesTable(dialect)}\n`).join('\n')}`;

const between = (text: string): string => {
  const start = '<!-- comparison -->';
  const end = '<!-- end of comparison -->';
  const [before, rest = ''] = text.split(start);
  return `${before}${start}\n\n${table}\n\n${end}${rest.split(end)[1]}`;
};

test('the page of the dialects and the comparison in the README are up to date', () => {
  const readme = readFileSync('README.md', 'utf8');
  if (process.env['UPDATE']) {
    writeFileSync(page, whole);
    writeFileSync('README.md', between(readme));
  }
  expect(readFileSync(page, 'utf8')).toBe(whole);
  expect(readFileSync('README.md', 'utf8')).toBe(between(readme));
});

const evidence: Readonly<Record<string, CloudEvidence>> = {
  'huawei-csms': huaweiCsms,
  'aws-secrets-manager': awsSecretsManager,
  'alibaba-kms': alibabaKms,
  'google-secret-manager': googleSecretManager,
};

/** The rules that sources speak of, as often as they do. */
const rulesIn = (sources: Sources) => grades.flatMap((grade) => Object.keys(sources[grade])).sort();

test.each(clouds)('the evidence of $title has exactly one source for each leaf of the dialect', (dialect) => {
  const { rules, model } = evidence[dialect.id] ?? expect.unreachable();
  const leaves = leavesOf(dialect).map(([rule]) => rule);
  expect(rulesIn(rules)).toEqual(leaves.sort());
  expect(new Set(rulesIn(model)).size).toBe(rulesIn(model).length);
  for (const sources of [...Object.values(rules), ...Object.values(model)])
    expect(Object.values(sources)).not.toContain('');
});
