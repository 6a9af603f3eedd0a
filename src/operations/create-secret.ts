import { type Dialect, fits } from '../dialect.ts';
import { csms } from '../dialects/huawei-csms.ts';
import { type Decision, type Outcome, orThrow, outcomeOf, refuseValue } from '../refusal.ts';
import { isTime, type SecretState, timeRule, versionsById } from '../state.ts';
import { issue, nothingIssued } from './issue.ts';

/** What {@link createSecret} takes. */
export interface CreateSecret {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The id of the first version. Left out: the first of the series, `v1` in CSMS. */
  readonly versionId?: string | undefined;
}

/** Why {@link createSecret} may be refused. */
export type CreateSecretCode = 'INVALID_VALUE';

/**
 * A new secret: ENABLED, with a first version that carries the current stage.
 *
 * Refused: the time, the name or the version id is none (INVALID_VALUE).
 *
 * Source: CSMS API reference, CreateSecret.
 *
 * @throws {StageRefusedError} with the refusal; {@link tryCreateSecret} returns it instead.
 *
 * @example
 * const state = createSecret({ name: 'db', at: 0 });
 * stagesOf(state, 'v1'); // ['SYSCURRENT']
 */
export const createSecret = (request: CreateSecret, dialect: Dialect = csms): SecretState =>
  orThrow(decideCreateSecret(request, dialect));

/** {@link createSecret} that returns a refusal instead of throwing it. */
export const tryCreateSecret = (request: CreateSecret, dialect: Dialect = csms): Outcome<CreateSecretCode> =>
  outcomeOf(decideCreateSecret(request, dialect));

const decideCreateSecret = (
  { name, at, versionId: chosenId }: CreateSecret,
  dialect: Dialect,
): Decision<CreateSecretCode> => {
  const versionId = chosenId === undefined ? `${dialect.versionIdPrefix}1` : chosenId;
  if (!isTime(at)) return refuseValue('at', at, timeRule);
  if (!fits(name, dialect.secretName)) return refuseValue('name', name, dialect.secretName);
  if (!fits(versionId, dialect.versionId)) return refuseValue('versionId', versionId, dialect.versionId);

  return Object.freeze({
    name,
    status: 'ENABLED',
    scheduledDeleteTime: null,
    versions: versionsById([Object.freeze({ id: versionId, createTime: at, ordinal: 1 })]),
    stages: Object.freeze([Object.freeze({ name: dialect.currentStage, versionId, updateTime: at })]),
    issued: issue(nothingIssued, versionId, dialect),
  });
};
