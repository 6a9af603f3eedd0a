import { awsSecretsManager, huaweiCsms } from '../index.ts';
import { quote } from '../text.ts';
import type { Unknown } from './subject.ts';

/**
 * Says what is unknown, what is assumed instead, and which response of the cloud contains it. `dialect` is that of the secret. If
 * omitted, it names the responses of CSMS and of AWS.
 *
 * @example
 * explainUnknown({ what: 'status' }, huaweiCsms); // 'The status is unknown; assuming ENABLED. Add the ShowSecret response.'
 */
export function explainUnknown(unknown: Unknown, dialect?: { readonly id: string }): string {
  const { csms, aws } = remedies[unknown.what];
  const remedy = dialect?.id === huaweiCsms.id ? csms : dialect?.id === awsSecretsManager.id ? aws : undefined;
  const both = csms === aws ? csms : `CSMS: ${csms} AWS: ${aws}`;
  return `${assumption(unknown)} ${remedy ?? both}`;
}

function assumption(unknown: Unknown): string {
  switch (unknown.what) {
    case 'stageTime':
      return `When stage ${quote(unknown.stage)} was moved is unknown; assuming the creation time of its version.`;
    case 'issued':
      return 'The number of deleted versions is unknown; assuming the fewest possible.';
    case 'versions':
      return `Versions that follow ${quote(unknown.after)} may be missing; assuming none.`;
    case 'deprecatedVersions':
      return 'Versions without a stage may be missing; assuming none.';
    case 'createTime':
      return `The creation time of version ${quote(unknown.versionId)} is unknown.`;
    case 'rotation':
      return 'Whether the secret is rotated is unknown; assuming that it is not.';
    case 'order':
      return `The order of version ${quote(unknown.versionId)} and another of the same millisecond is unknown; assuming the listed order.`;
    case 'status':
      return 'The status is unknown; assuming ENABLED.';
    case 'expireTimes':
      return 'Expiry is unknown; assuming that versions never expire.';
  }
}

const noResponse = 'No API response contains it; a snapshot or a state does.';
const nowhere = { csms: noResponse, aws: noResponse };

const remedies: Readonly<Record<Unknown['what'], { readonly csms: string; readonly aws: string }>> = {
  stageTime: { csms: 'Add the ShowSecretStage response.', aws: 'No response contains it.' },
  issued: nowhere,
  versions: {
    csms: 'Add a ListSecretVersions response with all versions in one page.',
    aws: 'Add every page of the ListSecretVersionIds response.',
  },
  deprecatedVersions: {
    csms: noResponse,
    aws: 'Record with --include-deprecated. If you did, ignore this: if every version has a stage, the option changes nothing.',
  },
  createTime: { csms: 'Add the ListSecretVersions response.', aws: 'Add the ListSecretVersionIds response.' },
  rotation: { csms: noResponse, aws: 'Add the DescribeSecret response.' },
  order: nowhere,
  status: { csms: 'Add the ShowSecret response.', aws: 'Add the DescribeSecret response.' },
  expireTimes: { csms: 'ListSecretVersions reports it.', aws: 'No response contains it.' },
};
