import type { RefusalCode, SecretAction, SecretStatus, Stage } from '../index.ts';

/**
 * What an implementation of secrets offers to be held to the model: the few things that it must be able to do anyway. It has
 * one secret or many; `checkConformance` gives each a name of its own and removes it in the end.
 */
export interface SecretDriver {
  /** Makes a secret with a first version. `at` is the time of the call, in epoch milliseconds. */
  create(secret: string, at: number): Promise<DriverAnswer>;
  /** Does an action on a secret, of those in `actions`. */
  act(secret: string, action: SecretAction): Promise<DriverAnswer>;
  /** What can be seen of a secret now. */
  show(secret: string): Promise<ShownSecret>;
  /** Deletes a secret for good, whatever its status. Only secrets that `create` made are asked for. */
  remove(secret: string): Promise<void>;
  /** What `act` can do. Left out: what CSMS has a call for. */
  readonly actions?: readonly SecretAction['type'][] | undefined;
  /**
   * Whether the times it shows are those that it was given, as `at`. Left out: it has a clock of its own, and its times are
   * held to be in milliseconds and to change with what they belong to.
   */
  readonly takesTime?: boolean | undefined;
  /**
   * Whether deprecated versions go only when they are pruned or must make room. Left out: at any time, as the
   * documentation allows.
   */
  readonly prunesWhenAsked?: boolean | undefined;
}

/** What came of a call. */
export type DriverAnswer =
  | {
      readonly ok: true;
      /** The id of the version that was created, of the first one for a secret; otherwise left out. */
      readonly versionId?: string | undefined;
      /** The stages that the answer says the new version has. Left out: it does not say. */
      readonly stages?: readonly string[] | undefined;
    }
  | {
      readonly ok: false;
      /** What the answer may mean, for an error code may stand for several refusals. Left out: it does not say. */
      readonly reasons?: readonly RefusalCode[] | undefined;
    };

/** A secret as an implementation shows it. Times are epoch milliseconds. */
export interface ShownSecret {
  readonly status: SecretStatus;
  readonly scheduledDeleteTime: number | null;
  /** The list of versions, in any order, each with the stages that are listed with it. */
  readonly versions: readonly {
    readonly id: string;
    readonly createTime: number;
    readonly stages: readonly string[];
  }[];
  /** The answer to whoever asks for a stage by its name, for each that is listed with a version. */
  readonly stages: readonly Stage[];
  /**
   * The version whose value a reader gets who asks for the latest; null if there is nothing to read. Left out: it cannot be
   * told.
   */
  readonly latest?: string | null | undefined;
}
