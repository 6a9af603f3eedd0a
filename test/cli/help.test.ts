import { expect, test } from 'vitest';
import { exitCodesOf } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/main.ts';
import { runCli } from './host.ts';

const names = commands.map(({ name }) => name);

test.each(names)(
  'the help of %s fits 100 columns and one screen, and names each option and exit code',
  async (name) => {
    const { code, out, err } = await runCli(['help', name]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(out.split('\n').length).toBeLessThanOrEqual(42);
    const command = commands.find((one) => one.name === name) ?? expect.unreachable();
    for (const option of Object.keys(command.options)) expect(out).toMatch(new RegExp(`^ {2}--${option} `, 'm'));
    const [, codes = ''] = out.split('\nExit codes:\n');
    const words = ` ${codes.replaceAll(/\s+/g, ' ')} `;
    for (const [exit, meaning] of exitCodesOf([command])) expect(words).toContain(` ${exit} ${meaning} `);
    expect(/^ {2}1 /m.test(out)).toBe(command.failure !== undefined);
    expect(out).toContain(`Usage: secret-stages ${name}`);
    expect(out.match(/^Usage:/gm)).toHaveLength(1);
  },
);

test.each(names)('--help and -h before or after %s print its help', async (name) => {
  const help = await runCli(['help', name]);
  for (const args of [
    [name, '--help'],
    [name, '-h'],
    ['-h', name],
    [name, 'x', '--color', '--help'],
  ])
    expect(await runCli(args)).toEqual(help);
});

test('help, --help and -h list every command, the common options and the exit codes', async () => {
  const whole = await runCli(['help']);
  for (const flag of ['--help', '-h']) expect(await runCli([flag])).toEqual(whole);
  expect(whole).toMatchObject({ code: 0, err: '' });
  await expect(whole.out).toMatchFileSnapshot('boards/help.txt');
  for (const name of names) expect(whole.out).toMatch(new RegExp(`^ {2}${name} `, 'm'));
});

test('secret-stages without a command prints one line per command on standard error, and exits with 2', async () => {
  const { code, out, err } = await runCli([]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  for (const { name, summary } of commands)
    expect(err).toMatch(new RegExp(`^ {2}${name} +${summary.slice(0, 20)}`, 'm'));
  expect(err).toMatch(/^Usage: secret-stages COMMAND \[OPTION…\]\n/);
  expect(err.split('\n').length).toBeLessThanOrEqual(18);
});

test('help refuses an unknown command and suggests the nearest', async () => {
  expect(await runCli(['help', 'chek'])).toEqual({
    code: 2,
    out: '',
    err:
      'secret-stages: "chek" is not a command. Did you mean check?\n' +
      'Usage: secret-stages help [COMMAND] [OPTION…]\nHelp: secret-stages help help\n',
  });
  expect((await runCli(['help', 'check', 'plan'])).err).toContain('help takes one COMMAND; got 2.\n');
});
