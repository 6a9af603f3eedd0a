import type { Board } from '../../board.ts';
import type { RefusalCode, SecretAction, Stage } from '../../index.ts';
import { foundText, grouped } from '../../text.ts';

/**
 * Connects an implementation of secrets to {@link checkConformance}, with the few methods that every implementation has. Each check
 * creates secrets under new names, and removes them at the end.
 */
export interface SecretDriver {
  /**
   * Creates a secret with a first version. `at` is the time of the call, in epoch milliseconds. If the first version may come later
   * (`secret.firstVersion`), as in Google, it may create a secret without a version: then the response has no `versionId`, and
   * `show` returns no version.
   */
  create(secret: string, at: number): Promise<DriverAnswer>;
  /**
   * Applies one of the `actions` to a secret. No action has `createdBefore`. `from` is passed only if the dialect requires it
   * (`stages.move`), and an id of a new version only if `takesIds` is true.
   */
  act(secret: string, action: SecretAction): Promise<DriverAnswer>;
  /** Returns the current versions and stages of a secret. */
  show(secret: string): Promise<ShownSecret>;
  /** Deletes a secret permanently, in any status. It is only called for secrets that `create` created. */
  remove(secret: string): Promise<void>;
  /** The id of the dialect of its secrets. If given, `checkConformance` refuses another dialect. */
  readonly dialect?: string | undefined;
  /** The actions that `act` supports. If omitted, those that CSMS has a call for: all except `pruneDeprecated` and `setStatus`. */
  readonly actions?: readonly SecretAction['type'][] | undefined;
  /**
   * Whether a version can be requested again by its id, with a fingerprint of its content, if the dialect ignores a repeated id
   * (`versions.repeatedId`). If omitted, false.
   */
  readonly takesIds?: boolean | undefined;
  /**
   * Whether the times that it shows are those that it was passed as `at`. If omitted, it uses its own clock: its times must be in
   * milliseconds, must not change if nothing changed, and must advance when a stage moves.
   */
  readonly takesTime?: boolean | undefined;
  /**
   * Whether deprecated versions are deleted only when they are pruned or must make room. If omitted, they may be deleted at any
   * time, as the documentation allows.
   */
  readonly prunesWhenAsked?: boolean | undefined;
}

/** The response to a call. */
export type DriverAnswer =
  | {
      readonly ok: true;
      /** The id of the created version; for a new secret, of its first version. Omit it if no version was created. */
      readonly versionId?: string | undefined;
      /** The stages of the new version, if the response lists them. */
      readonly stages?: readonly string[] | undefined;
      /** The assigned stage, if the response names it. */
      readonly stage?: Pick<Stage, 'name' | 'versionId'> | undefined;
    }
  | {
      readonly ok: false;
      /** The codes of the refusals that the response can mean, if it gives a reason. */
      readonly reasons?: readonly RefusalCode[] | undefined;
      /** The text of the response, for the report. */
      readonly said?: string | undefined;
    };

/** A stage as an implementation shows it. */
export interface ShownStage extends Omit<Stage, 'updateTime'> {
  /** When the stage was last put on this version, in epoch milliseconds. */
  readonly updateTime?: number | undefined;
}

/** A secret as an implementation shows it. Times are epoch milliseconds. */
export interface ShownSecret extends Board {
  /**
   * The result of reading each stage by its name: those listed with a version, and any others that can be read. `updateTime` is when
   * the stage was last assigned. If the API does not show that, omit it for every stage, and it is not checked.
   */
  readonly stages: readonly ShownStage[];
  /**
   * The id of the version that reading the latest version returns; null if there is none. If omitted, it is unknown and not
   * checked.
   */
  readonly latest?: string | null | undefined;
}

/** The actions that CSMS has a call for. */
export const actionsOfCsms = ['createVersion', 'assignStage', 'removeStage', 'scheduleDeletion', 'restore'] as const;

/** The limit of the versions and stages that are shown of one secret: about twice what a check creates. */
export const shownLimit = 10_000;

/** The limit of a shown version id or stage name, in characters. No cloud has more than 256. */
const shownLength = 1000;

/** @throws {RangeError} if more is shown of a secret than {@link shownLimit}. */
export function checkShown({ versions, stages }: ShownSecret): void {
  let count = 0;
  const pass = (names: readonly unknown[]): void => {
    count += names.length;
    if (count > shownLimit)
      throw new RangeError(
        `The driver shows more than ${grouped(shownLimit)} versions and stages, far more than the check created.`,
      );
    for (const name of names) {
      if (typeof name !== 'string')
        throw new TypeError(`A name that the driver shows must be a string; got ${foundText(name)}.`);
      if (name.length > shownLength)
        throw new RangeError(
          `The driver shows a name of ${grouped(name.length)} characters. The limit is ${grouped(shownLength)}.`,
        );
    }
  };
  for (const { id, stages: names } of versions) {
    pass([id]);
    pass(names);
  }
  for (const { name, versionId } of stages) {
    pass([name]);
    pass([versionId]);
  }
}
