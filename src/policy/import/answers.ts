import * as v from 'valibot';
import { type Dialect, fits, type Pattern, patternRule } from '../../dialects/index.ts';
import type { Problem, SecretStatus } from '../../index.ts';
import { fieldOf } from '../../json.ts';
import { parseSecretState, problemsOf } from '../../parse.ts';
import { invalidVersionId, isVersionId, numberInSeries } from '../../series.ts';
import { readBy } from '../../service/index.ts';
import { versionsById } from '../../state.ts';
import { quote } from '../../text.ts';
import type { Unknown } from '../subject.ts';
import { type Imported, type Input, imported, merged, ofAnotherCloud } from './imported.ts';

/** The answers of a cloud: how to read each, and what only this cloud says of a secret. */
export interface AnswerFormat {
  readonly dialect: Dialect;
  /** What an answer must be. */
  readonly expected: string;
  /** How to read an answer that has a field. The first field that the answer has counts. */
  readonly readers: Readonly<Record<string, AnswerReader>>;
  /** The fields in which problems of a whole secret are reported. */
  readonly fields: { readonly versions: string; readonly stages: string; readonly deleteTime: string };
  /** The answers without which a secret cannot be imported. */
  readonly listingOf: (name: string) => string;
  /** The names or ARNs of the secrets in an answer that cannot be read. */
  readonly secretsIn: (json: unknown) => readonly unknown[];
  /** Finds the id of the cloud that an answer belongs to, if it is another cloud. */
  readonly otherCloudIn: (answers: readonly Input[]) => (json: unknown) => string | undefined;
  /** What is wrong with the pages, and with what other answers say of stages. */
  readonly check: (secret: AnsweredSecret) => readonly Problem[];
  /** The ids of the versions after which others may be missing. */
  readonly gapsIn: (secret: AnsweredSecret) => readonly string[];
}

/** Reads the answer of one call. */
type AnswerReader = (json: unknown, path: string) => Reading;

/** What an answer says, or what is wrong with it. */
type Reading =
  | { readonly ok: true; readonly facts: readonly Fact[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What one answer says of one secret. */
export type Fact = SecretFact | PageFact | StageFact;

interface Named {
  readonly name: string;
  /** Tells apart two secrets of one name, in a cloud that has ARNs. */
  readonly arn?: string;
  readonly path: string;
}
interface SecretFact extends Named {
  readonly kind: 'secret';
  readonly id: string;
  readonly status: SecretStatus;
  readonly deleteTime: number | null;
  /** The stages by the ids of their versions, sorted, if the answer has them. */
  readonly stages?: { readonly path: string; readonly byVersion: readonly (readonly [string, readonly string[]])[] };
}
export interface PageFact extends Named {
  readonly kind: 'page';
  readonly versions: readonly VersionFact[];
  /** What leads to the next page; null on the last one. */
  readonly next: string | null;
  /** How many versions the page says it has. */
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
  /** Null is never; undefined if the answer does not say. */
  readonly expireTime: number | null | undefined;
  /** Sorted, each once. */
  readonly stages: readonly string[];
}

/** All that the answers say of a secret. */
export interface AnsweredSecret {
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
  /** Its number in the series; 0 if the id is not of it. */
  readonly number: number;
  readonly ordinal: number;
}

/** Reads each answer by itself, and then joins what they say of each secret. */
export function readAnswers(answers: readonly Input[], format: AnswerFormat): Imported {
  const otherCloud = format.otherCloudIn(answers);
  const imports: Imported[] = [];
  const unreadable = new Set<unknown>();
  const facts = new Map<string, [Fact, ...Fact[]]>();
  for (const answer of answers) {
    const reading = readAnswer(answer, otherCloud(answer.json), format);
    if (!reading.ok) {
      imports.push(reading);
      for (const secret of format.secretsIn(answer.json)) unreadable.add(secret);
      continue;
    }
    for (const fact of reading.facts) {
      const key = fact.arn ?? fact.name;
      const known = facts.get(key);
      if (known) known.push(fact);
      else facts.set(key, [fact]);
    }
  }
  const names = [...facts.values()].map(([{ name }]) => name).sort();
  const sharedNames = new Set(names.filter((name, index) => name === names[index + 1]));
  for (const [key, known] of facts) {
    // All that such a secret seems to lack may be in the answer that could not be read.
    if (!unreadable.has(key)) imports.push(join(known, sharedNames, format));
  }
  return merged(imports, 'answers');
}

function readAnswer({ path, json }: Input, otherCloud: string | undefined, format: AnswerFormat): Reading {
  const read = readerOf(json, format);
  if (!read) return refuseAs(format.expected)(json, path);
  return otherCloud === undefined
    ? read(json, path)
    : { ok: false, problems: [ofAnotherCloud(path, otherCloud, format.dialect)] };
}

/** How to read an answer of a cloud, of any call; undefined if it is not one. */
export function readerOf(json: unknown, { readers }: AnswerFormat): AnswerReader | undefined {
  return Object.entries(readers).find(([field]) => fieldOf(json, field) !== undefined)?.[1];
}

/** Reads an answer by a schema. */
export function reader<Schema extends v.GenericSchema>(
  schema: Schema,
  factsOf: (answer: v.InferOutput<Schema>, path: string) => readonly Fact[],
): AnswerReader {
  return (json, path) => {
    const read = readBy(schema, json, path);
    return read.ok ? { ok: true, facts: factsOf(read.output, path) } : read;
  };
}

/** Refuses an answer, and says what must be given instead. */
export function refuseAs(expected: string): AnswerReader {
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

/** The stages that an answer lists with a version, sorted, each once. */
export function stagesIn(listed: readonly string[] | null): readonly string[] {
  return [...new Set(listed)].sort();
}

export const atDifferentTimes = 'the answers were taken at different times: record them again';

/** The secret that all facts together describe, or why they do not. */
function join(facts: readonly [Fact, ...Fact[]], sharedNames: ReadonlySet<string>, format: AnswerFormat): Imported {
  const secrets = facts.filter((fact) => fact.kind === 'secret');
  const pages = facts.filter((fact) => fact.kind === 'page');
  const stages = facts.filter((fact) => fact.kind === 'stage');

  const [{ name, arn = null, path }] = facts;
  const ofTwoProjects = differences(secrets, 'arn', ({ id }) => id).map(([{ path }, first]) => ({
    path: `${path}.id`,
    expected: `the one in ${first.path}, for two secrets of one name are of two projects: import these one by one`,
  }));
  if (ofTwoProjects.length > 0) return { ok: false, problems: ofTwoProjects };
  const [page] = pages;
  if (!page) {
    const expected = `given together with all pages of the ${format.listingOf(name)}`;
    return { ok: false, problems: [{ path, expected }] };
  }

  const listed = pages.flatMap(({ path, versions }) =>
    versions.map((version, index) => ({ ...version, path: `${path}.${format.fields.versions}[${index}]` })),
  );
  const versions = inOrder([...new Map(listed.map((version) => [version.id, version])).values()], format.dialect);
  const project = sharedNames.has(name) ? arn : null;
  const answered = { name, project, source: page.path, secret: secrets[0], pages, stages, versions };
  const contradictions = [
    ...differences(facts, 'arn', ({ name }) => name),
    ...differences(secrets, 'arn', ({ status, deleteTime, stages }) => [status, deleteTime, stages?.byVersion]),
    ...differences(listed, 'id', ({ createTime, expireTime, stages }) => [createTime, expireTime, stages]),
    ...differences(stages, 'stage', ({ versionId, updateTime }) => [versionId, updateTime]),
  ].map(([{ path }, first]) => ({ path, expected: asIn(first.path) }));
  const problems = [...contradictions, ...format.check(answered)];
  return problems.length > 0 ? { ok: false, problems } : importedFrom(answered, format);
}

/** What must be as another answer has it. */
export function asIn(path: string): string {
  return `as ${path} has it (${atDifferentTimes})`;
}

/** Every item whose content is not that of the first item with the same key, with that first. */
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
 * The versions, oldest first. The number of one in the series says which version it was, and one that is not of the series came
 * after those that are older, or were listed before it where the times are the same.
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

/** What the answers say of a secret, without contradictions. */
function importedFrom(answered: AnsweredSecret, format: AnswerFormat): Imported {
  const { name, project, source, secret, versions } = answered;
  const { dialect } = format;
  const stageTimes = new Map(answered.stages.map(({ stage, updateTime }) => [stage, updateTime]));
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
      // The fewest that there can have been: all of the series up to the last, and those that are not of it.
      versionsMade: lastNumber + versions.filter(({ number }) => number === 0).length,
      lastNumber,
    },
    dialect,
  );
  if (!outcome.ok) {
    const problems = problemsOf(outcome.refusal).flatMap((problem) => inAnswers(problem, answered, format));
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
    ...format.gapsIn(answered).map((after) => ({ what: 'versions' as const, after })),
    ...tiesIn(versions).map((versionId) => ({ what: 'order' as const, versionId })),
    ...(secret ? [] : [{ what: 'status' as const }]),
    ...(versions.some(({ expireTime }) => expireTime === undefined) ? [{ what: 'expireTimes' as const }] : []),
  ];
  return imported({ project, source, dialect, state, expireTimes: Object.fromEntries(expireTimes), unknown });
}

/** A problem of the state as problems of the answers. Names and times are valid by now, so it nearly always is a broken law. */
function inAnswers(
  problem: Problem,
  { source, secret, versions }: AnsweredSecret,
  { fields }: AnswerFormat,
): readonly Problem[] {
  if (problem.law === 'one-version-a-stage') {
    const listed = versions.flatMap(({ path, stages }) => stages.map((stage) => ({ path, stage })));
    return differences(listed, 'stage', ({ path }) => path).map(([{ path, stage }, first]) => ({
      ...problem,
      path: `${path}.${fields.stages}`,
      expected: `of ${problem.expected}, but ${quote(stage)} is in ${first.path} too (if these are of two pages, ${atDifferentTimes})`,
    }));
  }
  const expected = problem.law === undefined ? problem.expected : `of ${problem.expected}`;
  if (problem.law === 'deletion-has-a-time')
    return [{ ...problem, path: `${secret?.path}.${fields.deleteTime}`, expected }];
  // An ordinal that is too high is no news: it is at most `versionsMade`, which then is too high as well.
  return problem.path.endsWith('.ordinal') ? [] : [{ ...problem, path: `${source}.${fields.versions}`, expected }];
}

/**
 * The versions whose order is unknown: another was created in the same millisecond, and their ids have no numbers to order them.
 * The versions are in the order of their times.
 */
function tiesIn(versions: readonly OrderedVersion[]): readonly string[] {
  const timesWithoutNumber = new Set(versions.filter(({ number }) => number === 0).map(({ createTime }) => createTime));
  const isTie = ({ createTime, number }: OrderedVersion, index: number): boolean => {
    if (number > 0) return timesWithoutNumber.has(createTime);
    return [versions[index - 1], versions[index + 1]].some((neighbour) => neighbour?.createTime === createTime);
  };
  return versions.filter(isTie).map(({ id }) => id);
}
