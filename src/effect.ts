import type { SecretStatus } from './state.ts';

/** One difference between a secret and what became of it. Times are epoch milliseconds. */
export type Effect =
  | { readonly type: 'versionCreated'; readonly versionId: string; readonly at: number; readonly fingerprint?: string }
  | { readonly type: 'versionPruned'; readonly versionId: string }
  | { readonly type: 'stageAdded'; readonly stage: string; readonly to: string; readonly at: number }
  | {
      readonly type: 'stageMoved';
      readonly stage: string;
      readonly from: string;
      readonly to: string;
      readonly at: number;
    }
  /** The stage stays where it is, and has the time of now. */
  | { readonly type: 'stageRefreshed'; readonly stage: string; readonly on: string; readonly at: number }
  | { readonly type: 'stageRemoved'; readonly stage: string; readonly from: string }
  /** No stage marks the version any more, or none did from the start. */
  | { readonly type: 'versionDeprecated'; readonly versionId: string }
  /** A stage marks a version that none did. */
  | { readonly type: 'versionRevived'; readonly versionId: string }
  | {
      readonly type: 'statusChanged';
      readonly from: SecretStatus;
      readonly to: SecretStatus;
      readonly scheduledDeleteTime: number | null;
    };
