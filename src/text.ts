import { millisecondsADay, millisecondsAnHour } from './limits.ts';

/** Any value at all as text, so that a refusal stays plain data: an object shows its kind alone. */
export function asText(value: unknown): string {
  return Object(value) === value ? typeof value : String(value);
}

/** A value in quotation marks, cut after 80 characters. */
export function quote(value: unknown): string {
  const text = asText(value);
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}

/** JSON that is safe to print: characters that could steer a terminal are escaped. */
export function asJson(value: unknown): string {
  return JSON.stringify(value).replace(steering, (character) =>
    character.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}

/** Text that is safe to print: characters that could steer a terminal or reverse its reading order become visible. */
export function printable(text: string): string {
  return text.replace(steering, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

const steering = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** A count with its noun: `1 day`, `2 days`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
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
