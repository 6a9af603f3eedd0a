import { printable } from '../../text.ts';

/** Text in HTML, SVG or XML, in which nothing is markup. What these cannot hold, such as control characters, becomes visible. */
export function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
