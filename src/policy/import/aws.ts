import * as v from 'valibot';
import { awsSecretsManager, type Dialect } from '../../dialects/index.ts';
import type { Problem } from '../../index.ts';
import { fieldOf } from '../../json.ts';
import { isTime } from '../../limits.ts';
import { quote } from '../../text.ts';
import {
  type AnsweredSecret,
  type AnswerFormat,
  asIn,
  atDifferentTimes,
  nameSchemas,
  readAnswers,
  reader,
  refuseAs,
  stagesIn,
} from './answers.ts';
import { type Imported, type ImportOptions, readList } from './imported.ts';

/**
 * Reads what AWS Secrets Manager answered: the parsed bodies of any number of answers, of any number of secrets, in any order, as
 * the API or its command line gives them. A secret needs all pages of its ListSecretVersionIds. DescribeSecret (or ListSecrets)
 * adds whether its deletion is scheduled, and must agree about the labels. Unknown fields are ignored.
 *
 * No answer says when a label was put on its version, or how many versions are gone: that is always in `unknown`. So is whether
 * there are versions without a label, unless one is listed: call ListSecretVersionIds with IncludeDeprecated.
 *
 * Secrets are told apart by their ARN. Its `project` is null, or the ARN where two secrets have one name.
 *
 * Nothing is imported as long as anything is wrong, and each problem names its place, such as `answers[0].Versions[1].CreatedDate`,
 * but never a secret's value. Wrong is: what is no such answer; a known field of another type; a time that looks like milliseconds;
 * pages without the last one; a secret without its ListSecretVersionIds; answers that contradict each other; a law of the dialect
 * that is broken; a dialect in which AWSCURRENT is not the current stage.
 *
 * An import holds at most 2,000,000 JSON values, some 300,000 versions, and lists at most 20 problems and how many more there are.
 *
 * @example
 * const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-a1b2c3';
 * const VersionId = 'bb6a3d22-dc93-47ac-b5bd-88df7ad35f11';
 * const page = { ARN, Name: 'db', Versions: [{ VersionId, VersionStages: ['AWSCURRENT'], CreatedDate: 1523477145.713 }] };
 * const imported = importAws([page]);
 * imported.ok && imported.secrets.map(({ state }) => state.versions[VersionId]?.createTime); // [1523477145713]
 */
export function importAws(answers: readonly unknown[], { dialect }: ImportOptions = {}): Imported {
  return readList(answers, 'answers', (inputs) => readAnswers(inputs, awsAnswers(dialect)));
}

/**
 * The answers of AWS Secrets Manager.
 *
 * Source: the API reference, the pages of these names and their objects (documented). That what is absent may also be null is
 * assumed. LastChangedDate is in every example, and tells DescribeSecret from calls that answer no more than an ARN and a name.
 *
 * DeletedDate is read as the end of the recovery window: some time after it the secret is deleted, says DescribeSecret
 * (documented). The page of ListSecrets' entries calls the same field the time at which the deletion was asked for.
 */
export function awsAnswers(dialect: Dialect = awsSecretsManager): AnswerFormat {
  const { secretName, stageName, versionId } = nameSchemas(dialect);
  const secret = v.object({
    ARN: v.string(),
    Name: secretName,
    LastChangedDate: time,
    DeletedDate: v.nullish(time, null),
  });
  const stagesByVersion = v.pipe(v.nullish(v.record(versionId, v.array(stageName)), {}), v.transform(sortedEntries));
  const secretFact = (described: v.InferOutput<typeof secret>, path: string) => {
    const { ARN: arn, Name: name, DeletedDate: deleteTime } = described;
    const status = deleteTime === null ? 'ENABLED' : 'PENDING_DELETE';
    return { kind: 'secret', id: arn, name, arn, path, status, deleteTime } as const;
  };
  const version = v.object({
    VersionId: versionId,
    VersionStages: v.nullish(v.array(stageName), []),
    CreatedDate: time,
  });

  return {
    dialect,
    expected,
    readers: {
      SecretString: refuseAs(expectedWithoutValue),
      SecretBinary: refuseAs(expectedWithoutValue),
      SecretValues: refuseAs(expectedWithoutValue),
      VersionId: refuseAs(`${expected}, not of a call that tells of one version alone`),
      __type: refuseAs('an answer to a call that was done, not an error'),

      SecretList: reader(
        v.object({ SecretList: v.array(v.object({ ...secret.entries, SecretVersionsToStages: stagesByVersion })) }),
        ({ SecretList }, listPath) =>
          SecretList.map(({ SecretVersionsToStages: byVersion, ...entry }, index) => {
            const path = `${listPath}.SecretList[${index}]`;
            return { ...secretFact(entry, path), stages: { path: `${path}.SecretVersionsToStages`, byVersion } };
          }),
      ),

      Versions: reader(
        v.object({
          ARN: v.string(),
          Name: secretName,
          Versions: v.array(version),
          NextToken: v.nullish(v.string(), null),
        }),
        ({ ARN: arn, Name: name, Versions, NextToken: next }, path) => {
          // No version of a secret expires: the API has no such field (documented).
          const versions = Versions.map(({ VersionId: id, VersionStages, CreatedDate: createTime }) => ({
            id,
            createTime,
            expireTime: null,
            stages: stagesIn(VersionStages),
          }));
          return [{ kind: 'page', name, arn, path, versions, next }];
        },
      ),

      // DescribeSecret.
      ARN: reader(
        v.object({ ...secret.entries, VersionIdsToStages: stagesByVersion }),
        ({ VersionIdsToStages: byVersion, ...described }, path) => [
          { ...secretFact(described, path), stages: { path: `${path}.VersionIdsToStages`, byVersion } },
        ],
      ),
    },
    fields: { versions: 'Versions', stages: 'VersionStages', deleteTime: 'DeletedDate' },
    listingOf: (name) => `ListSecretVersionIds of ${quote(name)}, called with IncludeDeprecated`,
    secretsIn: (json) => [json, fieldOf(json, 'SecretList')].flat().map((secret) => fieldOf(secret, 'ARN')),
    otherCloudIn: () => () =>
      dialect.stages.current === awsSecretsManager.stages.current ? undefined : awsSecretsManager.id,
    check: (secret) => [...checkPages(secret), ...checkStages(secret)],
    gapsIn,
  };
}

const expected = 'an answer of ListSecretVersionIds, DescribeSecret or ListSecrets';
const expectedWithoutValue = `${expected}, not one that holds the value of a secret: delete it where it was recorded`;

/** Epoch milliseconds of a time in an answer, or NaN: the API gives epoch seconds (example), its command line also ISO 8601. */
function millisecondsOf(input: unknown): number {
  // 1523477145.713 * 1000 is 1523477145712.9999.
  if (typeof input === 'number') return Math.round(input * 1000);
  if (typeof input !== 'string' || !isoTime.test(input) || !isInCalendar(input.slice(0, 19))) return Number.NaN;
  // Not every engine reads a fraction of another length than three digits.
  const fraction = /\.\d+/.exec(input)?.[0] ?? '';
  return Date.parse(input.replace(fraction, '')) + Math.round(Number(`0${fraction}`) * 1000);
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Whether there is such a day and hour: an engine may read 30 February as 2 March, and 24 o'clock as 0 of the next day. */
function isInCalendar(local: string): boolean {
  return JSON.stringify(new Date(`${local}Z`)).startsWith(`"${local}`);
}

const timeRule = 'epoch seconds or an ISO 8601 time';

/** Read as seconds, milliseconds of after 1973 would be of after 5138. */
const time = v.pipe(
  v.custom<unknown>((input) => isTime(millisecondsOf(input)), timeRule),
  v.transform(millisecondsOf),
  v.check((at) => at < 1e14, `${timeRule}; this looks like milliseconds`),
);

function sortedEntries(stagesByVersion: Record<string, string[]>) {
  return Object.entries(stagesByVersion)
    .map(([id, stages]) => [id, stagesIn(stages)] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

/** A token says that a page follows, but not which: so only the last page can be missed. Source: ListSecretVersionIds (documented). */
function checkPages({ pages }: AnsweredSecret): readonly Problem[] {
  if (pages.some(({ next }) => next === null)) return [];
  const expected =
    'followed by another page: call ListSecretVersionIds again with this NextToken, and give that answer too';
  return pages.slice(-1).map(({ path }) => ({ path: `${path}.NextToken`, expected }));
}

/** Where DescribeSecret and ListSecretVersionIds disagree about the labels of a version. */
function checkStages({ secret, versions }: AnsweredSecret): readonly Problem[] {
  if (!secret?.stages) return [];
  const { path, byVersion } = secret.stages;
  const described = new Map(byVersion);
  const listed = new Map(versions.map((version) => [version.id, version]));
  const labelled = versions.filter(({ stages }) => stages.length > 0).map(({ id }) => id);
  return [...new Set([...described.keys(), ...labelled])].flatMap((id) => {
    const version = listed.get(id);
    if (version && JSON.stringify(described.get(id)) === JSON.stringify(version.stages)) return [];
    const expected = version
      ? asIn(version.path)
      : `in a page of ListSecretVersionIds too: give all of its pages (or ${atDifferentTimes})`;
    return [{ path: `${path}[${quote(id)}]`, expected }];
  });
}

/**
 * Versions without a label are listed only if the call asks for them (documented), so one of them shows that it did; and a token
 * does not say which page follows.
 */
function gapsIn({ pages, versions }: AnsweredSecret): readonly string[] {
  if (versions.every(({ stages }) => stages.length > 0)) return versions.map(({ id }) => id);
  const ends = pages.filter(({ next }) => next !== null).flatMap(({ versions }) => versions.slice(-1));
  return [...new Set(ends.map(({ id }) => id))];
}
