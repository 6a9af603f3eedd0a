import { boardOf } from '../../board.ts';
import {
  type Dialect,
  huaweiCsms,
  latestVersion,
  nextVersionId,
  type Outcome,
  type SecretState,
  tryCreateSecret,
  tryReduce,
} from '../../index.ts';
import { idInSeries } from '../../series.ts';
import { quote } from '../../text.ts';
import { actionsOfCsms, type DriverAnswer, type SecretDriver, type ShownSecret } from './driver.ts';

/** The options of {@link modelDriver}. */
export interface ModelDriverOptions {
  /** The dialect of the secrets. If omitted, CSMS. */
  readonly dialect?: Dialect | undefined;
  /** Whether it creates secrets without a version, if the dialect allows that (`secret.firstVersion`). If omitted, false. */
  readonly isBornEmpty?: boolean | undefined;
}

/**
 * Makes a driver of the model itself, in process. Use it as an example of a driver, or override a method to test that your tests
 * find a fault.
 *
 * @example
 * modelDriver().takesTime; // true
 * await modelDriver({ dialect: googleSecretManager, isBornEmpty: true }).create('db', 0); // { ok: true }
 */
export function modelDriver({ dialect = huaweiCsms, isBornEmpty = false }: ModelDriverOptions = {}): SecretDriver {
  const firstId = isBornEmpty ? null : idInSeries(1, dialect);
  const secrets = new Map<string, SecretState>();

  const stateOf = (secret: string): SecretState => {
    const state = secrets.get(secret);
    if (state === undefined) throw new Error(`Secret ${quote(secret)} does not exist. Create it first.`);
    return state;
  };

  const keep = (secret: string, outcome: Outcome, versionId: string | null): DriverAnswer => {
    if (!outcome.ok) return { ok: false, reasons: [outcome.refusal.code] };
    secrets.set(secret, outcome.state);
    return versionId === null ? { ok: true } : { ok: true, versionId };
  };

  return {
    dialect: dialect.id,
    actions: [...actionsOfCsms, 'pruneDeprecated', 'setStatus'],
    takesIds: true,
    takesTime: true,
    prunesWhenAsked: true,
    create: async (secret, at) =>
      keep(secret, tryCreateSecret({ name: secret, at, versionId: firstId }, dialect), firstId),
    act: async (secret, action) => {
      const state = stateOf(secret);
      const versionId = action.type === 'createVersion' ? (action.versionId ?? nextVersionId(state, dialect)) : null;
      return keep(secret, tryReduce(state, action, dialect), versionId);
    },
    show: async (secret) => shownOf(stateOf(secret), dialect),
    remove: async (secret) => {
      secrets.delete(secret);
    },
  };
}

/** A state of the model as a driver shows it. Only an ENABLED secret can be read. */
export function shownOf(state: SecretState, dialect: Dialect): ShownSecret {
  const latest = state.status === 'ENABLED' ? (latestVersion(state, dialect) ?? null) : undefined;
  return { ...boardOf(state), latest };
}
