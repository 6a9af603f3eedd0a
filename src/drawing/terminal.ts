/** What text is drawn for: a terminal, a file or a page. */
export interface Terminal {
  readonly colors: Colors;
  /** The columns of a line. If undefined, as for a file or a pipe, lines are not wrapped. */
  readonly width: number | undefined;
}

/** The styles of a terminal. Each returns the text unchanged if there are no colours. */
export type Colors = Readonly<Record<keyof typeof codes, (text: string) => string>>;

/** The codes that turn a style on and off. Source: ECMA-48, SGR (documented). */
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

/** Returns the styles. Of two that are nested, the inner one must not end with the code of the outer one. */
export function colorsOf(areShown: boolean): Colors {
  const styled = (name: keyof typeof codes) => (text: string) =>
    areShown ? `\u001b[${codes[name][0]}m${text}\u001b[${codes[name][1]}m` : text;
  return {
    bold: styled('bold'),
    dim: styled('dim'),
    red: styled('red'),
    green: styled('green'),
    yellow: styled('yellow'),
    cyan: styled('cyan'),
  };
}

/** Draws something a few columns to the right. */
export function indented(columns: number, terminal: Terminal, draw: (inner: Terminal) => string): string {
  const { width } = terminal;
  const text = draw({ ...terminal, width: width === undefined ? undefined : width - columns });
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(columns));
}
