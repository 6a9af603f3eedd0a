// @ts-check
import { bare } from './bare.js';
import { immer } from './immer.js';
import { mutable } from './mutable.js';
import { mutative } from './mutative.js';
import { secretStages } from './secret-stages.js';
import { spread } from './spread.js';

export const limit = 'mutable, the limit';
export const ours = 'secret-stages';
export const result = 'the bare frozen result';

/** @type {Readonly<Record<string, import('./contender.js').Contender<unknown>>>} */
export const contenders = {
  [limit]: mutable,
  [result]: bare,
  [ours]: secretStages,
  spread,
  'mutative, tuned': mutative.tuned,
  'mutative, fair': mutative.fair,
  'immer, tuned': immer.tuned,
  'immer, fair': immer.fair,
};
