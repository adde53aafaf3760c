/** Controls, bidirectional overrides and invisible characters: they make text lie to its reader. */
const invisible =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;
const loneSurrogate = /\p{Surrogate}/gu;

/**
 * Text from outside made fit to be shown: one line, nothing invisible, at most so many code
 * points, an ellipsis where it was cut. It is still data: every renderer escapes it in its own way.
 */
export function plainText(text: string, maxCodePoints = 2000): string {
  const shown = text
    .replace(loneSurrogate, '\ufffd')
    .replace(invisible, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  if (shown.length <= maxCodePoints) return shown;
  const points = Array.from(shown);
  return points.length <= maxCodePoints ? shown : `${points.slice(0, maxCodePoints - 1).join('')}…`;
}
