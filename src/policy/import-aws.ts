import { readAwsAnswers } from './aws-answers.ts';
import { type Imported, type ImportOptions, importedOf } from './import-answers.ts';

/**
 * Reads what AWS Secrets Manager answered: the parsed bodies of any number of answers, of any number of secrets, in any order, as
 * the API or its command line gives them. A secret needs all pages of its ListSecretVersionIds. DescribeSecret (or ListSecrets)
 * adds whether its deletion is scheduled, and must agree about the labels. Unknown fields are ignored.
 *
 * No answer tells when a label was put on its version, or how many versions are gone: that is always in `unknown`. So is whether
 * there are versions without a label, unless one is listed: call ListSecretVersionIds with IncludeDeprecated.
 *
 * Secrets are told apart by their ARN. Its `project` is null, or the ARN where two secrets have one name.
 *
 * Nothing is imported as long as anything is wrong, and each problem names its place, such as `answers[0].Versions[1].CreatedDate`,
 * but never a secret's value. Wrong is: what is no such answer; a known field of another type; a time that looks like milliseconds;
 * pages without the last one; a secret without its ListSecretVersionIds; answers that contradict each other; a law of the dialect
 * that is broken; a dialect in which AWSCURRENT is not the current stage.
 *
 * @example
 * const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-a1b2c3';
 * const VersionId = 'bb6a3d22-dc93-47ac-b5bd-88df7ad35f11';
 * const page = { ARN, Name: 'db', Versions: [{ VersionId, VersionStages: ['AWSCURRENT'], CreatedDate: 1523477145.713 }] };
 * const imported = importAwsAnswers([page]);
 * imported.ok && imported.secrets.map(({ state }) => state.versions[VersionId]?.createTime); // [1523477145713]
 */
export function importAwsAnswers(answers: readonly unknown[], { dialect }: ImportOptions = {}): Imported {
  return importedOf(
    readAwsAnswers(
      answers.map((json, index) => ({ path: `answers[${index}]`, json })),
      dialect,
    ),
  );
}
