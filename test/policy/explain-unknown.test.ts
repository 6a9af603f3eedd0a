import { expect, test } from 'vitest';
import { explainUnknown } from '../../src/policy/explain-unknown.ts';
import type { Unknown } from '../../src/policy/subject.ts';

test.each<[Unknown, string]>([
  [
    { what: 'stageTime', stage: 'canary' },
    'When stage "canary" was last moved is unknown; assuming when its version was created. Add the ShowSecretStage response (AWS: no API response contains it).',
  ],
  [
    { what: 'issued' },
    'The number of deleted versions is unknown; assuming the fewest possible. No API response contains it; a snapshot or a state does.',
  ],
  [
    { what: 'versions', after: 'v2' },
    'Whether more versions come right after "v2" is unknown; assuming none. Add ListSecretVersions in one page (AWS: ListSecretVersionIds with IncludeDeprecated).',
  ],
  [
    { what: 'order', versionId: 'a "b"' },
    'Whether version "a \\"b\\"" is older than another of the same millisecond is unknown; assuming the listed order. No API response contains it; a snapshot or a state does.',
  ],
  [{ what: 'status' }, 'The status is unknown; assuming ENABLED. Add the ShowSecret response (AWS: DescribeSecret).'],
  [{ what: 'expireTimes' }, 'Expiry is unknown; assuming that versions never expire. ListSecretVersions reports it.'],
])('explainUnknown explains $what', (unknown, sentence) => {
  expect(explainUnknown(unknown)).toBe(sentence);
});
