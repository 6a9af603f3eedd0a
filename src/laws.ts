import { type Dialect, stagesLeft } from './dialect.ts';
import { csms } from './dialects/huawei-csms.ts';
import { hasVersion, isIssued } from './queries.ts';
import type { SecretState } from './state.ts';

/** What is true of every secret, whatever was done to it. */
export interface Law {
  readonly id: string;
  readonly sentence: string;
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
    holds: ({ versions }, dialect) => Object.keys(versions).length <= dialect.versionLimit,
  },
  {
    id: 'one-order-of-versions',
    sentence: 'No two versions have the same place in the order of creation.',
    holds: ({ versions }) => {
      const ordinals = Object.values(versions).map((version) => version.ordinal);
      return new Set(ordinals).size === ordinals.length;
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
    holds: (state, dialect) =>
      Object.keys(state.versions).every((id) => isIssued(state, id, dialect)) &&
      !isIssued(state, dialect.versionIdPrefix + (state.issued.lastNumber + 1), dialect) &&
      !state.issued.chosenIds.some((id) => isIssued(withoutChosen(state), id, dialect)) &&
      new Set(state.issued.chosenIds).size === state.issued.chosenIds.length,
  },
]);

const withoutChosen = (state: SecretState): SecretState => ({
  ...state,
  issued: { ...state.issued, chosenIds: [] },
});

/**
 * The laws that a state breaks; none for every state that the operations make.
 *
 * @example
 * violations(createSecret({ name: 'db', at: 0 })); // []
 */
export const violations = (state: SecretState, dialect: Dialect = csms): readonly Law[] =>
  laws.filter((law) => !law.holds(state, dialect));
