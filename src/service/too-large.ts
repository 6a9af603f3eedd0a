import type { Problem } from '../refusal.ts';

/** How many values a snapshot or an import can hold: objects, lists, texts, numbers, booleans and nulls. A million versions are about seven million. */
export const mostValues = 10_000_000;

/** The problem of untrusted data that holds more than {@link mostValues}, whatever its depth. */
export function tooLarge(data: unknown, path: string): Problem | undefined {
  return holdsMore(data, mostValues)
    ? { path, expected: `at most ${mostValues} JSON values: read it in parts` }
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
