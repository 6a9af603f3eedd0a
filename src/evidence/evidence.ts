/**
 * How a rule is known: documented by the cloud; observed in an example, an SDK, a provider or a recorded answer; or assumed,
 * because no source says.
 */
export type Grade = 'documented' | 'observed' | 'assumed';

/** The source of each rule, by its grade: the cloud's own page, or what an observation or an assumption rests on. */
export type Sources = Readonly<Record<Grade, Readonly<Record<string, string>>>>;

/** What the rules of a cloud rest on. */
export interface CloudEvidence {
  /** By the path of the rule in the dialect. */
  readonly rules: Sources;
  /** The rules without a switch, each a sentence: they hold in every dialect, or the cloud leaves no choice. */
  readonly model: Sources;
}

/** All grades, the best known first. */
export const grades: readonly Grade[] = ['documented', 'observed', 'assumed'];
