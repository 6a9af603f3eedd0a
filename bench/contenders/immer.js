// @ts-check
import '../production.js';
import { freeze, produce } from 'immer';
import { recipesOf } from './recipes.js';

/** It freezes every state, as secret-stages does. */
export const immer = recipesOf(
  (records) => freeze(records, true),
  (state, recipe) => produce(state, recipe),
);
