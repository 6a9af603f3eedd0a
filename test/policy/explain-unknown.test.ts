import { expect, test } from 'vitest';
import { alibabaKms, awsSecretsManager, huaweiCsms } from '../../src/index.ts';
import { explainUnknown } from '../../src/policy/explain-unknown.ts';
import type { Unknown } from '../../src/policy/subject.ts';

const noResponse = 'No API response contains it; a snapshot or a state does.';

test.each<[Unknown, string, string, string]>([
  [
    { what: 'stageTime', stage: 'canary' },
    'When stage "canary" was moved is unknown; assuming the creation time of its version.',
    'Add the ShowSecretStage response.',
    'No response contains it.',
  ],
  [
    { what: 'status' },
    'The status is unknown; assuming ENABLED.',
    'Add the ShowSecret response.',
    'Add the DescribeSecret response.',
  ],
  [
    { what: 'versions', after: 'v2' },
    'Versions that follow "v2" may be missing; assuming none.',
    'Add a ListSecretVersions response with all versions in one page.',
    'Add every page of the ListSecretVersionIds response.',
  ],
  [
    { what: 'deprecatedVersions' },
    'Versions without a stage may be missing; assuming none.',
    noResponse,
    'Record with --include-deprecated. If you did, ignore this: if every version has a stage, the option changes nothing.',
  ],
  [
    { what: 'createTime', versionId: 'v2' },
    'The creation time of version "v2" is unknown.',
    'Add the ListSecretVersions response.',
    'Add the ListSecretVersionIds response.',
  ],
  [
    { what: 'rotation' },
    'Whether the secret is rotated is unknown; assuming that it is not.',
    noResponse,
    'Add the DescribeSecret response.',
  ],
  [
    { what: 'expireTimes' },
    'Expiry is unknown; assuming that versions never expire.',
    'ListSecretVersions reports it.',
    'No response contains it.',
  ],
])('explainUnknown explains %j in the words of the cloud, or of both', (unknown, assumed, csms, aws) => {
  expect(explainUnknown(unknown, huaweiCsms)).toBe(`${assumed} ${csms}`);
  expect(explainUnknown(unknown, awsSecretsManager)).toBe(`${assumed} ${aws}`);
  for (const dialect of [undefined, alibabaKms, { id: 'toString' }])
    expect(explainUnknown(unknown, dialect)).toBe(`${assumed} CSMS: ${csms} AWS: ${aws}`);
});

test.each<[Unknown, string]>([
  [{ what: 'issued' }, 'The number of deleted versions is unknown; assuming the fewest possible.'],
  [
    { what: 'order', versionId: 'a "b"' },
    'The order of version "a \\"b\\"" and another of the same millisecond is unknown; assuming the listed order.',
  ],
])('explainUnknown says that no response contains %j', (unknown, assumed) => {
  for (const dialect of [undefined, huaweiCsms, awsSecretsManager])
    expect(explainUnknown(unknown, dialect)).toBe(`${assumed} ${noResponse}`);
});
