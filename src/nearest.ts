import { closestMatch } from 'leven';

/** What somebody who gave a name that is none may have meant; it ends a sentence. */
export function nearest(name: string, names: readonly string[]): string {
  const near = closestMatch(name, names, { maxDistance: Math.max(2, Math.ceil(name.length / 3)) });
  return near === undefined ? `there is ${names.join(', ') || 'none'}` : `did you mean ${near}?`;
}
