import { millisecondsADay, millisecondsAnHour } from './limits.ts';

/** Any value as text, so that a refusal stays plain data. Of an object it shows only the type. */
export function asText(value: unknown): string {
  return Object(value) === value ? typeof value : String(value);
}

/** A value as text ({@link asText}) in quotation marks, safe to print and cut after 80 characters. */
export function quote(text: unknown): string {
  return printable(JSON.stringify(cut(asText(text))));
}

/** A word of a command, quoted for a shell if necessary. zsh expands a word that begins with `=`. */
export function shellWord(word: string): string {
  return /^(?!=)[\w./:=@%+,-]+$/.test(word) ? word : shellQuoted(word);
}

/** A text in single quotes, as bash, zsh and fish read it. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The first 80 characters of a text at most. It never ends in half a character. */
export function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79).replace(/[\ud800-\udbff]$/, '')}…` : text;
}

/**
 * What a value is, as it follows "got" in a sentence: `5`, `the string "5"`, `a list`, or `nothing` if it is missing.
 */
export function foundText(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return `the string ${quote(value)}`;
  if (Object(value) === value) return Array.isArray(value) ? 'a list' : 'an object';
  if (typeof value === 'bigint' || typeof value === 'symbol') return `a ${typeof value}`;
  return Object.is(value, -0) ? '-0' : String(value);
}

/** {@link foundText} without the value, because that could be the value of the secret. */
export function hiddenText(value: unknown): string {
  if (typeof value === 'string') return `a string of ${counted(value.length, 'character')}`;
  return value === null || Object(value) === value || value === undefined ? foundText(value) : `a ${typeof value}`;
}

/** JSON that is safe to print: characters that could steer a terminal or a CI runner are escaped. */
export function asJson(value: unknown): string {
  return JSON.stringify(value).replace(steering, (character) =>
    character.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}

/**
 * Text that is safe to print: characters that could steer a terminal or a CI runner, or reverse the reading order, are
 * escaped.
 */
export function printable(text: string): string {
  return text.replace(steering, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/**
 * Includes the second `#` of `##[` and `##name[`, which start a command of a CI runner. It leaves out unassigned characters (`\p{Cn}`),
 * because engines know different versions of Unicode. `\p{DI}` has all that are or will be invisible; variation
 * selectors (`\p{VS}`) are a part of visible characters.
 */
const steering = /(?!\p{Cn})[\p{C}\p{Zl}\p{Zp}]|\p{NChar}|(?!\p{VS})\p{DI}|(?<=#)#(?=\w*\[)/gu;

/** A number with its digits in groups: `10,000`. */
export function grouped(number: number): string {
  return number.toLocaleString('en-US');
}

/** A count with its noun: `1 day`, `2,000 days`. */
export function counted(count: number, noun: string): string {
  // Formatting a number is slow, and refusals with small counts are frequent.
  return `${count < 1000 ? count : grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A duration in milliseconds, in the largest unit that fits: `3 hours`. */
export function durationText(milliseconds: number): string {
  const [unit, length] = units.find(([, each]) => milliseconds >= each) ?? ['second', 1000];
  return counted(Math.floor(milliseconds / length), unit);
}

const units = [
  ['day', millisecondsADay],
  ['hour', millisecondsAnHour],
  ['minute', 60_000],
] as const;
