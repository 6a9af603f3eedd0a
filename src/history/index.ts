export type { Change } from './change.ts';
export { diff } from './diff.ts';
export {
  type History,
  type HistoryOutcome,
  momentsOf,
  record,
  redo,
  revisionOf,
  type StartHistory,
  since,
  startHistory,
  stateAt,
  tryRecord,
  undo,
} from './history.ts';
export type { JsonPatch, JsonPatchOperation } from './json-patch.ts';
export { onDraft } from './on-draft.ts';
export { type ParsedHistory, parseHistory } from './parse-history.ts';
export { applyPatch, type HistoryOptions } from './patches.ts';
