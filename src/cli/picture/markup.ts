import { escapeHtml } from '../../xml.ts';

/** A value in markup. Text is escaped, a number is rounded to two decimals, and the items of a list get a line each. */
export type Content = string | number | Markup | readonly Content[];

/** SVG or HTML that is safe to write: only {@link markup} makes it. */
class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

export type { Markup };

/**
 * Makes SVG or HTML from a template. Only what is literally in the template is markup; every value is {@link Content}. A value belongs
 * between tags or in an attribute with double quotes.
 */
export function markup(template: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(String.raw({ raw: template }, ...values.map(written)));
}

const written = (content: Content): string => {
  if (typeof content === 'string') return escapeHtml(content);
  if (typeof content === 'number') return `${Math.round(content * 100) / 100}`;
  if (content instanceof Markup) return `${content}`;
  return content
    .map(written)
    .filter((line) => line !== '')
    .join('\n');
};
