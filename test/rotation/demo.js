// A rotation in AWS Secrets Manager that fails, its fix, and the plan of a rollback. Then a rotation in Huawei Cloud CSMS.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { createAwsEmulator, createCsmsEmulator } from '../../dist/emulator.js';
import { serve } from '../../dist/server.js';
import { drawBoard } from '../../dist/testing.js';

const day = 24 * 60 * 60 * 1000;
let now = Date.parse('2026-03-01');
const print = (text = '') => process.stdout.write(`${text}\n`);
const versionId = (number) => '11111111-1111-4111-8111-111111111111'.replaceAll('1', number);

/** Prints the versions of the only secret, and the stages on them. */
function board({ world }) {
  const [{ secrets }] = Object.values(world.projects);
  const [{ state }] = Object.values(secrets);
  print(`\n${drawBoard(state)}\n`.replaceAll(/^(?=.)/gm, '  '));
}

const database = { newUsersCanRead: false };
// One attempt, to keep the story short.
const aws = createAwsEmulator({ clock: () => now, rotate, rotationTries: 1 });
const { url, close } = await serve(aws);
const client = new SecretsManager({
  endpoint: url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
});
const db = { SecretId: 'db' };
const login = async (version = db) => JSON.parse((await client.getSecretValue(version)).SecretString);

/** The rotation function: it makes a new user each time, so the old one works until the rotation ends. */
async function rotate({ ClientRequestToken, Step }) {
  const pending = { ...db, VersionId: ClientRequestToken, VersionStage: 'AWSPENDING' };
  const steps = {
    async createSecret() {
      const { RandomPassword: password } = await client.getRandomPassword({});
      const user = (await login()).user === 'app-1' ? 'app-2' : 'app-1';
      const value = { SecretString: JSON.stringify({ user, password }), VersionStages: ['AWSPENDING'] };
      await client.putSecretValue({ ...db, ClientRequestToken, ...value });
      return `The password of ${user} is stored`;
    },
    async setSecret() {
      database.user = (await login(pending)).user;
      return `${database.user} is created in the database`;
    },
    async testSecret() {
      if (!database.newUsersCanRead) throw new Error(`${database.user} cannot read the table "orders"`);
      return `${database.user} can read the database`;
    },
    async finishSecret() {
      const { VersionId } = await client.getSecretValue(db);
      const move = { MoveToVersionId: ClientRequestToken, RemoveFromVersionId: VersionId };
      await client.updateSecretVersionStage({ ...db, VersionStage: 'AWSCURRENT', ...move });
      return 'AWSCURRENT moves to the new version';
    },
  };
  try {
    print(`  ${Step.padEnd(12)}   ${await steps[Step]()}.`);
  } catch (error) {
    print(`  ${Step.padEnd(12)}   FAILED: ${error.message}.`);
    throw error;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'secret-stages-demo-'));
/** Saves what AWS says about the secret, and runs a command on it. Returns what the command prints without a terminal. */
async function run(command, ...args) {
  const responses = [await client.describeSecret(db), await client.listSecretVersionIds(db)];
  writeFileSync(join(folder, 'db.json'), JSON.stringify(responses));
  const at = new Date(now).toISOString().slice(0, 10);
  const cli = [resolve('dist/cli.js'), command, 'db.json', ...args, '--at', at];
  print(`  $ npx secret-stages ${cli.slice(1).join(' ')}\n`);
  spawnSync(process.execPath, cli, { cwd: folder, stdio: 'inherit' });
  return spawnSync(process.execPath, cli, { cwd: folder, encoding: 'utf8' }).stdout;
}

const show = async () => {
  print(`  The application reads its password, and logs in as ${(await login()).user}.`);
  board(aws);
};

print('1. A password in AWS Secrets Manager\n');
const SecretString = JSON.stringify({ user: 'app-1', password: 'first password' });
await client.createSecret({ Name: 'db', SecretString, ClientRequestToken: versionId(1) });
await show();

print('2. A rotation begins: AWS calls the rotation function, until a step fails\n');
now += day;
const RotationLambdaARN = 'arn:aws:lambda:us-east-1:123456789012:function:rotate';
const RotationRules = { AutomaticallyAfterDays: 30 };
await client.rotateSecret({ ...db, ClientRequestToken: versionId(2), RotationLambdaARN, RotationRules });
await aws.tick();
print();
await show();

print('3. Nine days later: what is stuck, and what fixes it?\n');
now += 9 * day;
await client.rotateSecret(db).catch(({ message }) => print(`  AWS refuses another rotation:\n  ${message}\n`));
print('  db.json has the responses of DescribeSecret and ListSecretVersionIds.');
const report = await run('check');

print('\n4. The fix is run, and new users are granted their rights\n');
const [, options = ''] = /aws secretsmanager update-secret-version-stage --region \S+ (.*)/.exec(report);
const named = [...options.matchAll(/--([a-z-]+) (\S+)/g)].map(([, name, value]) => [
  name.replaceAll(/(?:^|-)./g, (letter) => letter.at(-1).toUpperCase()),
  value,
]);
await client.updateSecretVersionStage(Object.fromEntries(named));
database.newUsersCanRead = true;
print('  AWSPENDING is out of the way:');
board(aws);
print('5. The next rotation succeeds\n');
await client.rotateSecret({ ...db, ClientRequestToken: versionId(3) });
await aws.tick();
print();
await show();

print('6. A rollback is planned, and warned about\n');
now += day;
await run('plan', '--rollback');
client.destroy();
await close();
rmSync(folder, { recursive: true });

print('7. The same idea in Huawei Cloud CSMS, where you move the stages yourself\n');
const csms = createCsmsEmulator();
const call = (method, path, body) =>
  csms.fetch(`https://csms.example.com/v1/demo/secrets${path}`, {
    method,
    headers: { 'X-Auth-Token': 'any' },
    ...(body && { body: JSON.stringify(body) }),
  });
await call('POST', '', { name: 'db', secret_string: 'first password' });
await call('POST', '/db/versions', { secret_string: 'second password', version_stages: ['pending'] });
print('  A new version gets a stage of your choice:');
board(csms);
await call('PUT', '/db/stages/SYSPREVIOUS', { version_id: 'v1' });
await call('PUT', '/db/stages/SYSCURRENT', { version_id: 'v2' });
print('  The password works. You move SYSPREVIOUS and SYSCURRENT:');
board(csms);
await call('DELETE', '/db/stages/pending');
print('  You remove "pending". If you forget it, "check" reports it.');
board(csms);
