import { type Arbitrary, constantFrom, oneof, Stream, sample, stringMatching, Value } from 'fast-check';
import { builtIns, type Dialect, fits, huaweiCsms, type Pattern, patternRule } from '../../dialects/index.ts';
import { idInSeries } from '../../series.ts';
import { shrunkAs } from './shrunk-as.ts';

/** The options of arbitraries of names. */
export interface NameOptions {
  /** The dialect of the names. If omitted, CSMS. */
  readonly dialect?: Dialect | undefined;
}

/** The options of arbitraries that can generate invalid values. */
export interface HostileOptions extends NameOptions {
  /** Whether some names, times and numbers are invalid. If omitted, none are. */
  readonly hostile?: boolean | undefined;
}

/**
 * Generates stage names that the dialect allows. They are built-in stages, common names, and names that often break code. They
 * shrink to `canary`, or else to the first common name that the dialect allows, or else to a shorter name.
 *
 * @throws {Error} if no name that matches the dialect's pattern can be found.
 *
 * @example
 * stageName().canShrinkWithoutContext('SYSCURRENT'); // true
 * stageName().canShrinkWithoutContext('no blanks'); // false
 */
export function stageName({ dialect = huaweiCsms, hostile = false }: HostileOptions = {}): Arbitrary<string> {
  return named(stageWords(dialect), dialect.stages.name, dialect, hostile);
}

/**
 * Generates version ids that the dialect allows. Most are the first ids of its series, the others are ids that a caller could choose.
 * They shrink to the first id of the series, `v1` in CSMS.
 *
 * @throws {Error} if no id that matches the dialect's pattern can be found.
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
 * Generates names of secrets that the dialect allows. They shrink to `db`, or else to the first common name that the dialect
 * allows.
 *
 * @throws {Error} if no name that matches the dialect's pattern can be found.
 *
 * @example
 * secretName().canShrinkWithoutContext('db.password'); // true
 */
export function secretName({ dialect = huaweiCsms }: NameOptions = {}): Arbitrary<string> {
  return named(secretWords(dialect), dialect.secret.name, dialect, false);
}

/**
 * Generates names that often break code, whether the dialect allows them or not. Any text shrinks to `__proto__`, to another of
 * these names, or to a shorter text.
 *
 * @example
 * hostileName().canShrinkWithoutContext('no blanks'); // true
 */
export function hostileName({ dialect = huaweiCsms }: NameOptions = {}): Arbitrary<string> {
  return named(hostileNames(dialect), '.*', dialect, true);
}

/** Returns the first `most` ids of the series, or fewer if the dialect allows fewer. */
export function seriesOf(dialect: Dialect, most: number): readonly string[] {
  const ids = Array.from({ length: most }, (_, index) => idInSeries(index + 1, dialect));
  const end = ids.findIndex((id) => !fits(id, dialect.versions.id));
  return ids.slice(0, end < 0 ? most : end);
}

/** Returns common stage names, the simplest first, and enough of them to reach the limit. */
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

/** Names that often break code and that most dialects allow. */
const odd = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'null', '1', '-0', 'a'.repeat(64)];

const hostileNames = ({ stages: { current }, versions: { idPrefix } }: Dialect): readonly string[] => [
  ...odd,
  ...['', ' ', 'a'.repeat(65), '\u0000', '\uD800', '\uDC00', '😀', 'e\u0301', '../a', '%2F', '<b>'],
  // Names similar to the current stage or, without one, to names that a service reserves.
  ...(current === null ? ['latest', 'Latest', 'new', 'NEW'] : [current.toLowerCase(), `${current.slice(0, -1)}\u0422`]),
  ...['01', '1.0', '0', '-1', '1\u0000', '1 '].map((number) => idPrefix + number),
];

/** Words that a rule allows, the simplest first. There is at least one. */
type Words = readonly [string, ...string[]];

/** Returns the first words that the rule allows. If it allows none, generates some from the rule. */
const fitting = (words: readonly string[], rule: Pattern, most: number): Words => {
  const known = [...new Set(words)].filter((word) => fits(word, rule));
  const [first, ...more] = known.length > 0 ? known : made(rule);
  if (first === undefined) throw new Error(`Cannot generate ${patternRule(rule)}. Give the dialect a simpler pattern.`);
  return [first, ...more.slice(0, most - 1)];
};

const made = (rule: Pattern): readonly string[] => {
  try {
    const texts = sample(stringMatching(new RegExp(`^(?:${rule})$`, 's')), { seed: 1, numRuns: 100 });
    return texts.filter((text) => fits(text, rule)).sort((one, other) => one.length - other.length);
  } catch {
    // fast-check cannot generate text for every pattern.
    return [];
  }
};

/** Draws mostly the first words, so that they repeat. A word shrinks to an earlier one, other text first to any word. */
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

/** Returns half of a text, and the text without each of its characters. */
const shortened = (text: string): readonly string[] => [
  text.slice(0, text.length / 2),
  ...Array.from({ length: text.length }, (_, index) => text.slice(0, index) + text.slice(index + 1)),
];
