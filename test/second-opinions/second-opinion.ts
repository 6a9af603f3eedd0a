import type { CreateSecret, Dialect, SecretAction, SecretStatus } from '../../src/index.ts';

/** A secret as any implementation of it can show itself. */
export interface Table {
  readonly name: string;
  readonly status: SecretStatus;
  readonly scheduledDeleteTime: number | null;
  /** In the order of creation. */
  readonly versions: readonly {
    readonly id: string;
    readonly createTime: number;
    readonly fingerprint: string | undefined;
    readonly hasValue: boolean;
  }[];
  /** Sorted by name. */
  readonly stages: readonly { readonly name: string; readonly versionId: string; readonly updateTime: number }[];
  readonly versionsMade: number;
  readonly nextVersionId: string;
  readonly latestVersion: string | undefined;
}

/**
 * An implementation of a secret that shares no line with `src`. `create` and `apply` return the code of a refusal, or null; a
 * refusal that knows from when there is room has that after its code, and that of a wrong dialect both dialects.
 */
export interface SecondOpinion {
  create(request: CreateSecret, dialect: Dialect): string | null;
  apply(action: SecretAction, dialect: Dialect): string | null;
  /** Does all actions, or none and returns the refusal after the index of its action. */
  applyAll(actions: readonly SecretAction[], dialect: Dialect): string | null;
  table(dialect: Dialect): Table;
}
