import { rmSync } from 'node:fs';
import { appendJsonLine, endTornLine, readTextIfPresent } from '../../shared/files.ts';
import { parseJsonLines } from '../../shared/json.ts';

/** An append-only record of what happened, a line each; in memory only without a path. */
export interface FactLog<Fact> {
  /** The fact is in the file when this returns. */
  readonly append: (fact: Fact) => void;
  readonly clear: () => void;
}

/** Opens the file, mode 0600, and hands every fact in it to `replay`. */
export function openFactLog<Fact extends object>(
  path: string | undefined,
  replay: (fact: Fact) => void,
): FactLog<Fact> {
  if (path === undefined) return { append: () => undefined, clear: () => undefined };
  endTornLine(path);
  for (const line of parseJsonLines(readTextIfPresent(path) ?? '')) {
    // Only this module writes the file, and only facts.
    replay(line as Fact);
  }
  return {
    append: (fact) => appendJsonLine(path, fact),
    clear: () => rmSync(path, { force: true }),
  };
}
