// @ts-check
import './production.js';
import { castDraft, freeze, produce } from 'immer';
import { assignStage } from 'secret-stages';
import { onDraft } from 'secret-stages/history';
import { secretOf } from './secrets.js';

/**
 * @typedef {Readonly<Record<'db' | 'api', import('secret-stages').SecretState>>} Secrets
 * @typedef {(secrets: Secrets, move: import('./contenders/contender.js').Move) => Secrets} Reducer
 */

export const secrets = freeze({ db: secretOf({}), api: secretOf({ name: 'api' }) });

/** @type {Readonly<Record<string, Reducer>>} A move of one secret inside an immer recipe. */
export const reducers = {
  'a spread, without immer': (secrets, move) => ({ ...secrets, db: assignStage(secrets.db, move) }),
  'the result, grafted': (secrets, move) =>
    produce(secrets, (draft) => {
      draft.db = castDraft(assignStage(secrets.db, move));
    }),
  'onDraft(assignStage)': (secrets, move) => produce(secrets, (draft) => onDraft(assignStage)(draft.db, move)),
};
