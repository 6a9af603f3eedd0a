import * as v from 'valibot';
import { clouds, type Dialect, fits, huaweiCsms, type Pattern, patternRule, statusesOf } from '../../dialects/index.ts';

import type { Problem, SecretStatus } from '../../index.ts';
import { fieldOf, isObject } from '../../json.ts';
import { isTime, timeRule } from '../../limits.ts';
import { parseSecretState, problemsOf } from '../../parse.ts';
import { problemOf, time } from '../../schema.ts';
import { invalidVersionId, isVersionId, numberInSeries } from '../../series.ts';
import { versionsById } from '../../state.ts';
import type { Subject, Unknown } from '../subject.ts';

/** What an importer gives: every secret that it was told of, or everything that keeps it from telling their states. */
export type Imported =
  | { readonly ok: true; readonly secrets: readonly ImportedSecret[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A secret that was read. `check(secret.state, { ...secret, at })` judges it. */
export interface ImportedSecret extends Subject {
  /** Null if nobody told: answers of CSMS do not say of which project they are. */
  readonly project: string | null;
  /** What told of its versions, such as the name of a file. */
  readonly source: string;
  /** The dialect by which it was read. */
  readonly dialect: Dialect;
}

/** What each importer takes beside the data. */
export interface ImportOptions {
  /** The dialect of every secret. If omitted, it is that of the cloud whose data it is. */
  readonly dialect?: Dialect | undefined;
}

/** Untrusted data, and what a problem calls it. */
export interface Given {
  readonly path: string;
  readonly json: unknown;
}

/** What came of many at once: the sound ones, and what is wrong with the others. */
export interface Sifted {
  readonly secrets: readonly ImportedSecret[];
  readonly problems: readonly Problem[];
}

/**
 * Reads what CSMS answered: the parsed bodies of any number of answers, of any number of secrets, in any order. A secret needs
 * all pages of its ListSecretVersions. ShowSecret (or ListSecrets) adds its status, and ShowSecretStage the time of a stage. What
 * no answer told is in `unknown`, and `explainUnknown` says which answer would tell it. Unknown fields are ignored.
 *
 * Nothing is imported as long as anything is wrong, and each problem names its place, such as `answers[0].secret.state`, but never
 * what is in the place of a secret's value. Wrong is: what is no such answer; a known field of another type; a time that looks like
 * seconds; a page without the one that follows it; a secret without its ListSecretVersions; answers that contradict each other, for
 * they were taken at different times or in two projects; a law of the dialect that is broken; a secret that has the current stage
 * of another cloud, and not that of the dialect.
 *
 * No answer tells that the first page was left out, or that ListSecrets has more pages: the secrets are those that are named.
 *
 * @example
 * const page = { version_metadatas: [{ id: 'v1', create_time: 1581507580000, expire_time: null, secret_name: 'db', version_stages: ['SYSCURRENT'] }] };
 * const imported = importAnswers([page]);
 * imported.ok && imported.secrets.map(({ state }) => currentVersion(state)); // ['v1']
 * importAnswers([{ secret: { id: 'a', name: 'db', state: 'ENABLED' } }]).ok; // false
 */
export function importAnswers(answers: readonly unknown[], { dialect }: ImportOptions = {}): Imported {
  return importedOf(readAnswers(givenIn(answers), dialect));
}

export function givenIn(answers: readonly unknown[]): readonly Given[] {
  return answers.map((json, index) => ({ path: `answers[${index}]`, json }));
}

export function importedOf({ secrets, problems }: Sifted): Imported {
  return problems.length > 0 ? { ok: false, problems } : { ok: true, secrets };
}

/** Whether data has the shape of an answer of CSMS, of whatever call. */
export function isAnswer(json: unknown): boolean {
  return (
    isObject(json) && [...fieldsOfAnswers, ...Object.keys(otherAnswers)].some((field) => Object.hasOwn(json, field))
  );
}

const fieldsOfAnswers = ['version_metadatas', 'secret', 'secrets', 'stage'] as const;

const otherAnswers: Readonly<Record<string, string>> = {
  version_metadata: 'an answer of ListSecretVersions, not of a call that tells of one version alone',
  version:
    'an answer of ListSecretVersions, not of ShowSecretVersion, which tells of one version alone. That holds the value of the ' +
    'secret: delete it where it was recorded',
  error_code: 'an answer to a call that was done, not an error',
};

/** {@link importAnswers} of answers that have names of their own. */
export function readAnswers(answers: readonly Given[], dialect: Dialect = huaweiCsms): Sifted {
  const read = readerOf(dialect);
  const own = new Set(answers.flatMap(({ json }) => holdersIn(json, dialect)));
  const foreign = clouds.filter(({ stages: { current } }) => current !== null && current !== dialect.stages.current);
  return sift(answers, {
    read: (answer) => {
      const cloud = foreign.find((cloud) => holdersIn(answer.json, cloud).some((name) => !own.has(name)));
      return cloud ? { problems: [ofAnotherCloud(answer.path, cloud.id, dialect)] } : read(answer);
    },
    spoiledBy: namesIn,
    join: (name, told: readonly Fact[]) => join(name, told, dialect),
  });
}

/** How to read the answers of a cloud, each of which tells of secrets by a key of theirs. */
interface Reader<Fact> {
  readonly read: (answer: Given) => Reading<Fact>;
  /** The keys of the secrets that an answer is about which could not be read. */
  readonly spoiledBy: (json: unknown) => readonly unknown[];
  readonly join: (secret: string, told: readonly Fact[]) => ImportedSecret | readonly Problem[];
}

/** What one answer tells, or what is wrong with it. */
export type Reading<Fact> = { readonly facts: readonly Fact[] } | { readonly problems: readonly Problem[] };

/** Reads each answer by itself, and then joins what they tell of each secret. */
export function sift<Fact extends { readonly secret: string }>(
  answers: readonly Given[],
  { read, spoiledBy, join }: Reader<Fact>,
): Sifted {
  const facts = new Map<string, Fact[]>();
  const problems: (readonly Problem[])[] = [];
  const spoiled = new Set<unknown>();
  for (const answer of answers) {
    const reading = read(answer);
    if ('problems' in reading) {
      problems.push(reading.problems);
      for (const secret of spoiledBy(answer.json)) spoiled.add(secret);
    } else {
      for (const fact of reading.facts) {
        const told = facts.get(fact.secret);
        if (told) told.push(fact);
        else facts.set(fact.secret, [fact]);
      }
    }
  }

  const secrets: ImportedSecret[] = [];
  for (const [secret, told] of facts) {
    // Of a secret with an answer that could not be read, all else that is missing may be in there.
    if (spoiled.has(secret)) continue;
    const joined = join(secret, told);
    if ('state' in joined) secrets.push(joined);
    else problems.push(joined);
  }
  return { secrets: Object.freeze(secrets), problems: problems.flat() };
}

/** What one answer tells of one secret. */
type Fact = { readonly secret: string; readonly path: string } & (
  | { readonly kind: 'secret'; readonly id: string; readonly status: SecretStatus; readonly due: number | null }
  | {
      readonly kind: 'page';
      readonly versions: readonly VersionFact[];
      readonly next: string | null;
      readonly count: number;
    }
  | { readonly kind: 'stage'; readonly stage: string; readonly versionId: string; readonly updateTime: number }
);
type SecretFact = Extract<Fact, { kind: 'secret' }>;
type Page = Extract<Fact, { kind: 'page' }>;
type StageFact = Extract<Fact, { kind: 'stage' }>;

interface VersionFact {
  readonly path: string;
  readonly id: string;
  readonly createTime: number;
  /** Null is never; undefined if the answer is of the API before it had the field. */
  readonly expireTime: number | null | undefined;
  readonly stages: readonly string[];
}

/**
 * CSMS's documentation calls its times seconds, and every answer in it shows milliseconds (example). In milliseconds, what is below
 * 1e11 would be before 1974.
 */
const wireTime = v.pipe(
  time,
  v.check((at) => !isTime(at) || at === 0 || at >= 1e11, `${timeRule}; this looks like seconds`),
);

/**
 * Source: CSMS API reference, the pages of these names and their objects (documented). Times: {@link wireTime}. A field that only
 * newer pages have may be left out: expire_time and page_info (documented). That version_stages may be null is assumed.
 */
function readerOf(dialect: Dialect) {
  const [secretName, stageName] = [named(dialect.secret.name), named(dialect.stages.name)];
  const versionId = idOfVersion(dialect);
  const statuses = statusesOf(dialect);
  const secret = v.object({
    id: v.string(),
    name: secretName,
    state: v.custom<SecretStatus>(
      (value) => statuses.some((status) => status === value),
      `one of ${statuses.join(', ')}`,
    ),
    scheduled_delete_time: v.nullish(wireTime),
  });
  const version = v.object({
    id: versionId,
    create_time: wireTime,
    expire_time: v.optional(v.nullable(wireTime)),
    secret_name: secretName,
    version_stages: v.nullable(v.array(stageName)),
  });
  const pageInfo = v.object({
    next_marker: v.nullish(v.string()),
    // Whether it is the first of this page or the last of the one before, the documentation leaves open. So nothing rests on it.
    previous_marker: v.nullish(v.string()),
    current_count: v.nullish(v.number()),
  });

  const factOfSecret = (
    { id, name, state, scheduled_delete_time }: v.InferOutput<typeof secret>,
    path: string,
  ): Fact => ({
    kind: 'secret',
    secret: name,
    path,
    id,
    status: state,
    // Assumed: on a secret of another status the time is left from a deletion that was called off.
    due: state === 'PENDING_DELETE' ? (scheduled_delete_time ?? null) : null,
  });

  const readers = {
    secret: reader(v.object({ secret }), ({ secret }, path) => [factOfSecret(secret, `${path}.secret`)]),

    secrets: reader(v.object({ secrets: v.array(secret) }), ({ secrets }, path) =>
      secrets.map((secret, index) => factOfSecret(secret, `${path}.secrets[${index}]`)),
    ),

    version_metadatas: reader(
      v.pipe(
        v.object({ version_metadatas: v.array(version), page_info: v.nullish(pageInfo) }),
        v.forward(
          v.check(({ version_metadatas }) => version_metadatas.length > 0, 'omitted where it has no version'),
          ['version_metadatas'],
        ),
        v.forward(
          v.check(
            ({ version_metadatas }) => new Set(version_metadatas.map(({ secret_name }) => secret_name)).size <= 1,
            'of one secret alone, as every page of ListSecretVersions is',
          ),
          ['version_metadatas'],
        ),
      ),
      ({ version_metadatas, page_info }, path): readonly Fact[] => {
        const versions = version_metadatas.map(
          ({ id, create_time, expire_time, version_stages }, index): VersionFact => ({
            path: `${path}.version_metadatas[${index}]`,
            id,
            createTime: create_time,
            expireTime: expire_time,
            stages: [...new Set(version_stages)].sort(),
          }),
        );
        return version_metadatas.slice(0, 1).map(({ secret_name }) => ({
          kind: 'page',
          secret: secret_name,
          path,
          versions,
          next: page_info?.next_marker ?? null,
          count: page_info?.current_count ?? versions.length,
        }));
      },
    ),

    stage: reader(
      v.object({
        stage: v.object({
          name: stageName,
          version_id: versionId,
          secret_name: secretName,
          update_time: wireTime,
        }),
      }),
      ({ stage: { name: stage, version_id: versionId, secret_name: secret, update_time: updateTime } }, path) => [
        { kind: 'stage' as const, secret, path: `${path}.stage`, stage, versionId, updateTime },
      ],
    ),
  };

  return ({ path, json }: Given): Reading<Fact> => {
    const has = (field: string) => isObject(json) && Object.hasOwn(json, field);
    const field = fieldsOfAnswers.find(has);
    if (field !== undefined) return readers[field](json, path);
    const other = Object.entries(otherAnswers).find(([field]) => has(field));
    const expected = other?.[1] ?? 'an answer of ListSecretVersions, ShowSecret, ListSecrets or ShowSecretStage';
    return { problems: [{ path, expected }] };
  };
}

/** The secrets whose versions an answer lists with the current stage of a cloud: what tells it from an emulator of another. */
function holdersIn(json: unknown, { stages: { current } }: Dialect): readonly unknown[] {
  return [fieldOf(json, 'version_metadatas')]
    .flat()
    .filter((version) => [fieldOf(version, 'version_stages')].flat().includes(current))
    .map((version) => fieldOf(version, 'secret_name'));
}

/** The problem of data that belongs to another dialect than the one by which it is read. */
export function ofAnotherCloud(path: string, id: string, dialect: Dialect): Problem & { readonly belongsTo: string } {
  return {
    path,
    expected: `read as ${JSON.stringify(id)}, not as ${JSON.stringify(dialect.id)}: pass that dialect`,
    belongsTo: id,
  };
}

/** A name that matches a pattern. */
export function named(pattern: Pattern) {
  return v.pipe(
    v.string(),
    v.check((name) => fits(name, pattern), patternRule(pattern)),
  );
}

export function idOfVersion(dialect: Dialect) {
  return v.pipe(
    v.string(),
    v.check(
      (id) => isVersionId(id, dialect),
      ({ input }) => invalidVersionId(input, dialect).rule,
    ),
  );
}

/** Reads data of one shape. */
export function reader<Schema extends v.GenericSchema, Fact>(
  schema: Schema,
  factsOf: (answer: v.InferOutput<Schema>, path: string) => readonly Fact[],
) {
  return (json: unknown, path: string): Reading<Fact> => {
    const result = v.safeParse(schema, json);
    return result.success
      ? { facts: factsOf(result.output, path) }
      : { problems: result.issues.map((issue) => problemOf(issue, path)) };
  };
}

/** The names of the secrets that an answer is about which could not be read. */
function namesIn(json: unknown): readonly unknown[] {
  return fieldsOfAnswers
    .flatMap((field) => fieldOf(json, field))
    .map((told) => fieldOf(told, 'secret_name') ?? fieldOf(told, 'name'));
}

export const atDifferentTimes = 'the answers were taken at different times: record them again';

/** The secret that all facts together tell of, or why they do not. */
function join(name: string, facts: readonly Fact[], dialect: Dialect): ImportedSecret | Problem[] {
  const shown = facts.filter((fact) => fact.kind === 'secret');
  const pages = facts.filter((fact) => fact.kind === 'page');
  const marks = facts.filter((fact) => fact.kind === 'stage');

  const ofTwoProjects = differences(shown, ({ id }) => id).map(([{ path }, first]) => ({
    path: `${path}.id`,
    expected: `the one in ${first.path}, for two secrets of one name are of two projects: import these one by one`,
  }));
  if (ofTwoProjects.length > 0) return ofTwoProjects;
  if (pages.length === 0) {
    const expected = `given together with all pages of the ListSecretVersions of ${JSON.stringify(name)}`;
    return facts.slice(0, 1).map(({ path }) => ({ path, expected }));
  }

  const listed = pages.flatMap(({ versions }) => versions);
  const versions = byAge([...new Map(listed.map((version) => [version.id, version])).values()], dialect);
  const contradictions = [
    ...differences(shown, ({ status, due }) => [status, due]),
    ...differences(
      listed,
      ({ createTime, expireTime, stages }) => [createTime, expireTime, stages],
      ({ id }) => id,
    ),
    ...differences(
      marks,
      ({ versionId, updateTime }) => [versionId, updateTime],
      ({ stage }) => stage,
    ),
  ].map(([{ path }, first]) => ({ path, expected: `as ${first.path} has it (${atDifferentTimes})` }));
  const problems = [...contradictions, ...wrongPages(pages, versions), ...wrongMarks(marks, versions)];
  return problems.length > 0 ? problems : importedFrom({ name, shown: shown[0], pages, marks, versions }, dialect);
}

/** What the answers say about a secret, without contradictions. Apart from the pages, each fact is there once. */
interface Told {
  readonly name: string;
  readonly shown: SecretFact | undefined;
  readonly pages: readonly Page[];
  readonly marks: readonly StageFact[];
  readonly versions: readonly Placed[];
}

function importedFrom(told: Told, dialect: Dialect): ImportedSecret | Problem[] {
  const { name, shown, pages, marks, versions } = told;
  const [source = name] = pages.map(({ path }) => path);
  const lastNumber = versions.reduce((last, { number }) => Math.max(last, number), 0);
  const times = new Map(marks.map(({ stage, updateTime }) => [stage, updateTime]));
  const state = {
    name,
    dialect: dialect.id,
    status: shown?.status ?? 'ENABLED',
    scheduledDeleteTime: shown?.due ?? null,
    versions: versionsById(versions.map(({ id, createTime, ordinal }) => ({ id, createTime, ordinal }))),
    stages: versions.flatMap(({ id, createTime, stages }) =>
      stages.map((name) => ({ name, versionId: id, updateTime: times.get(name) ?? createTime })),
    ),
    // The fewest that there can have been: all of the series up to the last, and those that are not of it.
    versionsMade: lastNumber + versions.filter(({ number }) => number === 0).length,
    lastNumber,
  };
  const outcome = parseSecretState(state, dialect);
  if (!outcome.ok) return problemsOf(outcome.refusal).flatMap((problem) => inAnswers(problem, told));

  const expireTimes = versions.flatMap(({ id, expireTime }) =>
    typeof expireTime === 'number' ? [[id, expireTime] as const] : [],
  );
  const unknown: Unknown[] = [
    ...outcome.state.stages.flatMap(({ name }) => (times.has(name) ? [] : { what: 'stageTime' as const, stage: name })),
    { what: 'issued' },
    ...gapsOf(pages, versions),
    ...tiesOf(versions),
    ...(shown ? [] : [{ what: 'status' as const }]),
    ...(versions.some(({ expireTime }) => expireTime === undefined) ? [{ what: 'expireTimes' as const }] : []),
  ];
  return Object.freeze({
    project: null,
    source,
    dialect,
    state: outcome.state,
    expireTimes: Object.freeze(Object.fromEntries(expireTimes)),
    unknown: Object.freeze(unknown.map((each) => Object.freeze(each))),
  });
}

/** A problem of the state as one of the answers. Names and times are sound by now, so that nearly always it is a broken law. */
function inAnswers(problem: Problem, { shown, pages, versions }: Told): readonly Problem[] {
  switch (problem.law) {
    case 'one-version-a-stage':
      return listedTwice(problem, versions, 'version_stages');
    case 'deletion-has-a-time':
      return [{ ...problem, path: `${shown?.path}.scheduled_delete_time` }];
    default:
      // An ordinal that is too high is no news: it is at most `versionsMade`, which then is too high as well.
      return problem.path.endsWith('.ordinal') ? [] : [{ ...problem, path: `${pages[0]?.path}.version_metadatas` }];
  }
}

/** A stage on two versions, as a problem of the second. */
export function listedTwice(
  problem: Problem,
  versions: readonly { readonly path: string; readonly stages: readonly string[] }[],
  field: string,
): readonly Problem[] {
  const listed = versions.flatMap(({ path, stages }) => stages.map((stage) => ({ path, stage })));
  const twice = differences(
    listed,
    ({ path }) => path,
    ({ stage }) => stage,
  );
  return twice.map(([{ path, stage }, first]) => ({
    ...problem,
    path: `${path}.${field}`,
    expected: `${problem.expected} ${JSON.stringify(stage)} is in ${first.path} too: if these are of two pages, ${atDifferentTimes}`,
  }));
}

/** Every item that is not what the first of the same key is, with that first. */
export function differences<Item>(
  items: readonly Item[],
  contentOf: (item: Item) => unknown,
  keyOf: (item: Item) => string = () => '',
): readonly (readonly [item: Item, first: Item])[] {
  const firsts = new Map<string, Item>();
  return items.flatMap((item) => {
    const first = firsts.get(keyOf(item));
    if (first === undefined) firsts.set(keyOf(item), item);
    return first === undefined || JSON.stringify(contentOf(item)) === JSON.stringify(contentOf(first))
      ? []
      : [[item, first] as const];
  });
}

/**
 * What is wrong with the pages of a secret, each by itself and all together. Source: PageInfo (documented: next_marker is the last of
 * its page). That it is null on the last page, and that pages go from the oldest version to the newest, is assumed.
 */
function wrongPages(pages: readonly Page[], versions: readonly Placed[]): readonly Problem[] {
  const found = pages.flatMap((page): Problem[] => {
    const { path, next, count, versions } = page;
    const counted = {
      path: `${path}.page_info.current_count`,
      expected: `${versions.length}, the versions of the page`,
    };
    const marked = {
      path: `${path}.page_info.next_marker`,
      expected: 'null or the id of the last version of the page',
    };
    return [
      ...(count === versions.length ? [] : [counted]),
      ...(next === null || next === lastOf(page) ? [] : [marked]),
    ];
  });

  const last = pages.filter(({ next }) => next === null);
  const goesOn = new Set(
    pages.flatMap((page) =>
      page.versions.map(({ id }) => id).filter((id) => page.next !== null || id !== lastOf(page)),
    ),
  );
  for (const page of last) {
    if (!goesOn.has(`${lastOf(page)}`) && lastOf(page) === lastOf(last[0])) continue;
    const expected = `of the last page, but there are versions after it (${atDifferentTimes})`;
    found.push({ path: `${page.path}.page_info.next_marker`, expected });
  }
  if (last.length > 0) return found;

  const age = new Map(versions.map(({ id }, index) => [id, index]));
  const ageOf = (page: Page) => Number(age.get(`${lastOf(page)}`));
  const newest = [...pages].sort((one, other) => ageOf(other) - ageOf(one)).slice(0, 1);
  const missing = newest.map(({ path, next }) => ({
    path: `${path}.page_info.next_marker`,
    expected: `followed by another page: call ListSecretVersions again with ?marker=${next}, and give that answer too`,
  }));
  return [...found, ...missing];
}

function lastOf(page: Page | undefined): string | undefined {
  return page?.versions.at(-1)?.id;
}

/** What ShowSecretStage tells of a stage and ListSecretVersions does not. */
function wrongMarks(marks: readonly StageFact[], versions: readonly VersionFact[]): readonly Problem[] {
  return marks.flatMap(({ path, stage, versionId }) => {
    const holders = versions.filter(({ stages }) => stages.includes(stage));
    if (holders.some(({ id }) => id === versionId)) return [];
    const listed = holders.map(({ id, path }) => `${JSON.stringify(id)}, as ${path} has it`)[0];
    const expected = `${listed ?? 'of a version that lists the stage'} (${atDifferentTimes})`;
    return [{ path: `${path}.version_id`, expected, found: versionId }];
  });
}

interface Placed extends VersionFact {
  /** Its number in the series; 0 if the id is not of it. */
  readonly number: number;
  readonly ordinal: number;
}

/**
 * The versions, oldest first. The number of one in the series says which version it was, and one that is not of the series came after
 * those that are older, or were listed before it where the times are the same.
 */
function byAge(versions: readonly VersionFact[], dialect: Dialect): readonly Placed[] {
  let latest = 0;
  let chosen = 0;
  return [...versions]
    .sort((one, other) => one.createTime - other.createTime)
    .map((version) => {
      const number = numberInSeries(version.id, dialect);
      latest = Math.max(latest, number);
      return { ...version, number, after: number || latest };
    })
    .sort((one, other) => one.after - other.after)
    .map(({ after, ...version }) => {
      if (version.number === 0) chosen++;
      return { ...version, ordinal: after + chosen };
    })
    .sort((one, other) => one.createTime - other.createTime);
}

/** Where a page ends and none shows what comes next, unless that is the next of the series: nothing is between the two while clocks go on. */
function gapsOf(pages: readonly Page[], versions: readonly Placed[]): readonly Unknown[] {
  const followed = new Set<string | null>(pages.flatMap(({ versions }) => versions.slice(0, -1).map(({ id }) => id)));
  const ends = new Set(pages.map(({ next }) => next));
  return versions.flatMap(({ id, number }, index) => {
    if (followed.has(id) || !ends.has(id)) return [];
    return number > 0 && versions[index + 1]?.number === number + 1 ? [] : { what: 'versions', after: id };
  });
}

/** The versions whose order is unknown: another was created in the same millisecond, and their ids have no numbers to order them. */
export function tiesOf(
  versions: readonly { readonly id: string; readonly createTime: number; readonly number?: number }[],
): readonly Unknown[] {
  const numbered = new Map<number, number>();
  const others = new Map<number, number>();
  for (const { createTime, number } of versions) {
    const counts = number ? numbered : others;
    counts.set(createTime, (counts.get(createTime) ?? 0) + 1);
  }
  return versions.flatMap(({ id, createTime, number }) => {
    const [ofSeries, chosen] = [numbered.get(createTime) ?? 0, others.get(createTime) ?? 0];
    const isTie = number ? chosen > 0 : ofSeries + chosen > 1;
    return isTie ? [{ what: 'order' as const, versionId: id }] : [];
  });
}
