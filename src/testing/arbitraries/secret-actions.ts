import { type Arbitrary, array, type Random, Value } from 'fast-check';
import { createSecret, type SecretAction, tryReduce } from '../../operations/index.ts';
import { secretWords } from './names.ts';
import { partsOfActions, type SecretActionOptions, suitedTo } from './secret-action.ts';
import { shrunkAs } from './shrunk-as.ts';

/** The options of {@link secretActions}. */
export interface SecretActionsOptions extends SecretActionOptions {
  /** The maximum number of actions. If omitted, 50, enough to reach the limits of CSMS. */
  readonly maxLength?: number | undefined;
}

/**
 * Generates lists of actions for a new secret, `createSecret({ name: 'db', at: 0 })`. Each action suits the state after the actions
 * before it; some are refused. Some lists only add versions and stages, to reach the limits. They shrink to fewer and simpler
 * actions.
 *
 * @example
 * secretActions().canShrinkWithoutContext([{ type: 'createVersion', at: 1000 }, { type: 'restore', at: 2000 }]); // true
 * secretActions({ maxLength: 1 }).canShrinkWithoutContext([{ type: 'restore', at: 0 }, { type: 'restore', at: 0 }]); // false
 */
export function secretActions(options: SecretActionsOptions = {}): Arbitrary<SecretAction[]> {
  const { maxLength = 50 } = options;
  const parts = partsOfActions(options);
  const { dialect } = parts;
  const born = createSecret({ name: secretWords(dialect)[0], at: 0 }, dialect);

  const generate = (random: Random, bias: number | undefined) => {
    const grows = random.nextInt(1, 4) === 1;
    const length = grows ? maxLength : random.nextInt(0, maxLength);
    const actions: SecretAction[] = [];
    for (let state = born; actions.length < length; ) {
      const action = suitedTo(state, parts, grows).generate(random, bias).value;
      const outcome = tryReduce(state, action, dialect);
      actions.push(action);
      if (outcome.ok) state = outcome.state;
    }
    return new Value(actions, undefined);
  };
  return shrunkAs({ generate }, array(parts.anyAction, { maxLength, size: 'max' }));
}
