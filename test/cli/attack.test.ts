import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { unsafe } from '../unsafe.ts';
import { runCli } from './host.ts';

// What steers a terminal or a CI runner does not leave the command line in any output.
const folder = mkdtempSync(join(tmpdir(), 'attack-'));
afterAll(() => rmSync(folder, { recursive: true }));

const evil = [
  '##[error]x',
  '##vso[task.complete]',
  '##teamcity[x]',
  '::error::x',
  '\u001b[31mred',
  '\u202eback',
  'a\nb',
  '\u2028',
];
// A vault that allows every name, so that all of them are drawn.
const any = '[\\s\\S]{1,100}';
const vault = join(folder, 'vault.json');
const dialect = { base: 'huawei-csms', id: 'any', secret: { name: any }, stages: { name: any }, versions: { id: any } };
writeFileSync(vault, JSON.stringify(dialect));
const action = (at: number, action: object) =>
  `${JSON.stringify({ at, dialect: 'any', project: 'p', secret: `db${evil.join()}`, action })}\n`;
const good = [
  action(1, { type: 'createSecret', versionId: 'v1' }),
  ...evil.map((versionId, index) => action(2 + index, { type: 'createVersion', versionId })),
  ...evil.map((stage) => action(20, { type: 'assignStage', stage, versionId: '##[error]x' })),
  action(30, { type: 'assignStage', stage: 'SYSCURRENT', versionId: '::error::x' }),
].join('');
const bad = [
  action(30, { type: 'assignStage', stage: 'canary', versionId: '##[none]' }),
  '{"at": 31, "action": {"type": "##[x]"}, "##[y]": 1}\n',
].join('');
const transcript = good + bad;
const file = join(folder, '##[error]file.jsonl');
writeFileSync(file, good);
const broken = join(folder, '##vso[x].json');
writeFileSync(broken, '{"##[x]": 1}');

const [picture, page] = [join(folder, 'x.svg'), join(folder, 'x.html')];
test.each<[isDrawn: boolean, ...args: string[]]>([
  [true, 'check', file],
  [true, 'check', file, '--format', 'json'],
  [true, 'check', file, '--format', 'sarif'],
  [false, 'check', broken],
  [false, 'check', file, '--policy', broken],
  [true, 'plan', file, '--assign', '##[stage]=##[error]x'],
  [true, 'plan', file, '--assign', '##[stage]=##[none]', '--format', 'json'],
  [true, 'plan', file, '--assign', '::stage=v1', '--format', 'state'],
  [false, 'plan', file, '--assign', '##[stage]'],
  [false, 'plan', file, '--secret', '##[none]', '--prune'],
  [true, 'replay', file],
  [false, 'replay', '-'],
  [false, 'replay', '-', '--format', 'json'],
  [false, 'replay', '-', '--quiet'],
  [true, 'replay', file, '--svg', picture, '--html', page],
  [false, 'replay', '##[no-such]'],
  [false, 'replay', '--##[x]'],
  [false, '##[command]'],
  [false, 'dialects', '##[x]'],
  [false, 'serve', '##[x]'],
  [false, 'serve', '--host', '##[x]'],
  [false, 'conform', 'http://x', '--project', '##[x]'],
])('%j %j prints no control characters', async (isDrawn, ...words) => {
  const args = /^(check|plan|replay)$/.test(`${words[0]}`) ? [...words, '--cloud', vault] : words;
  for (const tty of [false, true]) {
    const { code, out, err } = await runCli(args, { input: [transcript], tty, columns: 80, env: { NO_COLOR: '1' } });
    const printed = out + err;
    expect([0, 1].includes(code), printed).toBe(isDrawn);
    expect(printed.length).toBeGreaterThan(0);
    expect(printed).not.toMatch(/##\w*\[/);
    expect(printed.replaceAll('\n', '')).not.toMatch(unsafe);
    for (const line of printed.split('\n')) expect(line.trimStart()).not.toMatch(/^::/);
  }
});
