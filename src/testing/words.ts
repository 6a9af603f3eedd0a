import { list } from '../sentences.ts';
import { quote } from '../text.ts';

/** A version in a sentence. */
export function versionText(id: string | null | undefined): string {
  return typeof id === 'string' ? `version ${quote(id)}` : 'no version';
}

/** Names in a sentence, up to 20 of them. */
export function listOf(names: readonly string[], none = 'none'): string {
  return names.length === 0 ? none : list(names, quote);
}
