import type { Problem } from '../refusal.ts';
import { grouped } from '../text.ts';

/** How many values an import can hold: objects, lists, texts, numbers, booleans and nulls. 200,000 versions are about 1.4 million. */
export const mostValues = 2_000_000;

/** How many a snapshot can hold. 100,000 secrets are about three million. */
export const mostInSnapshot = 10_000_000;

/** The problem of untrusted data that holds more than so many values, whatever its depth. */
export function tooLarge(data: unknown, path: string, most: number = mostValues): Problem | undefined {
  return holdsMore(data, most)
    ? { path, expected: `at most ${grouped(most)} JSON values: read it in parts` }
    : undefined;
}

/** Whether data holds more values than so many. */
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
