/**
 * How a rule is known: documented by the cloud; observed in an example, an SDK, a provider or a recorded answer; or assumed,
 * because no source says.
 */
export type Grade = 'documented' | 'observed' | 'assumed';

/** How a rule is known. The source is the cloud's own page, or what an observation or an assumption rests on. */
export type Source = readonly [grade: Grade, source: string];

/** What the rules of a cloud rest on. */
export interface CloudEvidence {
  /** By the path of each rule in the dialect. */
  readonly rules: Readonly<Record<string, Source>>;
  /** The rules without a switch: they hold in every dialect, or the cloud leaves no choice. */
  readonly model: readonly (readonly [rule: string, ...Source])[];
}
