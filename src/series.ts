import { type Dialect, fits, patternRule } from './dialects/index.ts';
import { lastInSeries } from './limits.ts';
import { invalidValue, type Refusal } from './refusal.ts';

/** The id with that number in the series of a dialect. */
export function idInSeries(number: number, { versions }: Dialect): string {
  return versions.idPrefix + number;
}

/** The number of an id of the series, or 0 for any other id. */
export function numberInSeries(id: string, { versions: { idPrefix } }: Dialect): number {
  if (!id.startsWith(idPrefix)) return 0;
  const digits = id.slice(idPrefix.length);
  return /^[1-9]\d*$/.test(digits) ? Number(digits) : 0;
}

/**
 * Whether a value can be the id of a version: it matches the dialect's pattern, and is not past the end of the series.
 */
export function isVersionId(value: unknown, dialect: Dialect): value is string {
  return fits(value, dialect.versions.id) && numberInSeries(value, dialect) <= lastInSeries;
}

export function invalidVersionId(value: unknown, dialect: Dialect): Refusal<'INVALID_VALUE'> {
  const { id: pattern } = dialect.versions;
  const rule = fits(value, pattern)
    ? `at most ${idInSeries(lastInSeries, dialect)}, where the series of ids ends`
    : patternRule(pattern);
  return invalidValue('versionId', value, rule);
}
