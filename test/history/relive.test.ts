import { expect, test } from 'vitest';
import { record, startHistory } from '../../src/history/index.ts';
import { mostVisited } from '../../src/history/limits.ts';
import { relive, startLife } from '../../src/history/relive.ts';
import { createSecret, createVersion, huaweiCsms } from '../../src/index.ts';

test('relive refuses a change that deletes versions once changes have visited too many', () => {
  const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1, stages: [] });
  const [claim] = record(startHistory(two, { at: 1, length: 1 }), { type: 'pruneDeprecated' }).past;
  if (!claim) expect.unreachable();
  const start = () => startLife(two, { revision: 1, at: 1 }, huaweiCsms);
  expect(start().room).toBe(mostVisited);
  expect(relive({ ...start(), room: 2 }, claim, 'history.past[0]')).toEqual(claim);
  expect(relive({ ...start(), room: 1 }, claim, 'history.past[0]')).toEqual({
    path: 'history.past[0]',
    expected: 'within the limit of 1,000,000 versions that changes visit when they delete versions; keep fewer changes',
  });
});
