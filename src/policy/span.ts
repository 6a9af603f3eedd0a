import { millisecondsADay, millisecondsAnHour } from '../state.ts';

const units = [
  ['day', millisecondsADay],
  ['hour', millisecondsAnHour],
  ['minute', 60_000],
] as const;

/** A span of milliseconds as people say it, in the greatest unit that fits. */
export function spanOf(milliseconds: number): string {
  const [name, length] = units.find((unit) => milliseconds >= unit[1]) ?? ['second', 1000];
  return counted(Math.floor(milliseconds / length), name);
}

export function counted(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
