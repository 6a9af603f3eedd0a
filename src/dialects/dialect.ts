/**
 * What a cloud allows, as plain JSON in three groups. Every operation takes a dialect, and CSMS is the default.
 * {@link defineDialect} makes one from another.
 *
 * A switch exists only where a source leaves two readings that a user can meet. Rules without a switch apply to every
 * dialect, and `evidenceOf` lists them.
 */
export interface Dialect {
  /** A secret carries it as `state.dialect`. A dialect that changes a rule of a cloud keeps the cloud's id. */
  readonly id: string;
  /** The name of the cloud, for people. */
  readonly title: string;
  readonly secret: SecretRules;
  readonly stages: StageRules;
  readonly versions: VersionRules;
}

/**
 * A regular expression that a whole name must match, as a string: `'[a-z]{1,64}'`. A dot matches any character, line breaks
 * too.
 */
export type Pattern = string;

/** The rules about a secret as a whole. */
export interface SecretRules {
  readonly name: Pattern;
  /** What a secret can be besides ENABLED. PENDING_DELETE is not listed: it exists if `deletionDays` does. */
  readonly pausedAs: readonly PausedStatus[];
  /** Days from scheduling a deletion to the deletion. Null: a deletion cannot be scheduled. */
  readonly deletionDays: DeletionDays | null;
  /** Whether a secret can exist without a version, and whether the first version then is current whatever it lists. */
  readonly firstVersion: 'at-creation' | 'may-come-later' | 'may-come-later-and-is-current';
}

/** A status in which a secret rests. */
export type PausedStatus = 'DISABLED' | 'FROZEN';

/** Days from scheduling a deletion to the deletion: at least, if the caller names none, and at most. */
export interface DeletionDays {
  readonly least: number;
  readonly usual: number;
  readonly most: number;
}

/** The rules about stages. */
export interface StageRules {
  readonly name: Pattern;
  /** The most stages that a secret has. */
  readonly limit: number;
  /** Which stages count towards the limit: all of them, or only those that are not built in. */
  readonly limitCounts: 'all' | 'custom';
  /** Whether a stage that is on another version moves only if the caller names that version. */
  readonly move: 'free' | 'from-the-named-holder';
  /** The built-in stage that a new version takes. It moves, and cannot be removed. */
  readonly current: string | null;
  /** The built-in stage that follows to the version that loses the current stage. */
  readonly previous: string | null;
  /** The built-in stage of a rotation. It can be removed, and a new version without a list clears it. */
  readonly pending: string | null;
  /** Whether the previous stage can be removed, and not only moved. */
  readonly previousIsRemovable: boolean;
  /** When the previous stage follows the current one. */
  readonly previousFollows: PreviousFollows;
}

/**
 * When the previous stage moves to the version that loses the current stage: when a version is created without a list of stages
 * (`plain-version`); also when a new version lists the current stage (`any-version`); also when the current stage is moved
 * (`any-move`).
 */
export type PreviousFollows = 'plain-version' | 'any-version' | 'any-move';

/** The rules about versions. */
export interface VersionRules {
  readonly id: Pattern;
  /** Where the caller chooses no id, versions are numbered from 1 after this. */
  readonly idPrefix: string;
  /** How many stages a new version lists, where it has a list. */
  readonly lists: { readonly least: 0 | 1; readonly most: number };
  /** What becomes of a new version with the id and the fingerprint of one that exists. */
  readonly repeatedId: 'refused' | 'ignored';
  /** Null: no limit. */
  readonly limit: VersionLimit | null;
  /** Whether deprecated versions can be pruned, or go only to make room for a new one. */
  readonly prune: 'deletes' | 'keeps';
  /** The version that a reader of `latest` gets. */
  readonly latest: 'current' | 'newest' | 'current-or-newest';
}

/** The most versions that a secret has, and what becomes of a new one past that. */
export type VersionLimit =
  | { readonly most: number; readonly whenFull: 'refuse' }
  | {
      readonly most: number;
      readonly whenFull: 'drop-oldest-deprecated';
      /** No version makes room within so many hours of its creation. */
      readonly sparedHours?: number;
      /** The cloud says "about": a secret may be seen with more, and then keeps as many when a new version comes. */
      readonly isRough?: true;
    };
