import { expect, test } from 'vitest';
import { defineRule, pack, parsePolicy } from '../../src/policy/index.ts';
import { explainProblem } from '../../src/sentences.ts';
import { expectLinear } from '../work.ts';

const policyOf = (input: unknown, rules = pack) => {
  const parsed = parsePolicy(input, rules);
  return parsed.ok ? parsed.policy : expect.fail(parsed.problems.map(explainProblem).join());
};
const problemsOf = (input: unknown) => {
  const parsed = parsePolicy(input);
  return parsed.ok ? [] : parsed.problems.map(explainProblem);
};
const stuck = (input: unknown) => policyOf(input).find(({ id }) => id === 'stuck-stage');

test.each([{}, { rules: {} }, { others: 'on' }])('parsePolicy reads %j as the pack', (input) => {
  expect(policyOf(input)).toEqual(pack);
  expect(Object.isFrozen(policyOf(input))).toBe(true);
});

test('parsePolicy turns off a rule, or all others', () => {
  const ids = policyOf({ rules: { rollback: 'off' } }).map(({ id }) => id);
  expect(ids).toEqual(pack.map(({ id }) => id).filter((id) => id !== 'rollback'));
  expect(policyOf({ others: 'off' })).toEqual([]);
  const two = policyOf({ rules: { 'stage-budget': {}, rollback: 'note', 'stuck-stage': 'off' }, others: 'off' });
  expect(two.map(({ id }) => id)).toEqual(['rollback', 'stage-budget']);
});

test('parsePolicy changes severity and thresholds, and keeps what is omitted', () => {
  expect(stuck({ rules: { 'stuck-stage': 'error' } })).toMatchObject({ severity: 'error', thresholds: { days: 7 } });
  expect(stuck({ rules: { 'stuck-stage': { severity: 'note' } } })).toMatchObject({
    severity: 'note',
    thresholds: { days: 7 },
  });
  expect(stuck({ rules: { 'stuck-stage': { days: 0 } } })).toMatchObject({
    severity: 'warning',
    thresholds: { days: 0 },
  });
  expect(stuck({ rules: { 'stuck-stage': {} } })).toMatchObject({ severity: 'warning', thresholds: { days: 7 } });
});

test.each([
  [5, 'a number'],
  [null, 'null'],
  [undefined, 'nothing'],
  ['on', 'a string of 2 characters'],
  [[], 'a list'],
])('parsePolicy refuses %j and says what it found', (input, found) => {
  expect(parsePolicy(input)).toEqual({
    ok: false,
    problems: [{ path: 'policy', expected: 'an object', found }],
  });
});

test('parsePolicy reports every problem with its path and a suggestion', () => {
  expect(
    problemsOf({
      rules: {
        'stuk-stage': 'error',
        rollback: 'fatal',
        'stage-budget': { severity: 'off', stagesLeft: -1, stagesLeeft: 2 },
        'stuck-stage': { days: '7' },
        'deprecated-age': 90,
        'lookalike-names': { days: 1 },
      },
      others: 'maybe',
      other: 'on',
    }),
  ).toEqual([
    'policy["other"] must be a known field; did you mean others?',
    'policy.others must be one of on, off; got the string "maybe"',
    'policy.rules["stuk-stage"] must be a known rule; did you mean stuck-stage?',
    'policy.rules["stuck-stage"].days must be a number of at least 0; got the string "7"',
    'policy.rules["rollback"] must be one of error, warning, note, off, or an object with a severity and thresholds; got the string "fatal"',
    'policy.rules["stage-budget"]["stagesLeeft"] must be a known field; did you mean stagesLeft?',
    'policy.rules["stage-budget"].stagesLeft must be a number of at least 0; got -1',
    'policy.rules["stage-budget"].severity must be one of error, warning, note; got the string "off"',
    'policy.rules["deprecated-age"] must be one of error, warning, note, off, or an object with a severity and thresholds; got 90',
    'policy.rules["lookalike-names"]["days"] must be a known field; use one of severity',
  ]);
});

test('parsePolicy reports rules that are not an object, among other problems', () => {
  expect(problemsOf({ rules: ['rollback'], others: 1 })).toEqual([
    'policy.others must be one of on, off; got 1',
    'policy.rules must be an object with rule ids as keys; got a list',
  ]);
});

test('parsePolicy refuses hostile names as unknown, and cuts long ones', () => {
  expect(
    problemsOf(JSON.parse('{ "rules": { "__proto__": "off", "constructor": "off" }, "__proto__": 1 }')),
  ).toHaveLength(3);
  expect(problemsOf(JSON.parse('{ "rules": { "stuck-stage": { "__proto__": 1, "constructor": 1 } } }'))).toHaveLength(
    2,
  );
  const [problem] = problemsOf({ [`a${'b'.repeat(1000)}`]: 1 });
  expect(problem).toMatch(/^policy\["ab{78}…"\] must be a known field; use one of rules, others$/);
});

test('parsePolicy reads your own rules, whatever their names', () => {
  const own = defineRule({
    id: 'constructor',
    title: '',
    why: '',
    advice: '',
    severity: 'note',
    thresholds: { toString: 1 },
  });
  expect(policyOf({}, [own])).toEqual([own]);
  expect(policyOf({ rules: { constructor: {} } }, [own])).toMatchObject([{ thresholds: { toString: 1 } }]);
  expect(policyOf({ rules: { constructor: { toString: 5 } } }, [own])).toMatchObject([{ thresholds: { toString: 5 } }]);
  expect(parsePolicy({ rules: { rollback: 'off' } }, [own]).ok).toBe(false);
});

test('parsePolicy reads many names in linear time, and lists the first unknown ones', () => {
  const unknown = (size: number) => Object.fromEntries(Array.from({ length: size }, (_, at) => [`rule-${at}`, 'off']));
  expectLinear((size) => () => parsePolicy({ rules: unknown(size) }), 200);
  expect(problemsOf({ rules: unknown(1000) }).slice(20)).toEqual(['policy must be free of 980 more problems']);
  expect(problemsOf(unknown(21)).slice(20)).toEqual(['policy must be free of 1 more problem']);
});

test('parsePolicy refuses more than two million values', () => {
  expect(problemsOf({ others: new Array(2_000_000).fill(0) })).toEqual([
    'policy must be at most 2,000,000 JSON values; split it into parts',
  ]);
});
