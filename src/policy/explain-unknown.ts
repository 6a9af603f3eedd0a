import { quote } from '../text.ts';
import type { Unknown } from './subject.ts';

/**
 * Says what is unknown, what is assumed instead, and which response of the cloud contains it.
 *
 * @example
 * explainUnknown({ what: 'status' }); // 'The status is unknown; assuming ENABLED. Add the ShowSecret response (AWS: DescribeSecret).'
 */
export function explainUnknown(unknown: Unknown): string {
  switch (unknown.what) {
    case 'stageTime':
      return `The time of stage ${quote(unknown.stage)} is unknown; assuming the creation time of its version. Add the ShowSecretStage response (AWS: no API response contains it).`;
    case 'issued':
      return `The number of deleted versions is unknown; assuming the fewest possible. ${noResponse}`;
    case 'versions':
      return `The versions right after ${quote(unknown.after)} are unknown; assuming none. Add ListSecretVersions in one page (AWS: ListSecretVersionIds with IncludeDeprecated, which shows this only if a version has no stage).`;
    case 'order':
      return `The order of version ${quote(unknown.versionId)} and another of the same millisecond is unknown; assuming the listed order. ${noResponse}`;
    case 'status':
      return 'The status is unknown; assuming ENABLED. Add the ShowSecret response (AWS: DescribeSecret).';
    case 'expireTimes':
      return 'Expiry is unknown; assuming that versions never expire. ListSecretVersions reports it.';
  }
}

const noResponse = 'No API response contains it; a snapshot or a state does.';
