import { type Dialect, fits, huaweiCsms, patternRule } from '../dialects/index.ts';
import { fingerprintRule, isFingerprint, isTime } from '../limits.ts';
import { done, invalidHidden, invalidTime, invalidValue, type Outcome, orThrow, refuse } from '../refusal.ts';
import { INVALID_VALUE } from '../sentences.ts';
import { idInSeries, invalidVersionId, isVersionId, numberInSeries } from '../series.ts';
import { change, newVersion, type SecretState, versionsById } from '../state.ts';

/** The request of {@link createSecret}. */
export interface CreateSecret {
  /** The name of the secret. */
  readonly name: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /**
   * The id of the first version. If omitted, the first of the series: `v1` in CSMS. If null, there is no version yet.
   */
  readonly versionId?: string | null | undefined;
  /** Identifies the content of the first version; see `createVersion`. */
  readonly fingerprint?: string | undefined;
}

/** The codes with which {@link createSecret} refuses. */
export type CreateSecretCode = 'INVALID_VALUE';

/**
 * Creates an ENABLED secret with a first version. The version takes the current stage, if the dialect has one. If the
 * dialect allows the first version to come later (`secret.firstVersion`), as AWS and Google do, `versionId: null`
 * creates a secret without a version.
 *
 * Refuses with INVALID_VALUE if, in this order, `at`, `name`, `fingerprint` or `versionId` is invalid. Without a
 * version, a fingerprint is invalid.
 *
 * Source: CSMS API reference, CreateSecret (documented).
 *
 * @throws {StageRefusedError} with the refusal; {@link tryCreateSecret} returns it instead.
 *
 * @example
 * const state = createSecret({ name: 'db', at: 0 });
 * stagesOf(state, 'v1'); // ['SYSCURRENT']
 * state.dialect; // 'huawei-csms'
 */
export function createSecret(request: CreateSecret, dialect: Dialect = huaweiCsms): SecretState {
  return orThrow(tryCreateSecret(request, dialect), { INVALID_VALUE });
}

/** Does the same as {@link createSecret}, and returns a refusal instead of throwing it. It never throws. */
export function tryCreateSecret(request: CreateSecret, dialect: Dialect = huaweiCsms): Outcome<CreateSecretCode> {
  const { name, at, versionId: chosenId, fingerprint }: Partial<CreateSecret> = request ?? {};
  const { secret: rules, stages: stageRules } = dialect;
  const versionId = chosenId === undefined ? idInSeries(1, dialect) : chosenId;
  if (!isTime(at)) return refuse(invalidTime('at', at));
  if (!fits(name, rules.name)) return refuse(invalidValue('name', name, patternRule(rules.name)));
  if (!isFingerprint(fingerprint)) return refuse(invalidHidden('fingerprint', fingerprint, fingerprintRule));
  const empty: SecretState = Object.freeze({
    name,
    dialect: dialect.id,
    status: 'ENABLED',
    scheduledDeleteTime: null,
    versions: versionsById([]),
    stages: Object.freeze([]),
    versionsMade: 0,
    lastNumber: 0,
  });
  if (versionId === null && rules.firstVersion !== 'at-creation') {
    if (fingerprint === undefined) return done(empty);
    return refuse(invalidHidden('fingerprint', fingerprint, 'omitted, because the secret has no version yet'));
  }
  if (!isVersionId(versionId, dialect)) return refuse(invalidVersionId(versionId, dialect));

  const { current } = stageRules;
  const stages = current === null ? [] : [Object.freeze({ name: current, versionId, updateTime: at })];
  return done(
    change(empty, {
      versions: versionsById([newVersion(versionId, at, 1, fingerprint)]),
      stages: Object.freeze(stages),
      versionsMade: 1,
      lastNumber: numberInSeries(versionId, dialect),
    }),
  );
}
