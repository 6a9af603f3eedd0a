import * as v from 'valibot';
import { answerSchemas } from '../../api/csms/index.ts';
import { clouds, type Dialect, huaweiCsms } from '../../dialects/index.ts';
import type { Problem } from '../../index.ts';
import { fieldOf } from '../../json.ts';
import { isTime, timeRule } from '../../limits.ts';
import { time } from '../../schema.ts';
import { foundText, quote } from '../../text.ts';
import type { Unknown } from '../subject.ts';
import type { Clouds, Fact, PageFact, RecordedSecret, ResponseFormat, SecretFact, TerraformFact } from './facts.ts';
import { has, hasOneOf, type Imported, type ImportOptions, readList } from './imported.ts';
import { atDifferentTimes } from './join.ts';
import { nameSchemas, reader, readResponses, refuseAs, stagesIn } from './responses.ts';
import { hasResources, isTerraform, type Resource, readTerraform } from './terraform.ts';

/**
 * Imports secrets from responses of CSMS. Pass parsed bodies, in any order. A secret needs every page of ListSecretVersions; without them,
 * a remark says that it was not checked. ShowSecret or ListSecrets adds its status, and ShowSecretStage the time of a stage.
 * ShowSecretVersion adds nothing, and a remark says that it contains a value. What no response says is in `unknown`, and
 * `explainUnknown` says which response would. Unknown fields are ignored.
 *
 * The output of `terraform show -json` is read, too: the newest version of each `huaweicloud_csms_secret`, if its versions are not listed
 * otherwise. A plan is applied: `state` is the secret after it, `before` before it.
 *
 * If anything is wrong, nothing is imported. Each problem names its place, such as `responses[0].secret.state`, but never the value of
 * a secret. Reports as problems: other data, an invalid field, a time in seconds, a missing last page, responses that contradict each
 * other, a broken law of the dialect, a plan that the dialect refuses, and a dialect of another cloud.
 *
 * Has the limits of `importAll`. A missing first page does not show, nor do further pages of ListSecrets.
 *
 * @example
 * const page = { version_metadatas: [{ id: 'v1', create_time: 1581507580000, expire_time: null, secret_name: 'db', version_stages: ['SYSCURRENT'] }] };
 * const imported = importCsms([page]);
 * imported.ok && imported.secrets.map(({ state }) => currentVersion(state)); // ['v1']
 */
export function importCsms(responses: readonly unknown[], { dialect }: ImportOptions = {}): Imported {
  return readList(responses, 'responses', (inputs) => readResponses(inputs, csmsResponses(dialect)));
}

const expected = 'a response of ListSecretVersions, ShowSecret, ListSecrets or ShowSecretStage';

/**
 * The responses of CSMS.
 *
 * Source: CSMS API reference, the pages of these names and their objects (documented). Times: {@link timeInMilliseconds}.
 */
export function csmsResponses(dialect: Dialect = huaweiCsms): ResponseFormat {
  const names = nameSchemas(dialect);
  const { secretName } = names;
  const { secret, version, stage, pageInfo } = answerSchemas(dialect, names, timeInMilliseconds);
  const isOne = (versions: v.InferOutput<typeof version>[]) =>
    new Set(versions.map(({ secret_name }) => secret_name)).size <= 1;
  const versionsOfOne = v.pipe(
    v.array(version),
    v.minLength(1, 'a list of at least one version; omit an empty response'),
    v.check(isOne, 'the versions of one secret, like every page of ListSecretVersions'),
  );
  const secretFact = (shown: v.InferOutput<typeof secret>, path: string): SecretFact => {
    const { id, name, state: status, scheduled_delete_time } = shown;
    // Assumed: if the status is another, the time is left from a cancelled deletion.
    const deleteTime = status === 'PENDING_DELETE' ? scheduled_delete_time : null;
    return { kind: 'secret', id, name, path, status, deleteTime };
  };

  return {
    dialect,
    expected,
    readers: [
      [
        isTerraform,
        readTerraform(terraformTypes, attributes(dialect), (resources) => resources.flatMap(factsInTerraform)),
      ],

      [
        (json) => has(json, 'version_metadatas'),
        reader(
          v.object({ version_metadatas: versionsOfOne, page_info: pageInfo }),
          ({ version_metadatas, page_info }, path) => {
            const versions = version_metadatas.map(({ id, create_time, expire_time, version_stages }) => ({
              id,
              createTime: create_time,
              expireTime: expire_time,
              stages: stagesIn(version_stages),
            }));
            const { next_marker: next = null, current_count } = page_info ?? {};
            const count = current_count ?? versions.length;
            return version_metadatas
              .slice(0, 1)
              .map(({ secret_name: name }) => ({ kind: 'page', name, path, versions, next, count }));
          },
        ),
      ],

      [
        (json) => isSecret(fieldOf(json, 'secret')),
        reader(v.object({ secret }), ({ secret }, path) => [secretFact(secret, `${path}.secret`)]),
      ],

      [
        (json) => {
          const list = fieldOf(json, 'secrets');
          return Array.isArray(list) && (list.length === 0 || list.some(isSecret));
        },
        reader(v.object({ secrets: v.array(secret) }), ({ secrets }, path) =>
          secrets.map((secret, index) => secretFact(secret, `${path}.secrets[${index}]`)),
        ),
      ],

      [
        (json) => has(fieldOf(json, 'stage'), 'version_id'),
        reader(
          v.object({ stage }),
          ({ stage: { name: stage, version_id: versionId, secret_name: name, update_time: updateTime } }, path) => [
            { kind: 'stage', name, path: `${path}.stage`, stage, versionId, updateTime },
          ],
        ),
      ],

      [
        (json) => has(json, 'version_metadata'),
        refuseAs('a response of ListSecretVersions, not a response about one version'),
      ],

      // ShowSecretVersion.
      [
        (json) => has(fieldOf(json, 'version'), 'version_metadata'),
        reader(
          v.object({ version: v.object({ version_metadata: v.object({ secret_name: secretName }) }) }),
          ({ version }, path) => [{ kind: 'name', name: version.version_metadata.secret_name, path }],
          (json) => hasOneOf(fieldOf(json, 'version'), 'secret_string', 'secret_binary'),
        ),
      ],

      [(json) => has(json, 'error_code', 'error_msg'), refuseAs('a successful response, not an error')],
    ],
    fields: { versions: 'version_metadatas', stages: 'version_stages', deleteTime: 'scheduled_delete_time' },
    listingOf: (name) => `ListSecretVersions for ${quote(name)}`,
    secretsIn: (json) =>
      ['version_metadatas', 'secret', 'secrets', 'stage']
        .flatMap((field) => fieldOf(json, field))
        .map((entry) => fieldOf(entry, 'secret_name') ?? fieldOf(entry, 'name')),
    startClouds: () => startClouds(dialect),
    check: (secret) => [...checkPages(secret), ...checkStages(secret)],
    gapsIn,
    inSecret: [],
  };
}

function isSecret(json: unknown): boolean {
  return has(json, 'name', 'state');
}

const terraformTypes = ['huaweicloud_csms_secret'];

/** Source: the documentation and the code of the Terraform provider (observed). It keeps hashes of values. */
function attributes(dialect: Dialect) {
  const { secretName, stageName, versionId } = nameSchemas(dialect);
  return v.object({
    name: v.nullish(secretName),
    secret_id: v.nullish(v.string(), ''),
    status: v.nullish(v.string()),
    latest_version: v.nullish(versionId),
    version_stages: v.nullish(v.array(stageName), []),
    expire_time: v.nullish(v.number()),
    secret_text: v.optional(v.unknown()),
    secret_binary: v.optional(v.unknown()),
  });
}

/**
 * What Terraform knows of a secret: its newest version. It does not rely on it, but reads whichever is newest. A new value makes a new
 * version. Source: the code of the provider (observed). It writes 0 for a version that never expires.
 */
function factsInTerraform(resource: Resource<v.InferOutput<ReturnType<typeof attributes>>>): readonly Fact[] {
  const { address, path, source, at, before, after, actions } = resource;
  const facts: Fact[] = [];
  const steps: TerraformFact['steps'] = [(_, at) => [{ type: 'createVersion', at }]];
  const expireTime = actions.length > 0 && after?.expire_time ? { expireTime: after.expire_time } : {};
  const fact = { kind: 'terraform', address, isTracker: false, path, source, at, ...expireTime } as const;
  if (before?.name && actions.includes('delete'))
    facts.push({ kind: 'name', name: before.name, path, isDeleted: true });
  else if (before?.name && before.latest_version) {
    const { name, secret_id: id, status, latest_version, version_stages, expire_time } = before;
    const stages = stagesIn(version_stages);
    const version = { id: latest_version, createTime: 0, expireTime: expire_time || null, stages };
    const hashes = [before, after].map((one) => JSON.stringify([one?.secret_text, one?.secret_binary]));
    const isChanged = actions.includes('update') && hashes[0] !== hashes[1];
    // When a scheduled deletion is due is unknown.
    const known = (['ENABLED', 'DISABLED', 'FROZEN'] as const).find((one) => one === status);
    const secret = known && ({ kind: 'secret', id, name, path, status: known, deleteTime: null } as const);
    facts.push({ ...fact, name, version, secret, isNew: false, steps: isChanged ? steps : [] });
  }
  if (after && actions.includes('create')) {
    // The name may be known only after the plan.
    const name = after.name ?? address.replace(/[^\w.-]/g, '-').slice(-64);
    facts.push({ ...fact, name, isNew: true, steps });
  }
  return facts;
}

/**
 * CSMS's documentation says that times are in seconds, but every response in it has milliseconds (example). Below 1e11,
 * milliseconds would be before 1974.
 */
const timeInMilliseconds = v.pipe(
  time,
  v.check((at) => !isTime(at) || at === 0 || at >= 1e11, `${timeRule}; this looks like seconds`),
);

/** Finds secrets of an emulator of another cloud: it responds like CSMS, but its secrets have the current stage of that cloud. */
function startClouds(dialect: Dialect): Clouds {
  const own = new Set<unknown>();
  const others = clouds.filter(({ stages: { current } }) => current !== null && current !== dialect.stages.current);
  const isOther = dialect.stages.current !== huaweiCsms.stages.current;
  return {
    add: (json) => {
      for (const name of secretsWithCurrent(json, dialect)) own.add(name);
    },
    otherCloudOf: (json) =>
      isOther && isTerraform(json) && hasResources(json, terraformTypes)
        ? huaweiCsms.id
        : others.find((cloud) => secretsWithCurrent(json, cloud).some((name) => !own.has(name)))?.id,
  };
}

/** The secrets whose versions a response lists with the current stage of a cloud. */
function secretsWithCurrent(json: unknown, { stages: { current } }: Dialect): readonly unknown[] {
  return [fieldOf(json, 'version_metadatas')]
    .flat()
    .filter((version) => [fieldOf(version, 'version_stages')].flat().includes(current))
    .map((version) => fieldOf(version, 'secret_name'));
}

/**
 * Checks the pages of a secret, each alone and all together. Source: PageInfo (documented: next_marker is the last of its page). That
 * it is null on the last page, and that pages go from the oldest version to the newest, is assumed.
 */
function checkPages({ pages, versions }: RecordedSecret): readonly Problem[] {
  const problems: Problem[] = [];
  const report = ({ path }: PageFact, field: string, expected: string) =>
    problems.push({ path: `${path}.page_info.${field}`, expected });
  for (const page of pages) {
    const { next, count, versions } = page;
    if (count !== versions.length)
      report(page, 'current_count', `${versions.length}, the number of versions on the page`);
    if (next !== null && next !== lastOf(page)) {
      report(page, 'next_marker', 'null or the id of the last version on the page');
    }
  }

  const isEnd = ({ next }: PageFact) => next === null;
  const followed = new Set(pages.flatMap((page) => idsOf(isEnd(page) ? page.versions.slice(0, -1) : page.versions)));
  const ends = pages.filter(isEnd);
  for (const page of ends) {
    if (!followed.has(`${lastOf(page)}`) && lastOf(page) === lastOf(ends[0])) continue;
    report(
      page,
      'next_marker',
      `the id of the last version on the page, because another response lists more (${atDifferentTimes})`,
    );
  }
  if (ends.length > 0) return problems;

  const lasts = new Set(pages.map(lastOf));
  const newest = versions.filter(({ id }) => lasts.has(id)).at(-1)?.id;
  for (const page of pages.filter((page) => lastOf(page) === newest).slice(0, 1)) {
    const expected = `followed by another page: call ListSecretVersions with the marker ${quote(page.next)}, and add the response`;
    report(page, 'next_marker', expected);
  }
  return problems;
}

function lastOf(page: PageFact | undefined): string | undefined {
  return page?.versions.at(-1)?.id;
}

/** Reports where ShowSecretStage and ListSecretVersions disagree about a stage. */
function checkStages({ stages, versions }: RecordedSecret): readonly Problem[] {
  const known = new Map(versions.map((version) => [version.id, new Set(version.stages)]));
  const firstHolder = new Map<string, RecordedSecret['versions'][number]>();
  for (const version of versions) {
    for (const stage of version.stages) if (!firstHolder.has(stage)) firstHolder.set(stage, version);
  }
  return stages.flatMap(({ path, stage, versionId }) => {
    if (known.get(versionId)?.has(stage)) return [];
    const holder = firstHolder.get(stage);
    const listed = holder ? `${quote(holder.id)}, as in ${holder.path}` : 'a version that lists the stage';
    return [{ path: `${path}.version_id`, expected: `${listed} (${atDifferentTimes})`, found: foundText(versionId) }];
  });
}

/** Returns the last versions of pages after which a version may be missing. Between two neighbours of the series none is, while clocks go forward. */
function gapsIn({ pages, versions }: RecordedSecret): readonly Unknown[] {
  const followed = new Set(pages.flatMap(({ versions }) => idsOf(versions.slice(0, -1))));
  const ends = new Set(pages.map(({ next }) => next));
  const gaps = versions.filter(({ id, number }, index) => {
    if (followed.has(id) || !ends.has(id)) return false;
    return number === 0 || versions[index + 1]?.number !== number + 1;
  });
  return idsOf(gaps).map((after) => ({ what: 'versions', after }));
}

function idsOf(versions: readonly { readonly id: string }[]): readonly string[] {
  return versions.map(({ id }) => id);
}
