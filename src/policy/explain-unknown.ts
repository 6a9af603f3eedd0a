import { quote } from '../text.ts';
import type { Unknown } from './subject.ts';

/**
 * Says what is unknown, what is assumed instead, and which response of the cloud contains it.
 *
 * @example
 * explainUnknown({ what: 'status' }); // 'The status is unknown; assuming ENABLED. CSMS: add the ShowSecret response. AWS: add DescribeSecret.'
 */
export function explainUnknown(unknown: Unknown): string {
  switch (unknown.what) {
    case 'stageTime':
      return `The time of stage ${quote(unknown.stage)} is unknown; assuming the creation time of its version. CSMS: add the ShowSecretStage response. AWS: no response contains it.`;
    case 'issued':
      return `The number of deleted versions is unknown; assuming the fewest possible. ${noResponse}`;
    case 'versions':
      return `Versions right after ${quote(unknown.after)} may be missing; assuming none. CSMS: add ListSecretVersions in one page. AWS: use --include-deprecated; if every version has a stage, the response cannot show that you did.`;
    case 'order':
      return `The order of version ${quote(unknown.versionId)} and another of the same millisecond is unknown; assuming the listed order. ${noResponse}`;
    case 'status':
      return 'The status is unknown; assuming ENABLED. CSMS: add the ShowSecret response. AWS: add DescribeSecret.';
    case 'expireTimes':
      return 'Expiry is unknown; assuming that versions never expire. ListSecretVersions reports it.';
  }
}

const noResponse = 'No API response contains it; a snapshot or a state does.';
