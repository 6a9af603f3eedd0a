import { mostParts } from './limits.ts';
import { type Refusal, refusedError, wrongDialect } from './refusal.ts';
import { INVALID_STATE, WRONG_DIALECT } from './sentences.ts';
import type { SecretState, SecretVersion, Stage } from './state.ts';

/**
 * Why an operation cannot work on a state: it is not a state, or belongs to another dialect. Undefined if it can. To be
 * cheap, this does not look at stages and versions: operations that read them check them with `areStages` and
 * `areVersions`.
 */
export function whyForeign(
  state: SecretState,
  dialect: { readonly id: string },
): Refusal<'WRONG_DIALECT' | 'INVALID_STATE'> | undefined {
  if (typeof state?.dialect !== 'string' || typeof state.status !== 'string') return notAState;
  if (typeof state.versions !== 'object' || !state.versions) return notAState;
  if (!Array.isArray(state.stages) || state.stages.length > mostParts) return notAState;
  return state.dialect === dialect.id ? undefined : wrongDialect(state, dialect);
}

/**
 * @throws {StageRefusedError} WRONG_DIALECT or INVALID_STATE. For functions that do not return an outcome, such as
 * queries.
 */
export function mustBelong(state: SecretState, dialect: { readonly id: string }): void {
  const refusal = whyForeign(state, dialect);
  if (refusal) throw refusedError(refusal, { WRONG_DIALECT, INVALID_STATE });
}

/** The refusal of a value that is not a state, from a caller without types. */
export const notAState: Refusal<'INVALID_STATE'> = /* @__PURE__ */ Object.freeze({
  code: 'INVALID_STATE',
  problems: [{ path: 'state', expected: 'what createSecret or parseSecretState returned' }],
});

/** Whether these are stages, as far as operations read them. */
export function areStages(stages: readonly Stage[]): boolean {
  for (const stage of stages) {
    if (typeof stage?.name !== 'string' || typeof stage.versionId !== 'string') return false;
  }
  return true;
}

/** Whether these are versions, as far as operations read them. */
export function areVersions(versions: readonly SecretVersion[]): boolean {
  for (const version of versions) {
    if (typeof version?.createTime !== 'number' || typeof version.ordinal !== 'number') return false;
  }
  return true;
}
