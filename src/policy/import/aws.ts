import * as v from 'valibot';
import { awsSecretsManager, type Dialect } from '../../dialects/index.ts';
import type { Problem } from '../../index.ts';
import { fieldOf } from '../../json.ts';
import { isTime } from '../../limits.ts';
import { quote } from '../../text.ts';
import { type Imported, type ImportOptions, readList } from './imported.ts';
import {
  asIn,
  atDifferentTimes,
  nameSchemas,
  type RecordedSecret,
  type ResponseFormat,
  reader,
  readResponses,
  refuseAs,
  stagesIn,
} from './responses.ts';

/**
 * Imports secrets from responses of AWS Secrets Manager. Pass parsed bodies, as the API or the `aws` command prints them, in any
 * order. A secret needs every page of ListSecretVersionIds. DescribeSecret or ListSecrets adds whether the secret is scheduled for deletion,
 * and must list the same labels. Unknown fields are ignored.
 *
 * No response contains when a label was moved or how many versions were deleted, so both are always in `unknown`. So is whether
 * versions without a label exist, unless one is listed: call ListSecretVersionIds with IncludeDeprecated. No response contains
 * whether a version has a value: each is taken to have one.
 *
 * Secrets are identified by their ARN. `project` is null, or the ARN if two secrets have the same name.
 *
 * If anything is wrong, nothing is imported. Each problem names its place, such as `responses[0].Versions[1].CreatedDate`, but never
 * the value of a secret. Reports as problems: data that is not one of these responses, a known field of another type, a time that
 * looks like milliseconds, a missing last page, a secret without ListSecretVersionIds, responses that contradict each other, a broken
 * law of the dialect, and a dialect whose current stage is not AWSCURRENT.
 *
 * Reads at most 2,000,000 JSON values (about 300,000 versions). Lists up to 20 problems and the number of further ones.
 *
 * @example
 * const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-a1b2c3';
 * const VersionId = 'bb6a3d22-dc93-47ac-b5bd-88df7ad35f11';
 * const page = { ARN, Name: 'db', Versions: [{ VersionId, VersionStages: ['AWSCURRENT'], CreatedDate: 1523477145.713 }] };
 * const imported = importAws([page]);
 * imported.ok && imported.secrets.map(({ state }) => state.versions[VersionId]?.createTime); // [1523477145713]
 */
export function importAws(responses: readonly unknown[], { dialect }: ImportOptions = {}): Imported {
  return readList(responses, 'responses', (inputs) => readResponses(inputs, awsResponses(dialect)));
}

/**
 * The responses of AWS Secrets Manager.
 *
 * Source: the API reference, the pages of these names and their objects (documented). That an absent field may also be null is
 * assumed. LastChangedDate is in every example, and distinguishes DescribeSecret from calls that return only an ARN and a name.
 *
 * DeletedDate is read as the end of the recovery window: DescribeSecret documents that the secret is deleted some time after it. The
 * page of SecretListEntry describes the same field as the time at which the deletion was requested.
 */
export function awsResponses(dialect: Dialect = awsSecretsManager): ResponseFormat {
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
      VersionId: refuseAs(`${expected}, not a response about one version`),
      __type: refuseAs('a successful response, not an error'),

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
          // Versions never expire: the API has no field for it (documented).
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
    listingOf: (name) => `ListSecretVersionIds for ${quote(name)}, called with IncludeDeprecated`,
    secretsIn: (json) => [json, fieldOf(json, 'SecretList')].flat().map((secret) => fieldOf(secret, 'ARN')),
    startClouds: () => ({
      add: () => undefined,
      otherCloudOf: () =>
        dialect.stages.current === awsSecretsManager.stages.current ? undefined : awsSecretsManager.id,
    }),
    check: (secret) => [...checkPages(secret), ...checkStages(secret)],
    gapsIn,
  };
}

const expected = 'a response of ListSecretVersionIds, DescribeSecret or ListSecrets';
const expectedWithoutValue = `${expected}, not one with the value of a secret; delete the recorded value`;

/** Epoch milliseconds of a time in a response, or NaN. The API returns epoch seconds (example), its command line also ISO 8601. */
function millisecondsOf(input: unknown): number {
  // 1523477145.713 * 1000 is 1523477145712.9999.
  if (typeof input === 'number') return Math.round(input * 1000);
  if (typeof input !== 'string' || !isoTime.test(input) || !isInCalendar(input.slice(0, 19))) return Number.NaN;
  // Some engines read only fractions of three digits.
  const fraction = /\.\d+/.exec(input)?.[0] ?? '';
  return Date.parse(input.replace(fraction, '')) + Math.round(Number(`0${fraction}`) * 1000);
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Whether the day and hour exist: an engine may read 30 February as 2 March, and 24:00 as 0:00 of the next day. */
function isInCalendar(local: string): boolean {
  return JSON.stringify(new Date(`${local}Z`)).startsWith(`"${local}`);
}

const timeRule = 'epoch seconds or an ISO 8601 time';

/** Milliseconds after 1973, read as seconds, would be after the year 5138. */
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

/** Only a missing last page shows: a token says that a page follows, but not which. Source: ListSecretVersionIds (documented). */
function checkPages({ pages }: RecordedSecret): readonly Problem[] {
  if (pages.some(({ next }) => next === null)) return [];
  const expected = 'followed by another page: call ListSecretVersionIds with this NextToken, and add the response';
  return pages.slice(-1).map(({ path }) => ({ path: `${path}.NextToken`, expected }));
}

/** Reports where DescribeSecret and ListSecretVersionIds disagree about the labels of a version. */
function checkStages({ secret, versions }: RecordedSecret): readonly Problem[] {
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
      : `in a page of ListSecretVersionIds too: add all of its pages (or ${atDifferentTimes})`;
    return [{ path: `${path}[${quote(id)}]`, expected }];
  });
}

/**
 * Returns the ids after which a version may be missing: all of them, unless a version without a label is listed, because only
 * IncludeDeprecated lists these (documented). Otherwise the ends of pages, because a token does not say which page follows.
 */
function gapsIn({ pages, versions }: RecordedSecret): readonly string[] {
  if (versions.every(({ stages }) => stages.length > 0)) return versions.map(({ id }) => id);
  const ends = pages.filter(({ next }) => next !== null).flatMap(({ versions }) => versions.slice(-1));
  return [...new Set(ends.map(({ id }) => id))];
}
