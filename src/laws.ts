import { mustBelong } from './belongs.ts';
import { type Dialect, huaweiCsms, isRough, stagesLeft } from './dialects/index.ts';
import { hasVersion } from './queries.ts';
import { numberInSeries } from './series.ts';
import { countVersions, type SecretState } from './state.ts';

/** A statement that is true of every secret after any operation. */
export interface Law {
  /** A few words with hyphens, such as `stage-limit`. */
  readonly id: string;
  /** The law in plain English. */
  readonly sentence: string;
  /** Whether a state obeys it. */
  readonly holds: (state: SecretState, dialect: Dialect) => boolean;
}

/** The laws that a single state can break if the operations did not make it. The other laws are about operations. */
export const laws: readonly Law[] = /* @__PURE__ */ Object.freeze([
  {
    id: 'one-version-a-stage',
    sentence: 'A stage marks at most one version.',
    holds: ({ stages }) => new Set(stages.map((stage) => stage.name)).size === stages.length,
  },
  {
    id: 'stage-limit',
    sentence: 'A secret never has more stages than its dialect allows.',
    holds: ({ stages }, dialect) => stagesLeft(stages, dialect.stages) >= 0,
  },
  {
    id: 'stages-mark-versions',
    sentence: 'Every stage marks a version that exists.',
    holds: (state) => state.stages.every((stage) => hasVersion(state, stage.versionId)),
  },
  {
    id: 'versions-by-id',
    sentence: 'Every version is kept under its own id.',
    holds: ({ versions }) => Object.entries(versions).every(([id, version]) => version.id === id),
  },
  {
    id: 'version-limit',
    sentence: 'A secret never has more versions than its dialect allows.',
    holds: (state, { versions }) =>
      versions.limit === null || isRough(versions) || countVersions(state) <= versions.limit.most,
  },
  {
    id: 'one-order-of-versions',
    sentence: 'Every version was the first, second, … of the secret, and no two the same.',
    holds: ({ versions, versionsMade }) => {
      const ordinals = Object.values(versions).map((version) => version.ordinal);
      const isPlace = (ordinal: number) => 0 < ordinal && ordinal <= versionsMade;
      return new Set(ordinals).size === ordinals.length && ordinals.every(isPlace);
    },
  },
  {
    id: 'value-may-come-later',
    sentence: 'A version without a value exists only where its dialect allows it, and has no fingerprint.',
    holds: (state, { versions }) =>
      Object.values(state.versions).every(
        ({ withoutValue, fingerprint }) => !withoutValue || (versions.mayAwaitValue && fingerprint === undefined),
      ),
  },
  {
    id: 'deletion-has-a-time',
    sentence: 'A secret has a time of deletion exactly when it is PENDING_DELETE.',
    holds: ({ status, scheduledDeleteTime }) => (status === 'PENDING_DELETE') === (scheduledDeleteTime !== null),
  },
  {
    id: 'numbered-ids-issued-once',
    sentence: 'No numbered version id is issued twice: the series is past the number of every version.',
    holds: ({ versions, lastNumber }, dialect) =>
      Object.keys(versions).every((id) => numberInSeries(id, dialect) <= lastNumber),
  },
]);

/**
 * Returns the laws that a state breaks. The list is empty for every state that the operations make.
 *
 * @throws {StageRefusedError} WRONG_DIALECT if the secret belongs to another dialect.
 *
 * @example
 * violations(createSecret({ name: 'db', at: 0 })); // []
 */
export function violations(state: SecretState, dialect: Dialect = huaweiCsms): readonly Law[] {
  mustBelong(state, dialect);
  return laws.filter((law) => !law.holds(state, dialect));
}
