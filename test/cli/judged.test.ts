import { expect, test } from 'vitest';
import { optionsFor } from '../../src/cli/judged.ts';

const put = { type: 'assignStage', stage: 'AWSCURRENT', versionId: 'v1', at: 0 } as const;

test('a stage that must be on no version is told with an empty holder, as a shell would pass it on', () => {
  expect(optionsFor({ ...put, from: null })).toBe("--assign AWSCURRENT=v1 --from ''");
  expect(optionsFor({ ...put, from: 'v2' })).toBe('--assign AWSCURRENT=v1 --from v2');
  expect(optionsFor(put)).toBe('--assign AWSCURRENT=v1');
});
