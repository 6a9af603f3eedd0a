import type { Dialect } from './dialects/index.ts';

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
