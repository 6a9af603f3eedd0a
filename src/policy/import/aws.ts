import * as v from 'valibot';
import { readArn } from '../../api/aws/index.ts';
import { awsSecretsManager, type Dialect } from '../../dialects/index.ts';
import { type Problem, type SecretAction, type SecretState, versionOf } from '../../index.ts';
import { fieldOf } from '../../json.ts';
import { isTime } from '../../limits.ts';
import { quote } from '../../text.ts';
import type { Rotation, Unknown } from '../subject.ts';
import type { Fact, RecordedSecret, ResponseFormat, TerraformFact } from './facts.ts';
import { has, hasOneOf, type Imported, type ImportOptions, readList } from './imported.ts';
import { asIn, atDifferentTimes } from './join.ts';
import { nameSchemas, reader, readResponses, refuseAs, stagesIn } from './responses.ts';
import { hasResources, isTerraform, type Resource, readTerraform } from './terraform.ts';

/**
 * Imports secrets from responses of AWS Secrets Manager. Pass parsed bodies, as the API, an SDK or the `aws` command returns them, in
 * any order. A secret needs every page of ListSecretVersionIds; without them, a remark says that it was not checked. DescribeSecret or
 * ListSecrets adds its status, its rotation, its primary region and the service that manages it, and must list the same labels. Unknown
 * fields are ignored. GetSecretValue and BatchGetSecretValue add nothing, and a remark says that they contain values.
 *
 * The output of `terraform show -json` is read, too. A secret gets the versions that Terraform relies on (`tracked`). If its versions are
 * not listed otherwise, it also gets those that Terraform knows. A plan is applied: `state` is the secret after it, `before` before it.
 * A version that the plan creates has the id `known only after terraform apply`. A secret that it creates has the address of the version
 * as its name.
 *
 * No response contains when a label was moved or how many versions were deleted, so both are always in `unknown`. So is whether
 * versions without a label exist, unless one is listed (IncludeDeprecated). Each version is assumed to have a value.
 *
 * Secrets are identified by their ARN. `project` is null, or the ARN if two secrets have the same name.
 *
 * If anything is wrong, nothing is imported. Each problem names its place, such as `responses[0].Versions[1].CreatedDate`, but never
 * the value of a secret. Reports as problems: other data, an invalid field, a time without a zone, a missing last page, responses that
 * contradict each other, a broken law of the dialect, a plan that the dialect refuses, and a dialect of another cloud.
 *
 * Has the limits of `importAll`.
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
  const named = { ARN: v.string(), Name: secretName };
  const stagesByVersion = v.pipe(v.nullish(v.record(versionId, v.array(stageName)), {}), v.transform(sortedEntries));
  const secret = v.object({
    ...named,
    LastChangedDate: time,
    DeletedDate: v.nullish(time, null),
    RotationEnabled: v.nullish(v.boolean(), false),
    RotationRules: v.nullish(
      v.object({ AutomaticallyAfterDays: v.nullish(v.number()), ScheduleExpression: v.nullish(v.string()) }),
    ),
    LastRotatedDate: v.nullish(time, null),
    NextRotationDate: v.nullish(time, null),
    PrimaryRegion: v.nullish(v.string()),
    OwningService: v.nullish(v.string()),
    // DescribeSecret and ListSecrets name the same field differently.
    VersionIdsToStages: stagesByVersion,
    SecretVersionsToStages: stagesByVersion,
  });
  const secretFact = (described: v.InferOutput<typeof secret>, path: string) => {
    const { ARN: arn, Name: name, DeletedDate: deleteTime } = described;
    const { PrimaryRegion: primary, OwningService: service } = described;
    const status = deleteTime === null ? 'ENABLED' : 'PENDING_DELETE';
    const rotation: Rotation = {
      isEnabled: described.RotationEnabled,
      lastTime: described.LastRotatedDate,
      everyDays: daysIn(described.RotationRules),
      nextTime: described.NextRotationDate,
    };
    const about = {
      rotation,
      ...(primary && primary !== arn.split(':')[3] && { replicaOf: primary }),
      ...(service && { managedBy: service }),
    };
    const field = described.SecretVersionsToStages.length > 0 ? 'SecretVersionsToStages' : 'VersionIdsToStages';
    const stages = { path: `${path}.${field}`, byVersion: described[field] };
    return { kind: 'secret', id: arn, name, arn, path, status, deleteTime, about, stages } as const;
  };
  const nameFact = ({ ARN: arn, Name: name }: v.InferOutput<v.ObjectSchema<typeof named, undefined>>, path: string) =>
    ({ kind: 'name', name, arn, path }) as const;
  const version = v.object({
    VersionId: versionId,
    VersionStages: v.nullish(v.array(stageName), []),
    CreatedDate: time,
  });
  const isAboutVersion = (json: unknown) => isOfSecret(json) && has(json, 'VersionId');

  return {
    dialect,
    expected,
    readers: [
      [
        isTerraform,
        readTerraform(terraformTypes, attributes(stageName, versionId), factsInTerraform, (resource) =>
          ['secret_string', 'secret_binary'].some((field) => fieldOf(resource, field)),
        ),
      ],

      [
        (json) => has(json, 'SecretList'),
        reader(v.object({ SecretList: v.array(secret) }), ({ SecretList }, path) =>
          SecretList.map((entry, index) => secretFact(entry, `${path}.SecretList[${index}]`)),
        ),
      ],

      [
        (json) => isOfSecret(json) && has(json, 'Name', 'Versions'),
        reader(
          v.object({ ...named, Versions: v.array(version), NextToken: v.nullish(v.string(), null) }),
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
      ],

      [
        (json) => has(json, 'SecretValues'),
        reader(
          v.object({ SecretValues: v.array(v.object(named)) }),
          ({ SecretValues }, path) =>
            SecretValues.map((entry, index) => nameFact(entry, `${path}.SecretValues[${index}]`)),
          (json) => [fieldOf(json, 'SecretValues')].flat().some(hasValue),
        ),
      ],

      // GetSecretValue, with or without its value. Changes return neither a value nor a date.
      [
        (json) => isAboutVersion(json) && (hasValue(json) || has(json, 'CreatedDate')),
        reader(v.object(named), (one, path) => [nameFact(one, path)], hasValue),
      ],

      [isAboutVersion, refuseAs(`${expected}, not a response about one version`)],

      // DescribeSecret, or an entry of ListSecrets.
      [
        (json) => isOfSecret(json) && has(json, 'Name'),
        reader(secret, (described, path) => [secretFact(described, path)]),
      ],

      [
        (json) => /(Exception|Error)$/.test(`${fieldOf(json, '__type')}`),
        refuseAs('a successful response, not an error'),
      ],
      [
        (json) => has(json, 'terraform_version', 'lineage', 'resources'),
        refuseAs('the output of `terraform show -json`, not a state file of Terraform'),
      ],
    ],
    fields: { versions: 'Versions', stages: 'VersionStages', deleteTime: 'DeletedDate' },
    listingOf: (name) => `ListSecretVersionIds for ${quote(name)}, called with IncludeDeprecated`,
    secretsIn: (json) => [json, fieldOf(json, 'SecretList')].flat().map((secret) => fieldOf(secret, 'ARN')),
    startClouds: () => ({
      add: () => undefined,
      otherCloudOf: (json) =>
        dialect.stages.current === awsSecretsManager.stages.current ||
        (isTerraform(json) && !hasResources(json, terraformTypes))
          ? undefined
          : awsSecretsManager.id,
    }),
    check: (secret) => [...checkPages(secret), ...checkStages(secret)],
    gapsIn,
    inSecret: [{ what: 'rotation' }],
  };
}

const expected = 'a response of ListSecretVersionIds, DescribeSecret or ListSecrets';

/** Whether data names a secret by its ARN. Other services have fields of the same names. */
function isOfSecret(json: unknown): boolean {
  return `${fieldOf(json, 'ARN')}`.includes(':secretsmanager:');
}

function hasValue(json: unknown): boolean {
  return hasOneOf(json, 'SecretString', 'SecretBinary');
}

/** The days between rotations. A schedule can also be a number of hours, or times of the calendar (documented). */
function daysIn(
  rules:
    | { AutomaticallyAfterDays?: number | null | undefined; ScheduleExpression?: string | null | undefined }
    | null
    | undefined,
): number | null {
  const [, count, unit] = /^rate\((\d+) (day|hour)s?\)$/.exec(rules?.ScheduleExpression ?? '') ?? [];
  if (count !== undefined) return Number(count) / (unit === 'hour' ? 24 : 1);
  return rules?.ScheduleExpression ? null : (rules?.AutomaticallyAfterDays ?? null);
}

const terraformTypes = ['aws_secretsmanager_secret', 'aws_secretsmanager_secret_version'];

/** Source: the documentation and the schema of the Terraform provider (observed; `secret_arn` only in new versions). */
function attributes(stageName: v.GenericSchema<string>, versionId: v.GenericSchema<string>) {
  const text = v.nullish(v.string());
  return v.object({
    arn: text,
    name: text,
    secret_arn: text,
    secret_id: text,
    version_id: v.nullish(versionId),
    version_stages: v.nullish(v.array(stageName)),
  });
}
type Attributes = v.InferOutput<ReturnType<typeof attributes>>;

/** What Terraform knows of secrets. A version names its secret by its ARN, or by its name. */
function factsInTerraform(resources: readonly Resource<Attributes>[]): readonly Fact[] {
  const arns = new Map(
    resources.flatMap(({ before }) => (before?.name && before.arn ? [[before.name, before.arn]] : [])),
  );
  return resources.flatMap((resource): readonly Fact[] => {
    const { type, address, path, before, after, actions } = resource;
    const { arn, secret_arn, secret_id } = { ...after, ...before };
    const id = arn ?? secret_arn ?? secret_id;
    const known = readArn(`${id}`) ? id : arns.get(`${id}`);
    // Assumed: a name in `secret_id` that no resource has is the name of a secret that exists.
    const name = readArn(`${known}`)?.name ?? id ?? address.replace(/[^\w/+=.@!-]/g, '-');
    const secret = { name, ...(known && { arn: known }), path };
    if (type === terraformTypes[0])
      return known ? [{ kind: 'name', ...secret, isDeleted: actions.includes('delete') }] : [];
    const version = before?.version_id && {
      id: before.version_id,
      createTime: 0,
      expireTime: null,
      stages: stagesIn(before.version_stages),
    };
    return [
      {
        kind: 'terraform',
        ...secret,
        source: resource.source,
        address,
        at: resource.at,
        isNew: id === undefined,
        ...(version && { version }),
        isTracker: Boolean(after),
        steps: stepsOf(resource),
      },
    ];
  });
}

/** What the provider does: it calls PutSecretValue, or UpdateSecretVersionStage for each label. Source: its code (observed). */
function stepsOf({ before, after, actions }: Resource<Attributes>): TerraformFact['steps'] {
  const { current } = awsSecretsManager.stages;
  const versionId = before?.version_id ?? '';
  const old = before?.version_stages ?? [];
  const next = after?.version_stages ?? [];
  /** Labels that the version has lost by then are no error, and AWSCURRENT cannot be removed. */
  const remove = (stages: readonly string[], state: SecretState, at: number): readonly SecretAction[] =>
    stages
      .filter((stage) => stage !== current && versionOf(state, stage) === versionId)
      .map((stage) => ({ type: 'removeStage', stage, at }));
  return actions.flatMap((action): TerraformFact['steps'] => {
    // An empty or unknown list is omitted, and AWSCURRENT moves to the new version.
    const stages = next.length > 0 ? { stages: next } : {};
    if (action === 'create')
      return [(state, at) => [{ type: 'createVersion', at, versionId: unusedId(state), ...stages }]];
    if (action === 'delete') return [(state, at) => remove(old, state, at)];
    if (action !== 'update' || !after?.version_stages) return [];
    const added = next.filter((stage) => !old.includes(stage));
    const removed = old.filter((stage) => !next.includes(stage));
    return [
      (state, at) =>
        added.map((stage) => ({ type: 'assignStage', stage, versionId, at, from: versionOf(state, stage) ?? null })),
      (state, at) => remove(removed, state, at),
    ];
  });
}

/** An id for a version whose id is not known yet. AWS requires 32 characters. */
function unusedId({ versions }: SecretState): string {
  const id = 'known only after terraform apply';
  const count = Object.keys(versions).filter((other) => other.startsWith(id)).length;
  return count > 0 ? `${id} (${count + 1})` : id;
}

/**
 * Epoch milliseconds of a time in a response, or NaN. The API returns epoch seconds (example), its command line ISO 8601, the JS SDK a
 * Date, and boto3 a date whose text has a space in place of the T (observed).
 */
function millisecondsOf(input: unknown): number {
  if (input instanceof Date) return input.getTime();
  // 1523477145.713 * 1000 is 1523477145712.9999.
  if (typeof input === 'number') return Math.round(input * 1000);
  const [, day, clock, fraction = '', zone] = partsOfTime(input);
  if (zone === undefined) return Number.NaN;
  const local = Date.parse(`${day}T${clock}Z`);
  // An engine may read 30 February as 2 March, and 24:00 as 0:00 of the next day.
  if (Number.isNaN(local) || new Date(local).getUTCDate() !== Number(day?.slice(8))) return Number.NaN;
  const [, hours = 0, minutes = 0] = /^([+-]\d\d):?(\d\d)?$/.exec(zone) ?? [];
  if (Number(minutes) > 59 || Math.abs(Number(hours)) > 23) return Number.NaN;
  const offset = 60 * Number(hours) + (zone.startsWith('-') ? -1 : 1) * Number(minutes);
  // Some engines read only fractions of three digits.
  return local - 60_000 * offset + Math.round(Number(`0${fraction}`) * 1000);
}

function partsOfTime(input: unknown): readonly (string | undefined)[] {
  const time = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(?: ?(Z|UTC|[+-]\d\d(?::?\d\d)?))?$/i;
  return typeof input === 'string' ? (time.exec(input) ?? []) : [];
}

const timeRule = 'epoch seconds or an ISO 8601 time';

/** Without a zone, a time is that of a machine that is unknown. Milliseconds after 1973, read as seconds, would be after the year 5138. */
const time = v.pipe(
  v.unknown(),
  v.transform((input) => ({ input, at: millisecondsOf(input) })),
  v.check(
    ({ at }) => isTime(at),
    ({ input: { input } }) => {
      const [text, , , , zone] = partsOfTime(input);
      return text !== undefined && zone === undefined ? `${timeRule} with a zone, such as Z or +02:00` : timeRule;
    },
  ),
  v.transform(({ at }) => at),
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
 * Returns where versions may be missing: at the ends of pages, because a token does not say which page follows. Assumed: the pages in
 * a list of one document are in order, as a paginator returns them. If DescribeSecret lists every label, the missing versions are
 * without one. So they are if each listed version has one, because only IncludeDeprecated lists the others (documented).
 */
function gapsIn({ secret, pages, versions }: RecordedSecret): readonly Unknown[] {
  const ends = pages
    .filter(({ next, place: [document] }, index) => next !== null && pages[index + 1]?.place[0] !== document)
    .flatMap(({ versions }) => versions.slice(-1));
  if (ends.length > 0 && !secret)
    return [...new Set(ends.map(({ id }) => id))].map((after) => ({ what: 'versions', after }));
  const isGap = ends.length > 0 || (versions.length > 0 && versions.every(({ stages }) => stages.length > 0));
  return isGap ? [{ what: 'deprecatedVersions' }] : [];
}
