import { expect, test } from 'vitest';
import { drawConformance } from '../../../src/cli/draw/draw-conformance.ts';
import { colorsOf } from '../../../src/drawing/terminal.ts';
import type { Broken, TriedLaw } from '../../../src/testing/conformance/result.ts';

const law = (id: string, tried: number): TriedLaw => {
  const sentence = 'Assigning a stage moves it to that version. Every other stage stays where it was.';
  return { id, sentence, grade: 'documented', source: 'UpdateSecretStage', tried };
};
const again = `secret-stages conform http://127.0.0.1:8080 --project=p --seed=5 --path=${'1:'.repeat(30)}1`;
const found: Broken = {
  ok: false,
  runs: 3,
  calls: 40,
  seed: 5,
  laws: [law('ids-issued-once', 12), law('moves-one-stage', 3), law('times', 0)],
  law: law('moves-one-stage', 3),
  why: 'Stage "SYSCURRENT" is on version "v2", but must be on version "v1", says hunter2-hunter2-hunter2.',
  story: [],
  transcript: [JSON.stringify({ at: 1, method: 'POST', path: `/v1/p/secrets/${'db'.repeat(60)}` })],
  path: '1',
  expected: ['v1   SYSCURRENT, SYSPREVIOUS', 'v2   deprecated'],
  found: ['v1   SYSPREVIOUS', 'v2   SYSCURRENT'],
};
const draw = (width: number | undefined, broken = found) => {
  const terminal = { colors: colorsOf(false), width };
  return drawConformance(broken, again, terminal, (text) => text.replaceAll('hunter2', '(the token)'));
};

test('drawConformance draws the laws as a table, and both boards side by side', () => {
  const text = draw(undefined);
  expect(text).toContain(`broken     moves-one-stage     3 calls  ${found.law.sentence}\n`);
  expect(text).toContain('\nv1   SYSCURRENT, SYSPREVIOUS   v1   SYSPREVIOUS\n');
});

test.each([60, 80, 200])('drawConformance fits %i columns, but for what is copied', (columns) => {
  const board = ['v1   '.padEnd(45, 'S'), ''];
  for (const broken of [found, { ...found, expected: board, found: board }]) {
    const lines = draw(columns, broken).split('\n');
    const wider = lines.filter((line) => line.length > columns);
    expect(wider).toEqual(columns === 200 ? [] : [...found.transcript, `To reproduce: ${again}`]);
    const characters = (text: string) => [...text.replace(/\s/g, '')].sort().join('');
    expect(characters(lines.join(''))).toBe(characters(draw(undefined, broken)));
  }
});

test('drawConformance puts boards that do not fit side by side below one another', () => {
  expect(draw(44)).toContain(
    '\nexpected\nv1   SYSCURRENT, SYSPREVIOUS\nv2   deprecated\n\nactual\nv1   SYSPREVIOUS\nv2   SYSCURRENT\n',
  );
});

test('drawConformance hides censored text, also if lines are wrapped', () => {
  for (let columns = 40; columns < 120; columns++) expect(draw(columns).replace(/\s/g, '')).not.toContain('hunter2');
});
