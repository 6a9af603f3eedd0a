import { expect } from 'vitest';

/** Patterns apart: nothing of them can be set that a test of a name would see. */
export const expectFrozen = (value: unknown): void => {
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return;
  expect(Object.isFrozen(value)).toBe(true);
  for (const key of Reflect.ownKeys(value)) expectFrozen(Reflect.get(value, key));
};

/** Nothing of it was frozen. */
export const expectLoose = (value: unknown): void => {
  if (typeof value !== 'object' || value === null) return;
  expect(Object.isFrozen(value)).toBe(false);
  for (const inner of Object.values(value)) expectLoose(inner);
};
