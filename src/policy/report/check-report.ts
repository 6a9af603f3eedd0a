import type { BoardExcerpt } from '../../drawing/draw-secret.ts';
import type { Unchecked } from '../check.ts';
import type { Remark } from '../import/index.ts';
import type { PolicyRule } from '../rule.ts';
import type { Finding } from '../run-rules.ts';

/**
 * The result of {@link checkAll}, as plain JSON. Fields are only added as long as `version` stays the same. The package has its JSON
 * schema: `dist/check-report.schema.json`.
 */
export interface CheckReport {
  /** The address of the JSON schema. */
  readonly $schema: string;
  /** The version of this format. */
  readonly version: 1;
  /** The rules of the policy. */
  readonly rules: readonly ReportedRule[];
  /** Every secret, in the given order. */
  readonly secrets: readonly ReportedSecret[];
  /** What importers remarked about the input. */
  readonly remarks: readonly Remark[];
  /** The numbers of the report. */
  readonly summary: ReportSummary;
  /** What {@link withoutKnown} found in a baseline, if one was given. */
  readonly baseline?: {
    /** How many findings are in the baseline, and therefore omitted. */
    readonly known: number;
    /** How many findings of the baseline are gone. */
    readonly gone: number;
  };
}

/** A rule of a {@link CheckReport}. */
export type ReportedRule = Pick<PolicyRule, 'id' | 'title' | 'why' | 'advice' | 'severity' | 'thresholds'>;

/** A secret of a {@link CheckReport}. */
export interface ReportedSecret {
  /** Its name. */
  readonly name: string;
  /** Its project; null if unknown. */
  readonly project: string | null;
  /** The id of its dialect. */
  readonly dialect: string;
  /** The place of its versions in the input. */
  readonly source: string;
  /** The file of the input that it is in. */
  readonly file: string;
  /** The line of the file that it begins on, from 1. */
  readonly line: number;
  /** The time of the check, in epoch milliseconds. */
  readonly at: number;
  /** What is wrong. */
  readonly findings: readonly ReportedFinding[];
  /** What could not be checked. */
  readonly unchecked: readonly ReportedUnchecked[];
  /** What to know before you change it, in sentences. */
  readonly remarks: readonly string[];
  /** Its versions and stages. Only a secret with findings, unchecked rules or remarks has it. */
  readonly board?: BoardExcerpt;
}

/** A finding of a {@link CheckReport}. */
export interface ReportedFinding extends Finding {
  /**
   * Identifies the finding in other reports: its rule, cloud, project, secret, stage and version. It depends on neither the sentence, the
   * time nor the file.
   */
  readonly fingerprint: string;
  /**
   * The commands of the remedy, ready to paste into a shell: `aws …` or `curl …`, or lines of a transcript for other clouds. Empty
   * if it has a pruning, because only the service can do that.
   */
  readonly commands: readonly string[];
  /** The line of a transcript since which it holds, from 1. */
  readonly line?: number;
}

/** Something unknown, in a {@link CheckReport}. */
export interface ReportedUnchecked extends Unchecked {
  /** What is unknown, what is assumed, and which response to add. */
  readonly sentence: string;
}

/** The numbers of a {@link CheckReport}. */
export interface ReportSummary {
  /** How many secrets were checked. */
  readonly secrets: number;
  /** How many findings are errors. */
  readonly error: number;
  /** How many findings are warnings. */
  readonly warning: number;
  /** How many findings are notes. */
  readonly note: number;
  /** How many rules could not be checked: the sum over all secrets. */
  readonly unchecked: number;
  /** How many secrets are named in the input, but could not be checked. */
  readonly notChecked: number;
}
