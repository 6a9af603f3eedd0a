import { expect, test } from 'vitest';
import { compared, comparison, legend, rulesTable } from '../../src/cli/rules-table.ts';
import { dialects } from '../../src/dialects/index.ts';
import { awsSecretsManager, defineDialect, googleSecretManager, huaweiCsms } from '../../src/index.ts';
import { runCli } from './host.ts';

const names = ['huawei-csms', 'aws-secrets-manager', 'alibaba-kms', 'google-secret-manager'];
const all = Object.values(dialects);

const shown = async (...args: readonly string[]) => {
  const { code, out, err } = await runCli(['dialects', ...args]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out;
};
const widthOf = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

/** The cells of a rule in a table of Markdown. */
const rowIn = (table: string, rule: string): readonly string[] =>
  table
    .split('\n')
    .find((line) => line.startsWith(`| \`${rule}\``))
    ?.split(/ ?(?<!\\)\| ?/)
    .slice(2, -1) ?? [];

test('the dialects go by the names of their files, and nobody adds one', () => {
  expect(Object.keys(dialects)).toEqual(names);
  expect(Object.isFrozen(dialects)).toBe(true);
  expect(new Set(all.map(({ name }) => name)).size).toBe(4);
});

test('the comparison fits on a screen, and no cell of it is cut off', async () => {
  const out = await shown();
  await expect(out).toMatchFileSnapshot('boards/dialects.txt');
  expect(widthOf(out)).toBeLessThanOrEqual(153);
  expect(out.split('\n').length).toBeLessThanOrEqual(32);
  expect(compared(all).length).toBeLessThanOrEqual(24);
  expect(out).not.toContain('…');
  expect(out).toMatch(/\nversionId +\^\.\{1,64\}\$ \* +\^\.\{32,64\}\$ /);
  const { out: colored } = await runCli(['dialects'], { tty: true });
  for (const part of ['\u001b[1mAWS Secrets Manager\u001b[22m', '\u001b[2maws-secrets-manager', '\u001b[1mstageLimit'])
    expect(colored).toContain(part);
});

test('values are in words, with a mark for how they are known', () => {
  const table = comparison(all);
  expect(table.split('\n')[0]).toBe(
    '| rule | Huawei Cloud CSMS | AWS Secrets Manager | Alibaba Cloud KMS | Google Secret Manager |',
  );
  expect(rowIn(table, 'builtInStages')[3]).toBe('none');
  expect(rowIn(table, 'currentStage')).toEqual(['SYSCURRENT', 'AWSCURRENT', 'ACSCurrent', 'none']);
  expect(rowIn(table, 'versionLimit')).toEqual(['20', 'about 100', '10', 'none']);
  expect(rowIn(table, 'recoveryWindowInDays')[3]).toBe('none');
  expect(rowIn(table, 'movesNeedHolder')).toEqual(['no', 'yes', 'no°', 'no']);
  expect(rowIn(table, 'versionId')[0]).toBe('`^.{1,64}$`*');
  expect(rowIn(table, 'stageName')[3]).toBe('`^(?!(?:latest\\|new)$)[a-z][\\w-]{0,62}$` (in any case)');
  expect(table).toContain('| `previousFollowsMove`: the previous stage follows where the current one is moved | ');
  expect(table.endsWith(`\n\n${legend.replace('*', '\\*')}`)).toBe(true);
});

test('what all agree in is left out, but for limits', () => {
  const rulesOf = (...dialects: Parameters<typeof compared>[0]) => compared(dialects).map(({ rule }) => rule);
  const limits = ['stageLimit', 'stageListLimit', 'versionLimit', 'recoveryWindowInDays'];
  expect(rulesOf(huaweiCsms, huaweiCsms)).toEqual(limits);
  expect(rulesOf(huaweiCsms, { ...huaweiCsms, repeatKeepsTime: true })).toEqual([...limits, 'repeatKeepsTime']);
  for (const rule of ['repeatKeepsTime', 'versionLimitIsRough', 'versionIdPrefix'])
    expect(rulesOf(...all)).not.toContain(rule);
});

test('a dialect that leaves a switch out has a place in its row, as one that has it off', () => {
  const { sources, ...bare } = awsSecretsManager;
  const { movesNeedHolder, versionLimitIsRough, ...rules } = bare;
  const table = comparison([defineDialect(rules), googleSecretManager, awsSecretsManager]);
  expect(rowIn(table, 'movesNeedHolder')).toEqual(['no*', 'no', 'yes']);
  expect(rowIn(table, 'versionLimit')).toEqual(['100*', 'none', 'about 100']);
  const row = compared([defineDialect(rules), awsSecretsManager]).find(({ rule }) => rule === 'movesNeedHolder');
  expect(row?.values[0]?.known).toEqual({
    rule: 'movesNeedHolder',
    value: false,
    grade: 'assumed',
    source: 'left out by whoever made this dialect',
  });
});

test('the legend says what each mark means, recorded answers too', () => {
  expect(legend).toBe(
    'No mark: documented by the cloud. °: seen in an example, SDK, provider or recorded answer. *: assumed, for no page says so.',
  );
});

test('with a name, all rules of one and where they come from', async () => {
  const pretty = await shown('aws-secrets-manager');
  expect(pretty).toMatch(/^AWS Secrets Manager\n\nrule +value +grade +source\n/);
  expect(pretty).toMatch(/\nemptyListIsRefused +yes +documented +PutSecretValue: at least one\n/);
  expect(widthOf(pretty)).toBeLessThanOrEqual(150);
  for (const name of names) expect(await shown(name)).not.toContain('…');
  const { out: colored } = await runCli(['dialects', 'alibaba-kms'], { tty: true });
  for (const part of ['\u001b[1mAlibaba Cloud KMS\u001b[22m', '\u001b[2mgrade\u001b[22m', '\u001b[1mstageLimit'])
    expect(colored).toContain(part);
});

test('in Markdown it is what the documentation has', async () => {
  expect(await shown('--format', 'markdown')).toBe(`${comparison(all)}\n`);
  for (const [name, dialect] of Object.entries(dialects)) {
    expect(await shown(name, '--format', 'markdown')).toBe(`${rulesTable(dialect)}\n`);
  }
});

test('the table of rules has a row a rule, with its code in backticks', () => {
  const table = rulesTable(huaweiCsms);
  expect(table).toMatch(/^\| rule \| value \| grade \| source \|\n\| --- \| --- \| --- \| --- \|\n/);
  for (const row of [
    '| a stage marks one version; put on another, it moves | yes | documented | UpdateSecretStage |',
    '| `builtInStages` | SYSCURRENT, SYSPREVIOUS | documented | DeleteSecretStage |',
    '| `recoveryWindowInDays` | least 7, most 30, usual 30 | documented | DeleteSecretForSchedule |',
    '| `secretName` | `^[\\w.-]{1,64}$` | documented | CreateSecret; since 2026 without the dot |',
    '| `freeStages` | no | assumed | no page excludes the built-in ones from the limit |',
  ]) {
    expect(table.split('\n')).toContain(row);
  }
  const { evidence, model } = awsSecretsManager.sources;
  expect(rulesTable(awsSecretsManager).split('\n')).toHaveLength(2 + evidence.length + model.length);
  expect(rowIn(rulesTable(googleSecretManager), 'versionIdPrefix')[0]).toBe('none');
});

test('as JSON patterns are text, and none is null', async () => {
  const { rules } = JSON.parse(await shown('--format', 'json'));
  expect(rules).toHaveLength(compared(all).length);
  const limit = rules.find(({ rule }: { readonly rule: string }) => rule === 'versionLimit');
  expect(limit.gloss).toBe('versions of a secret, at most');
  expect(Object.keys(limit.dialects)).toEqual(names);
  expect(limit.dialects['google-secret-manager']).toMatchObject({ value: null, grade: 'documented' });
  const google = JSON.parse(await shown('google-secret-manager', '--format', 'json'));
  expect(google).toMatchObject({ name: 'Google Secret Manager' });
  expect(google.rules).toContainEqual(expect.objectContaining({ rule: 'versionId', value: '/^[1-9]\\d*$/' }));
});

test.each(['check', 'dialects', 'replay'])('the help of %s names every dialect', async (command) => {
  const { out } = await runCli([command, '--help']);
  for (const name of names) expect(out).toContain(name);
});

test.each([
  [['aws'], 'aws is not a dialect; there is huawei-csms, aws-secrets-manager, alibaba-kms, google-secret-manager'],
  [['google-secrets-manager'], 'google-secrets-manager is not a dialect; did you mean google-secret-manager?'],
  [['alibaba-kms', 'huawei-csms'], 'dialects takes one NAME, not 2'],
  [['--format', 'md'], '--format cannot be md; there is pretty, markdown, json'],
  [['--dialect', 'alibaba-kms'], '--dialect is not an option of dialects; there is --format'],
])('%j shows nothing and says why', async (args, message) => {
  expect(await runCli(['dialects', ...args])).toEqual({
    code: 2,
    out: '',
    err: `secret-stages: ${message}\nTry: secret-stages --help\n`,
  });
});
