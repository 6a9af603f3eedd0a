import type { CallRefusal, Secret, Tag, TagFilter } from '../../api/csms/index.ts';

/** How many tags a secret can have. Source: CSMS API reference, CreateSecretTag (documented). Older pages say 10. */
const tagLimit = 20;

/**
 * Returns tags after a change, or why the change is refused. A key that has a tag gets its new value. Removed keys may be missing
 * (both assumed).
 */
export function changedTags(
  tags: readonly Tag[],
  added: readonly Tag[],
  removed: readonly string[],
): readonly Tag[] | CallRefusal {
  const next = new Map(tags.map((tag) => [tag.key, tag]));
  for (const key of removed) next.delete(key);
  for (const tag of added) next.set(tag.key, tag);
  return next.size > tagLimit
    ? { code: 'TAG_LIMIT', tags: next.size, limit: tagLimit }
    : Object.freeze([...next.values()]);
}

/** Returns tags without that of a key, or refuses a missing key (assumed, as in other services of the cloud). */
export function withoutTag(tags: readonly Tag[], key: string): readonly Tag[] | CallRefusal {
  const others = tags.filter((tag) => tag.key !== key);
  return others.length < tags.length ? Object.freeze(others) : { code: 'UNKNOWN_TAG', key };
}

/** Returns the keys of all tags with their values, both sorted (assumed). */
export function allTags(secrets: readonly Secret[]): readonly object[] {
  const values = new Map<string, Set<string>>();
  for (const { key, value } of secrets.flatMap(({ tags }) => tags)) {
    values.set(key, (values.get(key) ?? new Set()).add(value));
  }
  return [...values]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, of]) => ({ key, values: [...of].sort() }));
}

/**
 * Whether a filter selects a secret. Source: ListResourceInstances (documented: every key, one of its values; an empty name finds
 * nothing) and Terraform's provider (example: a key without values finds every value). Assumed: a name can be any part of the whole one.
 */
export function isSelected({ state, tags }: Secret, filter: TagFilter): boolean {
  return (
    filter.names.every((name) => name !== '' && state.name.includes(name)) &&
    filter.tags.every(({ key, values }) =>
      tags.some((tag) => tag.key === key && (values.length === 0 || values.includes(tag.value))),
    )
  );
}
