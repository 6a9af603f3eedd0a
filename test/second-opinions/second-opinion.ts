import type { CreateSecret, Dialect, SecretAction, SecretStatus } from '../../src/index.ts';

/** A secret as any implementation of it can show itself. */
export interface Table {
  readonly name: string;
  readonly status: SecretStatus;
  readonly scheduledDeleteTime: number | null;
  /** In the order of creation. */
  readonly versions: readonly { readonly id: string; readonly createTime: number }[];
  /** Sorted by name. */
  readonly stages: readonly { readonly name: string; readonly versionId: string; readonly updateTime: number }[];
  readonly nextVersionId: string;
}

/** An implementation of a secret that shares no line with `src`. Both methods answer the code of a refusal, or null. */
export interface SecondOpinion {
  create(request: CreateSecret, dialect: Dialect): string | null;
  apply(action: SecretAction): string | null;
  table(): Table;
}
