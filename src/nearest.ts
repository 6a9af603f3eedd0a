import { closestMatch } from 'leven';

/** The end of a sentence about an unknown name: the most similar known name, or all known names. */
export function nearest(name: string, names: readonly string[]): string {
  const near = closestMatch(name, names, { maxDistance: Math.max(2, Math.ceil(name.length / 3)) });
  const begun = names.filter((one) => name !== '' && one.startsWith(name));
  const likely = near ?? (begun.length === 1 ? begun[0] : undefined);
  if (likely !== undefined) return `did you mean ${likely}?`;
  return names.length > 0 ? `use one of ${names.join(', ')}` : 'it has none';
}
