import type { PolicyRule } from './rule.ts';
import { currentExists } from './rules/current-exists.ts';
import { deprecatedAge } from './rules/deprecated-age.ts';
import { deprecatedPile } from './rules/deprecated-pile.ts';
import { expiredVersion } from './rules/expired-version.ts';
import { lookalikeNames } from './rules/lookalike-names.ts';
import { previousExists } from './rules/previous-exists.ts';
import { previousIsNotCurrent } from './rules/previous-is-not-current.ts';
import { reservedName } from './rules/reserved-name.ts';
import { rollback } from './rules/rollback.ts';
import { stageBudget } from './rules/stage-budget.ts';
import { stuckStage } from './rules/stuck-stage.ts';
import { versionBudget } from './rules/version-budget.ts';

/** The rules to start with. A policy of your own takes from these, changes them by `with`, and adds to them. */
export const pack: readonly PolicyRule[] = /* @__PURE__ */ Object.freeze([
  currentExists,
  previousExists,
  previousIsNotCurrent,
  expiredVersion,
  stuckStage,
  rollback,
  stageBudget,
  versionBudget,
  deprecatedPile,
  deprecatedAge,
  lookalikeNames,
  reservedName,
]);
