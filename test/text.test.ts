import { expect, test } from 'vitest';
import { counted, durationText } from '../src/text.ts';

test.each([
  [0, '0 seconds'],
  [999, '0 seconds'],
  [1000, '1 second'],
  [59_999, '59 seconds'],
  [60_000, '1 minute'],
  [3_599_999, '59 minutes'],
  [3_600_000, '1 hour'],
  [86_399_999, '23 hours'],
  [86_400_000, '1 day'],
  [2 * 86_400_000 - 1, '1 day'],
  [864e13, '100000000 days'],
])('%s ms are %s', (milliseconds, span) => {
  expect(durationText(milliseconds)).toBe(span);
});

test('one is counted apart from none and many', () => {
  expect([0, 1, 2].map((count) => counted(count, 'version'))).toEqual(['0 versions', '1 version', '2 versions']);
});
