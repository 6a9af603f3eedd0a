/** What untrusted data says of a change. */
export interface Claim {
  readonly revision: number;
  readonly at: number;
  readonly action: { readonly type: string };
  readonly forwards: readonly unknown[];
  readonly backwards: readonly unknown[];
}

/** What the patches backwards of a change must be. */
export const toBefore = 'patches to the secret before the change';
