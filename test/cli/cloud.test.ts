import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readCloud } from '../../src/cli/cloud.ts';
import { UsageError } from '../../src/cli/host.ts';
import { awsSecretsManager, createSecret, defineDialect, huaweiCsms } from '../../src/index.ts';
import { hostWith, runCli } from './host.ts';

const folder = mkdtempSync(join(tmpdir(), 'cloud-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fileOf = (content: unknown): string => {
  const file = join(folder, 'vault.json');
  writeFileSync(file, JSON.stringify(content));
  return file;
};
const cloudIn = (content: unknown) => readCloud(hostWith(), fileOf(content));
const vault = defineDialect(huaweiCsms, { id: 'our-vault', stages: { limit: 3 } });

test('readCloud gives a cloud by its id', async () => {
  expect(await readCloud(hostWith(), 'huawei-csms')).toBe(huaweiCsms);
  expect(await readCloud(hostWith(), 'aws-secrets-manager')).toBe(awsSecretsManager);
});

test('readCloud reads a whole dialect from a file, and one that changes the rules of a cloud', async () => {
  expect(await cloudIn(vault)).toEqual(vault);
  const changed = await cloudIn({ base: 'huawei-csms', id: 'our-vault', stages: { limit: 3 } });
  expect(changed).toEqual(vault);
  expect(Object.isFrozen(changed.stages)).toBe(true);
  expect((await cloudIn({ base: 'aws-secrets-manager' })).id).toBe('aws-secrets-manager');
});

const all = 'Use one of huawei-csms, aws-secrets-manager, alibaba-kms, google-secret-manager.';

test.each([
  ['aws-secret-manager', '"aws-secret-manager" is not a cloud. Did you mean aws-secrets-manager?'],
  ['vault', `"vault" is not a cloud. ${all}`],
  ['__proto__', `"__proto__" is not a cloud. ${all}`],
])('readCloud refuses %s and says what it takes', async (given, message) => {
  await expect(readCloud(hostWith(), given)).rejects.toThrow(
    new UsageError(message, ['To use a dialect file, pass its path, such as ./dialect.json.']),
  );
});

test.each<[unknown, readonly string[]]>([
  [5, ['dialect must be an object with id, title, secret, stages, versions']],
  [{}, ['id must be', 'secret must', 'stages must']],
  [{ ...vault, stages: { ...vault.stages, limit: 1 } }, ['stages.limit must leave room for the built-in stages']],
  [{ base: 'huawei-csms', stages: { limt: 5 } }, ['stages.limt is not a rule']],
  [{ base: 'huawei-csms', stages: 5 }, ['stages must']],
])('readCloud explains what is wrong with the dialect %j', async (content, expected) => {
  const error: unknown = await cloudIn(content).catch((error: unknown) => error);
  if (!(error instanceof UsageError)) throw error;
  expect(error.message).toBe(`${join(folder, 'vault.json')} is not a valid dialect:`);
  for (const part of expected) expect(error.details.join('\n')).toContain(part);
});

test('readCloud refuses a base that is not a cloud', async () => {
  await expect(cloudIn({ base: 'huawei' })).rejects.toThrow(
    'vault.json is not a valid dialect: base "huawei" is not a cloud. Did you mean huawei-csms?',
  );
});

test('a command reads secrets by the dialect in a file', async () => {
  const secret = join(folder, 'secret.json');
  writeFileSync(secret, JSON.stringify(createSecret({ name: 'db', at: 0 }, vault)));
  const plan = ['plan', secret, '--assign', 'a=v1', '--assign', 'b=v1', '--assign', 'c=v1'];
  const { code, out } = await runCli(['--cloud', fileOf(vault), ...plan]);
  expect(code).toBe(1);
  expect(out).toContain('Stage "c" is over the limit of 3.');
  expect(await runCli(plan)).toMatchObject({ code: 2 });
});
