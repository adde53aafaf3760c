/** One line of the report. */
export interface Line {
  readonly what: string;
  /** What was measured, in words. */
  readonly figures: string;
  /** What is compared with the target; null for a line that only informs. */
  readonly value: number | null;
  readonly target: Target | null;
}

/** The targets are those of docs/bench.md. */
export type Target =
  | { readonly kind: 'at most'; readonly bound: number }
  | { readonly kind: 'at least'; readonly bound: number }
  | { readonly kind: 'exactly'; readonly bound: number };

export const atMost = (bound: number): Target => ({ kind: 'at most', bound });
export const atLeast = (bound: number): Target => ({ kind: 'at least', bound });
export const exactly = (bound: number): Target => ({ kind: 'exactly', bound });

/** A line about a figure that is held against a target. */
export const held = (what: string, figures: string, [value, target]: [number, Target]): Line => ({
  what,
  figures,
  value,
  target,
});

/** A line without a target. */
export const told = (what: string, figures: string): Line => ({
  what,
  figures,
  value: null,
  target: null,
});

export const isMet = (value: number, { kind, bound }: Target): boolean => {
  switch (kind) {
    case 'at most':
      return value <= bound;
    case 'at least':
      return value >= bound;
    case 'exactly':
      return value === bound;
  }
};

/** The table, as Markdown that also reads well on a terminal. */
export function formatReport(lines: readonly Line[]): string {
  const rows = [
    ['what', 'measured', 'value', 'target', ''],
    ['---', '---', '---', '---', '---'],
    ...lines.map(({ what, figures, value, target }) => [
      what,
      figures,
      value === null ? '' : formatValue(value),
      target === null ? '' : `${target.kind} ${target.bound}`,
      value === null || target === null ? '' : isMet(value, target) ? 'met' : 'MISSED',
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const text = rows.map((row) => {
    const cells = row.map((cell, column) =>
      cell === '---' ? '-'.repeat(widths[column] ?? 3) : cell.padEnd(widths[column] ?? 0),
    );
    return `| ${cells.join(' | ')} |`;
  });
  return `${text.join('\n')}\n`;
}

/** Three figures that count, whatever the size. */
function formatValue(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
