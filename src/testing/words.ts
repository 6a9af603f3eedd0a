import { quote } from '../text.ts';

/** A version in a sentence. */
export function versionText(id: string | null | undefined): string {
  return typeof id === 'string' ? `version ${quote(id)}` : 'no version';
}

/** Names in a sentence. */
export function listOf(names: readonly string[], none = 'none'): string {
  return names.map(quote).join(', ') || none;
}
