import * as v from 'valibot';
import { type Dialect, fits, type Pattern, patternRule } from '../../dialects/index.ts';
import { type Problem, type SecretState, type SecretStatus, violations } from '../../index.ts';
import { isCount } from '../../limits.ts';
import { parseSecretState, problemsOf } from '../../parse.ts';
import { invalidVersionId, isVersionId, numberInSeries } from '../../series.ts';
import { readBy } from '../../service/index.ts';
import { byName, byOrdinal, newVersion, type SecretVersion, type Stage, versionsById } from '../../state.ts';
import { hiddenText, quote } from '../../text.ts';
import type { Subject, Unknown } from '../subject.ts';
import { type Limits, startHeld } from './held.ts';
import {
  byPlace,
  type Imported,
  type ImportedSecret,
  type Input,
  inputsIn,
  type JsonDocument,
  merged,
  ofAnotherCloud,
  type Place,
  type Remark,
  type UseSecret,
} from './imported.ts';
import { afterPlan, type Planned } from './planned.ts';

/** The responses of a cloud: how to read each, and what differs between clouds. */
export interface ResponseFormat {
  readonly dialect: Dialect;
  /** What a response must be. */
  readonly expected: string;
  /** How to read a response. The first kind that it has the shape of decides. */
  readonly readers: readonly (readonly [hasShape: (json: unknown) => boolean, read: ResponseReader])[];
  /** The fields in which problems of a whole secret are reported. */
  readonly fields: { readonly versions: string; readonly stages: string; readonly deleteTime: string };
  /** The responses that an import of this secret requires. */
  readonly listingOf: (name: string) => string;
  /** The names or ARNs of the secrets in a response that cannot be read. */
  readonly secretsIn: (json: unknown) => readonly unknown[];
  readonly startClouds: () => Clouds;
  /** Problems with the pages, and with the stages in other responses. */
  readonly check: (secret: RecordedSecret) => readonly Problem[];
  /** Which versions may be missing. */
  readonly gapsIn: (secret: RecordedSecret) => readonly Unknown[];
  /** What is unknown without a response about the secret as a whole. */
  readonly inSecret: readonly Unknown[];
}

/** Finds responses of other clouds. */
export interface Clouds {
  /** Takes in a response, which can show that others belong to this cloud. */
  readonly add: (json: unknown) => void;
  /** Returns the id of the cloud that a response belongs to, if it is another cloud. */
  readonly otherCloudOf: (json: unknown) => string | undefined;
}

/** Reads the response to one call. */
export type ResponseReader = (json: unknown, path: string) => Reading;

/** The content of a response, or its problems. */
type Reading =
  | { readonly ok: true; readonly facts: readonly Fact[]; readonly hasValue?: boolean }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What one response says about one secret. */
export type Fact = SecretFact | PageFact | StageFact | NameFact | TerraformFact;

interface Named {
  readonly name: string;
  /** Distinguishes two secrets with one name, in a cloud that has ARNs. */
  readonly arn?: string;
  readonly path: string;
}
/** Only that the secret exists, or that a plan of Terraform deletes it. */
interface NameFact extends Named {
  readonly kind: 'name';
  readonly isDeleted?: boolean;
}
export interface SecretFact extends Named {
  readonly kind: 'secret';
  readonly id: string;
  /** How it is rotated and who manages it, if the response can say so. */
  readonly about?: Pick<Subject, 'rotation' | 'replicaOf' | 'managedBy'>;
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
/** What Terraform knows of a secret through one resource, and what its plan does. */
export interface TerraformFact extends Named, Planned {
  readonly kind: 'terraform';
  readonly path: string;
  readonly version?: VersionFact | undefined;
  readonly secret?: SecretFact | undefined;
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
  readonly arn: string | null;
  /** The path of its first page. */
  readonly source: string;
  readonly secret: SecretFact | undefined;
  readonly pages: readonly (PageFact & { readonly place: Place })[];
  readonly stages: readonly StageFact[];
  readonly terraform: readonly TerraformFact[];
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
  const secrets: ImportedSecret[] = [];
  const { add, end } = startResponses(format, (secret) => secrets.push(secret));
  for (const [index, response] of responses.entries()) add(response, [index, 0, 0]);
  return merged([...end(), { ok: true, secrets, remarks: [] }], 'responses');
}

/** Reads responses one at a time. */
interface Responses {
  readonly add: (response: Input, place: Place) => void;
  /** Joins what the responses say about each secret. Returns the remarks and the problems in the order of the responses. */
  readonly end: () => readonly Imported[];
}

/**
 * {@link readResponses} for responses that come one at a time. It passes on each secret when everything about it seems to be read, or at
 * the end.
 */
export function startResponses(format: ResponseFormat, use: UseSecret, limits?: Limits): Responses {
  const clouds = format.startClouds();
  /** Responses that seem to belong to another cloud. A later one can show that they do not. */
  const doubtful: PlacedInput[] = [];
  /** The first key of each name, and all keys of each name that has several. */
  const keys = new Map<string, string>();
  const sharing = new Map<string, Set<string>>();
  const unreadable = new Set<unknown>();
  const withValue = new Set<string>();
  const unread: Placed<Problem>[] = [];
  const contradictions: Placed<Problem>[] = [];
  let remarks: Placed<Remark>[] = [];

  const factsIn = ({ place, ...response }: PlacedInput) => {
    const reading = readResponse(response, clouds.otherCloudOf(response.json), format);
    const facts = reading.ok ? reading.facts : [];
    return { ...reading, keyed: facts.map((fact, index) => keyedFact(fact, [place[0], place[1], index])) };
  };
  const read = (input: PlacedInput) => {
    const reading = factsIn(input);
    if (!reading.ok) {
      unread.push([input.place, reading.problems]);
      for (const secret of format.secretsIn(input.json)) unreadable.add(secret);
      return;
    }
    if (reading.hasValue) withValue.add(input.document ?? input.path);
    for (const [key, fact] of reading.keyed) {
      const first = keys.get(fact.name);
      if (first === undefined) keys.set(fact.name, key);
      else if (first !== key) sharing.set(fact.name, (sharing.get(fact.name) ?? new Set([first])).add(key));
      held.add(key, fact);
    }
  };
  /** Passes on the secret, if nothing about it is missing. */
  const settle = (key: string, facts: [PlacedFact, ...PlacedFact[]]): Joined => {
    const ordered = facts.length > 1 ? facts.sort((one, other) => byPlace(one.place, other.place)) : facts;
    const [first] = ordered;
    const [{ place } = first] = ordered.filter(({ kind }) => kind === 'page');
    // What the secret seems to lack may be in the response that could not be read.
    const joined = unreadable.has(key) ? merged([], '') : join(ordered, sharing, format);
    return { first: first.place, place, joined };
  };
  const pass = ({ place, joined }: Joined) => {
    if (joined.ok) {
      for (const secret of joined.secrets) use(secret, place);
      if (joined.remarks.length > 0) remarks.push([place, joined.remarks]);
    }
  };
  const held = startHeld<PlacedFact>(
    {
      // The steps of a plan are functions.
      isPlain: ({ kind }) => kind !== 'terraform',
      settle: (key, facts) => {
        const settled = settle(key, facts);
        if (!settled.joined.ok || settled.joined.secrets.length === 0) return undefined;
        pass(settled);
        return settled.place;
      },
      end: (key, facts) => {
        const settled = settle(key, facts);
        pass(settled);
        if (!settled.joined.ok) contradictions.push([settled.first, settled.joined.problems]);
      },
      factsIn: (document, number) =>
        inputsOf(document, number).flatMap((input) => (readerOf(input.json, format) ? factsIn(input).keyed : [])),
    },
    limits && {
      ...limits,
      forget: (places) => {
        remarks = remarks.filter(([place]) => !places.has(`${place}`));
        limits.forget(places);
      },
    },
  );
  return {
    add: (response, place) => {
      clouds.add(response.json);
      if (clouds.otherCloudOf(response.json) === undefined) read({ ...response, place });
      else doubtful.push({ ...response, place });
    },
    end: () => {
      for (const input of doubtful) read(input);
      held.end([...sharing.values()].flatMap((shared) => [...shared]));
      return [
        { ok: true, secrets: [], remarks: [...inPlaces(remarks), ...Array.from(withValue, valueRemark)] },
        { ok: false, problems: [...inPlaces(unread), ...inPlaces(contradictions)] },
      ];
    },
  };
}

/** The secret that some facts describe, with the places of its first fact and of its source. */
interface Joined {
  readonly first: Place;
  readonly place: Place;
  readonly joined: Imported;
}

export type PlacedInput = Input & { readonly place: Place };

/** The inputs in a document: the entries of a list, or the document itself. */
export function inputsOf({ name: document, json }: JsonDocument, number: number): readonly PlacedInput[] {
  return Array.isArray(json)
    ? inputsIn(json, document).map((input, index) => ({ ...input, document, place: [number, index, 0] }))
    : [{ path: document, json, place: [number, 0, 0] }];
}
type PlacedFact = Fact & { readonly place: Place };
function keyedFact(fact: Fact, place: Place): readonly [key: string, fact: PlacedFact] {
  // Each was made for this, and a copy would take more memory.
  return [fact.arn ?? fact.name, Object.assign(fact, { place })];
}

type Placed<Item> = readonly [place: Place, items: readonly Item[]];

function inPlaces<Item>(placed: readonly Placed<Item>[]): readonly Item[] {
  return [...placed].sort(([one], [other]) => byPlace(one, other)).flatMap(([, items]) => items);
}

function valueRemark(path: string): Remark {
  const sentence = `${path} contains the value of a secret, which was neither kept nor shown. Delete the file after use.`;
  return { kind: 'value', path, sentence };
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
  return readers.find(([hasShape]) => hasShape(json))?.[1];
}

/** Reads a response by a schema. */
export function reader<Schema extends v.GenericSchema>(
  schema: Schema,
  factsOf: (response: v.InferOutput<Schema>, path: string) => readonly Fact[],
  hasValue: (json: unknown) => boolean = () => false,
): ResponseReader {
  return (json, path) => {
    const read = readBy(schema, json, path);
    return read.ok ? { ok: true, facts: factsOf(read.output, path), hasValue: hasValue(json) } : read;
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
export function stagesIn(listed: readonly string[] | null | undefined): readonly string[] {
  // Most versions have one stage.
  return listed && listed.length > 1 ? [...new Set(listed)].sort() : (listed ?? []);
}

/** Returns items in order. Most are in order already, and sorting takes ten times as long as finding out. */
function sorted<Item>(items: readonly Item[], compare: (one: Item, other: Item) => number): readonly Item[] {
  let last: Item | undefined;
  for (const item of items) {
    if (last !== undefined && compare(last, item) > 0) return [...items].sort(compare);
    last = item;
  }
  return items;
}

export const atDifferentTimes = 'the responses were recorded at different times; record them again';

/** Returns the secret that the facts describe, or their contradictions. */
function join(
  facts: readonly [PlacedFact, ...PlacedFact[]],
  sharedNames: ReadonlyMap<string, unknown>,
  format: ResponseFormat,
): Imported {
  const secrets = facts.filter((fact) => fact.kind === 'secret');
  const pages = facts.filter((fact) => fact.kind === 'page');
  const stages = facts.filter((fact) => fact.kind === 'stage');

  const [{ name, arn = null, path }] = facts;
  const ofTwoProjects = differences(secrets, 'arn', ({ id }) => id).map(([{ path }, first]) => ({
    path: `${path}.id`,
    expected: `the same as in ${first.path}; two secrets with one name are in two projects, so import each project separately`,
  }));
  if (ofTwoProjects.length > 0) return { ok: false, problems: ofTwoProjects };
  const terraform = facts.filter((fact) => fact.kind === 'terraform');
  if (facts.some((fact) => fact.kind === 'name' && fact.isDeleted)) return merged([], path);
  const source = pages[0]?.path ?? terraform[0]?.source;
  if (source === undefined) {
    const sentence = `Secret ${quote(name)} was not checked. Add every page of ${format.listingOf(name)}.`;
    return { ok: true, secrets: [], remarks: [{ kind: 'not-checked', path, sentence }] };
  }

  const listed: (VersionFact & { readonly path: string })[] = [];
  for (const { path, versions } of pages)
    for (const [index, { id, createTime, expireTime, stages }] of versions.entries())
      listed.push({ id, createTime, expireTime, stages, path: `${path}.${format.fields.versions}[${index}]` });
  if (pages.length === 0) for (const { path, version } of terraform) if (version) listed.push({ ...version, path });
  const byId = new Map<string, (typeof listed)[number]>();
  for (const version of listed) byId.set(version.id, version);
  const isEachOnce = byId.size === listed.length;
  const versions = inOrder(isEachOnce ? listed : [...byId.values()], format.dialect);
  const project = sharedNames.has(name) ? arn : null;
  const secret = secrets[0] ?? terraform.find(({ secret }) => secret)?.secret;
  const recorded = { name, project, arn, source, secret, pages, stages, terraform, versions };
  const contradictions = [
    ...differences(facts, 'arn', ({ name }) => name),
    ...differences(secrets, 'arn', ({ status, deleteTime, stages }) => [status, deleteTime, stages?.byVersion]),
    ...differences(isEachOnce ? [] : listed, 'id', ({ createTime, expireTime, stages }) => [
      createTime,
      expireTime,
      stages,
    ]),
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
  if (items.length < 2) return [];
  const firsts = new Map<unknown, { readonly item: Item; content?: string }>();
  return items.flatMap((item) => {
    const first = firsts.get(item[key]);
    if (first === undefined) {
      firsts.set(item[key], { item });
      return [];
    }
    first.content ??= JSON.stringify(contentOf(first.item));
    return JSON.stringify(contentOf(item)) === first.content ? [] : [[item, first.item] as const];
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
  const placed = sorted(versions, byTime).map((version) => {
    const { id, createTime, expireTime, stages, path } = version;
    const number = numberInSeries(id, dialect);
    latest = Math.max(latest, number);
    return { id, createTime, expireTime, stages, path, number, ordinal: number || latest };
  });
  const ranked = sorted(placed, byOrdinal);
  for (const version of ranked) {
    if (version.number === 0) chosen++;
    version.ordinal += chosen;
  }
  return sorted(ranked, byTime);
}

const byTime = (one: VersionFact, other: VersionFact): number => one.createTime - other.createTime;

/** Imports a secret from responses without contradictions. */
function importedFrom(recorded: RecordedSecret, format: ResponseFormat): Imported {
  const { name, project, arn, source, secret, versions } = recorded;
  const { dialect } = format;
  const stageTimes = new Map(recorded.stages.map(({ stage, updateTime }) => [stage, updateTime]));
  const stages: Stage[] = [];
  let lastNumber = 0;
  let unnumbered = 0;
  // The stages of the newest version are usually the first in the order of names.
  for (const { id: versionId, createTime, stages: names, number } of [...versions].reverse()) {
    for (const name of names)
      stages.push(Object.freeze({ name, versionId, updateTime: stageTimes.get(name) ?? createTime }));
    lastNumber = Math.max(lastNumber, number);
    if (number === 0) unnumbered++;
  }
  const listed: SecretState = Object.freeze({
    name,
    dialect: dialect.id,
    status: secret?.status ?? 'ENABLED',
    scheduledDeleteTime: secret?.deleteTime ?? null,
    versions: byOwnId(
      sorted(versions, byOrdinal).map(({ id, createTime, ordinal }) => newVersion(id, createTime, ordinal, undefined)),
    ),
    stages: Object.freeze(sorted(stages, byName)),
    // The fewest possible: all of the series up to the last, and those that are not part of it.
    versionsMade: lastNumber + unnumbered,
    lastNumber,
  });
  // Each part was read by a schema, but not the name in a plan of Terraform, and not the count.
  const isRead = fits(name, dialect.secret.name) && isCount(listed.versionsMade);
  const outcome =
    isRead && violations(listed, dialect).length === 0
      ? { ok: true as const, state: listed }
      : parseSecretState(listed, dialect);
  if (!outcome.ok) {
    const problems = problemsOf(outcome.refusal).flatMap((problem) => inResponses(problem, recorded, format));
    return { ok: false, problems };
  }

  const { state } = outcome;
  const expireTimes: [versionId: string, time: number][] = [];
  for (const { id, expireTime } of versions) if (typeof expireTime === 'number') expireTimes.push([id, expireTime]);
  const unknown: Unknown[] = [];
  for (const { name: stage } of state.stages) if (!stageTimes.has(stage)) unknown.push({ what: 'stageTime', stage });
  unknown.push(
    { what: 'issued' },
    ...(recorded.pages.length > 0 ? format.gapsIn(recorded) : gapsInTerraform(recorded)),
  );
  for (const versionId of tiesIn(versions)) unknown.push({ what: 'order', versionId });
  if (!secret) unknown.push({ what: 'status' });
  if (!secret?.about) unknown.push(...format.inSecret);
  if (versions.some(({ expireTime }) => expireTime === undefined)) unknown.push({ what: 'expireTimes' });
  const known = {
    ...(arn !== null && { arn }),
    ...secret?.about,
    expireTimes: Object.fromEntries(expireTimes),
    unknown,
  };
  const isListed = recorded.pages.length > 0;
  const remarks = versions.flatMap(expiredAtZero);
  return afterPlan({ project, source, dialect, state, ...known }, recorded.terraform, isListed, remarks);
}

/**
 * {@link versionsById} for ids that no other secret has. V8 would keep a hidden class for each set of ids, which takes more memory and
 * time than all else. An object from which properties were deleted has none.
 */
function byOwnId(versions: readonly SecretVersion[]): SecretState['versions'] {
  const byId: Record<string, SecretVersion> = Object({ a: 0, b: 0 });
  delete byId['a'];
  delete byId['b'];
  for (const version of versions) {
    // An assignment to this id would set the prototype.
    if (version.id === '__proto__') return versionsById(versions);
    byId[version.id] = version;
  }
  return Object.freeze(byId);
}

/** Terraform has neither the times of versions nor those that other tools made. */
function gapsInTerraform({ versions }: RecordedSecret): readonly Unknown[] {
  return [
    ...versions.slice(-1).map(({ id }) => ({ what: 'versions' as const, after: id })),
    ...versions.map(({ id }) => ({ what: 'createTime' as const, versionId: id })),
  ];
}

/** Assumed: the API writes null for a version that never expires, and a client whose numbers cannot be null writes 0. */
function expiredAtZero({ id, path, expireTime }: OrderedVersion): readonly Remark[] {
  if (expireTime !== 0) return [];
  const at = `${path}.expire_time`;
  const sentence = `${at} is 0, so version ${quote(id)} expired on 1 January 1970. If it never expires, replace the 0 by null.`;
  return [{ kind: 'date', path: at, sentence }];
}

/** Maps a problem of the state to the responses. Names and times are valid by now, so it is nearly always a broken law. */
function inResponses(
  problem: Problem,
  { source, secret, pages, versions }: RecordedSecret,
  { fields }: ResponseFormat,
): readonly Problem[] {
  if (problem.law === 'one-version-a-stage') {
    const listed = versions.flatMap(({ path, stages }) => stages.map((stage) => ({ path, stage })));
    const [field, hint] =
      pages.length > 0
        ? [`.${fields.stages}`, `if these are two pages, ${atDifferentTimes}`]
        : ['', 'refresh the state of Terraform, and record it again'];
    return differences(listed, 'stage', ({ path }) => path).map(([{ path, stage }, first]) => ({
      ...problem,
      path: `${path}${field}`,
      expected: `part of ${problem.expected}, but ${quote(stage)} is also in ${first.path} (${hint})`,
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
