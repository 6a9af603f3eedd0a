import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  alibabaKms,
  awsSecretsManager,
  type CreateSecret,
  contradictions,
  type Dialect,
  defineDialect,
  googleSecretManager,
  huaweiCsms,
  latestVersion,
  nextVersionId,
  type Refusal,
  type SecretAction,
  type SecretState,
  tryApplyAll,
  tryCreateSecret,
  tryReduce,
} from '../../src/index.ts';
import { actionIn, birth, clouds, dialect, requestIn, shrunk, type Wish, wish } from '../arbitraries.ts';
import { isDeep, isMutated, property, runs, sample } from '../property.ts';
import { MutableTable } from './mutable-table.ts';
import type { SecondOpinion, Table } from './second-opinion.ts';

const tableOf = (state: SecretState, dialect: Dialect): Table => ({
  name: state.name,
  status: state.status,
  scheduledDeleteTime: state.scheduledDeleteTime,
  versions: Object.values(state.versions)
    .sort((a, b) => a.ordinal - b.ordinal)
    .map(({ id, createTime, fingerprint, withoutValue }) => ({ id, createTime, fingerprint, hasValue: !withoutValue })),
  stages: state.stages,
  versionsMade: state.versionsMade,
  nextVersionId: nextVersionId(state, dialect),
  latestVersion: latestVersion(state, dialect),
});

const answerTo = (
  outcome: { readonly ok: true } | { readonly ok: false; readonly refusal: Refusal; readonly index?: number },
): string | null => {
  if (outcome.ok) return null;
  const { refusal, index } = outcome;
  const where = index === undefined ? '' : `${index}: `;
  if (refusal.code === 'WRONG_DIALECT') return `${where}WRONG_DIALECT: ${refusal.stateDialect}, not ${refusal.dialect}`;
  const roomAt = refusal.code === 'VERSION_LIMIT' ? refusal.roomAt : undefined;
  return `${where}${refusal.code}${roomAt === undefined ? '' : ` until ${roomAt}`}`;
};

/** How many wishes of ten are one batch, and which is made under the rules of another cloud first. */
const [batchOf, elsewhere] = [3, 2];

/** How the model answered each wish of a story. The opinion answered the same, and was left with the same table. */
const live = (dialect: Dialect, request: CreateSecret, wishes: readonly Wish[]): readonly string[] => {
  const opinion: SecondOpinion = new MutableTable();
  const named = requestIn(dialect, request);
  const born = tryCreateSecret(named, dialect);
  expect(opinion.create(named, dialect)).toBe(answerTo(born));
  if (!born.ok) return [`createSecret: ${born.refusal.code}`];

  const answers = [named.versionId === null ? 'createSecret: done without a version' : 'createSecret: done'];
  let { state } = born;
  let batch: SecretAction[] = [];
  for (const [index, wish] of wishes.entries()) {
    // A rough limit is one that a secret may be past, and this is how it gets there.
    const { limit } = dialect.versions;
    const isEarly = limit?.whenFull === 'drop-oldest-deprecated' && limit.isRough && index < 10;
    const rules = isEarly ? defineDialect(dialect, { versions: { limit: { ...limit, most: 100 } } }) : dialect;
    const action = actionIn(rules, wish, state);
    if (index % 10 === elsewhere) {
      const [other = dialect] = clouds.filter(({ id }) => id !== dialect.id).slice(index % (clouds.length - 1));
      const refused = answerTo(tryReduce(state, action, other));
      expect(refused).toBe(`WRONG_DIALECT: ${dialect.id}, not ${other.id}`);
      expect(opinion.apply(action, other)).toBe(refused);
      expect(opinion.applyAll([action], other)).toBe(answerTo(tryApplyAll(state, [action], other)));
      answers.push(`${action.type}: WRONG_DIALECT`);
    }
    batch.push(action);
    const isBatch = index % 10 >= 10 - batchOf;
    if (isBatch && index % 10 < 9) continue;

    const outcome = isBatch ? tryApplyAll(state, batch, rules) : tryReduce(state, action, rules);
    const answer = answerTo(outcome);
    expect(isBatch ? opinion.applyAll(batch, rules) : opinion.apply(action, rules)).toBe(answer);
    batch = [];
    const isSame = outcome.ok && outcome.state === state;
    const isFilled = outcome.ok && outcome.state.versionsMade === state.versionsMade && !isSame;
    if (outcome.ok) state = outcome.state;
    expect(opinion.table(rules)).toEqual(tableOf(state, rules));
    const isGiven = isFilled && action.type === 'createVersion';
    const done = isGiven ? 'done to a version without a value' : isSame ? 'nothing to do' : 'done';
    if (isBatch) answers.push(`batch: ${answer === null ? 'done' : 'refused'}`);
    else answers.push(`${action.type}: ${answer?.replace(/\d+/, 'a time') ?? done}`);
  }
  // The last id of the series, whether or not its version exists, and one ahead of the next.
  for (const ahead of [0, 2]) {
    const versionId = `${dialect.versions.idPrefix}${state.lastNumber + ahead}`;
    const action: SecretAction = { type: 'createVersion', at: 5, versionId };
    const outcome = tryReduce(state, action, dialect);
    expect(opinion.apply(action, dialect)).toBe(answerTo(outcome));
    if (outcome.ok) state = outcome.state;
    expect(opinion.table(dialect)).toEqual(tableOf(state, dialect));
  }
  return answers;
};

// A deep run is a million operations: 20,000 histories of 50.
const wishes = fc.array(wish, { minLength: isDeep ? 50 : 0, maxLength: 50 });

property([dialect, birth, wishes], { numRuns: runs(400, 20_000) })(
  'a mutable table agrees with the model in every refusal and every state',
  (dialect, request, wishes) => {
    live(dialect, request, wishes);
  },
  600_000,
);

/** How often each answer is heard in so many stories, always the same ones. */
const heard = (dialect: fc.Arbitrary<Dialect>, count: number): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  const stories = fc.tuple(dialect, birth, fc.array(wish, { minLength: 30, maxLength: 50 }));
  for (const story of sample(stories, count)) {
    for (const answer of live(...story)) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  return counts;
};
/** Every answer that some dialect gives. */
const answers = [
  'createSecret: INVALID_VALUE',
  'createSecret: done',
  'createSecret: done without a version',
  'batch: done',
  'batch: refused',
  'createVersion: WRONG_DIALECT',
  'assignStage: WRONG_DIALECT',
  'removeStage: WRONG_DIALECT',
  'pruneDeprecated: WRONG_DIALECT',
  'scheduleDeletion: WRONG_DIALECT',
  'restore: WRONG_DIALECT',
  'setStatus: WRONG_DIALECT',
  'createVersion: SECRET_NOT_ENABLED',
  'createVersion: INVALID_VALUE',
  'createVersion: VERSION_ID_TAKEN',
  'createVersion: ROTATION_INCOMPLETE',
  'createVersion: STAGE_LIST_LIMIT',
  'createVersion: STAGE_LIMIT',
  'createVersion: VERSION_LIMIT',
  'createVersion: VERSION_LIMIT until a time',
  'createVersion: nothing to do',
  'createVersion: done',
  'createVersion: done to a version without a value',
  'assignStage: SECRET_NOT_ENABLED',
  'assignStage: INVALID_VALUE',
  'assignStage: UNKNOWN_VERSION',
  'assignStage: WRONG_HOLDER',
  'assignStage: HOLDER_NOT_NAMED',
  'assignStage: STAGE_LIMIT',
  'assignStage: nothing to do',
  'assignStage: done',
  'removeStage: SECRET_NOT_ENABLED',
  'removeStage: INVALID_VALUE',
  'removeStage: BUILT_IN_STAGE',
  'removeStage: UNKNOWN_STAGE',
  'removeStage: WRONG_HOLDER',
  'removeStage: done',
  'pruneDeprecated: INVALID_VALUE',
  'pruneDeprecated: nothing to do',
  'pruneDeprecated: done',
  'scheduleDeletion: ACTION_NOT_OFFERED',
  'scheduleDeletion: DELETION_ALREADY_SCHEDULED',
  'scheduleDeletion: INVALID_VALUE',
  'scheduleDeletion: done',
  'restore: DELETION_NOT_SCHEDULED',
  'restore: INVALID_VALUE',
  'restore: done',
  'setStatus: SECRET_NOT_ENABLED',
  'setStatus: INVALID_VALUE',
  'setStatus: nothing to do',
  'setStatus: done',
];

/** What a cloud never answers, by its rules. */
const unheard: Readonly<Record<string, readonly string[]>> = {
  [huaweiCsms.id]: [
    'createSecret: done without a version',
    'createVersion: VERSION_LIMIT until a time',
    'createVersion: nothing to do',
    'createVersion: done to a version without a value',
    'createVersion: ROTATION_INCOMPLETE',
    'assignStage: HOLDER_NOT_NAMED',
    'scheduleDeletion: ACTION_NOT_OFFERED',
  ],
  [awsSecretsManager.id]: ['pruneDeprecated: done', 'scheduleDeletion: ACTION_NOT_OFFERED', 'setStatus: done'],
  [alibabaKms.id]: [
    'createSecret: done without a version',
    'createVersion: VERSION_LIMIT until a time',
    'createVersion: done to a version without a value',
    'createVersion: ROTATION_INCOMPLETE',
    'assignStage: HOLDER_NOT_NAMED',
    'pruneDeprecated: done',
    'scheduleDeletion: ACTION_NOT_OFFERED',
    'setStatus: done',
  ],
  [googleSecretManager.id]: [
    'createVersion: SECRET_NOT_ENABLED',
    'createVersion: STAGE_LIMIT',
    'createVersion: VERSION_LIMIT',
    'createVersion: VERSION_LIMIT until a time',
    'createVersion: nothing to do',
    'createVersion: done to a version without a value',
    'createVersion: ROTATION_INCOMPLETE',
    'assignStage: SECRET_NOT_ENABLED',
    'assignStage: HOLDER_NOT_NAMED',
    'removeStage: SECRET_NOT_ENABLED',
    'removeStage: BUILT_IN_STAGE',
    'pruneDeprecated: done',
    'scheduleDeletion: DELETION_ALREADY_SCHEDULED',
    'scheduleDeletion: INVALID_VALUE',
    'scheduleDeletion: done',
    'restore: INVALID_VALUE',
    'restore: done',
    'setStatus: SECRET_NOT_ENABLED',
    'setStatus: done',
  ],
};

test.each(clouds)('the stories of $title, with small limits, cover every outcome', (cloud) => {
  const never = unheard[cloud.id] ?? [];
  const counts = heard(fc.constant(shrunk(cloud, 3, 3)), 400);
  expect([...counts.keys()].sort()).toEqual(answers.filter((answer) => !never.includes(answer)).sort());
});

// About the stories alone, so a mutation run, in which it takes more than a minute, does without it.
test.skipIf(isMutated)('the stories of all dialects cover every outcome at least five times', () => {
  const counts = heard(dialect, 1000);
  expect([...counts.keys()].sort()).toEqual([...answers].sort());
  expect(answers.filter((answer) => (counts.get(answer) ?? 0) < 5)).toEqual([]);
});

test('the generated dialects are valid, and cover every cloud and every rule with more than one value', () => {
  const drawn = sample(dialect, 400);
  expect(drawn.flatMap(contradictions)).toEqual([]);
  for (const cloud of clouds) expect(drawn).toContain(cloud);
  for (const group of ['secret', 'stages', 'versions'] as const) {
    for (const rule of Object.keys(huaweiCsms[group])) {
      const values = drawn.map((dialect) =>
        JSON.stringify(Object.entries(dialect[group]).find(([name]) => name === rule)),
      );
      expect([rule, new Set(values).size > 1]).toEqual([rule, true]);
    }
  }
});
