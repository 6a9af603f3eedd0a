import fc from 'fast-check';
import { expect, describe as group, test } from 'vitest';
import { builtIns } from '../src/dialects/rules.ts';
import { record, redo, startHistory, tryRecord, undo } from '../src/history/index.ts';
import {
  applyAll,
  type BatchOutcome,
  createSecret,
  createVersion,
  deprecatedVersions,
  hasVersion,
  isDeprecated,
  laws,
  parseSecretState,
  plan,
  pruneDeprecated,
  reduce,
  type SecretAction,
  type SecretState,
  stagesOf,
  tryApplyAll,
  tryAssignStage,
  tryCreateSecret,
  tryCreateVersion,
  tryReduce,
  tryRemoveStage,
  versionOf,
  violations,
} from '../src/index.ts';
import { numberInSeries } from '../src/series.ts';
import {
  actionIn,
  birth,
  dialect,
  idIn,
  livedAnywhere,
  requestIn,
  stageIn,
  stageName,
  time,
  versionId,
  wish,
} from './arbitraries.ts';
import { enact } from './enact.ts';
import { expectFrozen, expectLoose } from './expect-frozen.ts';
import { property } from './property.ts';

const idsOf = (state: SecretState) => Object.keys(state.versions);

property([livedAnywhere])('A stage marks at most one version.', ({ state }) => {
  for (const stage of state.stages) {
    expect(idsOf(state).filter((id) => stagesOf(state, id).includes(stage.name))).toEqual([stage.versionId]);
  }
});

property([livedAnywhere, stageName, versionId, time])(
  'Assigning a stage puts it on that version, and every other stage stays where it was.',
  ({ state, dialect }, name, id, at) => {
    const stage = stageIn(dialect, name);
    const versionId = idIn(dialect, id);
    const from = versionOf(state, stage) ?? null;
    const outcome = tryAssignStage(state, { stage, versionId, at, from }, dialect);
    if (!outcome.ok) return;
    expect(versionOf(outcome.state, stage)).toBe(versionId);
    // But for the previous stage, where it follows.
    const { current, previous, previousFollows } = dialect.stages;
    const follows = previousFollows === 'any-move' && stage === current && from !== null && from !== versionId;
    const follower = follows ? previous : null;
    if (follower !== null) expect(versionOf(outcome.state, follower)).toBe(from);
    const others = (secret: SecretState) => secret.stages.filter(({ name }) => name !== stage && name !== follower);
    expect(others(outcome.state)).toEqual(others(state));
  },
);

property([livedAnywhere])(
  'A secret never has more stages than its dialect allows; moving a stage it has is always allowed.',
  ({ state, dialect }) => {
    const { current, previous, previousFollows, limit, limitCounts, move } = dialect.stages;
    const isCounted = (name: string) => limitCounts === 'all' || !builtIns(dialect).includes(name);
    expect(state.stages.filter(({ name }) => isCounted(name)).length).toBeLessThanOrEqual(limit);
    const isAwake = state.status === 'ENABLED';
    for (const { name: stage, versionId: from } of state.stages) {
      // The previous stage that would follow is no stage that the secret has: it may be one too many.
      const follows = previousFollows === 'any-move' && stage === current;
      const isNew = follows && versionOf(state, previous) === undefined;
      for (const versionId of idsOf(state)) {
        const moved = { stage, versionId, at: 50 };
        if (!isNew) expect(tryAssignStage(state, { ...moved, from }, dialect).ok).toBe(isAwake);
        const unnamed = tryAssignStage(state, moved, dialect);
        if (!isNew && move === 'free') expect(unnamed.ok).toBe(isAwake);
        if (isAwake && move === 'from-the-named-holder' && from !== versionId)
          expect(unnamed).toMatchObject({ refusal: { code: 'HOLDER_NOT_NAMED', stage, holder: from } });
      }
    }
  },
);

property([livedAnywhere])('A version is deprecated exactly when no stage marks it.', ({ state }) => {
  const marked = state.stages.map((stage) => stage.versionId);
  for (const id of idsOf(state)) expect(isDeprecated(state, id)).toBe(!marked.includes(id));
  expect([...deprecatedVersions(state)].sort()).toEqual(
    idsOf(state)
      .filter((id) => !marked.includes(id))
      .sort(),
  );
});

property([livedAnywhere, fc.option(fc.nat(3), { nil: undefined }), fc.option(fc.nat(20), { nil: undefined })])(
  'Pruning removes only deprecated versions, by default all of them, and pruning twice equals pruning once.',
  ({ state, dialect }, keep, createdBefore) => {
    const pruned = pruneDeprecated(state, { keep, createdBefore }, dialect);
    expect(pruned.stages).toBe(state.stages);
    expect(pruneDeprecated(pruned, { keep, createdBefore }, dialect)).toBe(pruned);
    const emptied = deprecatedVersions(pruneDeprecated(state, {}, dialect));
    if (dialect.versions.prune === 'keeps') {
      expect(pruned).toBe(state);
      expect(emptied).toEqual(deprecatedVersions(state));
      return;
    }
    expect(emptied).toEqual([]);

    const deprecated = deprecatedVersions(state);
    for (const [age, id] of [...deprecated].reverse().entries()) {
      const isYoung = createdBefore !== undefined && (state.versions[id]?.createTime ?? 0) >= createdBefore;
      expect(hasVersion(pruned, id)).toBe(age < (keep ?? 0) || isYoung);
    }
    const marked = idsOf(state).filter((id) => !deprecated.includes(id));
    expect(marked.every((id) => hasVersion(pruned, id))).toBe(true);
  },
);

property([livedAnywhere])('A built-in stage can move but cannot be removed.', ({ state, dialect }) => {
  const enabled = { ...state, status: 'ENABLED' } as const;
  const { current, previous, previousIsRemovable, pending, previousFollows } = dialect.stages;
  for (const stage of builtIns(dialect)) {
    const from = versionOf(state, stage);
    const removal = tryRemoveStage(enabled, { stage, at: 50 }, dialect);
    const isRemovable = stage === pending || (stage === previous && previousIsRemovable);
    if (!isRemovable) expect(removal).toMatchObject({ ok: false, refusal: { code: 'BUILT_IN_STAGE', stage } });
    else expect(removal.ok).toBe(from !== undefined);
    if (from === undefined) continue;
    // The previous stage that follows may be one too many.
    if (stage === current && previousFollows === 'any-move' && versionOf(state, previous) === undefined) continue;
    for (const versionId of idsOf(state)) {
      const moved = tryAssignStage(enabled, { stage, versionId, at: 50, from }, dialect);
      expect(moved.ok && versionOf(moved.state, stage)).toBe(versionId);
    }
  }
});

property([livedAnywhere])('Every stage marks a version that exists.', ({ state }) => {
  for (const stage of state.stages) expect(idsOf(state)).toContain(stage.versionId);
});

property([livedAnywhere, wish])(
  'An operation changes nothing it was given, and the same input gives the same output.',
  ({ state, dialect }, wish) => {
    const action = actionIn(dialect, wish, state);
    const stateBefore = JSON.stringify(state);
    const actionBefore = structuredClone(action);
    const once = tryReduce(state, action, dialect);
    const twice = tryReduce(state, action, dialect);
    expect(twice).toEqual(once);
    expect(JSON.stringify(state)).toBe(stateBefore);
    expect(action).toEqual(actionBefore);
    expect(Object.isFrozen(action)).toBe(false);
    if (action.type === 'createVersion' && action.stages) expect(Object.isFrozen(action.stages)).toBe(false);
    if (once.ok) expectFrozen(once.state);

    const loose = structuredClone(state);
    tryReduce(loose, action, dialect);
    tryApplyAll(loose, [action], dialect);
    expect(loose).toEqual(state);
    expectLoose(loose);
  },
);

property([livedAnywhere, stageName, stageName, versionId, versionId, time, time])(
  'Stages are independent: assigning two different stages gives the same secret in either order.',
  ({ state, dialect }, oneName, otherName, oneId, otherId, oneTime, otherTime) => {
    const move = (name: string, id: string, at: number): SecretAction<'assignStage'> => {
      const stage = stageIn(dialect, name);
      const from = versionOf(state, stage) ?? null;
      return { type: 'assignStage', stage, versionId: idIn(dialect, id), at, from };
    };
    const one = move(oneName, oneId, oneTime);
    const other = move(otherName, otherId, otherTime);
    fc.pre(one.stage !== other.stage);
    // A stage that follows another depends on it.
    const { current, previous, previousFollows } = dialect.stages;
    const moving: readonly (string | null)[] = [one.stage, other.stage];
    if (previousFollows === 'any-move') fc.pre(!(moving.includes(current) && moving.includes(previous)));
    const forth = tryApplyAll(state, [one, other], dialect);
    const back = tryApplyAll(state, [other, one], dialect);
    expect(back.ok).toBe(forth.ok);
    if (forth.ok && back.ok) expect(JSON.stringify(back.state)).toBe(JSON.stringify(forth.state));
  },
);

property([livedAnywhere, fc.array(wish, { maxLength: 8 })])(
  'A refused operation changes nothing; a batch happens whole or not at all.',
  ({ state, dialect }, wishes) => {
    const actions = wishes.map((wish) => actionIn(dialect, wish, state));
    const before = JSON.stringify(state);
    let oneByOne: BatchOutcome = { ok: true, state };
    for (const [index, action] of actions.entries()) {
      const { state: next } = oneByOne;
      const outcome = tryReduce(next, action, dialect);
      if (!outcome.ok) {
        oneByOne = { ...outcome, index };
        expect(() => reduce(next, action, dialect)).toThrow();
        break;
      }
      oneByOne = outcome;
    }
    const batch = tryApplyAll(state, actions, dialect);
    expect(batch).toEqual(oneByOne);
    if (batch.ok) expectFrozen(batch.state);
    expect(JSON.stringify(state)).toBe(before);
  },
);

property([livedAnywhere, wish])('Nothing changed, same reference.', ({ state, dialect }, wish) => {
  const action = actionIn(dialect, wish, state);
  const outcome = tryReduce(state, action, dialect);
  if (!outcome.ok) return;
  const isSame = JSON.stringify(outcome.state) === JSON.stringify(state);
  expect(outcome.state === state).toBe(isSame);
  expect(applyAll(state, [action], dialect) === state).toBe(isSame);

  const history = startHistory(state, { at: 0, length: 2, dialect });
  expect(record(history, action, { dialect }) === history).toBe(isSame);
  expect(undo(history)).toBe(history);
  expect(redo(history)).toBe(history);
});

property([dialect, birth, fc.array(wish, { maxLength: 40 })])(
  'No numbered version id is issued twice, and no chosen id is that of a version that exists.',
  (dialect, request, wishes) => {
    const born = tryCreateSecret(requestIn(dialect, request), dialect);
    if (!born.ok) return;
    let { state } = born;
    const issued = new Set(idsOf(state));
    const isNumbered = (id: string) => numberInSeries(id, dialect) > 0;
    for (const wish of wishes) {
      const outcome = tryReduce(state, actionIn(dialect, wish, state), dialect);
      if (!outcome.ok) continue;
      for (const id of idsOf(outcome.state).filter((id) => !hasVersion(state, id))) {
        if (isNumbered(id)) expect(issued).not.toContain(id);
        issued.add(id);
      }
      state = outcome.state;
    }
    for (const versionId of issued) {
      const again = tryCreateVersion({ ...state, status: 'ENABLED' }, { at: 0, versionId }, dialect);
      const exists = hasVersion(state, versionId);
      // This call gives the version its value.
      if (state.versions[versionId]?.withoutValue) continue;
      if (exists || isNumbered(versionId))
        expect(again).toMatchObject({ ok: false, refusal: { code: 'VERSION_ID_TAKEN', exists } });
      else expect(again).not.toMatchObject({ refusal: { code: 'VERSION_ID_TAKEN' } });
    }
  },
);

group(
  "A state is its JSON: parse(stringify(s)) equals s, and a parsed state that breaks a law is refused with the law's name.",
  () => {
    property([livedAnywhere])(
      'parse(stringify(s)) equals s, and so do a clone and a shuffled s',
      ({ state, dialect }) => {
        const accepted = { ok: true, state };
        expect(parseSecretState(JSON.parse(JSON.stringify(state)), dialect)).toEqual(accepted);
        expect(parseSecretState(structuredClone(state), dialect)).toEqual(accepted);
        const reversed = Object.fromEntries(
          Object.entries({ ...state, stages: [...state.stages].reverse() }).reverse(),
        );
        const parsed = parseSecretState(reversed, dialect);
        expect(parsed.ok && JSON.stringify(parsed.state)).toBe(JSON.stringify(state));
        if (parsed.ok) expectFrozen(parsed.state);
      },
    );

    /** For each law, what in a lawful secret of two versions would break it. */
    const broken = (id: string): object | undefined => {
      const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1 });
      const [current, previous] = two.stages;
      const [v1, v2] = Object.values(two.versions);
      const many = Array.from({ length: 21 }, (_, index) => ({
        id: `v${index + 1}`,
        createTime: 0,
        ordinal: index + 1,
      }));
      const changes: Record<string, object> = {
        'one-version-a-stage': { stages: [current, previous, { ...current, versionId: 'v1' }] },
        'stage-limit': { stages: many.slice(0, 13).map(({ id }) => ({ name: id, versionId: 'v1', updateTime: 0 })) },
        'stages-mark-versions': { stages: [{ ...current, versionId: 'v9' }] },
        'versions-by-id': { versions: { v1, v2: { ...v2, id: 'v3' } } },
        'version-limit': {
          versions: Object.fromEntries(many.map((version) => [version.id, version])),
          versionsMade: 21,
          lastNumber: 21,
        },
        'one-order-of-versions': { versions: { v1, v2: { ...v2, ordinal: 1 } } },
        'value-may-come-later': { versions: { v1, v2: { ...v2, withoutValue: true } } },
        'deletion-has-a-time': { status: 'PENDING_DELETE' },
        'numbered-ids-issued-once': { lastNumber: 1 },
      };
      return { ...two, ...changes[id] };
    };

    test.each(laws.map((law) => law.id))('a parsed state that breaks %s is refused with the name of the law', (law) => {
      const outcome = parseSecretState(broken(law));
      expect(outcome).toMatchObject({
        ok: false,
        refusal: { code: 'INVALID_STATE', problems: [{ path: 'state', law }] },
      });
    });
  },
);

property([livedAnywhere, wish])(
  "A plan is what happens: its next state is reduce's, and its effects account for every difference, no more.",
  ({ state, dialect }, wish) => {
    const action = actionIn(dialect, wish, state);
    const outcome = tryReduce(state, action, dialect);
    const planned = plan(state, action, dialect);
    expect(planned).toMatchObject(outcome.ok ? { allowed: true } : { allowed: false, refusal: outcome.refusal });
    if (!planned.allowed || !outcome.ok) return;
    expect(planned.state).toEqual(outcome.state);

    const effects = [...planned.asked, ...planned.follows];
    const after = JSON.stringify(outcome.state);
    expect(JSON.stringify(enact(state, effects, dialect))).toBe(after);
    for (const effect of effects) {
      const others = effects.filter((other) => other !== effect);
      if (effect.type === 'versionDeprecated' || effect.type === 'versionRevived') {
        const { versionId } = effect;
        expect(isDeprecated(outcome.state, versionId)).toBe(effect.type === 'versionDeprecated');
        expect(isDeprecated(state, versionId)).toBe(effect.type === 'versionRevived');
      } else expect(JSON.stringify(enact(state, others, dialect))).not.toBe(after);
    }
  },
);

property([livedAnywhere, fc.array(wish, { maxLength: 20 })])(
  'A change undone is the state before it.',
  ({ state, dialect }, wishes) => {
    const actions = wishes.map((wish) => actionIn(dialect, wish, state));
    let history = startHistory(state, { at: 0, length: actions.length, dialect });
    const states = [JSON.stringify(state)];
    for (const action of actions) {
      const outcome = tryRecord(history, action, { dialect });
      if (!outcome.ok || outcome.history === history) continue;
      history = outcome.history;
      states.push(JSON.stringify(history.present));
    }
    const end = history;
    for (const before of states.toReversed().slice(1)) {
      history = undo(history);
      expect(JSON.stringify(history.present)).toBe(before);
      expectFrozen(history);
    }
    for (const after of states.slice(1)) {
      history = redo(history);
      expect(JSON.stringify(history.present)).toBe(after);
    }
    expect(history).toEqual(end);
  },
);

test.each([0, 3])('a version cannot have been the one of number %i of two', (ordinal) => {
  const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1 });
  const v2 = { id: 'v2', createTime: 1, ordinal };
  const violated = violations({ ...two, versions: { ...two.versions, v2 } });
  expect(violated.map(({ id }) => id)).toEqual(['one-order-of-versions']);
});

property([livedAnywhere])('No state that the operations make breaks a law.', ({ state, dialect }) => {
  expect(violations(state, dialect)).toEqual([]);
});
