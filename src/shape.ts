import { isObject } from './json.ts';
import type { Problem } from './refusal.ts';
import { foundText, grouped, hiddenText, quote } from './text.ts';

/**
 * What untrusted data must look like: a function that lists what is wrong with a value. Paths begin with the path of
 * the value.
 */
export type Shape = (value: unknown, path: string) => readonly Problem[];

/** A value for which `isSound` returns true. A problem shows any other value with `show`. */
export function is(
  expected: string,
  isSound: (value: unknown) => boolean,
  show: (value: unknown) => string = foundText,
): Shape {
  return (value, path) => (isSound(value) ? [] : [{ path, expected, found: show(value) }]);
}

export function oneOf(...values: readonly unknown[]): Shape {
  return is(`one of ${values.join(', ')}`, (value) => values.includes(value));
}

export const trueOrOmitted: Shape = /* @__PURE__ */ is(
  'true or omitted',
  (value) => value === true || value === undefined,
);

/** A whole number that is at least `least`, and at most `most` if it is given. */
export function whole(least: number, most?: number): Shape {
  const isSound = (value: unknown) =>
    Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= (most ?? Number(value));
  return is(`a whole number from ${least}${most === undefined ? '' : ` to ${grouped(most)}`}`, isSound);
}

export function orNull(shape: Shape): Shape {
  return (value, path) => {
    const problems = value === null ? [] : shape(value, path);
    return problems.map((each) => (each.path === path ? { ...each, expected: `${each.expected}, or be null` } : each));
  };
}

export function optional(shape: Shape): Shape {
  return (value, path) => (value === undefined ? [] : shape(value, path));
}

/** A list of at most `most` elements. */
export function list(shape: Shape, most: number = Number.POSITIVE_INFINITY): Shape {
  return holding('a list', Array.isArray, (elements, path) =>
    elements.length > most
      ? [tooMany(path, 'a list', most, elements.length)]
      : firstProblems([...elements], (element, index) => shape(element, `${path}[${index}]`)),
  );
}

/** An object with any keys, at most `most`, whose values all have one shape. */
export function record(shape: Shape, most: number = Number.POSITIVE_INFINITY): Shape {
  return holding('an object', isObject, (value, path) => {
    const keys = Object.keys(value);
    if (keys.length > most) return [tooMany(path, 'an object', most, keys.length)];
    return firstProblems(keys, (key) => shape(value[key], pathTo(path, key)));
  });
}

/** The problems of parts. It stops after {@link mostProblems}, because bad data may have millions. */
function firstProblems<Part>(
  parts: readonly Part[],
  problemsOf: (part: Part, index: number) => readonly Problem[],
): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [index, part] of parts.entries()) {
    if (problems.length >= mostProblems) break;
    problems.push(...problemsOf(part, index));
  }
  return problems;
}

/** A list or a record collects problems until it has at least this many. */
const mostProblems = 100;

function tooMany(path: string, kind: string, most: number, length: number): Problem {
  return { path, expected: `${kind} of at most ${grouped(most)} entries`, found: `${grouped(length)} entries` };
}

/** An object with these fields and no others. Inherited properties are not fields. */
export function fields(shapes: Readonly<Record<string, Shape>>, expected = 'an object'): Shape {
  const entries = Object.entries(shapes);
  return holding(expected, isObject, (value, path) => {
    const problems: Problem[] = [];
    for (const [field, shape] of entries) {
      const given = Object.hasOwn(value, field) ? value[field] : undefined;
      for (const problem of shape(given, `${path}.${field}`)) problems.push(problem);
    }
    const strangers = Object.keys(value).filter((field) => !Object.hasOwn(shapes, field));
    return [...problems, ...firstProblems(strangers, (field) => [{ path: pathTo(path, field), expected: 'omitted' }])];
  });
}

/** A list or an object. A problem shows only the kind of any other value. */
function holding<Holder>(
  expected: string,
  isHolder: (value: unknown) => value is Holder,
  problemsIn: (holder: Holder, path: string) => readonly Problem[],
): Shape {
  const isSound = is(expected, isHolder, hiddenText);
  return (value, path) => (isHolder(value) ? problemsIn(value, path) : isSound(value, path));
}

/** The path to a value with a key from outside, which can be any text. */
function pathTo(path: string, key: string): string {
  return `${path}[${quote(key)}]`;
}
