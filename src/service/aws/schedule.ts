import { Cron } from 'croner';
import type { RotationRules, SecretRotation } from '../../api/aws/index.ts';
import { isTime, millisecondsADay, millisecondsAnHour } from '../../limits.ts';
import { quote } from '../../text.ts';

type RotationWindow = NonNullable<SecretRotation['window']>;

/**
 * Returns the first rotation window after a rotation. All times are UTC. Null without a schedule.
 *
 * Source: user guide, rotation schedules, and RotationRulesType (documented). Assumed: a rate in hours counts from
 * 1970-01-01, and so from each midnight if the hours divide a day, and a window closes a second before the next hour.
 */
export function windowAfter(rules: RotationRules, last: number): RotationWindow | null {
  const schedule = scheduleOf(rules);
  if (typeof schedule !== 'object') return null;
  const opens = schedule.nextAfter(last);
  const hours = hoursIn(rules.Duration) ?? schedule.usualHours;
  const end = Math.min(opens + hours * millisecondsAnHour, midnightOf(opens) + millisecondsADay);
  return isTime(end) ? Object.freeze({ opens, closes: end - 1000 }) : null;
}

/** Returns what is wrong with a schedule as a sentence; undefined if it is valid. */
export function wrongInRules(rules: RotationRules): string | undefined {
  const { AutomaticallyAfterDays: days, Duration, ScheduleExpression } = rules;
  if (days !== undefined && ScheduleExpression !== undefined)
    return 'You cannot specify both rotation frequency and schedule expression together.';
  const schedule = scheduleOf(rules);
  if (typeof schedule === 'string')
    return `ScheduleExpression ${quote(`${ScheduleExpression}`)} is invalid: ${schedule}`;
  const hours = hoursIn(Duration);
  if (hours === undefined) return undefined;
  const most = schedule?.mostHours ?? 24;
  return hours >= 1 && hours <= most
    ? undefined
    : `Duration ${quote(`${Duration}`)} must be 1h to ${most}h, so that the window ends before the next UTC day and the next window.`;
}

/** Returns the number of days between a rotation and the next one, as DescribeSecret shows it. Assumed: at least 1, rounded. */
export function daysBetween(last: number, { opens }: RotationWindow): number {
  return Math.max(1, Math.round((midnightOf(opens) - midnightOf(last)) / millisecondsADay));
}

interface Schedule {
  /** Returns when the first window after a time opens; not a time if none does. */
  readonly nextAfter: (last: number) => number;
  /** The hours of a window without a Duration. It closes at the end of the UTC day at the latest. */
  readonly usualHours: number;
  /** The most hours that a window can have. */
  readonly mostHours: number;
}

/** Reads a schedule. Returns what is wrong with it as a sentence, or undefined if there is no schedule. */
function scheduleOf({
  AutomaticallyAfterDays: days,
  ScheduleExpression: text,
}: RotationRules): Schedule | string | undefined {
  if (text === undefined) return days === undefined ? undefined : everyDays(days);
  const [, fields] = /^cron\((.*)\)$/.exec(text) ?? [];
  if (fields !== undefined) return cron(fields.trim().split(/ +/));
  const [, count = '', unit] = /^rate\( *(\d+) +(hour|day)s? *\)$/.exec(text) ?? [];
  if (unit === undefined) return 'it must be rate(10 days), rate(4 hours) or cron(0 8 1 * ? *), with your numbers.';
  const value = Number(count);
  if (unit === 'day')
    return value >= 1 && value <= mostDays ? everyDays(value) : `a rate in days must be 1 to ${mostDays}.`;
  return value >= leastHours && value < 24
    ? everyHours(value)
    : `a rate in hours must be ${leastHours} to 23. Use days for longer ones.`;
}

/** Source: user guide, rotation schedules (documented). */
const mostDays = 999;
const leastHours = 4;

function everyDays(days: number): Schedule {
  return {
    nextAfter: (last) => midnightOf(last) + days * millisecondsADay,
    usualHours: 24,
    mostHours: 24,
  };
}

function everyHours(hours: number): Schedule {
  const period = hours * millisecondsAnHour;
  return {
    nextAfter: (last) => last - (last % period) + period,
    usualHours: 1,
    mostHours: hours,
  };
}

/** Source: user guide, cron expressions (documented). */
function cron(fields: readonly string[]): Schedule | string {
  const [minutes, hours = '', dayOfMonth, month, dayOfWeek, year] = fields;
  if (fields.length !== 6) return 'cron needs six fields: minutes, hours, day of month, month, day of week and year.';
  if (minutes !== '0') return 'the minutes must be 0, because a window opens on the hour.';
  if (year !== '*') return 'the year must be *.';
  if ((dayOfMonth === '?') === (dayOfWeek === '?'))
    return 'one of the day of month and the day of week must be ?, and the other must not.';
  // A bare L in the day of week is Saturday.
  const weekday = dayOfWeek === 'L' ? '7' : dayOfWeek;
  // The parser takes ? for * in each field, and 8 for Sunday.
  const isKnown = !`${hours}${month}`.includes('?') && !/(?:^|[,-])8/.test(`${weekday}`);
  const pattern = isKnown ? patternOf(`0 ${hours} ${dayOfMonth} ${month} ${weekday}`) : undefined;
  if (!pattern) return 'its fields are invalid. An example is cron(0 8 1 * ? *), the first day of each month at 8:00.';
  if (!pattern.nextRun(new Date(0))) return 'it never matches a day. Choose a day that exists.';
  const opening = openingHours(hours);
  const [first = 0] = opening;
  const gap = Math.min(...opening.map((hour, index) => (opening[index + 1] ?? first + 24) - hour));
  if (gap < leastHours) return `its windows must open at least ${leastHours} hours apart.`;
  return {
    nextAfter: (last) => pattern.nextRun(new Date(last))?.getTime() ?? Number.NaN,
    usualHours: opening.length > 1 ? 1 : 24,
    mostHours: Math.min(gap, 24 - Math.max(...opening)),
  };
}

function patternOf(text: string): Cron | undefined {
  try {
    return parsePattern(text);
  } catch {
    return undefined;
  }
}

function parsePattern(text: string): Cron {
  return new Cron(text, { timezone: 'UTC', alternativeWeekdays: true, sloppyRanges: true, paused: true });
}

/** The hours of a day at which a window opens. */
function openingHours(field: string): readonly number[] {
  const runs = parsePattern(`0 ${field} * * *`).nextRuns(24, new Date(millisecondsADay - 1));
  const hours = runs.map((run) => run.getTime() / millisecondsAnHour - 24);
  return hours.filter((hour) => hour < 24);
}

/** The hours of a Duration. */
function hoursIn(duration: string | undefined): number | undefined {
  return duration === undefined ? undefined : Number(duration.slice(0, -1));
}

function midnightOf(time: number): number {
  return time - (time % millisecondsADay);
}
