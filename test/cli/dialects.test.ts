import { expect, test } from 'vitest';
import { compared, comparison, legend, rulesTable } from '../../src/cli/draw/rules-table.ts';
import { cloudOf, clouds } from '../../src/dialects/index.ts';
import { evidenceOf } from '../../src/evidence/index.ts';
import { awsSecretsManager, defineDialect, googleSecretManager, huaweiCsms } from '../../src/index.ts';
import { runCli, usageOf } from './host.ts';

const names = ['huawei-csms', 'aws-secrets-manager', 'alibaba-kms', 'google-secret-manager'];

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

test('the ids of the clouds are their file names, and the list is frozen', () => {
  expect(clouds.map(({ id }) => id)).toEqual(names);
  expect(Object.isFrozen(clouds)).toBe(true);
  expect(new Set(clouds.map(({ title }) => title)).size).toBe(4);
  for (const cloud of clouds) expect(cloudOf(cloud.id)).toBe(cloud);
  expect(cloudOf('__proto__')).toBeUndefined();
});

test('dialects fits the comparison on a screen without cutting cells off', async () => {
  const out = await shown();
  await expect(out).toMatchFileSnapshot('boards/dialects.txt');
  expect(widthOf((await runCli(['dialects'], { tty: true, columns: 150, env: { NO_COLOR: '1' } })).out)).toBe(150);
  expect(out.split('\n').length).toBeLessThanOrEqual(33);
  expect(compared(clouds).length).toBeLessThanOrEqual(25);
  expect(out).not.toContain('…');
  expect(out).toMatch(/\nversions\.id +\.\{1,64\} \* +\.\{32,64\} /);
  const { out: colored } = await runCli(['dialects'], { tty: true });
  for (const part of [
    '\u001b[1mAWS Secrets Manager\u001b[22m',
    '\u001b[2maws-secrets-manager',
    '\u001b[1mstages.limit',
  ])
    expect(colored).toContain(part);
});

test('dialects prints values in words, with a mark for their grade', () => {
  const table = comparison(clouds);
  expect(table.split('\n')[0]).toBe(
    '| rule | Huawei Cloud CSMS | AWS Secrets Manager | Alibaba Cloud KMS | Google Secret Manager |',
  );
  expect(rowIn(table, 'secret.pausedAs')).toEqual(['DISABLED, FROZEN', 'none', 'none', 'none']);
  expect(rowIn(table, 'stages.current')).toEqual(['SYSCURRENT', 'AWSCURRENT', 'ACSCurrent', 'none']);
  expect(rowIn(table, 'versions.limit.most')).toEqual(['20', 'about 100', '10', 'none']);
  expect(rowIn(table, 'versions.limit.sparedHours')).toEqual(['–', '24', '–', 'none']);
  expect(rowIn(table, 'secret.deletionDays.most')[3]).toBe('none');
  expect(rowIn(table, 'stages.previousIsRemovable')).toEqual(['no', 'yes°', 'no', 'no']);
  expect(rowIn(table, 'stages.previousFollows: any-move')).toEqual(['no*', 'yes', 'no*', 'no']);
  expect(rowIn(table, 'versions.id')[0]).toBe('`.{1,64}`*');
  expect(rowIn(table, 'stages.name')[3]).toContain('`(?!(?:[Ll][Aa][Tt][Ee][Ss][Tt]\\|[Nn][Ee][Ww])$)');
  expect(table).toContain(
    '| `stages.previousFollows: any-move`: the previous stage follows if the current stage is moved | ',
  );
  expect(table.endsWith(`\n\n${legend.replace('*', '\\*')}`)).toBe(true);
});

test('dialects omits rules that are the same everywhere, except limits', () => {
  const rulesOf = (...dialects: Parameters<typeof compared>[0]) => compared(dialects).map(({ rule }) => rule);
  const ofVersions = ['most', 'whenFull', 'sparedHours'].map((rule) => `versions.limit.${rule}`);
  const limits = ['deletionDays.least', 'deletionDays.most'].map((rule) => `secret.${rule}`);
  const others = ['stages.limit', 'versions.lists.most', ...ofVersions];
  expect(rulesOf(huaweiCsms, huaweiCsms)).toEqual([...limits, ...others]);
  const changed = defineDialect(huaweiCsms, { versions: { latest: 'newest' } });
  expect(rulesOf(huaweiCsms, changed)).toEqual([...limits, ...others, 'versions.latest']);
  for (const rule of ['stages.limitCounts', 'versions.limit.isRough', 'versions.idPrefix'])
    expect(rulesOf(...clouds)).not.toContain(rule);
});

test('dialects prints a dash for a rule that a dialect does not have', () => {
  const bare = defineDialect(awsSecretsManager, { versions: { limit: { most: 90, whenFull: 'refuse' } } });
  const table = comparison([bare, googleSecretManager, awsSecretsManager]);
  expect(rowIn(table, 'versions.limit.most')).toEqual(['90*', 'none', 'about 100']);
  expect(rowIn(table, 'versions.limit.whenFull')).toEqual(['refuse*', 'none', 'drop-oldest-deprecated']);
  expect(rowIn(table, 'versions.limit.sparedHours')).toEqual(['–', 'none', '24']);
});

test('the legend explains each mark', () => {
  expect(legend).toBe(
    'No mark: documented by the cloud. °: observed in an example, SDK, provider or recorded response. *: assumed, because no source says it. –: does not apply.',
  );
});

test('dialects CLOUD lists all rules with their sources', async () => {
  const pretty = await shown('aws-secrets-manager');
  expect(pretty).toMatch(/^AWS Secrets Manager\n\nrule +value +grade +source\n/);
  expect(pretty).toMatch(/\nversions\.lists\.least +1 +documented +PutSecretValue: at least one\n/);
  for (const name of names) expect(await shown(name)).not.toContain('…');
  const { out: colored } = await runCli(['dialects', 'alibaba-kms'], { tty: true });
  for (const part of ['\u001b[1mAlibaba Cloud KMS\u001b[22m', '\u001b[2mgrade\u001b[22m', '\u001b[1mstages.limit'])
    expect(colored).toContain(part);
});

test('dialects --format markdown prints the tables of the documentation', async () => {
  expect(await shown('--format', 'markdown')).toBe(`${comparison(clouds)}\n`);
  for (const dialect of clouds) {
    expect(await shown(dialect.id, '--format', 'markdown')).toBe(`${rulesTable(dialect)}\n`);
  }
});

test('the table of rules has one row per rule, with its path in backticks', () => {
  const table = rulesTable(huaweiCsms);
  expect(table).toMatch(/^\| rule \| value \| grade \| source \|\n\| --- \| --- \| --- \| --- \|\n/);
  for (const row of [
    '| a stage is on at most one version; assigning it to another moves it | yes | documented | UpdateSecretStage |',
    '| `stages.current` | SYSCURRENT | documented | CreateSecret, CreateSecretVersion |',
    '| `secret.deletionDays.usual` | 30 | documented | DeleteSecretForSchedule |',
    '| `secret.name` | `[\\w.-]{1,64}` | documented | CreateSecret in older pages; in conflict with pages since 2026, which exclude the dot |',
    '| `stages.limitCounts` | all | assumed | no page excludes the built-in stages from the limit |',
  ]) {
    expect(table.split('\n')).toContain(row);
  }
  for (const dialect of clouds) expect(rulesTable(dialect).split('\n')).toHaveLength(2 + evidenceOf(dialect).length);
  expect(rowIn(rulesTable(googleSecretManager), 'versions.idPrefix')[0]).toBe('none');
});

test('dialects --format json prints the rows of the evidence', async () => {
  const { rules } = JSON.parse(await shown('--format', 'json'));
  expect(rules).toHaveLength(compared(clouds).length);
  const rowsOf = (path: string) => rules.find(({ rule }: { readonly rule: string }) => rule === path);
  const limit = rowsOf('versions.limit.most');
  expect(limit.gloss).toBe('maximum number of versions');
  expect(Object.keys(limit.dialects)).toEqual(names);
  expect(limit.dialects['google-secret-manager']).toMatchObject({ rule: 'versions.limit', value: null });
  expect(rowsOf('versions.limit.sparedHours').dialects['huawei-csms']).toBe(null);
  const google = JSON.parse(await shown('google-secret-manager', '--format', 'json'));
  expect(google).toMatchObject({ id: 'google-secret-manager', title: 'Google Secret Manager' });
  expect(google.rules).toEqual(evidenceOf(googleSecretManager));
});

test.each(['check', 'dialects', 'replay'])('the help of %s names every dialect', async (command) => {
  const { out } = await runCli([command, '--help']);
  for (const name of names) expect(out).toContain(name);
});

test.each([
  [
    ['aws'],
    '"aws" is not a cloud. Did you mean aws-secrets-manager?\n  To use a dialect file, pass its path, such as ./dialect.json.',
  ],
  [
    ['google-secrets-manager'],
    '"google-secrets-manager" is not a cloud. Did you mean google-secret-manager?\n  To use a dialect file, pass its path, such as ./dialect.json.',
  ],
  [['alibaba-kms', 'huawei-csms'], 'dialects takes one CLOUD; got 2.'],
  [['--format', 'md'], '--format cannot be "md". Use one of pretty, markdown, json.'],
  [['--cloud', 'alibaba-kms'], '--cloud is not an option of dialects. Did you mean --color?'],
])('%j shows nothing and says why', async (args, message) => {
  expect(await runCli(['dialects', ...args])).toEqual({
    code: 2,
    out: '',
    err: `secret-stages: ${message}\n${usageOf('dialects')}`,
  });
});
