import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { freshFolder } from '../server/serving.ts';
import { runCli, usageOf } from './host.ts';

const stuck = 'test/transcripts/stuck-rotation.jsonl';
const library = JSON.stringify(pathToFileURL('src/policy/index.ts').href);

/** What `defineRule` returns, without importing the library: the module may have another copy of it. */
const rule = (fields = '') => `{
  id: 'fresh-current', title: 'The current version is recent.', why: 'Auditors ask.', advice: 'Rotate the secret.',
  severity: 'error', thresholds: { days: 5 }, needs: [], misses: () => false, findInChange: () => [],
  find(secret) {
    const age = secret.ageOf(secret.current) / 86400000;
    return age > this.thresholds.days ? [{ sentence: 'It is old.', versionId: secret.current }] : [];
  },
  with(changes) { return { ...this, ...changes, thresholds: { ...this.thresholds, ...changes.thresholds } } },
  ${fields}
}`;
const check = (code: string, args: readonly string[] = [], name = 'rules.mjs') => {
  const file = join(freshFolder(), name);
  writeFileSync(file, code);
  return { file, ran: runCli(['check', stuck, '--rules', file, ...args]) };
};

test.each([
  ['rules.mjs', `export default [${rule()}];`],
  ['rules.mjs', `export const rules = [${rule()}];`],
  ['rules.cjs', `module.exports = [${rule()}];`],
  ['rules.cjs', `exports.rules = [${rule()}];`],
  ['my rules.mjs', `export default [${rule()}];`],
])('check --rules reads a module named %s: %s', async (name, code) => {
  const { code: exit, out, err } = await check(code, ['--fail-on', 'error'], name).ran;
  expect({ exit, err }).toEqual({ exit: 1, err: '' });
  expect(out).toContain('  error  fresh-current\n  It is old.\n  Auditors ask.\n  What to do: Rotate the secret.\n');
  expect(out).toContain('  warning  stuck-stage\n');
});

test('check --rules reads rules that defineRule made, relative to the current folder', async () => {
  const code = `import { defineRule } from ${library};
    export default [defineRule({ id: 'mine', title: 't', why: 'w', advice: 'a', severity: 'note', thresholds: {},
      find: ({ current }) => [{ sentence: 'Current: ' + current, versionId: current }] })];`;
  const file = join(freshFolder(), 'rules.ts');
  writeFileSync(file, code);
  const home = process.cwd();
  const { out, err } = await runCli([
    'check',
    stuck,
    '--rules',
    `./${file.startsWith(home) ? '' : '..'}${'/..'.repeat(home.split('/').length - 2)}${file}`,
  ]);
  expect(err).toBe('');
  expect(out).toContain('  note  mine\n  Current: v2\n');
});

test('a policy file configures rules of --rules, and SARIF and JSON have them', async () => {
  const policy = join(freshFolder(), 'policy.json');
  writeFileSync(policy, JSON.stringify({ rules: { 'fresh-current': { severity: 'note', days: 8 } }, others: 'off' }));
  const code = `export default [${rule()}];`;
  const report = JSON.parse((await check(code, ['--policy', policy, '--format', 'json']).ran).out);
  expect(report.rules).toMatchObject([{ id: 'fresh-current', severity: 'note', thresholds: { days: 8 } }]);
  writeFileSync(policy, JSON.stringify({ rules: { 'fresh-current': { days: 9 } } }));
  const { runs } = JSON.parse((await check(code, ['--policy', policy, '--format', 'sarif']).ran).out);
  expect(runs[0].tool.driver.rules.at(-1)).toMatchObject({ id: 'fresh-current', help: { text: 'Rotate the secret.' } });
  expect(JSON.stringify(runs[0].results)).not.toContain('fresh-current');
});

test('plan --rules checks with the rules, and the preview of a remedy has the option', async () => {
  const { file, ran } = check(`export default [${rule()}];`);
  expect((await ran).out).toMatch(new RegExp(`Preview: .* --rules ${file} --assign `));
  const { out } = await runCli([
    'plan',
    stuck,
    '--rules',
    file,
    '--at',
    '2020-03-01',
    '--assign',
    'pending=v2',
    '--fail-on',
    'error',
  ]);
  expect(out).toContain('Fixed findings');
});

test.each([
  ['export default 5;', 'does not export a list of rules. Write: export default [defineRule({ … })]\n'],
  ['export default [5];', 'is not a rule: it is 5. Make it with defineRule of secret-stages/policy.\n'],
  ['export default [undefined];', 'is not a rule: it is nothing. '],
  [`export default [${rule('find: 5')}];`, 'is not a rule: its find must be a function. '],
  [`export default [${rule("why: ''")}];`, 'is not a rule: its why must be a non-empty string. '],
  [
    `export default [${rule("severity: 'fatal'")}];`,
    'is not a rule: its severity must be one of error, warning, note. ',
  ],
  [`export default [${rule('thresholds: []')}];`, 'is not a rule: its thresholds must be an object. '],
  [`export default [${rule('needs: {}')}];`, 'is not a rule: its needs must be a list. '],
  [`export default [${rule("id: 'rollback'")}];`, 'has the id "rollback" of another rule. Give it another id.\n'],
  [`export default [${rule()}, ${rule()}];`, 'has the id "fresh-current" of another rule. Give it another id.\n'],
  ['export default [', 'cannot be loaded. '],
  ['throw new Error("no network");', 'cannot be loaded. Error: no network\n'],
  ['throw 5;', 'cannot be loaded. 5\n'],
  ['import "./missing.mjs";', 'cannot be loaded. '],
])('check refuses the rules %s', async (code, message) => {
  const { file, ran } = check(code);
  const { code: exit, out, err } = await ran;
  expect([exit, out]).toEqual([2, '']);
  expect(err).toContain(file);
  expect(err).toContain(message);
  expect(err.endsWith(usageOf('check'))).toBe(true);
});

test('check refuses rules in a file that does not exist', async () => {
  const { code, err } = await runCli(['check', stuck, '--rules', './no.mjs']);
  expect([code, err]).toEqual([2, `secret-stages: ./no.mjs does not exist. Check the path.\n${usageOf('check')}`]);
});

const malformed = 'TypeError: It must return a list of findings: { sentence, stage?, versionId?, since?, remedies? }.';

test.each([
  ["find() { throw new RangeError('Oh no.') }", 'RangeError: Oh no.'],
  ["findInChange() { throw 'Oh no.' }", 'the string "Oh no."'],
  ['needs: ["expireTimes"], misses() { throw new Error("Oh no.") }', 'Error: Oh no.'],
  ['find: () => 5', malformed],
  ['find: async () => []', malformed],
  ['find: () => {}', malformed],
  ['find: () => [{}]', malformed],
  ['find: () => ["a"]', malformed],
  ['find: () => [{ sentence: "a" }, { sentence: "b", stage: null }]', malformed],
  ['find: () => [{ sentence: "a", versionId: 5n }]', malformed],
  ['find: () => [{ sentence: "a", since: 1e20 }]', malformed],
  ['find: () => [{ sentence: "a", remedies: {} }]', malformed],
  [
    'find(secret) { secret.current = "v9" }',
    "TypeError: Cannot assign to read only property 'current' of object '#<Object>'",
  ],
])('check names the rule that failed, and the secret: %s', async (fields, message) => {
  const { file, ran } = check(`export default [${rule(fields)}];`);
  const expected = `secret-stages: Rule "fresh-current" of ${file} failed on secret "db-password". ${message}\n`;
  expect(await ran).toEqual({ code: 2, out: '', err: `${expected}${usageOf('check')}` });
});
