export { checkAll, checkSecret, type ReportRequest, reportOf, type SourcedSecret } from './check-all.ts';
export type {
  CheckReport,
  ReportedFinding,
  ReportedRule,
  ReportedSecret,
  ReportedUnchecked,
  ReportSummary,
} from './check-report.ts';
export { type JUnitOptions, toJUnit } from './to-junit.ts';
export { type SarifLog, toSarif } from './to-sarif.ts';
export { type TextOptions, toText } from './to-text.ts';
export { BaselineError, withoutKnown } from './without-known.ts';
