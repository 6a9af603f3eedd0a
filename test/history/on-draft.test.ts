import fc from 'fast-check';
import { castDraft, enablePatches, produce, produceWithPatches } from 'immer';
import { beforeEach, expect, test } from 'vitest';
import { onDraft } from '../../src/history/index.ts';
import {
  applyAll,
  assignStage,
  awsSecretsManager,
  createSecret,
  createVersion,
  explain,
  pruneDeprecated,
  reduce,
  type SecretState,
  StageRefusedError,
  tryApplyAll,
} from '../../src/index.ts';
import { action, lived } from '../arbitraries.ts';
import { property } from '../property.ts';

enablePatches();

let secrets: { db: SecretState; api: SecretState };
beforeEach(() => {
  secrets = { db: createSecret({ name: 'db', at: 0 }), api: createSecret({ name: 'api', at: 0 }) };
});

property([lived, fc.array(action, { maxLength: 6 })])(
  'onDraft changes a draft like the operation changes a state',
  ({ state, dialect }, actions) => {
    const outcome = tryApplyAll(state, actions, dialect);
    const allOnDraft = () =>
      produce({ db: state }, (draft) => {
        for (const action of actions) onDraft(reduce)(draft.db, action, dialect);
      });
    if (!outcome.ok) {
      expect(allOnDraft).toThrow(new StageRefusedError(outcome.refusal, explain(outcome.refusal)));
      return;
    }
    expect(allOnDraft().db).toEqual(outcome.state);
    expect(Object.keys(allOnDraft().db.versions)).toEqual(Object.keys(outcome.state.versions));
    expect(produce({ db: state }, (draft) => onDraft(applyAll)(draft.db, actions, dialect)).db).toEqual(outcome.state);
  },
);

test('onDraft makes patches that show only what changed', () => {
  const [next, patches] = produceWithPatches(secrets, (draft) => {
    onDraft(createVersion)(draft.db, { at: 1, stages: [] });
    onDraft(assignStage)(draft.db, { stage: 'canary', versionId: 'v2', at: 2 });
  });
  expect(patches.map(({ op, path }) => `${op} ${path.join('/')}`).sort()).toEqual([
    'add db/stages/1',
    'add db/versions/v2',
    'replace db/lastNumber',
    'replace db/versionsMade',
  ]);
  expect(next.api).toBe(secrets.api);
});

test('onDraft keeps the reference if nothing changes', () => {
  const repeat = { stage: 'SYSCURRENT', versionId: 'v1', at: 0 };
  expect(produce(secrets, (draft) => onDraft(assignStage)(draft.db, repeat))).toBe(secrets);
  expect(produce(secrets, (draft) => onDraft(pruneDeprecated)(draft.db))).toBe(secrets);
});

test('onDraft does not change the draft if the operation refuses', () => {
  const next = produce(secrets, (draft) => {
    onDraft(createVersion)(draft.db, { at: 1 });
    expect(() => onDraft(assignStage)(draft.db, { stage: 'canary', versionId: 'v9', at: 2 })).toThrow(
      expect.objectContaining({ refusal: expect.objectContaining({ code: 'UNKNOWN_VERSION' }) }),
    );
  });
  expect(next.db).toEqual(createVersion(secrets.db, { at: 1 }));
});

test('onDraft reads a draft that was changed before', () => {
  const next = produce(secrets, (draft) => {
    draft.db.status = 'DISABLED';
    expect(() => onDraft(createVersion)(draft.db, { at: 1 })).toThrow('SECRET_NOT_ENABLED');
    draft.db.status = 'ENABLED';
    onDraft(createVersion)(draft.db, { at: 2 });
  });
  expect(next.db).toEqual(createVersion(secrets.db, { at: 2 }));
});

test('onDraft refuses a value that is not a draft, and a secret that the recipe has assigned', () => {
  const refusal = expect.objectContaining({
    code: 'INVALID_VALUE',
    field: 'draft',
    rule: expect.stringContaining('assign its next state instead'),
  });
  expect(() => onDraft(createVersion)(castDraft(secrets.db), { at: 1 })).toThrow(expect.objectContaining({ refusal }));
  produce(secrets, (draft) => {
    draft.db = castDraft(createVersion(secrets.db, { at: 1 }));
    expect(() => onDraft(createVersion)(draft.db, { at: 2 })).toThrow(expect.objectContaining({ refusal }));
  });
});

test('onDraft passes the dialect on, and refuses a draft of another one', () => {
  const aws = { db: createSecret({ name: 'db', at: 0 }, awsSecretsManager) };
  const next = produce(aws, (draft) => onDraft(createVersion)(draft.db, { at: 1 }, awsSecretsManager));
  expect(next.db).toEqual(createVersion(aws.db, { at: 1 }, awsSecretsManager));
  expect(() => produce(aws, (draft) => onDraft(createVersion)(draft.db, { at: 1 }))).toThrow('WRONG_DIALECT');
});

test('onDraft changes the draft to any state that the operation returns', () => {
  const other = createVersion(createSecret({ name: 'api', at: 5 }, awsSecretsManager), { at: 6 }, awsSecretsManager);
  expect(produce(secrets, (draft) => onDraft(() => other)(draft.db)).db).toEqual(other);
});
