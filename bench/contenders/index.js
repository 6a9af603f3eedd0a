// @ts-check
import { bare } from './bare.js';
import { immerFair, immerNaive, immerTuned } from './immer.js';
import { immutable } from './immutable.js';
import { mutable } from './mutable.js';
import { mutative, mutativeFrozen } from './mutative.js';
import { secretStages } from './secret-stages.js';
import { spread } from './spread.js';

export const limit = 'mutable, the limit';
export const ours = 'secret-stages';
export const result = 'the bare frozen result';

/** @type {Readonly<Record<string, import('./contender.js').Contender<unknown>>>} */
export const contenders = {
  [limit]: mutable,
  [ours]: secretStages,
  spread,
  'immutable.js': immutable,
  mutative,
  'mutative, frozen': mutativeFrozen,
  'immer, tuned': immerTuned,
  'immer, fair': immerFair,
  'immer, naive': immerNaive,
  [result]: bare,
};
