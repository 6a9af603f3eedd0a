import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { type Dialect, nextVersionId, type SecretState, tryCreateSecret, tryReduce } from '../../src/index.ts';
import { action, createRequest, dialect } from '../arbitraries.ts';
import { MutableTable } from './mutable-table.ts';
import { NaiveImmer } from './naive-immer.ts';
import type { SecondOpinion, Table } from './second-opinion.ts';

const tableOf = (state: SecretState, dialect: Dialect): Table => ({
  name: state.name,
  status: state.status,
  scheduledDeleteTime: state.scheduledDeleteTime,
  versions: Object.values(state.versions)
    .sort((a, b) => a.ordinal - b.ordinal)
    .map(({ id, createTime }) => ({ id, createTime })),
  stages: state.stages,
  nextVersionId: nextVersionId(state, dialect),
});

// A deep run is a million operations: 20,000 histories of 50.
const { numRuns = 400 } = fc.readConfigureGlobal();
const [runs, minLength] = process.env['DEEP'] ? [20_000, 50] : [numRuns, 0];

test.prop([dialect, createRequest, fc.array(action, { minLength, maxLength: 50 })], { numRuns: runs })(
  'a mutable table and a naive immer recipe agree with the model in every refusal and every state',
  (dialect, request, actions) => {
    const opinions: SecondOpinion[] = [new MutableTable(), new NaiveImmer()];
    const born = tryCreateSecret(request, dialect);
    for (const opinion of opinions) {
      expect(opinion.create(request, dialect)).toBe(born.ok ? null : born.refusal.code);
    }
    if (!born.ok) return;

    let { state } = born;
    for (const action of actions) {
      const outcome = tryReduce(state, action, dialect);
      if (outcome.ok) state = outcome.state;
      for (const opinion of opinions) {
        expect(opinion.apply(action)).toBe(outcome.ok ? null : outcome.refusal.code);
        expect(opinion.table()).toEqual(tableOf(state, dialect));
      }
    }
  },
  600_000,
);
