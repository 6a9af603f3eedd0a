import { expect, test } from 'vitest';
import { createSecret, huaweiCsms } from '../../src/index.ts';
import { check, defineRule, pack, type RuleFinding } from '../../src/policy/index.ts';
import { expectFrozen } from '../expect-frozen.ts';

const db = createSecret({ name: 'db', at: 0 });
const definition = {
  id: 'too-few',
  title: 'There are enough.',
  why: 'One is none.',
  advice: 'Add some.',
  severity: 'note',
  thresholds: { least: 2 },
} as const;
const tooFew = defineRule({
  ...definition,
  find: ({ at }, { least }) => (at < least ? [{ sentence: `${at} of ${least}` }] : []),
});
const sentences = (rule = tooFew) => check(db, { at: 1, policy: [rule] }).findings.map((finding) => finding.sentence);

test('a rule says what it is made of, finds nothing that it does not look for, and is frozen', () => {
  expect(tooFew).toMatchObject({ ...definition, needs: [] });
  expect(defineRule({ ...definition, needs: ['order'] }).needs).toEqual(['order']);
  const blind = defineRule(definition);
  const secret = { state: db, before: db, at: 0, dialect: Object.freeze({ ...definition }) };
  expect([blind.find, blind.findInChange].map((find) => Reflect.apply(find, undefined, [secret]))).toEqual([[], []]);
  for (const rule of [tooFew, ...pack]) {
    expectFrozen(rule.thresholds);
    expectFrozen(rule.needs);
    expect(Object.isFrozen(rule)).toBe(true);
  }
});

test('a rule can have another severity or other thresholds, and the one it is made from stays', () => {
  const strict = tooFew.with({ severity: 'error', thresholds: { least: 1 } });
  expect(strict).toMatchObject({ id: 'too-few', severity: 'error', thresholds: { least: 1 } });
  expect(sentences(strict)).toEqual([]);
  expect(sentences(strict.with({ thresholds: { least: 5 } }))).toEqual(['1 of 5']);
  expect(strict.with({})).toMatchObject({ severity: 'error', thresholds: { least: 1 } });
  expect(tooFew.with({ severity: undefined, thresholds: undefined })).toMatchObject(definition);
  expect(sentences()).toEqual(['1 of 2']);
});

test('whoever changes a definition later does not change the rule', () => {
  const thresholds = { least: 2 };
  const rule = defineRule({ ...definition, thresholds, find: (_, { least }) => [{ sentence: `${least}` }] });
  thresholds.least = 9;
  expect(sentences(rule)).toEqual(['2']);
  expect(rule.thresholds).toEqual({ least: 2 });
  expect(rule.with({ severity: 'error' }).thresholds).toEqual({ least: 2 });
});

test('what a rule finds may have a stage, a version and a time, also where they are empty', () => {
  const evidence: RuleFinding = { sentence: 'So.', stage: '', versionId: '', since: 0 };
  const rule = defineRule({ ...definition, find: () => [evidence] });
  expect(check(db, { at: 1, policy: [rule] }).findings).toEqual([
    { rule: 'too-few', severity: 'note', ...evidence, remedy: [] },
  ]);
});

test.each(['a', 'a1', 'too-few-2', '1'])('%s is an id', (id) => {
  expect(defineRule({ ...definition, id }).id).toBe(id);
});

test.each(['', 'A', 'a b', '-a', 'a-', 'a--b', 'a_b', 'ä', 'a\n'])('defineRule refuses the id %j', (id) => {
  expect(() => defineRule({ ...definition, id })).toThrow(
    new RangeError(
      `The id of a rule must be words of lower-case letters and digits, joined by hyphens; got the string ${JSON.stringify(id)}.`,
    ),
  );
});

test.each([-1, -5e-324, Number.NaN, Number.POSITIVE_INFINITY])('defineRule refuses the threshold %s', (least) => {
  const error = new RangeError(`"least" of rule "too-few" must be a number of at least 0; got ${least}.`);
  expect(() => defineRule({ ...definition, thresholds: { least } })).toThrow(error);
  expect(() => tooFew.with({ thresholds: { least } })).toThrow(error);
});

test.each([0, 5e-324, 0.5, 1e300])('%s is a threshold', (least) => {
  expect(tooFew.with({ thresholds: { least } }).thresholds).toEqual({ least });
});

test('a threshold in words, or one that the rule does not have, is refused with the nearest', () => {
  expect(() => Reflect.apply(tooFew.with, undefined, [{ thresholds: { least: '2' } }])).toThrow(
    new RangeError('"least" of rule "too-few" must be a number of at least 0; got the string "2".'),
  );
  expect(() => tooFew.with({ thresholds: { leest: 2 } })).toThrow(
    new RangeError('"leest" is not a threshold of rule "too-few" (did you mean least?).'),
  );
  expect(() => tooFew.with({ thresholds: JSON.parse('{ "__proto__": 2 }') })).toThrow(
    new RangeError('"__proto__" is not a threshold of rule "too-few" (use one of least).'),
  );
  const none = defineRule({ ...definition, thresholds: {} });
  expect(() => none.with({ thresholds: { least: 2 } })).toThrow(
    new RangeError('"least" is not a threshold of rule "too-few" (it has none).'),
  );
});

test('a severity, an id and the names of thresholds are what a policy file can say', () => {
  const made = (changes: object) => () => Reflect.apply(defineRule, undefined, [{ ...definition, ...changes }]);
  expect(made({ severity: 'fatal' })).toThrow(
    'The severity of rule "too-few" must be one of error, warning, note; got the string "fatal".',
  );
  expect(made({ id: undefined })).toThrow(new RangeError('The id of a rule is required.'));
  expect(made({ thresholds: { severity: 1 } })).toThrow('A threshold of rule "too-few" cannot be named "severity".');
});

test('a rule misses what it needs, unless it says that it does not here', () => {
  const secret = { state: db, at: 0, dialect: huaweiCsms };
  const unknown = { what: 'issued' } as const;
  expect(tooFew.misses(secret, unknown)).toBe(false);
  const needy = defineRule({ ...definition, needs: ['issued'] });
  expect(needy.misses(secret, unknown)).toBe(true);
  const calm = defineRule({ ...definition, needs: ['issued'], misses: (_, __, { least }) => least > 2 });
  expect(calm.misses(secret, unknown)).toBe(false);
  expect(calm.with({ thresholds: { least: 3 } }).misses(secret, unknown)).toBe(true);
});
