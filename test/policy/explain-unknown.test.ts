import { expect, test } from 'vitest';
import { explainUnknown } from '../../src/policy/explain-unknown.ts';
import type { Unknown } from '../../src/policy/subject.ts';

test.each<[Unknown, string]>([
  [
    { what: 'stageTime', stage: 'canary' },
    'When stage "canary" was last put on its version is unknown, and the time of that version stands in: give its ShowSecretStage; of AWS no answer tells it.',
  ],
  [
    { what: 'issued' },
    'How many versions are gone is unknown, and the fewest that there can be stand in: no answer of a cloud tells it, a snapshot or a state does.',
  ],
  [
    { what: 'versions', after: 'v2' },
    'Whether there are versions right after "v2" is unknown, and none stand in: give its ListSecretVersions in one page, or of AWS its ListSecretVersionIds with IncludeDeprecated.',
  ],
  [
    { what: 'order', versionId: 'a "b"' },
    'Whether version "a \\"b\\"" came before another of the same millisecond is unknown, and the order in which they were listed ' +
      'stands in: no answer of a cloud tells it, a snapshot or a state does.',
  ],
  [
    { what: 'status' },
    'Whether the secret is enabled is unknown, and ENABLED stands in: give its ShowSecret, or of AWS its DescribeSecret.',
  ],
  [
    { what: 'expireTimes' },
    'Whether and when versions expire is unknown, and never stands in: ListSecretVersions tells it.',
  ],
])('$what is said in a sentence with the way to know it', (unknown, sentence) => {
  expect(explainUnknown(unknown)).toBe(sentence);
});
