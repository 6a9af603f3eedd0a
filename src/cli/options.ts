import { parseArgs } from 'node:util';
import { isDay, isTime, wrongUnit } from '../limits.ts';
import { nearest } from '../nearest.ts';
import { quote } from '../text.ts';
import { commonOptions, type Options } from './command.ts';
import { UsageError } from './host.ts';

/** The values of the options of a command: a text, one of the choices, or whether the option was given. */
export type Values<Taken extends Options> = {
  readonly [Name in keyof Taken]: Taken[Name] extends { readonly value: string }
    ? TextOf<Taken[Name]> | (Taken[Name] extends { readonly usual: string } ? never : undefined)
    : boolean;
};

type TextOf<Taken> = Taken extends { readonly choices: readonly (infer Choice)[] } ? Choice : string;

/** An option as it was given. */
export interface Given {
  readonly name: string;
  /** Undefined for an option that takes no value. */
  readonly value: string | undefined;
}

/** The arguments of a command. */
interface Read<Taken extends Options> {
  readonly values: Values<Taken>;
  readonly positionals: readonly string[];
  /** The options in the order in which they were given. */
  readonly given: readonly Given[];
}

/**
 * Reads the arguments of a command.
 *
 * @throws {UsageError} for an option that is unknown, is given twice, lacks its value, or has a value that it does not take.
 */
export function readOptions<const Taken extends Options>(
  command: string,
  args: readonly string[],
  options: Taken,
): Read<Taken> {
  const known: Options = { ...options, ...commonOptions };
  const given: Given[] = [];
  const positionals: string[] = [];
  for (const token of tokensOf(args, known)) {
    if (token.kind === 'positional') positionals.push(token.value);
    else if (token.kind === 'option') given.push(readOption(command, token, known, given));
  }
  const values = Object.entries<Options[string]>(options).map(([name, { value, usual }]) => {
    const last = given.filter((one) => one.name === name).at(-1);
    return [name, value === undefined ? last !== undefined : (last?.value ?? usual)];
  });
  // The types come from the same definitions as the values.
  return { values: Object.fromEntries(values) as Values<Taken>, positionals, given };
}

type Token = ReturnType<typeof tokensOf>[number];

/** Splits arguments into options, values and others. An unknown option is assumed to have no value. */
export function tokensOf(args: readonly string[], known: Options) {
  const options = Object.entries(known).map(([name, { value, short }]) => {
    const type: 'string' | 'boolean' = value === undefined ? 'boolean' : 'string';
    return [name, short === undefined ? { type } : { type, short }] as const;
  });
  return parseArgs({ args: [...args], options: Object.fromEntries(options), strict: false, tokens: true }).tokens;
}

function readOption(
  command: string,
  { name, rawName, value, inlineValue }: Extract<Token, { kind: 'option' }>,
  known: Options,
  given: readonly Given[],
): Given {
  const option = Object.hasOwn(known, name) ? known[name] : undefined;
  if (option === undefined) {
    const names = Object.keys(known).map((one) => `--${one}`);
    throw new UsageError(
      known['format']?.choices?.includes(name)
        ? `${rawName} is not an option of ${command}. Use --format ${name}.`
        : `${rawName} is not an option of ${command}. ${suggestion(rawName, names)}`,
    );
  }
  const usage = `${rawName} ${option.value}`;
  if (option.value === undefined && value !== undefined)
    throw new UsageError(`${rawName} takes no value; got ${quote(value)}.`);
  if (option.value !== undefined && value === undefined)
    throw new UsageError(`${rawName} needs a value. Write ${usage}.`);
  if (value !== undefined && !inlineValue && /^-(?!\d+$)./.test(value))
    throw new UsageError(
      `${rawName} needs a value. Write ${usage}. If ${quote(value)} is the value, write ${rawName}=${value}.`,
    );
  if (option.repeats !== true && !Object.hasOwn(commonOptions, name) && given.some((one) => one.name === name))
    throw new UsageError(`${rawName} is given twice. Give it only once.`);
  if (option.choices !== undefined && value !== undefined && !option.choices.includes(value))
    // No number is a misspelling of another.
    throw new UsageError(
      `${rawName} cannot be ${quote(value)}. ${suggestion(/^\d+$/.test(value) ? '' : value, option.choices)}`,
    );
  return { name, value };
}

/** The end of an error about an unknown name: suggests the most similar known name, or lists all. */
export function suggestion(name: string, names: readonly string[]): string {
  const text = nearest(name, names).replace(/^./, (first) => first.toUpperCase());
  return text.endsWith('?') ? text : `${text}.`;
}

/** Reads the time that an option is given, in epoch milliseconds. */
export function readTime(flag: string, given: string): number {
  const must = `${flag} must be epoch milliseconds or a date such as 2026-11-24T12:00:00Z; got ${quote(given)}`;
  if (/^\d{4}$/.test(given)) throw new UsageError(`${must}, which looks like a year.`);
  const time = /^\d+$/.test(given) ? Number(given) : Date.parse(isDate(given) ? given : '');
  const unit = wrongUnit(time);
  if (unit) throw new UsageError(`${must}, which looks like epoch ${unit}.`);
  if (isTime(time)) return time;
  throw new UsageError(`${must}.`);
}

/** Reads the whole number that an option is given. `rule` says which numbers are allowed. */
export function readNumber(flag: string, given: string, isValid: (number: number) => boolean, rule: string): number {
  const number = /^-?\d{1,15}$/.test(given) ? Number(given) : Number.NaN;
  if (isValid(number)) return number;
  throw new UsageError(`${flag} must be ${rule}; got ${quote(given)}.`);
}

/** Date.parse accepts much more: other formats, and dates in the local time zone. */
function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text) && isDay(text);
}
