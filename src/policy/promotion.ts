import { type Dialect, huaweiCsms } from '../dialects/index.ts';
import { refusalSentence } from '../explain.ts';
import { currentVersion, nextVersionId, previousVersion, type SecretAction, type SecretState } from '../index.ts';
import { entryOf } from '../json.ts';
import { quote } from '../text.ts';
import type { CheckRequest } from './check.ts';

/**
 * What {@link promotionOf}, {@link rollbackOf} and {@link rotationOf} return: actions, or the reason why nothing can be done.
 */
export type Proposal<Type extends SecretAction['type'] = 'assignStage'> =
  | {
      /** True: there are actions. A plan can still refuse them. */
      readonly ok: true;
      /** The actions, in the order in which the cloud needs them. */
      readonly actions: readonly SecretAction<Type>[];
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
  const { current } = dialect.stages;
  const version = entryOf(state.versions, versionId);
  if (current === null) return refused(`${dialect.title} has no current stage. Move a stage of your own instead.`);
  if (version === undefined)
    return refused(refusalSentence({ code: 'UNKNOWN_VERSION', versionId, versions: state.versions }));
  if (version.withoutValue) return refused(`Version ${quote(versionId)} has no value. Give it one first.`);
  if (versionId === from) return refused(`Version ${quote(versionId)} is already current.`);
  return { ok: true, actions: movesTo(versionId, current, state, at, dialect) };
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

/**
 * Returns the actions of a rotation that succeeds: a version is created without a value and with the pending stage, gets its value,
 * and becomes current, and the pending stage is removed. A plan refuses them with ROTATION_INCOMPLETE while another rotation is not
 * complete. If `versionId` is omitted, it is the next of the series, because the real id is unknown.
 *
 * Returns a sentence instead if rotations of the cloud do not begin with a version without a value. Only those of AWS do.
 *
 * Source: AWS Secrets Manager user guide, Lambda rotation functions (documented). That the pending stage is removed is observed; see
 * `evidenceOf`.
 *
 * @throws {StageRefusedError} WRONG_DIALECT if the secret belongs to another dialect.
 *
 * @example
 * const born = createSecret({ name: 'db', at: 0 }, awsSecretsManager);
 * const rotation = rotationOf(born, { at: 1000, dialect: awsSecretsManager });
 * rotation.ok && rotation.actions.map(({ type }) => type); // ['createVersion', 'createVersion', 'assignStage', 'removeStage']
 */
export function rotationOf(
  state: SecretState,
  {
    at,
    dialect = huaweiCsms,
    versionId = nextVersionId(state, dialect),
  }: CheckRequest & { readonly versionId?: string | undefined },
): Proposal<'createVersion' | 'assignStage' | 'removeStage'> {
  const { stages, versions, title } = dialect;
  const { current, pending } = stages;
  if (!versions.mayAwaitValue || current === null || pending === null)
    return refused(`${title} has no rotations that begin with a version without a value. Create a version instead.`);
  const begin: SecretAction<'createVersion'> = { type: 'createVersion', at, versionId, stages: [pending] };
  return {
    ok: true,
    actions: [
      { ...begin, withoutValue: true },
      begin,
      ...movesTo(versionId, current, state, at, dialect),
      { type: 'removeStage', stage: pending, at, from: versionId },
    ],
  };
}

/** Moves the current stage to a version, and the previous one to the version that was current. */
function movesTo(
  versionId: string,
  stage: string,
  state: SecretState,
  at: number,
  dialect: Dialect,
): readonly SecretAction<'assignStage'>[] {
  const from = currentVersion(state, dialect) ?? null;
  const { previous, previousFollows } = dialect.stages;
  const promote: SecretAction<'assignStage'> = { type: 'assignStage', stage, versionId, at, from };
  const behind = previousVersion(state, dialect) ?? null;
  if (previous === null || from === null || behind === from || previousFollows === 'any-move') return [promote];
  const follow: SecretAction<'assignStage'> = {
    type: 'assignStage',
    stage: previous,
    versionId: from,
    at,
    from: behind,
  };
  // Between the two moves a version can be without a stage, and the cloud may delete it. It must not be the promoted one.
  return behind === versionId ? [promote, follow] : [follow, promote];
}

function refused(sentence: string): Extract<Proposal, { ok: false }> {
  return { ok: false, sentence };
}
