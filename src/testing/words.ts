import { list } from '../sentences.ts';
import { asText, printable, quote } from '../text.ts';

/** The text of an error, cut and safe to print. A driver may throw anything. */
export function errorText(error: unknown): string {
  return printable(`${error instanceof Error ? error : asText(error)}`.slice(0, 500));
}

/** A version in a sentence. */
export function versionText(id: string | null | undefined): string {
  return typeof id === 'string' ? `version ${quote(id)}` : 'no version';
}

/** Names in a sentence, up to 20 of them. */
export function listOf(names: readonly string[], none = 'none'): string {
  return names.length === 0 ? none : list(names, quote);
}
