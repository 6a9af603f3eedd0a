import { type Grade, type Rule, type RuleName, rules, type SourcedDialect } from '../index.ts';

/** The rules of a dialect as a table in Markdown. */
export const rulesTable = (dialect: SourcedDialect): string => markdownOf(rulesRows(dialect, '`'));

/** The rules of a dialect: a head, then the rule, its value, and how it is known. In Markdown code is set in backticks. */
export const rulesRows = (dialect: SourcedDialect, tick: '`' | ''): readonly (readonly string[])[] => [
  ['rule', 'value', 'grade', 'source'],
  ...rules(dialect).map((row) => [
    Object.hasOwn(glosses, row.rule) ? `${tick}${row.rule}${tick}` : row.rule,
    wordsFor(row, tick),
    row.grade,
    row.source,
  ]),
];

/** In what dialects differ, and their limits, as a table in Markdown, with the legend. */
export const comparison = (dialects: readonly SourcedDialect[]): string => {
  const head = ['rule', ...dialects.map(({ name }) => name)];
  const rows = compared(dialects).map(({ rule, gloss, values }) => [
    `\`${rule}\`: ${gloss}`,
    ...values.map((value) => markedWords(value, '`')),
  ]);
  return `${markdownOf([head, ...rows])}\n\n${legend.replace('*', '\\*')}`;
};

/** A rule that dialects are compared by, and the rule as each of them has it. */
interface Compared {
  readonly rule: string;
  readonly gloss: string;
  readonly values: readonly ComparedRule[];
}

interface ComparedRule {
  readonly known: Rule;
  /** The value is an about. */
  readonly isRough: boolean;
}

/** The rules in which dialects differ, and their limits. */
export const compared = (dialects: readonly SourcedDialect[]): readonly Compared[] => {
  const known = dialects.map((dialect) => ({ dialect, rows: rules(dialect) }));
  return Object.entries(glosses)
    .map(([rule, gloss]) => ({
      rule,
      gloss,
      values: known.map(({ dialect, rows }) => ({
        known: rows.find((row) => row.rule === rule) ?? leftOut(rule),
        isRough: rule === 'versionLimit' && dialect.versionLimitIsRough === true,
      })),
    }))
    .filter(({ rule }) => !toldElsewhere.includes(rule))
    .filter(
      ({ rule, values }) => limits.includes(rule) || new Set(values.map(({ known }) => wordsFor(known, ''))).size > 1,
    );
};

/** A switch that a dialect does not speak of is off. */
const leftOut = (rule: string): Rule => ({
  rule,
  value: false,
  grade: 'assumed',
  source: 'left out by whoever made this dialect',
});

const limits: readonly string[] = ['stageLimit', 'stageListLimit', 'versionLimit', 'recoveryWindowInDays'];

/** The version limit itself says whether it is an about; the series of ids is the model's own wherever the caller chooses them. */
const toldElsewhere: readonly string[] = ['versionLimitIsRough', 'versionIdPrefix'];

/** A value in words, with a mark for how it is known, which must not pass for a part of a pattern. */
export const markedWords = ({ known, isRough }: ComparedRule, tick: '`' | ''): string => {
  const gap = tick === '' && known.value instanceof RegExp ? ' ' : '';
  return `${isRough ? 'about ' : ''}${wordsFor(known, tick)}${gap}${marks[known.grade]}`;
};

const marks: Readonly<Record<Grade, string>> = { documented: '', example: '°', assumed: '*' };

export const legend =
  'No mark: documented by the cloud. °: seen in an example, SDK, provider or recorded answer. *: assumed, for no page says so.';

const wordsFor = ({ value }: Rule, tick: '`' | ''): string => {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (value instanceof RegExp) return `${tick}${value.source}${tick}${value.ignoreCase ? ' (in any case)' : ''}`;
  if (Array.isArray(value)) return value.join(', ') || 'none';
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map((entry) => entry.join(' '))
      .join(', ');
  }
  return `${value ?? ''}` || 'none';
};

/** A bar ends a cell of Markdown, even in code. */
const markdownOf = ([head = [], ...rows]: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

/** Each rule that is a field, in a few words. */
const glosses: Readonly<Record<RuleName, string>> = {
  builtInStages: "the stages of the cloud's own",
  currentStage: 'the stage that a new version takes',
  previousStage: 'the stage that the version before it takes',
  removableStages: 'built-in stages that can be removed, not only moved',
  clearedStages: 'stages that come off as a version is created without a list',
  movesNeedHolder: 'a stage moves only if the version that holds it is named',
  previousFollowsMove: 'the previous stage follows where the current one is moved',
  previousFollowsListedCurrent: 'the previous stage follows where a new version lists the current one',
  stageLimit: 'stages of a secret, at most',
  freeStages: 'stages that do not count',
  stageListLimit: 'stages that a new version may list',
  emptyListIsRefused: 'a new version cannot list none',
  versionLimit: 'versions of a secret, at most',
  versionLimitIsRough: 'the version limit is an about',
  versionLimitIsHard: 'no version without a stage makes room for a new one',
  deprecatedStay: 'versions without a stage go only to make room for a new one',
  deprecatedStayInHours: 'and not within so many hours',
  deprecatedIsFinal: 'no stage can be put on a version without one',
  versionsComeLater: 'a secret can be created without a version',
  firstVersionIsCurrent: 'the first version is current, whatever it lists',
  versionId: 'the id of a version',
  versionIdPrefix: 'ids are numbered behind this',
  repeatedIdChangesNothing: 'an id that is sent again with the same content changes nothing',
  latestIsCurrent: 'the latest version is the current one or none',
  secretName: 'the name of a secret',
  stageName: 'the name of a stage',
  statuses: 'what a secret can be',
  recoveryWindowInDays: 'days until a scheduled deletion',
  deletionNeedsEnabled: 'only the deletion of an ENABLED secret is scheduled',
  pruningNeedsEnabled: 'versions without a stage go from an ENABLED secret only',
  repeatKeepsTime: 'a stage that is put where it is keeps its time',
  stagesNeverRest: 'stages move whatever the secret is',
};
