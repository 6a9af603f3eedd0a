import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import process from 'node:process';
import { expect, test } from 'vitest';

const hasCli = spawnSync('aws', ['--version']).status === 0;

/** The commands of the README that start the emulator and call it. They need the build. */
const [, commands = ''] =
  /```sh\n(npx secret-stages serve --cloud .*?)```/s.exec(readFileSync('README.md', 'utf8')) ?? [];

test.skipIf(!hasCli)(
  `the commands of the README create a secret in the emulator${hasCli ? '' : ' (skipped: there is no aws here)'}`,
  { timeout: 60_000 },
  async () => {
    const script = commands
      .replace('npx secret-stages', `'${process.execPath}' dist/cli.js`)
      .replaceAll('4566', '45661')
      .replace('sleep 1;', 'trap "kill $!" EXIT; sleep 3;');
    expect(script).toContain('dist/cli.js');
    const child = spawn('bash', ['-c', script], {
      env: { ...process.env, AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull, AWS_PAGER: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    for await (const chunk of child.stdout) printed += chunk;
    expect(printed).toContain('Emulating AWS Secrets Manager on http://127.0.0.1:45661');
    expect(printed).toContain('"ARN": "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-');
  },
);
