import * as v from 'valibot';
import { answerSchemas } from '../../api/csms/index.ts';
import { clouds, type Dialect, huaweiCsms } from '../../dialects/index.ts';
import type { Problem } from '../../index.ts';
import { fieldOf, isObject } from '../../json.ts';
import { isTime, timeRule } from '../../limits.ts';
import { time } from '../../schema.ts';
import { foundText, quote } from '../../text.ts';
import {
  type AnsweredSecret,
  type AnswerFormat,
  atDifferentTimes,
  type Fact,
  nameSchemas,
  type PageFact,
  readAnswers,
  reader,
  refuseAs,
  stagesIn,
} from './answers.ts';
import { type Imported, type ImportOptions, type Input, readList } from './imported.ts';

/**
 * Reads what CSMS answered: the parsed bodies of any number of answers, of any number of secrets, in any order. A secret needs
 * all pages of its ListSecretVersions. ShowSecret (or ListSecrets) adds its status, and ShowSecretStage the time of a stage. What
 * no answer says is in `unknown`, and `explainUnknown` says which answer would say it. Unknown fields are ignored.
 *
 * Nothing is imported as long as anything is wrong, and each problem names its place, such as `answers[0].secret.state`, but never
 * what is in the place of a secret's value. Wrong is: what is no such answer; a known field of another type; a time that looks like
 * seconds; a page without the one that follows it; a secret without its ListSecretVersions; answers that contradict each other, for
 * they were taken at different times or in two projects; a law of the dialect that is broken; a secret that has the current stage
 * of another cloud, and not that of the dialect.
 *
 * An import holds at most 2,000,000 JSON values, some 250,000 versions, and lists at most 20 problems and how many more there are.
 *
 * No answer shows that the first page is missing, or that ListSecrets has more pages: the secrets are those that are named.
 *
 * @example
 * const page = { version_metadatas: [{ id: 'v1', create_time: 1581507580000, expire_time: null, secret_name: 'db', version_stages: ['SYSCURRENT'] }] };
 * const imported = importCsms([page]);
 * imported.ok && imported.secrets.map(({ state }) => currentVersion(state)); // ['v1']
 * importCsms([{ secret: { id: 'a', name: 'db', state: 'ENABLED' } }]).ok; // false
 */
export function importCsms(answers: readonly unknown[], { dialect }: ImportOptions = {}): Imported {
  return readList(answers, 'answers', (inputs) => readAnswers(inputs, csmsAnswers(dialect)));
}

const expected = 'an answer of ListSecretVersions, ShowSecret, ListSecrets or ShowSecretStage';
const withoutValue =
  'an answer of ListSecretVersions, not of ShowSecretVersion, which tells of one version alone. That holds the value of the ' +
  'secret: delete it where it was recorded';

/**
 * The answers of CSMS.
 *
 * Source: CSMS API reference, the pages of these names and their objects (documented). Times: {@link timeInMilliseconds}.
 */
export function csmsAnswers(dialect: Dialect = huaweiCsms): AnswerFormat {
  const { secret, version, stage, pageInfo } = answerSchemas(dialect, nameSchemas(dialect), timeInMilliseconds);
  const isOne = (versions: v.InferOutput<typeof version>[]) =>
    new Set(versions.map(({ secret_name }) => secret_name)).size <= 1;
  const versionsOfOne = v.pipe(
    v.array(version),
    v.minLength(1, 'omitted where it has no version'),
    v.check(isOne, 'of one secret alone, as every page of ListSecretVersions is'),
  );
  const secretFact = (shown: v.InferOutput<typeof secret>, path: string): Fact => {
    const { id, name, state: status, scheduled_delete_time } = shown;
    // Assumed: on a secret of another status the time is left from a deletion that was called off.
    const deleteTime = status === 'PENDING_DELETE' ? scheduled_delete_time : null;
    return { kind: 'secret', id, name, path, status, deleteTime };
  };

  return {
    dialect,
    expected,
    readers: {
      version_metadatas: reader(
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

      secret: reader(v.object({ secret }), ({ secret }, path) => [secretFact(secret, `${path}.secret`)]),

      secrets: reader(v.object({ secrets: v.array(secret) }), ({ secrets }, path) =>
        secrets.map((secret, index) => secretFact(secret, `${path}.secrets[${index}]`)),
      ),

      stage: reader(
        v.object({ stage }),
        ({ stage: { name: stage, version_id: versionId, secret_name: name, update_time: updateTime } }, path) => [
          { kind: 'stage', name, path: `${path}.stage`, stage, versionId, updateTime },
        ],
      ),

      version_metadata: refuseAs('an answer of ListSecretVersions, not of a call that tells of one version alone'),
      version: (json, path) => refuseAs(isObject(fieldOf(json, 'version')) ? withoutValue : expected)(json, path),
      error_code: refuseAs('an answer to a call that was done, not an error'),
    },
    fields: { versions: 'version_metadatas', stages: 'version_stages', deleteTime: 'scheduled_delete_time' },
    listingOf: (name) => `ListSecretVersions of ${quote(name)}`,
    secretsIn: (json) =>
      ['version_metadatas', 'secret', 'secrets', 'stage']
        .flatMap((field) => fieldOf(json, field))
        .map((entry) => fieldOf(entry, 'secret_name') ?? fieldOf(entry, 'name')),
    otherCloudIn: (answers) => otherCloudIn(answers, dialect),
    check: (secret) => [...checkPages(secret), ...checkStages(secret)],
    gapsIn,
  };
}

/**
 * CSMS's documentation calls its times seconds, and every answer in it shows milliseconds (example). In milliseconds, what is below
 * 1e11 would be before 1974.
 */
const timeInMilliseconds = v.pipe(
  time,
  v.check((at) => !isTime(at) || at === 0 || at >= 1e11, `${timeRule}; this looks like seconds`),
);

/** An emulator of another cloud answers like CSMS, but its secrets have the current stage of that cloud, and not of the dialect. */
function otherCloudIn(answers: readonly Input[], dialect: Dialect): (json: unknown) => string | undefined {
  const own = new Set(answers.flatMap(({ json }) => secretsWithCurrent(json, dialect)));
  const others = clouds.filter(({ stages: { current } }) => current !== null && current !== dialect.stages.current);
  return (json) => others.find((cloud) => secretsWithCurrent(json, cloud).some((name) => !own.has(name)))?.id;
}

/** The secrets whose versions an answer lists with the current stage of a cloud. */
function secretsWithCurrent(json: unknown, { stages: { current } }: Dialect): readonly unknown[] {
  return [fieldOf(json, 'version_metadatas')]
    .flat()
    .filter((version) => [fieldOf(version, 'version_stages')].flat().includes(current))
    .map((version) => fieldOf(version, 'secret_name'));
}

/**
 * What is wrong with the pages of a secret, each alone and all together. Source: PageInfo (documented: next_marker is the last of
 * its page). That it is null on the last page, and that pages go from the oldest version to the newest, is assumed.
 */
function checkPages({ pages, versions }: AnsweredSecret): readonly Problem[] {
  const problems: Problem[] = [];
  const report = ({ path }: PageFact, field: string, expected: string) =>
    problems.push({ path: `${path}.page_info.${field}`, expected });
  for (const page of pages) {
    const { next, count, versions } = page;
    if (count !== versions.length) report(page, 'current_count', `${versions.length}, the versions of the page`);
    if (next !== null && next !== lastOf(page)) {
      report(page, 'next_marker', 'null or the id of the last version of the page');
    }
  }

  const isEnd = ({ next }: PageFact) => next === null;
  const followed = new Set(pages.flatMap((page) => idsOf(isEnd(page) ? page.versions.slice(0, -1) : page.versions)));
  const ends = pages.filter(isEnd);
  for (const page of ends) {
    if (!followed.has(`${lastOf(page)}`) && lastOf(page) === lastOf(ends[0])) continue;
    report(page, 'next_marker', `of the last page, but there are versions after it (${atDifferentTimes})`);
  }
  if (ends.length > 0) return problems;

  const lasts = new Set(pages.map(lastOf));
  const newest = versions.filter(({ id }) => lasts.has(id)).at(-1)?.id;
  for (const page of pages.filter((page) => lastOf(page) === newest).slice(0, 1)) {
    const expected = `followed by another page: call ListSecretVersions again with the marker ${quote(page.next)}, and give that answer too`;
    report(page, 'next_marker', expected);
  }
  return problems;
}

function lastOf(page: PageFact | undefined): string | undefined {
  return page?.versions.at(-1)?.id;
}

/** Where ShowSecretStage and ListSecretVersions disagree about a stage. */
function checkStages({ stages, versions }: AnsweredSecret): readonly Problem[] {
  const known = new Map(versions.map((version) => [version.id, new Set(version.stages)]));
  const firstHolder = new Map<string, AnsweredSecret['versions'][number]>();
  for (const version of versions) {
    for (const stage of version.stages) if (!firstHolder.has(stage)) firstHolder.set(stage, version);
  }
  return stages.flatMap(({ path, stage, versionId }) => {
    if (known.get(versionId)?.has(stage)) return [];
    const holder = firstHolder.get(stage);
    const listed = holder ? `${quote(holder.id)}, as ${holder.path} has it` : 'of a version that lists the stage';
    return [{ path: `${path}.version_id`, expected: `${listed} (${atDifferentTimes})`, found: foundText(versionId) }];
  });
}

/** Where a page ends and none shows what comes next, unless that is the next of the series: nothing is between the two while clocks go on. */
function gapsIn({ pages, versions }: AnsweredSecret): readonly string[] {
  const followed = new Set(pages.flatMap(({ versions }) => idsOf(versions.slice(0, -1))));
  const ends = new Set(pages.map(({ next }) => next));
  const gaps = versions.filter(({ id, number }, index) => {
    if (followed.has(id) || !ends.has(id)) return false;
    return number === 0 || versions[index + 1]?.number !== number + 1;
  });
  return idsOf(gaps);
}

function idsOf(versions: readonly { readonly id: string }[]): readonly string[] {
  return versions.map(({ id }) => id);
}
