import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import {
  alibabaKms,
  awsSecretsManager,
  type CreateSecret,
  contradictions,
  type Dialect,
  googleSecretManager,
  huaweiCsms,
  latestVersion,
  nextVersionId,
  type Refusal,
  type SecretState,
  tryCreateSecret,
  tryReduce,
} from '../../src/index.ts';
import { actionIn, birth, clouds, dialect, requestIn, shrunk, type Wish, wish } from '../arbitraries.ts';
import { MutableTable } from './mutable-table.ts';
import { NaiveImmer } from './naive-immer.ts';
import type { SecondOpinion, Table } from './second-opinion.ts';

const tableOf = (state: SecretState, dialect: Dialect): Table => ({
  name: state.name,
  status: state.status,
  scheduledDeleteTime: state.scheduledDeleteTime,
  versions: Object.values(state.versions)
    .sort((a, b) => a.ordinal - b.ordinal)
    .map(({ id, createTime, fingerprint }) => ({ id, createTime, fingerprint })),
  stages: state.stages,
  nextVersionId: nextVersionId(state, dialect),
  latestVersion: latestVersion(state, dialect),
});

const answerTo = (
  outcome: { readonly ok: true } | { readonly ok: false; readonly refusal: Refusal },
): string | null => {
  if (outcome.ok) return null;
  const { refusal } = outcome;
  const roomAt = refusal.code === 'VERSION_LIMIT' ? refusal.roomAt : undefined;
  return roomAt === undefined ? refusal.code : `${refusal.code} until ${roomAt}`;
};

/** How the model answered each wish of a story. Both opinions answered the same, and were left with the same table. */
const live = (dialect: Dialect, request: CreateSecret, wishes: readonly Wish[]): readonly string[] => {
  const opinions: readonly SecondOpinion[] = [new MutableTable(), new NaiveImmer()];
  const named = requestIn(dialect, request);
  const born = tryCreateSecret(named, dialect);
  for (const opinion of opinions) expect(opinion.create(named, dialect)).toBe(answerTo(born));
  if (!born.ok) return [`createSecret: ${born.refusal.code}`];

  const answers = [named.versionId === null ? 'createSecret: done without a version' : 'createSecret: done'];
  let { state } = born;
  for (const [index, wish] of wishes.entries()) {
    // A rough limit is one that a secret may be past, and this is how it gets there.
    const isEarly = dialect.versionLimitIsRough && index < 10;
    const rules = isEarly ? { ...dialect, versionLimit: 100 } : dialect;
    const action = actionIn(rules, wish, state);
    const outcome = tryReduce(state, action, rules);
    const answer = answerTo(outcome);
    for (const opinion of opinions) expect(opinion.apply(action, rules)).toBe(answer);
    const isSame = outcome.ok && outcome.state === state;
    if (outcome.ok) state = outcome.state;
    for (const opinion of opinions) expect(opinion.table(rules)).toEqual(tableOf(state, rules));
    const done = isSame ? 'nothing to do' : 'done';
    answers.push(`${action.type}: ${answer?.replace(/\d+/, 'a time') ?? done}`);
  }
  return answers;
};

// A deep run is a million operations: 20,000 histories of 50.
const { numRuns = 400 } = fc.readConfigureGlobal();
const [runs, minLength] = process.env['DEEP'] ? [20_000, 50] : [numRuns, 0];
const wishes = fc.array(wish, { minLength, maxLength: 50 });

test.prop([dialect, birth, wishes], { numRuns: runs })(
  'a mutable table and a naive immer recipe agree with the model in every refusal and every state',
  (dialect, request, wishes) => {
    live(dialect, request, wishes);
  },
  600_000,
);

/** How often each answer is heard in so many stories, always the same ones. */
const heard = (dialect: fc.Arbitrary<Dialect>, numRuns: number): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  const stories = fc.tuple(dialect, birth, fc.array(wish, { minLength: 30, maxLength: 50 }));
  for (const story of fc.sample(stories, { seed: 20_261_124, numRuns })) {
    for (const answer of live(...story)) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  return counts;
};
/** Every answer that some dialect gives. */
const answers = [
  'createSecret: INVALID_VALUE',
  'createSecret: done',
  'createSecret: done without a version',
  'createVersion: SECRET_NOT_ENABLED',
  'createVersion: INVALID_VALUE',
  'createVersion: VERSION_ID_TAKEN',
  'createVersion: STAGE_LIST_LIMIT',
  'createVersion: STAGE_LIMIT',
  'createVersion: VERSION_LIMIT',
  'createVersion: VERSION_LIMIT until a time',
  'createVersion: nothing to do',
  'createVersion: done',
  'assignStage: SECRET_NOT_ENABLED',
  'assignStage: INVALID_VALUE',
  'assignStage: UNKNOWN_VERSION',
  'assignStage: WRONG_HOLDER',
  'assignStage: HOLDER_NOT_NAMED',
  'assignStage: DEPRECATED_VERSION',
  'assignStage: STAGE_LIMIT',
  'assignStage: nothing to do',
  'assignStage: done',
  'removeStage: SECRET_NOT_ENABLED',
  'removeStage: INVALID_VALUE',
  'removeStage: BUILT_IN_STAGE',
  'removeStage: UNKNOWN_STAGE',
  'removeStage: WRONG_HOLDER',
  'removeStage: done',
  'pruneDeprecated: SECRET_NOT_ENABLED',
  'pruneDeprecated: INVALID_VALUE',
  'pruneDeprecated: nothing to do',
  'pruneDeprecated: done',
  'scheduleDeletion: ACTION_NOT_OFFERED',
  'scheduleDeletion: DELETION_ALREADY_SCHEDULED',
  'scheduleDeletion: SECRET_NOT_ENABLED',
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

// No cloud has these rules: deprecatedIsFinal, pruningNeedsEnabled, deletionNeedsEnabled.
const ofNoCloud = [
  'assignStage: DEPRECATED_VERSION',
  'pruneDeprecated: SECRET_NOT_ENABLED',
  'scheduleDeletion: SECRET_NOT_ENABLED',
];

/** What a cloud never answers, by its rules. */
const unheard: Readonly<Record<string, readonly string[]>> = {
  [huaweiCsms.name]: [
    'createSecret: done without a version',
    'createVersion: VERSION_LIMIT until a time',
    'createVersion: nothing to do',
    'assignStage: HOLDER_NOT_NAMED',
    'scheduleDeletion: ACTION_NOT_OFFERED',
  ],
  [awsSecretsManager.name]: ['pruneDeprecated: done', 'scheduleDeletion: ACTION_NOT_OFFERED', 'setStatus: done'],
  [alibabaKms.name]: [
    'createSecret: done without a version',
    'createVersion: VERSION_LIMIT until a time',
    'assignStage: HOLDER_NOT_NAMED',
    'pruneDeprecated: done',
    'scheduleDeletion: ACTION_NOT_OFFERED',
    'setStatus: done',
  ],
  [googleSecretManager.name]: [
    'createVersion: SECRET_NOT_ENABLED',
    'createVersion: STAGE_LIMIT',
    'createVersion: VERSION_LIMIT',
    'createVersion: VERSION_LIMIT until a time',
    'createVersion: nothing to do',
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

test.each(clouds)('the stories of $name, with small limits, hear every answer that it can give', (cloud) => {
  const never = [...ofNoCloud, ...(unheard[cloud.name] ?? [])];
  const counts = heard(fc.constant(shrunk(cloud, 3, 3)), 250);
  expect([...counts.keys()].sort()).toEqual(answers.filter((answer) => !never.includes(answer)).sort());
});

// About the stories alone, so a mutation run, in which it takes more than a minute, does without it.
const isMutated = process.env['STRYKER_MUTATOR_WORKER'] !== undefined;

test.skipIf(isMutated)('the stories of all dialects hear every answer, and each at least five times', () => {
  const counts = heard(dialect, 600);
  expect([...counts.keys()].sort()).toEqual([...answers].sort());
  expect(answers.filter((answer) => (counts.get(answer) ?? 0) < 5)).toEqual([]);
});

test('every dialect that is drawn is sound, every cloud is drawn, and every rule with more than one value', () => {
  const drawn = fc.sample(dialect, { seed: 20_261_124, numRuns: 400 });
  expect(drawn.flatMap(contradictions)).toEqual([]);
  for (const cloud of clouds) expect(drawn).toContain(cloud);
  for (const [rule] of huaweiCsms.sources.evidence) {
    expect([rule, new Set(drawn.map((dialect) => `${dialect[rule]}`)).size > 1]).toEqual([rule, true]);
  }
});
