import { printable } from '../../text.ts';

/** Escapes text for HTML, SVG and XML. Characters that these do not allow, such as control characters, become visible. */
export function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
