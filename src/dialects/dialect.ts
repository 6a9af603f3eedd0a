/**
 * The rules of a cloud, as plain JSON in three groups. Every operation takes a dialect, and CSMS is the default.
 * {@link defineDialect} makes a dialect from another.
 *
 * A rule has a field only if clouds differ in it, or if its source can be read in two ways. Rules without a field apply
 * to every dialect. `evidenceOf` lists them.
 */
export interface Dialect {
  /**
   * The id, which a secret has as `state.dialect`. A dialect that changes a rule of a cloud keeps the id of the cloud.
   */
  readonly id: string;
  /** The name of the cloud, for display. */
  readonly title: string;
  /** The rules about a secret as a whole. */
  readonly secret: SecretRules;
  /** The rules about stages. */
  readonly stages: StageRules;
  /** The rules about versions. */
  readonly versions: VersionRules;
}

/**
 * A regular expression that a whole name must match, as a string: `'[a-z]{1,64}'`. A dot matches any character,
 * including line breaks.
 */
export type Pattern = string;

/** The rules about a secret as a whole. */
export interface SecretRules {
  /** The names that a secret can have. */
  readonly name: Pattern;
  /** The statuses besides ENABLED. PENDING_DELETE is not listed: it exists if `deletionDays` is not null. */
  readonly pausedAs: readonly PausedStatus[];
  /** Days from scheduling a deletion to the deletion. Null if a deletion cannot be scheduled. */
  readonly deletionDays: DeletionDays | null;
  /**
   * Whether a secret can exist without a version, and whether its first version then takes the current stage in any
   * case.
   */
  readonly firstVersion: 'at-creation' | 'may-come-later' | 'may-come-later-and-is-current';
}

/** A status other than ENABLED and PENDING_DELETE. Versions and stages cannot change in it. */
export type PausedStatus = 'DISABLED' | 'FROZEN';

/** Days from scheduling a deletion to the deletion: the minimum, the default and the maximum. */
export interface DeletionDays {
  /** The minimum, in days. */
  readonly least: number;
  /** What applies if the caller names no number, in days. */
  readonly usual: number;
  /** The maximum, in days. */
  readonly most: number;
}

/** The rules about stages. */
export interface StageRules {
  /** The names that a stage can have. */
  readonly name: Pattern;
  /** The maximum number of stages of a secret. */
  readonly limit: number;
  /** Which stages count towards the limit: all, or only those that are not built in. */
  readonly limitCounts: 'all' | 'custom';
  /** Whether a stage moves to another version only if the caller names the version that it is on. */
  readonly move: 'free' | 'from-the-named-holder';
  /** The built-in stage that a new version takes. It can move, but not be removed. */
  readonly current: string | null;
  /** The built-in stage that moves to the version that loses the current stage. */
  readonly previous: string | null;
  /** The built-in stage of a rotation. It can be removed. A new version without a list of stages removes it. */
  readonly pending: string | null;
  /** Whether the previous stage can be removed. It can always move. */
  readonly previousIsRemovable: boolean;
  /** When the previous stage follows the current stage. */
  readonly previousFollows: PreviousFollows;
}

/**
 * When the previous stage moves to the version that loses the current stage. `plain-version`: when a version is created
 * without a list of stages. `any-version`: also when a new version lists the current stage. `any-move`: also when the
 * current stage is moved.
 */
export type PreviousFollows = 'plain-version' | 'any-version' | 'any-move';

/** The rules about versions. */
export interface VersionRules {
  /** The ids that a version can have. */
  readonly id: Pattern;
  /** The prefix of ids that the caller does not choose. A number from 1 follows it. */
  readonly idPrefix: string;
  /** How many stages a new version can list, if it has a list. */
  readonly lists: { readonly least: 0 | 1; readonly most: number };
  /** What happens to a new version with the id and the fingerprint of a version that exists. */
  readonly repeatedId: 'refused' | 'ignored';
  /** Whether a version can exist before it has a value. */
  readonly mayAwaitValue: boolean;
  /** The limit of versions. Null for a cloud without a limit. */
  readonly limit: VersionLimit | null;
  /** Whether pruning deletes deprecated versions, or keeps them until a new version needs the room. */
  readonly prune: 'deletes' | 'keeps';
  /** The version that a reader of `latest` gets. */
  readonly latest: 'current' | 'newest' | 'current-or-newest';
}

/** The maximum number of versions of a secret, and what happens when one more is created. */
export type VersionLimit =
  | { readonly most: number; readonly whenFull: 'refuse' }
  | {
      readonly most: number;
      readonly whenFull: 'drop-oldest-deprecated';
      /** For this many hours after its creation, a version is not deleted to make room. */
      readonly sparedHours?: number;
      /**
       * The cloud says "about". A secret can be seen with more versions, and then keeps their number when one is
       * created.
       */
      readonly isRough?: true;
    };
