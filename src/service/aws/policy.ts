import { fieldOf, isObject, parseJson } from '../../json.ts';

/** Returns the statements of a resource policy, or undefined if it is not one. Their content is not checked further. */
export function statementsIn(policy: string): readonly unknown[] | undefined {
  const statement = fieldOf(parseJson(policy), 'Statement');
  const statements = listOf(statement);
  return statement !== undefined && statements.every(isObject) ? statements : undefined;
}

/**
 * Whether a statement allows broad access: to everyone, without a condition with fixed values that limits it.
 *
 * Source: PutResourcePolicy and the user guide, block public access (documented). Assumed: NotPrincipal allows everyone else.
 */
export function isPublic(statement: unknown): boolean {
  const principal = fieldOf(statement, 'Principal');
  const everyone = [...listOf(principal), ...listOf(fieldOf(principal, 'AWS'))].includes('*');
  const isBroad = everyone || fieldOf(statement, 'NotPrincipal') !== undefined;
  const conditions = Object.values(Object(fieldOf(statement, 'Condition'))).flatMap((each) =>
    Object.entries(Object(each)),
  );
  const isLimited = conditions.some(
    ([key, values]) =>
      /^aws:source(arn|vpc|vpce|account)$/i.test(key) && listOf(values).every((value) => !/[*?]/.test(`${value}`)),
  );
  return fieldOf(statement, 'Effect') === 'Allow' && isBroad && !isLimited;
}

/** In a policy, a list with one element can be written without the list. */
function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined ? [] : [value];
}
