import { millisecondsADay } from '../operations/lifecycle.ts';

const units = [
  ['day', millisecondsADay],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** A span of milliseconds as people say it, in the greatest unit that fits. */
export const spanOf = (milliseconds: number): string => {
  const [name, length] = units.find((unit) => milliseconds >= unit[1]) ?? ['second', 1000];
  return counted(Math.floor(milliseconds / length), name);
};

export const counted = (count: number, name: string): string => `${count} ${name}${count === 1 ? '' : 's'}`;
