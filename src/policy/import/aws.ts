import * as v from 'valibot';
import { awsSecretsManager, type Dialect } from '../../dialects/index.ts';

import type { Problem } from '../../index.ts';
import { fieldOf, isObject } from '../../json.ts';
import { isTime } from '../../limits.ts';
import { parseSecretState, problemsOf } from '../../parse.ts';
import { numberInSeries } from '../../series.ts';
import { versionsById } from '../../state.ts';
import type { Unknown } from '../subject.ts';
import {
  atDifferentTimes,
  differences,
  type Given,
  givenIn,
  type Imported,
  type ImportedSecret,
  type ImportOptions,
  idOfVersion,
  importedOf,
  listedTwice,
  named,
  ofAnotherCloud,
  type Reading,
  reader,
  type Sifted,
  sift,
  tiesOf,
} from './csms.ts';

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
  return importedOf(readAwsAnswers(givenIn(answers), dialect));
}

/** Whether data has the shape of an answer of AWS Secrets Manager, of whatever call. */
export function isAwsAnswer(json: unknown): boolean {
  return isObject(json) && fieldsOfAnswers.some((field) => Object.hasOwn(json, field));
}

const fieldsOfAnswers = ['ARN', 'Versions', 'SecretList', 'SecretValues', '__type'] as const;

const answersWanted = 'an answer of ListSecretVersionIds, DescribeSecret or ListSecrets';
const valued = `${answersWanted}, not one that holds the value of a secret: delete it where it was recorded`;

const otherAnswers: Readonly<Record<string, string>> = {
  SecretString: valued,
  SecretBinary: valued,
  SecretValues: valued,
  VersionId: `${answersWanted}, not of a call that tells of one version alone`,
  __type: 'an answer to a call that was done, not an error',
};

/** `importAwsAnswers` of answers that have names of their own. */
export function readAwsAnswers(answers: readonly Given[], dialect: Dialect = awsSecretsManager): Sifted {
  const { secrets, problems } = sift(answers, {
    read: readerOf(dialect),
    spoiledBy: (json) => [json, fieldOf(json, 'SecretList')].flat().map((told) => fieldOf(told, 'ARN')),
    join: (arn, told: readonly Fact[]) => join(arn, told, dialect),
  });

  const counts = new Map<string, number>();
  for (const { state } of secrets) counts.set(state.name, (counts.get(state.name) ?? 0) + 1);
  const named = secrets.map((secret) =>
    counts.get(secret.state.name) === 1 ? Object.freeze({ ...secret, project: null }) : secret,
  );
  return { secrets: Object.freeze(named), problems };
}

/** What one answer tells of one secret, which goes by its ARN. */
type Fact = { readonly secret: string; readonly name: string; readonly path: string } & (
  | { readonly kind: 'secret'; readonly due: number | null; readonly labels: Labels }
  | { readonly kind: 'page'; readonly versions: readonly VersionFact[]; readonly isLast: boolean }
);
type SecretFact = Extract<Fact, { kind: 'secret' }>;
type Page = Extract<Fact, { kind: 'page' }>;

interface VersionFact {
  readonly path: string;
  readonly id: string;
  readonly createTime: number;
  readonly stages: readonly string[];
}

/** The labels of the versions that have any, and the field that tells them. */
interface Labels {
  readonly path: string;
  readonly byVersion: ReadonlyMap<string, readonly string[]>;
}

/** Epoch milliseconds of a time in an answer, or NaN: the API gives epoch seconds (example), its command line also ISO 8601. */
function millisecondsOf(told: unknown): number {
  // 1523477145.713 * 1000 is 1523477145712.9999.
  if (typeof told === 'number') return Math.round(told * 1000);
  if (typeof told !== 'string' || !isoTime.test(told) || !isInCalendar(told.slice(0, 19))) return Number.NaN;
  // A fraction of another length than three digits is not in what every engine reads.
  const fraction = /\.\d+/.exec(told)?.[0] ?? '';
  return Date.parse(told.replace(fraction, '')) + Math.round(Number(`0${fraction}`) * 1000);
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Whether there is such a day and hour: an engine may read 30 February as 2 March, and 24 o'clock as 0 of the next day. */
function isInCalendar(local: string): boolean {
  const time = Date.parse(`${local}Z`);
  return JSON.stringify(new Date(time)).startsWith(`"${local}`);
}

const timeRule = 'epoch seconds or an ISO 8601 time';

/** Read as seconds, milliseconds of after 1973 would be of after 5138. */
const wireTime = v.pipe(
  v.custom<unknown>((told) => isTime(millisecondsOf(told)), timeRule),
  v.transform(millisecondsOf),
  v.check((at) => at < 1e14, `${timeRule}; this looks like milliseconds`),
);

/**
 * Source: the API reference, the pages of these names and their objects (documented). That what is absent may also be null is
 * assumed. LastChangedDate is in every example, and tells DescribeSecret from calls that answer no more than an ARN and a name.
 *
 * DeletedDate is read as the end of the recovery window: some time after it the secret is deleted, says DescribeSecret
 * (documented). The page of ListSecrets' entries calls the same field the time at which the deletion was asked for.
 */
function readerOf(dialect: Dialect) {
  const [secretName, stageName] = [named(dialect.secret.name), named(dialect.stages.name)];
  const versionId = idOfVersion(dialect);
  const labelsByVersion = v.nullish(v.record(versionId, v.array(stageName)), {});
  const secret = {
    ARN: v.string(),
    Name: secretName,
    LastChangedDate: wireTime,
    DeletedDate: v.nullish(wireTime, null),
  };
  const version = v.object({
    VersionId: versionId,
    VersionStages: v.nullish(v.array(stageName), []),
    CreatedDate: wireTime,
  });

  const factOfSecret = (
    { ARN, Name, DeletedDate }: { readonly ARN: string; readonly Name: string; readonly DeletedDate: number | null },
    path: string,
    labels: readonly [field: string, byVersion: Readonly<Record<string, readonly string[]>>],
  ): Fact => {
    const [field, byVersion] = labels;
    const labelled = Object.entries(byVersion).map(([id, stages]) => [id, sorted(stages)] as const);
    return {
      kind: 'secret',
      secret: ARN,
      name: Name,
      path,
      due: DeletedDate,
      labels: { path: `${path}.${field}`, byVersion: new Map(labelled) },
    };
  };

  const describeSecret = reader(
    v.object({ ...secret, VersionIdsToStages: labelsByVersion }),
    ({ VersionIdsToStages, ...told }, path) => [factOfSecret(told, path, ['VersionIdsToStages', VersionIdsToStages])],
  );

  const listSecrets = reader(
    v.object({ SecretList: v.array(v.object({ ...secret, SecretVersionsToStages: labelsByVersion })) }),
    ({ SecretList }, path) =>
      SecretList.map(({ SecretVersionsToStages, ...told }, index) =>
        factOfSecret(told, `${path}.SecretList[${index}]`, ['SecretVersionsToStages', SecretVersionsToStages]),
      ),
  );

  const listSecretVersionIds = reader(
    v.object({
      ARN: v.string(),
      Name: secretName,
      Versions: v.array(version),
      NextToken: v.nullish(v.string(), null),
    }),
    ({ ARN, Name, Versions, NextToken }, path): readonly Fact[] => [
      {
        kind: 'page',
        secret: ARN,
        name: Name,
        path,
        versions: Versions.map(({ VersionId, VersionStages, CreatedDate }, index) => ({
          path: `${path}.Versions[${index}]`,
          id: VersionId,
          createTime: CreatedDate,
          stages: sorted(VersionStages),
        })),
        isLast: NextToken === null,
      },
    ],
  );

  return ({ path, json }: Given): Reading<Fact> => {
    const has = (field: string) => isObject(json) && Object.hasOwn(json, field);
    const wrong = (expected: string) => ({ problems: [{ path, expected }] });
    if (!isAwsAnswer(json)) return wrong(answersWanted);
    if (dialect.stages.current !== awsSecretsManager.stages.current) {
      return { problems: [ofAnotherCloud(path, awsSecretsManager.id, dialect)] };
    }
    const other = Object.entries(otherAnswers).find(([field]) => has(field));
    if (other) return wrong(other[1]);
    if (has('SecretList')) return listSecrets(json, path);
    return has('Versions') ? listSecretVersionIds(json, path) : describeSecret(json, path);
  };
}

function sorted(stages: readonly string[]): readonly string[] {
  return [...new Set(stages)].sort();
}

/** The secret that all facts together tell of, or why they do not. */
function join(arn: string, facts: readonly Fact[], dialect: Dialect): ImportedSecret | readonly Problem[] {
  const shown = facts.filter((fact) => fact.kind === 'secret');
  const pages = facts.filter((fact) => fact.kind === 'page');
  const [first] = pages;
  if (first === undefined) {
    return facts.slice(0, 1).map(({ name, path }) => ({
      path,
      expected: `given together with all pages of the ListSecretVersionIds of ${JSON.stringify(name)}, called with IncludeDeprecated`,
    }));
  }

  const listed = pages.flatMap(({ versions }) => versions);
  const versions = [...new Map(listed.map((version) => [version.id, version])).values()].sort(
    (one, other) => one.createTime - other.createTime,
  );
  const contradictions = [
    ...differences(facts, ({ name }) => name),
    ...differences(shown, ({ due, labels }) => [due, [...labels.byVersion].sort()]),
    ...differences(
      listed,
      ({ createTime, stages }) => [createTime, stages],
      ({ id }) => id,
    ),
  ].map(([{ path }, first]) => ({ path, expected: `as ${first.path} has it (${atDifferentTimes})` }));
  const problems = [
    ...contradictions,
    ...wrongPages(pages),
    ...shown.slice(0, 1).flatMap(({ labels }) => wrongLabels(labels, versions)),
  ];
  return problems.length > 0 ? problems : importedFrom({ arn, first, shown: shown[0], pages, versions }, dialect);
}

/** What the answers say about a secret, without contradictions. */
interface Told {
  readonly arn: string;
  readonly first: Page;
  readonly shown: SecretFact | undefined;
  readonly pages: readonly Page[];
  /** Oldest first, each once. */
  readonly versions: readonly VersionFact[];
}

function importedFrom(
  { arn, first, shown, pages, versions }: Told,
  dialect: Dialect,
): ImportedSecret | readonly Problem[] {
  const { name, path } = first;
  const due = shown?.due ?? null;
  const outcome = parseSecretState(
    {
      name,
      dialect: dialect.id,
      status: due === null ? 'ENABLED' : 'PENDING_DELETE',
      scheduledDeleteTime: due,
      versions: versionsById(versions.map(({ id, createTime }, index) => ({ id, createTime, ordinal: index + 1 }))),
      stages: versions.flatMap(({ id, createTime, stages }) =>
        stages.map((name) => ({ name, versionId: id, updateTime: createTime })),
      ),
      versionsMade: versions.length,
      lastNumber: versions.reduce((last, { id }) => Math.max(last, numberInSeries(id, dialect)), 0),
    },
    dialect,
  );
  if (!outcome.ok) {
    return problemsOf(outcome.refusal).flatMap((problem) =>
      problem.law === 'one-version-a-stage'
        ? listedTwice(problem, versions, 'VersionStages')
        : { ...problem, path: `${path}.Versions` },
    );
  }

  const unknown: Unknown[] = [
    ...outcome.state.stages.map(({ name }) => ({ what: 'stageTime' as const, stage: name })),
    { what: 'issued' },
    ...gapsOf(pages, versions).map((after) => ({ what: 'versions' as const, after })),
    ...tiesOf(versions),
    ...(shown ? [] : [{ what: 'status' as const }]),
  ];
  return Object.freeze({
    project: arn,
    source: path,
    dialect,
    state: outcome.state,
    // No version of a secret expires: the API has no such field (documented).
    expireTimes: Object.freeze({}),
    unknown: Object.freeze(unknown.map((each) => Object.freeze(each))),
  });
}

/** A token says that a page follows, but not which: so only the last page can be missed. Source: ListSecretVersionIds (documented). */
function wrongPages(pages: readonly Page[]): readonly Problem[] {
  return pages.some(({ isLast }) => isLast)
    ? []
    : pages.slice(-1).map(({ path }) => ({
        path: `${path}.NextToken`,
        expected:
          'followed by another page: call ListSecretVersionIds again with this NextToken, and give that answer too',
      }));
}

/** What DescribeSecret tells of labels and ListSecretVersionIds does not, or the other way round. */
function wrongLabels({ path, byVersion }: Labels, versions: readonly VersionFact[]): readonly Problem[] {
  const listed = new Map(versions.map((version) => [version.id, version]));
  const labelled = versions.filter(({ stages }) => stages.length > 0).map(({ id }) => id);
  return [...new Set([...byVersion.keys(), ...labelled])].flatMap((id): readonly Problem[] => {
    const version = listed.get(id);
    const at = `${path}[${JSON.stringify(id)}]`;
    if (!version) {
      const expected = `in a page of ListSecretVersionIds too: give all of its pages (or ${atDifferentTimes})`;
      return [{ path: at, expected }];
    }
    const isSame = JSON.stringify(byVersion.get(id)) === JSON.stringify(version.stages);
    return isSame ? [] : [{ path: at, expected: `as ${version.path} has it (${atDifferentTimes})` }];
  });
}

/**
 * The versions after which others may have been left out. Those without a label are listed only if the call asks for them
 * (documented), so one of them shows that it did; and behind a token nobody sees which page follows.
 */
function gapsOf(pages: readonly Page[], versions: readonly VersionFact[]): readonly string[] {
  return versions.some(({ stages }) => stages.length === 0)
    ? [
        ...new Set(
          pages.filter(({ isLast }) => !isLast).flatMap(({ versions }) => versions.slice(-1).map(({ id }) => id)),
        ),
      ]
    : versions.map(({ id }) => id);
}
