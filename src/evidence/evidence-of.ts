import { cloudOf, type Dialect } from '../dialects/index.ts';
import { alibabaKms } from './alibaba-kms.ts';
import { awsSecretsManager } from './aws-secrets-manager.ts';
import { type CloudEvidence, type Grade, grades, type Sources } from './evidence.ts';
import { googleSecretManager } from './google-secret-manager.ts';
import { huaweiCsms } from './huawei-csms.ts';
import { type Leaf, leavesOf } from './leaves.ts';

/** A rule of a dialect, with its value, grade and source. */
export interface EvidenceRow {
  /** The path of the rule in the dialect, such as `stages.limit`. A sentence if the rule has no field. */
  readonly rule: string;
  /** The value of the rule. True for a rule without a field. */
  readonly value: Leaf;
  /** How well the rule is known. */
  readonly grade: Grade;
  /** A page of the cloud, or the basis of an observation or an assumption. */
  readonly source: string;
  /** The rule of the cloud, if the dialect changes it. */
  readonly changed?: Pick<EvidenceRow, 'value' | 'grade' | 'source'>;
}

/**
 * Returns the source of each rule of a dialect. It has a row for each field, and a row for each rule without a field.
 *
 * Rules that a dialect changes are assumed. In a dialect of your own, all rules are assumed.
 *
 * @example
 * evidenceOf(huaweiCsms).find(({ rule }) => rule === 'stages.limit'); // { rule: 'stages.limit', value: 12, grade: 'documented', source: 'UpdateSecretStage' }
 * const vault = defineDialect(huaweiCsms, { id: 'our-vault', stages: { limit: 5 } });
 * evidenceOf(vault).find(({ rule }) => rule === 'stages.limit').grade; // 'assumed'
 */
export function evidenceOf(dialect: Dialect): readonly EvidenceRow[] {
  const cloud = cloudOf(dialect.id);
  const evidence = cloud && byCloud[cloud.id];
  if (!cloud || !evidence) {
    return leavesOf(dialect).map(([rule, value]) => ({ rule, value, grade: 'assumed', source: 'not given' }));
  }
  const ofCloud = new Map(leavesOf(cloud));
  const ofDialect = new Map(leavesOf(dialect));
  // If a rule is null in one dialect and has parts in the other, each part has a row.
  const lost = [...ofCloud.keys()].filter((rule) => !ofDialect.has(rule) && ofDialect.has(wholeOf(rule)));
  const rows = [...ofDialect, ...lost.map((rule) => [rule, null] as const)].map(([rule, value]): EvidenceRow => {
    const origin = ofCloud.has(rule) ? rule : wholeOf(rule);
    const known = { value: ofCloud.get(origin) ?? null, ...sourceOf(origin, evidence.rules) };
    if (origin === rule && JSON.stringify(known.value) === JSON.stringify(value)) return { rule, ...known };
    const changed = ofCloud.has(origin) && { changed: known };
    return { rule, value, grade: 'assumed', source: 'changed by the author of this dialect', ...changed };
  });
  const model = grades.flatMap((grade) =>
    Object.entries(evidence.model[grade]).map(([rule, source]): EvidenceRow => ({ rule, value: true, grade, source })),
  );
  return [...rows, ...model];
}

/** The rule that a part belongs to. */
function wholeOf(rule: string): string {
  return rule.replace(/(: .*|\.\w+)$/, '');
}

/** A test checks that every rule of a cloud has one. */
function sourceOf(rule: string, sources: Sources): Pick<EvidenceRow, 'grade' | 'source'> {
  const grade = grades.find((each) => Object.hasOwn(sources[each], rule)) ?? 'assumed';
  return { grade, source: sources[grade][rule] ?? 'not given' };
}

const byCloud: Readonly<Record<string, CloudEvidence>> = {
  'huawei-csms': huaweiCsms,
  'aws-secrets-manager': awsSecretsManager,
  'alibaba-kms': alibabaKms,
  'google-secret-manager': googleSecretManager,
};
