import type { Problem } from '../refusal.ts';
import { grouped } from '../text.ts';

/** How many JSON values an import can contain. 200,000 versions have about 1.4 million. */
export const mostValues = 2_000_000;

/** How many JSON values a snapshot can contain. 100,000 secrets have about three million. */
export const mostInSnapshot = 10_000_000;

/** Returns the problem of data with more than `most` values at any depth, or undefined. */
export function tooLarge(data: unknown, path: string, most: number = mostValues): Problem | undefined {
  return holdsMore(data, most)
    ? { path, expected: `at most ${grouped(most)} JSON values; split it into parts` }
    : undefined;
}

/** Whether data has more than `most` values. */
export function holdsMore(data: unknown, most: number): boolean {
  const open = [data];
  let count = 1;
  for (let value = open.pop(); count <= most; value = open.pop()) {
    if (typeof value === 'object' && value !== null) {
      const parts: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
      count += parts.length;
      if (count <= most) for (const part of parts) open.push(part);
    }
    if (open.length === 0) break;
  }
  return count > most;
}
