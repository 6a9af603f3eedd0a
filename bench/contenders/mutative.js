// @ts-check
import '../production.js';
import { create } from 'mutative';
import { recipesOf } from './recipes.js';

/** In its fast mode, which is the default: it freezes nothing. */
export const mutative = recipesOf(
  (records) => records,
  (state, recipe) => create(state, recipe),
);
