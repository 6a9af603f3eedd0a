import { expect, test } from 'vitest';
import {
  createSecret,
  type Dialect,
  deprecatedVersions,
  huaweiCsms,
  type SecretAction,
  type SecretState,
  type Stage,
  stagesOf,
  tryReduce,
  versionOf,
  versionsByAge,
  violations,
} from '../src/index.ts';

const stageNames = ['SYSCURRENT', 'SYSPREVIOUS', 'blue', 'green'];
const at = 0;

/** Each of the sixteen sets of stage names. */
const stageLists = Array.from({ length: 2 ** stageNames.length }, (_, bits) =>
  stageNames.filter((_, index) => bits & (1 << index)),
);

/** Everything that can be asked of a secret, but for other names and more times. */
const actionsOn = (state: SecretState): readonly SecretAction[] => {
  const ids = Object.keys(state.versions);
  return [
    { type: 'createVersion', at },
    ...stageLists.map((stages): SecretAction => ({ type: 'createVersion', at, stages })),
    ...stageNames.flatMap((stage): SecretAction[] => [
      { type: 'removeStage', stage, at },
      ...ids.map((from): SecretAction => ({ type: 'removeStage', stage, at, from })),
      ...ids.flatMap((versionId): SecretAction[] => [
        { type: 'assignStage', stage, versionId, at },
        { type: 'assignStage', stage, versionId, at: at + 1 },
        ...[...ids, null].map((from): SecretAction => ({ type: 'assignStage', stage, versionId, at, from })),
      ]),
    ]),
    { type: 'pruneDeprecated' },
    { type: 'pruneDeprecated', keep: 1 },
    { type: 'scheduleDeletion', at },
    { type: 'restore', at },
    { type: 'setStatus', status: 'ENABLED', at },
    { type: 'setStatus', status: 'DISABLED', at },
    { type: 'setStatus', status: 'FROZEN', at },
  ];
};

/** What an accepted action must have done, by the laws about steps. */
const checkStep = (before: SecretState, action: SecretAction, after: SecretState, dialect: Dialect): void => {
  if (action.type === 'pruneDeprecated' && !action.keep) expect(deprecatedVersions(after)).toEqual([]);
  if (action.type === 'removeStage') {
    expect(dialect.builtInStages).not.toContain(action.stage);
    expect(versionOf(after, action.stage)).toBeUndefined();
  }
  if (action.type === 'assignStage') {
    expect(versionOf(after, action.stage)).toBe(action.versionId);
    if (action.from !== undefined) expect(versionOf(before, action.stage) ?? null).toBe(action.from);
    const isOther = (stage: Stage) => stage.name !== action.stage;
    if (!dialect.previousFollowsMove) expect(after.stages.filter(isOther)).toEqual(before.stages.filter(isOther));
  }
};

/** Two secrets are the same here if they differ in nothing but the names of their versions. */
const keyOf = (state: SecretState): string =>
  JSON.stringify([state.status, versionsByAge(state).map(({ id }) => stagesOf(state, id))]);

/** Walks from a new secret to every state there is, and checks each of them and each step that is not refused. */
const walk = (dialect: Dialect): { readonly states: number; readonly steps: number } => {
  const start = createSecret({ name: 'db', at }, dialect);
  const seen = new Map([[keyOf(start), start]]);
  let steps = 0;
  // A Map iterates also over what is added on the way.
  for (const state of seen.values()) {
    expect(violations(state, dialect)).toEqual([]);
    const before = JSON.stringify(state);
    for (const action of actionsOn(state)) {
      const outcome = tryReduce(state, action, dialect);
      if (!outcome.ok) continue;
      steps++;
      expect(outcome.state === state).toBe(JSON.stringify(outcome.state) === before);
      checkStep(state, action, outcome.state, dialect);
      const key = keyOf(outcome.state);
      if (!seen.has(key)) seen.set(key, outcome.state);
    }
    expect(JSON.stringify(state)).toBe(before);
  }
  return { states: seen.size, steps };
};

const small = { ...huaweiCsms, stageLimit: 3, versionLimit: 3 };

// In each of the four statuses: n versions (1 to 3), SYSCURRENT on one of them, and at most two of the three other stages
// on any. A walk that finds as many has found them all.
const all = 4 * [1, 2, 3].reduce((sum, n) => sum + n * (1 + 3 * n + 3 * n * n), 0);

test(`every one of the ${all} states of a small world obeys every law`, () => {
  expect(walk(small)).toEqual({ states: 624, steps: 9146 });
  expect(all).toBe(624);
});

test.each([
  ['previousFollowsMove', 8960],
  ['previousFollowsListedCurrent', 8964],
  ['deprecatedIsFinal', 7844],
  ['repeatKeepsTime', 9146],
  ['stagesNeverRest', 22_508],
  ['versionLimitIsHard', 8204],
  ['pruningNeedsEnabled', 8210],
  ['deletionNeedsEnabled', 8834],
] as const)('so does every state when %s is turned on', (assumption, steps) => {
  expect(walk({ ...small, [assumption]: true })).toEqual({ states: 624, steps });
});
