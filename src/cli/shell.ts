/** A word of a command, quoted for a shell if necessary. zsh expands a word that begins with `=`. */
export function shellWord(word: string): string {
  return /^(?!=)[\w./:=@%+,-]+$/.test(word) ? word : shellQuoted(word);
}

/** A text in single quotes, as bash, zsh and fish read it. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
