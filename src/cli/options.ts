import { type ParseArgsConfig, parseArgs } from 'node:util';
import { cloudOf, clouds } from '../dialects/index.ts';
import type { Dialect } from '../index.ts';
import { isTime } from '../limits.ts';
import { nearest } from '../nearest.ts';
import { quote } from '../text.ts';
import { UsageError } from './host.ts';

/** Kinds of options. */
export const text = { type: 'string' } as const;
export const flag = { type: 'boolean', default: false } as const;

type Options = NonNullable<ParseArgsConfig['options']>;

/** Reads the options of a command and its other arguments. For an unknown option it suggests the nearest. */
export function readOptions<const Taken extends Options>(command: string, args: readonly string[], options: Taken) {
  const flags = Object.keys(options).map((name) => `--${name}`);
  for (const token of parseArgs({ args: [...args], options, strict: false, tokens: true }).tokens) {
    if (token.kind === 'option' && !Object.hasOwn(options, token.name)) {
      throw new UsageError(`${token.rawName} is not an option of ${command}; ${nearest(token.rawName, flags)}`);
    }
  }
  return parseArgs({ args: [...args], options, allowPositionals: true, tokens: true });
}

/** The value of an option that takes one of a few. */
export function oneOf<const Choice extends string>(flag: string, given: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((name) => name === given);
  if (choice === undefined) throw new UsageError(`${flag} cannot be ${given}; ${nearest(given, choices)}`);
  return choice;
}

/** A time that an option is given, in epoch milliseconds. */
export function readTime(flag: string, given: string): number {
  const must = `${flag} must be epoch milliseconds or a date such as 2026-11-24T12:00:00Z; got ${quote(given)}`;
  // As of the year 1970 there would be nothing to find.
  if (/^\d{10}$/.test(given)) throw new UsageError(`${must}, which looks like seconds`);
  const time = /^\d+$/.test(given) ? Number(given) : Date.parse(isDate(given) ? given : '');
  if (isTime(time)) return time;
  throw new UsageError(must);
}

/** Date.parse takes much more: other formats, dates that depend on the time zone, and the 30th of February as a day in March. */
const isDate = (text: string): boolean => {
  const [, day] = /^(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.exec(text) ?? [];
  return day !== undefined && new Date(Date.parse(day) || 0).toISOString().startsWith(day);
};

/** The dialect of that id. */
export function dialectIn(id: string): Dialect {
  const dialect = cloudOf(id);
  if (dialect) return dialect;
  const ids = clouds.map((cloud) => cloud.id);
  throw new UsageError(`${id} is not a dialect; ${nearest(id, ids)}`);
}
