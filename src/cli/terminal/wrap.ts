import stringWidth from 'string-width';
import type { Terminal } from './terminal.ts';

/**
 * Wraps the lines of a text that are wider than the terminal. The lines that continue one have its indentation, and `hang` blanks
 * more. What a person copies, such as a command, must not be wrapped.
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
 * Cuts a text at blanks into lines of at most so many columns. It only breaks words that are wider than that, and it changes no
 * character: it must not normalise a name. A colour ends with a line, and goes on in the next.
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
    // Blanks at which a line was broken.
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

/** What turns a colour on or off. A control character in a name is escaped before it is drawn. */
const code = /(\p{Cc}\[\d+m)/u;
const segmenter = new Intl.Segmenter();

/** The characters of a word as a reader sees them, and its codes. */
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
