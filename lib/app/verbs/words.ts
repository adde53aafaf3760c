/** The first word of a text, and what follows it; both empty for an empty text. */
export function firstWord(text: string): { readonly word: string; readonly rest: string } {
  const trimmed = text.trim();
  const end = trimmed.search(/\s/);
  return end < 0
    ? { word: trimmed, rest: '' }
    : { word: trimmed.slice(0, end), rest: trimmed.slice(end).trim() };
}

/** What a person typed, short enough to be said back. */
export function quoted(text: string): string {
  const points = Array.from(text.replace(/\s+/g, ' '));
  return `"${points.length > 40 ? `${points.slice(0, 39).join('')}…` : points.join('')}"`;
}

/** A list for a sentence: `a, b or c`. */
export function either(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}
