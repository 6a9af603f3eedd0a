import * as v from 'valibot';
import { type Dialect, fits, type Pattern, patternRule } from '../../dialects/index.ts';
import type { Problem } from '../../index.ts';
import { invalidVersionId, isVersionId } from '../../series.ts';
import { readBy } from '../../service/index.ts';
import { hiddenText } from '../../text.ts';
import type { Fact, PlacedFact, Reading, ResponseFormat, ResponseReader } from './facts.ts';
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
import { join } from './join.ts';

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
