import { type Dialect, fits } from '../../dialects/index.ts';
import { type Problem, type SecretState, violations } from '../../index.ts';
import { isCount } from '../../limits.ts';
import { parseSecretState, problemsOf } from '../../parse.ts';
import { numberInSeries } from '../../series.ts';
import { byName, byOrdinal, newVersion, type SecretVersion, type Stage, versionsById } from '../../state.ts';
import { quote } from '../../text.ts';
import type { Unknown } from '../subject.ts';
import type { OrderedVersion, PlacedFact, RecordedSecret, ResponseFormat, VersionFact } from './facts.ts';
import { type Imported, merged, type Remark } from './imported.ts';
import { afterPlan } from './planned.ts';

/** Returns the secret that the facts describe, or their contradictions. */
export function join(
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

export const atDifferentTimes = 'the responses were recorded at different times; record them again';

/** Returns items in order. Most are in order already, and sorting takes ten times as long as finding out. */
function sorted<Item>(items: readonly Item[], compare: (one: Item, other: Item) => number): readonly Item[] {
  let last: Item | undefined;
  for (const item of items) {
    if (last !== undefined && compare(last, item) > 0) return [...items].sort(compare);
    last = item;
  }
  return items;
}
