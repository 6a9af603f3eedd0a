import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { contradictions, type Effect, type RefusalCode } from '../src/index.ts';
import {
  actionOf,
  asText,
  type Corpus,
  generate,
  generateOthers,
  type History,
  requestOf,
} from './generate-vectors.ts';
import { dialectIn, dialects, withRules } from './run-vectors.ts';

const file = (name: string) => join('test/vectors', name, 'generated.json');
const made = () => [['', generate()] as const, ...generateOthers()];
if (process.env['UPDATE']) for (const [name, corpus] of made()) writeFileSync(file(name), asText(corpus));
const names = ['', ...Object.keys(dialects)];
const texts = names.map((name) => readFileSync(file(name), 'utf8'));
const corpora: readonly Corpus[] = texts.map((text) => JSON.parse(text));
/** Those of CSMS, and those of all. */
const histories = corpora[0]?.histories ?? [];
const all = corpora.flatMap((corpus) => corpus.histories);

test('the files are what the generator makes, byte for byte', () => {
  const remade = made().map(([, corpus]) => asText(corpus));
  expect(isDeepStrictEqual(texts, remade), 'run this test with UPDATE=1, and look at what differs').toBe(true);
});

test('the files obey their schema, which forbids the unknown', () => {
  const ajv = new Ajv2020({ strict: true });
  ajv.addSchema(JSON.parse(readFileSync('test/vectors/schema.json', 'utf8')), 'schema.json');
  const isSound = ajv.compile(JSON.parse(readFileSync('test/vectors/generated.schema.json', 'utf8')));
  for (const corpus of corpora) expect(isSound(corpus), JSON.stringify(isSound.errors?.slice(0, 3))).toBe(true);
  const [corpus] = corpora;
  for (const unknown of [{ extra: 1 }, { id: 'x' }, { end: {} }, { refused: 'STAGE_LIMIT' }, { assumes: [] }]) {
    expect(isSound({ ...corpus, histories: [{ ...histories[0], ...unknown }] })).toBe(false);
  }
});

test.each(corpora.map((corpus, index) => [names[index] || 'generated', corpus.histories] as const))(
  'every history of %s has an id of its own, in order',
  (name, histories) => {
    expect(histories.map(({ id }) => id)).toEqual(
      histories.map((_, index) => `${name}/${String(index + 1).padStart(4, '0')}`),
    );
  },
);

test('the rules of each history make a sound dialect', () => {
  for (const { id, rules } of all) expect(contradictions(withRules(dialectIn(dirname(id)), rules)), id).toEqual([]);
});

test('the files of the other dialects are small, and each has a hundred histories or more', () => {
  for (const text of texts.slice(1)) expect(text.length).toBeLessThan(150_000);
  for (const { histories } of corpora.slice(1)) expect(histories.length).toBeGreaterThan(100);
});

const counted = (names: readonly string[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

/** No history has them: they are about data, or about a secret of another cloud, and a history is of one cloud. */
type Elsewhere = 'INVALID_STATE' | 'INVALID_HISTORY' | 'DIALECT_CONTRADICTION' | 'WRONG_DIALECT';
const codes: Readonly<Record<Exclude<RefusalCode, Elsewhere>, true>> = {
  INVALID_VALUE: true,
  SECRET_NOT_ENABLED: true,
  ACTION_NOT_OFFERED: true,
  DELETION_ALREADY_SCHEDULED: true,
  DELETION_NOT_SCHEDULED: true,
  UNKNOWN_VERSION: true,
  UNKNOWN_STAGE: true,
  WRONG_HOLDER: true,
  HOLDER_NOT_NAMED: true,
  BUILT_IN_STAGE: true,
  STAGE_LIMIT: true,
  STAGE_LIST_LIMIT: true,
  VERSION_LIMIT: true,
  ROTATION_INCOMPLETE: true,
  VERSION_ID_TAKEN: true,
  UNKNOWN_ACTION: true,
};

test.each(Object.keys(codes))('the refusal %s occurs at least ten times', (code) => {
  const refused = all.flatMap(({ steps }) => steps.flatMap(({ refused }) => refused ?? []));
  expect(counted(refused)[code]).toBeGreaterThanOrEqual(10);
});

test('no other code is reached, and a creation is refused for its values alone', () => {
  const refused = all.flatMap(({ steps }) => steps.flatMap(({ refused }) => refused ?? []));
  expect(Object.keys(counted(refused)).sort()).toEqual(Object.keys(codes).sort());
  const unborn = counted(histories.flatMap(({ refused }) => refused ?? []));
  expect(Object.keys(unborn)).toEqual(['INVALID_VALUE']);
  expect(unborn['INVALID_VALUE']).toBeGreaterThanOrEqual(20);
});

/** No action empties a version. */
const effectTypes: Readonly<Record<Exclude<Effect['type'], 'versionEmptied'>, true>> = {
  versionCreated: true,
  versionFilled: true,
  versionPruned: true,
  stageAdded: true,
  stageMoved: true,
  stageRefreshed: true,
  stageRemoved: true,
  versionDeprecated: true,
  versionRevived: true,
  statusChanged: true,
};

test.each(Object.keys(effectTypes))('the effect %s occurs at least ten times', (type) => {
  const told = histories
    .flatMap(({ effects }) => (effects ? [...effects.asked, ...effects.follows] : []))
    .map((effect) => effect.type);
  expect(counted(told)[type]).toBeGreaterThanOrEqual(10);
});

const ends = histories.flatMap(({ end, rules }) => (end && !rules ? [end] : []));
/** Every action has its time in the same place as a creation. */
const times = ({ create, steps }: History) =>
  [create, ...steps.map((step) => step.do)].map((json) => requestOf(json)?.at);
/** The chosen ids that a new version got. */
const idsChosenIn = ({ steps }: History) =>
  steps.flatMap(({ do: json, refused }) => {
    const action = actionOf(json);
    return refused === undefined && action.type === 'createVersion' ? (action.versionId ?? []) : [];
  });
const situations: Readonly<Record<string, number>> = {
  'a secret with twelve stages': ends.filter(({ stages }) => stages.length === 12).length,
  'a secret with twenty versions': ends.filter(({ versions }) => Object.keys(versions).length === 20).length,
  'a twenty-first version that took the place of another': ends.filter(
    ({ versions, versionsMade }) => Object.keys(versions).length === 20 && versionsMade > 20,
  ).length,
  'a version that was pruned': ends.filter(({ versions, versionsMade }) => versionsMade > Object.keys(versions).length)
    .length,
  'a secret that waits for its deletion': ends.filter(({ status }) => status === 'PENDING_DELETE').length,
  'a frozen secret': ends.filter(({ status }) => status === 'FROZEN').length,
  'a series that skipped numbers': ends.filter(({ lastNumber, versionsMade }) => lastNumber > versionsMade).length,
  'a series at its end': ends.filter(({ lastNumber }) => lastNumber === 1e15).length,
  'an id of a version that is gone, chosen again': histories.filter((history) => {
    const ids = idsChosenIn(history);
    return new Set(ids).size < ids.length;
  }).length,
  'a stage with a hostile name': ends.filter(({ stages }) => stages.some(({ name }) => name in {})).length,
  'a version with a hostile id': ends.filter(({ versions }) => Object.keys(versions).some((id) => id in {})).length,
  'a clock that goes back': histories.filter((history) =>
    times(history).some((at, index, all) => at < Number(all[index - 1])),
  ).length,
  'one millisecond twice': histories.filter((history) => new Set(times(history)).size <= history.steps.length).length,
  'other rules': histories.filter(({ rules }) => rules).length,
  'assumed rules': histories.filter(({ assumes }) => assumes).length,
};

test.each(Object.entries(situations))('%s is there: %s times', (_, times) => {
  expect(times).toBeGreaterThanOrEqual(10);
});
