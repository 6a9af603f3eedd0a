import { type Arbitrary, constantFrom, oneof, Stream, sample, stringMatching, Value } from 'fast-check';
import { builtIns, type Dialect, fits, huaweiCsms, type Pattern, patternRule } from '../../dialects/index.ts';
import { idInSeries } from '../../series.ts';
import { shrunkAs } from './shrunk-as.ts';

/** What arbitraries of names take. */
export interface NameOptions {
  /** Whose names they are. Left out: CSMS. */
  readonly dialect?: Dialect | undefined;
}

/** Of names and actions that need not all be good ones. */
export interface HostileOptions extends NameOptions {
  /** Whether now and then a name, a time or a number is none that any secret takes. Left out: it never is. */
  readonly hostile?: boolean | undefined;
}

/**
 * Names of stages that the dialect allows: its built-in ones, such as a person gives, and some that are allowed and break
 * code. They shrink to `canary`, else to the first word that the dialect allows, else to a shorter name.
 *
 * @throws {Error} if no name fits the dialect's pattern, as far as it can be told.
 *
 * @example
 * stageName().canShrinkWithoutContext('SYSCURRENT'); // true
 * stageName().canShrinkWithoutContext('no blanks'); // false
 */
export function stageName({ dialect = huaweiCsms, hostile = false }: HostileOptions = {}): Arbitrary<string> {
  return named(stageWords(dialect), dialect.stages.name, dialect, hostile);
}

/**
 * Ids of versions that the dialect allows: mostly the first of its series, and some that a caller has chosen. They shrink
 * to the first of the series, `v1` in CSMS.
 *
 * @throws {Error} if no id fits the dialect's pattern, as far as it can be told.
 *
 * @example
 * versionId().canShrinkWithoutContext('bb6a3d22-dc93-47ac-b5bd-88df7ad35f1e'); // true
 * versionId().canShrinkWithoutContext(''); // false
 */
export function versionId({ dialect = huaweiCsms, hostile = false }: HostileOptions = {}): Arbitrary<string> {
  const { id: rule } = dialect.versions;
  const words = [...seriesOf(dialect, 5), 'mine', uuid, ...letters, uuid.toUpperCase(), `terraform-${'20'.repeat(13)}`];
  return named(fitting(words, rule, 8), rule, dialect, hostile);
}

/**
 * Names of secrets that the dialect allows. They shrink to `db`, else to the first word that the dialect allows.
 *
 * @throws {Error} if no name fits the dialect's pattern, as far as it can be told.
 *
 * @example
 * secretName().canShrinkWithoutContext('db.password'); // true
 */
export function secretName({ dialect = huaweiCsms }: NameOptions = {}): Arbitrary<string> {
  return named(secretWords(dialect), dialect.secret.name, dialect, false);
}

/**
 * Names that have broken other people's code, whether the dialect allows them or not. Any text shrinks as if it were one:
 * to `__proto__`, to another of them, or to a shorter text.
 *
 * @example
 * hostileName().canShrinkWithoutContext('no blanks'); // true
 */
export function hostileName({ dialect = huaweiCsms }: NameOptions = {}): Arbitrary<string> {
  return named(hostileNames(dialect), '.*', dialect, true);
}

/** The first ids of the series, so many of them, or as far as the dialect allows them. */
export function seriesOf(dialect: Dialect, most: number): readonly string[] {
  const ids = Array.from({ length: most }, (_, index) => idInSeries(index + 1, dialect));
  const end = ids.findIndex((id) => !fits(id, dialect.versions.id));
  return ids.slice(0, end < 0 ? most : end);
}

/** Names of stages such as a person gives, the simplest first, and enough of them to reach the limit. */
export function stageWords(dialect: Dialect): Words {
  const { name, limit } = dialect.stages;
  return fitting(['canary', ...builtIns(dialect), 'blue', 'green', ...numbered, ...letters], name, limit + 4);
}

export function secretWords({ secret }: Dialect): Words {
  return fitting(['db', 'db-password', 'prod/db', 'db.password', 'API_KEY', ...letters], secret.name, 4);
}

const uuid = 'bb6a3d22-dc93-47ac-b5bd-88df7ad35f1e';
const numbered = Array.from({ length: 16 }, (_, index) => `stage-${index + 1}`);
const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'];

/** What breaks code and most dialects allow. */
const odd = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'null', '1', '-0', 'a'.repeat(64)];

const hostileNames = ({ stages: { current }, versions: { idPrefix } }: Dialect): readonly string[] => [
  ...odd,
  ...['', ' ', 'a'.repeat(65), '\u0000', '\uD800', '\uDC00', '😀', 'e\u0301', '../a', '%2F', '<b>'],
  // What is easily taken for the current stage; where there is none, for one that a service has by itself.
  ...(current === null ? ['latest', 'Latest', 'new', 'NEW'] : [current.toLowerCase(), `${current.slice(0, -1)}\u0422`]),
  ...['01', '1.0', '0', '-1', '1\u0000', '1 '].map((number) => idPrefix + number),
];

/** Words that a rule allows, at least one, the simplest first. */
type Words = readonly [string, ...string[]];

/** The first of these that the rule allows; should it allow none, some that are made after it. */
const fitting = (words: readonly string[], rule: Pattern, most: number): Words => {
  const known = [...new Set(words)].filter((word) => fits(word, rule));
  const [first, ...more] = known.length > 0 ? known : made(rule);
  if (first === undefined)
    throw new Error(`No ${patternRule(rule)} could be made. Give the dialect a simpler pattern.`);
  return [first, ...more.slice(0, most - 1)];
};

const made = (rule: Pattern): readonly string[] => {
  try {
    const texts = sample(stringMatching(new RegExp(`^(?:${rule})$`, 's')), { seed: 1, numRuns: 100 });
    return texts.filter((text) => fits(text, rule)).sort((one, other) => one.length - other.length);
  } catch {
    // Not every rule can be turned into texts.
    return [];
  }
};

/** Mostly the first few words, so that they collide; shrunk to an earlier word, and what is no word to any word first. */
const named = (words: readonly string[], rule: Pattern, dialect: Dialect, hostile: boolean): Arbitrary<string> => {
  const allows = (text: string) => hostile || fits(text, rule);
  const rare = (hostile ? hostileNames(dialect) : odd).filter(allows);
  const simpler = (value: string) => {
    const place = words.indexOf(value);
    if (place >= 0) return words.slice(0, place);
    return [...words, ...shortened(value).filter((text) => text !== value && allows(text))];
  };
  return shrunkAs(
    oneof(
      { weight: 8, arbitrary: constantFrom(...words.slice(0, 5), ...words) },
      { weight: 1, arbitrary: constantFrom(...words.slice(0, 1), ...rare) },
    ),
    {
      canShrinkWithoutContext: (value): value is string => typeof value === 'string' && allows(value),
      shrink: (value) => Stream.of(...simpler(value).map((text) => new Value(text, undefined))),
    },
  );
};

/** Half of a text, and the text without each of its characters. */
const shortened = (text: string): readonly string[] => [
  text.slice(0, text.length / 2),
  ...Array.from({ length: text.length }, (_, index) => text.slice(0, index) + text.slice(index + 1)),
];
