import stringWidth from 'string-width';
import type { Terminal } from './terminal.ts';

/**
 * Wraps the lines of a text that are wider than the terminal. Continuation lines keep the indentation, plus `hang` spaces. Do not wrap
 * text that people copy, such as commands.
 */
export function wrap(text: string, { width }: Pick<Terminal, 'width'>, hang = 0): string {
  if (width === undefined) return text;
  const wrapLine = (line: string): string => {
    if (stringWidth(line) <= width) return line;
    const margin = line.length - line.trimStart().length;
    const [first = '', ...others] = fold(line.trimStart(), width - margin - hang);
    const next = ' '.repeat(margin + hang);
    return [' '.repeat(margin) + first, ...others.map((other) => next + other)].join('\n');
  };
  return text.split('\n').map(wrapLine).join('\n');
}

/**
 * Splits a text at spaces into lines of at most `columns` columns. It breaks only words that are wider, and changes no character: names
 * must not be normalised. A colour ends with each line, and continues in the next.
 */
export function fold(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const breakLine = () => {
    lines.push(line.trimEnd());
    line = '';
    used = 0;
  };
  for (const word of text.split(' ')) {
    const width = stringWidth(word);
    if (used > 0 && used + 1 + width > columns) breakLine();
    // Spaces at which a line was broken.
    if (word === '' && used === 0) continue;
    if (used > 0) {
      line += ' ';
      used++;
    }
    for (const part of width > columns ? partsOf(word) : [word]) {
      const partWidth = stringWidth(part);
      if (used > 0 && used + partWidth > columns) breakLine();
      line += part;
      used += partWidth;
    }
  }
  if (line !== '' || lines.length === 0) breakLine();
  return eachColored(lines);
}

/** Codes that turn a colour on or off. Control characters in names are escaped earlier. */
const code = /(\p{Cc}\[\d+m)/u;
const segmenter = new Intl.Segmenter();

/** The visible characters of a word, and its colour codes. */
const partsOf = (word: string): readonly string[] =>
  word
    .split(code)
    .flatMap((part) => (code.test(part) ? [part] : [...segmenter.segment(part)].map(({ segment }) => segment)));

const eachColored = (lines: readonly string[]): readonly string[] => {
  let open = '';
  return lines.map((line) => {
    const begun = open + line;
    const last = begun.split(code).at(-2) ?? '';
    open = /\[(22|39)m/.test(last) ? '' : last;
    return open === '' ? begun : `${begun}\u001b[0m`;
  });
};
