import { type Dialect, fits } from '../dialect.ts';
import { csms } from '../dialects/huawei-csms.ts';
import { type Decision, type Outcome, orThrow, outcomeOf, refuseValue } from '../refusal.ts';
import {
  fingerprintRule,
  isFingerprint,
  isTime,
  newVersion,
  type SecretState,
  timeRule,
  versionsById,
} from '../state.ts';
import { issue, nothingIssued } from './issue.ts';

/** What {@link createSecret} takes. */
export interface CreateSecret {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The id of the first version. Left out: the first of the series, `v1` in CSMS. Null: there is no version yet. */
  readonly versionId?: string | null | undefined;
  /** What tells the content of the first version from other content; see `createVersion`. */
  readonly fingerprint?: string | undefined;
}

/** Why {@link createSecret} may be refused. */
export type CreateSecretCode = 'INVALID_VALUE';

/**
 * A new secret: ENABLED, with a first version that carries the current stage, if the dialect has one. Where versions may come
 * later (`versionsComeLater`), as in AWS and Google, a secret can be created with none.
 *
 * Refused: the time, the name, the version id or the fingerprint is none, or there is a fingerprint and no version
 * (INVALID_VALUE).
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

export const decideCreateSecret = (
  { name, at, versionId: chosenId, fingerprint }: CreateSecret,
  dialect: Dialect,
): Decision<CreateSecretCode> => {
  const versionId = chosenId === undefined ? `${dialect.versionIdPrefix}1` : chosenId;
  if (!isTime(at)) return refuseValue('at', at, timeRule);
  if (!fits(name, dialect.secretName)) return refuseValue('name', name, dialect.secretName);
  if (!isFingerprint(fingerprint)) return refuseValue('fingerprint', typeof fingerprint, fingerprintRule);
  const born = { name, status: 'ENABLED', scheduledDeleteTime: null } as const;
  if (versionId === null && dialect.versionsComeLater) {
    if (fingerprint !== undefined)
      return refuseValue('fingerprint', typeof fingerprint, 'left out: no version has it yet');
    return Object.freeze({ ...born, versions: versionsById([]), stages: Object.freeze([]), issued: nothingIssued });
  }
  if (!fits(versionId, dialect.versionId)) return refuseValue('versionId', versionId, dialect.versionId);

  const { currentStage } = dialect;
  const stages = currentStage === null ? [] : [Object.freeze({ name: currentStage, versionId, updateTime: at })];
  return Object.freeze({
    ...born,
    versions: versionsById([newVersion(versionId, at, 1, fingerprint)]),
    stages: Object.freeze(stages),
    issued: issue(nothingIssued, versionId, dialect),
  });
};
