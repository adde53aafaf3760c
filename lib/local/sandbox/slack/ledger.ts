import { rmSync } from 'node:fs';
import { appendJsonLine, endTornLine, readTextIfPresent } from '../../shared/files.ts';
import { parseJsonLines } from '../../shared/json.ts';
import type { Fact } from './facts.ts';

/** An append-only record of facts. */
export interface Ledger {
  /** The fact is in the file when this returns. */
  readonly append: (fact: Fact) => void;
  readonly clear: () => void;
}

const memoryLedger: Ledger = { append: () => undefined, clear: () => undefined };

/**
 * Opens the JSON Lines file, mode 0600, and hands every fact in it to `replay`. A torn last line,
 * which nobody was answered for, is passed over.
 */
export function openLedger(path: string | undefined, replay: (fact: Fact) => void): Ledger {
  if (path === undefined) return memoryLedger;
  endTornLine(path);
  for (const line of parseJsonLines(readTextIfPresent(path) ?? '')) {
    // Only this module writes the file, and only facts.
    replay(line as unknown as Fact);
  }
  return {
    append: (fact) => appendJsonLine(path, fact),
    clear: () => rmSync(path, { force: true }),
  };
}
