import { expect, test } from 'vitest';
import { bind, createSecret, createVersion, googleSecretManager, type SecretState } from '../../src/index.ts';
import { caseOf } from '../../src/policy/check.ts';
import { check, defineRule, pack, type RuleFinding } from '../../src/policy/index.ts';
import { expectFrozen } from '../expect-frozen.ts';

const db = createSecret({ name: 'db', at: 0 });
const definition = {
  id: 'too-few',
  title: 'There are enough.',
  why: 'One can get lost.',
  advice: 'Add some.',
  severity: 'note',
  thresholds: { least: 2 },
} as const;
const tooFew = defineRule({
  ...definition,
  find: ({ at }, { least }) => (at < least ? [{ sentence: `${at} of ${least}` }] : []),
});
const sentences = (rule = tooFew) => check(db, { at: 1, policy: [rule] }).findings.map((finding) => finding.sentence);

test('defineRule returns a frozen rule with its definition, which finds nothing by default', () => {
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

test('with returns a rule with another severity or other thresholds, and leaves the original unchanged', () => {
  const strict = tooFew.with({ severity: 'error', thresholds: { least: 1 } });
  expect(strict).toMatchObject({ id: 'too-few', severity: 'error', thresholds: { least: 1 } });
  expect(sentences(strict)).toEqual([]);
  expect(sentences(strict.with({ thresholds: { least: 5 } }))).toEqual(['1 of 5']);
  expect(strict.with({})).toMatchObject({ severity: 'error', thresholds: { least: 1 } });
  expect(tooFew.with({ severity: undefined, thresholds: undefined })).toMatchObject(definition);
  expect(sentences()).toEqual(['1 of 2']);
});

test('defineRule copies the definition', () => {
  const thresholds = { least: 2 };
  const rule = defineRule({ ...definition, thresholds, find: (_, { least }) => [{ sentence: `${least}` }] });
  thresholds.least = 9;
  expect(sentences(rule)).toEqual(['2']);
  expect(rule.thresholds).toEqual({ least: 2 });
  expect(rule.with({ severity: 'error' }).thresholds).toEqual({ least: 2 });
});

test('a finding can have a stage, a version and a time, even empty ones', () => {
  const evidence: RuleFinding = { sentence: 'So.', stage: '', versionId: '', since: 0 };
  const rule = defineRule({ ...definition, find: () => [evidence] });
  expect(check(db, { at: 1, policy: [rule] }).findings).toEqual([
    { rule: 'too-few', severity: 'note', ...evidence, remedy: [] },
  ]);
});

test.each(['a', 'a1', 'too-few-2', '1'])('defineRule accepts the id %s', (id) => {
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

test.each([0, 5e-324, 0.5, 1e300])('defineRule accepts the threshold %s', (least) => {
  expect(tooFew.with({ thresholds: { least } }).thresholds).toEqual({ least });
});

test('with refuses a threshold that is text or unknown, and suggests the nearest name', () => {
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

test('defineRule refuses a severity, an id or a threshold name that a policy file cannot have', () => {
  const made = (changes: object) => () => Reflect.apply(defineRule, undefined, [{ ...definition, ...changes }]);
  expect(made({ severity: 'fatal' })).toThrow(
    'The severity of rule "too-few" must be one of error, warning, note; got the string "fatal".',
  );
  expect(made({ id: undefined })).toThrow(new RangeError('The id of a rule is required.'));
  expect(made({ thresholds: { severity: 1 } })).toThrow('A threshold of rule "too-few" cannot be named "severity".');
});

test('a rule misses what it needs, unless its misses function returns false', () => {
  const secret = caseOf(db, { at: 0 });
  const unknown = { what: 'issued' } as const;
  expect(tooFew.misses(secret, unknown)).toBe(false);
  const needy = defineRule({ ...definition, needs: ['issued'] });
  expect(needy.misses(secret, unknown)).toBe(true);
  const calm = defineRule({ ...definition, needs: ['issued'], misses: (_, __, { least }) => least > 2 });
  expect(calm.misses(secret, unknown)).toBe(false);
  expect(calm.with({ thresholds: { least: 3 } }).misses(secret, unknown)).toBe(true);
});

test('a case has the versions of the built-in stages, ages and times', () => {
  const three = createVersion(createVersion(db, { at: 1000 }), { at: 2000, stages: ['b', 'a'] });
  const unknown = [
    { what: 'createTime', versionId: 'v2' },
    { what: 'stageTime', stage: 'SYSCURRENT' },
  ] as const;
  const secret = caseOf(three, { at: 5000, unknown });
  expect(secret).toMatchObject({ current: 'v2', previous: 'v1', pending: undefined });
  expect(['v1', 'v2', 'v3', 'v9', 'toString'].map(secret.ageOf)).toEqual([5000, undefined, 3000, undefined, undefined]);
  expect(['SYSCURRENT', 'SYSPREVIOUS', 'a', 'c'].map(secret.timeOf)).toEqual([undefined, 1000, 2000, undefined]);
  expect(['v3', 'v1', 'v9'].map(secret.stagesOf)).toEqual([['a', 'b'], ['SYSPREVIOUS'], []]);
});

test('the current version of a case is the one that readers get in a cloud without a current stage', () => {
  const google = bind(googleSecretManager);
  const none = google.createSecret({ name: 'db', at: 0, versionId: null });
  const currentIn = (state: SecretState) => caseOf(state, { at: 0, dialect: googleSecretManager }).current;
  expect(currentIn(none)).toBeUndefined();
  expect(currentIn(google.createVersion(google.createVersion(none, { at: 1 }), { at: 2 }))).toBe('2');
});

test.each(['find', 'findInChange'])('a rule whose %s forgets to return its findings does not pass', (name) => {
  const rule = defineRule({ ...definition, [name]: () => JSON.parse('null') });
  const policy = [rule];
  expect(() => check(createVersion(db, { at: 1 }), { at: 1, policy, before: db })).toThrow(TypeError);
});

test('a case lists the stages of a version anew, so that no rule can change what others see', () => {
  const { stagesOf } = caseOf(db, { at: 1 });
  expect(stagesOf('v1')).not.toBe(stagesOf('v1'));
});
