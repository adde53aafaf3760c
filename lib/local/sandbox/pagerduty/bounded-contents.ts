import type { JsonObject } from '../../shared/json.ts';

/** What the latest requests said, within a budget; the ledger's file has them all. */
export interface BoundedContents {
  readonly put: (sequence: number, content: JsonObject, bytes: number) => void;
  readonly get: (sequence: number) => JsonObject | undefined;
  readonly clear: () => void;
}

/** Lets the oldest go when all together were more than `maxBytes` on the wire. */
export function createBoundedContents(maxBytes: number): BoundedContents {
  const contents = new Map<number, { readonly content: JsonObject; readonly bytes: number }>();
  let total = 0;
  return {
    put: (sequence, content, bytes) => {
      contents.set(sequence, { content, bytes });
      total += bytes;
      for (const [oldest, held] of contents) {
        if (total <= maxBytes) return;
        contents.delete(oldest);
        total -= held.bytes;
      }
    },
    get: (sequence) => contents.get(sequence)?.content,
    clear: () => {
      contents.clear();
      total = 0;
    },
  };
}
