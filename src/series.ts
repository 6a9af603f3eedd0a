import type { Dialect } from './dialects/dialect.ts';

/** The highest number of a series of version ids: far more versions than there can be, and a number that JSON keeps. */
export const lastInSeries = 1e15;

/** The id with that number in the series of a dialect. */
export function idInSeries(number: number, { versions }: Dialect): string {
  return versions.idPrefix + number;
}

/** The number of an id of the series, and 0 for any other id. */
export function numberInSeries(id: string, { versions: { idPrefix } }: Dialect): number {
  if (!id.startsWith(idPrefix)) return 0;
  const digits = id.slice(idPrefix.length);
  return /^[1-9]\d*$/.test(digits) ? Number(digits) : 0;
}
