import { type Dialect, stagesLeft } from './dialect.ts';
import { csms } from './dialects/huawei-csms.ts';
import { hasVersion, isOfSeries } from './queries.ts';
import { countIssued, countVersions, type SecretState } from './state.ts';

/** What is true of every secret, whatever was done to it. */
export interface Law {
  readonly id: string;
  readonly sentence: string;
  /** Whether a state obeys it. */
  readonly holds: (state: SecretState, dialect: Dialect) => boolean;
}

/** The laws that a single state can break, were it not made by the operations. The others are about what operations do. */
export const laws: readonly Law[] = /* @__PURE__ */ Object.freeze([
  {
    id: 'one-version-a-stage',
    sentence: 'A stage marks at most one version.',
    holds: ({ stages }) => new Set(stages.map((stage) => stage.name)).size === stages.length,
  },
  {
    id: 'stage-limit',
    sentence: 'A secret never has more stages than its dialect allows.',
    holds: ({ stages }, dialect) => stagesLeft(stages, dialect) >= 0,
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
    holds: ({ versions }, { versionLimit, versionLimitIsRough }) =>
      versionLimit === null || versionLimitIsRough || Object.keys(versions).length <= versionLimit,
  },
  {
    id: 'one-order-of-versions',
    sentence: 'Every version was the first, second, … of the secret, and no two the same.',
    holds: ({ versions, issued }) => {
      const ordinals = Object.values(versions).map((version) => version.ordinal);
      const isPlace = (ordinal: number) => 0 < ordinal && ordinal <= countIssued(issued);
      return new Set(ordinals).size === ordinals.length && ordinals.every(isPlace);
    },
  },
  {
    id: 'deletion-has-a-time',
    sentence: 'A secret has a time of deletion exactly when it is PENDING_DELETE.',
    holds: ({ status, scheduledDeleteTime }) => (status === 'PENDING_DELETE') === (scheduledDeleteTime !== null),
  },
  {
    id: 'ids-issued-once',
    sentence: 'A version id is never issued twice, so every version has one that counts as issued.',
    holds: ({ versions, issued }, dialect) => {
      const chosen = new Set(issued.chosenIds);
      return (
        Object.keys(versions).every((id) => chosen.has(id) || isOfSeries(issued, id, dialect)) &&
        !issued.chosenIds.some((id) => isOfSeries(issued, id, dialect)) &&
        !chosen.has(dialect.versionIdPrefix + (issued.lastNumber + 1)) &&
        chosen.size === issued.chosenIds.length
      );
    },
  },
  {
    id: 'no-version-is-lost',
    sentence: 'Every version ever issued is there or was pruned.',
    holds: (state) => Object.keys(state.versions).length === countVersions(state),
  },
]);

/**
 * The laws that a state breaks; none for every state that the operations make.
 *
 * @example
 * violations(createSecret({ name: 'db', at: 0 })); // []
 */
export const violations = (state: SecretState, dialect: Dialect = csms): readonly Law[] => brokenLaws(state, dialect);

export const brokenLaws = (state: SecretState, dialect: Dialect): readonly Law[] =>
  laws.filter((law) => !law.holds(state, dialect));
