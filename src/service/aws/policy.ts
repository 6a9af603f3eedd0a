import { fieldOf, isObject, parseJson } from '../../json.ts';

/** Returns the statements of a resource policy, or undefined if it is not one. Their content is not checked further. */
export function statementsIn(policy: string): readonly unknown[] | undefined {
  const statement = fieldOf(parseJson(policy), 'Statement');
  if (isObject(statement)) return [statement];
  return Array.isArray(statement) && statement.every(isObject) ? statement : undefined;
}

/**
 * Whether a statement allows broad access: to everyone, without one of the conditions that limit it.
 *
 * Source: PutResourcePolicy and the user guide, block public access (documented). Assumed: any value of a listed condition limits it.
 */
export function isPublic(statement: unknown): boolean {
  const principal = fieldOf(statement, 'Principal');
  const everyone = [principal, fieldOf(principal, 'AWS')].some(
    (each) => each === '*' || (Array.isArray(each) && each.includes('*')),
  );
  const conditions = Object.values(Object(fieldOf(statement, 'Condition'))).flatMap((each) =>
    Object.keys(Object(each)),
  );
  const isLimited = conditions.some((key) => /^aws:source(arn|vpc|vpce|account)$/i.test(key));
  return fieldOf(statement, 'Effect') === 'Allow' && everyone && !isLimited;
}
