/**
 * Makes the histories of `test/vectors/generated.json`, and of its namesakes in the folders of the other dialects: the chance
 * is ours and seeded, what comes of every step is the model's. A history depends on its kind and its number alone, so a kind
 * that is added at the end leaves all others, and their ids, as they are.
 */
import {
  type CreateSecret,
  type Dialect,
  deprecatedVersions,
  type Effect,
  latestVersion,
  nextVersionId,
  plan,
  remainingStages,
  type SecretAction,
  type SecretState,
  stagesOf,
  tryCreateSecret,
  tryReduce,
} from '../src/index.ts';
import { lastTime } from '../src/limits.ts';
import { assumed, dialectIn, dialects, type Rules, withRules } from './run-vectors.ts';

export type Json = null | boolean | number | string | readonly Json[] | Fields;
type Fields = { readonly [field: string]: Json };

interface Step {
  readonly do: Json;
  /** The code of the refusal. Left out: it is done. */
  readonly refused?: string;
}

/** What a reader of the secret is told in the end. */
export interface Reads {
  readonly latest: string | null;
  readonly deprecated: readonly string[];
  /** The stages on each version. */
  readonly marks: Readonly<Record<string, readonly string[]>>;
  readonly nextVersionId: string;
  readonly remainingStages: number;
}

/** What was asked for, and what followed by itself. */
export interface Effects {
  readonly asked: readonly Effect[];
  readonly follows: readonly Effect[];
}

export const nothing: Effects = { asked: [], follows: [] };

export interface History {
  readonly id: string;
  readonly rules?: Rules;
  /** The assumed rules of its dialect without which it would go another way. */
  readonly assumes?: readonly string[];
  readonly create: Json;
  readonly refused?: string;
  readonly steps: readonly Step[];
  /** All that the last step changed. */
  readonly effects?: Effects;
  readonly reads?: Reads;
  readonly end?: SecretState;
}

export interface Corpus {
  readonly $schema: string;
  readonly about: string;
  readonly histories: readonly History[];
}

/** Vectors are read by strangers, so an action may be anything at all; the model takes it from JSON as it would there. */
export function actionOf(json: Json): SecretAction {
  return JSON.parse(JSON.stringify(json));
}
export function requestOf(json: Json): CreateSecret {
  return JSON.parse(JSON.stringify(json));
}

/** One line a history, so that a change of one is a change of one line. */
export function asText({ $schema, about, histories }: Corpus): string {
  const lines = histories.map((history) => JSON.stringify(history)).join(',\n');
  return `{\n"$schema": ${JSON.stringify($schema)},\n"about": ${JSON.stringify(about)},\n"histories": [\n${lines}\n]\n}\n`;
}

interface Chance {
  /** A whole number from 0 to below the limit. */
  readonly below: (limit: number) => number;
  /** Whether something happens that happens so many times in a hundred. */
  readonly percent: (share: number) => boolean;
  readonly pick: <Value>(values: readonly [Value, ...Value[]]) => Value;
  readonly pickOf: <Value>(values: readonly Value[], otherwise: Value) => Value;
}

/** The generator mulberry32, which is in the public domain: a counter of 32 bits, well stirred. */
const chanceOf = (seed: number): Chance => {
  let counter = Math.imul(seed, 0x9e3779b1);
  const below = (limit: number): number => {
    counter = (counter + 0x6d2b79f5) | 0;
    let stirred = Math.imul(counter ^ (counter >>> 15), 1 | counter);
    stirred = (stirred + Math.imul(stirred ^ (stirred >>> 7), 61 | stirred)) ^ stirred;
    return Math.floor((((stirred ^ (stirred >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
  const pickOf = <Value>(values: readonly Value[], otherwise: Value): Value =>
    values[below(values.length)] ?? otherwise;
  return { below, percent: (share) => below(100) < share, pick: (values) => pickOf(values, values[0]), pickOf };
};

type Words = readonly [string, ...string[]];
type Deed = SecretAction['type'];

interface Kind {
  readonly about: string;
  readonly count: number;
  /** The fewest steps, and how many more there may be. */
  readonly steps: readonly [number, number];
  readonly deeds: readonly [Deed, ...Deed[]];
  readonly stages: Words;
  readonly versionIds: Words;
  /** How many of a hundred actions have one field that makes no sense, or on the edge of sense. */
  readonly odd: number;
  readonly rules?: (chance: Chance) => Rules;
  /** What happens first. */
  readonly opening?: (chance: Chance) => readonly Fields[];
  /** Everything happens at once. */
  readonly standsStill?: boolean;
  /** How many of a hundred new versions list their stages. */
  readonly lists?: number;
  readonly percentChosen?: number;
  /** How many of a hundred new versions have a fingerprint, of two. */
  readonly fingerprints?: number;
  /** How many of a hundred new versions have no value yet. */
  readonly waits?: number;
  /** How many of a hundred secrets are created without a version. */
  readonly empty?: number;
  /** How many of a hundred moves and removals say where the stage is. */
  readonly guards?: number;
}

/** A dialect that histories are made for, and its assumed rules, each the other way. */
interface World {
  readonly name: string;
  readonly dialect: Dialect;
  readonly assumptions: readonly (readonly [rule: string, dialect: Dialect])[];
}

const custom: Words = ['canary', 'blue', 'a', 'b-2', 'C_3'];
const builtIn: Words = ['SYSCURRENT', 'SYSPREVIOUS'];
const all: readonly [Deed, ...Deed[]] = [
  'createVersion',
  'createVersion',
  'createVersion',
  'assignStage',
  'assignStage',
  'assignStage',
  'assignStage',
  'removeStage',
  'pruneDeprecated',
  'scheduleDeletion',
  'restore',
  'setStatus',
];
const work: readonly [Deed, ...Deed[]] = [
  'createVersion',
  'createVersion',
  'assignStage',
  'assignStage',
  'assignStage',
  'removeStage',
  'pruneDeprecated',
];
const many = Array.from({ length: 14 }, (_, index) => `s${index}`);
const hostile: Words = [
  '__proto__',
  '__proto__',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'prototype',
  '',
  ' ',
  'a.b',
  'a b',
  'a\n',
  '\u0000',
  '\ud800',
  '😀',
  'é',
  'SYSCURREN\u0422',
  'syscurrent',
  'null',
  '0',
  'x'.repeat(64),
  'x'.repeat(65),
];
const likeNumbers: Words = [
  'v1',
  'v2',
  'v3',
  'v4',
  'v5',
  'v6',
  'v01',
  'v1.0',
  'v0',
  'v-1',
  'V2',
  '2',
  'v',
  'v2 ',
  'v1e1',
  'v10',
];

/** The other reading of each rule of CSMS that is assumed and that these actions can tell. */
const readings: readonly [Rules, ...Rules[]] = [
  { stages: { previousFollows: 'any-version' } },
  { stages: { previousFollows: 'any-move' } },
  { stages: { previousFollows: 'any-move' } },
  { stages: { limitCounts: 'custom' } },
  { versions: { lists: { least: 1, most: 12 } } },
  { versions: { limit: { most: 3, whenFull: 'refuse' } } },
];

const smallLimits = ({ below, pick }: Chance): Rules => ({
  stages: { limit: 2 + below(3) },
  versions: {
    ...pick<Rules['versions'] & object>([{}, {}, { lists: { least: 0, most: 1 + below(3) } }]),
    limit: { most: 1 + below(4), whenFull: 'drop-oldest-deprecated' },
  },
});

/** All of these rules: of a rule that several have, the last. */
const merged = (...rules: readonly Rules[]): Rules => {
  const groups = (['secret', 'stages', 'versions'] as const).map((group) => [
    group,
    Object.assign({}, ...rules.map((some) => some[group])),
  ]);
  return Object.fromEntries(groups.filter(([, group]) => Object.keys(group).length > 0));
};

/** The histories, kind by kind. Add a kind at the end: a change before would give other ids to what follows. */
const kinds: readonly Kind[] = [
  {
    about: 'what happens every day',
    count: 270,
    steps: [2, 2],
    deeds: work,
    stages: ['canary', 'blue', ...builtIn],
    versionIds: ['v1', 'v2', 'v3', 'v9'],
    odd: 2,
  },
  {
    about: 'deletion, restoring, disabling, freezing',
    count: 180,
    steps: [2, 2],
    deeds: ['scheduleDeletion', 'restore', 'setStatus', ...all],
    stages: ['canary', ...builtIn],
    versionIds: ['v1', 'v2'],
    odd: 6,
  },
  {
    about: 'versions without a stage, and their end',
    count: 200,
    steps: [3, 1],
    deeds: ['createVersion', 'createVersion', 'createVersion', 'pruneDeprecated', 'assignStage', 'removeStage'],
    stages: ['a', ...builtIn],
    versionIds: ['v1', 'v2', 'v3', 'mine'],
    odd: 2,
    lists: 70,
  },
  {
    about: 'ids chosen by the caller, also ahead of the series',
    count: 160,
    steps: [2, 2],
    deeds: ['createVersion', 'createVersion', 'createVersion', 'pruneDeprecated', 'assignStage'],
    stages: ['a', ...builtIn],
    versionIds: likeNumbers,
    odd: 0,
    percentChosen: 70,
  },
  {
    about: 'names that have broken programs',
    count: 160,
    steps: [1, 2],
    deeds: work,
    stages: hostile,
    versionIds: hostile,
    odd: 0,
    percentChosen: 50,
  },
  {
    about: 'values that make no sense, and those on the edge',
    count: 290,
    steps: [1, 1],
    deeds: all,
    stages: custom,
    versionIds: ['v1', 'v2', 'mine'],
    odd: 75,
  },
  {
    about: 'twelve stages and the thirteenth',
    count: 50,
    steps: [2, 2],
    deeds: ['assignStage', 'assignStage', 'assignStage', 'createVersion', 'removeStage'],
    stages: ['s0', ...many],
    versionIds: ['v1', 'v2', 'v3'],
    odd: 0,
    lists: 60,
    opening: ({ below }) => [{ type: 'createVersion', at: 1, stages: many.slice(0, 9 + below(4)) }],
  },
  {
    about: 'twenty versions and the twenty-first',
    count: 16,
    steps: [2, 2],
    deeds: ['createVersion', 'createVersion', 'createVersion', 'assignStage'],
    stages: ['a', ...builtIn],
    versionIds: ['v1', 'v2', 'v20', 'v21'],
    odd: 0,
    opening: ({ below, percent }) =>
      Array.from({ length: 17 + below(3) }, () => ({
        type: 'createVersion',
        at: below(9),
        ...(percent(60) && { stages: percent(80) ? [] : ['a'] }),
      })),
  },
  {
    about: 'small limits',
    count: 165,
    steps: [3, 2],
    deeds: work,
    stages: ['a', 'b', ...builtIn],
    versionIds: ['v1', 'v2', 'v3'],
    odd: 0,
    rules: smallLimits,
  },
  {
    about: 'the rules that are assumed, each the other way',
    count: 250,
    steps: [3, 1],
    deeds: all,
    stages: ['a', 'b', ...builtIn, 'SYSCURRENT'],
    versionIds: ['v1', 'v2', 'v3'],
    odd: 0,
    lists: 60,
    rules: (chance) =>
      merged(
        chance.pick<Rules>([{}, {}, smallLimits(chance)]),
        chance.pick(readings),
        chance.pick<Rules>([{}, chance.pick(readings)]),
      ),
  },
  {
    about: 'other rules, which a cloud of another name could have',
    count: 100,
    steps: [2, 2],
    deeds: all,
    stages: ['NOW', 'BEFORE', 'NEXT', 'a'],
    versionIds: ['ver1', 'ver2', 'ver3', 'v1'],
    odd: 0,
    rules: ({ pick }) =>
      merged(
        { stages: { current: 'NOW', previous: 'BEFORE', pending: 'NEXT' }, versions: { idPrefix: 'ver' } },
        pick<Rules>([
          { secret: { deletionDays: { least: 1, usual: 2, most: 8 }, pausedAs: ['FROZEN'] } },
          { stages: { limitCounts: 'custom', limit: 1 } },
          { stages: { move: 'from-the-named-holder', previousIsRemovable: true } },
          { versions: { prune: 'keeps', latest: 'newest' } },
        ]),
      ),
  },
  {
    about: 'an id used again after its version was deleted, and the end of the series',
    count: 70,
    steps: [3, 2],
    deeds: ['createVersion', 'createVersion', 'pruneDeprecated'],
    stages: ['a'],
    versionIds: ['mine', 'mine', 'mine', 'v5', 'v4', 'v999999999999999', 'v1000000000000000', 'v1000000000000001'],
    odd: 0,
    lists: 60,
    percentChosen: 70,
    opening: () => [{ type: 'createVersion', at: 1, versionId: 'mine', stages: [] }, { type: 'pruneDeprecated' }],
  },
  {
    about: 'versions of one millisecond, with numbers for ids, which many a language sorts by itself',
    count: 40,
    steps: [5, 1],
    deeds: ['createVersion', 'createVersion', 'createVersion', 'pruneDeprecated'],
    stages: ['a', 'SYSCURRENT'],
    versionIds: ['30', '7', '2', '1', '01'],
    odd: 0,
    lists: 80,
    percentChosen: 90,
    standsStill: true,
  },
  {
    about: 'versions that get their value later, which a cloud of another name could allow',
    count: 100,
    steps: [3, 2],
    deeds: ['createVersion', 'createVersion', 'createVersion', 'createVersion', 'assignStage', 'pruneDeprecated'],
    stages: ['a', ...builtIn],
    versionIds: ['v1', 'v2', 'mine'],
    odd: 0,
    lists: 60,
    fingerprints: 30,
    waits: 60,
    rules: ({ pick }) =>
      merged({ versions: { mayAwaitValue: true } }, pick<Rules>([{}, {}, { versions: { repeatedId: 'ignored' } }])),
  },
];

/** Values that no field takes, or the last that one does. A number is one that JSON in any language keeps. */
const oddities: Readonly<Record<string, readonly [Json, ...Json[]]>> = {
  at: [-1, 0.5, lastTime, lastTime + 1, lastTime - 7 * 864e5, '5', null, true, [7]],
  stage: [...hostile, null, 5, true, [], ['SYSCURRENT']],
  versionId: [...hostile, null, 1, true, [], ['v1']],
  from: [...hostile, 5, false, ['v1']],
  stages: [
    null,
    'SYSCURRENT',
    {},
    5,
    [null],
    ['canary', 5],
    [['a']],
    ['a', 'a'],
    ['x'.repeat(65)],
    many.slice(0, 12),
    many.slice(0, 13),
    Array.from({ length: 12 }, () => 'a'),
    Array.from({ length: 13 }, () => 'a'),
  ],
  keep: [-1, 0.5, 2 ** 53 - 1, 2 ** 53, '1', null, true],
  createdBefore: [-1, 0.5, lastTime, lastTime + 1, '5', null, true],
  recoveryWindowInDays: [6, 7, 30, 31, 0, -7, 7.5, '7', null, true],
  status: ['PENDING_DELETE', 'enabled', '', 'toString', null, 1],
  type: ['deleteSecret', 'constructor', '__proto__', 'createSecret', '', null, 1],
};

/** The fields that an action of a type may have. */
const fieldsOf: Readonly<Record<Deed, Words>> = {
  createVersion: ['at', 'versionId', 'stages'],
  assignStage: ['at', 'stage', 'versionId', 'from'],
  removeStage: ['at', 'stage', 'from'],
  pruneDeprecated: ['keep', 'createdBefore'],
  scheduleDeletion: ['at', 'recoveryWindowInDays'],
  restore: ['at'],
  setStatus: ['at', 'status'],
};

/** An action that makes sense for the state more often than not. */
const soundAction = (kind: Kind, state: SecretState, dialect: Dialect, at: number, chance: Chance): Fields => {
  const { below, percent, pick, pickOf } = chance;
  const held = state.stages.map(({ name }) => name);
  const { current, previous, previousIsRemovable } = dialect.stages;
  const removable = held.filter((name) => name !== current && (name !== previous || previousIsRemovable));
  const deed = pick(kind.deeds);
  const type = deed === 'removeStage' && removable.length === 0 && percent(75) ? 'assignStage' : deed;
  const there = Object.keys(state.versions);
  const anyStage = () => pick(kind.stages);
  const anyVersion = () => (percent(80) ? pickOf(there, 'v1') : pick(kind.versionIds));
  const holderOf = (stage: string) => state.stages.find(({ name }) => name === stage)?.versionId;
  const from = (stage: string, nobody: string | null) =>
    percent(kind.guards ?? 25) && {
      from: percent(60) ? (holderOf(stage) ?? nobody) : percent(30) ? nobody : anyVersion(),
    };

  switch (type) {
    case 'createVersion':
      return {
        type,
        at,
        ...(percent(kind.percentChosen ?? 10) && { versionId: pick(kind.versionIds) }),
        ...(percent(kind.lists ?? 40) && { stages: Array.from({ length: below(4) }, anyStage) }),
        ...content(kind, state, chance),
      };
    case 'assignStage': {
      const stage = percent(50) ? pickOf(held, 'a') : anyStage();
      return { type, stage, versionId: anyVersion(), at, ...from(stage, null) };
    }
    case 'removeStage': {
      const stage = percent(80) ? pickOf(removable, current ?? 'a') : anyStage();
      return { type, stage, at, ...from(stage, 'v1') };
    }
    case 'pruneDeprecated':
      return { type, ...(percent(40) && { keep: below(4) }), ...(percent(40) && { createdBefore: below(at + 2) }) };
    case 'scheduleDeletion': {
      const { least, most } = dialect.secret.deletionDays ?? { least: 7, most: 30 };
      return { type, at, ...(percent(60) && { recoveryWindowInDays: least - 1 + below(most - least + 3) }) };
    }
    case 'restore':
      return { type, at };
    case 'setStatus':
      return { type, status: pick(['ENABLED', 'ENABLED', 'DISABLED', 'FROZEN']), at };
  }
};

/** Only a kind that has them at all spends chance on them, so that no other changes. */
const fingerprint = ({ fingerprints }: Kind, { percent, pick }: Chance): Fields =>
  fingerprints !== undefined && percent(fingerprints) ? { fingerprint: pick(['one', 'other']) } : {};

/** A version without a value, or the value of one. Only a kind that has them at all spends chance on them. */
const content = (kind: Kind, { versions }: SecretState, chance: Chance): Fields => {
  const { percent, pickOf } = chance;
  if (kind.waits === undefined) return fingerprint(kind, chance);
  const waiting = Object.keys(versions).filter((id) => versions[id]?.withoutValue);
  if (!percent(kind.waits)) return { ...fingerprint(kind, chance), ...(percent(10) && { withoutValue: false }) };
  if (waiting.length > 0 && percent(85)) return { ...fingerprint(kind, chance), versionId: pickOf(waiting, '') };
  return { withoutValue: true, ...(percent(5) && { fingerprint: 'one' }) };
};

/** The same with one field that is odd, left out, or of no action of this type. */
const oddAction = (action: Fields, { percent, pick }: Chance): Json => {
  if (percent(2)) return pick<Json>([null, 5, 'restore', []]);
  const known = Object.entries(fieldsOf).find(([type]) => type === action['type'])?.[1] ?? ['at'];
  const field = percent(8) ? 'type' : pick(known);
  const rest = Object.entries(action).filter(([name]) => name !== field);
  return Object.fromEntries(percent(10) ? rest : [...rest, [field, pick(oddities[field] ?? [null])]]);
};

/** The secret itself; few of those are refused, for that is the whole history. */
const creation = (kind: Kind, chance: Chance): Fields => {
  const { percent, pick } = chance;
  return {
    name: percent(kind.odd / 12) ? pick(hostile) : 'db',
    at: percent(kind.odd / 12) ? pick(oddities['at'] ?? [0]) : 0,
    ...(percent(kind.percentChosen ?? 5) && { versionId: pick(kind.versionIds) }),
    ...(kind.empty !== undefined && percent(kind.empty) ? { versionId: null } : fingerprint(kind, chance)),
  };
};

interface Played {
  readonly answers: readonly string[];
  readonly state?: SecretState;
  /** What the last step changed. */
  readonly effects: Effects;
}

/** Plays a history again: what every step answers, and the end. */
const play = (create: Json, steps: readonly Pick<Step, 'do'>[], dialect: Dialect): Played => {
  const born = tryCreateSecret(requestOf(create), dialect);
  if (!born.ok) return { answers: [born.refusal.code], effects: nothing };
  let { state } = born;
  let effects = nothing;
  const answers: string[] = [];
  for (const step of steps) {
    const planned = plan(state, actionOf(step.do), dialect);
    answers.push(planned.allowed ? 'done' : planned.refusal.code);
    effects = planned.allowed ? { asked: planned.asked, follows: planned.follows } : nothing;
    if (planned.allowed) state = planned.state;
  }
  return { answers, state, effects };
};

export function readsOf(state: SecretState, dialect: Dialect): Reads {
  return {
    latest: latestVersion(state, dialect) ?? null,
    deprecated: deprecatedVersions(state),
    marks: Object.fromEntries(Object.keys(state.versions).map((id) => [id, stagesOf(state, id)])),
    nextVersionId: nextVersionId(state, dialect),
    remainingStages: remainingStages(state, dialect),
  };
}

const worldOf = (name: string, turned: Readonly<Record<string, Rules>> = assumed[name] ?? {}): World => {
  const dialect = dialectIn(name);
  return {
    name: name || 'generated',
    dialect,
    assumptions: Object.entries(turned).map(([rule, rules]) => [rule, withRules(dialect, rules)]),
  };
};

const csms = worldOf('', { ...assumed[''], 'versions.id': { versions: { id: 'v\\d+' } } });

/** The assumed rules that the steps lean on: each for which they go another way once it is changed. */
const assumedBy = (create: Json, steps: readonly Step[], { dialect, assumptions }: World): readonly string[] => {
  const ours = JSON.stringify(play(create, steps, dialect));
  return assumptions.flatMap(([rule, changed]) => (JSON.stringify(play(create, steps, changed)) === ours ? [] : rule));
};

/** Effects that few histories end with, which are told whenever they do. */
const rare: readonly Effect['type'][] = ['versionPruned', 'versionRevived', 'versionFilled', 'statusChanged'];

const historyOf = (kind: Kind, number: number, world: World = csms): History => {
  const chance = chanceOf(number);
  const id = `${world.name}/${String(number).padStart(4, '0')}`;
  const rules = kind.rules?.(chance);
  const dialect = withRules(world.dialect, rules);
  const create = creation(kind, chance);
  const born = tryCreateSecret(requestOf(create), dialect);
  const head = { id, ...(rules && { rules }) };
  if (!born.ok) return { ...head, create, refused: born.refusal.code, steps: [] };

  let { state } = born;
  let clock = 0;
  const steps: Step[] = [];
  const take = (action: Json): void => {
    const outcome = tryReduce(state, actionOf(action), dialect);
    steps.push(outcome.ok ? { do: action } : { do: action, refused: outcome.refusal.code });
    if (outcome.ok) state = outcome.state;
  };
  for (const action of kind.opening?.(chance) ?? []) take(action);
  const [fewest, more] = kind.steps;
  for (let left = fewest + chance.below(more + 1); left > 0; left--) {
    // The same millisecond, a clock that goes back, or time that goes on.
    const passes = chance.pick([0, -3, 1, 2, 5, 5, 7]);
    clock = kind.standsStill ? 0 : Math.max(0, clock + passes);
    const action = soundAction(kind, state, dialect, clock, chance);
    take(chance.percent(kind.odd) ? oddAction(action, chance) : action);
  }

  const assumes = rules ? [] : assumedBy(create, steps, world);
  const { effects } = play(create, steps, dialect);
  const all = [...effects.asked, ...effects.follows];
  const isTold = number % 4 === 0 || all.some(({ type }) => rare.includes(type));
  return {
    ...head,
    ...(assumes.length > 0 && { assumes }),
    create,
    steps,
    ...(isTold && all.length > 0 && { effects }),
    ...(number % 8 === 0 && { reads: readsOf(state, dialect) }),
    end: state,
  };
};

const about =
  'Histories of secrets, made by test/generate-vectors.ts of secret-stages: the actions are random, the results are those of the ' +
  'model. Each begins with the creation of a secret. Every step succeeds, or is refused with the given code and changes nothing. ' +
  'Where two reasons hold, the code is the first in the order of the model. They rest on assumed rules as well as on documented ' +
  'ones: `assumes` names the assumed rules without which a history would go another way, and a history with `rules` has other ' +
  'rules than CSMS. Assumed in all of them: no numbered id is issued twice, the oldest deprecated version goes first, each status ' +
  'but PENDING_DELETE can be set, and what is said of odd values.';

export function generate(): Corpus {
  const histories: History[] = [];
  for (const kind of kinds) {
    for (let left = kind.count; left > 0; left--) histories.push(historyOf(kind, histories.length + 1));
  }
  return {
    $schema: './generated.schema.json',
    about,
    histories,
  };
}

const token = (number: number): string => `token-${String(number).padStart(26, '0')}`;

/** What befalls a secret in another cloud, every day and when it is born, and what is odd there. */
const kindsOf = (stages: Words, versionIds: Words, others: Partial<Kind>): readonly Kind[] => {
  const kind = { stages, versionIds, odd: 2, ...others };
  return [
    { ...kind, about: 'what happens every day', count: 60, steps: [2, 3], deeds: work },
    { ...kind, about: 'the whole life', count: 35, steps: [2, 2], deeds: all, odd: 10 },
    {
      ...kind,
      about: 'moves',
      count: 40,
      steps: [3, 2],
      deeds: ['assignStage', 'assignStage', 'removeStage', 'createVersion'],
      opening: ({ percent }) =>
        versionIds.slice(0, 2).map((versionId) => ({
          type: 'createVersion',
          at: 0,
          ...(percent(kind.percentChosen ?? 0) && { versionId }),
        })),
    },
  ];
};

const otherKinds: Readonly<Record<string, readonly Kind[]>> = {
  'aws-secrets-manager': [
    ...kindsOf(
      ['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS', 'AWSPENDING', 'blue'],
      [token(1), token(2), token(3), token(4), token(5), token(6), 'too-short'],
      { percentChosen: 95, fingerprints: 70, empty: 20, guards: 35, lists: 50 },
    ),
    {
      about: 'rotations, which begin with a version without a value',
      count: 9,
      steps: [2, 2],
      deeds: ['createVersion', 'createVersion', 'createVersion', 'assignStage'],
      stages: ['AWSPENDING', 'AWSCURRENT'],
      versionIds: [token(1), token(2), token(3)],
      odd: 0,
      percentChosen: 100,
      fingerprints: 30,
      empty: 20,
      guards: 90,
      lists: 80,
      waits: 80,
      opening: () =>
        [3, 2, 1].map((number) => ({
          type: 'createVersion',
          at: 0,
          versionId: token(number),
          stages: ['AWSPENDING'],
          withoutValue: true,
        })),
    },
  ],
  'alibaba-kms': kindsOf(
    ['ACSCurrent', 'ACSPrevious', 'MyPendingLabel', 'ACSNext'],
    ['first', 'second', 'third', 'fourth', 'fifth'],
    { percentChosen: 95, fingerprints: 70, guards: 40 },
  ),
  'google-secret-manager': kindsOf(['prod', 'Prod', 'stable', 'canary', 'latest', 'New'], ['1', '2', '3', '01', 'v1'], {
    percentChosen: 4,
    empty: 96,
    lists: 8,
    guards: 0,
  }),
};

/** The histories of each other dialect, by the folder that they are in. */
export function generateOthers(): readonly (readonly [folder: string, corpus: Corpus])[] {
  return Object.keys(dialects).map((name) => {
    const histories: History[] = [];
    for (const kind of otherKinds[name] ?? []) {
      for (let left = kind.count; left > 0; left--)
        histories.push(historyOf(kind, histories.length + 1, worldOf(name)));
    }
    return [name, { $schema: '../generated.schema.json', about: aboutOthers(name), histories }];
  });
}

function aboutOthers(name: string): string {
  return `Histories of secrets in ${dialectIn(name).title}, made as those of CSMS are: the actions are random, the results are those of the model.`;
}
