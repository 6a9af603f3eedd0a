import type { Pattern } from './dialect.ts';

/** Each pattern is compiled once. A dialect has strings, so no caller can rewrite an expression. */
const compiled = /* @__PURE__ */ new Map<Pattern, RegExp>();

/**
 * Whether a value is a string that matches a whole pattern. The pattern is cached, so only pass those of a valid
 * dialect.
 */
export function fits(value: unknown, pattern: Pattern): value is string {
  let expression = compiled.get(pattern);
  if (!expression) {
    expression = expressionOf(pattern);
    compiled.set(pattern, expression);
  }
  return typeof value === 'string' && expression.test(value);
}

/** A pattern in sentences: `text that matches /^[a-z]{1,64}$/`. */
export function patternRule(pattern: Pattern): string {
  return `text that matches /^${pattern.includes('|') ? `(?:${pattern})` : pattern}$/`;
}

/** Whether a value is a pattern. It is also compiled without the surrounding `^(?:…)$`, so that `a)|(b` is refused. */
export function isPattern(value: unknown): value is Pattern {
  if (typeof value !== 'string' || value.length > 1000) return false;
  try {
    // The engine compiles an expression when it is first used.
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
