import type { Dialect, PreviousFollows } from '../dialects/index.ts';

/** A value in a dialect that is not an object. One source can support it. */
export type Leaf = string | number | boolean | null | readonly string[];

const steps: readonly string[] = ['plain-version', 'any-version', 'any-move'] satisfies readonly PreviousFollows[];

/**
 * The rules of a dialect by their paths, in their order, each with its value. Two rules have several rows, because
 * their sources differ: each case in which the previous stage can follow, and each property of the pending stage.
 */
export function leavesOf({ secret, stages, versions }: Dialect): readonly (readonly [rule: string, value: Leaf])[] {
  return Object.entries({ secret, stages, versions }).flatMap(([group, rules]) =>
    Object.entries(rules).flatMap(([rule, value]) => leavesIn(`${group}.${rule}`, value, stages.previous)),
  );
}

function leavesIn(path: string, value: unknown, previous: string | null): readonly (readonly [string, Leaf])[] {
  if (path === 'stages.previousFollows') {
    const last = steps.indexOf(String(value));
    return steps.map((step, index) => [`${path}: ${step}`, previous !== null && index <= last]);
  }
  if (path === 'stages.pending' && typeof value === 'string') {
    return [
      [path, value],
      [`${path}: can be removed`, true],
      [`${path}: cleared by a plain version`, true],
    ];
  }
  if (isLeaf(value)) return [[path, value]];
  return Object.entries(Object(value)).flatMap(([part, inner]) => leavesIn(`${path}.${part}`, inner, previous));
}

function isLeaf(value: unknown): value is Leaf {
  return typeof value !== 'object' || value === null || Array.isArray(value);
}
