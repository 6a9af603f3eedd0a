import { huaweiCsms } from '../dialects/index.ts';
import { refusalSentence } from '../explain.ts';
import { currentVersion, previousVersion, type SecretAction, type SecretState } from '../index.ts';
import { entryOf } from '../json.ts';
import { quote } from '../text.ts';
import type { CheckRequest } from './check.ts';

/** What {@link promotionOf} and {@link rollbackOf} return: actions, or the reason why nothing can be done. */
export type Proposal =
  | {
      /** True: there are actions. A plan can still refuse them. */
      readonly ok: true;
      /** The moves, in the order in which the cloud needs them. */
      readonly actions: readonly SecretAction<'assignStage'>[];
    }
  | {
      /** False: there is nothing to do, or it cannot be done. */
      readonly ok: false;
      /** Why, in plain English. */
      readonly sentence: string;
    };

/**
 * Returns the actions that make a version current and the current version the previous one. In a cloud where the previous stage
 * follows (`stages.previousFollows: 'any-move'`, AWS), that is one move. In others, such as CSMS, it is two. The pending stage stays
 * where it is: {@link checkPlan} reports if it then blocks the next rotation.
 *
 * Returns a sentence instead if the cloud has no current stage, or the version does not exist, has no value or is already current.
 *
 * Source: AWS Secrets Manager API reference, UpdateSecretVersionStage (documented: the previous stage follows). That it does not
 * in CSMS is assumed.
 *
 * @throws {StageRefusedError} WRONG_DIALECT if the secret belongs to another dialect.
 *
 * @example
 * const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000, stages: ['canary'] });
 * const promotion = promotionOf(two, 'v2', { at: 2000 });
 * promotion.ok && promotion.actions.map(({ stage, versionId }) => [stage, versionId]); // [['SYSPREVIOUS', 'v1'], ['SYSCURRENT', 'v2']]
 */
export function promotionOf(
  state: SecretState,
  versionId: string,
  { at, dialect = huaweiCsms }: CheckRequest,
): Proposal {
  const from = currentVersion(state, dialect) ?? null;
  const { stages: rules, title } = dialect;
  const version = entryOf(state.versions, versionId);
  if (rules.current === null) return refused(`${title} has no current stage. Move a stage of your own instead.`);
  if (version === undefined)
    return refused(refusalSentence({ code: 'UNKNOWN_VERSION', versionId, versions: state.versions }));
  if (version.withoutValue) return refused(`Version ${quote(versionId)} has no value. Give it one first.`);
  if (versionId === from) return refused(`Version ${quote(versionId)} is already current.`);

  const promote: SecretAction<'assignStage'> = { type: 'assignStage', stage: rules.current, versionId, at, from };
  const behind = previousVersion(state, dialect) ?? null;
  if (rules.previous === null || from === null || behind === from || rules.previousFollows === 'any-move')
    return { ok: true, actions: [promote] };
  const follow: SecretAction<'assignStage'> = {
    type: 'assignStage',
    stage: rules.previous,
    versionId: from,
    at,
    from: behind,
  };
  // Between the two moves a version can be without a stage, and the cloud may delete it. It must not be the promoted one.
  return { ok: true, actions: behind === versionId ? [promote, follow] : [follow, promote] };
}

/**
 * Returns the actions that make the previous version current and the current version the previous one, so that it can be undone.
 *
 * Returns a sentence instead if the secret has no previous version besides the current one, or for the reasons of {@link promotionOf}.
 *
 * @throws {StageRefusedError} WRONG_DIALECT if the secret belongs to another dialect.
 *
 * @example
 * const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
 * const rollback = rollbackOf(two, { at: 2000 });
 * rollback.ok && rollback.actions.map(({ stage, versionId }) => [stage, versionId]); // [['SYSCURRENT', 'v1'], ['SYSPREVIOUS', 'v2']]
 */
export function rollbackOf(state: SecretState, request: CheckRequest): Proposal {
  const { dialect = huaweiCsms } = request;
  const versionId = previousVersion(state, dialect);
  if (dialect.stages.current !== null && (versionId === undefined || versionId === currentVersion(state, dialect))) {
    const why =
      versionId === undefined ? 'The secret has no previous version' : 'The current version is also the previous one';
    return refused(`${why}, so there is nothing to roll back to. Promote a version by its id.`);
  }
  return promotionOf(state, versionId ?? '', request);
}

function refused(sentence: string): Proposal {
  return { ok: false, sentence };
}
