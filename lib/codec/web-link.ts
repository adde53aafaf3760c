/** What parsers and renderers disagree about, and templates that nobody filled in. */
const forbidden = /[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}<>"\\`]|\$\{/u;

/**
 * The text itself when it is a whole http or https address that a person can be given to click;
 * undefined otherwise. Not for fetching. An address with a user name is none: it shows one host
 * and opens another. Nor is one with an unresolved `${...}` template.
 */
export function webLink(text: string, maxLength: number): string | undefined {
  const link = text.trim();
  if (link.length > maxLength || !/^https?:\/\//i.test(link) || forbidden.test(link)) {
    return undefined;
  }
  const url = URL.parse(link);
  return url === null || url.username !== '' || url.password !== '' ? undefined : link;
}
