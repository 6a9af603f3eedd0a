import * as v from 'valibot';
import { type Dialect, fits, type Pattern, patternRule } from '../../dialects/index.ts';
import type { Problem, SecretStatus } from '../../index.ts';
import { fieldOf } from '../../json.ts';
import { parseSecretState, problemsOf } from '../../parse.ts';
import { invalidVersionId, isVersionId, numberInSeries } from '../../series.ts';
import { readBy } from '../../service/index.ts';
import { versionsById } from '../../state.ts';
import { hiddenText, quote } from '../../text.ts';
import type { Unknown } from '../subject.ts';
import { type Packing, startGroups } from './groups.ts';
import {
  byPlace,
  type Imported,
  type Input,
  imported,
  merged,
  ofAnotherCloud,
  type Place,
  type UseSecret,
} from './imported.ts';

/** The responses of a cloud: how to read each, and what differs between clouds. */
export interface ResponseFormat {
  readonly dialect: Dialect;
  /** What a response must be. */
  readonly expected: string;
  /** How to read a response that has a field. The first field that the response has decides. */
  readonly readers: Readonly<Record<string, ResponseReader>>;
  /** The fields in which problems of a whole secret are reported. */
  readonly fields: { readonly versions: string; readonly stages: string; readonly deleteTime: string };
  /** The responses that an import of this secret requires. */
  readonly listingOf: (name: string) => string;
  /** The names or ARNs of the secrets in a response that cannot be read. */
  readonly secretsIn: (json: unknown) => readonly unknown[];
  readonly startClouds: () => Clouds;
  /** Problems with the pages, and with the stages in other responses. */
  readonly check: (secret: RecordedSecret) => readonly Problem[];
  /** The ids of the versions after which others may be missing. */
  readonly gapsIn: (secret: RecordedSecret) => readonly string[];
}

/** Finds responses of other clouds. */
export interface Clouds {
  /** Takes in a response, which can show that others belong to this cloud. */
  readonly add: (json: unknown) => void;
  /** Returns the id of the cloud that a response belongs to, if it is another cloud. */
  readonly otherCloudOf: (json: unknown) => string | undefined;
}

/** Reads the response to one call. */
type ResponseReader = (json: unknown, path: string) => Reading;

/** The content of a response, or its problems. */
type Reading =
  | { readonly ok: true; readonly facts: readonly Fact[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What one response says about one secret. */
export type Fact = SecretFact | PageFact | StageFact;

interface Named {
  readonly name: string;
  /** Distinguishes two secrets with one name, in a cloud that has ARNs. */
  readonly arn?: string;
  readonly path: string;
}
interface SecretFact extends Named {
  readonly kind: 'secret';
  readonly id: string;
  readonly status: SecretStatus;
  readonly deleteTime: number | null;
  /** The stages by the ids of their versions, sorted, if the response has them. */
  readonly stages?: { readonly path: string; readonly byVersion: readonly (readonly [string, readonly string[]])[] };
}
export interface PageFact extends Named {
  readonly kind: 'page';
  readonly versions: readonly VersionFact[];
  /** The marker or token of the next page; null on the last one. */
  readonly next: string | null;
  /** The number of versions that the page claims to have. */
  readonly count?: number;
}
interface StageFact extends Named {
  readonly kind: 'stage';
  readonly stage: string;
  readonly versionId: string;
  readonly updateTime: number;
}
interface VersionFact {
  readonly id: string;
  readonly createTime: number;
  /** Null if it never expires; undefined if the response does not say. */
  readonly expireTime: number | null | undefined;
  /** Sorted, each once. */
  readonly stages: readonly string[];
}

/** Everything that the responses say about a secret. */
export interface RecordedSecret {
  readonly name: string;
  readonly project: string | null;
  /** The path of its first page. */
  readonly source: string;
  readonly secret: SecretFact | undefined;
  readonly pages: readonly PageFact[];
  readonly stages: readonly StageFact[];
  /** Oldest first, each once. */
  readonly versions: readonly OrderedVersion[];
}
interface OrderedVersion extends VersionFact {
  readonly path: string;
  /** Its number in the series; 0 if its id is not part of the series. */
  readonly number: number;
  readonly ordinal: number;
}

/** Reads responses, and joins what they say about each secret. */
export function readResponses(responses: readonly Input[], format: ResponseFormat): Imported {
  const imports: Imported[] = [];
  const { add, end } = startResponses(format);
  for (const [index, response] of responses.entries()) add(response, [index, 0]);
  const problems = end((secret) => imports.push({ ok: true, secrets: [secret] }));
  return merged([...imports, { ok: false, problems }], 'responses');
}

/** Reads responses one at a time. */
interface Responses {
  readonly add: (response: Input, place: Place) => void;
  /** Joins what the responses say about each secret. Returns every problem, in the order of the responses. */
  readonly end: (use: UseSecret) => readonly Problem[];
}

type PlacedFact = Fact & { readonly place: Place };
type PlacedProblems = readonly [place: Place, problems: readonly Problem[]];

/** {@link readResponses} for responses that come one at a time. */
export function startResponses(format: ResponseFormat, packing?: Packing): Responses {
  const clouds = format.startClouds();
  /** Responses that seem to belong to another cloud. A later response can show that they do not. */
  const doubtful: (readonly [response: Input, place: Place])[] = [];
  const facts = startGroups<PlacedFact>(packing);
  const unread: PlacedProblems[] = [];
  const unreadable = new Set<unknown>();
  const arns = new Map<string, string>();
  const sharedNames = new Set<string>();

  const read = (response: Input, place: Place) => {
    const reading = readResponse(response, clouds.otherCloudOf(response.json), format);
    if (!reading.ok) {
      unread.push([place, reading.problems]);
      for (const secret of format.secretsIn(response.json)) unreadable.add(secret);
      return;
    }
    for (const fact of reading.facts) {
      const { name, arn } = fact;
      if (arn !== undefined) {
        const known = arns.get(name);
        if (known === undefined) arns.set(name, arn);
        else if (known !== arn) sharedNames.add(name);
      }
      facts.add(arn ?? name, { ...fact, place });
    }
  };
  return {
    add: (response, place) => {
      clouds.add(response.json);
      if (clouds.otherCloudOf(response.json) === undefined) read(response, place);
      else doubtful.push([response, place]);
    },
    end: (use) => {
      for (const [response, place] of doubtful) read(response, place);
      const contradictions: PlacedProblems[] = [];
      facts.end((key, group) => {
        // What the secret seems to lack may be in the response that could not be read.
        if (unreadable.has(key)) return;
        const ordered = doubtful.length > 0 ? group.sort((one, other) => byPlace(one.place, other.place)) : group;
        const [first] = ordered;
        const [{ place } = first] = ordered.filter(({ kind }) => kind === 'page');
        const joined = join(ordered, sharedNames, format);
        if (!joined.ok) contradictions.push([first.place, joined.problems]);
        else for (const secret of joined.secrets) use(secret, place);
      });
      return [unread, contradictions].flatMap((each) =>
        each.sort(([one], [other]) => byPlace(one, other)).flatMap(([, problems]) => problems),
      );
    },
  };
}

function readResponse({ path, json }: Input, otherCloud: string | undefined, format: ResponseFormat): Reading {
  const read = readerOf(json, format);
  if (!read) return { ok: false, problems: [{ path, expected: format.expected, found: hiddenText(json) }] };
  return otherCloud === undefined
    ? read(json, path)
    : { ok: false, problems: [ofAnotherCloud(path, otherCloud, format.dialect)] };
}

/** Returns how to read a response of a cloud; undefined if it is not one. */
export function readerOf(json: unknown, { readers }: ResponseFormat): ResponseReader | undefined {
  return Object.entries(readers).find(([field]) => fieldOf(json, field) !== undefined)?.[1];
}

/** Reads a response by a schema. */
export function reader<Schema extends v.GenericSchema>(
  schema: Schema,
  factsOf: (response: v.InferOutput<Schema>, path: string) => readonly Fact[],
): ResponseReader {
  return (json, path) => {
    const read = readBy(schema, json, path);
    return read.ok ? { ok: true, facts: factsOf(read.output, path) } : read;
  };
}

/** Refuses a response, and says which one is expected instead. */
export function refuseAs(expected: string): ResponseReader {
  return (_, path) => ({ ok: false, problems: [{ path, expected }] });
}

/** The names and ids that a dialect allows. */
export function nameSchemas(dialect: Dialect) {
  const isName = (pattern: Pattern) => (name: string) => fits(name, pattern);
  const named = (pattern: Pattern) => v.pipe(v.string(), v.check(isName(pattern), patternRule(pattern)));
  const isId = (id: string) => isVersionId(id, dialect);
  const idRule = ({ input }: { readonly input: string }) => invalidVersionId(input, dialect).rule;
  const versionId = v.pipe(v.string(), v.check(isId, idRule));
  return { secretName: named(dialect.secret.name), stageName: named(dialect.stages.name), versionId };
}

/** The stages that a response lists with a version, sorted, each once. */
export function stagesIn(listed: readonly string[] | null): readonly string[] {
  return [...new Set(listed)].sort();
}

export const atDifferentTimes = 'the responses were recorded at different times; record them again';

/** Returns the secret that the facts describe, or their contradictions. */
function join(facts: readonly [Fact, ...Fact[]], sharedNames: ReadonlySet<string>, format: ResponseFormat): Imported {
  const secrets = facts.filter((fact) => fact.kind === 'secret');
  const pages = facts.filter((fact) => fact.kind === 'page');
  const stages = facts.filter((fact) => fact.kind === 'stage');

  const [{ name, arn = null, path }] = facts;
  const ofTwoProjects = differences(secrets, 'arn', ({ id }) => id).map(([{ path }, first]) => ({
    path: `${path}.id`,
    expected: `the same as in ${first.path}; two secrets with one name are in two projects, so import each project separately`,
  }));
  if (ofTwoProjects.length > 0) return { ok: false, problems: ofTwoProjects };
  const [page] = pages;
  if (!page) {
    const expected = `imported together with every page of ${format.listingOf(name)}`;
    return { ok: false, problems: [{ path, expected }] };
  }

  const listed = pages.flatMap(({ path, versions }) =>
    versions.map((version, index) => ({ ...version, path: `${path}.${format.fields.versions}[${index}]` })),
  );
  const versions = inOrder([...new Map(listed.map((version) => [version.id, version])).values()], format.dialect);
  const project = sharedNames.has(name) ? arn : null;
  const recorded = { name, project, source: page.path, secret: secrets[0], pages, stages, versions };
  const contradictions = [
    ...differences(facts, 'arn', ({ name }) => name),
    ...differences(secrets, 'arn', ({ status, deleteTime, stages }) => [status, deleteTime, stages?.byVersion]),
    ...differences(listed, 'id', ({ createTime, expireTime, stages }) => [createTime, expireTime, stages]),
    ...differences(stages, 'stage', ({ versionId, updateTime }) => [versionId, updateTime]),
  ].map(([{ path }, first]) => ({ path, expected: asIn(first.path) }));
  const problems = [...contradictions, ...format.check(recorded)];
  return problems.length > 0 ? { ok: false, problems } : importedFrom(recorded, format);
}

/** Says that a place must be the same as in another response. */
export function asIn(path: string): string {
  return `the same as in ${path} (${atDifferentTimes})`;
}

/** Every item that differs from the first item with the same key, with that first item. */
function differences<Item>(
  items: readonly Item[],
  key: keyof Item,
  contentOf: (item: Item) => unknown,
): readonly (readonly [item: Item, first: Item])[] {
  const firsts = new Map<unknown, { readonly item: Item; readonly content: string }>();
  return items.flatMap((item) => {
    const content = JSON.stringify(contentOf(item));
    const first = firsts.get(item[key]);
    if (first === undefined) firsts.set(item[key], { item, content });
    return first === undefined || content === first.content ? [] : [[item, first.item] as const];
  });
}

/**
 * Sorts versions, oldest first. The number of an id of the series is its place among them. Other versions come after those that are
 * older, and at the same time after those that were listed before them.
 */
function inOrder(
  versions: readonly Omit<OrderedVersion, 'number' | 'ordinal'>[],
  dialect: Dialect,
): readonly OrderedVersion[] {
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

/** Imports a secret from responses without contradictions. */
function importedFrom(recorded: RecordedSecret, format: ResponseFormat): Imported {
  const { name, project, source, secret, versions } = recorded;
  const { dialect } = format;
  const stageTimes = new Map(recorded.stages.map(({ stage, updateTime }) => [stage, updateTime]));
  const lastNumber = versions.reduce((last, { number }) => Math.max(last, number), 0);
  const outcome = parseSecretState(
    {
      name,
      dialect: dialect.id,
      status: secret?.status ?? 'ENABLED',
      scheduledDeleteTime: secret?.deleteTime ?? null,
      versions: versionsById(versions.map(({ id, createTime, ordinal }) => ({ id, createTime, ordinal }))),
      stages: versions.flatMap(({ id, createTime, stages }) =>
        stages.map((name) => ({ name, versionId: id, updateTime: stageTimes.get(name) ?? createTime })),
      ),
      // The fewest possible: all of the series up to the last, and those that are not part of it.
      versionsMade: lastNumber + versions.filter(({ number }) => number === 0).length,
      lastNumber,
    },
    dialect,
  );
  if (!outcome.ok) {
    const problems = problemsOf(outcome.refusal).flatMap((problem) => inResponses(problem, recorded, format));
    return { ok: false, problems };
  }

  const { state } = outcome;
  const expireTimes = versions.flatMap(({ id, expireTime }) =>
    typeof expireTime === 'number' ? [[id, expireTime] as const] : [],
  );
  const stagesWithoutTime = state.stages.filter(({ name }) => !stageTimes.has(name));
  const unknown: readonly Unknown[] = [
    ...stagesWithoutTime.map(({ name }) => ({ what: 'stageTime' as const, stage: name })),
    { what: 'issued' },
    ...format.gapsIn(recorded).map((after) => ({ what: 'versions' as const, after })),
    ...tiesIn(versions).map((versionId) => ({ what: 'order' as const, versionId })),
    ...(secret ? [] : [{ what: 'status' as const }]),
    ...(versions.some(({ expireTime }) => expireTime === undefined) ? [{ what: 'expireTimes' as const }] : []),
  ];
  return imported({ project, source, dialect, state, expireTimes: Object.fromEntries(expireTimes), unknown });
}

/** Maps a problem of the state to the responses. Names and times are valid by now, so it is nearly always a broken law. */
function inResponses(
  problem: Problem,
  { source, secret, versions }: RecordedSecret,
  { fields }: ResponseFormat,
): readonly Problem[] {
  if (problem.law === 'one-version-a-stage') {
    const listed = versions.flatMap(({ path, stages }) => stages.map((stage) => ({ path, stage })));
    return differences(listed, 'stage', ({ path }) => path).map(([{ path, stage }, first]) => ({
      ...problem,
      path: `${path}.${fields.stages}`,
      expected: `part of ${problem.expected}, but ${quote(stage)} is also in ${first.path} (if these are two pages, ${atDifferentTimes})`,
    }));
  }
  const expected = problem.law === undefined ? problem.expected : `part of ${problem.expected}`;
  if (problem.law === 'deletion-has-a-time')
    return [{ ...problem, path: `${secret?.path}.${fields.deleteTime}`, expected }];
  // An ordinal that is too high is reported already, because `versionsMade` is too high then.
  return problem.path.endsWith('.ordinal') ? [] : [{ ...problem, path: `${source}.${fields.versions}`, expected }];
}

/**
 * Returns the versions whose order is unknown: another was created in the same millisecond, and their ids have no numbers to order
 * them. Expects versions in the order of their times.
 */
function tiesIn(versions: readonly OrderedVersion[]): readonly string[] {
  const timesWithoutNumber = new Set(versions.filter(({ number }) => number === 0).map(({ createTime }) => createTime));
  const isTie = ({ createTime, number }: OrderedVersion, index: number): boolean => {
    if (number > 0) return timesWithoutNumber.has(createTime);
    return [versions[index - 1], versions[index + 1]].some((neighbour) => neighbour?.createTime === createTime);
  };
  return versions.filter(isTie).map(({ id }) => id);
}
