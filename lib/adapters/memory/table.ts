import { deflate } from '../../codec/table/payload.ts';
import type { PortFailure } from '../../ports/failure.ts';

/** DynamoDB's limit for one item, less what keys and names take. */
const maxItemBytes = 400 * 1024 - 1024;

/**
 * Rows as JSON text, so that nothing is shared with whoever wrote or reads them, and a whole table
 * can be taken and put back.
 */
export interface MemoryTable {
  readonly get: (key: string) => unknown;
  readonly has: (key: string) => boolean;
  readonly put: (key: string, value: unknown) => void;
  readonly remove: (key: string) => void;
  /** Values in order of their keys: those with the prefix, and before `end` where it is given. */
  readonly range: (prefix: string, end?: string) => readonly unknown[];
  readonly takeAll: () => readonly (readonly [string, string])[];
  readonly putBack: (rows: readonly (readonly [string, string])[]) => void;
}

export function createMemoryTable(): MemoryTable {
  const rows = new Map<string, string>();
  return {
    get(key) {
      const text = rows.get(key);
      return text === undefined ? null : (JSON.parse(text) as unknown);
    },
    has: (key) => rows.has(key),
    put: (key, value) => void rows.set(key, JSON.stringify(value)),
    remove: (key) => void rows.delete(key),
    range: (prefix, end) =>
      [...rows]
        .filter(([key]) => key.startsWith(prefix) && (end === undefined || key < end))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, text]): unknown => JSON.parse(text)),
    takeAll: () => [...rows],
    putBack(taken) {
      rows.clear();
      for (const [key, text] of taken) rows.set(key, text);
    },
  };
}

/** Whether DynamoDB would refuse this as one item, packed as the real adapter packs it. */
export function sizeFailure(what: string, value: unknown): PortFailure | null {
  const text = Buffer.from(JSON.stringify(value));
  if (text.byteLength <= maxItemBytes) return null;
  const packed = deflate(text).byteLength;
  if (packed <= maxItemBytes) return null;
  return {
    kind: 'too_large',
    message: `The ${what} takes ${packed} bytes packed, and an item holds ${maxItemBytes}.`,
  };
}
