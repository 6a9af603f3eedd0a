/**
 * How a rule is known. It is documented by the cloud; or observed in an example, an SDK, a provider or a recorded
 * response; or assumed, because no source says it.
 */
export type Grade = 'documented' | 'observed' | 'assumed';

/** The source of each rule, by its grade: a page of the cloud, or the basis of an observation or an assumption. */
export type Sources = Readonly<Record<Grade, Readonly<Record<string, string>>>>;

/** The sources of the rules of a cloud. */
export interface CloudEvidence {
  /** The rules of the dialect, by their paths. */
  readonly rules: Sources;
  /** The rules without a field in the dialect, each as a sentence. */
  readonly model: Sources;
}

/** All grades, the most certain first. */
export const grades: readonly Grade[] = ['documented', 'observed', 'assumed'];
