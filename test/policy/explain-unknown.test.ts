import { expect, test } from 'vitest';
import { explainUnknown } from '../../src/policy/explain-unknown.ts';
import type { Unknown } from '../../src/policy/subject.ts';

test.each<[Unknown, string]>([
  [
    { what: 'stageTime', stage: 'canary' },
    'The time of stage "canary" is unknown; assuming the creation time of its version. CSMS: add the ShowSecretStage response. AWS: no response contains it.',
  ],
  [
    { what: 'issued' },
    'The number of deleted versions is unknown; assuming the fewest possible. No API response contains it; a snapshot or a state does.',
  ],
  [
    { what: 'versions', after: 'v2' },
    'Versions right after "v2" may be missing; assuming none. CSMS: add ListSecretVersions in one page. AWS: use --include-deprecated; if every version has a stage, the response cannot show that you did.',
  ],
  [
    { what: 'order', versionId: 'a "b"' },
    'The order of version "a \\"b\\"" and another of the same millisecond is unknown; assuming the listed order. No API response contains it; a snapshot or a state does.',
  ],
  [
    { what: 'status' },
    'The status is unknown; assuming ENABLED. CSMS: add the ShowSecret response. AWS: add DescribeSecret.',
  ],
  [{ what: 'expireTimes' }, 'Expiry is unknown; assuming that versions never expire. ListSecretVersions reports it.'],
])('explainUnknown explains $what', (unknown, sentence) => {
  expect(explainUnknown(unknown)).toBe(sentence);
});
