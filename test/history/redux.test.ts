import { configureStore, createSlice, original, type PayloadAction } from '@reduxjs/toolkit';
import { castDraft } from 'immer';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { onDraft } from '../../src/history/index.ts';
import {
  type AssignStage,
  assignStage,
  type CreateVersion,
  createSecret,
  createVersion,
  type SecretState,
  tryAssignStage,
  versionOf,
} from '../../src/index.ts';

type Named<Request> = PayloadAction<Request & { readonly name: string }>;

const initialState: Record<string, SecretState> = { db: createSecret({ name: 'db', at: 0 }) };

const slice = createSlice({
  name: 'secrets',
  initialState,
  reducers: {
    /** Grafts the result: the whole secret in place of the one before. */
    versionCreated: (secrets, { payload: { name, ...request } }: Named<CreateVersion>) => {
      const state = original(secrets)?.[name];
      if (state) secrets[name] = castDraft(createVersion(state, request));
    },
    /** Works on the draft. */
    stageAssigned: (secrets, { payload: { name, ...request } }: Named<AssignStage>) => {
      const secret = secrets[name];
      if (secret) onDraft(assignStage)(secret, request);
    },
  },
});
const { versionCreated, stageAssigned } = slice.actions;

const storeOf = () => configureStore({ reducer: { secrets: slice.reducer } });

let complaints: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  // The checks for what cannot be serialised and for what was mutated are off in production. Benchmarks in this process set that.
  vi.stubEnv('NODE_ENV', 'test');
  onTestFinished(() => void vi.unstubAllEnvs());
  complaints = vi.spyOn(console, 'error').mockImplementation(() => {});
});

test('a Redux store takes states, assigned results and operations on drafts without warnings', () => {
  const store = storeOf();
  store.dispatch(versionCreated({ name: 'db', at: 1 }));
  store.dispatch(stageAssigned({ name: 'db', stage: 'canary', versionId: 'v1', at: 2 }));
  store.dispatch(versionCreated({ name: 'db', at: 3, versionId: '__proto__' }));

  const { db } = store.getState().secrets;
  const v2 = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1 });
  const marked = assignStage(v2, { stage: 'canary', versionId: 'v1', at: 2 });
  expect(db).toEqual(createVersion(marked, { at: 3, versionId: '__proto__' }));
  expect(db && versionOf(db, 'SYSCURRENT')).toBe('__proto__');
  expect(complaints).not.toHaveBeenCalled();
});

test('the checks of Redux Toolkit are on: they report a Map in a payload', () => {
  storeOf().dispatch(stageAssigned({ name: 'none', stage: new Map() as never, versionId: 'v1', at: 2 }));
  expect(complaints).toHaveBeenCalled();
});

test('dispatch throws a refusal, and does not change the store', () => {
  const store = storeOf();
  const before = store.getState();
  const move = { stage: 'canary', versionId: 'v9', at: 2 };
  expect(() => store.dispatch(stageAssigned({ name: 'db', ...move }))).toThrow('UNKNOWN_VERSION');
  expect(store.getState()).toBe(before);
  expect(before.secrets['db'] && tryAssignStage(before.secrets['db'], move).ok).toBe(false);
});
