import { type EvidenceRow, evidenceOf, type Leaf } from '../../evidence/index.ts';
import type { Dialect } from '../../index.ts';

/** The rules of a dialect as a table in Markdown. */
export function rulesTable(dialect: Dialect): string {
  return markdownOf(rulesRows(dialect, '`'));
}

/** The rules of a dialect: a head, then each rule with its value, grade and source. `tick` quotes code in Markdown. */
export function rulesRows(dialect: Dialect, tick: '`' | ''): readonly (readonly string[])[] {
  const rows = evidenceOf(dialect).map((row) => {
    const rule = /^(secret|stages|versions)\./.test(row.rule) ? `${tick}${row.rule}${tick}` : row.rule;
    return [rule, wordsFor(row, tick), row.grade, row.source];
  });
  return [['rule', 'value', 'grade', 'source'], ...rows];
}

/** The rules in which dialects differ, and their limits, as a table in Markdown, with the legend. */
export function comparison(dialects: readonly Dialect[]): string {
  const head = ['rule', ...dialects.map(({ title }) => title)];
  const rows = compared(dialects).map(({ rule, gloss, values }) => [
    `\`${rule}\`: ${gloss}`,
    ...values.map((value) => markedWords(value, '`')),
  ]);
  return `${markdownOf([head, ...rows])}\n\n${legend.replace('*', '\\*')}`;
}

interface ComparedRule {
  /** Undefined if the dialect has no such rule. If its group is null as a whole, the row of the group. */
  readonly row: EvidenceRow | undefined;
  readonly isRough: boolean;
}

/** The rules in which dialects differ, and their limits, each with its value in every dialect. */
export function compared(dialects: readonly Dialect[]) {
  const known = dialects.map((dialect) => new Map(evidenceOf(dialect).map((row) => [row.rule, row])));
  return Object.entries(glosses).flatMap(([rule, gloss]) => {
    const found = known.flatMap((rows) => rows.get(rule) ?? []);
    if (!limits.test(rule) && new Set(found.map((row) => wordsFor(row, ''))).size < 2) return [];
    const values = known.map((rows): ComparedRule => {
      const row = rows.get(rule) ?? rows.get(rule.replace(/\.\w+$/, ''));
      return { row, isRough: rule === 'versions.limit.most' && rows.has('versions.limit.isRough') };
    });
    return [{ rule, gloss, values }];
  });
}

/** A value in words, with a mark for its grade. A space keeps the mark from looking like a part of a pattern. */
export function markedWords({ row, isRough }: ComparedRule, tick: '`' | ''): string {
  if (row === undefined) return '–';
  const gap = tick === '' && patterns.includes(row.rule) ? ' ' : '';
  return `${isRough ? 'about ' : ''}${wordsFor(row, tick)}${gap}${marks[row.grade]}`.trimEnd();
}

export const legend =
  'No mark: documented by the cloud. °: observed in an example, SDK, provider or recorded response. *: assumed, because no source says it. –: does not apply.';

const marks: Readonly<Record<EvidenceRow['grade'], string>> = { documented: '', observed: '°', assumed: '*' };

const patterns = ['secret.name', 'stages.name', 'versions.id'];

const limits =
  /^(secret\.deletionDays\.(least|most)|stages\.limit|versions\.lists\.most|versions\.limit\.(most|whenFull|sparedHours))$/;

const wordsFor = ({ rule, value }: { readonly rule: string; readonly value: Leaf }, tick: '`' | ''): string => {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (patterns.includes(rule)) return `${tick}${value}${tick}`;
  return [value ?? ''].flat().join(', ') || 'none';
};

/** A bar ends a Markdown cell, even in code. */
const markdownOf = ([head = [], ...rows]: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

/** The compared rules, in a few words. */
const glosses: Readonly<Record<string, string>> = {
  'secret.name': 'the name of a secret',
  'secret.pausedAs': 'the statuses besides ENABLED and PENDING_DELETE',
  'secret.deletionDays.least': 'minimum days until a scheduled deletion',
  'secret.deletionDays.usual': 'default days until a scheduled deletion',
  'secret.deletionDays.most': 'maximum days until a scheduled deletion',
  'secret.firstVersion': 'when the first version is created',
  'stages.name': 'the name of a stage',
  'stages.limit': 'maximum number of stages',
  'stages.limitCounts': 'which stages count towards the limit',
  'stages.move': 'how a stage moves to another version',
  'stages.current': 'the built-in stage of the current version',
  'stages.previous': 'the built-in stage of the version that was current before',
  'stages.pending': 'the built-in stage of a rotation',
  'stages.previousIsRemovable': 'the previous stage can be removed',
  'stages.previousFollows: plain-version': 'the previous stage follows if a version is created without a list',
  'stages.previousFollows: any-version': 'the previous stage follows if a new version lists the current stage',
  'stages.previousFollows: any-move': 'the previous stage follows if the current stage is moved',
  'versions.id': 'the id of a version',
  'versions.lists.least': 'minimum stages in the list of a new version',
  'versions.lists.most': 'maximum stages in the list of a new version',
  'versions.repeatedId': 'a new version with the id and content of an existing one',
  'versions.mayAwaitValue': 'a version can exist before it has a value',
  'versions.limit.most': 'maximum number of versions',
  'versions.limit.whenFull': 'what happens to a new version at the limit',
  'versions.limit.sparedHours': 'hours in which a new version is not deleted to make room',
  'versions.prune': 'what `pruneDeprecated` does with deprecated versions',
  'versions.latest': 'the version that `latestVersion` returns',
};
