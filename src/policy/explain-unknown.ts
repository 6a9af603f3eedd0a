import { quote } from '../text.ts';
import type { Unknown } from './subject.ts';

/**
 * One sentence for something that nobody told: what stands in its place, and then the answer of the cloud that would tell it.
 *
 * @example
 * explainUnknown({ what: 'status' }); // 'Whether the secret is enabled is unknown, and ENABLED stands in: give its ShowSecret, or of AWS its DescribeSecret.'
 */
export function explainUnknown(unknown: Unknown): string {
  switch (unknown.what) {
    case 'stageTime':
      return `When stage ${quote(unknown.stage)} was last put on its version is unknown, and the time of that version stands in: give its ShowSecretStage; of AWS no answer tells it.`;
    case 'issued':
      return `How many versions are gone is unknown, and the fewest that there can be stand in: ${noAnswer}.`;
    case 'versions':
      return `Whether there are versions right after ${quote(unknown.after)} is unknown, and none stand in: give its ListSecretVersions in one page, or of AWS its ListSecretVersionIds with IncludeDeprecated.`;
    case 'order':
      return `Whether version ${quote(unknown.versionId)} came before another of the same millisecond is unknown, and the order in which they were listed stands in: ${noAnswer}.`;
    case 'status':
      return 'Whether the secret is enabled is unknown, and ENABLED stands in: give its ShowSecret, or of AWS its DescribeSecret.';
    case 'expireTimes':
      return 'Whether and when versions expire is unknown, and never stands in: ListSecretVersions tells it.';
  }
}

const noAnswer = 'no answer of a cloud tells it, a snapshot or a state does';
