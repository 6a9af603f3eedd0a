import type { Pattern } from './dialect.ts';

/** Compiled once each. A dialect holds strings, so no caller reaches an expression and rewrites it. */
const compiled = /* @__PURE__ */ new Map<Pattern, RegExp>();

/** Whether a value is text that matches a pattern as a whole. It keeps the pattern, so only pass those of a sound dialect. */
export function fits(value: unknown, pattern: Pattern): value is string {
  let expression = compiled.get(pattern);
  if (!expression) {
    expression = expressionOf(pattern);
    compiled.set(pattern, expression);
  }
  return typeof value === 'string' && expression.test(value);
}

/** A pattern as people know it, for sentences: `/^[a-z]{1,64}$/`. */
export function patternRule(pattern: Pattern): string {
  return `text that matches /^${pattern.includes('|') ? `(?:${pattern})` : pattern}$/`;
}

/** Whether a value is a pattern, of at most 1000 characters. It is also compiled without the surrounding `^(?:…)$`, so that `a)|(b` is refused. */
export function isPattern(value: unknown): value is Pattern {
  if (typeof value !== 'string' || value.length > 1000) return false;
  try {
    // The engine compiles an expression only when it is used.
    for (const expression of [new RegExp(value), expressionOf(value)]) expression.test('');
    return true;
  } catch {
    return false;
  }
}

/** The expression that matches whole names. */
export function expressionOf(pattern: Pattern): RegExp {
  return new RegExp(`^(?:${pattern})$`, 's');
}
