import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { evidenceOf } from '../../src/evidence/index.ts';
import { awsSecretsManager } from '../../src/index.ts';
import { callAt } from '../server/serving.ts';
import { call, runCli, startCli } from './host.ts';

const widths = [60, 80, 200];
const env = { NO_COLOR: '1' };
/** A command or a JSON line: a person copies it, so it is one line. */
const isCopied = (line: string) => /^ *\{.*\}$|: secret-stages plan |^ +(curl|aws) /.test(line);
const charactersOf = (text: string) => [...text.replace(/\s/g, '')].sort().join('');

const [wide, long] = ['秘密のバージョン'.repeat(8), 'x'.repeat(64)];
const odd = [
  call(1, 'POST', '', { name: long }),
  call(2, 'POST', `/${long}/versions`, {}, { version_metadata: { id: wide } }),
  call(3, 'POST', `/${long}/versions`, { version_stages: ['SYSCURRENT', 's'.repeat(64), 't'.repeat(64)] }),
  call(4, 'PUT', `/${long}/stages/canary`, { version_id: 'v9' }),
  call(5, 'DELETE', `/${long}/stages/${'s'.repeat(64)}`),
  'no call\n',
];
const plan = ['plan', 'test/transcripts/aws-rotation.jsonl', '--at', '2026-03-04', '--assign'];
const ran: readonly { readonly args: readonly string[]; readonly input?: readonly string[] }[] = [
  { args: ['check', 'test/transcripts/stuck-rotation.jsonl', 'test/transcripts/version-limit.jsonl'] },
  { args: ['check', '--at', '2021-01-01'], input: odd.slice(0, 3) },
  { args: ['check', '--at', '2021-01-01'], input: [odd[0]?.replace('/v1/p/', `/v1/${long}/`) ?? ''] },
  { args: [...plan, 'AWSCURRENT=3b7c1f52-0d7e-4a39-9c41-6f2f5a1d0003'] },
  { args: [...plan, 'AWSPENDING=3b7c1f52-0d7e-4a39-9c41-6f2f5a1d0001', '--prune', '--new-version'] },
  { args: ['plan', 'test/transcripts/stuck-rotation.jsonl', '--assign', 'pending=v2'] },
  { args: ['plan', 'test/transcripts/stuck-rotation.jsonl', '--assign', 'SYSCURRENT=v1', '--prune', '--keep', '1'] },
  { args: ['replay', 'test/transcripts/aws-rotation.jsonl'] },
  { args: ['replay'], input: odd },
  { args: ['replay', '--quiet'], input: odd },
  { args: ['dialects', 'aws-secrets-manager'] },
  { args: ['dialects', 'google-secret-manager'] },
];

test.each(widths.flatMap((columns) => ran.map((one) => ({ columns, ...one }))))(
  '$args fits $columns columns and loses nothing',
  async ({ columns, args, input = [] }) => {
    const { out } = await runCli(args, { input, tty: true, columns, env });
    expect(out.split('\n').filter((line) => stringWidth(line) > columns && !isCopied(line))).toEqual([]);
    const whole = await runCli(args, { input });
    expect(charactersOf(out)).toBe(charactersOf(whole.out));
    const copied = (text: string) => text.split('\n').filter(isCopied);
    expect(copied(out)).toEqual(copied(whole.out));
  },
);

test.each([...widths, 40, 149, 150])('dialects fits %i columns, as a list if necessary', async (columns) => {
  const { out } = await runCli(['dialects'], { tty: true, columns, env });
  expect(out.split('\n').filter((line) => stringWidth(line) > columns)).toEqual([]);
  expect(/^versions\.latest\n {2}huawei-csms/m.test(out)).toBe(columns < 150);
  const characters = out.replace(/\s/g, '');
  for (const { rule, value } of evidenceOf(awsSecretsManager).filter(({ rule }) => /^stages\.\w+$/.test(rule))) {
    if (typeof value === 'string' && out.includes(rule)) expect(characters).toContain(value);
  }
});

test.each(widths)('serve fits %i columns, except for the suggested request', async (columns) => {
  const cli = startCli(['serve'], { tty: true, columns, env });
  const prompt = await cli.sees(/\n\n$/);
  const [, url = ''] = /^Emulating CSMS on (\S+)$/m.exec(prompt) ?? [];
  await callAt(url, 'GET', `/${long}/${long}`);
  await cli.sees(/ms/);
  cli.signal('SIGTERM');
  const { out } = await cli.ended;
  expect(out.split('\n').filter((line) => stringWidth(line) > columns && !isCopied(line))).toEqual([]);
  expect(out.match(/^ {2}curl -H .* \S+\/v1\/my-project\/secrets$/m)).not.toBeNull();
  expect(out.replace(/\s/g, '')).toContain(`/${long}/${long}`);
});
