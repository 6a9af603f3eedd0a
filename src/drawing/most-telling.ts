/** The `most` versions that matter most, oldest first: those with stages, then the newest of the others. */
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
