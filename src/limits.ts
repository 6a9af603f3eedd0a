/** The last time that a `Date` can name, in epoch milliseconds. */
export const lastTime = 864e13;

export const millisecondsAnHour = 3_600_000;
export const millisecondsADay = 86_400_000;

/** Whether a value is a time of this model: whole milliseconds from 1970 to {@link lastTime}. */
export function isTime(value: unknown): value is number {
  return isWhole(value) && value <= lastTime;
}

export const timeRule = 'epoch milliseconds as a number';

/** Whether a text begins with a day, such as 2026-01-31, that exists. `Date.parse` takes the 30th of February as a day in March. */
export function isDay(text: string): boolean {
  const day = text.slice(0, 10);
  return new Date(Date.parse(day) || 0).toISOString().startsWith(day);
}

/**
 * The unit that a time seems to be in, if not milliseconds: in milliseconds it would be in 1970, or after the year
 * 5000.
 */
export function wrongUnit(time: number): 'seconds' | 'microseconds' | undefined {
  if (time >= 1e9 && time < 1e11) return 'seconds';
  return time >= 1e14 ? 'microseconds' : undefined;
}

/**
 * The highest number of a series of version ids: more versions than any secret has, and a number that JSON keeps
 * exactly.
 */
export const lastInSeries = 1e15;

/** Whether a value is a count: of versions, or of changes. */
export function isCount(value: unknown): value is number {
  return isWhole(value) && value <= lastInSeries;
}

export const countRule = 'a whole number from 0 to 1e15';

/** Whether a value is a whole number from 0. It refuses -0, which JSON turns into 0. */
function isWhole(value: unknown): value is number {
  return Number.isInteger(value) && Object.is(value, Math.abs(Number(value)));
}

/** More stages, and more versions, than any secret has. Longer lists are refused before they are copied. */
export const mostParts = 1_000_000;

/** More stages than any new version can list. */
export const mostListed = 10_000;

/** Whether a value is a fingerprint, or undefined. */
export function isFingerprint(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && 0 < value.length && value.length <= 256);
}

export const fingerprintRule = 'a string of 1 to 256 characters';
