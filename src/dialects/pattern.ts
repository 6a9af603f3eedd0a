import type { Pattern } from './dialect.ts';

/** Compiled once each. A dialect holds strings, so nobody else can reach, and rewrite, an expression in here. */
const compiled = /* @__PURE__ */ new Map<Pattern, RegExp>();

/** Whether a value is text that matches a pattern as a whole. */
export function fits(value: unknown, pattern: Pattern): value is string {
  return typeof value === 'string' && expressionOf(pattern).test(value);
}

/** A pattern as people know it, for sentences: `/^[a-z]{1,64}$/`. */
export function patternRule(pattern: Pattern): string {
  return pattern.includes('|') ? `/^(?:${pattern})$/` : `/^${pattern}$/`;
}

/** Whether a value is a pattern: by itself, for `a)|(b` makes sense only where it breaks out of the parentheses. */
export function isPattern(value: unknown): value is Pattern {
  if (typeof value !== 'string') return false;
  try {
    return Boolean(new RegExp(value, 's'));
  } catch {
    return false;
  }
}

function expressionOf(pattern: Pattern): RegExp {
  let expression = compiled.get(pattern);
  if (!expression) {
    expression = new RegExp(`^(?:${pattern})$`, 's');
    compiled.set(pattern, expression);
  }
  return expression;
}
