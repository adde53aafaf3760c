/** Marks parts of a text; gives it back unchanged where there is no colour. */
export type Paint = Readonly<
  Record<'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan', (text: string) => string>
>;

/** Where a command writes. */
export interface Terminal {
  readonly write: (text: string) => void;
  readonly paint: Paint;
}

/** What decides about colour. */
export interface TerminalTraits {
  readonly isTTY: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
  cyan: [36, 39],
} as const satisfies Record<keyof Paint, readonly [number, number]>;

/** No colour at all: for pipes, files and tests. */
export const plainPaint: Paint = paintWith((text) => text);

/**
 * Colour on a terminal only, and never when NO_COLOR is set to anything (https://no-color.org) or
 * the terminal calls itself dumb.
 */
export function paintFor({ isTTY, env }: TerminalTraits): Paint {
  const isColoured = isTTY && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  if (!isColoured) return plainPaint;
  return paintWith((text, [on, off]) => `\u001b[${on}m${text}\u001b[${off}m`);
}

function paintWith(mark: (text: string, codes: readonly [number, number]) => string): Paint {
  return {
    bold: (text) => mark(text, CODES.bold),
    dim: (text) => mark(text, CODES.dim),
    red: (text) => mark(text, CODES.red),
    yellow: (text) => mark(text, CODES.yellow),
    green: (text) => mark(text, CODES.green),
    cyan: (text) => mark(text, CODES.cyan),
  };
}

/**
 * Text from outside, made harmless: a label may hold control characters that would steer the
 * terminal, or bidirectional marks that would reorder what is read. Tabs become spaces.
 */
export const printable = (text: string): string =>
  text.replaceAll('\t', ' ').replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
