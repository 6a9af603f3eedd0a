import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { commands } from '../../src/cli/main.ts';
import { runCli } from './host.ts';

const names = commands.map(({ name }) => name);
const scriptFor = async (shell: string): Promise<string> => {
  const { code, out, err } = await runCli(['completion', shell]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out;
};
const isInstalled = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;

/** What bash offers for the last of some words. */
const offeredByBash = async (...words: readonly string[]): Promise<readonly string[]> => {
  const test = `${await scriptFor('bash')}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _secret_stages; echo "\${COMPREPLY[*]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', test, 'bash', 'secret-stages', ...words], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.trim().split(' ');
};

/** What fish offers for an unfinished command line. */
const offeredByFish = async (line: string): Promise<readonly string[]> => {
  const script = `${await scriptFor('fish')}\ncomplete -C 'secret-stages ${line}'`;
  const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', script], {
    encoding: 'utf8',
    cwd: 'test/transcripts',
  });
  expect(stderr).toBe('');
  return stdout
    .trim()
    .split('\n')
    .map((offer) => offer.split('\t')[0] ?? '');
};

const clouds = ['huawei-csms', 'aws-secrets-manager', 'alibaba-kms', 'google-secret-manager'];

test.skipIf(!isInstalled('bash')).each<[readonly string[], readonly string[]]>([
  [[''], names],
  [['pl'], ['plan']],
  [['--'], ['--color', '--no-color', '--help', '--version']],
  [['plan', '--fo'], ['--format']],
  [
    ['plan', '--format', ''],
    ['pretty', 'json', 'state'],
  ],
  [
    ['check', '--format', ''],
    ['pretty', 'json', 'sarif', 'junit'],
  ],
  // Bash passes the = of an option as a separate word.
  [
    ['plan', '--format', '='],
    ['pretty', 'json', 'state'],
  ],
  [['plan', '--format', '=', 's'], ['state']],
  [
    ['--cloud', 'alibaba-kms', 'check', '--fail-on', ''],
    ['error', 'warning', 'note'],
  ],
  [['check', '--cloud', ''], clouds],
  [['check', 'x.json', '--no'], ['--no-color']],
  [['help', ''], names],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [
    ['dialects', 'a'],
    ['aws-secrets-manager', 'alibaba-kms'],
  ],
  // No suggestions: bash suggests files.
  [['check', ''], ['']],
  [['check', '--policy', ''], ['']],
])('bash completes %j with %j', async (words, offered) => {
  expect(await offeredByBash(...words)).toEqual(offered);
});

test.skipIf(!isInstalled('fish')).each<[string, readonly string[]]>([
  ['', [...names].sort()],
  ['plan --fo', ['--format']],
  ['plan --format ', ['json', 'pretty', 'state']],
  ['help c', ['check', 'completion', 'conform']],
  ['completion ', ['bash', 'fish', 'zsh']],
  ['serve --port ', ['']],
  ['check rot', ['rotation.jsonl']],
  ['check --policy rot', ['rotation.jsonl']],
])('fish completes "%s" with %j', async (line, offered) => {
  expect(await offeredByFish(line)).toEqual(offered);
});

test.skipIf(!isInstalled('zsh'))('zsh accepts the script, which describes every command and option', async () => {
  const script = await scriptFor('zsh');
  const { status, stderr } = spawnSync('zsh', ['-n'], { input: script, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test.each(['bash', 'zsh', 'fish'])('the script for %s names every command and option', async (shell) => {
  const script = await scriptFor(shell);
  for (const { name, options } of commands) {
    expect(script).toContain(name);
    for (const option of Object.keys(options))
      expect(script).toContain(shell === 'fish' ? `-l ${option} ` : `--${option}`);
  }
});

test.each([
  [[], 'completion takes one SHELL: bash, zsh, fish.'],
  [['bash', 'zsh'], 'completion takes one SHELL: bash, zsh, fish.'],
  [['ssh'], '"ssh" is not supported. Use one of bash, zsh, fish.'],
  [['powershell'], '"powershell" is not supported. Use one of bash, zsh, fish.'],
])('completion refuses %j', async (args, message) => {
  const { code, out, err } = await runCli(['completion', ...args]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(`secret-stages: ${message}\n`);
});
