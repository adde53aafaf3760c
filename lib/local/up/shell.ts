/** A text as one word of a POSIX shell: quoted so that nothing in it means anything. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The same, but left alone where it needs no quotes, for lines that people read. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : quoted(text);
