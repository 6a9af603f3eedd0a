import fc from 'fast-check';
import { type History, record, redo, startHistory, undo } from '../../src/history/index.ts';
import { type Dialect, type SecretState, tryReduce } from '../../src/index.ts';
import { action, lived } from '../arbitraries.ts';

/** A history that was lived, with every state that it ever was in by its revision. */
export interface Recorded {
  readonly dialect: Dialect;
  readonly history: History;
  readonly states: ReadonlyMap<number, SecretState>;
}

const step = fc.oneof(
  { weight: 8, arbitrary: action },
  { weight: 1, arbitrary: fc.constantFrom('undo' as const, 'redo' as const) },
);

/** A history of a few or, on wish, of many steps; refused actions are skipped. */
export const recorded = ({ maxLength = 30, length = fc.nat(20) } = {}): fc.Arbitrary<Recorded> =>
  fc.record({ lived, length, steps: fc.array(step, { maxLength }) }).map(({ lived, length, steps }) => {
    const { dialect, state } = lived;
    let history = startHistory(state, { at: 10, length, dialect });
    const states = new Map([[1, state]]);
    for (const step of steps) {
      if (step === 'undo') history = undo(history);
      else if (step === 'redo') history = redo(history);
      else if (tryReduce(history.present, step, dialect).ok) history = record(history, step, { dialect });
      if (!states.has(history.lastRevision)) states.set(history.lastRevision, history.present);
    }
    return { dialect, history, states };
  });
