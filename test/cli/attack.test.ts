import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCli } from './host.ts';

// What steers a terminal or a CI runner does not leave the command line in any output.
const folder = mkdtempSync(join(tmpdir(), 'attack-'));
afterAll(() => rmSync(folder, { recursive: true }));

const evil = ['##[error]x', '##vso[task.complete]', '##teamcity[x]', '\u001b[31mred', '\u202eback', 'a\nb', '\u2028'];
const action = (at: number, action: object) => {
  const line = { at, dialect: 'google-secret-manager', project: `p${evil.join()}`, secret: 'db', action };
  return `${JSON.stringify(line)}\n`;
};
const transcript = [
  action(1, { type: 'createSecret', versionId: 'v1' }),
  ...evil.map((versionId, index) => action(2 + index, { type: 'createVersion', versionId })),
  ...evil.map((stage) => action(20, { type: 'assignStage', stage, versionId: '##[error]x' })),
  action(30, { type: 'assignStage', stage: 'AWSCURRENT', versionId: '##[none]' }),
  '{"at": 31, "action": {"type": "##[x]"}, "##[y]": 1}\n',
].join('');
const file = join(folder, '##[error]file.jsonl');
writeFileSync(file, transcript.split('\n').slice(0, -3).join('\n'));
const broken = join(folder, '##vso[x].json');
writeFileSync(broken, '{"##[x]": 1}');

const [picture, page] = ['x.svg', 'x.html'].map((name) => join(folder, name));
test.each([
  ['check', file],
  ['check', file, '--format', 'json'],
  ['check', file, '--format', 'sarif'],
  ['check', broken],
  ['check', file, '--policy', broken],
  ['plan', file, '--assign', '##[stage]=##[error]x'],
  ['plan', file, '--assign', '##[stage]=##[none]', '--format', 'json'],
  ['plan', file, '--assign', '##[stage]=v1', '--format', 'state'],
  ['plan', file, '--assign', '##[stage]'],
  ['plan', file, '--secret', '##[none]', '--prune'],
  ['replay', file],
  ['replay', '-'],
  ['replay', '-', '--json'],
  ['replay', '-', '--quiet'],
  ['replay', '-', '--svg', `${picture}`, '--html', `${page}`],
  ['replay', '##[no-such]'],
  ['replay', '--##[x]'],
  ['##[command]'],
  ['dialects', '##[x]'],
  ['serve', '##[x]'],
  ['serve', '--host', '##[x]'],
  ['conform', 'http://x', '--project', '##[x]'],
])('%j prints nothing that steers', async (...args) => {
  for (const tty of [false, true]) {
    const { out, err } = await runCli(args, { input: [transcript], tty, columns: 80, env: { NO_COLOR: '1' } });
    const printed = out + err;
    expect(printed.length).toBeGreaterThan(0);
    expect(printed).not.toMatch(/##\w*\[/);
    expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    for (const line of printed.split('\n')) expect(line.trimStart()).not.toMatch(/^::/);
  }
});
