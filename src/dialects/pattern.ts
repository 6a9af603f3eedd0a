import type { Pattern } from './dialect.ts';

/** Compiled once each, up to a thousand. A dialect holds strings, so no caller reaches an expression and rewrites it. */
const compiled = /* @__PURE__ */ new Map<Pattern, RegExp>();

/** Whether a value is text that matches a pattern as a whole. */
export function fits(value: unknown, pattern: Pattern): value is string {
  return typeof value === 'string' && expressionOf(pattern).test(value);
}

/** A pattern as people know it, for sentences: `/^[a-z]{1,64}$/`. */
export function patternRule(pattern: Pattern): string {
  return pattern.includes('|') ? `/^(?:${pattern})$/` : `/^${pattern}$/`;
}

/** Whether a value is a pattern. It is also compiled without the surrounding `^(?:…)$`, so that `a)|(b` is refused. */
export function isPattern(value: unknown): value is Pattern {
  if (typeof value !== 'string') return false;
  try {
    // The engine compiles an expression only when it is used.
    return [new RegExp(value, 's'), new RegExp(`^(?:${value})$`, 's')].every((expression) =>
      [true, false].includes(expression.test('')),
    );
  } catch {
    return false;
  }
}

function expressionOf(pattern: Pattern): RegExp {
  let expression = compiled.get(pattern);
  if (!expression) {
    expression = new RegExp(`^(?:${pattern})$`, 's');
    if (compiled.size >= 1000) compiled.clear();
    compiled.set(pattern, expression);
  }
  return expression;
}
