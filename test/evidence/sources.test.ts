import { expect, test } from 'vitest';
import { clouds } from '../../src/dialects/index.ts';
import { alibabaKms } from '../../src/evidence/alibaba-kms.ts';
import { awsSecretsManager } from '../../src/evidence/aws-secrets-manager.ts';
import { type CloudEvidence, grades, type Sources } from '../../src/evidence/evidence.ts';
import { googleSecretManager } from '../../src/evidence/google-secret-manager.ts';
import { huaweiCsms } from '../../src/evidence/huawei-csms.ts';
import { leavesOf } from '../../src/evidence/leaves.ts';

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
