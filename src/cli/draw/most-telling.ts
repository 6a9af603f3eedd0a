/** At most so many of some versions, in their order from the oldest: those that a stage marks first, and of others the newest. */
export function mostTelling<Version>(
  versions: readonly Version[],
  most: number,
  isMarked: (version: Version) => boolean,
): readonly Version[] {
  if (versions.length <= most) return versions;
  const marked = versions.filter(isMarked).slice(-most);
  const room = most - marked.length;
  const others = room > 0 ? versions.filter((version) => !isMarked(version)).slice(-room) : [];
  const kept = new Set([...marked, ...others]);
  return versions.filter((version) => kept.has(version));
}
