/** A text as one word of a POSIX shell: as it is where it has no character that a shell reads, else in single quotes. */
export const shellWord = (text: string): string =>
  /^[\w.,:@/=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
