// @ts-check
import { ok } from 'node:assert';
import { parseSecretState, tryApplyAll, tryAssignStage, tryCreateVersion, tryPruneDeprecated } from 'secret-stages';
import { roomy } from '../secrets.js';

/** @type {import('./contender.js').Contender<import('secret-stages').SecretState>} */
export const secretStages = {
  open: (secret) => {
    const outcome = parseSecretState(secret, roomy);
    ok(outcome.ok);
    return outcome.state;
  },
  move: (state, move) => tryAssignStage(state, move),
  create: (state, at) => tryCreateVersion(state, { at }),
  prune: (state) => tryPruneDeprecated(state),
  batch: (state, moves) => tryApplyAll(state, moves),
  board: ({ stages, versions }) => ({ stages, versions: Object.keys(versions) }),
};
