import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { huaweiCsms } from '../../src/index.ts';
import { lawsFor } from '../../src/testing/conformance/laws.ts';
import { faults, seenIn } from './faults.ts';

const page = readFileSync('test/gallery/README.md', 'utf8');

test('the table of the page lists every fault', () => {
  const rows = faults.map(
    ({ id, fault, law, calls, lawOverHttp, callsOverHttp }) =>
      `| \`${id}\` | ${fault} | ${law} | ${calls} | ${lawOverHttp} | ${callsOverHttp} | ${seenIn[id] ?? '–'} |`,
  );
  const head =
    '| id | fault | law in process | calls | law over the API | calls | reported in |\n| --- | --- | --- | --- | --- | --- | --- |\n';
  expect(page).toContain(`\n\n${head}${rows.join('\n')}\n\n`);
});

test('every fault names laws that exist', () => {
  const ids = lawsFor(huaweiCsms).map(({ id }) => id);
  for (const { law, lawOverHttp } of faults) expect(ids).toEqual(expect.arrayContaining([law, lawOverHttp]));
});
