import { err, ok } from '../../domain/shared/result.ts';
import type { Blobs } from '../../ports/blobs.ts';

/** Objects in memory, with what an observer may look at. */
export interface MemoryBlobs extends Blobs {
  readonly keys: () => readonly string[];
}

export function createMemoryBlobs(): MemoryBlobs {
  const objects = new Map<string, Uint8Array>();
  return {
    put(key, body) {
      objects.set(key, Uint8Array.from(body));
      return Promise.resolve(ok(undefined));
    },
    get(key) {
      const body = objects.get(key);
      return Promise.resolve(
        body === undefined
          ? err({ kind: 'not_found', message: `There is no object ${key}.` })
          : ok(Uint8Array.from(body)),
      );
    },
    keys: () => [...objects.keys()].toSorted(),
  };
}
