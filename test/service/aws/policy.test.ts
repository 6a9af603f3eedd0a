import { expect, test } from 'vitest';
import { isPublic, statementsIn } from '../../../src/service/aws/policy.ts';

test.each([
  ['{"Statement":{"Effect":"Deny"}}', [{ Effect: 'Deny' }]],
  ['{"Statement":[]}', []],
  ['{"Statement":[{},{}]}', [{}, {}]],
  ['{"Statement":[{},5]}', undefined],
  ['{"Statement":null}', undefined],
  ['{"statement":[]}', undefined],
  ['5', undefined],
  ['not JSON', undefined],
])('the statements in %s', (policy, statements) => {
  expect(statementsIn(policy)).toEqual(statements);
});

const allow = { Effect: 'Allow', Principal: '*' };
const under = (condition: unknown) => ({ ...allow, Condition: condition });
test.each([
  [allow, true],
  [{ ...allow, Principal: ['*'] }, true],
  [{ ...allow, Principal: { AWS: '*' } }, true],
  [{ ...allow, Principal: { AWS: ['123456789012', '*'] } }, true],
  [{ ...allow, Principal: { AWS: '123456789012' } }, false],
  [{ ...allow, Principal: { Service: '*' } }, false],
  [{ ...allow, Principal: undefined }, false],
  [{ ...allow, Effect: 'Deny' }, false],
  [under({ StringEquals: { 'aws:SourceAccount': '123456789012' } }), false],
  [under({ ArnLike: { 'AWS:sourcearn': 'arn:aws:s3:::x' } }), false],
  [under({ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }), true],
  [under({ StringLike: { 'aws:SourceArn': '*' } }), true],
  [under({ StringLike: { 'aws:SourceArn': ['arn:aws:s3:::x', 'arn:aws:s3:::?'] } }), true],
  [{ Effect: 'Allow', NotPrincipal: { AWS: '123456789012' } }, true],
  [under({ StringEquals: 5 }), true],
  [under(5), true],
])('%j is public: %s', (statement, expected) => {
  expect(isPublic(statement)).toBe(expected);
});
