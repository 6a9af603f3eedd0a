import type { Dialect, Refusal, RefusalCode, SecretAction, SecretState, Stage } from '../../index.ts';
import type { DriverAnswer, SecretDriver, ShownSecret } from '../drivers/index.ts';

/** How a driver behaves where the documentation leaves a choice. */
export type Habits = Pick<SecretDriver, 'takesTime' | 'prunesWhenAsked'>;

/** A call on a driver: what was observed, and what the model does. */
export interface ObservedCall {
  readonly dialect: Dialect;
  readonly driver: Habits;
  readonly action: SecretAction;
  /** Whether the driver left its argument unchanged. */
  readonly isUntouched: boolean;
  readonly answer: DriverAnswer;
  /** What the response says about the new version or the assigned stage, if the call succeeded. */
  readonly details: Pick<Extract<DriverAnswer, { ok: true }>, 'stages' | 'stage'>;
  /** The codes of the refusals that the response can mean. */
  readonly reasons: readonly RefusalCode[];
  /** The id of the version that the driver created, if it did. */
  readonly newId: string | undefined;
  readonly shownBefore: ShownSecret;
  readonly shown: ShownSecret;
  /** The secret before the call, in the model. */
  readonly before: SecretState;
  /** Why the model refuses the call, if it does. */
  readonly refusal: Refusal | undefined;
  /** The secret after the call, in the model, without the versions that the driver was free to delete. */
  readonly after: SecretState;
}

/** Whether the call requests an existing version again, by its id. */
export function isRepeated(action: SecretAction): boolean {
  return action.type === 'createVersion' && action.versionId !== undefined;
}

/** The requested recovery window in days, or the default one. NaN in a dialect without one. */
export function daysAsked({ action, dialect }: ObservedCall): number {
  const { recoveryWindowInDays: days } = 'recoveryWindowInDays' in action ? action : {};
  return days ?? Number(dialect.secret.deletionDays?.usual);
}

/** The ids of the versions that are listed. */
export function idsListed({ versions }: ShownSecret): ReadonlySet<string> {
  return new Set(versions.map(({ id }) => id));
}

/** Every stage that is listed with a version. */
export function listedStages({ versions }: ShownSecret): readonly Pick<Stage, 'name' | 'versionId'>[] {
  return versions.flatMap(({ id: versionId, stages }) => stages.map((name) => ({ name, versionId })));
}
