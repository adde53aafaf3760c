import type { Result } from '../domain/shared/result.ts';
import type { PortFailure } from './failure.ts';

/** Objects by key. Writing the same key again replaces it. */
export interface Blobs {
  readonly put: (
    key: string,
    body: Uint8Array,
    contentType: string,
  ) => Promise<Result<void, PortFailure>>;
  readonly get: (key: string) => Promise<Result<Uint8Array, PortFailure>>;
}
