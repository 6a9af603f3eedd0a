import type { Board } from '../../board.ts';
import type { RefusalCode, SecretAction, Stage } from '../../index.ts';
import { foundText, grouped } from '../../text.ts';

/**
 * What an implementation of secrets offers to be held to the model: the few things that it must be able to do anyway. It has
 * one secret or many; `checkConformance` gives each a name of its own and removes it in the end.
 */
export interface SecretDriver {
  /**
   * Makes a secret with a first version. `at` is the time of the call, in epoch milliseconds. Where the first version may come
   * later (`secret.firstVersion`), as in Google, it may make one without: then the answer has no `versionId`, and no version is
   * shown.
   */
  create(secret: string, at: number): Promise<DriverAnswer>;
  /**
   * Does an action on a secret, of those in `actions`. None says `createdBefore`; one names a holder (`from`) only where the
   * dialect requires it (`stages.move`), and chooses an id only of what `takesIds`.
   */
  act(secret: string, action: SecretAction): Promise<DriverAnswer>;
  /** What can be seen of a secret now. */
  show(secret: string): Promise<ShownSecret>;
  /** Deletes a secret for good, whatever its status. Only secrets that `create` made are asked for. */
  remove(secret: string): Promise<void>;
  /** The id of the dialect that its secrets belong to. If given, `checkConformance` refuses another. */
  readonly dialect?: string | undefined;
  /** What `act` can do. If omitted, what CSMS has a call for: all but `pruneDeprecated` and `setStatus`. */
  readonly actions?: readonly SecretAction['type'][] | undefined;
  /**
   * Whether a new version can be asked for once more, where a repeated id is ignored (`versions.repeatedId`): by the id that it
   * has, and with a fingerprint that stands for its content. If omitted, it cannot.
   */
  readonly takesIds?: boolean | undefined;
  /**
   * Whether the times it shows are those that it was given, as `at`. If omitted, it has a clock of its own, and its times must
   * be in milliseconds, stay where nothing changed, and not be older than what existed before.
   */
  readonly takesTime?: boolean | undefined;
  /**
   * Whether deprecated versions go only when they are pruned or must make room. If omitted, they may go at any time, as
   * the documentation allows.
   */
  readonly prunesWhenAsked?: boolean | undefined;
}

/** What came of a call. */
export type DriverAnswer =
  | {
      readonly ok: true;
      /** The id of the version that was created, of the first one for a secret, if it has one; otherwise omitted. */
      readonly versionId?: string | undefined;
      /** The stages that the answer says the new version has. If omitted, it does not say. */
      readonly stages?: readonly string[] | undefined;
      /** The stage that was put, as the answer says. If omitted, it does not say. */
      readonly stage?: Pick<Stage, 'name' | 'versionId'> | undefined;
    }
  | {
      readonly ok: false;
      /** The codes of the refusals that the answer may stand for. If omitted, the answer does not say. */
      readonly reasons?: readonly RefusalCode[] | undefined;
      /** What else it says, for readers of the report. */
      readonly said?: string | undefined;
    };

/** A secret as an implementation shows it: a board, and what readers get. Times are epoch milliseconds. */
export interface ShownSecret extends Board {
  /** What each stage answers when it is asked for by its name: those listed with a version, and others that answer. */
  readonly stages: readonly Stage[];
  /**
   * The version whose value a reader gets who asks for the latest; null if there is nothing to read. If omitted, it is
   * not known.
   */
  readonly latest?: string | null | undefined;
}

/** The actions that CSMS has a call for. */
export const actionsOfCsms = ['createVersion', 'assignStage', 'removeStage', 'scheduleDeletion', 'restore'] as const;

/** How many versions and stages may be shown of one secret: a check makes at most about half as many. */
export const shownLimit = 10_000;

/** How long an id of a version or a name of a stage may be that is shown, in characters: no cloud has longer ones than 256. */
const shownLength = 1000;

/** @throws {RangeError} if more is shown of a secret than {@link shownLimit} allows. */
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
