/** The allowed word that somebody probably meant, or null when none is near. */
export function nearest(found: string, allowed: readonly string[]): string | null {
  const word = plain(found);
  const ranked = allowed
    .map((candidate) => ({ candidate, distance: editDistance(word, plain(candidate)) }))
    .filter(({ candidate, distance }) => distance <= tolerance(candidate))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate ?? null;
}

const longestWord = 64;

/** Case, hyphens and underscores are the commonest slips: `reopen_window` means `reopenWindow`. */
const plain = (word: string): string =>
  word
    .slice(0, longestWord)
    .toLowerCase()
    .replaceAll(/[-_\s]/g, '');

const tolerance = (candidate: string): number => (candidate.length <= 3 ? 1 : 2);

/** Letters to add, drop, change or swap with their neighbour, to get from one word to the other. */
function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, index) => index)];
  const cost = (row: number, column: number): number => rows[row]?.[column] ?? Infinity;
  for (let row = 1; row <= from.length; row += 1) {
    rows.push([row]);
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const change = cost(row - 1, column - 1) + (isSame ? 0 : 1);
      const swap = isSwap ? cost(row - 2, column - 2) + 1 : Infinity;
      const oneMore = Math.min(cost(row - 1, column), cost(row, column - 1)) + 1;
      rows[row]?.push(Math.min(change, swap, oneMore));
    }
  }
  return cost(from.length, to.length);
}
