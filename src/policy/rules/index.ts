import type { PolicyRule } from '../rule.ts';
import { currentExists } from './current-exists.ts';
import { deprecatedAge } from './deprecated-age.ts';
import { deprecatedPile } from './deprecated-pile.ts';
import { expiredVersion } from './expired-version.ts';
import { lookalikeNames } from './lookalike-names.ts';
import { previousExists } from './previous-exists.ts';
import { previousIsNotCurrent } from './previous-is-not-current.ts';
import { reservedName } from './reserved-name.ts';
import { rollback } from './rollback.ts';
import { rotationOverdue } from './rotation-overdue.ts';
import { stageBudget } from './stage-budget.ts';
import { stageWithoutValue } from './stage-without-value.ts';
import { stuckStage } from './stuck-stage.ts';
import { trackedVersion } from './tracked-version.ts';
import { versionBudget } from './version-budget.ts';

/** The default policy. Select its rules, change them by `with` and add your own to make another policy. */
export const pack: readonly PolicyRule[] = /* @__PURE__ */ Object.freeze([
  currentExists,
  previousExists,
  previousIsNotCurrent,
  stageWithoutValue,
  expiredVersion,
  stuckStage,
  rotationOverdue,
  rollback,
  trackedVersion,
  stageBudget,
  versionBudget,
  deprecatedPile,
  deprecatedAge,
  lookalikeNames,
  reservedName,
]);
